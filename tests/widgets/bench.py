"""A bare application to try one widget or dialog in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from textual.screen import Screen
from textual.widget import Widget

from easir_tui.config import Settings
from easir_tui.screens.base import EasirScreen
from easir_tui.widgets.ordered_keys import OrderedKeys
from easir_tui.widgets.theme import THEMES


class BenchScreen(EasirScreen[None]):
    """A screen with one widget on it."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets

    def compose_body(self):
        yield from self.widgets

    def changed_commands(self, *commands: Any) -> None:
        """Give the screen commands of its own."""
        self.COMMANDS = commands


class Bench(OrderedKeys):
    """`Bench(Block("Address"))` shows a widget, `Bench(dialog=…)` a dialog; `answers` is what came back."""

    SCREEN_CLASSES = {
        "chooser": "easir_tui.screens.chooser:Chooser",
        "help": "easir_tui.screens.help:HelpScreen",
        "palette": "easir_tui.screens.palette:Palette",
    }

    def __init__(self, *widgets: Widget, dialog: Screen[Any] | None = None, theme: str = "dark") -> None:
        self.me = SimpleNamespace(login="anna", full_name="Anna Holm", zone="Europe/Copenhagen", user_id=1)
        self.settings = Settings(theme=theme)
        super().__init__()
        for one in THEMES.values():
            self.register_theme(one)
        self.theme = THEMES[theme].name
        self.widgets = widgets
        self.dialog = dialog
        self.answers: list[Any] = []
        self.quits = 0

    @property
    def places(self):
        return frozenset(("contacts", "tasks"))

    def get_default_screen(self):
        return BenchScreen(*self.widgets)

    def on_mount(self) -> None:
        if self.dialog is not None:
            self.push_screen(self.dialog, callback=self.answers.append)

    async def acted(self, screen) -> None:
        await screen.acted()

    def stumble(self, error: Exception) -> None:
        self._exception = error
        self._exception_event.set()

    async def action_quit(self) -> None:
        self.quits += 1
