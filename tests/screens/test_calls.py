"""Call mode: one call after another, one key for each outcome, and one undo."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.clock import When, now
from easir_tui.crm import calls, cases, consent, notes, tasks
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Contact, Membership, Task, Team
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import NotFound, Refused
from easir_tui.widgets.big_number import big
from tests.conftest import NOW, running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact


@pytest.fixture
def day(me: Me) -> dict[str, int]:
    """A late call on a case, one of today, a meeting that is no call, and one of tomorrow."""
    soren, ole = a_business_contact(me, first_name="Søren", last_name="Kjær"), a_contact(me)
    case = cases.create(me, soren, "ID.4 Pro", path="new_car")
    notes.write(me, soren, "Prefers a call before noon.")
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        late = tasks.plan(me, soren, "call", When(at=now() + 3600), "Ask about [trade-in]", case_id=case)
    due = tasks.plan(me, ole, "call", When(day=date(2026, 11, 25)), "Winter tyres")
    tasks.plan(me, ole, "meeting", When(at=now() + 3600))
    tasks.plan(me, ole, "call", When(at=now() + 100_000))
    return {"soren": soren, "ole": ole, "late": late, "due": due, "case": case}


def test_only_todays_calls_the_late_ones_first(me: Me, day: dict[str, int]) -> None:
    assert [one.id for one in calls.queue(me)] == [day["late"], day["due"]]


async def test_reached_with_a_note_and_the_next_person(app: EasirApp, me: Me, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "p")
        await settle(pilot)
        said = screen_text(app)
        for words in ("1 of 2", "Søren Kjær", "Ask about [trade-in]", "Prefers a call before noon.", "ID.4 Pro"):
            assert words in said, words
        assert big("+45 22 41 90 17", 74)[0] in said
        await pilot.press("tab", *"Vil have hvid", "escape", "r")
        await settle(pilot)
        held = row("SELECT kind, direction, outcome, note, case_id, milestones FROM activity WHERE kind = 'call'")
        assert held == ("call", "out", "reached", "Vil have hvid", day["case"], '["first_contact"]')
        assert value("SELECT status FROM task WHERE id = ?", day["late"]) == "completed"
        assert "Ole Hansen" in screen_text(app)
        assert "1 of 1" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert value("SELECT status FROM task WHERE id = ?", day["late"]) == "open"
        assert value("SELECT count(*) FROM activity WHERE kind = 'call' AND deleted_at IS NULL") == 0


async def test_no_answer_voicemail_and_call_back(app: EasirApp, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "p", "n")
        await settle(pilot)
        await pilot.press("b")
        await settle(pilot)
        await pilot.press(*"tomorrow", "space", "9", "f10")
        await settle(pilot)
        assert rows("SELECT outcome FROM activity WHERE kind = 'call' ORDER BY id") == [("no_answer",), ("no_answer",)]
        again = row("SELECT type, note, status FROM task ORDER BY id DESC LIMIT 1")
        assert again == ("call", "Winter tyres", "open")
        assert "2 calls made." in screen_text(app)


async def test_do_not_call_is_a_statement_in_the_ledger(app: EasirApp, me: Me, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "p", "x", "y")
        await settle(pilot)
        held = consent.state(me, day["soren"], "phone")
        assert (held.state, held.source) == ("refused", "on the phone")
        assert "is not called any more" in screen_text(app)
        assert value("SELECT status FROM task WHERE id = ?", day["late"]) == "completed"
        await pilot.press("u")
        await settle(pilot)
        assert consent.state(me, day["soren"], "phone").state == "not_asked"
        assert value("SELECT status FROM task WHERE id = ?", day["late"]) == "open"
        assert value("SELECT count(*) FROM activity WHERE kind = 'call' AND deleted_at IS NULL") == 0


async def test_the_next_step_of_the_person_just_reached(app: EasirApp, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "p")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "p plans the next step" in screen_text(app)
        await pilot.press("p")
        await settle(pilot)
        assert type(app.screen).__name__ == "TaskScreen"
        assert "Søren Kjær" in screen_text(app)


async def test_what_was_typed_outlives_a_save_that_fails(app: EasirApp, me: Me, day: dict[str, int]) -> None:
    """Faults 95: the disk is full, or a colleague ticked the call off a moment ago."""
    async with running(app) as pilot:
        await pilot.press("g", "p")
        await settle(pilot)
        await pilot.press("tab", *"precious", "escape")
        await settle(pilot)
        with patch("easir_tui.crm.activities.record", side_effect=Refused("The disk is full.")):
            await pilot.press("r")
            await settle(pilot)
        said = screen_text(app)
        assert "The disk is full." in said
        assert "precious" in said
        assert "1 of 2" in said


async def test_who_refused_is_not_dialled_by_accident(app: EasirApp, me: Me, day: dict[str, int]) -> None:
    consent.record(me, day["soren"], "phone", "refused", "by letter")
    async with running(app) as pilot:
        await pilot.press("g", "p")
        await settle(pilot)
        assert "Has refused to be called." in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Dial all the same?" in screen_text(app)
        await pilot.press("n")
        await settle(pilot)
        assert app.screen.began is None


async def test_the_clock_is_the_time_it_began_and_the_call_its_length(app: EasirApp, day: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "p", "enter")
        await settle(pilot)
        assert "on the phone since 14:00" in screen_text(app)
        with time_machine.travel(NOW + timedelta(minutes=6, seconds=20), tick=False):
            await pilot.press("r")
            await settle(pilot)
        assert value("SELECT minutes FROM activity WHERE kind = 'call'") == 7


async def test_what_is_typed_belongs_to_the_call_and_comes_back(app: EasirApp, day: dict[str, int]) -> None:
    """Faults 95."""
    async with running(app) as pilot:
        await pilot.press("g", "p", "tab", *"half a sentence", "escape", "j")
        await settle(pilot)
        assert "half a sentence" not in screen_text(app)
        await pilot.press("k")
        await settle(pilot)
        assert "half a sentence" in screen_text(app)
        await pilot.press("g", "c")
        await settle(pilot)
        assert value("SELECT count(*) FROM draft") == 1


async def test_an_empty_day_teaches(app: EasirApp) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "p")
        await settle(pilot)
        assert "No call is planned for today." in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        assert app.is_running


def test_the_number_is_large_where_it_fits() -> None:
    assert len(big("+45 22", 40)) == 3
    assert big("+45 22 41 90 17", 10) == ("+45 22 41 90 17",)
    assert big("ring mig", 80) == ("ring mig",)
    assert len({len(line) for line in big("0123456789+ ", 80, True)}) == 1


def test_a_call_of_another_team_is_nowhere(me: Me, day: dict[str, int]) -> None:
    """Faults 101 to 103: not in the queue, not as a card, and no outcome can be recorded."""
    jens = a_colleague(me)
    with step(me, "team", shown=False) as making:
        team, other = making.add(Team, name="Nord"), making.add(Team, name="Syd")
        making.add(Membership, user_id=jens.user_id, team_id=other)
        making.change(Contact, day["ole"], None, team_id=team)
        making.change(Task, day["due"], None, assignee_id=jens.user_id)
    assert calls.queue(jens) == []
    for act in (calls.card, lambda who, task: calls.finish(who, task, "reached"), calls.refuse):
        with pytest.raises(NotFound):
            act(jens, day["due"])
    assert value("SELECT count(*) FROM activity WHERE kind = 'call'") == 0
    assert value("SELECT count(*) FROM consent") == 0
