"""The two kinds of screen: one that fills the window, with the bar above, and a dialog over it.

A screen says what stands between bar and key line; its commands are the business of `screens.commanded`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from easir_tui.commands import Command, everywhere, lists, sign
from easir_tui.language import _
from easir_tui.screens.commanded import Commanded, ResultT
from easir_tui.widgets.key_line import KeyLine
from easir_tui.widgets.top_bar import TopBar


class EasirScreen(Commanded[ResultT]):
    """A full screen: top bar, body, key line.

    class TasksScreen(EasirScreen[None]):
        PLACE = "tasks"
        COMMANDS = (*lists.MOVES, lists.FILTER)
        def compose_body(self) -> ComposeResult: ...
    """

    COMMON: ClassVar[tuple[Command, ...]] = (*everywhere.ALL, lists.FILTER_LEAVE, lists.FILTER_EMPTY)
    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    PLACE: ClassVar[str] = ""
    """The place of the top bar this screen belongs to."""

    def compose(self) -> ComposeResult:
        """Bar, body, key line."""
        places = [(p.name, p.title) for p in everywhere.PLACES if p.function_key]
        yield TopBar(places, self.PLACE, self.app.me.login)
        yield from self.compose_body()
        yield KeyLine()

    def compose_body(self) -> ComposeResult:
        """What stands between the bar and the key line."""
        return ()

    def on_top_bar_pressed(self, event: TopBar.Pressed) -> None:
        """A click in the top bar goes there."""
        event.stop()
        self.perform(self.app.go, event.place)

    def show_counts(self, counts: Mapping[str, str]) -> None:
        """How much waits at each place."""
        for bar in self.query(TopBar):
            bar.count(counts)

    async def action_back(self) -> None:
        """Back to the screen below."""
        if len(self.app.screen_stack) > 1:
            self.dismiss(None)
        else:
            self.app.say(_("q leaves EASI'R"))

    async def action_leave(self) -> None:
        """Back, and out of the program from the first screen."""
        if len(self.app.screen_stack) > 1:
            await self.action_back()
        else:
            await self.app.leave()

    async def action_drafts(self) -> None:
        """What was begun and not saved."""
        await self.app.open("drafts")

    async def action_trash(self) -> None:
        """What was deleted."""
        await self.app.open("trash")

    async def action_redraw(self) -> None:
        """Draw everything anew."""
        self.app.redraw()

    async def action_go(self, place: str) -> None:
        """Straight to a place."""
        await self.app.go(place)

    async def action_go_to(self) -> None:
        """The go-to menu, which shows its choices."""
        from easir_tui.screens.menu import MenuItem, MenuScreen

        items = [
            MenuItem(place.key, _(place.title), place.name, sign(place.function_key) if place.function_key else "")
            for place in everywhere.PLACES
        ]
        items.append(MenuItem("o", _(everywhere.SETTINGS.title), "settings"))
        chosen = await self.app.show(MenuScreen(_("Go to"), items))
        if chosen == "settings":
            await self.action_settings()
        elif chosen:
            await self.app.go(chosen)

    async def action_settings(self) -> None:
        """One's own profile and settings."""
        await self.app.open("settings")

    async def action_palette(self) -> None:
        """Find a command by its name."""
        chosen = await self.app.show("palette", screen=self)
        if chosen is not None:
            await self.action_command(chosen.value)

    async def action_open_anything(self) -> None:
        """Find a record by a few letters."""
        await self.app.open_anything()

    async def action_undo(self) -> None:
        """Take back the last change."""
        await self.app.undo()

    async def action_steps(self) -> None:
        """The list of last changes."""
        await self.app.open("steps")


class EasirModal(ModalScreen[ResultT], Commanded[ResultT], inherit_bindings=False):
    """A dialog: a bordered box over the page, with its own key line at the foot of the box."""

    COMMON: ClassVar[tuple[Command, ...]] = everywhere.IN_DIALOGS
    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    DEFAULT_CSS = """
    EasirModal { align: center middle; background: transparent; }
    EasirModal > #dialog {
        width: 72;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        background: $surface;
        border: round $border;
        border-title-color: $accent;
        border-title-style: bold;
        padding: 0 1;
    }
    EasirModal KeyLine { margin-top: 1; }
    """

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.heading = title

    def compose(self) -> ComposeResult:
        """The box: body, key line."""
        from easir_tui.widgets.content import plain

        with Vertical(id="dialog") as box:
            box.border_title = plain(self.heading)
            yield from self.compose_body()
            yield KeyLine()

    def compose_body(self) -> ComposeResult:
        """What stands in the box."""
        return ()
