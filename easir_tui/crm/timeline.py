"""What is planned with a contact and what has happened, whatever case it belongs to (V18).

History is two sorted sources read side by side: the activities somebody did, and the events of the journal
that are shown (a consent recorded, a case moved). Both are walked by keyset along their own index, so that the
hundredth page costs what the first one does and a contact with fifty thousand activities opens like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from peewee import JOIN, SQL, fn

from easir_tui.crm.undo import meaning
from easir_tui.crm.users import Me
from easir_tui.data.models import Activity, Attachment, Case, Event, Task, User

PAGE_SIZE = 50
"""Rows of history read at a time."""

PLANNED_LIMIT = 50
"""Planned steps shown on top; more than that is a list for the task screen."""

SHOWN_TEXT = 240
"""Characters of a note that a row of the timeline may need; the rest is read when the row is opened."""

KINDS = ("note", "meeting", "email", "call", "letter")
"""The five kinds of activity, in the order of the action bar."""

CHANGES = "change"
"""The source that stands for everything the journal says: consents, moves, changed fields."""


class Key(NamedTuple):
    """Where a page of history ended: the last row's instant, its rank (activity before event) and its id."""

    at: int
    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the timeline is wanted."""

    since: int | None = None
    """Earliest instant, UTC epoch seconds; None is the beginning."""
    until: int | None = None
    """First instant that is too late; None is no end."""
    source: str = "all"
    """`all`, one of `KINDS`, or `CHANGES`."""
    case: int | Literal["all", "none"] = "all"
    """A case id, `none` for what belongs to no case, or `all`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step that is still to come."""

    id: int
    version: int
    type: str
    starts_at: int | None
    ends_at: int | None
    day: str | None
    note: str
    case_id: int | None
    case_title: str
    assignee_id: int
    assignee: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of history: an activity, or an event of the journal."""

    source: Literal["activity", "event"]
    id: int
    at: int
    kind: str
    direction: str
    minutes: int | None
    outcome: str
    state: str
    subject: str
    note: str
    text: str
    """What an event was, in the user's language; empty for an activity."""
    consents: tuple[tuple[str, str, str, str], ...]
    """Of an event that recorded consent: channel, state before, state after, how it was obtained."""
    case_id: int | None
    case_title: str
    user_id: int | None
    who: str
    files: int = 0
    undone: bool = False

    @property
    def key(self) -> Key:
        """Its place in history."""
        return Key(self.at, 1 if self.source == "activity" else 0, self.id)


@dataclass(frozen=True, slots=True)
class History:
    """A page of what happened, newest first."""

    rows: tuple[Happened, ...]
    next: Key | None
    """Where the next page begins, None at the end."""


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """A case to narrow the timeline by."""

    id: int
    title: str
    status: str


def planned(me: Me, contact_id: int, wanted: Filter | None = None) -> tuple[Planned, ...]:
    """The open tasks of a contact, the most urgent first; at most `PLANNED_LIMIT`."""
    wanted = wanted or Filter()
    if wanted.source == CHANGES:
        return ()
    query = (
        Task.select(
            Task.id,
            Task.version,
            Task.type,
            Task.starts_at,
            Task.ends_at,
            Task.day,
            fn.substr(Task.note, 1, SHOWN_TEXT),
            Task.case_id,
            fn.coalesce(Case.title, ""),
            Task.assignee_id,
            fn.coalesce(User.full_name, ""),
        )
        .join(Case, JOIN.LEFT_OUTER, on=(Task.case_id == Case.id))
        .switch(Task)
        .join(User, JOIN.LEFT_OUTER, on=(Task.assignee_id == User.id))
        .where(Task.contact_id == contact_id, Task.status == SQL("'open'"), Task.deleted_at.is_null())
        .order_by(Task.sort_at, Task.id)
        .limit(PLANNED_LIMIT)
    )
    if wanted.source != "all":
        query = query.where(Task.type == ("remind" if wanted.source == "note" else wanted.source))
    query = _of_case(query, Task.case_id, wanted)
    return tuple(Planned(*row) for row in query.tuples())


def history(
    me: Me, contact_id: int, wanted: Filter | None = None, after: Key | None = None, size: int = PAGE_SIZE
) -> History:
    """A page of what happened with a contact, newest first (V18).

    Args:
        wanted: narrows by period, source and case.
        after: the `next` of the page before.
        size: rows wanted.
    """
    wanted = wanted or Filter()
    found: list[Happened] = []
    if wanted.source != CHANGES:
        found += _activities(contact_id, wanted, after, size + 1)
    if wanted.source in ("all", CHANGES):
        found += _events(contact_id, wanted, after, size + 1)
    found.sort(key=lambda row: row.key, reverse=True)
    rows = _with_files(found[:size])
    return History(tuple(rows), rows[-1].key if len(found) > size else None)


def cases_of(me: Me, contact_id: int, limit: int = 100) -> tuple[CaseChoice, ...]:
    """The cases of a contact to narrow by, open ones first and the newest on top."""
    rows = (
        Case.select(Case.id, Case.title, Case.status)
        .where(Case.contact_id == contact_id, Case.deleted_at.is_null())
        .order_by((Case.status != "open"), Case.opened_at.desc(), Case.id.desc())
        .limit(limit)
        .tuples()
    )
    return tuple(CaseChoice(*row) for row in rows)


def _activities(contact_id: int, wanted: Filter, after: Key | None, limit: int) -> list[Happened]:
    query = (
        Activity.select(
            Activity.id,
            Activity.at,
            Activity.kind,
            Activity.direction,
            Activity.minutes,
            Activity.outcome,
            Activity.state,
            Activity.subject,
            fn.substr(Activity.note, 1, SHOWN_TEXT),
            Activity.case_id,
            fn.coalesce(Case.title, ""),
            Activity.user_id,
            fn.coalesce(User.full_name, ""),
        )
        .join(Case, JOIN.LEFT_OUTER, on=(Activity.case_id == Case.id))
        .switch(Activity)
        .join(User, JOIN.LEFT_OUTER, on=(Activity.user_id == User.id))
        .where(Activity.contact_id == contact_id, Activity.deleted_at.is_null())
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(limit)
    )
    if wanted.source != "all":
        query = query.where(Activity.kind == wanted.source)
    query = _of_period(_of_case(query, Activity.case_id, wanted), Activity.at, wanted)
    if after is not None:
        query = query.where(Activity.at <= after.at)
        if after.rank == 1:
            query = query.where((Activity.at < after.at) | (Activity.id < after.id))
        else:
            query = query.where(Activity.at < after.at)
    return [
        Happened("activity", id, at, kind, direction, minutes, outcome, state, subject, note, "", (), *rest)
        for id, at, kind, direction, minutes, outcome, state, subject, note, *rest in query.tuples()
    ]


def _events(contact_id: int, wanted: Filter, after: Key | None, limit: int) -> list[Happened]:
    query = (
        Event.select(
            Event.id,
            Event.at,
            Event.kind,
            Event.what,
            Event.params,
            Event.case_id,
            fn.coalesce(Case.title, ""),
            Event.user_id,
            fn.coalesce(User.full_name, ""),
            Event.undone_by_id,
        )
        .join(Case, JOIN.LEFT_OUTER, on=(Event.case_id == Case.id))
        .switch(Event)
        .join(User, JOIN.LEFT_OUTER, on=(Event.user_id == User.id))
        .where(Event.contact_id == contact_id, Event.shown == SQL("1"))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(limit)
    )
    query = _of_period(_of_case(query, Event.case_id, wanted), Event.at, wanted)
    if after is not None:
        query = query.where(Event.at <= after.at)
        if after.rank == 0:
            query = query.where((Event.at < after.at) | (Event.id < after.id))
    return [_event(*row) for row in query.tuples()]


def _event(
    row_id: int,
    at: int,
    kind: str,
    what: str,
    params: dict[str, Any],
    case_id: int | None,
    case_title: str,
    user_id: int | None,
    who: str,
    undone_by: int | None,
) -> Happened:
    stated = params.get("consents", ())
    return Happened(
        source="event",
        id=row_id,
        at=at,
        kind="consent" if stated else kind,
        direction="",
        minutes=None,
        outcome="",
        state="",
        subject="",
        note="",
        text=meaning(what, params),
        consents=tuple((str(told[0]), str(told[1]), str(told[2]), str(told[3])) for told in stated),
        case_id=case_id,
        case_title=case_title,
        user_id=user_id,
        who=who,
        undone=undone_by is not None,
    )


def _of_case(query: Any, column: Any, wanted: Filter) -> Any:
    if wanted.case == "all":
        return query
    return query.where(column.is_null() if wanted.case == "none" else column == wanted.case)


def _of_period(query: Any, column: Any, wanted: Filter) -> Any:
    if wanted.since is not None:
        query = query.where(column >= wanted.since)
    if wanted.until is not None:
        query = query.where(column < wanted.until)
    return query


def _with_files(rows: Iterable[Happened]) -> list[Happened]:
    """The same rows, each with the number of its files, by one more statement."""
    rows = list(rows)
    ids = [row.id for row in rows if row.source == "activity"]
    if not ids:
        return rows
    counted = dict(
        Attachment.select(Attachment.activity_id, fn.count(Attachment.id))
        .where(Attachment.activity_id.in_(ids), Attachment.deleted_at.is_null())
        .group_by(Attachment.activity_id)
        .tuples()
    )
    if not counted:
        return rows
    return [
        replace(row, files=counted[row.id]) if row.source == "activity" and row.id in counted else row for row in rows
    ]
