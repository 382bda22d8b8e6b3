"""Relations paths on screen: named, ordered, changed and taken away by an admin, for everybody at once."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui import relations
from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm import cases, company_paths
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.conftest import SIZES, running, screen_text, settle
from tests.crm.made import a_colleague, a_contact, an_admin
from tests.screens.keys import field, press, typed


async def gone_to(pilot: Any) -> None:
    await press(pilot, "g", "w")


async def test_a_path_is_made_with_its_milestones(app: EasirApp) -> None:
    async with running(app) as pilot:
        await gone_to(pilot)
        assert "Needs clarified" in screen_text(app)
        await press(pilot, "N")
        await typed(pilot, "Boat")
        await press(pilot, "tab")
        await typed(pilot, "Båd")
        await press(pilot, "f10")
        assert "The path is saved." in screen_text(app)
        assert relations.paths()["boat"].title == "Boat"
        await press(pilot, "enter", "N")
        await typed(pilot, "Sea trial")
        await press(pilot, "tab", "tab")
        await typed(pilot, "40 %")
        await press(pilot, "tab", "right", "right", "right", "tab")
        await typed(pilot, "3")
        await press(pilot, "f10")
        made = relations.paths()["boat"].milestones[-1]
        assert (made.title, made.chance, made.follow_up_type, made.follow_up_days) == ("Sea trial", 40, "call", 3)
        assert "Call · 3 days" in screen_text(app)
        await press(pilot, "minus")
        assert [one.key for one in relations.paths()["boat"].milestones] == ["sea_trial", "first_contact"]
        await press(pilot, "d")
        assert [one.key for one in relations.paths()["boat"].milestones] == ["first_contact"]
        await press(pilot, "d")
        assert "The last milestone stays." in screen_text(app)
        await press(pilot, "u")
        assert len(relations.paths()["boat"].milestones) == 2


async def test_what_is_wrong_stands_in_the_form(app: EasirApp) -> None:
    async with running(app) as pilot:
        await gone_to(pilot)
        await press(pilot, "tab", "E")
        field(app, "chance").value = "many"
        await press(pilot, "f10")
        assert "✗ The chance is a per cent" in screen_text(app)
        field(app, "chance").value = "140"
        await press(pilot, "f10")
        assert "✗ The chance is a per cent" in screen_text(app)
        field(app, "chance").value, field(app, "follow_up_days").value = "10", "4000"
        await press(pilot, "f10")
        assert "✗ a number from 0 to 3650" in screen_text(app)
        field(app, "follow_up_days").value = "1"
        field(app, "chance").value = "10"
        field(app, "en").value = field(app, "da").value = " "
        await press(pilot, "f10")
        assert "Write a name." in screen_text(app)
        assert company_paths.held(app.me).version == company_paths.FILE


async def test_cases_stand_in_the_way_and_are_counted(app: EasirApp, me: Me) -> None:
    cases.create(me, a_contact(me), "ID.4", path="new_car")
    async with running(app) as pilot:
        await gone_to(pilot)
        await press(pilot, "d")
        assert "1 case follows New car." in screen_text(app)


async def test_two_admins_settle_what_both_changed(app: EasirApp, me: Me) -> None:
    jens = an_admin(me)
    async with running(app) as pilot:
        await gone_to(pilot)
        await press(pilot, "E")
        field(app, "en").value = "Brand new car"
        company_paths.put_path(jens, company_paths.held(jens), "new_car", en="New vehicle")
        await press(pilot, "f10")
        assert "New vehicle" in screen_text(app)
        assert "Brand new car" in screen_text(app)
        await press(pilot, "f10")
        await settle(pilot)
        assert relations.paths()["new_car"].title == "Brand new car"
        company_paths.put_path(jens, company_paths.held(jens), "new_car", en="Motor")
        await app.look_for_changes()
        await settle(pilot)
        assert "Motor" in screen_text(app)


async def test_others_look_and_do_not_change(store: Store, me: Me) -> None:
    app = EasirApp(store, a_colleague(me), Settings(theme="dark", home="contacts"))
    async with running(app) as pilot:
        await gone_to(pilot)
        assert "Only an admin changes them." in screen_text(app)
        await press(pilot, "tab", "plus")
        assert "Only an admin can do that." in screen_text(app)
        assert relations.paths()["new_car"].milestones[0].key == "first_contact"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pressed", [(), ("tab", "j", "E")], ids=["list", "milestone"])
def test_picture(app: EasirApp, me: Me, snap_compare: Any, pressed: tuple[str, ...], size: tuple[int, int]) -> None:
    """The paths, and the form of a milestone."""
    cases.create(me, a_contact(me), "ID.4", path="new_car")

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, "g", "w", *pressed)
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
