"""The painter sends only what changed, and the terminal always shows what it should."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from easir_tui.widgets.painter import Painter

WORDS = ["Søren", "Kjær  ", "   ", "│", "Ærø 8000", "x", "──", " a b c ", "[DK]", "▾"]
STYLES = [
    Style(),
    Style(color="#c6ced6", bgcolor="#101419"),
    Style(color="#63cbb9", bgcolor="#101419", bold=True),
    Style(color="#7f8b97", bgcolor="#171d24"),
    Style(bgcolor="#24483f", bold=True, underline=True),
    Style(reverse=True),
    Style(color="#ef7d7d", bgcolor="#101419", link="tel:+4522419017"),
]
SIZE = Size(40, 6)


class Terminal:
    """A terminal that counts what it is sent."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(SIZE.width, SIZE.height)
        self.stream = pyte.Stream(self.screen)
        self.sent = 0

    def feed(self, codes: str) -> None:
        self.sent += len(codes.encode())
        self.stream.feed(codes)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell: sign, colours, attributes; of a blank only what can be seen."""
        found = []
        for y in range(SIZE.height):
            row = []
            for x in range(SIZE.width):
                cell = self.screen.buffer[y][x]
                if cell.data == " " and not (cell.underscore or cell.reverse):
                    row.append((" ", cell.bg))
                else:
                    row.append((cell.data, cell.fg, cell.bg, cell.bold, cell.underscore, cell.reverse))
            found.append(row)
        return found


def frame(choose: random.Random) -> list[Strip]:
    """A screen of random words in random styles."""
    lines = []
    for _line in range(SIZE.height):
        strip = Strip([Segment(choose.choice(WORDS), choose.choice(STYLES)) for _word in range(12)])
        lines.append(strip.adjust_cell_length(SIZE.width, STYLES[1]))
    return lines


def update(lines: list[Strip], y: int = 0) -> LayoutUpdate:
    """Lines as Textual hands them over."""
    return LayoutUpdate([[line] for line in lines], Region(0, y, SIZE.width, len(lines)))


@pytest.mark.parametrize("seed", range(20))
def test_differences_show_the_same_as_whole_frames(seed):
    """After any sequence of frames the terminal holds what a full redraw would have left."""
    choose = random.Random(seed)
    painter, economical = Painter(), Terminal()
    lines = frame(choose)
    economical.feed(painter.paint(update(lines), SIZE, ColorSystem.TRUECOLOR))
    for _step in range(10):
        if choose.random() < 0.5:
            lines = frame(choose)
            part, y = lines, 0
        else:
            y = choose.randrange(SIZE.height)
            lines = [*lines[:y], frame(choose)[0], *lines[y + 1 :]]
            part = [lines[y]]
        economical.feed(painter.paint(update(part, y), SIZE, ColorSystem.TRUECOLOR))
        whole = Terminal()
        whole.feed(Painter().paint(update(lines), SIZE, ColorSystem.TRUECOLOR))
        plain = Terminal()
        for i, line in enumerate(lines):
            plain.feed(f"\x1b[{i + 1}H")
            plain.feed("".join(style.render(words) if style else words for words, style, _control in line))
        assert economical.cells() == plain.cells()
        assert whole.cells() == plain.cells()


def test_nothing_changed_sends_nothing():
    """A full redraw of the same screen is no bytes at all (faults 99)."""
    painter = Painter()
    lines = frame(random.Random(1))
    assert painter.paint(update(lines), SIZE, ColorSystem.TRUECOLOR)
    assert painter.paint(update(lines), SIZE, ColorSystem.TRUECOLOR) == ""


def test_one_letter_is_a_few_bytes():
    """One changed letter costs a move, a colour and the letter."""
    painter = Painter()
    style = STYLES[1]
    painter.paint(update([Strip([Segment("a" * 40, style)])]), SIZE, ColorSystem.TRUECOLOR)
    codes = painter.paint(update([Strip([Segment("a" * 20 + "b" + "a" * 19, style)])]), SIZE, ColorSystem.TRUECOLOR)
    assert len(codes) < 60


@pytest.mark.parametrize("name", ["👨‍👩‍👧 Holm", "🇩🇰 Dansk", "王小明", "Ase\u0301 Åkjær", "☎ 22 41"])
def test_a_line_of_doubtful_width_is_sent_whole(name):
    """Where terminals disagree about widths no part of the line is left from before (faults 98)."""
    painter = Painter()
    for word in ("first", "other"):
        line = Strip([Segment(f"{name} {word}", STYLES[1])]).adjust_cell_length(SIZE.width, STYLES[1])
        codes = painter.paint(update([line]), SIZE, ColorSystem.TRUECOLOR)
    assert name in codes


def test_a_new_size_sends_everything():
    """After a resize nothing is taken for granted."""
    painter = Painter()
    lines = frame(random.Random(2))
    first = painter.paint(update(lines), SIZE, ColorSystem.TRUECOLOR)
    painter.forget()
    assert painter.paint(update(lines), SIZE, ColorSystem.TRUECOLOR) == first
