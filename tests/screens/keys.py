"""Keys pressed in tests of screens, and what stands on the screen after them."""

from __future__ import annotations

from typing import Any

from easir_tui.app import EasirApp
from tests.conftest import screen_text, settle


async def press(pilot: Any, *keys: str) -> None:
    """Keys, each with all it sets in motion."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def typed(pilot: Any, text: str) -> None:
    """Text typed key by key."""
    await pilot.press(*[{" ": "space", "\n": "enter"}.get(sign, sign) for sign in text])
    await settle(pilot)


async def opened(pilot: Any, name: str, **arguments: Any) -> None:
    """A screen by name."""
    await pilot.app.open(name, **arguments)
    await settle(pilot)


def field(app: EasirApp, name: str) -> Any:
    """A field of the form on top."""
    return app.screen.query_one(f"#field-{name}")


def lines(app: EasirApp) -> str:
    """The screen with its line breaks taken out."""
    return " ".join(screen_text(app).split())
