"""How one moves about on the contact page: tabs, panes, and the panels of a small window.

Where there is room the side bar and the notes stand beside the tabs; where there is not, `s` and `o` open them
over the main area and Esc closes them.
"""

from __future__ import annotations

from typing import ClassVar

from textual.widget import Widget

from easir_tui.commands import Command
from easir_tui.language import N_, _
from easir_tui.screens.contact_acts import ContactActs
from easir_tui.widgets.contact_head import HeadLine
from easir_tui.widgets.details import Details
from easir_tui.widgets.fields import Choice, FilterLine
from easir_tui.widgets.side_bar import PARTS

TABS = (
    ("details", N_("Details"), N_("Info")),
    ("cases", N_("Cases"), N_("Cases")),
    ("history", N_("Planned and history"), N_("History")),
    ("files", N_("Attachments"), N_("Files")),
)
"""Name, title and short title of the tabs, in the order of their keys."""


class ContactPanes(ContactActs):
    """The moving about; `contact.ContactScreen` is the page itself."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    async def open_tab(self, name: str, focus: bool = True) -> None:
        """Show a tab."""
        raise NotImplementedError

    def show_tabs(self) -> None:
        """Show which tab is open and what is folded away."""
        raise NotImplementedError

    def list_of(self, tab: Widget) -> Widget:
        """The list in a tab: what the cursor moves in."""
        return tab.facts if isinstance(tab, Details) else tab.list  # type: ignore[attr-defined]

    def on_head_line_pressed(self, event: HeadLine.Pressed) -> None:
        """A click on an action, a tab, or the name of what is folded."""
        event.stop()
        names = [name for name, _title, _short in TABS]
        if event.name in names:
            self.perform(self.action_tab, names.index(event.name) + 1)
        else:
            self.perform(self.action_command, event.name)

    async def action_tab(self, number: int) -> None:
        """Show a tab."""
        self._close_panels()
        await self.open_tab(TABS[number - 1][0])

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
        panes: list[Widget] = [self.side.block(part) for part in PARTS]
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
                self.side.block("about").focus()
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

    def _in_pane(self) -> bool:
        return self.focused is not None and self.query_one("#pane") in self.focused.ancestors

    def _in_filter(self) -> bool:
        return isinstance(self.focused, Choice | FilterLine)
