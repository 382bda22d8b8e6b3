"""Keys that arrive in one burst, as they do over a slow link or when a person types ahead."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.keys import _character_to_key

from easir_tui.widgets.inputs import FilterLine, Line
from tests.conftest import running, screen_text, settle


def burst(app, *keys: str) -> None:
    """Post keys all at once; a text of several letters is typed letter by letter."""
    for key in keys:
        if key.startswith("="):
            for letter in key[1:]:
                app.post_message(events.Key(_character_to_key(letter), letter))
        else:
            app.post_message(events.Key(key, None))


async def quiet(app, pilot) -> None:
    """Wait until a burst is worked through."""
    for _round in range(12):
        await asyncio.sleep(0.02)
        await settle(pilot)


@pytest.mark.parametrize("word", ["soren", "qqq", "xdn"])
async def test_letters_after_a_slash_are_the_filter(app, word):
    """Of "/soren" typed at once no letter is taken for a command."""
    async with running(app) as pilot:
        burst(app, "=/" + word)
        await quiet(app, pilot)
        assert app.screen.query_one(FilterLine).value == word


async def test_fields_filled_with_tabs_in_between(app):
    """Letters, Tab, letters, Tab: each word lands in its own field, and the save takes the last letter with it."""
    async with running(app) as pilot:
        burst(app, "=N")
        await quiet(app, pilot)
        first = app.focused
        burst(app, "=Ole", "tab", "=Hansen", "tab", "=23543979")
        await quiet(app, pilot)
        lines = list(app.screen.query(Line))
        values = [line.value for line in lines[lines.index(first) :][:3]]
        assert values == ["Ole", "Hansen", "23543979"]


async def test_a_letter_for_the_menu_that_is_about_to_open(app):
    """g and k at once open the tasks."""
    async with running(app) as pilot:
        burst(app, "=gk")
        await quiet(app, pilot)
        assert "[Tasks" in screen_text(app)


async def test_a_dialog_that_opens_another(app, me):
    """Keys typed after a key that opens one dialog out of another wait for the last one."""
    from textual.widgets import Input

    from easir_tui.screens.confirm import ConfirmScreen, TypedConfirm

    class First(ConfirmScreen):
        def on_mount(self) -> None:
            self.perform(self._second)

        async def _second(self) -> None:
            await asyncio.sleep(0.05)
            await self.app.show(TypedConfirm("Sure?", "Ole"))

    async with running(app) as pilot:

        async def open_first() -> None:
            await app.show(First("One?"))

        app.screen.action_go_to = open_first
        burst(app, "=gyes")
        await quiet(app, pilot)
        assert isinstance(app.screen, TypedConfirm)
        assert app.screen.query_one(Input).value == "yes"
