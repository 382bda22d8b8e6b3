"""Picking one thing by typing a few letters of it.

    chosen = await self.app.show("chooser", title=_("Account"), search=search, create=_("New account “{text}”"))

`search` is asked at each key and gives a limited number of options; stale answers are dropped by number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from easir_tui.commands import forms
from easir_tui.data.database import Superseded
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirModal
from easir_tui.widgets.inputs import Line
from easir_tui.widgets.option import New, Option, Search
from easir_tui.widgets.record_list import Column, RecordList, Row


class Chooser(EasirModal[Option | New]):
    """Dismissed with the `Option` chosen, a `New`, or None.

    Args:
        title: what is chosen.
        search: the options for what is typed.
        create: offers to make a new one, such as "New account “{text}”"; empty does not.
        start: text the search begins with.
        at: value the cursor stands on at first.
        empty: what to say when nothing is found.
    """

    COMMANDS = (forms.ACCEPT, forms.CLOSE)

    DEFAULT_CSS = """
    Chooser > #dialog { height: 20; max-height: 90%; }
    Chooser RecordList { margin-top: 1; background: $surface; }
    """

    def __init__(
        self,
        title: str,
        search: Search,
        create: str = "",
        start: str = "",
        at: Any = None,
        empty: str = "",
    ) -> None:
        super().__init__(title)
        self._search = search
        self._create = create
        self._start = start
        self._at = at
        self._empty = empty
        self._options: list[Option | New] = []
        self._number = 0
        self._found = asyncio.Event()

    def compose_body(self) -> ComposeResult:
        """The line that is typed into, the options under it."""
        yield Line(self._start, placeholder=_("type to find"), id="typed")
        found = RecordList(
            self.columns(),
            empty=self._empty or _("Nothing found. Type other letters."),
            header=False,
            lit=True,
            id="options",
        )
        found.can_focus = False
        yield found

    def columns(self) -> tuple[Column, Column]:
        """Room for label and detail."""
        return (Column("", min=12, share=2), Column("", min=8, role="dim", drop=1))

    async def on_mount(self) -> None:
        """Begin with what was typed before."""
        self.query_one(Line).cursor_position = len(self._start)
        await self._look()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Ask again."""
        event.stop()
        self.perform(self._look)

    async def _look(self) -> None:
        self._number += 1
        number = self._number
        self._found.clear()
        words = self.query_one(Line).value.strip()
        try:
            found = await self._search(words)
        except Superseded:
            return
        except Refused as error:
            self.app.report(error)
            found = []
        if number != self._number or not self.is_attached:
            return
        self.fill(found, words)
        self._found.set()

    def fill(self, found: Sequence[Option], words: str) -> None:
        """Show these options."""
        self._options = list(found)
        if self._create and words:
            self._options.append(New(words))
        shown = self.query_one(RecordList)
        shown.set_rows(
            [
                Row(i + 1, (self._create.format(text=option.text),), role="accent")
                if isinstance(option, New)
                else Row(i + 1, (option.label, option.detail))
                for i, option in enumerate(self._options)
            ]
        )
        at = next((i for i, o in enumerate(self._options) if isinstance(o, Option) and o.value == self._at), 0)
        shown.move_to(at if self._at is not None and not words else 0)

    async def on_key(self, event: events.Key) -> None:
        """The arrows move among the options while the line keeps the focus."""
        shown = self.query_one(RecordList)
        move = {
            "down": shown.action_row_down,
            "up": shown.action_row_up,
            "pagedown": shown.action_row_page_down,
            "pageup": shown.action_row_page_up,
        }.get(event.key)
        if move is not None:
            event.stop()
            move()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the option under the cursor."""
        event.stop()
        self.perform(self.action_accept)

    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A double click takes it too."""
        event.stop()
        self.perform(self.action_accept)

    async def action_accept(self) -> None:
        """Take the option under the cursor; waits for the answer to what was typed last."""
        await self._found.wait()
        at = self.query_one(RecordList).cursor
        if 0 <= at < len(self._options):
            self.dismiss(self._options[at])
