"""Notes of any length, one under the other, in one widget of lines; the cursor stands on a note, not on a line.

A long note shows its beginning until it is opened. Moving repaints, and reads more near the end; nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events, getters
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from easir_tui import clock, text
from easir_tui.crm.notes import NoteRow
from easir_tui.language import _
from easir_tui.widgets.contact_head import short_name
from easir_tui.widgets.host import Host

LINES_OF_A_NOTE = 8
"""Lines of a note that are shown until it is opened."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One line of the list: its words, the number of its note, and how it looks."""

    words: str
    note: int
    role: str


class NoteList(ScrollView, inherit_bindings=False, can_focus=True):
    """Notes of any length in one widget of lines; the cursor stands on a note, not on a line."""

    app = getters.app(Host)

    DEFAULT_CSS = """
    NoteList {
        height: 1fr;
        min-width: 1;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .note-list--head { color: $text-muted; }
        & > .note-list--cursor { background: $cursor-row-blurred; color: $text; }
        & > .note-list--dim { color: $text-muted; }
    }
    NoteList:focus > .note-list--cursor { background: $cursor-row; color: $text; text-style: bold; }
    NoteList:ansi:focus > .note-list--cursor { text-style: reverse; }
    NoteList:ansi > .note-list--cursor { text-style: underline; }
    """

    COMPONENT_CLASSES = {"note-list--head", "note-list--cursor", "note-list--dim"}

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    class ReachedEnd(Message):
        """Time to read more."""

    class Opened(Message):
        """A note is to be changed."""

        def __init__(self, note: NoteRow) -> None:
            super().__init__()
            self.note = note

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.notes: list[NoteRow] = []
        self.empty = ""
        self.cursor = 0
        self._more = False
        self._asked = False
        self._open: set[int] = set()
        self._lines: list[_Drawn] = []
        self._starts: list[int] = []

    @property
    def current(self) -> NoteRow | None:
        """The note under the cursor."""
        return self.notes[self.cursor] if 0 <= self.cursor < len(self.notes) else None

    def set_notes(self, found: Sequence[NoteRow], more: bool, top: bool = False) -> None:
        """Show these notes; the cursor stays on its note, or goes to the top."""
        kept = self.current.id if self.current and not top else None
        if list(found) == self.notes and more == self._more and not top:
            return
        self.notes = list(found)
        self._more, self._asked = more, False
        self.cursor = next((i for i, note in enumerate(self.notes) if note.id == kept), 0 if top else self.cursor)
        self.cursor = max(0, min(self.cursor, len(self.notes) - 1))
        self._draw()
        if top:
            self.scroll_to(y=0, animate=False)

    def append(self, found: Sequence[NoteRow], more: bool) -> None:
        """Further notes, after the last one."""
        self.notes.extend(found)
        self._more, self._asked = more, False
        self._draw()

    # -- moving ---------------------------------------------------------------------------------------

    def action_row_down(self) -> None:
        """To the next note; within a note longer than the window, down its lines."""
        if self._rest_below():
            self.scroll_to(y=self.scroll_offset.y + 1, animate=False)
            return
        self._move(self.cursor + 1)

    def action_row_up(self) -> None:
        """To the note before."""
        self._move(self.cursor - 1)

    def action_row_page_down(self) -> None:
        """A page down."""
        self._move_to_line(self._starts[self.cursor] + self._window() if self._starts else 0)

    def action_row_page_up(self) -> None:
        """A page up."""
        self._move_to_line(max(0, self._starts[self.cursor] - self._window()) if self._starts else 0)

    def action_row_first(self) -> None:
        """To the newest note."""
        self._move(0)

    def action_row_last(self) -> None:
        """To the oldest note read so far."""
        self._move(len(self.notes) - 1)

    def action_row_open(self) -> None:
        """Show all of a long note, or fold it again; a note that is all there is opened for a change."""
        note = self.current
        if note is None:
            return
        if note.id in self._open:
            self._open.discard(note.id)
        elif len(self._wrapped(note)) > LINES_OF_A_NOTE:
            self._open.add(note.id)
        else:
            self.post_message(self.Opened(note))
            return
        self._draw()
        self._into_view()

    def _move(self, to: int) -> None:
        to = max(0, min(to, len(self.notes) - 1))
        if to != self.cursor:
            self.cursor = to
            self.refresh()
        self._into_view()

    def _move_to_line(self, y: int) -> None:
        if self._lines:
            self._move(self._lines[max(0, min(y, len(self._lines) - 1))].note)

    def _rest_below(self) -> bool:
        if not self._starts:
            return False
        end = self._starts[self.cursor + 1] if self.cursor + 1 < len(self._starts) else len(self._lines)
        return end - 1 > self.scroll_offset.y + self._window() and self._starts[self.cursor] <= self.scroll_offset.y

    def _window(self) -> int:
        return max(1, self.scrollable_content_region.height)

    def _into_view(self) -> None:
        if not self._starts:
            return
        start = self._starts[self.cursor]
        end = self._starts[self.cursor + 1] - 1 if self.cursor + 1 < len(self._starts) else len(self._lines)
        top = self.scroll_offset.y
        if start < top or end - start >= self._window():
            self.scroll_to(y=start, animate=False)
        elif end > top + self._window():
            self.scroll_to(y=end - self._window(), animate=False)
        if self._more and not self._asked and self.cursor + 5 >= len(self.notes):
            self._asked = True
            self.post_message(self.ReachedEnd())

    # -- painting -------------------------------------------------------------------------------------

    def _wrapped(self, note: NoteRow) -> list[str]:
        width = max(4, self.scrollable_content_region.width - 1)
        content = Content(text.clean(note.text, newlines=True))
        return [row.plain.rstrip() for row in content.wrap(width)]

    def _draw(self) -> None:
        self._lines, self._starts = [], []
        for number, note in enumerate(self.notes):
            self._starts.append(len(self._lines))
            head = [short_name(note.who) or "?", clock.short_when(note.at, self.app.zone).strip()]
            if note.contact:
                head.insert(0, note.contact)
            if note.case_title:
                head.append(note.case_title)
            self._lines.append(_Drawn(text.clean(" · ".join(head)), number, "head"))
            rows = self._wrapped(note)
            if len(rows) > LINES_OF_A_NOTE and note.id not in self._open:
                hidden = len(rows) - LINES_OF_A_NOTE + 1
                rows = [*rows[: LINES_OF_A_NOTE - 1], ""]
                self._lines += [_Drawn(row, number, "") for row in rows[:-1]]
                self._lines.append(_Drawn(_("… {n} more lines, Enter shows them").format(n=hidden), number, "dim"))
            else:
                self._lines += [_Drawn(row, number, "") for row in rows]
            self._lines.append(_Drawn("", number, ""))
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), max(1, len(self._lines)))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line, as wide as the widget."""
        width = self.scrollable_content_region.width
        at = round(self.scroll_y) + y
        base = self.rich_style
        if width <= 0:
            return Strip.blank(max(0, width), base)
        if not self.notes:
            rows = [row.plain for row in Content(text.clean(self.empty, newlines=True)).wrap(max(1, width - 2))]
            words = rows[y] if y < len(rows) else ""
            dim = base + self.get_component_rich_style("note-list--dim", partial=True)
            return Strip([Segment(text.pad(f" {words}", width), dim)], width)
        if at >= len(self._lines):
            return Strip.blank(width, base)
        drawn = self._lines[at]
        style = base
        if drawn.role:
            style = style + self.get_component_rich_style(f"note-list--{drawn.role}", partial=True)
        if drawn.note == self.cursor and drawn.role == "head":
            style = base + self.get_component_rich_style("note-list--cursor", partial=True)
        sign = "›" if drawn.note == self.cursor and drawn.role == "head" else " "
        return Strip([Segment(text.pad(sign + drawn.words, width), style)], width)

    # -- events ---------------------------------------------------------------------------------------

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap anew."""
        self._draw()

    def on_focus(self) -> None:
        """The cursor shows that keys come here."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor shows that keys go elsewhere."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a note, a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is not None and self._lines:
            self._move_to_line(offset.y + self.scroll_offset.y)
            if event.chain >= 2:
                self.action_row_open()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel may have come near the end."""
        super().watch_scroll_y(old_value, new_value)
        if self._more and not self._asked and new_value + 2 * self._window() >= len(self._lines):
            self._asked = True
            self.post_message(self.ReachedEnd())
