"""Today, the first screen: what waits, Enter and the five actions from any row, and live as things change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.clock import When, now
from easir_tui.config import Settings
from easir_tui.crm import cases, lead_list, seen, tasks
from easir_tui.crm.counts import waiting
from easir_tui.crm.today import load
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Lead
from easir_tui.data.sqlite import value
from easir_tui.screens.today import TodayScreen
from tests.conftest import NOW, running, screen_text, settle
from tests.crm.made import a_business_contact, a_contact
from tests.crm.test_contact_list import statements


@pytest.fixture
def app(store, me) -> EasirApp:
    """The application as it begins."""
    return EasirApp(store, me, Settings(theme="dark"))


@pytest.fixture
def day(me: Me) -> dict[str, int]:
    """One of everything that may stand here."""
    soren, ole = a_business_contact(me, first_name="Søren", last_name="Kjær"), a_contact(me)
    case = cases.create(me, soren, "ID.4 Pro", path="new_car", value=39990000)
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        late = tasks.plan(me, ole, "call", When(at=now() + 3600), "Ask about trade-in")
    due = tasks.plan(me, ole, "remind", When(day=date(2026, 11, 25)), "Winter [tyres]")
    tasks.plan(me, ole, "call", When(at=now() + 500_000), "Later")
    with step(me, "received", shown=False) as adding:
        lead = adding.add(Lead, name="Mads O'Brien", product="ID.Buzz", source="web", received_at=now() - 600,
                          due_at=now() + 1200)  # fmt: skip
    return {"soren": soren, "ole": ole, "case": case, "late": late, "due": due, "lead": lead}


async def test_it_is_the_first_screen_and_says_what_waits(app: EasirApp, day: dict[str, int]) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)
        said = screen_text(app)
        for words in ("Overdue  1", "Today  1", "Leads  1", "Cases with no next step  1", "Ask about trade-in",
                      "Winter [tyres]", "ID.4 Pro", "ID.Buzz", "1 overdue", "Tasks 2!1", "Leads 1"):  # fmt: skip
            assert words in said, words
        assert "Later" not in said


async def test_the_five_actions_and_enter_work_from_a_row(app: EasirApp, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await settle(pilot)
        while app.screen.things[app.screen.rows.current_id].__class__.__name__ != "TaskRow":
            await pilot.press("j")
        await pilot.press("n")
        await settle(pilot)
        await pilot.press(*"Hello", "f10")
        await settle(pilot)
        assert value("SELECT note FROM activity WHERE contact_id = ?", day["ole"]) == "Hello"
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen.contact_id == day["ole"]
        await pilot.press("escape")
        await settle(pilot)
        assert "Seen last  1" in screen_text(app)


async def test_a_reminder_is_ticked_off_and_comes_back(app: EasirApp, me: Me, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await settle(pilot)
        while app.screen.thing.id != day["due"] or app.screen.thing.__class__.__name__ != "TaskRow":
            await pilot.press("j")
        await pilot.press("t")
        await settle(pilot)
        assert value("SELECT status FROM task WHERE id = ?", day["due"]) == "completed"
        assert "Winter" not in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "Winter" in screen_text(app)
        await pilot.press("home", "j", "z")
        await settle(pilot)
        assert "Snooze until" in screen_text(app)


async def test_a_lead_is_nobodys_contact_yet(app: EasirApp, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await settle(pilot)
        assert app.screen.thing.id == day["lead"]
        await pilot.press("c")
        await settle(pilot)
        assert "nobody's contact yet" in screen_text(app)


async def test_an_empty_day_teaches(app: EasirApp) -> None:
    async with running(app) as pilot:
        await settle(pilot)
        assert "Nothing waits for you." in screen_text(app)


async def test_what_a_colleague_plans_for_me_appears(app: EasirApp, me: Me, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await settle(pilot)
        tasks.plan(me, day["soren"], "call", When(at=now() + 1800), "Urgent")
        await app.look_for_changes()
        await settle(pilot)
        assert "Urgent" in screen_text(app)


def test_the_number_of_statements_does_not_grow(me: Me, day: dict[str, int]) -> None:
    """Faults 66."""
    with statements() as few:
        load(me)
    for number in range(40):
        contact = a_contact(me, last_name=f"Nr {number}")
        seen.mark(me, contact)
        cases.create(me, contact, f"Case {number}", path="new_car")
        tasks.plan(me, contact, "call", When(at=now() + 600 + number))
    with statements() as many:
        load(me)
    assert len(many) == len(few) <= 20


def test_leads_are_counted_with_what_is_late(me: Me, day: dict[str, int]) -> None:
    assert waiting(me) == {"tasks": "2!1", "leads": "1"}
    with step(me, "escalated", shown=False) as changing:
        changing.change(Lead, day["lead"], None, status="escalated", escalated_at=now())
    assert waiting(me)["leads"] == "1!1"
    assert [one.id for one in lead_list.page(me, "escalated")] == [day["lead"]]


def test_only_the_latest_are_remembered(me: Me) -> None:
    for number in range(60):
        with time_machine.travel(NOW + timedelta(minutes=number), tick=False):
            seen.mark(me, a_contact(me, last_name=f"Nr {number}"))
    assert value("SELECT count(*) FROM seen") == seen.KEPT
    assert seen.latest(me, 1)[0].name == "Ole Nr 59"
