"""The pen: only what was edited is saved, errors stand beside their fields, two versions are shown side by side."""

from __future__ import annotations

import pytest

from easir_tui.errors import Conflict, Invalid, NeedsConfirmation, Refused
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.widgets.fields import Field
from tests.conftest import running, screen_text, settle
from tests.widgets.bench import Bench

FIELDS = (Field("street", "Street", value="Havnegade 12"), Field("city", "City", value="Aarhus C", required=True))


class Saving:
    """A save that answers as it is told, and remembers what it was given."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[dict, int | None]] = []

    async def __call__(self, changed, version):
        self.asked.append((changed, version))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


def clash() -> Conflict:
    return Conflict(
        "Changed meanwhile.", entity="contact", row_id=1, theirs={"street": "Nygade 1", "city": "Aalborg"},
        mine={"street": "x", "city": "y"}, original={"street": "Havnegade 12", "city": "Aarhus C"},
        who="Jens Thomsen", at=1764070000, version=9,
    )  # fmt: skip


async def panel(app, pilot, save):
    await app.push_screen(EditPanel("Address", FIELDS, save), callback=app.answers.append)
    await settle(pilot)


async def test_only_what_was_edited_is_saved():
    """A partial edit names its own fields and no others (faults 9)."""
    app, save = Bench(), Saving()
    async with running(app) as pilot:
        await panel(app, pilot, save)
        await pilot.press("end", *"A", "f10")
        await settle(pilot)
        assert save.asked == [({"street": "Havnegade 12A"}, None)]
        assert app.answers == [True]


async def test_nothing_edited_is_nothing_saved():
    """F10 on an untouched panel closes it."""
    app, save = Bench(), Saving()
    async with running(app) as pilot:
        await panel(app, pilot, save)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert save.asked == []
        assert app.answers == [None]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(Invalid("city", "No such city."), "No such city."), (Refused("Not now.", "Try later."), "Not now. Try later.")],
)
async def test_a_refusal_keeps_what_was_typed(error, sentence):
    """It stands beside the field, or on top, and the text stays."""
    app, save = Bench(), Saving(error)
    async with running(app) as pilot:
        await panel(app, pilot, save)
        await pilot.press("end", *" B", "f10")
        await settle(pilot)
        assert sentence in screen_text(app)
        assert "Havnegade 12 B" in screen_text(app)
        assert app.answers == []


async def test_a_required_field_says_so():
    """An empty required field is not sent at all."""
    app, save = Bench(), Saving()
    async with running(app) as pilot:
        await panel(app, pilot, save)
        await pilot.press("tab", "ctrl+u", "f10")
        await settle(pilot)
        assert "This cannot be empty." in screen_text(app)
        assert save.asked == []


async def test_a_second_confirmation():
    """What needs one asks, and saves again with it."""
    app, save = Bench(), Saving(NeedsConfirmation("It has three cases. Go on?"), None)
    async with running(app) as pilot:
        await panel(app, pilot, save)
        await pilot.press("end", "x", "f10")
        await settle(pilot)
        assert "three cases" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert len(save.asked) == 2
        assert app.answers == [True]


async def test_two_people_edited_the_same_fields():
    """Both versions are shown field by field; theirs is left alone, mine is saved over the version now stored (V17)."""
    app, save = Bench(), Saving(clash(), None)
    async with running(app, size=(100, 30)) as pilot:
        await panel(app, pilot, save)
        await pilot.press("end", *" A", "tab", "end", *" 2", "f10")
        await settle(pilot)
        shown = screen_text(app)
        assert "Jens Thomsen" in shown
        assert "Nygade 1" in shown
        assert "Aalborg" in shown
        await pilot.press("tab", "right", "f10")
        await settle(pilot)
        assert save.asked[1] == ({"street": "Havnegade 12 A"}, 9)
        assert app.answers == [True]


async def test_going_back_from_two_versions_keeps_the_typed_text():
    """Esc in the comparison returns to the fields as they were typed."""
    app, save = Bench(), Saving(clash())
    async with running(app, size=(100, 30)) as pilot:
        await panel(app, pilot, save)
        await pilot.press("end", *" A", "f10")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "Havnegade 12 A" in screen_text(app)
        assert app.answers == []


async def test_leaving_with_typed_text_asks():
    """Esc on an edited panel asks once; n goes on typing, y leaves."""
    app, save = Bench(), Saving()
    async with running(app) as pilot:
        await panel(app, pilot, save)
        await pilot.press("end", "x", "escape")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert app.answers == []
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert app.answers == [None]
