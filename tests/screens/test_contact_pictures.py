"""What the contact page looks like, at the three sizes it is drawn for."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from easir_tui.app import EasirApp
from easir_tui.crm.users import Me
from tests.conftest import settle
from tests.crm.made import a_colleague, a_contact
from tests.screens.nordlys import make_soren

SIZES = [(80, 24), (100, 30), (132, 36)]


def picture(app: EasirApp, contact_id: int, *keys: str) -> Any:
    """What is done before the picture is taken: the page opened, and keys pressed."""

    async def act(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await app.open("contact", contact_id=contact_id)
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return act


@pytest.mark.parametrize("size", SIZES)
def test_planned_and_history(app: EasirApp, me: Me, snap_compare: Any, size: tuple[int, int]) -> None:
    """Side bar, timeline and notes beside each other where there is room; one line of reach where there is not."""
    soren = make_soren(me, a_colleague(me))
    assert snap_compare(app, terminal_size=size, run_before=picture(app, soren))


@pytest.mark.parametrize("tab", ["1", "2", "4"])
@pytest.mark.parametrize("size", [(80, 24), (132, 36)])
def test_the_other_tabs(app: EasirApp, me: Me, snap_compare: Any, size: tuple[int, int], tab: str) -> None:
    """Details, cases, attachments."""
    soren = make_soren(me, a_colleague(me))
    assert snap_compare(app, terminal_size=size, run_before=picture(app, soren, tab))


@pytest.mark.parametrize("key", ["s", "o"])
def test_the_panels_of_a_small_window(app: EasirApp, me: Me, snap_compare: Any, key: str) -> None:
    """Side bar and notes over the main area at 80×24."""
    soren = make_soren(me, a_colleague(me))
    assert snap_compare(app, terminal_size=(80, 24), run_before=picture(app, soren, key))


def test_a_pen_stands_over_its_block(app: EasirApp, me: Me, snap_compare: Any) -> None:
    """The panel of the consent block, beside the page."""
    soren = make_soren(me, a_colleague(me))
    assert snap_compare(app, terminal_size=(132, 36), run_before=picture(app, soren, "tab", "tab", "tab", "E"))


def test_a_contact_about_whom_nothing_is_known(app: EasirApp, me: Me, snap_compare: Any) -> None:
    """Every pane says what it is for and which key begins."""
    bare = a_contact(me, emails=[], phones=[])
    assert snap_compare(app, terminal_size=(132, 36), run_before=picture(app, bare))
