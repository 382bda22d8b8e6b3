"""Tasks on screen: the list, planning, snoozing, completing, two people on one task."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.clock import When, instant, now, zone
from easir_tui.crm import cases, drafts, tasks
from easir_tui.crm.tasks import TaskFilter
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Draft, Task
from easir_tui.screens.form_screen import KEEP_AFTER
from tests.conftest import NOW, SIZES, look, running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact
from tests.screens.keys import field, lines, opened, press, typed

HOUR = 3600


def some_tasks(me: Me) -> dict[str, int]:
    """One overdue, two of today, one of later; made this morning."""
    contact, other = a_business_contact(me, first_name="Søren"), a_contact(me)
    case = cases.create(me, contact, "ID.4 to the board", path="new_car")
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        overdue = tasks.plan(me, contact, "call", When(at=now() + HOUR), "Ask about trade-in", case_id=case)
    return {
        "overdue": overdue,
        "reminder": tasks.plan(me, other, "remind", When(day=date(2026, 11, 25)), "Winter [tyres]"),
        "meeting": tasks.plan(me, contact, "meeting", When(at=now() + HOUR), "Test drive", minutes=45),
        "later": tasks.plan(me, other, "email", When(at=now() + 100 * HOUR), "Leasing contract"),
    }


# The list --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_overdue_today_and_later_in_words(app: EasirApp, me: Me, size: Any) -> None:
    some_tasks(me)
    async with running(app, size) as pilot:
        await press(pilot, "g", "k")
        shown = screen_text(app)
        look(app, f"tasks-{size[0]}")
        for part in ("! overdue", "• today", "later", "Winter [tyres]", "1 [Open 4]", "2 Overdue 1", "3 Today 2"):
            assert part in shown
        order = [shown.index(part) for part in ("Ask about", "Winter [tyres]", "Test drive", "Leasing")]
        assert order == sorted(order)


async def test_the_views_narrow_the_list(app: EasirApp, me: Me) -> None:
    some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "2")
        assert "Ask about" in screen_text(app)
        assert "Winter" not in screen_text(app)
        await press(pilot, "5")
        assert "Nothing has been completed yet" in screen_text(app)
        await press(pilot, "6")
        assert "Leasing" in screen_text(app)


async def test_a_reminder_is_ticked_off_and_u_brings_it_back(app: EasirApp, me: Me) -> None:
    made = some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "j", "t")
        assert tasks.one(me, made["reminder"]).status == "completed"
        assert "Winter" not in screen_text(app)
        assert "u undoes" in screen_text(app)
        await press(pilot, "u")
        assert tasks.one(me, made["reminder"]).status == "open"
        assert "Winter" in screen_text(app)


async def test_completing_a_call_opens_its_form_prefilled(app: EasirApp, me: Me) -> None:
    made = some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "t")
        assert "Saving completes the task" in screen_text(app)
        assert field(app, "note").text == "Ask about trade-in"
        await press(pilot, "space", "f10")
        assert tasks.one(me, made["overdue"]).status == "completed"
        assert "1 [Open 4]" in screen_text(app)
    assert tasks.count(me, TaskFilter()) == 4


@pytest.mark.parametrize(("key", "day"), [("t", 26), ("m", 30), ("w", 2)])
async def test_snooze_takes_one_key(app: EasirApp, me: Me, key: str, day: int) -> None:
    made = some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "z")
        look(app, "tasks-snooze-80")
        await press(pilot, key)
        moved = tasks.one(me, made["overdue"]).starts_at
        month = 12 if day < 10 else 11
        assert moved == instant(date(2026, month, day), 15, 0, zone(me.zone))
        assert "Moved to" in screen_text(app)


async def test_snooze_until_a_typed_time(app: EasirApp, me: Me) -> None:
    made = some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "z", "n")
        await typed(pilot, "fri 10")
        assert "Friday 27 November 2026 at 10:00" in lines(app)
        await press(pilot, "f10")
    assert tasks.one(me, made["overdue"]).starts_at == instant(date(2026, 11, 27), 10, 0, zone(me.zone))


async def test_delete_and_undo(app: EasirApp, me: Me) -> None:
    made = some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "d")
        assert tasks.count(me, TaskFilter()) == 3
        await press(pilot, "u")
    assert tasks.one(me, made["overdue"]).status == "open"


async def test_a_colleagues_tasks(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    jens = a_colleague(me)
    tasks.plan(me, contact, "call", When(at=now() + HOUR), "For Jens", assignee_id=jens.user_id)
    async with running(app) as pilot:
        await press(pilot, "f7")
        assert "For Jens" not in screen_text(app)
        await press(pilot, "w", "1")
        assert "For Jens" in screen_text(app)
        assert "Jens Holt" in screen_text(app)
        await press(pilot, "w", "m")
        assert "For Jens" not in screen_text(app)


async def test_a_colleagues_save_appears_and_the_cursor_stays_on_its_task(app: EasirApp, me: Me) -> None:
    made = some_tasks(me)
    jens = a_colleague(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "j", "j")
        rows = app.screen.rows
        assert rows.current_id == made["meeting"]
        contact = tasks.one(me, made["meeting"]).contact_id
        await app.store.tell(
            lambda: tasks.plan(
                jens, contact, "remind", When(day=date(2026, 11, 25)), "From Jens", assignee_id=me.user_id
            )
        )
        await app.look_for_changes()
        await settle(pilot)
        assert "From Jens" in screen_text(app)
        assert rows.current_id == made["meeting"]


async def test_only_the_rows_in_sight_are_read(app: EasirApp, me: Me) -> None:
    """Faults 65 and 66: 3,000 tasks cost what 30 do."""
    contact = a_contact(me)
    with_many = [
        {
            "contact_id": contact,
            "account_id": 1,
            "type": "call",
            "note": f"Task {number}",
            "assignee_id": me.user_id,
            "starts_at": now() + number * 60,
            "sort_at": now() + number * 60,
        }
        for number in range(3000)
    ]
    with step(me, "made many") as work:
        work.add_many(Task, with_many)
    async with running(app) as pilot:
        await press(pilot, "f7")
        assert app.screen.rows.total == 3000
        await press(pilot, "G")
        assert "Task 2999" in screen_text(app)


# Planning ----------------------------------------------------------------------------------------------------


async def test_planning_echoes_the_time_in_words(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "task", contact_id=contact)
        await press(pilot, "tab")
        await typed(pilot, "i morgen 9")
        assert "Thursday 26 November 2026 at 09:00" in lines(app)
        await press(pilot, "tab")
        await typed(pilot, "45")
        await press(pilot, "tab")
        await typed(pilot, "Ring igen")
        look(app, "task-plan-80")
        await press(pilot, "f10")
        assert "Planned for Thursday 26 November" in lines(app)
    planned = tasks.for_user(me)[0]
    assert (planned.note, planned.minutes) == ("Ring igen", 45)


@pytest.mark.parametrize(
    ("text", "reason"), [("yesterday", "has passed"), ("blah", "blah"), ("", "cannot be empty"), ("1/13", "1/13")]
)
async def test_a_time_that_cannot_be_says_why_and_keeps_the_text(app: EasirApp, me: Me, text: str, reason: str) -> None:
    """V7, faults 30: never a changed date."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "task", contact_id=contact)
        await press(pilot, "tab")
        await typed(pilot, text)
        await press(pilot, "f10")
        assert reason in lines(app)
        assert field(app, "when").value == text
        assert not Task.select().exists()


async def test_changing_a_task_writes_only_what_was_edited(app: EasirApp, me: Me) -> None:
    made = some_tasks(me)
    async with running(app) as pilot:
        await press(pilot, "f7", "E")
        field(app, "note").focus()
        await typed(pilot, "!")
        await press(pilot, "f10")
    changed = tasks.one(me, made["overdue"])
    assert changed.note in ("Ask about trade-in!", "!Ask about trade-in")
    assert changed.bucket == "overdue"


async def test_two_people_change_one_task(app: EasirApp, me: Me) -> None:
    """V17: both versions are shown in words, and mine is kept when I say so."""
    made = some_tasks(me)
    jens = a_colleague(me)
    async with running(app, (132, 36)) as pilot:
        await press(pilot, "f7", "G", "E")
        field(app, "when").value = "+2w"
        await settle(pilot)
        await app.store.tell(
            lambda: tasks.change(jens, made["later"], 1, when=When(day=date(2026, 12, 24)), minutes=None)
        )
        await press(pilot, "f10")
        look(app, "task-conflict-132")
        assert "Jens Holt changed this" in lines(app)
        assert "Thursday 24 December 2026" in lines(app)
        assert "Wednesday 9 December 2026" in lines(app)
        await press(pilot, "f10")
    assert tasks.one(me, made["later"]).day == "2026-12-09"


async def test_a_plan_half_written_is_kept(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "task", contact_id=contact)
        field(app, "note").focus()
        await typed(pilot, "Call about")
        await asyncio.sleep(KEEP_AFTER + 0.15)
        await settle(pilot)
        draft = drafts.waiting(me)[0]
        assert draft.opens == ("task", {"contact_id": contact, "task_id": None, "case_id": None})
        await press(pilot, "tab", "tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab")
        field(app, "when").focus()
        await typed(pilot, "fri")
        await press(pilot, "f10")
    assert not Draft.select().exists()
    assert tasks.for_user(me)[0].day == "2026-11-27"


@pytest.mark.parametrize("language", ["en", "da"])
async def test_the_views_fit_eighty_cells_whatever_their_numbers(app: EasirApp, me: Me, language: str) -> None:
    """Numbers give way before the name of a view does."""
    from easir_tui.crm.tasks import TaskCounts
    from easir_tui.language import activate

    activate(language)
    try:
        async with running(app) as pilot:
            await press(pilot, "f7")
            app.screen._counts = TaskCounts(12_345, 1_234, 123_456)
            assert sum(len(words) for words, _role in app.screen._views()) <= 80 - 8
            assert app.screen._views()[-1][0] in ("All", "Alle")
    finally:
        activate("en")


async def test_marked_tasks_are_completed_or_given_away_together(app, me):
    """Faults 61: the set is explicit, counted and named, and one undo brings all of it back."""
    from tests.crm.made import a_colleague

    a_colleague(me)
    ole = a_contact(me)
    for number in range(3):
        tasks.plan(me, ole, "call", When(at=now() + 3600 * (number + 1)), f"Nr {number}")
    async with running(app) as pilot:
        await pilot.press("g", "k", "asterisk")
        await settle(pilot)
        assert "3 marked" in screen_text(app)
        await pilot.press("r", "2")
        await settle(pilot)
        assert "This concerns 3 tasks: Ole Hansen" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert "3 tasks are given to Jens Holt." in screen_text(app)
        assert app.screen.rows.total == 0
        await pilot.press("u")
        await settle(pilot)
        assert app.screen.rows.total == 3
        await pilot.press("asterisk", "t", "y")
        await settle(pilot)
        assert "3 tasks are completed." in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert app.screen.rows.total == 3


async def test_only_tasks_of_one_type_path_or_team(app, me):
    """The filter is named beside whose tasks they are, and the numbers follow it."""
    from easir_tui.crm import cases, teams

    team = teams.add(me, "Nord")
    teams.set_members(me, team, [me.user_id])
    ole = a_contact(me)
    case = cases.create(me, ole, "Golf", path="used_car")
    tasks.plan(me, ole, "call", When(at=now() + 3600))
    tasks.plan(me, ole, "meeting", When(at=now() + 7200), case_id=case)
    async with running(app) as pilot:
        await pilot.press("g", "k")
        for key, shown, total in (("m", "Meeting", 1), ("2", "Used car", 1), ("0", "my tasks", 2)):
            await pilot.press("f", key)
            await settle(pilot)
            assert shown in screen_text(app).splitlines()[1]
            assert app.screen.rows.total == total
