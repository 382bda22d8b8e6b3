"""The task list: rows, counts and places, in the order in which things are to be done.

Overdue, today and later are told apart by the calendar of whoever looks (faults 59); a list is read a page at
a time, whatever its length (faults 65).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from peewee import SQL, Tuple

from easir_tui import clock
from easir_tui.clock import When
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.models import Account, Case, Contact, Membership, Task, User
from easir_tui.errors import NotFound
from easir_tui.language import N_, _

TYPES: dict[str, str] = {
    "call": N_("Call"),
    "email": N_("E-mail"),
    "meeting": N_("Meeting"),
    "letter": N_("Letter"),
    "remind": N_("Reminder"),
}
"""Task types with their titles; all but the reminder are completed by an activity."""

BUCKETS: dict[str, str] = {
    "overdue": N_("Overdue"),
    "today": N_("Today"),
    "later": N_("Later"),
    "completed": N_("Completed"),
}

DAY = 24 * 3600
"""Seconds by which the order of a whole day may differ from one zone to another; it bounds what is looked through."""

COUNTED = 10_000
"""Tasks of one list that are counted at most."""

View = Literal["open", "overdue", "today", "later", "completed", "all"]


@dataclass(frozen=True)
class TaskRow:
    """One task as lists, the contact page and the edit form show it.

    Exactly one of `starts_at` (UTC epoch seconds) and `day` (ISO date) is set.
    """

    id: int
    version: int
    type: str
    note: str
    status: str
    bucket: str
    starts_at: int | None
    ends_at: int | None
    day: str | None
    contact_id: int
    contact_name: str
    account_name: str
    case_id: int | None
    case_title: str
    assignee_id: int
    assignee: str
    assignee_initials: str
    completed_at: int | None

    @property
    def when(self) -> When:
        """The instant or the day, as the clock speaks of them."""
        if self.day is not None:
            return When(at=None, day=date.fromisoformat(self.day))
        return When(at=self.starts_at, day=None)

    @property
    def minutes(self) -> int | None:
        """How long it is planned to last."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return (self.ends_at - self.starts_at) // 60


@dataclass(frozen=True)
class TaskFilter:
    """What a task list shows.

    Args:
        view: a bucket, `open` for the three open ones, or `all`.
        assignee_id: only this user's tasks; `None` for everybody's.
        contact_id: only this contact's.
        case_id: only this case's.
        team_id: only those of people in this team.
        type: only those of this type.
        path: only those on cases that follow this relations path.
    """

    view: View = "open"
    assignee_id: int | None = None
    contact_id: int | None = None
    case_id: int | None = None
    team_id: int | None = None
    type: str = ""
    path: str = ""


@dataclass(frozen=True)
class TaskCounts:
    """How many tasks stand in each open bucket."""

    overdue: int
    today: int
    later: int


def one(me: Me, task_id: int) -> TaskRow:
    """One task.

    Raises:
        NotFound: it does not exist or is in the trash.
    """
    found = _select(me, [Task.id == task_id, Task.deleted_at.is_null(), SQL(of_parts(me, "t1"))]).first()
    if found is None:
        raise NotFound(_("There is no such task."))
    return _row(me, found)


def rows(me: Me, which: TaskFilter, start: int = 0, count: int = 50) -> list[TaskRow]:
    """A page of a task list, the most urgent first; completed ones newest first, and after the open ones."""
    ids = _ids(me, which, start, count)
    if not ids:
        return []
    held = {found[0]: _row(me, found) for found in _select(me, [Task.id.in_(ids)])}
    return [held[task_id] for task_id in ids if task_id in held]


def _ids(me: Me, which: TaskFilter, start: int, count: int) -> list[int]:
    """The ids of a page, read from an index alone where the filter allows, so that the last page costs little."""
    if which.view == "all":
        open_ones, done = replace(which, view="open"), replace(which, view="completed")
        found = _ids(me, open_ones, start, count)
        if len(found) < count:
            before = _counted(me, open_ones)
            found += _ids(me, done, max(0, start - before), count - len(found))
        return found
    order = (Task.completed_at.desc(), Task.id.desc()) if which.view == "completed" else (Task.sort_at, Task.id)
    query = Task.select(Task.id).where(*_conditions(me, which)).order_by(*order).offset(start).limit(count)
    return [found[0] for found in query.tuples()]


def _counted(me: Me, which: TaskFilter) -> int:
    return int(Task.select(Task.id).where(*_conditions(me, which)).count())


def count(me: Me, which: TaskFilter, cap: int = COUNTED) -> int:
    """How many tasks the filter shows, counted to `cap` at most."""
    return int(Task.select(Task.id).where(*_conditions(me, which)).limit(cap).count())


def position(me: Me, which: TaskFilter, task_id: int) -> int | None:
    """Where a task stands in the list of a filter, counted from 0; None when it is not in it."""
    row = (
        Task.select(Task.sort_at, Task.status, Task.completed_at)
        .where(*_conditions(me, which), Task.id == task_id)
        .tuples()
        .first()
    )
    if row is None:
        return None
    sort_at, status, completed_at = row
    if which.view == "all":
        opened = replace(which, view="open")
        if status == "open":
            return position(me, opened, task_id)
        return _counted(me, opened) + (position(me, replace(which, view="completed"), task_id) or 0)
    if which.view == "completed":
        before = Tuple(Task.completed_at, Task.id) > (completed_at, task_id)
    else:
        before = Tuple(Task.sort_at, Task.id) < (sort_at, task_id)
    return int(Task.select(Task.id).where(*_conditions(me, which), before).count())


def ids(me: Me, which: TaskFilter, limit: int) -> list[int]:
    """The explicit set behind "mark all" (faults 61)."""
    return _ids(me, which, 0, limit)


def for_user(me: Me, user_id: int | None = None) -> list[TaskRow]:
    """The open tasks of a user (mine when none is named), the most urgent first, two hundred at most."""
    return rows(me, TaskFilter(assignee_id=user_id or me.user_id), 0, 200)


def counts(me: Me, assignee_id: int | None = None) -> TaskCounts:
    """The open buckets of one user, mine when none is named."""
    return counts_of(me, assignee_id or me.user_id)


def counts_of(me: Me, assignee_id: int | None) -> TaskCounts:
    """The open buckets of one user, of everybody when None."""
    return counts_in(me, TaskFilter(assignee_id=assignee_id))


def counts_in(me: Me, base: TaskFilter) -> TaskCounts:
    """The open buckets of a filter, whatever view it shows."""
    return TaskCounts(
        overdue=count(me, replace(base, view="overdue")),
        today=count(me, replace(base, view="today")),
        later=count(me, replace(base, view="later")),
    )


def _conditions(me: Me, which: TaskFilter) -> list[Any]:
    zone = clock.zone(me.zone)
    today = clock.today(zone)
    tomorrow = today + timedelta(days=1)
    starts, ends = _midnight(today, zone), _midnight(tomorrow, zone)
    conditions: list[Any] = [Task.deleted_at.is_null()]
    if not me.is_admin:
        conditions.append(SQL(of_parts(me, "t1")))
    if which.view not in ("all", "completed"):
        conditions.append(Task.status == "open")
    match which.view:
        case "overdue":
            conditions.append(Task.sort_at < starts + DAY)
            conditions.append((Task.starts_at < starts) | (Task.day < today.isoformat()))
        case "today":
            conditions.append(Task.sort_at.between(starts - DAY, ends + DAY))
            conditions.append(((Task.starts_at >= starts) & (Task.starts_at < ends)) | (Task.day == today.isoformat()))
        case "later":
            conditions.append(Task.sort_at >= ends - DAY)
            conditions.append((Task.starts_at >= ends) | (Task.day > today.isoformat()))
        case "completed":
            conditions.append(Task.status == "completed")
    if which.assignee_id is not None:
        conditions.append(Task.assignee_id == which.assignee_id)
    if which.contact_id is not None:
        conditions.append(Task.contact_id == which.contact_id)
    if which.case_id is not None:
        conditions.append(Task.case_id == which.case_id)
    if which.team_id is not None:
        members = Membership.select(Membership.user).where(
            Membership.team == which.team_id, Membership.deleted_at.is_null()
        )
        conditions.append(Task.assignee_id.in_(members))
    if which.type:
        conditions.append(Task.type == which.type)
    if which.path:
        conditions.append(Task.case_id.in_(Case.select(Case.id).where(Case.path == which.path)))
    return conditions


def _select(me: Me, conditions: list[Any]) -> Any:
    return (
        Task.select(
            Task.id,
            Task.version,
            Task.type,
            Task.note,
            Task.status,
            Task.starts_at,
            Task.ends_at,
            Task.day,
            Task.contact_id,
            Contact.name,
            Account.name,
            Account.kind,
            Task.case_id,
            Case.title,
            Task.assignee_id,
            User.full_name,
            User.initials,
            Task.completed_at,
        )
        .join(Contact, on=(Task.contact_id == Contact.id))
        .join(Account, on=(Contact.account_id == Account.id))
        .join(User, on=(Task.assignee_id == User.id))
        .left_outer_join(Case, on=(Task.case_id == Case.id))
        .where(*conditions)
        .tuples()
    )


def _row(me: Me, found: tuple[Any, ...]) -> TaskRow:
    (row_id, version, type_, note, status, starts_at, ends_at, day) = found[:8]
    (contact_id, contact_name, account_name, account_kind, case_id, case_title) = found[8:14]
    (assignee_id, assignee, initials, completed_at) = found[14:]
    zone = clock.zone(me.zone)
    bucket = (
        "completed"
        if status == "completed"
        else clock.bucket(starts_at, date.fromisoformat(day) if day else None, zone)
    )
    return TaskRow(
        id=row_id,
        version=version,
        type=type_,
        note=note,
        status=status,
        bucket=bucket,
        starts_at=starts_at,
        ends_at=ends_at,
        day=day,
        contact_id=contact_id,
        contact_name=contact_name,
        account_name=account_name if account_kind == "company" else "",
        case_id=case_id,
        case_title=case_title or "",
        assignee_id=assignee_id,
        assignee=assignee,
        assignee_initials=initials,
        completed_at=completed_at,
    )


def _midnight(day: date, zone: Any) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
