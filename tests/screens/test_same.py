"""Deciding who is one person, and merging field by field, by keys."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import contact_facts, same_person
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Consent, Contact
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.crm.made import a_contact
from tests.screens.keys import lines, opened, press


@pytest.fixture
def pairs(me: Me) -> tuple[int, int, int, int]:
    """Ole twice, by his address; Søren twice, by name and town; a couple with one number."""
    first = a_contact(me, city="Aarhus", birthday="1980-02-29")
    second = a_contact(me, first_name="Ole B.", phones=[], title="Dr", city="Viborg")
    third = a_contact(me, first_name="Søren", last_name="Kjær", city="Ribe", emails=[], phones=[])
    fourth = a_contact(me, first_name="Søren", last_name="Kjær", city="Ribe", emails=[], phones=[], website="kjaer.dk")
    shared = [{"label": "", "number": "+4586124400", "raw": "", "extension": ""}]
    a_contact(me, first_name="Ida", last_name="Lund", emails=[], phones=shared)
    a_contact(me, first_name="Karl", last_name="Lund", emails=[], phones=shared)
    with step(me, "said", shown=False) as saying:
        for contact, state in ((first, "given"), (second, "refused")):
            saying.add(Consent, contact_id=contact, channel="email", state=state, at=contact, user_id=me.user_id)
    return first, second, third, fourth


@pytest.mark.parametrize("size", SIZES)
async def test_one_pair_after_another(app: EasirApp, me: Me, pairs: tuple[int, ...], size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await press(pilot, "g", "d")
        look(app, f"same-{size[0]}")
        assert "2 pairs wait" in screen_text(app)
        assert "same e-mail address, ole@example.dk" in screen_text(app)
        assert "Their consents differ; the latest statement counts: E-mail refused" in lines(app)
        await press(pilot, "n")
        assert "same name in Ribe" in screen_text(app)
        await press(pilot, "n")
        assert "same e-mail address" in screen_text(app), "what was put off comes back when nothing else is left"
        await press(pilot, "2")
        assert "One now: Ole B. Hansen" in screen_text(app)
        held = contact_facts.show(me, pairs[1])
        assert (held.birthday, held.title, len(held.phones), held.city) == ("1980-02-29", "Dr", 1, "Viborg")
        await press(pilot, "b")
        assert "not asked about again" in lines(app)
        assert "No two contacts look like one person" in screen_text(app)
        await press(pilot, "u")
        assert "same name in Ribe" in screen_text(app)
        await press(pilot, "u")
        assert contact_facts.show(me, pairs[0]).name == "Ole Hansen"
    assert len(same_person.pairs(me)) == 2


async def test_field_by_field(app: EasirApp, me: Me, pairs: tuple[int, ...]) -> None:
    async with running(app, (132, 36)) as pilot:
        await press(pilot, "g", "d", "f")
        assert "Ole Hansen · stays" in screen_text(app)
        look(app, "merge-132")
        await press(pilot, "right")
        assert "✔ Ole B." in screen_text(app)
        await press(pilot, "w")
        assert "Ole B. Hansen · stays" in screen_text(app)
        assert "✔ Ole B." in screen_text(app)
        await press(pilot, "ctrl+s")
        assert "1 contact merged into Ole B. Hansen" in lines(app)
    assert [one.id for one in Contact.select().where(Contact.merged_into.is_null(False))] == [pairs[0]]


async def test_marked_in_the_list_or_from_the_page(app: EasirApp, me: Me, pairs: tuple[int, ...]) -> None:
    async with running(app) as pilot:
        await press(pilot, "M")
        assert "Mark the contacts that are one person" in lines(app)
        await press(pilot, "slash", *"kjær", "enter", "space", "j", "space", "M")
        assert "Søren Kjær · stays" in screen_text(app)
        await press(pilot, "f10")
        assert "1 contact merged into Søren Kjær" in lines(app)
        await opened(pilot, "contact", contact_id=pairs[0])
        await press(pilot, "M")
        assert "Who is the same person?" in screen_text(app)
        assert "Ole B. Hansen" in screen_text(app)
        await press(pilot, "enter")
        await press(pilot, "f10")
        assert "1 contact merged into Ole Hansen" in lines(app)
    assert contact_facts.show(me, pairs[0]).title == "Dr"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("f",)], ids=["pair", "fields"])
def test_pictures(
    app: EasirApp, snap_compare: Any, pairs: tuple[int, ...], keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async def act(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, "g", "d", *keys)

    assert snap_compare(app, terminal_size=size, run_before=act)
