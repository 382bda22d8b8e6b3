"""The key map: every command can be typed on a Danish keyboard, in every terminal, and no key means two things."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from easir_tui.app import SCREENS, EasirApp
from easir_tui.commands import Command, key_list, table
from easir_tui.config import Settings
from easir_tui.screens.commanded import Commanded
from tests.conftest import running, screen_text, settle

PLAIN = re.compile(r"[a-zA-Z0-9]|f([1-9]|1[0-2])|ctrl\+[cdefgklnopqrstuwxy]|up|down|left|right|home|end|page(up|down)")
NAMED = {
    "question_mark", "slash", "asterisk", "less_than_sign", "greater_than_sign", "space", "enter", "escape", "tab",
    "shift+tab", "plus", "minus", "comma", "full_stop",
}  # fmt: skip
"""Keys that a Danish keyboard types without AltGr or a dead key, and that terminals and tmux hand on."""


def classes() -> list[type[Commanded]]:
    """Every screen of the program."""
    found = []
    for path in SCREENS.values():
        module, _colon, name = path.partition(":")
        found.append(getattr(import_module(module), name))
    return found


@pytest.mark.parametrize("command", table(), ids=lambda command: command.id)
def test_every_command_can_be_typed(command: Command):
    """At least one key of each is safe (faults 94); none needs Alt, AltGr, or a key that terminals swallow."""
    keys = key_list(command.keys) or tuple(command.typed.split())
    assert any(PLAIN.fullmatch(key) or key in NAMED for key in keys)
    for key in keys:
        assert not key.startswith("alt+")
        assert key not in {"ctrl+a", "ctrl+b", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+z"}
        assert not re.fullmatch(r"(shift|ctrl)\+f\d+", key)
        assert len(key) > 1 or key.isalnum(), "punctuation goes by its name"


def test_ids_are_unique_and_everything_is_explained():
    """One id is one command, with a title, a group and a tooltip for palette and help."""
    commands = table()
    assert len({command.id for command in commands}) == len(commands)
    for command in commands:
        assert command.title, command.id
        assert command.tooltip, command.id
        assert command.group, command.id


@pytest.mark.parametrize("screen", classes(), ids=lambda screen: screen.__name__)
def test_a_key_means_one_thing_on_a_screen(screen: type[Commanded]):
    """Two commands share a key only where one asks the focus or a condition, or is the screen's own."""
    taken: dict[str, Command] = {}
    for command in screen.all_commands():
        for key in key_list(command.keys):
            other = taken.setdefault(key, command)
            if other is command or command.action == other.action:
                continue
            conditional = any(c.allowed is not None or c.action.startswith("focused.") for c in (command, other))
            own_first = other in screen.COMMANDS and command not in screen.COMMANDS
            assert conditional or own_first, f"{key}: {other.id} and {command.id}"


@pytest.mark.parametrize("screen", classes(), ids=lambda screen: screen.__name__)
def test_every_command_of_a_screen_is_in_the_table(screen: type[Commanded]):
    """`easir keys` and the settings file know every command of every screen."""
    known = {command.id for command in table()}
    assert {command.id for command in screen.all_commands()} <= known


@pytest.mark.parametrize("screen", classes(), ids=lambda screen: screen.__name__)
def test_every_command_has_its_action(screen: type[Commanded]):
    """A command of a screen's own list is answered by the screen or by a widget."""
    for command in screen.COMMANDS:
        if not command.action.startswith("focused."):
            name = command.action.partition("(")[0]
            assert hasattr(screen, f"action_{name}"), command.id


async def test_own_keys_from_the_settings(store, me):
    """`[keymap]` gives a command other keys; the key line and the help show them."""
    app = EasirApp(store, me, Settings(theme="dark", home="contacts", keymap={"go": "f12"}))
    async with running(app) as pilot:
        assert "F12 Go to" in screen_text(app)
        await pilot.press("g")
        await settle(pilot)
        assert not app.screen.is_modal
        await pilot.press("f12")
        await settle(pilot)
        assert app.screen.is_modal


async def test_letters_are_text_while_a_field_has_the_focus(app):
    """In the search line every letter is text, and the key line shows only keys that are not."""
    async with running(app) as pilot:
        await pilot.press("slash")
        await settle(pilot)
        await pilot.press(*"nudqgsN?")
        await settle(pilot)
        assert not app.screen.is_modal
        assert app.focused.value == "nudqgsN?"
        foot = screen_text(app).splitlines()[-1]
        assert "Esc Show all" in foot
        assert "F1 Help" in foot
        assert "Undo" not in foot


async def test_escape_does_not_leave_the_program(app):
    """Esc at the first screen says how one leaves; q leaves."""
    async with running(app) as pilot:
        await pilot.press("escape")
        await settle(pilot)
        assert "q leaves" in screen_text(app)
        assert app.is_running
        await pilot.press("q")
        await settle(pilot)
        assert app.return_code == 0
