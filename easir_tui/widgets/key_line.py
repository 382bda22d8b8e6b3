"""The key line: the foot of every screen, which says what can be done here, or what has just been done.

One widget of one line. It drops whole entries when the window is narrow, never the last one (Help), and is
repainted only when what it says changes. A click on an entry does what its key does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from easir_tui import text
from easir_tui.widgets.content import line, lines, wrapped

MOST_ROWS = 6
"""Rows a long sentence may take."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and what it does: `sign` is what is printed on the key, `id` names the command."""

    id: str
    sign: str
    title: str


class KeyLine(Widget, can_focus=False):
    """Shows entries, or for a while a sentence.

    line.entries = (Entry("contact.note", "n", "Note"), Entry("help", "?", "Help"))
    line.say("Saved", hint="u undoes")
    """

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        width: 100%;
        height: 1;
        color: $text-muted;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    KeyLine.-bad { color: $error; }
    """

    ALLOW_SELECT = False

    class Pressed(Message):
        """An entry was clicked."""

        def __init__(self, command_id: str) -> None:
            super().__init__()
            self.command_id = command_id

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()
        self._sentence = ""
        self._hint = ""
        self._bad = False
        self._ranges: list[tuple[int, int, str]] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What can be done now, the most important first; the last one is never dropped."""
        return self._entries

    @entries.setter
    def entries(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            if not self._sentence:
                self.refresh()

    @property
    def sentence(self) -> str:
        """The sentence shown instead of the entries, or an empty text."""
        return self._sentence

    def say(self, sentence: str, hint: str = "", bad: bool = False) -> None:
        """Show a sentence instead of the entries, in as many rows as it needs; an empty one brings them back."""
        if (sentence, hint, bad) != (self._sentence, self._hint, self._bad):
            self._sentence, self._hint, self._bad = sentence, hint, bad
            self._grow()
            self.refresh()

    def on_resize(self) -> None:
        """Another width may need other rows."""
        self._grow()

    def _grow(self) -> None:
        rows = min(MOST_ROWS, len(self._said_rows())) if self._sentence else 1
        if self.styles.height is None or self.styles.height.value != rows:
            self.styles.height = rows

    def _said_rows(self) -> list[str]:
        whole = f"{self._sentence} · {self._hint}" if self._hint else self._sentence
        return wrapped(text.clean(whole), max(1, self.size.width - 4))

    def render(self) -> Content:
        """The line, and where on it a click means what."""
        self._ranges = []
        if self._sentence:
            return self._said()
        width = self.size.width
        kept = list(self._entries)
        while len(kept) > 1 and sum(_width(entry) for entry in kept) > width:
            kept.pop(-2)
        row = Content("")
        for entry in kept:
            start = row.cell_length
            row = row + line(" ", (entry.sign, "key"), " ", (entry.title, "dim"), " ")
            self._ranges.append((start, row.cell_length, entry.id))
        return row

    def _said(self) -> Content:
        mark = ("✗ ", "bad") if self._bad else ("✓ ", "good")
        rows = self._said_rows()
        if len(rows) == 1:
            said = line(" ", mark, (self._sentence, "bad" if self._bad else "strong"))
            return said + line((f" · {self._hint}", "accent")) if self._hint else said
        return lines(*(line(" ", mark if i == 0 else "  ", (row, "strong")) for i, row in enumerate(rows)))

    def on_click(self, event: events.Click) -> None:
        """Do what the entry under the pointer stands for."""
        for start, end, command_id in self._ranges:
            if start <= event.x < end:
                event.stop()
                self.post_message(self.Pressed(command_id))


def _width(entry: Entry) -> int:
    return 3 + text.cells(entry.sign) + text.cells(entry.title)
