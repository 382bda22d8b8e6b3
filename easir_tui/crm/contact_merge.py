"""Making one of contacts that are the same person: plan, show field by field, one transaction, undone as one step.

Everything that hangs on those who go moves to the one who stays: cases, activities, tasks, files, e-mails, leads,
drafts, and both ledgers of consent (faults 1, 2 and 5). What is in the trash stays there with them. Nothing is sent
anywhere (faults 6). What moves is read from the schema, so that a new table cannot be forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from easir_tui import phones
from easir_tui.crm import consent
from easir_tui.crm.contact_facts import ContactFacts, show
from easir_tui.crm.users import Me
from easir_tui.data.derived import email_key
from easir_tui.data.journal import Step, step
from easir_tui.data.models import ENTITIES, PRIVATE_ACCOUNT, Contact
from easir_tui.data.references import references
from easir_tui.data.sqlite import rows, run, value
from easir_tui.errors import Refused
from easir_tui.language import N_, _, number

MOST = 5_000
"""Rows that move in one transaction; a merge of more would keep everybody else from saving for too long."""

MOST_CONTACTS = 20

FIELDS = (
    "first_name", "last_name", "title", "kind", "account_id", "job_title", "emails", "phones", "street", "postcode",
    "city", "country", "website", "birthday", "language", "responsible_id", "custom", "external_ids",
)  # fmt: skip
"""What a contact is, in the order it is shown when two are compared."""

TOGETHER = {"account_id": "kind", "postcode": "street", "city": "street", "country": "street"}
"""Fields that are chosen with another one: half of an address is of no use."""

JOINED = ("emails", "phones", "custom", "external_ids")
"""Fields of several values, of which everything is kept."""

COUNTED = ("sales_case", "activity", "task", "attachment", "mail", "consent", "lead")
"""Tables whose moving rows a person is told of."""


@dataclass(frozen=True)
class FieldPlan:
    """One field: what each contact says, in the order of the plan, and whose stands; None where all are joined."""

    name: str
    values: tuple[Any, ...]
    chosen: int | None


@dataclass(frozen=True)
class ConsentPlan:
    """What will hold for a channel, and whether that has to be said: the statements differ."""

    channel: str
    states: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do: the contacts, the one who stays first; their fields; what moves, by table; consents."""

    contacts: tuple[ContactFacts, ...]
    fields: tuple[FieldPlan, ...]
    moving: Mapping[str, int]
    consents: tuple[ConsentPlan, ...]

    @property
    def stays(self) -> ContactFacts:
        """The contact that remains."""
        return self.contacts[0]


def plan(me: Me, stays_id: int, goes: Sequence[int], chosen: Mapping[str, int] | None = None) -> MergePlan:
    """What merging contacts into the first would do; nothing is written.

    Args:
        chosen: field → the place, in the order `stays_id, *goes`, of the contact whose value is to stand.

    Raises:
        NotFound: one of them is gone, or not for these eyes.
        Refused: they are fewer than two, or too many rows would move.
    """
    ids = list(dict.fromkeys((stays_id, *goes)))
    if len(ids) < 2:
        raise Refused(_("That is the same contact."))
    if len(ids) > MOST_CONTACTS:
        raise Refused(_("More than {n} contacts cannot be merged at once.").format(n=MOST_CONTACTS))
    people = tuple(show(me, one) for one in ids)
    moving = {table: _count(table, ids[1:]) for table in COUNTED}
    if sum(moving.values()) > MOST:
        raise Refused(
            _("More than {count} things would move.").format(count=number(MOST)),
            _("Let the contact stay that has the most."),
        )
    stored = [_stored(one) for one in ids]
    fields = tuple(_field(name, stored, chosen or {}) for name in FIELDS)
    return MergePlan(people, fields, moving, tuple(_consents(ids)))


def merge(me: Me, stays_id: int, goes: Sequence[int], chosen: Mapping[str, int] | None = None) -> int:
    """Merge contacts into the first; the id of the event, which undo takes back as one.

    Raises:
        NotFound, Refused: as `plan`, which is made again in the transaction.
    """
    with step(me, N_("merged {others} into {name}"), contact_id=stays_id) as work:
        planned = plan(me, stays_id, goes, chosen)
        others = [one.id for one in planned.contacts[1:]]
        work.params = {"others": ", ".join(f"{one.name} ({one.id})" for one in planned.contacts[1:]),
                       "name": f"{planned.stays.name} ({stays_id})", "goes_on": 1}  # fmt: skip
        values = result(planned)
        for other in others:
            _move(work, stays_id, other, values["account_id"])
        for other in others:
            work.change(Contact, other, None, merged_into=stays_id)
            work.remove(Contact, other)
        work.change(Contact, stays_id, None, **values)
        _settle_consents(work, me, stays_id, planned)
        work.follow([stays_id])
        return work.event_id


def result(planned: MergePlan) -> dict[str, Any]:
    """The fields of the contact that stays, as they will be."""
    found: dict[str, Any] = {}
    for one in planned.fields:
        found[one.name] = _joined(one.name, one.values) if one.chosen is None else one.values[one.chosen]
    found["kind"] = "private" if found["account_id"] == PRIVATE_ACCOUNT else "business"
    return found


# The plan ------------------------------------------------------------------------------------------


def _stored(contact_id: int) -> dict[str, Any]:
    return dict(Contact.select().where(Contact.id == contact_id).dicts().get())


def _field(name: str, stored: Sequence[Mapping[str, Any]], chosen: Mapping[str, int]) -> FieldPlan:
    column = {"account_id": "account", "responsible_id": "responsible"}.get(name, name)
    values = tuple(one.get(column, one.get(name)) for one in stored)
    if name in JOINED:
        return FieldPlan(name, values, None)
    group = TOGETHER.get(name, name)
    if group in chosen:
        return FieldPlan(name, values, chosen[group])
    if group == "kind":  # a company tells more than none
        return FieldPlan(name, values, next((n for n, one in enumerate(stored) if one["kind"] == "business"), 0))
    if group == "street":
        known = (n for n, one in enumerate(stored) if one["street"] or one["city"])
        return FieldPlan(name, values, next(known, 0))
    return FieldPlan(name, values, next((n for n, held in enumerate(values) if held), 0))


def _joined(name: str, values: Sequence[Any]) -> Any:
    """Everything of all, once; of two values for one name that of the one who stays."""
    if name in ("custom", "external_ids"):
        together: dict[str, str] = {}
        for held in reversed(values):
            together |= held or {}
        return together
    found: dict[str, Any] = {}
    for held in values:
        for item in held or ():
            number_ = item.get("number") or item.get("raw") or ""
            key = email_key(item["address"]) if name == "emails" else phones.key(number_) or number_
            found.setdefault(key, item)
    return list(found.values())


def _count(table: str, ids: Sequence[int]) -> int:
    marks = ", ".join("?" * len(ids))
    return int(value(f"SELECT count(*) FROM {table} WHERE contact_id IN ({marks}) AND deleted_at IS NULL", *ids))


def _consents(ids: Sequence[int]) -> list[ConsentPlan]:
    """The latest dated statement of a channel counts; two of one moment that differ mean refused (faults 5)."""
    marks = ", ".join("?" * len(ids))
    said = rows(
        f"SELECT contact_id, channel, state, at FROM consent WHERE contact_id IN ({marks}) AND deleted_at IS NULL "
        "ORDER BY at, id", *ids,
    )  # fmt: skip
    plans = []
    for channel in consent.CHANNELS:
        own = [(contact, state, at) for contact, held, state, at in said if held == channel]
        each = tuple(next((state for who, state, _at in reversed(own) if who == one), "not_asked") for one in ids)
        result_ = "not_asked"
        if own:
            last = max(at for _who, _state, at in own)
            latest = {who: state for who, state, at in own if at == last}
            result_ = next(iter(set(latest.values()))) if len(set(latest.values())) == 1 else "refused"
        plans.append(ConsentPlan(channel, each, result_))
    return plans


# Moving --------------------------------------------------------------------------------------------


def _move(work: Step, stays_id: int, goes_id: int, account_id: int) -> None:
    """Everything that points at one contact points at the other from now on."""
    for one in references("contact"):
        if one.table in ("contact", "contact_key", "event", "change"):
            continue  # the keys are written anew; what happened is found by the one it happened to
        if one.table == "seen":
            run(
                "INSERT INTO seen (user_id, contact_id, at) SELECT user_id, ?, at FROM seen WHERE contact_id = ? "
                "ON CONFLICT DO UPDATE SET at = max(at, excluded.at)", stays_id, goes_id,
            )  # fmt: skip
            run("DELETE FROM seen WHERE contact_id = ?", goes_id)
        elif one.table == "draft":
            _move_drafts(stays_id, goes_id)
        elif one.table == "consent":
            consent.move_in(work, stays_id, goes_id)
        elif one.table == "not_same":
            _forget_pairs(work, goes_id)
        elif one.table == "mail":
            _move_mail(work, stays_id, goes_id)
        elif one.table in ENTITIES:
            _move_rows(work, one.table, one.column, stays_id, goes_id, account_id)
        else:
            run(f"UPDATE {one.table} SET {one.column} = ? WHERE {one.column} = ?", stays_id, goes_id)


def _move_rows(work: Step, table: str, column: str, stays_id: int, goes_id: int, account_id: int) -> None:
    model = ENTITIES[table]
    has_account = "account_id" in {field.column_name for field in model._meta.sorted_fields}
    fields = {column: stays_id} | ({"account_id": account_id} if has_account and table != "lead" else {})
    for (row_id,) in rows(f"SELECT id FROM {table} WHERE {column} = ? AND deleted_at IS NULL ORDER BY id", goes_id):
        work.change(model, row_id, None, **fields)


def _move_mail(work: Step, stays_id: int, goes_id: int) -> None:
    """A message that both have stays once; the other's goes into the trash with its activity."""
    for mail_id, activity_id, twice in rows(
        "SELECT m.id, m.activity_id, EXISTS (SELECT 1 FROM mail o WHERE o.message_id = m.message_id "
        "AND o.contact_id = ?) FROM mail m WHERE m.contact_id = ? AND m.deleted_at IS NULL ORDER BY m.id",
        stays_id, goes_id,
    ):  # fmt: skip
        if not twice:
            work.change(ENTITIES["mail"], mail_id, None, contact_id=stays_id)
        elif value("SELECT 1 FROM activity WHERE id = ? AND deleted_at IS NULL", activity_id):
            work.remove(ENTITIES["activity"], activity_id)
            for (file_id,) in rows(
                "SELECT id FROM attachment WHERE activity_id = ? AND deleted_at IS NULL", activity_id
            ):
                work.remove(ENTITIES["attachment"], file_id)


def _forget_pairs(work: Step, goes_id: int) -> None:
    """That the one who goes was not somebody says nothing of the one who stays."""
    for (row_id,) in rows("SELECT id FROM not_same WHERE deleted_at IS NULL AND ? IN (contact_id, other_id)", goes_id):
        work.remove(ENTITIES["not_same"], row_id)


def _move_drafts(stays_id: int, goes_id: int) -> None:
    """What was begun with the one who goes goes on with the one who stays; two of one kind are both kept."""
    for draft_id, user_id, key, body in rows("SELECT id, user_id, key, body FROM draft WHERE contact_id = ?", goes_id):
        held = json.loads(body)
        if isinstance(held.get("arguments"), dict) and held["arguments"].get("contact_id") == goes_id:
            held["arguments"]["contact_id"] = stays_id
        parts = [str(stays_id) if part == str(goes_id) else part for part in key.split(":")]
        wanted = ":".join(parts)
        if value("SELECT 1 FROM draft WHERE user_id = ? AND key = ? AND id <> ?", user_id, wanted, draft_id):
            wanted = key
        run("UPDATE draft SET contact_id = ?, key = ?, body = ? WHERE id = ?",
            stays_id, wanted, json.dumps(held, ensure_ascii=False), draft_id)  # fmt: skip


def _settle_consents(work: Step, me: Me, stays_id: int, planned: MergePlan) -> None:
    """Both ledgers are kept; where their newest line is not what holds, a line is added that says what does."""
    names = ", ".join(str(one.id) for one in planned.contacts[1:])
    for one in planned.consents:
        held = next(state for state in consent.of(me, stays_id) if state.channel == one.channel)
        if held.state != one.result:
            consent.state_in(work, me, stays_id, one.channel, one.result, _("merged with {ids}").format(ids=names))
