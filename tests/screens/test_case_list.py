"""The list of all cases: views, the filter as it is typed, marks, and what is done to many."""

from __future__ import annotations

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import cases
from easir_tui.crm.case_list import count
from easir_tui.crm.users import Me, enrol
from easir_tui.data.sqlite import value
from easir_tui.screens.cases import CasesScreen
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_business_contact, a_contact


@pytest.fixture
def fleet(me: Me) -> dict[str, int]:
    """Three open cases and one that was won."""
    enrol(me, "jens", "Jens Østergaard")
    soren, ole = a_business_contact(me, first_name="Søren", last_name="Kjær"), a_contact(me)
    made = {
        "id4": cases.create(me, soren, "ID.4 [Pro]", path="new_car", value=39990000),
        "skoda": cases.create(me, ole, "Škoda Enyaq", path="new_car", value=9000000),
        "golf": cases.create(me, ole, "Brugt Golf", path="used_car"),
        "won": cases.create(me, soren, "Caddy", path="new_car"),
    }
    cases.close(me, made["won"], None, "won")
    return made


async def test_views_filter_and_enter(app: EasirApp, fleet: dict[str, int]) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "s")
        await settle(pilot)
        assert isinstance(app.screen, CasesScreen)
        assert "[Open]" in screen_text(app)
        assert "ID.4 [Pro]" in screen_text(app)
        assert "Caddy" not in screen_text(app)
        await pilot.press("4")
        await settle(pilot)
        assert "[Won]" in screen_text(app)
        assert "Caddy" in screen_text(app)
        await pilot.press("5", "slash", *"skoda")
        await pilot.pause(0.1)
        await settle(pilot)
        assert app.screen.records.total == 1
        await pilot.press("enter", "enter")
        await settle(pilot)
        assert getattr(app.screen, "case_id", None) == fleet["skoda"]
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen.filter_line.value == "skoda"
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen.filter_line.value == "status:open"


async def test_a_word_that_is_not_understood_leaves_the_list_alone(app: EasirApp, fleet: dict[str, int]) -> None:
    """Faults 62 and 71: the sentence names the word; the rows stay, and stay marked."""
    async with running(app) as pilot:
        await pilot.press("g", "s", "space", "slash")
        app.screen.filter_line.value = "status:open stauts:x"
        await pilot.pause(0.1)
        await settle(pilot)
        assert "“stauts” is no key of the filter." in screen_text(app)
        assert app.screen.records.total == 3
        assert "1 marked" in screen_text(app)
        app.screen.filter_line.value = "status:open"
        await pilot.pause(0.1)
        await settle(pilot)
        assert "no key" not in screen_text(app)


async def test_marked_cases_change_hands_and_come_back(app: EasirApp, me: Me, fleet: dict[str, int]) -> None:
    """Faults 61 and 63: what is marked and no longer shown is counted, and what is done is said with its number."""
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "s", "asterisk")
        await settle(pilot)
        assert "3 marked" in screen_text(app)
        await pilot.press("slash", *"golf")
        await pilot.pause(0.1)
        await settle(pilot)
        assert "3 marked, 2 not shown" in screen_text(app)
        await pilot.press("enter", "r")
        await settle(pilot)
        assert "3 cases" in screen_text(app)
        await pilot.press("2")
        await settle(pilot)
        assert "3 cases are given to Jens Østergaard." in screen_text(app)
        assert count(me, "manager:jens") == 3
        await pilot.press("u")
        await settle(pilot)
        assert count(me, "manager:jens") == 0


async def test_one_case_is_closed_as_lost_with_a_reason(app: EasirApp, fleet: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "s", "C", "l")
        await settle(pilot)
        await pilot.press(*"price", "f10")
        await settle(pilot)
        assert "1 case is closed as lost." in screen_text(app)
        assert value("SELECT reason FROM sales_case WHERE outcome = 'lost'") == "price"
        assert app.screen.records.total == 2


async def test_a_filter_becomes_a_view_of_ones_own(app: EasirApp, fleet: dict[str, int]) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "s", "slash", *"value", "greater_than_sign", *"100k")
        await pilot.pause(0.1)
        await settle(pilot)
        await pilot.press("enter", "V")
        await settle(pilot)
        await pilot.press(*"Big", "f10")
        await settle(pilot)
        assert "6 [Big]" in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        assert app.screen.records.total == 3
        await pilot.press("6")
        await settle(pilot)
        assert app.screen.records.total == 1
        await pilot.press("X", "1")
        await settle(pilot)
        assert "Big" not in screen_text(app).splitlines()[1]
        await pilot.press("u")
        await settle(pilot)
        assert "Big" in screen_text(app).splitlines()[1]


async def test_what_a_colleague_opens_appears(app: EasirApp, me: Me, fleet: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "s", "j")
        await settle(pilot)
        held = app.screen.records.current_id
        cases.create(me, a_contact(me, first_name="Åse"), "Ny Polo", path="new_car")
        await app.look_for_changes()
        await settle(pilot)
        assert "Ny Polo" in screen_text(app)
        assert app.screen.records.current_id == held


async def test_nothing_found_teaches(app: EasirApp) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "s")
        await settle(pilot)
        assert "No case is found" in screen_text(app)
        await pilot.press("5")
        await settle(pilot)
        assert "N on a contact opens one" in screen_text(app)
