"""What the commands print: JSON that is exact, and text that a terminal may be given.

JSON holds the stored text unchanged, with control characters escaped as JSON does. Everything else passes
`text.clean`. On a terminal a list is aligned and cut to its width, the least important columns left out where
they do not fit; into a pipe or a file it is whole, a tab between columns, so that nothing is lost to scripts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from easir_tui import text


class Column(NamedTuple):
    """A column of a list: its title, the cells it likes to have, and which to leave out first (highest first).

    `width` 0 takes what is left. `right` aligns numbers.
    """

    title: str
    width: int
    drop: int = 0
    right: bool = False


def facts(record: Any) -> dict[str, Any]:
    """A frozen dataclass as what JSON can hold."""
    from dataclasses import asdict

    return asdict(record)


def print_json(data: Any) -> None:
    """One JSON value, indented, keys in the order they came."""
    import json

    print(json.dumps(data, ensure_ascii=False, indent=2))


def print_json_list(many: Iterable[dict[str, Any]]) -> None:
    """A JSON array written as it is read, one object on a line, so that a long list needs no memory."""
    import json

    opening = "["
    for one in many:
        sys.stdout.write(f"{opening}\n  {json.dumps(one, ensure_ascii=False)}")
        opening = ","
    print("[]" if opening == "[" else "\n]")


def say(sentence: str) -> None:
    """A sentence for the person, on standard output."""
    print(text.clean(sentence))


def say_text(written: str) -> None:
    """A text of several lines, on standard output."""
    print(text.clean(written, newlines=True))


def warn(sentence: str) -> None:
    """A sentence that must not mix with the data, on standard error."""
    print(text.clean(sentence), file=sys.stderr)


def print_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values under one another; a value of several lines keeps them, indented."""
    kept = [(name, value) for name, value in pairs if value]
    width = max((text.cells(name) for name, _ in kept), default=0)
    for name, value in kept:
        first, *rest = text.clean(value, newlines=True).split("\n")
        print(f"{text.pad(name, width)}  {first}".rstrip())
        for line in rest:
            print(f"{' ' * width}  {line}".rstrip())


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
