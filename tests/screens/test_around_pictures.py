"""Pictures of what is around the contact page, at both designed sizes and, of Today, in Danish."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui import language
from easir_tui.app import EasirApp
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Membership
from tests.conftest import SIZES, settle
from tests.crm.made import a_colleague
from tests.screens.test_form_pictures import day
from tests.screens.test_leads import three

__all__ = ["day", "three"]


@pytest.fixture
def town(me: Me, day: dict[str, int], three: dict[str, int]) -> dict[str, int]:
    """A day with leads, and a colleague in the team."""
    jens = a_colleague(me)
    with step(me, "made", shown=False) as making:
        making.add(Membership, user_id=jens.user_id, team_id=1)
    return {**day, **three}


PLACES: dict[str, tuple[str, ...]] = {
    "today": ("g", "t", "j"),
    "cases": ("g", "s"),
    "cases filtered": ("g", "s", "/", *"next<fri value>1000", "enter"),
    "leads": ("g", "l", "j"),
    "lead": ("g", "l", "enter"),
    "reject lead": ("g", "l", "r"),
    "pipeline": ("g", "v"),
    "call mode": ("g", "p"),
    "users": ("g", "u"),
    "teams": ("g", "u", "2"),
    "team": ("g", "u", "2", "enter"),
    "open anything": ("ctrl+o", *"mik"),
    "go to": ("g",),
}
"""Place → the keys that lead there from the list of contacts."""


def walk(*keys: str) -> Any:
    """Press keys, each after what the one before started."""

    async def act(pilot: Any) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press({" ": "space", "<": "less_than_sign", ">": "greater_than_sign"}.get(key, key))
            await settle(pilot)
        await settle(pilot)

    return act


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES)
def test_picture(app: EasirApp, town: dict[str, int], snap_compare: Any, place: str, size: tuple[int, int]) -> None:
    """Each place with something in it."""
    assert snap_compare(app, terminal_size=size, run_before=walk(*PLACES[place]))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step_", [1, 2, 3])
def test_accepting(app: EasirApp, town: dict[str, int], snap_compare: Any, step_: int, size: tuple[int, int]) -> None:
    """The wizard for the lead of a company."""
    keys = ("f10",) * (step_ - 1)

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await pilot.app.open("accept_lead", lead_id=town["firm"])
        await walk(*keys)(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)


@pytest.mark.parametrize("size", SIZES)
def test_today_in_danish(app: EasirApp, town: dict[str, int], snap_compare: Any, size: tuple[int, int]) -> None:
    """The words of the other language are longer."""
    language.activate("da")
    assert snap_compare(app, terminal_size=size, run_before=walk("g", "t"))
