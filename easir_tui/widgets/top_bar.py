"""The top bar: where one is, where one can go, and how much waits there.

One widget of one line. From 100 columns up it names every place; below that the place one is in, and at the
right the places where something waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from easir_tui.language import _
from easir_tui.widgets.content import line

ALL_PLACES_FROM = 100
"""Width from which every place is named."""


class TopBar(Widget, can_focus=False):
    """Shows places as (name, title), the one in `place` lit, with counts such as {"tasks": "2!4"}."""

    DEFAULT_CSS = """
    TopBar {
        dock: top;
        width: 100%;
        height: 1;
        color: $text-muted;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    ALLOW_SELECT = False

    class Pressed(Message):
        """A place was clicked."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    def __init__(self, places: Sequence[tuple[str, str]], place: str = "", who: str = "") -> None:
        super().__init__()
        self._places = tuple(places)
        self._place = place
        self._who = who
        self._counts: dict[str, str] = {}
        self._ranges: list[tuple[int, int, str]] = []

    def count(self, counts: Mapping[str, str]) -> None:
        """How much waits at each place; repaints only when a number changed."""
        if dict(counts) != self._counts:
            self._counts = dict(counts)
            self.refresh()

    def render(self) -> Content:
        """The bar, and where on it a click leads where."""
        self._ranges = []
        width = self.size.width
        wide = width >= ALL_PLACES_FROM
        row = line(" ", ("EASI'R", "title"), " ")
        for name, title in self._places:
            if wide or name == self._place:
                row = self._add(row, name, title)
        right = Content("")
        ranges: list[tuple[int, int, str]] = []
        if not wide:
            for name, title in self._places:
                if name != self._place and self._counts.get(name):
                    start = right.cell_length
                    right = right + line((f" {_(title)} ", "dim"), (self._counts[name], "strong"), " ")
                    ranges.append((start, right.cell_length, name))
        if self._who:
            right = right + line((f" {self._who} ", "dim"))
        space = width - row.cell_length - right.cell_length
        if space < 0:
            return row
        offset = row.cell_length + space
        self._ranges += [(start + offset, end + offset, name) for start, end, name in ranges]
        return row + line(" " * space) + right

    def _add(self, row: Content, name: str, title: str) -> Content:
        start = row.cell_length
        count = f" {self._counts[name]}" if self._counts.get(name) else ""
        if name == self._place:
            row = row + line("  ", (f"[{_(title)}{count}]", "strong"))
        else:
            row = row + line("  ", (_(title), "dim"), (count, "strong"))
        self._ranges.append((start, row.cell_length, name))
        return row

    def on_click(self, event: events.Click) -> None:
        """Go to the place under the pointer."""
        for start, end, name in self._ranges:
            if start <= event.x < end:
                event.stop()
                self.post_message(self.Pressed(name))
