"""What screens read of cases: the rows of a case list, and everything the page of one case shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, SQL, fn

from easir_tui import text
from easir_tui.crm import tasks
from easir_tui.crm.lookups import path_of
from easir_tui.crm.tasks import TaskFilter, TaskRow
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data import search
from easir_tui.data.models import Account, Activity, Attachment, Case, Contact, Lead, User
from easir_tui.data.sqlite import reading
from easir_tui.errors import NotFound
from easir_tui.language import _
from easir_tui.relations import RelationsPath

LISTED = 500
"""Cases of one contact that a list holds at most."""

FOUND = 1000
"""Cases and contacts that a search through everybody's cases takes from the index."""

COUNTED = 5000
"""Activities of one case that are looked through for its milestones."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list; `value` in minor units, `milestone` its title, `opened_at` UTC epoch seconds."""

    id: int
    version: int
    contact_id: int
    contact_name: str
    title: str
    status: str
    outcome: str
    milestone: str
    path: str
    product: str
    value: int | None
    currency: str
    chance: int | None
    expected_close: str | None
    manager: str
    manager_initials: str
    opened_at: int
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class MilestoneDone:
    """A milestone of the case's path, how often an activity carried it, and when last."""

    key: str
    title: str
    times: int
    last_at: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class LeadDetails:
    """Where a case came from; there exactly when it came from a lead (V11)."""

    id: int
    source: str
    type: str
    interest: str
    product: str
    received_at: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case with what its page shows around it."""

    id: int
    version: int
    contact_id: int
    contact_name: str
    account_name: str
    title: str
    status: str
    outcome: str
    reason: str
    manager_id: int
    manager: str
    path: RelationsPath
    milestone: str
    product: str
    value: int | None
    currency: str
    chance: int | None
    expected_close: date | None
    opened_at: int
    closed_at: int | None
    milestones: tuple[MilestoneDone, ...]
    lead: LeadDetails | None
    planned: tuple[TaskRow, ...]
    activities: int
    attachments: int


def rows(
    me: Me,
    contact_id: int | None = None,
    status: str = "all",
    typed: str = "",
    start: int = 0,
    count: int = LISTED,
) -> list[CaseRow]:
    """Cases of a contact (of everybody when none is named), the open ones first and the newest on top.

    Args:
        status: `all`, `open`, `closed` or `rejected`.
        typed: words that a case must hold, each as the beginning of a word, folded like every search: among
            one contact's in title, product, milestone or manager, among all in title and product, or else in
            the name, company, number or city of the contact.
    """
    query = _select().where(Case.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
    if contact_id is not None:
        query = query.where(Case.contact_id == contact_id).order_by(
            Case.status != "open", Case.opened_at.desc(), Case.id.desc()
        )
    else:
        query = query.order_by(Case.opened_at.desc(), Case.id.desc())
    if status != "all":
        query = query.where(Case.status == status)
    words = text.query_words(typed)
    if words and contact_id is not None:
        hits = [hit for hit in map(_row, query.limit(LISTED)) if _matches(hit, words)]
        return hits[start : start + count]
    if words:
        query = query.where(
            Case.id.in_(search.owned_ids("search_case", typed, None, FOUND) or [])
            | Case.contact_id.in_(search.contact_ids(typed, FOUND))
        )
    return [_row(found) for found in query.offset(start).limit(count)]


def counts(me: Me, contact_id: int) -> dict[str, int]:
    """How many cases a contact has: of each status, and under `all`."""
    found = dict(
        Case.select(Case.status, fn.count(Case.id))
        .where(Case.contact_id == contact_id, Case.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
        .group_by(Case.status)
        .tuples()
    )
    numbers = {status: int(found.get(status, 0)) for status in ("open", "closed", "rejected")}
    return {"all": sum(numbers.values())} | numbers


def page(me: Me, case_id: int) -> CasePage:
    """Everything the page of a case shows but its history, in a constant number of statements.

    Raises:
        NotFound: no such case, or it is in the trash.
    """
    with reading():
        found = (
            _select()
            .select_extend(Case.reason, Case.manager_id, Case.milestone, Case.lead_id, Account.name, Contact.kind)
            .join(Account, on=(Contact.account_id == Account.id))
            .where(Case.id == case_id, Case.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
            .first()
        )
        if found is None:
            raise NotFound(_("There is no such case."))
        row = _row(found)
        reason, manager_id, milestone, lead_id, account_name, contact_kind = found[len(CaseRow.__slots__) :]
        path = path_of(row.path)
        done, activities = _done(case_id, path, milestone)
        return CasePage(
            id=row.id,
            version=row.version,
            contact_id=row.contact_id,
            contact_name=row.contact_name,
            account_name=account_name if contact_kind == "business" else "",
            title=row.title,
            status=row.status,
            outcome=row.outcome,
            reason=reason,
            manager_id=manager_id,
            manager=row.manager,
            path=path,
            milestone=milestone,
            product=row.product,
            value=row.value,
            currency=row.currency,
            chance=row.chance,
            expected_close=date.fromisoformat(row.expected_close) if row.expected_close else None,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            milestones=done,
            lead=_lead(me, lead_id),
            planned=tuple(tasks.rows(me, TaskFilter(case_id=case_id), 0, 50)),
            activities=activities,
            attachments=Attachment.select()
            .where(Attachment.case_id == case_id, Attachment.deleted_at.is_null())
            .count(),
        )


def _select() -> Any:
    return (
        Case.select(
            Case.id,
            Case.version,
            Case.contact_id,
            Contact.name,
            Case.title,
            Case.status,
            Case.outcome,
            Case.milestone,
            Case.path,
            Case.product,
            Case.value,
            Case.currency,
            Case.chance,
            Case.expected_close,
            User.full_name,
            User.initials,
            Case.opened_at,
            Case.closed_at,
        )
        .join(User, JOIN.LEFT_OUTER, on=(Case.manager_id == User.id))
        .switch(Case)
        .join(Contact, on=(Case.contact_id == Contact.id))
        .tuples()
    )


def _row(found: tuple[Any, ...]) -> CaseRow:
    row = CaseRow(*found[: len(CaseRow.__slots__)])
    reached = path_of(row.path).milestone(row.milestone)
    values = {name: getattr(row, name) for name in CaseRow.__slots__}
    values["milestone"] = reached.title if reached else row.milestone
    values["manager"] = row.manager or ""
    return CaseRow(**values)


def _matches(row: CaseRow, words: list[tuple[str, ...]]) -> bool:
    held = text.search_tokens(f"{row.title} {row.product} {row.milestone} {row.manager} {row.contact_name}")
    return all(any(token.startswith(form) for token in held for form in forms) for forms in words)


def _done(case_id: int, path: RelationsPath, current: str) -> tuple[tuple[MilestoneDone, ...], int]:
    """The path with what has been done, and how many activities the case holds."""
    times: dict[str, int] = {}
    last: dict[str, int] = {}
    activities = 0
    for row in (
        Activity.select(Activity.milestones, Activity.at)
        .where(Activity.case_id == case_id, Activity.deleted_at.is_null())
        .limit(COUNTED)
    ):
        activities += 1
        for key in row.milestones:
            times[key] = times.get(key, 0) + 1
            last[key] = max(last.get(key, 0), row.at)
    return tuple(
        MilestoneDone(step.key, step.title, times.get(step.key, 0), last.get(step.key), step.key == current)
        for step in path.milestones
    ), activities


def _lead(me: Me, lead_id: int | None) -> LeadDetails | None:
    if lead_id is None:
        return None
    found = (
        Lead.select(Lead.id, Lead.source, Lead.type, Lead.interest, Lead.product, Lead.received_at)
        .where(Lead.id == lead_id, SQL(seen_by(me, "t1.audience")))
        .tuples()
        .first()
    )
    return LeadDetails(*found) if found else None
