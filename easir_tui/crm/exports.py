"""What one may see, written out for other programs: as CSV, JSON, vCard or a workbook.

An export is of an explicit set, the ids a list shows or a filter finds, in that order; what somebody may not see is not
in it, whatever is asked for. Rows are read some hundred at a time, so that a million need no more memory than a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from easir_tui import clock, relations
from easir_tui.crm import account_list, case_list, contact_list, task_list
from easir_tui.crm.activities import CALL_OUTCOMES, KINDS
from easir_tui.crm.consent_states import CHANNELS
from easir_tui.crm.task_list import TaskFilter
from easir_tui.crm.tasks import TYPES
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, on_contact, seen_by
from easir_tui.data.sqlite import rows
from easir_tui.errors import Invalid
from easir_tui.language import N_, _, active

AT_ONCE = 400
"""Rows that are read at a time."""

FORMATS: dict[str, tuple[str, ...]] = {
    "contacts": ("csv", "json", "vcard", "xlsx"), "accounts": ("csv", "json", "xlsx"), "cases": ("csv", "json", "xlsx"),
    "tasks": ("csv", "json", "xlsx"), "activities": ("csv", "json", "xlsx"),
}  # fmt: skip
"""What can be exported → the formats there are for it."""

ENDINGS = {"csv": ".csv", "json": ".json", "vcard": ".vcf", "xlsx": ".xlsx"}

Value = str | int | float | date | datetime | None


@dataclass(frozen=True)
class _Kind:
    """How one kind is read: a statement with room for ids, and its columns as title and how a value is made."""

    sql: Callable[[Me], str]
    columns: Mapping[str, tuple[str, Callable[[Any, ZoneInfo], Value]]]


def ids_of(me: Me, kind: str, typed: str = "") -> Sequence[int]:
    """The ids that a filter finds, all where it is empty, in the order of the list.

    Raises:
        Invalid: there is no such kind, or the filter cannot be read.
    """
    match kind:
        case "contacts":
            return contact_list.find(me, typed, limit=10**9).ids if typed else contact_list.all_ids(me)
        case "accounts":
            which = account_list.parse(me, typed)
            return account_list.find(me, which, limit=10**9).ids if which.words else account_list.all_ids(me, which)
        case "cases":
            return case_list.ids(me, typed)
        case "tasks":
            return task_list.ids(me, TaskFilter(view="all"), 10**9)
        case "activities":
            return [one for (one,) in rows(
                f"SELECT a.id FROM activity a WHERE a.deleted_at IS NULL AND {of_parts(me, 'a')} ORDER BY a.at, a.id"
            )]  # fmt: skip
    raise Invalid("kind", _("There is nothing called “{name}” to export.").format(name=kind))


def write(me: Me, kind: str, ids: Sequence[int], form: str, sink: BinaryIO) -> int:
    """Write these records in a format; how many that were.

    Raises:
        Invalid: there is no such kind or format.
    """
    if form not in FORMATS.get(kind, ()):
        raise Invalid("format", _("{kind} cannot be written as {format}.").format(kind=kind, format=form))
    written = 0

    def counted(many: Iterable[Any]) -> Iterator[Any]:
        nonlocal written
        for one in many:
            written += 1
            yield one

    if form == "vcard":
        from easir_tui.crm import export_cards

        for card in counted(export_cards.cards(me, ids)):
            sink.write(card.encode("utf-8"))
        return written
    found = counted(records(me, kind, ids))
    titles = [_(title) for title, _make in _KINDS[kind].columns.values()]
    if form == "json":
        _write_json(found, sink)
    elif form == "csv":
        from easir_tui.channels import csv_out

        table: Iterator[Sequence[Any]] = ([_plain(held) for held in one.values()] for one in found)
        for line in csv_out.lines(_with_titles(titles, table), decimal_comma=active() == "da"):
            sink.write(line)
    else:
        from easir_tui.channels import xlsx_out

        xlsx_out.write(sink, _(_TITLES[kind]), titles, (list(one.values()) for one in found))
    return written


def records(me: Me, kind: str, ids: Sequence[int]) -> Iterator[dict[str, Value]]:
    """The records of these ids in their order, column by column; those one may not see are left out."""
    held, zone = _KINDS[kind], clock.zone(me.zone)
    sql = held.sql(me)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = {one[0]: one for one in rows(sql.format(ids=", ".join("?" * len(some))), *some)}
        for one in some:
            if one in found:
                values = zip(held.columns.items(), found[one], strict=True)
                yield {name: make(raw, zone) for (name, (_title, make)), raw in values}


def _with_titles(titles: Sequence[str], table: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield titles
    yield from table


def _write_json(found: Iterator[dict[str, Value]], sink: BinaryIO) -> None:
    first = True
    for one in found:
        plain = {name: held.isoformat() if isinstance(held, date) else held for name, held in one.items()}
        sink.write((b"[\n" if first else b",\n") + json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace"))
        first = False
    sink.write(b"[]\n" if first else b"\n]\n")


def _plain(held: Value) -> str | int | float | None:
    if isinstance(held, datetime):
        return held.strftime("%Y-%m-%d %H:%M")
    return held.isoformat() if isinstance(held, date) else held


# How values are made -------------------------------------------------------------------------------


def _same(held: Any, _zone: ZoneInfo) -> Value:
    return held if held is None or isinstance(held, int | float) else str(held)


def _moment(held: Any, zone: ZoneInfo) -> Value:
    return clock.local(held, zone).replace(tzinfo=None) if held is not None else None


def _day(held: Any, _zone: ZoneInfo) -> Value:
    return date.fromisoformat(held) if held else None


def _money(held: Any, _zone: ZoneInfo) -> Value:
    return held / 100 if held is not None else None


def _addresses(held: Any, _zone: ZoneInfo) -> Value:
    return "; ".join(one["address"] for one in json.loads(held))


def _numbers(held: Any, _zone: ZoneInfo) -> Value:
    return "; ".join(one.get("number") or one.get("raw") or "" for one in json.loads(held))


def _pairs(held: Any, _zone: ZoneInfo) -> Value:
    return "; ".join(f"{name}: {said}" for name, said in json.loads(held).items())


def _word(words: Mapping[str, str]) -> Callable[[Any, ZoneInfo], Value]:
    return lambda held, _zone: _(words[held]) if held in words else str(held or "")


def _path(held: Any, _zone: ZoneInfo) -> Value:
    found = relations.paths().get(held)
    return found.title if found else str(held)


def _milestone(held: Any, _zone: ZoneInfo) -> Value:
    path, _dot, key = str(held).partition("\x1f")
    found = relations.paths().get(path)
    step = found.milestone(key) if found and key else None
    return step.title if step else key


_CONSENTS = ", ".join(
    "coalesce((SELECT s.state FROM consent s WHERE s.contact_id = c.id AND s.deleted_at IS NULL "
    f"AND s.channel = '{channel}' ORDER BY s.id DESC LIMIT 1), 'not_asked')"
    for channel in CHANNELS
)
_STATES = {"given": N_("given"), "refused": N_("refused"), "not_asked": N_("not asked")}
_STATUSES = {"lead": N_("lead"), "opportunity": N_("opportunity"), "customer": N_("customer")}
_CASE_STATUSES = {"open": N_("open"), "closed": N_("closed"), "rejected": N_("rejected")}
_OUTCOMES = {"won": N_("won"), "lost": N_("lost")}
_DIRECTIONS = {"in": N_("in"), "out": N_("out")}
_TASK_STATUSES = {"open": N_("open"), "completed": N_("Completed")}

_TITLES = {
    "contacts": N_("Contacts"), "accounts": N_("Accounts"), "cases": N_("Cases"), "tasks": N_("Tasks"),
    "activities": N_("Activities"),
}  # fmt: skip

_KINDS: dict[str, _Kind] = {
    "contacts": _Kind(
        lambda me: (
            "SELECT c.id, c.kind, c.first_name, c.last_name, c.title, c.job_title, "
            "CASE c.kind WHEN 'business' THEN a.name ELSE '' END, CASE c.kind WHEN 'business' THEN a.cvr ELSE '' END, "
            "c.emails, c.phones, c.street, c.postcode, c.city, c.country, c.website, c.birthday, c.language, "
            f"u.full_name, c.status, {_CONSENTS}, c.next_step_at, c.last_contact_at, c.custom, c.external_ids, "
            "c.created_at, c.updated_at FROM contact c JOIN account a ON a.id = c.account_id "
            "JOIN app_user u ON u.id = c.responsible_id "
            f"WHERE c.id IN ({{ids}}) AND c.deleted_at IS NULL AND {seen_by(me, 'c.audience')}"
        ),
        {
            "id": (N_("No."), _same), "kind": (N_("Kind"), _same), "first_name": (N_("First name"), _same),
            "last_name": (N_("Last name"), _same), "title": (N_("Title"), _same), "job_title": (N_("Job title"), _same),
            "company": (N_("Company"), _same), "cvr": (N_("CVR number"), _same), "emails": (N_("E-mails"), _addresses),
            "phones": (N_("Phones"), _numbers), "street": (N_("Street"), _same), "postcode": (N_("Postcode"), _same),
            "city": (N_("City"), _same), "country": (N_("Country"), _same), "website": (N_("Website"), _same),
            "birthday": (N_("Birthday"), _same), "language": (N_("Language"), _same),
            "responsible": (N_("Responsible user"), _same), "status": (N_("Status"), _word(_STATUSES)),
            "consent_phone": (N_("Consent: phone"), _word(_STATES)),
            "consent_email": (N_("Consent: e-mail"), _word(_STATES)),
            "consent_letter": (N_("Consent: letter"), _word(_STATES)),
            "consent_sms": (N_("Consent: SMS"), _word(_STATES)),
            "next_step_at": (N_("Next step"), _moment), "last_contact_at": (N_("Last contact"), _moment),
            "custom": (N_("Further facts"), _pairs), "external_ids": (N_("Other systems"), _pairs),
            "created_at": (N_("Created"), _moment), "updated_at": (N_("Changed"), _moment),
        },
    ),
    "accounts": _Kind(
        lambda me: (
            "SELECT a.id, a.name, a.cvr, a.phone, a.email, a.website, a.street, a.postcode, a.city, a.country, "
            "coalesce(u.full_name, ''), (SELECT count(*) FROM contact c WHERE c.account_id = a.id "
            f"AND c.deleted_at IS NULL AND {seen_by(me, 'c.audience')}), a.external_ids, a.created_at, a.updated_at "
            "FROM account a LEFT JOIN app_user u ON u.id = a.responsible_id "
            "WHERE a.id IN ({ids}) AND a.deleted_at IS NULL"
        ),
        {
            "id": (N_("No."), _same), "name": (N_("Name"), _same), "cvr": (N_("CVR number"), _same),
            "phone": (N_("Phone"), _same), "email": (N_("E-mail"), _same), "website": (N_("Website"), _same),
            "street": (N_("Street"), _same), "postcode": (N_("Postcode"), _same), "city": (N_("City"), _same),
            "country": (N_("Country"), _same), "responsible": (N_("Responsible user"), _same),
            "contacts": (N_("Contacts"), _same), "external_ids": (N_("Other systems"), _pairs),
            "created_at": (N_("Created"), _moment), "updated_at": (N_("Changed"), _moment),
        },
    ),
    "cases": _Kind(
        lambda me: (
            "SELECT s.id, s.title, c.name, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, s.status, s.outcome, "
            "s.reason, s.path, s.path || char(31) || s.milestone, s.product, s.value, s.currency, s.chance, "
            "s.expected_close, u.full_name, s.opened_at, s.closed_at, s.contact_id FROM sales_case s "
            "JOIN contact c ON c.id = s.contact_id JOIN account a ON a.id = s.account_id "
            "JOIN app_user u ON u.id = s.manager_id WHERE s.id IN ({ids}) AND s.deleted_at IS NULL "
            f"AND {seen_by(me, 's.audience')} AND {on_contact(me, 's.contact_id')}"
        ),
        {
            "id": (N_("No."), _same), "title": (N_("Title"), _same), "contact": (N_("Contact"), _same),
            "company": (N_("Company"), _same), "status": (N_("Status"), _word(_CASE_STATUSES)),
            "outcome": (N_("Outcome"), _word(_OUTCOMES)), "reason": (N_("Reason"), _same),
            "path": (N_("Relations path"), _path), "milestone": (N_("Milestone"), _milestone),
            "product": (N_("Product"), _same), "value": (N_("Value"), _money), "currency": (N_("Currency"), _same),
            "chance": (N_("Chance"), _same), "expected_close": (N_("Expected close"), _day),
            "manager": (N_("Case manager"), _same), "opened_at": (N_("Opened"), _moment),
            "closed_at": (N_("Closed"), _moment), "contact_id": (N_("Contact no."), _same),
        },
    ),
    "tasks": _Kind(
        lambda me: (
            "SELECT t.id, t.type, t.starts_at, t.day, t.ends_at, t.note, t.status, c.name, "
            "CASE c.kind WHEN 'business' THEN a.name ELSE '' END, coalesce(s.title, ''), u.full_name, t.completed_at, "
            "t.contact_id, t.case_id FROM task t JOIN contact c ON c.id = t.contact_id "
            "JOIN account a ON a.id = t.account_id JOIN app_user u ON u.id = t.assignee_id "
            "LEFT JOIN sales_case s ON s.id = t.case_id WHERE t.id IN ({ids}) AND t.deleted_at IS NULL "
            f"AND {of_parts(me, 't')}"
        ),
        {
            "id": (N_("No."), _same), "type": (N_("Type"), _word(TYPES)), "starts_at": (N_("Starts"), _moment),
            "day": (N_("Day"), _day), "ends_at": (N_("Ends"), _moment), "note": (N_("To do"), _same),
            "status": (N_("Status"), _word(_TASK_STATUSES)), "contact": (N_("Contact"), _same),
            "company": (N_("Company"), _same), "case": (N_("Case"), _same), "assignee": (N_("Assignee"), _same),
            "completed_at": (N_("Completed"), _moment), "contact_id": (N_("Contact no."), _same),
            "case_id": (N_("Case no."), _same),
        },
    ),
    "activities": _Kind(
        lambda me: (
            "SELECT a.id, a.at, a.kind, a.direction, c.name, CASE c.kind WHEN 'business' THEN p.name ELSE '' END, "
            "coalesce(s.title, ''), u.full_name, a.minutes, a.outcome, a.subject, a.note, a.body, a.place, a.number, "
            "a.contact_id, a.case_id FROM activity a JOIN contact c ON c.id = a.contact_id "
            "JOIN account p ON p.id = a.account_id JOIN app_user u ON u.id = a.user_id "
            "LEFT JOIN sales_case s ON s.id = a.case_id WHERE a.id IN ({ids}) AND a.deleted_at IS NULL "
            f"AND {of_parts(me, 'a')}"
        ),
        {
            "id": (N_("No."), _same), "at": (N_("When"), _moment), "kind": (N_("Kind"), _word(KINDS)),
            "direction": (N_("Direction"), _word(_DIRECTIONS)), "contact": (N_("Contact"), _same),
            "company": (N_("Company"), _same), "case": (N_("Case"), _same), "who": (N_("Who"), _same),
            "minutes": (N_("Minutes"), _same), "outcome": (N_("Outcome"), _word(CALL_OUTCOMES)),
            "subject": (N_("Subject"), _same), "note": (N_("Note"), _same), "body": (N_("Text"), _same),
            "place": (N_("Where"), _same), "number": (N_("Number"), _same), "contact_id": (N_("Contact no."), _same),
            "case_id": (N_("Case no."), _same),
        },
    ),
}  # fmt: skip
