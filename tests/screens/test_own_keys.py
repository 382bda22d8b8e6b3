"""Own keys: pressed once, kept in the settings file, obeyed at once and after the next start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from easir_tui import config
from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.conftest import SIZES, running, screen_text, settle
from tests.screens.keys import press, typed


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of the test's own."""
    path = tmp_path / "own" / "settings.toml"
    monkeypatch.setenv("EASIR_CONFIG", str(path))
    return path


async def at_the_command(pilot: Any, words: str) -> None:
    await press(pilot, "g", "b", "slash")
    await typed(pilot, words)
    await press(pilot, "enter")


async def test_another_key_holds_at_once_everywhere(app: EasirApp, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('theme = "dark"  # mine\n')
    async with running(app) as pilot:
        await at_the_command(pilot, "choose the screen")
        await press(pilot, "E", "ctrl+t")
        assert "^t is Go to now." in screen_text(app)
        assert file.read_text() == 'theme = "dark"  # mine\n\n[keymap]\n"go" = "ctrl+t"\n'
        await press(pilot, "g")
        assert not app.screen.is_modal
        await press(pilot, "ctrl+t", "c")
        assert "^t Go to" in screen_text(app)
        await press(pilot, "g")
        assert not app.screen.is_modal
        await press(pilot, "ctrl+t")
        assert app.screen.is_modal


async def test_one_more_key_and_back_to_ours(app: EasirApp, file: Path) -> None:
    async with running(app) as pilot:
        await at_the_command(pilot, "last change")
        await press(pilot, "N", "f12")
        assert config.settings().keymap == {"undo": "u,f12"}
        assert "u F12" in screen_text(app)
        await press(pilot, "d")
        assert config.settings().keymap == {}
        assert "Undo has the keys it came with." in screen_text(app)
        await press(pilot, "d")
        assert "It has the keys it came with." in screen_text(app)


async def test_a_key_that_means_something_else_there_is_refused(app: EasirApp, file: Path) -> None:
    async with running(app) as pilot:
        await at_the_command(pilot, "choose the screen")
        await press(pilot, "E", "u")
        assert "u is Undo here." in screen_text(app)
        await press(pilot, "E", "enter")
        assert "Enter is To the list here." in screen_text(app)
        await press(pilot, "E", "ctrl+c")
        assert "^c always means the same." in screen_text(app)
        await press(pilot, "E", "escape")
        assert not app.screen.is_modal
    assert not file.exists()


async def test_esc_stays_back_whatever_else_is(app: EasirApp, file: Path) -> None:
    async with running(app) as pilot:
        await at_the_command(pilot, "back to where")
        await press(pilot, "E", "f12")
        assert config.settings().keymap == {"back": "escape,f12"}
        await press(pilot, "d")
        assert config.settings().keymap == {}


async def test_a_letter_is_no_key_where_one_types(app: EasirApp, file: Path) -> None:
    async with running(app) as pilot:
        await at_the_command(pilot, "save and close")
        await press(pilot, "E", "s")
        assert "s is a letter where one types" in screen_text(app)
        await press(pilot, "E", "f12")
        assert config.settings().keymap == {"form.save": "f12"}


async def test_a_key_freed_by_one_command_can_be_had_by_another(store: Store, me: Me, file: Path) -> None:
    """Commands that shared a key with a changed one keep theirs."""
    file.parent.mkdir()
    file.write_text('[keymap]\n"list.down" = "J"\n"go" = "f12"\n')
    app = EasirApp(store, me, Settings(theme="dark", home="contacts", keymap=config.settings().keymap))
    async with running(app) as pilot:
        await press(pilot, "f12", "b")
        await press(pilot, "J")
        assert app.screen.keys.current_id == 2  # type: ignore[attr-defined]
        await press(pilot, "slash")
        await typed(pilot, "what was deleted")
        await press(pilot, "down")
        assert app.focused is app.screen.keys  # type: ignore[attr-defined]
        await press(pilot, "E", "g")
        assert config.settings().keymap["trash"] == "g"
        await press(pilot, "question_mark")
        assert "J" in screen_text(app)


async def test_keys_for_no_command_are_told_of(store: Store, me: Me) -> None:
    """A slip in the file never silently does nothing."""
    app = EasirApp(store, me, Settings(theme="dark", home="contacts", keymap={"contact.nite": "f2"}))
    async with running(app) as pilot:
        await settle(pilot)
        assert "There is no command contact.nite to have keys" in screen_text(app)


async def test_a_table_written_otherwise_is_left_alone(app: EasirApp, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('keymap = { "undo" = "z" }\n')
    async with running(app) as pilot:
        await at_the_command(pilot, "choose the screen")
        await press(pilot, "E", "f12")
        assert "cannot be edited here" in screen_text(app).replace("\n", " ")
    assert file.read_text() == 'keymap = { "undo" = "z" }\n'


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pressed", [("j",), ("j", "E")], ids=["list", "press"])
def test_picture(app: EasirApp, snap_compare: Any, file: Path, pressed: tuple[str, ...], size: tuple[int, int]) -> None:
    """The list with a key of one's own, and the box that waits for one."""
    config.update_keymap("go", "f12")
    app.settings = config.settings()

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, "f12", "b", *pressed)
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
