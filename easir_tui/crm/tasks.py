"""Tasks: the planned next steps of a salesperson. What lists read of them is in `crm.task_list`.

A task stands at an instant (`starts_at`, perhaps `ends_at`) or on a whole day (`day`, a plain date that is
never turned into an instant: faults 57, 58). Overdue, today and later are told apart by the zone of the
person who looks (faults 59), and a task of today is not overdue before midnight there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from easir_tui import clock, text
from easir_tui.clock import When
from easir_tui.crm import drafts
from easir_tui.crm.lookups import case_brief, contact_brief, user_is_active
from easir_tui.crm.task_list import (
    BUCKETS,
    COUNTED,
    TYPES,
    TaskCounts,
    TaskFilter,
    TaskRow,
    View,
    count,
    counts,
    counts_of,
    for_user,
    one,
    position,
    rows,
)
from easir_tui.crm.users import Me
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Task, User
from easir_tui.errors import Conflict, Invalid, NotFound, Refused
from easir_tui.language import N_, _

__all__ = [
    "BUCKETS",
    "COUNTED",
    "PLANNED",
    "TYPES",
    "TaskCounts",
    "TaskFilter",
    "TaskRow",
    "View",
    "add_to",
    "change",
    "check_planned",
    "complete",
    "count",
    "counts",
    "counts_of",
    "delete",
    "for_user",
    "one",
    "plan",
    "position",
    "reopen",
    "rows",
    "snooze",
    "snoozed_to",
    "tick_off",
]

PLANNED: dict[str, str] = {
    "call": N_("planned a call"),
    "email": N_("planned an e-mail"),
    "meeting": N_("planned a meeting"),
    "letter": N_("planned a letter"),
    "remind": N_("set a reminder"),
}
"""What the journal says of a task that is planned by itself."""


def plan(
    me: Me,
    contact_id: int,
    type: str,
    when: When,
    note: str = "",
    *,
    minutes: int | None = None,
    assignee_id: int | None = None,
    case_id: int | None = None,
    draft_key: str | None = None,
) -> int:
    """Plan a next step and return its id; the planner does it when nobody else is named.

    Raises:
        Invalid: the time has passed, or it ends before it starts (V7).
        NotFound: no such contact or case.
    """
    contact = contact_brief(me, contact_id)
    with step(
        me,
        PLANNED[_known_type(type)],
        contact_id=contact_id,
        account_id=contact.account_id,
        case_id=case_id,
    ) as work:
        task_id = add_to(
            work, me, contact_id, type, when, note, minutes=minutes, assignee_id=assignee_id, case_id=case_id
        )
        drafts.drop_in(work, me, draft_key)
    return task_id


def add_to(
    work: Step,
    me: Me,
    contact_id: int,
    type: str,
    when: When,
    note: str = "",
    *,
    minutes: int | None = None,
    assignee_id: int | None = None,
    case_id: int | None = None,
) -> int:
    """Plan a task inside a step that does more, for example logs the call it follows from."""
    contact = contact_brief(me, contact_id)
    if case_id is not None and case_brief(me, case_id).contact_id != contact_id:
        raise Invalid("case_id", _("The case belongs to another contact."))
    check_planned(me, when)
    fields = _times(me, when, minutes)
    return work.add(
        Task,
        contact_id=contact_id,
        account_id=contact.account_id,
        case_id=case_id,
        type=_known_type(type),
        note=text.accept(note),
        assignee_id=_assignee(assignee_id, me),
        status="open",
        **fields,
    )


def check_planned(me: Me, when: When) -> None:
    """Refuse a time that has passed (V7); today as a whole day is still to come.

    Raises:
        Invalid: of the field `when`.
    """
    if when.day is not None:
        if when.day < clock.today(clock.zone(me.zone)):
            raise Invalid("when", _("That day has passed. Choose today or later."))
    elif when.at is None or when.at <= clock.now():
        raise Invalid("when", _("That time has passed. Choose a later one."))


def change(
    me: Me,
    task_id: int,
    version: int | None,
    *,
    type: str | None = None,
    when: When | None = None,
    minutes: int | None = None,
    note: str | None = None,
    assignee_id: int | None = None,
    draft_key: str | None = None,
) -> None:
    """Change what is given, leave the rest; a new time must be after now (V7), an unchanged one need not.

    With `when` given, `minutes` is the whole truth about the length: `None` takes the end away.

    Raises:
        Conflict: somebody else changed the same field since `version`.
    """
    old = one(me, task_id)
    fields: dict[str, Any] = {}
    if type is not None:
        fields["type"] = _known_type(type)
    if note is not None:
        fields["note"] = text.accept(note)
    if assignee_id is not None:
        fields["assignee_id"] = _assignee(assignee_id, me)
    if when is not None:
        if when != old.when:
            check_planned(me, when)
        fields |= _times(me, when, minutes)
    try:
        with step(me, N_("changed a task"), contact_id=old.contact_id, case_id=old.case_id) as work:
            work.change(Task, task_id, version, **fields)
            drafts.drop_in(work, me, draft_key)
    except Conflict as conflict:
        raise _restated(conflict) from conflict


def snooze(me: Me, task_id: int, version: int | None, when: When) -> None:
    """Move an open task to a later time, keeping how long it lasts.

    Raises:
        Invalid: the new time has passed.
        Refused: the task is completed.
    """
    old = one(me, task_id)
    if old.status != "open":
        raise Refused(_("The task is completed already."))
    check_planned(me, when)
    with step(me, N_("moved a task to later"), contact_id=old.contact_id, case_id=old.case_id) as work:
        work.change(Task, task_id, version, **_times(me, when, old.minutes))


def snoozed_to(task: TaskRow, choice: Literal["tomorrow", "monday", "week"], me: Me) -> When:
    """The time a snooze of one key stands for, counted from today, at the task's own time of day."""
    zone = clock.zone(me.zone)
    today = clock.today(zone)
    days = {"tomorrow": 1, "monday": 7 - today.weekday(), "week": 7}[choice]
    day = today + timedelta(days=days)
    if task.starts_at is None:
        return When(at=None, day=day)
    at = clock.local(task.starts_at, zone).time()
    return When(at=int(datetime.combine(day, at, tzinfo=zone).timestamp()), day=None)


def complete(me: Me, task_id: int, version: int | None = None) -> None:
    """Tick a task off without an activity: right for a reminder.

    Raises:
        Refused: somebody completed it already; says who and when.
    """
    old = one(me, task_id)
    with step(me, N_("completed a task"), contact_id=old.contact_id, case_id=old.case_id) as work:
        tick_off(work, me, task_id, version)


def tick_off(work: Step, me: Me, task_id: int, version: int | None, activity_id: int | None = None) -> None:
    """Complete a task inside a step that does more; `activity_id` is what it was completed by."""
    row = (
        Task.select(Task.status, Task.completed_at, User.full_name)
        .left_outer_join(User, on=(Task.completed_by == User.id))
        .where(Task.id == task_id, Task.deleted_at.is_null())
        .tuples()
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such task."))
    if row[0] == "completed":
        raise Refused(
            _("The task was completed by {who}, {when}.").format(
                who=row[2] or "?", when=" ".join(clock.short_when(row[1] or 0, clock.zone(me.zone)).split())
            )
        )
    work.change(
        Task,
        task_id,
        version,
        status="completed",
        completed_at=clock.now(),
        completed_by=me.user_id,
        activity_id=activity_id,
    )


def reopen(me: Me, task_id: int, version: int | None = None) -> None:
    """Make a completed task open again, at the time it had."""
    old = one(me, task_id)
    with step(me, N_("reopened a task"), contact_id=old.contact_id, case_id=old.case_id) as work:
        work.change(Task, task_id, version, status="open", completed_at=None, completed_by=None, activity_id=None)


def delete(me: Me, task_id: int, version: int | None = None) -> None:
    """Put a task in the trash (V15)."""
    old = one(me, task_id)
    with step(me, N_("deleted a task"), contact_id=old.contact_id, case_id=old.case_id) as work:
        work.remove(Task, task_id, version)


def _times(me: Me, when: When, minutes: int | None) -> dict[str, Any]:
    """The columns of a time; a whole day has its place in the order from the zone of whoever planned it."""
    if minutes is not None and minutes <= 0:
        raise Invalid("minutes", _("It must end after it starts."))
    if minutes is not None and when.at is None:
        raise Invalid("minutes", _("A whole day has no length. Write a time of day too, or leave this empty."))
    order = {"sort_at": when.sort_at(clock.zone(me.zone))}
    if when.at is None:
        return {"day": when.day.isoformat() if when.day else None, "starts_at": None, "ends_at": None} | order
    return {"day": None, "starts_at": when.at, "ends_at": when.at + minutes * 60 if minutes else None} | order


def _restated(conflict: Conflict) -> Conflict:
    """A conflict in the words of `change`: the columns of a time become the one field `when`."""
    if not conflict.theirs.keys() & {"starts_at", "ends_at", "day", "sort_at"}:
        return conflict

    def told(values: dict[str, Any]) -> dict[str, Any]:
        kept = {name: held for name, held in values.items() if name in ("type", "note", "assignee_id")}
        day, at = values.get("day"), values.get("starts_at")
        when = When(day=date.fromisoformat(day)) if day else When(at=at) if at is not None else None
        return kept | {"when": when}

    stored = Task.get_by_id(conflict.row_id)
    theirs = conflict.theirs | {"day": stored.day, "starts_at": stored.starts_at}
    return Conflict(
        conflict.sentence,
        entity=conflict.entity,
        row_id=conflict.row_id,
        theirs=told(theirs),
        mine=told(conflict.mine),
        original=told(conflict.original),
        who=conflict.who,
        at=conflict.at,
        version=conflict.version,
        hint=conflict.hint,
    )


def _known_type(name: str) -> str:
    if name not in TYPES:
        raise Invalid("type", _("Choose what kind of task it is."))
    return name


def _assignee(user_id: int | None, me: Me) -> int:
    if user_id is None:
        return me.user_id
    if not user_is_active(user_id):
        raise Invalid("assignee_id", _("This person no longer works here; choose somebody else."))
    return user_id
