"""What a person's calendar holds of their tasks and meetings."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from easir_tui import clock, language
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.channels.calendar_file import read, write
from easir_tui.clock import When
from easir_tui.crm import activities, tasks
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.calendar_entries import everything, installation, task_of, tasks_of, uid_of
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Task
from easir_tui.data.sqlite import value

from .made import a_colleague, a_contact

AT = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())


def by_uid(me: Me) -> dict[str, CalendarEntry]:
    return {one.uid.partition("@")[0]: one for one in everything(me)}


def test_each_kind_is_what_a_calendar_makes_of_it(me: Me) -> None:
    contact = a_contact(me)
    call = tasks.plan(me, contact, "call", When(at=AT), "Om prisen\nog farven")
    meeting = tasks.plan(me, contact, "meeting", When(at=AT), minutes=90)
    day = tasks.plan(me, contact, "remind", When(day=date(2026, 12, 2)))
    held = by_uid(me)
    assert held[f"task-{call}"] == CalendarEntry(
        uid_of("task", call, installation()), "todo", "Call Ole Hansen", "Om prisen\nog farven", end=AT,
        zone="Europe/Copenhagen", status="needs-action", last_modified=clock.now(),
    )  # fmt: skip
    assert (held[f"task-{meeting}"].kind, held[f"task-{meeting}"].end) == ("event", AT + 5400)
    assert (held[f"task-{day}"].last_day, held[f"task-{day}"].end) == ("2026-12-02", None), "faults 58"
    language.activate("da")
    assert by_uid(me)[f"task-{call}"].uid == held[f"task-{call}"].uid
    tasks.complete(me, call)
    assert (by_uid(me)[f"task-{call}"].status, by_uid(me)[f"task-{call}"].done_at) == ("completed", clock.now())


def test_what_is_not_ones_own_or_gone_is_not_there(me: Me) -> None:
    contact = a_contact(me)
    mine, theirs, gone = (tasks.plan(me, contact, "call", When(at=AT + number)) for number in range(3))
    tasks.change(me, theirs, None, assignee_id=a_colleague(me).user_id)
    tasks.delete(me, gone)
    assert [one.task_id for one in tasks_of(me)] == [mine]


def test_a_meeting_that_was_planned_is_there_once_when_it_was_held(me: Me) -> None:
    contact = a_contact(me)
    task = tasks.plan(me, contact, "meeting", When(at=AT))
    held = activities.record(me, ActivityInput(contact, "meeting", task_id=task, place="Her"))
    free = activities.record(me, ActivityInput(contact, "meeting", minutes=30, place="Aarhus", note="Godt"))
    found = by_uid(me)
    assert f"activity-{held.activity_id}" not in found
    alone = found[f"activity-{free.activity_id}"]
    assert (alone.place, alone.description, alone.end) == ("Aarhus", "Godt", clock.now() + 1800)
    assert f"task-{task}" in found


def test_a_uid_is_told_from_any_other(me: Me) -> None:
    name = installation()
    assert len(name) == 16
    assert task_of(uid_of("task", 7, name).upper()) == 7
    for uid in ("task-7@other.easir", f"task-0@{name}.easir", f"task-x@{name}.easir", f"activity-7@{name}.easir", ""):
        assert task_of(uid) is None


def test_ten_thousand_entries_are_written_at_once(me: Me) -> None:
    contact = a_contact(me)
    account = int(value("SELECT account_id FROM contact"))
    with step(me, "planned", shown=False) as work:
        work.add_many(Task, [{
            "contact_id": contact, "account_id": account, "type": "meeting", "note": "Æble " * 10,
            "assignee_id": me.user_id, "starts_at": AT + n * 600, "ends_at": AT + n * 600 + 300, "sort_at": AT + n,
        } for n in range(10_000)])  # fmt: skip
    begun = time.perf_counter()
    raw = write(everything(me), "Europe/Copenhagen")
    took = time.perf_counter() - begun
    assert took < 5
    assert raw.count(b"BEGIN:VEVENT") == 10_000
    assert raw.count(b"BEGIN:VTIMEZONE") == 1
    assert len(read(raw)) == 10_000
