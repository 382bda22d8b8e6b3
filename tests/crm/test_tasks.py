"""Tasks: V7, the buckets of each viewer's own day, snoozing, completing, undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from easir_tui import clock
from easir_tui.clock import When
from easir_tui.crm import cases, drafts, tasks, undo
from easir_tui.crm.tasks import TaskFilter
from easir_tui.crm.users import Me
from easir_tui.data.models import Contact, Task
from easir_tui.errors import Conflict, Invalid, NotFound, Refused
from tests.crm.made import a_business_contact, a_colleague, a_contact

HOUR = 3600


def test_a_planned_task_is_in_the_list_and_is_the_contacts_next_step(me: Me) -> None:
    contact = a_business_contact(me)
    at = clock.now() + 2 * HOUR
    task_id = tasks.plan(me, contact, "call", When(at=at), " Ask about\ttrade-in \x1b[31m", minutes=15)
    row = tasks.one(me, task_id)
    assert (row.type, row.note, row.bucket) == ("call", "Ask about\ttrade-in [31m", "today")
    assert (row.contact_name, row.account_name) == ("Ole Hansen", "Nordlys Biler A/S")
    assert (row.assignee, row.minutes) == (me.full_name, 15)
    assert [row.id for row in tasks.for_user(me)] == [task_id]
    assert Contact.get_by_id(contact).next_step_at == at


@pytest.mark.parametrize("minutes_from_now", [0, -1, -60 * 24])
def test_a_task_starts_after_now(me: Me, minutes_from_now: int) -> None:
    """V7."""
    contact = a_contact(me)
    with pytest.raises(Invalid) as refused:
        tasks.plan(me, contact, "call", When(at=clock.now() + minutes_from_now * 60))
    assert refused.value.field == "when"
    assert not Task.select().exists()


def test_today_as_a_whole_day_is_still_to_come_and_yesterday_is_not(me: Me) -> None:
    """V7 for whole days, by the planner's own calendar."""
    contact = a_contact(me)
    today = clock.today(clock.zone(me.zone))
    tasks.plan(me, contact, "remind", When(day=today))
    with pytest.raises(Invalid):
        tasks.plan(me, contact, "remind", When(day=today - timedelta(days=1)))


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_task_ends_after_it_starts(me: Me, minutes: int) -> None:
    """V7."""
    with pytest.raises(Invalid) as refused:
        tasks.plan(me, a_contact(me), "meeting", When(at=clock.now() + HOUR), minutes=minutes)
    assert refused.value.field == "minutes"


def test_an_overdue_task_can_be_edited_without_moving_it(me: Me) -> None:
    """V7 is about planning: a note on what is late must not force a new time."""
    contact = a_contact(me)
    task_id = tasks.plan(me, contact, "call", When(at=clock.now() + HOUR))
    with time_machine.travel(clock.now() + 30 * HOUR, tick=False):
        late = tasks.one(me, task_id)
        assert late.bucket == "overdue"
        tasks.change(me, task_id, late.version, note="Still not reached", when=late.when)
        assert tasks.one(me, task_id).note == "Still not reached"
        with pytest.raises(Invalid):
            tasks.change(me, task_id, None, when=When(at=clock.now() - 1))


@pytest.mark.parametrize(
    ("zone", "bucket"),
    [("Europe/Copenhagen", "overdue"), ("America/Los_Angeles", "today"), ("Pacific/Auckland", "today")],
)
def test_buckets_follow_the_viewers_zone(me: Me, zone: str, bucket: str) -> None:
    """Faults 59: 23:30 in Copenhagen, looked at half an hour after midnight there."""
    contact = a_contact(me)
    at = clock.instant(date(2026, 11, 25), 23, 30, clock.zone("Europe/Copenhagen"))
    task_id = tasks.plan(me, contact, "call", When(at=at))
    viewer = a_colleague(me, zone=zone)
    with time_machine.travel(at + HOUR, tick=False):
        assert tasks.one(viewer, task_id).bucket == bucket
        for view in ("overdue", "today", "later"):
            found = [row.id for row in tasks.rows(viewer, TaskFilter(view=view))]
            assert (task_id in found) == (view == bucket)


def test_a_task_of_today_is_not_overdue_before_midnight(me: Me) -> None:
    task_id = tasks.plan(me, a_contact(me), "call", When(at=clock.now() + HOUR))
    with time_machine.travel(clock.now() + 9 * HOUR, tick=False):
        assert tasks.one(me, task_id).bucket == "today"
    with time_machine.travel(clock.now() + 11 * HOUR, tick=False):
        assert tasks.one(me, task_id).bucket == "overdue"


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def test_a_whole_day_is_the_same_date_for_everybody(me: Me, zone: str) -> None:
    """Faults 57 and 58: a date is never stored as an instant."""
    task_id = tasks.plan(me, a_contact(me), "remind", When(day=date(2027, 3, 1)))
    seen = tasks.one(a_colleague(me, zone=zone), task_id)
    assert (seen.day, seen.starts_at) == ("2027-03-01", None)


def test_the_default_day_is_the_users_own_today() -> None:
    """Faults 57: "today" at the edge of the day in Auckland and Los Angeles."""
    with time_machine.travel("2026-11-25T11:30:00+00:00", tick=False):
        assert clock.parse_when("today", clock.zone("Pacific/Auckland")).day == date(2026, 11, 26)
        assert clock.parse_when("today", clock.zone("America/Los_Angeles")).day == date(2026, 11, 25)


def test_snooze_moves_to_a_later_day_at_the_same_hour_and_keeps_the_length(me: Me) -> None:
    zone = clock.zone(me.zone)
    at = clock.instant(date(2026, 11, 25), 16, 0, zone)
    task_id = tasks.plan(me, a_contact(me), "meeting", When(at=at), minutes=45)
    task = tasks.one(me, task_id)
    assert tasks.snoozed_to(task, "tomorrow", me).at == at + 24 * HOUR
    monday = tasks.snoozed_to(task, "monday", me)
    assert monday.at is not None
    assert clock.local(monday.at, zone).strftime("%a %H:%M") == "Mon 16:00"
    tasks.snooze(me, task_id, task.version, tasks.snoozed_to(task, "week", me))
    moved = tasks.one(me, task_id)
    assert (moved.starts_at, moved.minutes) == (at + 7 * 24 * HOUR, 45)
    undo.undo(me)
    assert tasks.one(me, task_id).starts_at == at


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=some.integers(0, 400),
    hour=some.integers(0, 23),
    choice=some.sampled_from(["tomorrow", "monday", "week"]),
)
def test_a_snooze_is_always_later_than_now_and_keeps_the_time_of_day(me: Me, days: int, hour: int, choice: str) -> None:
    """Also over both changes of the clock: the hour on the wall stays."""
    zone = clock.zone(me.zone)
    start = clock.instant(date(2026, 1, 1) + timedelta(days=days), hour, 30, zone)
    task = _task(starts_at=start)
    for later in (start + 1, start + 5 * HOUR, start + 40 * 24 * HOUR):
        with time_machine.travel(later, tick=False):
            moved = tasks.snoozed_to(task, choice, me)  # type: ignore[arg-type]
            assert moved.at is not None
            assert moved.at > clock.now()
            on_the_wall = clock.local(moved.at, zone)
            if on_the_wall.hour != 3:
                assert (on_the_wall.hour, on_the_wall.minute) == (hour, 30)


def test_completing_a_reminder_ticks_it_off_and_undo_brings_it_back(me: Me) -> None:
    contact = a_contact(me)
    task_id = tasks.plan(me, contact, "remind", When(day=date(2026, 11, 30)))
    tasks.complete(me, task_id, 1)
    done = tasks.one(me, task_id)
    assert (done.status, done.bucket, done.completed_at) == ("completed", "completed", clock.now())
    assert tasks.for_user(me) == []
    assert [row.id for row in tasks.rows(me, TaskFilter(view="completed"))] == [task_id]
    assert Contact.get_by_id(contact).next_step_day is None
    undo.undo(me)
    assert tasks.one(me, task_id).status == "open"
    assert Contact.get_by_id(contact).next_step_day == "2026-11-30"


def test_a_task_is_completed_once_and_the_second_hears_by_whom(me: Me) -> None:
    task_id = tasks.plan(me, a_contact(me), "remind", When(day=date(2026, 11, 30)))
    tasks.complete(a_colleague(me), task_id)
    with pytest.raises(Refused, match="Jens Holt"):
        tasks.complete(me, task_id)


def test_reopen_brings_a_completed_task_back(me: Me) -> None:
    task_id = tasks.plan(me, a_contact(me), "remind", When(day=date(2026, 11, 30)))
    tasks.complete(me, task_id)
    tasks.reopen(me, task_id)
    assert (tasks.one(me, task_id).status, tasks.one(me, task_id).completed_at) == ("open", None)


def test_a_deleted_task_goes_to_the_trash_and_undo_brings_it_back(me: Me) -> None:
    """V15."""
    task_id = tasks.plan(me, a_contact(me), "remind", When(day=date(2026, 11, 30)))
    tasks.delete(me, task_id, 1)
    with pytest.raises(NotFound):
        tasks.one(me, task_id)
    undo.undo(me)
    assert tasks.one(me, task_id).status == "open"


def test_two_people_on_one_task(me: Me) -> None:
    """V17: other fields merge, the same field is a conflict that names the other person."""
    jens = a_colleague(me)
    task_id = tasks.plan(me, a_contact(me), "call", When(day=date(2026, 11, 30)), "first")
    tasks.change(jens, task_id, 1, note="theirs")
    tasks.change(me, task_id, 1, type="meeting")
    merged = tasks.one(me, task_id)
    assert (merged.note, merged.type) == ("theirs", "meeting")
    with pytest.raises(Conflict) as conflict:
        tasks.change(me, task_id, 1, note="mine")
    assert conflict.value.who == "Jens Holt"
    assert conflict.value.theirs["note"] == "theirs"


def test_a_task_on_a_case_of_somebody_else_is_refused(me: Me) -> None:
    other = cases.create(me, a_contact(me), "ID.4", path="new_car")
    with pytest.raises(Invalid) as refused:
        tasks.plan(me, a_contact(me), "call", When(day=date(2026, 11, 30)), case_id=other)
    assert refused.value.field == "case_id"


def test_an_inactive_colleague_gets_no_tasks(me: Me) -> None:
    with pytest.raises(Invalid):
        tasks.plan(me, a_contact(me), "call", When(day=date(2026, 11, 30)), assignee_id=999)


def test_counts_and_order(me: Me) -> None:
    """The most urgent first, and each bucket counted; `count` agrees with `rows`."""
    contact = a_contact(me)
    now = clock.now()
    later = tasks.plan(me, contact, "call", When(at=now + 72 * HOUR))
    soon = tasks.plan(me, contact, "call", When(at=now + HOUR))
    day = tasks.plan(me, contact, "remind", When(day=clock.today(clock.zone(me.zone))))
    assert [row.id for row in tasks.for_user(me)] == [day, soon, later]
    found = tasks.counts(me)
    assert (found.overdue, found.today, found.later) == (0, 2, 1)
    with time_machine.travel(now + 24 * HOUR, tick=False):
        found = tasks.counts(me)
        assert (found.overdue, found.today, found.later) == (2, 0, 1)
        assert tasks.count(me, TaskFilter(view="overdue")) == 2


def test_planning_drops_its_draft_in_the_same_step(me: Me) -> None:
    contact = a_contact(me)
    drafts.keep(me, "task:1", "task", {"arguments": {}}, contact)
    with pytest.raises(Invalid):
        tasks.plan(me, contact, "call", When(at=clock.now() - 1), draft_key="task:1")
    assert drafts.take(me, "task:1") is not None
    tasks.plan(me, contact, "call", When(at=clock.now() + HOUR), draft_key="task:1")
    assert drafts.take(me, "task:1") is None


def _task(starts_at: int) -> tasks.TaskRow:
    return tasks.TaskRow(
        id=1,
        version=1,
        type="call",
        note="",
        status="open",
        bucket="later",
        starts_at=starts_at,
        ends_at=None,
        day=None,
        contact_id=1,
        contact_name="",
        account_name="",
        case_id=None,
        case_title="",
        assignee_id=1,
        assignee="",
        assignee_initials="",
        completed_at=None,
    )


def test_every_page_of_every_view_together_is_the_list(me: Me) -> None:
    """No row twice, none left out, in one order; `position` and `count` agree with it."""
    contact = a_contact(me)
    made = [tasks.plan(me, contact, "call", When(at=clock.now() + HOUR * (1 + number % 5))) for number in range(17)]
    for number, task_id in enumerate(made[:7]):
        with time_machine.travel(clock.now() + number * 60, tick=False):
            tasks.complete(me, task_id)
    for view in ("open", "completed", "all", "today"):
        which = TaskFilter(view=view)  # type: ignore[arg-type]
        whole = [row.id for row in tasks.rows(me, which, 0, 100)]
        pages = [row.id for start in range(0, 20, 4) for row in tasks.rows(me, which, start, 4)]
        assert pages == whole
        assert len(set(whole)) == tasks.count(me, which)
        assert [tasks.position(me, which, task_id) for task_id in whole] == list(range(len(whole)))
    assert [row.id for row in tasks.rows(me, TaskFilter(view="completed"))] == made[6::-1]
    assert tasks.position(me, TaskFilter(view="open"), made[0]) is None


def test_a_whole_day_has_no_length(me: Me) -> None:
    with pytest.raises(Invalid) as refused:
        tasks.plan(me, a_contact(me), "meeting", When(day=date(2026, 11, 30)), minutes=45)
    assert refused.value.field == "minutes"
