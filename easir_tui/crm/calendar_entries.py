"""A person's tasks and meetings as calendars exchange them, each under a UID that never changes.

A meeting is an appointment; a call, an e-mail, a letter and a reminder are to-dos, due when they are planned for.
What is in the trash, given to somebody else, or about a contact or a case this person may not see, is not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.sqlite import rows, value
from easir_tui.language import N_, _

TITLES: dict[str, str] = {
    "call": N_("Call {name}"),
    "email": N_("Write to {name}"),
    "meeting": N_("Meeting with {name}"),
    "letter": N_("Letter to {name}"),
    "remind": N_("Reminder: {name}"),
}
"""What a calendar calls a task; one it was invited to under a title of its own keeps that."""

_TASKS = """
SELECT t.id, t.type, t.note, t.status, t.starts_at, t.ends_at, t.day, c.name, t.completed_at, t.updated_at,
  coalesce(i.title, ''), coalesce(i.place, ''), coalesce(i.sequence, 0), t.contact_id, t.version, t.activity_id
FROM task t JOIN contact c ON c.id = t.contact_id LEFT JOIN invitation i ON i.task_id = t.id
WHERE t.assignee_id = ? AND t.deleted_at IS NULL AND {seen} ORDER BY t.sort_at, t.id
"""

_MEETINGS = """
SELECT a.id, a.note, a.at, a.minutes, a.place, c.name, a.updated_at
FROM activity a JOIN contact c ON c.id = a.contact_id
WHERE a.kind = 'meeting' AND a.user_id = ? AND a.deleted_at IS NULL AND {seen} ORDER BY a.at, a.id
"""


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task and what a calendar is told of it; `activity_id` is what it was completed by.

    `label` changes when its title does, but not with the language in which that is said.
    """

    task_id: int
    version: int
    contact_id: int
    status: str
    activity_id: int | None
    label: str
    entry: CalendarEntry


def installation() -> str:
    """The random name of this database, by which its UIDs are told from those of any other."""
    return str(json.loads(value("SELECT value FROM company_setting WHERE key = 'installation'")))


def uid_of(kind: str, row_id: int, name: str) -> str:
    """The UID of a `task` or an `activity` of the installation of this name, whoever writes it and whenever."""
    return f"{kind}-{row_id}@{name}.easir"


def task_of(uid: str) -> int | None:
    """The task of this installation that a UID stands for; None for anybody else's."""
    found = _pattern(installation()).fullmatch(uid.strip())
    return int(found[1]) if found else None


@lru_cache(maxsize=4)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"task-([1-9][0-9]{{0,17}})@{re.escape(name)}\.easir", re.ASCII | re.IGNORECASE)


def tasks_of(me: Me) -> Iterator[TaskEntry]:
    """This person's own tasks, open and completed, in the order of their times."""
    name = installation()
    for one in rows(_TASKS.format(seen=of_parts(me, "t")), me.user_id):
        yield _of_task(one, name, me.zone)


def _of_task(one: tuple[object, ...], name: str, zone: str) -> TaskEntry:
    task_id, kind, note, status, starts_at, ends_at, day, contact, done_at, changed_at = one[:10]
    title, place, sequence, contact_id, version, activity_id = one[10:]
    meeting, done = kind == "meeting", status == "completed"
    days = (str(day) if meeting else "", str(day)) if day else ("", "")
    at = (starts_at, ends_at) if meeting or ends_at is not None else (None, starts_at)
    entry = CalendarEntry(
        uid=uid_of("task", int(str(task_id)), name),
        kind="event" if meeting else "todo",
        title=str(title) or _(TITLES[str(kind)]).format(name=contact),
        description=str(note),
        place=str(place),
        start=_number(at[0]),
        end=_number(at[1]),
        zone="" if day else zone,
        first_day=days[0],
        last_day=days[1],
        sequence=int(str(sequence)),
        status="confirmed" if meeting else "completed" if done else "needs-action",
        last_modified=_number(changed_at),
        done_at=_number(done_at) if done and not meeting else None,
    )
    label = str(title) or f"{kind} {contact}"
    return TaskEntry(
        int(str(task_id)), int(str(version)), int(str(contact_id)), str(status), _number(activity_id), label, entry
    )


def _number(held: object) -> int | None:
    return held if isinstance(held, int) else None


def everything(me: Me) -> Iterator[CalendarEntry]:
    """All of it: the tasks, and the meetings that were held without having been planned."""
    planned: set[int | None] = set()
    for task in tasks_of(me):
        planned.add(task.activity_id)
        yield task.entry
    name = installation()
    for row_id, note, at, minutes, place, contact, changed_at in rows(
        _MEETINGS.format(seen=of_parts(me, "a")), me.user_id
    ):
        if row_id not in planned:
            yield CalendarEntry(
                uid=uid_of("activity", row_id, name), title=_(TITLES["meeting"]).format(name=contact),
                description=note, place=place, start=at, end=at + minutes * 60 if minutes else None, zone=me.zone,
                status="confirmed", last_modified=changed_at,
            )  # fmt: skip
