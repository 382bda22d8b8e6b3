"""Sending only what changed: the difference between what the terminal shows and what it should show.

Textual redraws a widget, or the whole screen when another one comes on top, cell by cell with full colour codes.
Over SSH that is a visible wait. The painter remembers the cells the terminal holds, compares, and sends the
changed ones with the shortest codes: a full redraw of which nothing changed is no bytes at all.

It trusts a character to be as wide as it says only where every terminal agrees; a line that holds any other
(emoji, East Asian, combining marks) is sent whole, so that a terminal of another opinion stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from easir_tui.widgets.content import LINK

_SURE = re.compile("[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2193\u2500-\u257f\u2580-\u259f‹›⏎]*")
"""Characters that every terminal draws in one cell."""

MOST_KNOWN = 2000
"""Styles whose codes are remembered; each phone number shown is one, because it is a link of its own."""

_GAP = 4
"""Unchanged cells between two changes that are cheaper to send again than to step over."""

_ATTRIBUTES = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""SGR codes by Rich's bit numbers."""

_SHOWS_ON_BLANKS = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""Attributes that can be seen on a space: underline, reverse, strike, frames."""


@dataclass(frozen=True, slots=True)
class Paint:
    """How a cell looks, as the SGR codes that make it so; empty text means the terminal's default."""

    foreground: str = ""
    background: str = ""
    attributes: frozenset[str] = frozenset()
    link: str = ""


_PLAIN = Paint()


class Painter:
    """The cells of one terminal, and the codes that change them."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._signs: list[list[str]] = []
        self._looks: list[list[Paint]] = []
        self._unsure: set[int] = set()
        self._known: dict[Style, tuple[Paint, Paint]] = {}
        self._interned: dict[Paint, Paint] = {_PLAIN: _PLAIN}
        self._colours: ColorSystem | None = None

    def forget(self) -> None:
        """The terminal may show anything: send every cell next time."""
        self._size = Size(0, 0)

    def paint(self, update: LayoutUpdate | ChopsUpdate, size: Size, colours: ColorSystem) -> str:
        """The codes for an update; empty when the terminal shows it already. Leaves colours at their default."""
        if size != self._size or colours is not self._colours:
            self._size, self._colours = size, colours
            self._signs = [[""] * size.width for _line in range(size.height)]
            self._looks = [[_PLAIN] * size.width for _line in range(size.height)]
            self._unsure.clear()
            self._known.clear()
        pen = _Pen()
        for x, y, strips in _lines(update):
            if 0 <= y < size.height:
                self._line(pen, x, y, strips)
        return pen.finished()

    def _line(self, pen: _Pen, x: int, y: int, strips: Iterable[Strip]) -> None:
        signs: list[str] = []
        looks: list[Paint] = []
        sure = True
        for strip in strips:
            for words, style, _control in strip:
                shown, blank = self._paints(style)
                if _SURE.fullmatch(words):
                    signs.extend(words)
                    if " " in words:
                        looks.extend([blank if sign == " " else shown for sign in words])
                    else:
                        looks.extend([shown] * len(words))
                else:
                    sure = False
                    for grapheme, width in _graphemes(words):
                        signs.append(grapheme)
                        looks.append(blank if grapheme == " " else shown)
                        signs.extend([""] * (width - 1))
                        looks.extend([shown] * (width - 1))
        room = self._size.width - x
        del signs[room:], looks[room:]
        end = x + len(signs)
        old_signs, old_looks = self._signs[y], self._looks[y]
        if sure and y not in self._unsure:
            if old_signs[x:end] == signs and old_looks[x:end] == looks:
                return
            spans = _spans(old_signs[x:end], old_looks[x:end], signs, looks)
        elif old_signs[x:end] == signs and old_looks[x:end] == looks:
            return
        else:
            spans = [(0, len(signs))]
        for first, last in spans:
            pen.write(x + first, y, signs[first:last], looks[first:last], sure)
        old_signs[x:end] = signs
        old_looks[x:end] = looks
        if sure and x == 0 and end == self._size.width:
            self._unsure.discard(y)
        elif not sure:
            self._unsure.add(y)

    def _paints(self, style: Style | None) -> tuple[Paint, Paint]:
        """The look of a style on letters and on blanks, where the colour of letters does not matter."""
        if style is None:
            return _PLAIN, _PLAIN
        known = self._known.get(style)
        if known is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
                self._interned = {_PLAIN: _PLAIN}
            assert self._colours is not None
            shown = _paint(style, self._colours)
            blank = shown
            if not shown.attributes & _SHOWS_ON_BLANKS and not shown.link:
                blank = Paint(background=shown.background)
            known = self._interned.setdefault(shown, shown), self._interned.setdefault(blank, blank)
            self._known[style] = known
        return known


class _Pen:
    """Writes cells, and keeps track of where the cursor stands and which codes are in force."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._at: tuple[int, int] | None = None
        self._now = _PLAIN

    def write(self, x: int, y: int, signs: list[str], looks: list[Paint], sure: bool) -> None:
        """Put cells at a place."""
        self._move(x, y)
        for sign, look in zip(signs, looks, strict=True):
            if look is not self._now:
                self._turn_to(look, sign == " ")
            self._out.append(sign)
        self._at = (x + len(signs), y) if sure else None

    def _move(self, x: int, y: int) -> None:
        if self._at == (x, y):
            return
        if self._at is not None and self._at[1] == y and x > self._at[0]:
            step = x - self._at[0]
            self._out.append(f"\x1b[{step}C" if step > 1 else "\x1b[C")
        elif x:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        else:
            self._out.append(f"\x1b[{y + 1}H")

    def _turn_to(self, look: Paint, blank: bool) -> None:
        now = self._now
        if blank and not look.attributes and not look.link:
            if now.background == look.background and not now.link and not now.attributes & _SHOWS_ON_BLANKS:
                return
            if not now.attributes & _SHOWS_ON_BLANKS:
                look = Paint(now.foreground, look.background, now.attributes)
        if now.link != look.link:
            self._out.append(f"\x1b]8;;{look.link}\x1b\\")
        codes: list[str] = []
        if now.attributes - look.attributes:
            codes.append("0")
            now = _PLAIN
        codes.extend(sorted(look.attributes - now.attributes))
        if now.foreground != look.foreground:
            codes.append(look.foreground or "39")
        if now.background != look.background:
            codes.append(look.background or "49")
        if codes:
            self._out.append(f"\x1b[{';'.join(codes)}m")
        self._now = look

    def finished(self) -> str:
        """Everything written, with the colours put back."""
        if self._now.link:
            self._out.append("\x1b]8;;\x1b\\")
        if self._now.foreground or self._now.background or self._now.attributes:
            self._out.append("\x1b[m")
        return "".join(self._out)


def _lines(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Strip]]]:
    """The pieces of lines an update holds: column, line, strips."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, strips
        return
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            whole = last > x >= first and end <= last
            yield x, y, (strip if whole else strip.crop(0, min(end, last) - x),)


def _spans(old_signs: list[str], old_looks: list[Paint], signs: list[str], looks: list[Paint]) -> list[tuple[int, int]]:
    """The stretches of cells that differ, near ones joined."""
    spans: list[tuple[int, int]] = []
    for i, sign in enumerate(signs):
        if sign != old_signs[i] or looks[i] is not old_looks[i]:
            if spans and i - spans[-1][1] <= _GAP:
                spans[-1] = (spans[-1][0], i + 1)
            else:
                spans.append((i, i + 1))
    return spans


def _graphemes(words: str) -> Iterator[tuple[str, int]]:
    from rich.cells import split_graphemes

    for start, end, width in split_graphemes(words)[0]:
        if width:
            yield words[start:end], width


def _paint(style: Style, colours: ColorSystem) -> Paint:
    bits = style._attributes & style._set_attributes
    return Paint(
        ";".join(style.color.downgrade(colours).get_ansi_codes()) if style.color else "",
        ";".join(style.bgcolor.downgrade(colours).get_ansi_codes(False)) if style.bgcolor else "",
        frozenset(code for bit, code in enumerate(_ATTRIBUTES) if bits & (1 << bit)),
        style.link if style.link and LINK.match(style.link) else "",
    )
