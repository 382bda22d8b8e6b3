"""How a list of records is drawn: line by line, each from the cells of its row, in the colours of their roles.

What rows there are and where the cursor goes is `record_list`'s part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from easir_tui import text
from easir_tui.widgets.content import wrapped
from easir_tui.widgets.rows import GAP, GUTTER, Column, Row, widths

STRIPS_HELD = 128
"""Drawn lines kept: two windows or so. Drawing one takes 50 µs, holding one 2 kB."""

_ROLES = ("dim", "strong", "title", "accent", "good", "warn", "bad", "info")


class RecordView(ScrollView, inherit_bindings=False):
    """Draws the rows that `_row` gives; `cursor` is the current one."""

    DEFAULT_CSS = """
    RecordView {
        height: 1fr;
        min-width: 1;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .record-list--header { color: $text-muted; text-style: none; }
        & > .record-list--cursor { background: $cursor-row-blurred; color: $text; }
        & > .record-list--cursor-here { background: $cursor-row; color: $text; text-style: bold; }
        & > .record-list--marked { background: $marked-row; color: $text; }
        & > .record-list--heading { color: $accent; text-style: bold; }
        & > .record-list--empty { color: $text-muted; }
        & > .record-list--dim { color: $text-muted; }
        & > .record-list--strong { color: $text; text-style: bold; }
        & > .record-list--title { color: $accent; text-style: bold; }
        & > .record-list--accent { color: $accent; }
        & > .record-list--good { color: $success; }
        & > .record-list--warn { color: $warning; }
        & > .record-list--bad { color: $error; }
        & > .record-list--info { color: $primary; }
    }
    RecordView:ansi > .record-list--cursor-here { background: ansi_default; color: ansi_default; text-style: reverse; }
    RecordView:ansi > .record-list--cursor { background: ansi_default; text-style: underline; }
    RecordView:ansi > .record-list--marked { background: ansi_blue; color: ansi_bright_white; }
    """

    COMPONENT_CLASSES = {
        "record-list--header",
        "record-list--cursor",
        "record-list--cursor-here",
        "record-list--marked",
        "record-list--heading",
        "record-list--empty",
        *(f"record-list--{role}" for role in _ROLES),
    }

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str,
        marks: bool,
        header: bool,
        gap: int = GAP,
        lit: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = True
        self.columns = tuple(columns)
        self.gap = gap
        self.empty = empty
        self.total = 0
        self.capped = False
        self.cursor = 0
        self._lit = lit
        self._marks = marks
        self._marked: set[int] = set()
        self._gutter = GUTTER + 1 if marks else GUTTER
        self._header = 1 if header else 0
        self._counted = True
        self._widths: tuple[int, ...] = ()
        self._strips: LRUCache[Any, Strip] = LRUCache(STRIPS_HELD)
        self._styles: dict[tuple[str, str], Style] = {}

    def _row(self, line: int) -> Row | None:
        """The row of that number; None while it is being read."""
        raise NotImplementedError

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns for the same rows; their cells are expected to fit."""
        self.columns = tuple(columns)
        self._widths = ()
        self._strips.clear()
        self.refresh()

    def _window(self) -> int:
        """Rows that can be seen at once."""
        return max(1, self.scrollable_content_region.height - self._header)

    def _repaint(self, line: int) -> None:
        y = line - self.scroll_offset.y + self._header
        if self._header <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One line of the widget, always as wide as it is."""
        width = self.scrollable_content_region.width
        if width <= 0:
            return Strip.blank(max(0, width), self.rich_style)
        if y < self._header:
            return self._header_strip(width)
        line = round(self.scroll_y) + y - self._header
        if not self.total:
            return self._empty_strip(y - self._header, width)
        if line >= self.total:
            return Strip.blank(width, self.rich_style)
        row = self._row(line)
        if row is None:
            return self._one("· · ·", width, self._style("", "dim"))
        here = line == self.cursor
        marked = row.id in self._marked and not row.heading
        key = (row, here, marked, self.has_focus if here else False, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._row_strip(row, here, marked, width)
        return strip

    def _row_strip(self, row: Row, here: bool, marked: bool, width: int) -> Strip:
        state = ("cursor-here" if self.has_focus or self._lit else "cursor") if here else "marked" if marked else ""
        base = self._style(state, row.role if not here else "")
        if row.heading:
            cell = row.cells[0] if row.cells else ""
            heading = cell if isinstance(cell, str) else cell[0]
            return self._one(" " + text.clean(heading), width, self._style("", "heading"), indent=0)
        signs = ("›" if here else " ") + ("✓" if marked else " ")
        segments = [Segment(text.pad(signs, self._gutter), base)]
        if len(row.cells) == 1:
            words = row.cells[0] if isinstance(row.cells[0], str) else row.cells[0][0]
            segments.append(Segment(text.pad(text.clean(words), max(0, width - self._gutter)), base))
            return Strip(segments).simplify().adjust_cell_length(width, base)
        for column, cells, cell in zip(self.columns, self._column_widths(width), row.cells, strict=False):
            if not cells:
                continue
            words, role = (cell, column.role) if isinstance(cell, str) else cell
            style = base if here or row.role else self._style(state, role)
            shown = text.pad(text.clean(words), cells, right=column.align == "right")
            segments.append(Segment(shown + " " * self.gap, style))
        return Strip(segments).simplify().adjust_cell_length(width, base)

    def _header_strip(self, width: int) -> Strip:
        style = self._style("", "header")
        if not self.total and self._counted:
            return Strip.blank(width, self.rich_style)
        row = " " * self._gutter
        for column, cells in zip(self.columns, self._column_widths(width), strict=True):
            if cells:
                row += text.pad(text.clean(column.title), cells, right=column.align == "right") + " " * self.gap
        return self._one(row.rstrip(), width, style, indent=0)

    def _empty_strip(self, y: int, width: int) -> Strip:
        style = self._style("", "empty")
        if not self._counted:
            return Strip.blank(width, self.rich_style)
        found = wrapped(text.clean(self.empty, newlines=True), max(1, width - 2 * GUTTER))
        if 0 <= y < len(found):
            return self._one(found[y], width, style)
        return Strip.blank(width, self.rich_style)

    def _one(self, words: str, width: int, style: Style, indent: int = GUTTER) -> Strip:
        return Strip([Segment(text.pad(" " * indent + words, width), style)], width)

    def _column_widths(self, width: int) -> tuple[int, ...]:
        if not self._widths:
            self._widths = widths(self.columns, width - self._gutter, self.gap)
        return self._widths

    def _style(self, state: str, role: str) -> Style:
        style = self._styles.get((state, role))
        if style is None:
            style = self.rich_style
            if role:
                style = style + self.get_component_rich_style(f"record-list--{role}", partial=True)
            if state:
                style = style + self.get_component_rich_style(f"record-list--{state}", partial=True)
                if role and state == "marked":
                    colour = self.get_component_rich_style(f"record-list--{role}", partial=True).color
                    style = style + Style(color=colour) if colour else style
            self._styles[(state, role)] = style
        return style

    def notify_style_update(self) -> None:
        """Another theme or focus: forget what was drawn."""
        self._styles.clear()
        self._strips.clear()
        super().notify_style_update()
