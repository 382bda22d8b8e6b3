"""Links that a terminal follows: their targets are sent as they are, so nothing but a number or an address is one."""

from __future__ import annotations

import json

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from easir_tui.app import EasirApp
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import run, writing
from easir_tui.widgets.content import linked, plain
from easir_tui.widgets.painter import Painter
from tests.conftest import running, settle
from tests.crm.made import a_contact

HOSTILE = ["tel:\x1b]52;c;aGk=\x07", "tel:+45\x9b31m", "mailto:a@b.dk\x1b\\", "https://firma.dk", "tel:+4522\n", "tel:"]


@pytest.mark.parametrize("target", HOSTILE)
def test_only_numbers_and_addresses_are_links(target: str) -> None:
    """Faults 91, at the place where links are made and at the one where they are sent."""
    assert linked(plain("x"), target).spans == []
    lines = [[Strip([Segment("x", Style(link=target))])]]
    painted = Painter().paint(
        LayoutUpdate([iter(line) for line in lines], Region(0, 0, 1, 1)), Size(1, 1), ColorSystem.TRUECOLOR
    )
    assert painted is not None
    assert "]8;;" not in painted


@pytest.mark.parametrize("target", ["tel:+4522419017", "tel:112", "mailto:søren@firma.dk", "mailto:soren+x@firma.dk"])
def test_numbers_and_addresses_are_links(target: str) -> None:
    assert bool(linked(plain("x"), target).spans) == target.isascii()


async def test_a_number_that_is_none_is_no_link_in_the_call_form(app: EasirApp, me: Me) -> None:
    """Faults 91: a number stored before this program cleaned what came in."""
    contact = a_contact(me)
    with writing():
        phones = json.dumps([{"label": "", "number": "", "raw": "12\x1b]52;c;aGk=\x07", "extension": ""}])
        run("UPDATE contact SET phones = ? WHERE id = ?", phones, contact)
    async with running(app, (100, 30)) as pilot:
        await app.open("activity", kind="call", contact_id=contact)
        await settle(pilot)
        shown = [segment for strip in app.screen._compositor.render_strips(app.size) for segment in strip]
    assert not [s for s in shown if s.style and s.style.link]
    assert not any("\x1b" in segment.text for segment in shown)
