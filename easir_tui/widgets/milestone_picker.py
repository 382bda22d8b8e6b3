"""The milestones of a case's path, as many on a row as fit, of which several can be ticked."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size

from easir_tui import text
from easir_tui.relations import Milestone
from easir_tui.widgets.choices import OneRow
from easir_tui.widgets.content import line, plain
from easir_tui.widgets.signs import sign

GAP = 2
"""Cells between two milestones."""


class MilestonePicker(OneRow):
    """Arrows move, Space ticks, a letter jumps. `picker.keys` are the milestones ticked, in the path's order."""

    DEFAULT_CSS = """
    MilestonePicker, MilestonePicker:focus { height: auto; text-style: none; }
    """

    def __init__(self, milestones: Sequence[Milestone] = (), id: str | None = None) -> None:
        super().__init__(id=id)
        self._milestones = tuple(milestones)
        self._ticked: set[str] = set()
        self._at = 0

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """What there is to choose from."""
        return self._milestones

    @property
    def keys(self) -> tuple[str, ...]:
        """The milestones ticked."""
        return tuple(one.key for one in self._milestones if one.key in self._ticked)

    @keys.setter
    def keys(self, keys: Sequence[str]) -> None:
        self._ticked = {one.key for one in self._milestones} & set(keys)
        self.refresh()

    def show(self, milestones: Sequence[Milestone]) -> None:
        """Choose from another path; what was ticked and is there too stays ticked."""
        if tuple(milestones) != self._milestones:
            self._milestones = tuple(milestones)
            self._ticked &= {one.key for one in self._milestones}
            self._at = 0
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the milestones need."""
        return max(1, len(self._rows(width)))

    def render(self) -> Content:
        """The milestones, ticked or not, the current one marked while the field has the focus."""
        if not self._milestones:
            return plain("—", "dim")
        rows = []
        for row in self._rows(self.content_size.width):
            parts = [self._item(number, width) for number, width in row]
            rows.append(Content(" " * GAP).join(parts))
        return Content("\n").join(rows)

    def _item(self, number: int, width: int) -> Content:
        milestone = self._milestones[number]
        ticked = milestone.key in self._ticked
        here = self.has_focus and number == self._at
        name = text.pad(text.clean(milestone.title), width - 4)
        role = "lit" if here else "strong" if ticked else ""
        box = line("[", (sign("given", self.app.settings.ascii) if ticked else " ", "good"), "] ")
        return box + line((name.rstrip(), role), " " * (len(name) - len(name.rstrip())))

    def _rows(self, width: int) -> list[list[tuple[int, int]]]:
        """Rows of (number, cells), in columns of equal width where two or more fit."""
        wanted = [4 + text.cells(text.clean(one.title)) for one in self._milestones]
        if not wanted or width <= 0:
            return []
        widest = min(max(wanted), width)
        columns = max(1, (width + GAP) // (widest + GAP))
        numbers = range(len(wanted))
        return [
            [(number, widest) for number in numbers[start : start + columns]]
            for start in range(0, len(wanted), columns)
        ]

    @property
    def _columns(self) -> int:
        rows = self._rows(self.content_size.width)
        return len(rows[0]) if rows else 1

    async def on_key(self, event: events.Key) -> None:
        """Move and tick."""
        steps = {"left": -1, "right": 1, "up": -self._columns, "down": self._columns}
        if event.key in steps:
            to = self._at + steps[event.key]
            if 0 <= to < len(self._milestones):
                self._at = to
                self.refresh()
                event.stop()
        elif event.key in ("space", "enter"):
            event.stop()
            event.prevent_default()
            self._tick(self._at)
        else:
            await super().on_key(event)

    def letter(self, character: str) -> None:
        """The next milestone that begins with the letter."""
        wanted = text.fold(character)
        for step in range(1, len(self._milestones) + 1):
            number = (self._at + step) % len(self._milestones)
            if text.fold(self._milestones[number].title).startswith(wanted):
                self._at = number
                self.refresh()
                return

    async def on_click(self, event: events.Click) -> None:  # type: ignore[override]
        """Tick what is under the pointer."""
        rows = self._rows(self.content_size.width)
        offset = event.get_content_offset(self)
        if offset is None or not 0 <= offset.y < len(rows):
            return
        row = rows[offset.y]
        column = offset.x // (row[0][1] + GAP)
        if column < len(row):
            self._at = row[column][0]
            self._tick(self._at)

    def _tick(self, number: int) -> None:
        if self._milestones:
            self._ticked ^= {self._milestones[number].key}
            self.refresh()
            self.post_message(self.Changed(self, self.keys))
