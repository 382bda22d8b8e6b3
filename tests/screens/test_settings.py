"""Settings: the profile in the database, the looks in the file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from easir_tui import config
from easir_tui.app import EasirApp
from easir_tui.crm import people
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import value
from easir_tui.widgets.theme import THEMES
from tests.conftest import SIZES, running, screen_text, settle
from tests.screens.keys import field


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of the test's own."""
    path = tmp_path / "own" / "settings.toml"
    monkeypatch.setenv("EASIR_CONFIG", str(path))
    return path


async def opened(pilot: Any) -> None:
    await pilot.press("g", "o")
    await settle(pilot)


async def test_the_profile_is_saved_and_taken_back(app: EasirApp, me: Me, file: Path) -> None:
    async with running(app) as pilot:
        await opened(pilot)
        field(app, "from_name").focus()
        await pilot.press(*"Anna, Nordlys Biler", "tab", *"anna@nordlysbiler.dk", "tab", *"Hilsen", "f10")
        await settle(pilot)
        held = people.profile(me)
        assert (held.from_name, held.from_address, held.signature) == (
            "Anna, Nordlys Biler", "anna@nordlysbiler.dk", "Hilsen",
        )  # fmt: skip
        assert "Your settings are saved." in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert people.profile(me).from_name == ""
    assert not file.exists()


async def test_an_address_that_is_none_is_refused_beside_its_field(app: EasirApp, me: Me) -> None:
    async with running(app) as pilot:
        await opened(pilot)
        field(app, "from_address").focus()
        await pilot.press(*"anna at nordlys", "f10")
        await settle(pilot)
        assert "Settings" in screen_text(app)
        assert people.profile(me).from_address == ""


async def test_a_theme_is_taken_up_at_once(app: EasirApp, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('# mine\nhome = "contacts"  # the list\n\n[keymap]\n"contact.note" = "f9"\n')
    async with running(app) as pilot:
        await opened(pilot)
        app.screen.form.fill({"theme": "light"})  # type: ignore[attr-defined]
        await pilot.press("f10")
        await settle(pilot)
        assert app.theme == THEMES["light"].name
    assert file.read_text() == (
        '# mine\nhome = "contacts"  # the list\ntheme = "light"\n\n[keymap]\n"contact.note" = "f9"\n'
    )


async def test_another_language_begins_the_program_again(app: EasirApp) -> None:
    async with running(app) as pilot:
        await opened(pilot)
        field(app, "signature").focus()
        await pilot.press(*"Hilsen")
        app.screen.form.fill({"language": "da"})  # type: ignore[attr-defined]
        await app.screen.keep()  # type: ignore[attr-defined]
        assert value("SELECT count(*) FROM draft") == 1
        await pilot.press("f10")
        await settle(pilot)
        assert app.begins_again
        assert value("SELECT count(*) FROM draft") == 0, "what is saved does not come back as a draft"
    assert config.settings().language == "da"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
async def test_a_file_that_cannot_be_written_changes_nothing(app: EasirApp, me: Me, file: Path) -> None:
    file.parent.mkdir()
    file.parent.chmod(0o500)
    async with running(app) as pilot:
        await opened(pilot)
        app.screen.form.fill({"theme": "light", "full_name": "Anna B"})  # type: ignore[attr-defined]
        await pilot.press("f10")
        await settle(pilot)
        assert "cannot be written" in screen_text(app)
    file.parent.chmod(0o700)
    assert people.profile(me).full_name != "Anna B"


async def test_what_was_typed_is_offered_again(app: EasirApp) -> None:
    async with running(app) as pilot:
        await opened(pilot)
        field(app, "signature").focus()
        await pilot.press(*"Med venlig hilsen", "escape")
        await settle(pilot)
        await pilot.press("K")
        await settle(pilot)
        assert "Settings" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert field(app, "signature").text == "Med venlig hilsen"


@pytest.mark.parametrize("size", SIZES)
def test_picture(app: EasirApp, snap_compare: Any, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole form."""
    monkeypatch.setenv("EASIR_CONFIG", "/etc/easir.toml")

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await opened(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
