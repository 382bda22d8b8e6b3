"""Lists for people: aligned and cut to the terminal, or whole with a tab between columns into a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from easir_tui import text


class Column(NamedTuple):
    """A column of a list: its title, the cells it likes to have, and which to leave out first (highest first).

    `width` 0 takes what is left. `right` aligns numbers.
    """

    title: str
    width: int
    drop: int = 0
    right: bool = False


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """A list with its titles."""
    if sys.stdout.isatty():
        for line in _aligned(columns, rows, _width()):
            print(line)
        return
    print("\t".join(column.title for column in columns))
    for row in rows:
        print("\t".join(text.clean(cell).strip() for cell in row))


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except OSError:
        return 80


def _aligned(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int) -> Iterator[str]:
    """Lines of at most `width` cells."""
    shown = list(range(len(columns)))
    smallest = 8
    while True:
        needed = sum(columns[place].width or smallest for place in shown) + 2 * (len(shown) - 1)
        droppable = [place for place in shown if columns[place].drop]
        if needed <= width or not droppable:
            break
        shown.remove(max(droppable, key=lambda place: columns[place].drop))
    free = max(width - needed + smallest * sum(not columns[place].width for place in shown), smallest)
    flexible = sum(not columns[place].width for place in shown) or 1
    widths = {place: columns[place].width or free // flexible for place in shown}

    def line(cells: Sequence[str]) -> str:
        parts = (text.pad(text.clean(cells[place]), widths[place], columns[place].right) for place in shown)
        return text.cut("  ".join(parts).rstrip(), width)

    yield line([column.title for column in columns])
    for row in rows:
        yield line(row)
