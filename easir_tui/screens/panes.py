"""How one moves about on a page of a person or a company: tabs, panes, and the panels of a small window.

Where there is room the side bar and the notes stand beside the tabs; where there is not, `s` and `o` open them
over the main area and Esc closes them. A tab is built when it is first opened.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from textual import events, getters
from textual.containers import Vertical
from textual.widget import Widget

from easir_tui.commands import Command
from easir_tui.commands import contact_page as keys
from easir_tui.language import _
from easir_tui.screens.base import EasirScreen
from easir_tui.widgets.contact_head import ActionBar, HeadLine, TabLine, capped
from easir_tui.widgets.fields import Choice, FilterLine
from easir_tui.widgets.notes_pane import NotesPane
from easir_tui.widgets.side_bar import SideBar


class Panes(EasirScreen[None]):
    """The moving about. A page names its `TABS`, composes what `panes.tcss` lays out (`#side`, `#main` with
    `#tabs` and `#pane`, `#notes`, `#actions`), and says how a tab is made and read anew."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()
    CSS_PATH = "panes.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal"), (120, "-wide")]

    TABS: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """Name, title and short title of the tabs, in the order of their keys."""

    side = getters.query_one("#side", SideBar)
    notes = getters.query_one("#notes", NotesPane)

    def __init__(self, tab: str) -> None:
        super().__init__()
        self.tab = tab
        self._built: dict[str, Widget] = {}
        self._stale: set[str] = set()

    @abstractmethod
    def tab_counts(self) -> Mapping[str, int] | None:
        """How many there are of what a tab holds, and under `notes` of notes; None before anything was read."""

    @abstractmethod
    def new_tab(self, name: str) -> Widget:
        """The widget of a tab, when it is first opened."""

    @abstractmethod
    async def reload_tab(self, name: str) -> None:
        """Read a tab anew that missed something."""

    def fill_tab(self, tab: Widget) -> None:
        """Give a tab that was just built what is known already."""

    def list_of(self, tab: Widget) -> Widget:
        """The list in a tab: what the cursor moves in."""
        return tab.list  # type: ignore[attr-defined, no-any-return]

    def tab_named(self, name: str, otherwise: str) -> str:
        """The name of a tab, or the other one where there is none of that name."""
        return name if name in {known for known, _title, _short in self.TABS} else otherwise

    # -- tabs -----------------------------------------------------------------------------------------

    def show_tabs(self) -> None:
        """Show which tab is open, what is counted beside each, and what is folded away."""
        counts = self.tab_counts()
        if counts is None:
            return
        self.query_one("#tabs", TabLine).show(self.tab, {name: capped(count) for name, count in counts.items()})
        folded = []
        if self.has_class("-narrow") or self.has_class("-side-folded"):
            folded.append((keys.SIDE_BAR.id, ""))
        if not self.has_class("-wide") or self.has_class("-notes-folded"):
            folded.append((keys.NOTES.id, capped(counts.get("notes", 0))))
        self.query_one("#actions", ActionBar).fold(folded)

    def on_resize(self, _event: events.Resize) -> None:
        """What is folded away is named where it is."""
        self.call_after_refresh(self.show_tabs)

    async def open_tab(self, name: str, focus: bool = True) -> None:
        """Show a tab; one that was never open is built now, one that missed changes reads them now."""
        if self.tab_counts() is None:
            return
        self.tab = name
        pane = self.query_one("#pane", Vertical)
        widget = self._built.get(name)
        if widget is None:
            widget = self._built[name] = self.new_tab(name)
            widget.display = False
            await pane.mount(widget)
            self.fill_tab(widget)
        with self.app.batch_update():
            for other, built in self._built.items():
                built.display = other == name
            self.show_tabs()
        if name in self._stale:
            self._stale.discard(name)
            await self.reload_tab(name)
        if focus:
            self.list_of(widget).focus()
        self.refresh_commands()

    def on_head_line_pressed(self, event: HeadLine.Pressed) -> None:
        """A click on an action, a tab, or the name of what is folded."""
        event.stop()
        names = [name for name, _title, _short in self.TABS]
        if event.name in names:
            self.perform(self.action_tab, names.index(event.name) + 1)
        else:
            self.perform(self.action_command, event.name)

    async def action_tab(self, number: int) -> None:
        """Show a tab."""
        self._close_panels()
        await self.open_tab(self.TABS[number - 1][0])

    async def action_next_pane(self) -> None:
        """To the next block or pane; among filters, to the next one."""
        self._next_pane(1)

    async def action_previous_pane(self) -> None:
        """To the block or pane before."""
        self._next_pane(-1)

    def _next_pane(self, by: int) -> None:
        if self._in_filter():
            self.focus_next() if by > 0 else self.focus_previous()
            return
        panes: list[Widget] = [self.side.block(part) for part in self.side.PARTS]
        panes += [self.list_of(self._built[self.tab]), self.notes.list]
        if self.notes.is_writing:
            panes.append(self.notes.field)
        panes = [pane for pane in panes if pane.focusable]
        if panes:
            at = panes.index(self.focused) if self.focused in panes else -1 if by > 0 else 0
            panes[(at + by) % len(panes)].focus()

    async def action_side_bar(self) -> None:
        """Show or fold the side bar."""
        if self.has_class("-narrow"):
            self.remove_class("-notes-open")
            self.toggle_class("-side-open")
            if self.has_class("-side-open"):
                self.side.block(self.side.PARTS[0]).focus()
                return
        else:
            self.toggle_class("-side-folded")
        self._back_to_pane()

    async def action_notes(self) -> None:
        """Show or fold the notes."""
        if self.has_class("-wide"):
            self.toggle_class("-notes-folded")
            opened = not self.has_class("-notes-folded")
        else:
            self.remove_class("-side-open")
            self.toggle_class("-notes-open")
            opened = self.has_class("-notes-open")
        if opened:
            self.notes.list.focus()
            self.show_tabs()
        else:
            self._back_to_pane()

    async def action_back(self) -> None:
        """Out of the innermost thing: a note being written, a filter, a panel, the page."""
        if self.notes.is_writing:
            await self.notes.leave()
            self.app.say(_("Kept as a draft; + opens it again"))
        elif self._in_filter():
            self.list_of(self._built[self.tab] if self._in_pane() else self.notes).focus()
        elif self.has_class("-side-open") or self.has_class("-notes-open"):
            self._close_panels()
            self._back_to_pane()
        else:
            await super().action_back()

    def show_notes(self) -> None:
        """Make sure that the notes can be seen."""
        if self.has_class("-wide"):
            self.remove_class("-notes-folded")
        else:
            self.remove_class("-side-open")
            self.add_class("-notes-open")
        self.show_tabs()

    def _close_panels(self) -> None:
        self.remove_class("-side-open", "-notes-open")

    def _back_to_pane(self) -> None:
        self.list_of(self._built[self.tab]).focus()
        self.show_tabs()

    def _has_focus(self, widget: Widget) -> bool:
        return self.focused is not None and (self.focused is widget or widget in self.focused.ancestors)

    def _in_pane(self) -> bool:
        return self.focused is not None and self.query_one("#pane") in self.focused.ancestors

    def _in_filter(self) -> bool:
        return isinstance(self.focused, Choice | FilterLine)
