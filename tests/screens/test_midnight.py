"""A session left open over night shows the new day in the morning (faults 57 to 59)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import time_machine

from easir_tui.clock import When
from easir_tui.crm import cases, contacts, tasks
from easir_tui.crm.contacts import NewContact
from tests.conftest import running, screen_text, settle

EVENING = datetime(2026, 11, 25, 23, 59, tzinfo=ZoneInfo("Europe/Copenhagen"))
MORNING = datetime(2026, 11, 26, 0, 1, tzinfo=ZoneInfo("Europe/Copenhagen"))


async def test_today_is_overdue_after_midnight_and_not_before(app, me):
    bo = contacts.create(me, NewContact(kind="private", first_name="Bo", last_name="Holm"))
    tasks.plan(me, bo, "call", When(day=date(2026, 11, 25)), "Ring to Bo")
    with time_machine.travel(EVENING, tick=False):
        async with running(app) as pilot:
            await app.look_for_changes()
            await pilot.press("g")
            await settle(pilot)
            await pilot.press("k")
            await settle(pilot)
            assert "• today" in screen_text(app)
            with time_machine.travel(MORNING, tick=False):
                await app.look_for_changes()
                await settle(pilot)
                shown = screen_text(app)
                assert "! overdue" in shown
                assert "Tasks 1!1" in shown


async def test_the_history_of_an_open_contact_moves_on(app, me):
    contacts.create(me, NewContact(kind="private", first_name="Bo", last_name="Holm"))
    with time_machine.travel(EVENING, tick=False):
        async with running(app) as pilot:
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("3")
            await settle(pilot)
            assert "today" in screen_text(app)
            with time_machine.travel(MORNING, tick=False):
                await app.look_for_changes()
                await settle(pilot)
                assert "Wed 25 Nov" in screen_text(app)


async def test_an_open_case_moves_on_too(app, me):
    bo = contacts.create(me, NewContact(kind="private", first_name="Bo", last_name="Holm"))
    case = cases.create(me, bo, "Bil", path="new_car")
    tasks.plan(me, bo, "call", When(day=date(2026, 11, 25)), "Ring to Bo", case_id=case)
    with time_machine.travel(EVENING, tick=False):
        async with running(app) as pilot:
            await app.open("case", case_id=case)
            await settle(pilot)
            assert "overdue" not in screen_text(app)
            with time_machine.travel(MORNING, tick=False):
                await app.look_for_changes()
                await settle(pilot)
                assert "overdue" in screen_text(app)
