"""Users and teams on screen, and on the command line."""

from __future__ import annotations

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import cases, people, teams
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import value
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_colleague, a_contact


@pytest.fixture
def jens(me: Me) -> Me:
    return a_colleague(me)


async def test_a_colleague_is_let_in_and_made_team_admin(app: EasirApp, me: Me) -> None:
    teams.add(me, "Nord")
    async with running(app) as pilot:
        await pilot.press("g", "u", "N")
        await settle(pilot)
        await pilot.press(*"mette", "tab", *"Mette Lund", "tab", "tab", "space", "f10")
        await settle(pilot)
        assert "mette may come in." in screen_text(app)
        assert teams.teams_of(me, people.of_login(me, "mette")) == (1,)
        await pilot.press("j", "r", "t")
        await settle(pilot)
        assert "Mette Lund is Team admin now." in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert people.profile(me, people.of_login(me, "mette")).role == "user"


async def test_leaving_asks_who_takes_over(app: EasirApp, me: Me, jens: Me) -> None:
    """V10."""
    cases.create(jens, a_contact(me), "ID.4", path="new_car")
    async with running(app) as pilot:
        await pilot.press("g", "u", "j", "X")
        await settle(pilot)
        assert "1 open case" in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        assert value("SELECT manager_id FROM sales_case") == me.user_id
        assert "left" in screen_text(app)


async def test_a_team_gets_hours(app: EasirApp, me: Me) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "u", "2")
        await settle(pilot)
        assert "everybody sees everything" in screen_text(app)
        await pilot.press("N")
        await settle(pilot)
        await pilot.press(*"Nord", "tab", "space", "tab", *"9-17:30")
        await app.screen.keep()  # type: ignore[attr-defined]
        await pilot.press("f10")
        await settle(pilot)
        held = teams.facts(me, 1)
        assert held.hours == {"mon": [["09:00", "17:30"]]}
        assert value("SELECT count(*) FROM draft") == 0
        assert [name for _id, name in held.members] == ["Anna Holm"]
        await pilot.press("enter")
        await settle(pilot)
        assert "9:00-17:30" in screen_text(app)


async def test_only_an_admin_changes_anything(store, me: Me, jens: Me) -> None:
    from easir_tui.config import Settings

    app = EasirApp(store, jens, Settings(theme="dark", home="contacts"))
    async with running(app) as pilot:
        await pilot.press("g", "u")
        await settle(pilot)
        assert "Only an admin changes" in screen_text(app)
        await pilot.press("r", "t")
        await settle(pilot)
        assert people.profile(me, me.user_id).role == "admin"
        assert "Only an admin can do that." in screen_text(app)


async def test_a_new_role_counts_at_once_and_who_left_is_shown_out(store, me: Me, jens: Me) -> None:
    from easir_tui.config import Settings

    app = EasirApp(store, jens, Settings(theme="dark", home="contacts"))
    async with running(app) as pilot:
        people.set_role(me, jens.user_id, "admin")
        await app.look_for_changes()
        await settle(pilot)
        assert app.me.is_admin
        people.deactivate(me, jens.user_id)
        await app.look_for_changes()
        await pilot.pause(0.1)
        assert "jens is not enrolled here." in app.last_words
    assert app.return_code == 0
