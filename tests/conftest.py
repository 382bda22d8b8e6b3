"""What every test stands on: a fixed moment, a home of its own, English, and an empty database with one admin.

    async def test_it(app):
        async with running(app, size=(80, 24)) as pilot:
            await pilot.press("N")
            assert "New contact" in screen_text(app)

`EASIR_LOOK=folder pytest …` writes a picture (SVG) of each screen that a test passes to `look`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

if TYPE_CHECKING:
    from textual.app import App
    from textual.pilot import Pilot

    from easir_tui.app import EasirApp
    from easir_tui.crm.users import Me
    from easir_tui.data.database import Store

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
"""The moment every test happens at: a Wednesday afternoon."""

SIZES = [(80, 24), (132, 36)]
"""The two sizes every screen is designed for."""


@pytest.fixture(autouse=True)
def fixed_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands still, and nothing of the person who runs the tests is read or written."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name, folder in (("CONFIG", ".config"), ("DATA", ".local/share"), ("STATE", ".local/state")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    for name in ("EASIR_DB", "EASIR_CONFIG", "EASIR_PATHS", "LC_ALL", "LC_MESSAGES", "NO_COLOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EASIR_LANG", "en")
    monkeypatch.setenv("LANG", "C.UTF-8")
    from easir_tui import language, relations

    language.activate("en")
    relations.use_company(None)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database in a file of its own, open and connected in this thread."""
    from easir_tui.data.database import open_store

    opened = open_store(tmp_path / "easir.db")
    yield opened
    opened.close()


@pytest.fixture
def me(store: Store) -> Me:
    """Anna Holm, the admin, who was here before."""
    from dataclasses import replace

    from easir_tui.crm.users import log_in
    from easir_tui.data.sqlite import run, writing

    log_in("anna")
    with writing():
        run("UPDATE app_user SET full_name = 'Anna Holm', initials = 'AH' WHERE login = 'anna'")
    return replace(log_in("anna"), first_start=False)


@pytest.fixture
def app(store: Store, me: Me) -> EasirApp:
    """The application on that database, not running yet."""
    from easir_tui.app import EasirApp
    from easir_tui.config import Settings

    return EasirApp(store, me, Settings(theme="dark", home="contacts"))


@asynccontextmanager
async def running(app: App[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The application in a window of that size, its first screen ready."""
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing is on its way: questions answered, acts done, the screen painted."""
    quiet = 0
    for _round in range(200):
        await pilot.pause()
        quiet = 0 if getattr(pilot.app, "underway", 0) else quiet + 1
        if quiet > 2:
            return
        await asyncio.sleep(0.005)


def screen_text(app: App[Any]) -> str:
    """What the terminal shows, line by line, without colours."""
    _width, height = app.size
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips[:height])


def look(app: App[Any], name: str) -> None:
    """Keep a picture of the screen where EASIR_LOOK says so."""
    folder = os.environ.get("EASIR_LOOK")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")
