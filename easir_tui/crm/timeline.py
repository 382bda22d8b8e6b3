"""What is planned with a contact and what has happened, whatever case it belongs to (V18).

History is two sorted sources read side by side: the activities somebody did, and the events of the journal
that are shown (a consent recorded, a case moved). Both are walked by keyset along their own index, so that the
hundredth page costs what the first one does and a contact with fifty thousand activities opens like any other.
What is with all contacts of an account is read the same way (`account_timeline`). What belongs to a contact or a
case that one may not see is in neither.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from easir_tui.crm.undo import meaning
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, on_case, on_contact, seen_by
from easir_tui.data.sqlite import rows

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
    milestone: str = ""
    """Only activities that carry this milestone; empty for all of them, and for what is no activity."""


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
    contact_id: int = 0
    contact: str = ""
    """With whom, where the timeline is that of several contacts."""


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
    what: str
    """Of an event: the message it was recorded with, before translation; the key to its kind."""
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
    contact_id: int = 0
    contact: str = ""
    """With whom, where the timeline is that of several contacts."""
    said: str = ""
    """Of an e-mail that has not gone out, what the server said."""

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


Owner = Literal["contact_id", "account_id"]
"""The column that says whose timeline it is."""

_WITH_WHOM = {"contact_id": "0, ''", "account_id": "{0}.contact_id, coalesce(p.name, '')"}
_WHOM = {"contact_id": "", "account_id": "LEFT JOIN contact p ON p.id = {0}.contact_id"}
_STILL_THERE = {"contact_id": "1", "account_id": "p.deleted_at IS NULL"}
"""What happened with a contact that lies in the trash is told on its own page when it is back, not on the account's."""


MAIL_STATE = """CASE m.direction WHEN 'in' THEN iif(y.unread = 1, 'unread', '') WHEN 'out' THEN m.state
  ELSE a.state END"""
"""What an activity `a` with the join of `mail_of` is: an e-mail unread, or how far on its way out."""


def mail_of(me: Me) -> str:
    """The join that finds the e-mail `m` of an activity `a`, and `y`, whether this person has read it."""
    return (
        "LEFT JOIN mail m ON m.activity_id = a.id AND m.deleted_at IS NULL AND a.kind = 'email' "
        f"LEFT JOIN mail_copy y ON y.message_id = m.message_id AND y.user_id = {int(me.user_id)}"
    )


def planned(me: Me, contact_id: int, wanted: Filter | None = None) -> tuple[Planned, ...]:
    """The open tasks of a contact, the most urgent first; at most `PLANNED_LIMIT`."""
    return planned_of(me, "contact_id", contact_id, wanted)


def history(
    me: Me, contact_id: int, wanted: Filter | None = None, after: Key | None = None, size: int = PAGE_SIZE
) -> History:
    """A page of what happened with a contact, newest first (V18).

    Args:
        wanted: narrows by period, source and case.
        after: the `next` of the page before.
        size: rows wanted.
    """
    return history_of(me, "contact_id", contact_id, wanted, after, size)


def planned_of(me: Me, owner: Owner, owner_id: int, wanted: Filter | None = None) -> tuple[Planned, ...]:
    """The open tasks of a contact or of an account, the most urgent first; at most `PLANNED_LIMIT`."""
    wanted = wanted or Filter()
    if wanted.source == CHANGES or wanted.milestone:
        return ()
    conditions, values = _narrowed(wanted, "t.case_id")
    if wanted.source != "all":
        conditions.append("t.type = ?")
        values.append("remind" if wanted.source == "note" else wanted.source)
    found = rows(
        f"""
        SELECT t.id, t.version, t.type, t.starts_at, t.ends_at, t.day, substr(t.note, 1, {SHOWN_TEXT}), t.case_id,
          coalesce(c.title, ''), t.assignee_id, coalesce(u.full_name, ''), {_WITH_WHOM[owner].format("t")}
        FROM task t LEFT JOIN sales_case c ON c.id = t.case_id LEFT JOIN app_user u ON u.id = t.assignee_id
        {_WHOM[owner].format("t")}
        WHERE {" AND ".join([f"t.{owner} = ?", "t.status = 'open'", "t.deleted_at IS NULL", *conditions])}
        AND {_STILL_THERE[owner]} AND {of_parts(me, "t")} ORDER BY t.sort_at, t.id LIMIT {PLANNED_LIMIT}
        """,
        owner_id, *values,
    )  # fmt: skip
    return tuple(Planned(*row) for row in found)


def history_of(
    me: Me,
    owner: Owner,
    owner_id: int,
    wanted: Filter | None = None,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> History:
    """A page of what happened with a contact or with all contacts of an account, newest first."""
    wanted = wanted or Filter()
    found: list[Happened] = []
    if wanted.source != CHANGES:
        found += _activities(me, owner, owner_id, wanted, after, size + 1)
    if wanted.source in ("all", CHANGES) and not wanted.milestone:
        found += _events(me, owner, owner_id, wanted, after, size + 1)
    found.sort(key=lambda row: row.key, reverse=True)
    shown = _with_files(found[:size])
    return History(tuple(shown), shown[-1].key if len(found) > size else None)


def cases_of(me: Me, contact_id: int, limit: int = 100) -> tuple[CaseChoice, ...]:
    """The cases of a contact to narrow by, open ones first and the newest on top."""
    found = rows(
        f"SELECT id, title, status FROM sales_case WHERE contact_id = ? AND deleted_at IS NULL AND {seen_by(me)} "
        "ORDER BY status <> 'open', opened_at DESC, id DESC LIMIT ?",
        contact_id, limit,
    )  # fmt: skip
    return tuple(CaseChoice(*row) for row in found)


def _activities(me: Me, owner: Owner, owner_id: int, wanted: Filter, after: Key | None, limit: int) -> list[Happened]:
    conditions, values = _narrowed(wanted, "a.case_id", "a.at")
    if wanted.source != "all":
        conditions.append("a.kind = ?")
        values.append(wanted.source)
    if wanted.milestone:
        conditions.append("EXISTS (SELECT 1 FROM json_each(a.milestones) m WHERE m.value = ?)")
        values.append(wanted.milestone)
    if after is not None and after.rank == 1:
        conditions.append("(a.at, a.id) < (?, ?)")
        values += [after.at, after.id]
    elif after is not None:
        conditions.append("a.at < ?")
        values.append(after.at)
    found = rows(
        f"""
        SELECT a.id, a.at, a.kind, a.direction, a.minutes, a.outcome, {MAIL_STATE}, a.subject,
          substr(a.note, 1, {SHOWN_TEXT}), a.case_id, coalesce(c.title, ''), a.user_id, coalesce(u.full_name, ''),
          {_WITH_WHOM[owner].format("a")}, coalesce(m.said, '')
        FROM activity a LEFT JOIN sales_case c ON c.id = a.case_id LEFT JOIN app_user u ON u.id = a.user_id
        {mail_of(me)}
        {_WHOM[owner].format("a")}
        WHERE {" AND ".join([f"a.{owner} = ?", "a.deleted_at IS NULL", *conditions])}
        AND {_STILL_THERE[owner]} AND {of_parts(me, "a")}
        ORDER BY a.at DESC, a.id DESC LIMIT ?
        """,
        owner_id, *values, limit,
    )  # fmt: skip
    return [
        Happened(
            "activity", row_id, at, kind, direction, minutes, outcome, state, subject, note, "", "", (),
            case_id, case_title, user_id, who, 0, False, whom, name, said,
        )
        for row_id, at, kind, direction, minutes, outcome, state, subject, note,
            case_id, case_title, user_id, who, whom, name, said in found
    ]  # fmt: skip


def _events(me: Me, owner: Owner, owner_id: int, wanted: Filter, after: Key | None, limit: int) -> list[Happened]:
    conditions, values = _narrowed(wanted, "e.case_id", "e.at")
    if after is not None and after.rank == 0:
        conditions.append("(e.at, e.id) < (?, ?)")
        values += [after.at, after.id]
    elif after is not None:
        conditions.append("e.at <= ?")
        values.append(after.at)
    found = rows(
        f"""
        SELECT e.id, e.at, e.kind, e.what, e.params, e.case_id, coalesce(c.title, ''), e.user_id,
          coalesce(u.full_name, ''), e.undone_by_id, {_WITH_WHOM[owner].format("e")}
        FROM event e LEFT JOIN sales_case c ON c.id = e.case_id LEFT JOIN app_user u ON u.id = e.user_id
        {_WHOM[owner].format("e")}
        WHERE {" AND ".join([_whose(owner, owner_id), "e.shown = 1", *conditions])}
        AND {_STILL_THERE[owner]} AND (e.contact_id IS NULL OR {on_contact(me, "e.contact_id")})
        AND {on_case(me, "e.case_id")}
        ORDER BY e.at DESC, e.id DESC LIMIT ?
        """,
        *values, limit,
    )  # fmt: skip
    return [_event(*row) for row in found]


def _whose(owner: Owner, owner_id: int) -> str:
    """The condition for what happened to a contact, and to those that turned out to be the same person."""
    if owner != "contact_id":
        return f"e.{owner} = {int(owner_id)}"
    merged = [found for (found,) in rows(
        "WITH RECURSIVE same(id) AS (SELECT ?1 UNION SELECT c.id FROM contact c JOIN same ON c.merged_into = same.id) "
        "SELECT id FROM same", owner_id,
    )]  # fmt: skip
    return f"e.contact_id IN ({', '.join(str(int(one)) for one in merged)})"


def _narrowed(wanted: Filter, case: str, at: str = "") -> tuple[list[str], list[Any]]:
    """The conditions of a filter on its case and, where there is an instant, its period."""
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.case == "none":
        conditions.append(f"{case} IS NULL")
    elif wanted.case != "all":
        conditions.append(f"{case} = ?")
        values.append(wanted.case)
    if at and wanted.since is not None:
        conditions.append(f"{at} >= ?")
        values.append(wanted.since)
    if at and wanted.until is not None:
        conditions.append(f"{at} < ?")
        values.append(wanted.until)
    return conditions, values


def _event(
    row_id: int,
    at: int,
    kind: str,
    what: str,
    encoded: str,
    case_id: int | None,
    case_title: str,
    user_id: int | None,
    who: str,
    undone_by: int | None,
    contact_id: int | None,
    contact: str,
) -> Happened:
    params = json.loads(encoded)
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
        what=str(params["what"]) if "of" in params else what,
        text=meaning(what, params),
        consents=tuple((str(told[0]), str(told[1]), str(told[2]), str(told[3])) for told in stated),
        case_id=case_id,
        case_title=case_title,
        user_id=user_id,
        who=who,
        undone=undone_by is not None,
        contact_id=contact_id or 0,
        contact=contact,
    )


def _with_files(found: list[Happened]) -> list[Happened]:
    """The same rows, each with the number of its files, by one more statement."""
    ids = [row.id for row in found if row.source == "activity"]
    if not ids:
        return found
    counted = dict(rows(
        f"SELECT activity_id, count(*) FROM attachment WHERE activity_id IN ({', '.join('?' * len(ids))}) "
        "AND deleted_at IS NULL GROUP BY activity_id", *ids
    ))  # fmt: skip
    return [
        replace(row, files=counted[row.id]) if row.source == "activity" and row.id in counted else row for row in found
    ]
