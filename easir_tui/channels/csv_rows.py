"""The rows of a CSV file, whatever parts its columns: lines, quotation marks, delimiter, and where the heading is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from easir_tui.channels.csv_headers import Column, known
from easir_tui.channels.encodings import Encoding
from easir_tui.language import _

DELIMITERS = ";,\t|"
NO_DELIMITER = "\x1f"
"""For a file of one column, whose values may hold any of the others."""

LONGEST_CELL = 16 * 1024 * 1024
LONGEST_ROW = 2000
"""Lines one quoted cell may run over; more is a quotation mark that was never closed."""

SAMPLE_LINES = 200
_PHONE = re.compile(r"[+(]?[\d ()./+-]{7,}")


def lines(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """The lines of a file as text, ends kept, without NULs and without a byte-order mark."""
    errors = "easir-strays" if encoding.name.startswith("utf-8") else "ignore"
    text = io.TextIOWrapper(file, encoding=encoding.name, errors=errors, newline="")
    try:
        for line in text:
            yield line.replace("\0", "") if "\0" in line else line
    finally:
        if not file.closed:
            text.detach()


class _Runaway(Exception):
    """A quoted cell does not end."""


class _Feed:
    """Gives lines to the csv reader, and remembers those of the row it is at, to take them back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.back: list[str] = []
        self.row: list[str] = []
        self.number = 0
        self.ended = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.row) >= LONGEST_ROW:
            raise _Runaway
        line = self.back.pop() if self.back else next(self.lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.row.append(line)
        self.number += 1
        return line

    def take_back(self) -> str:
        """The first line of the row; the others will be given again."""
        first, *rest = self.row
        self.back += reversed(rest)
        self.number -= len(rest)
        self.row = []
        return first


def rows(lines: Iterator[str], delimiter: str, width: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each starts on, counted from 1; `width` is how many cells they should have.

    A cell whose quotation mark is never closed would swallow the lines that follow; then that one line is
    read with its quotation marks as letters, and the next starts afresh.
    """
    csv.field_size_limit(LONGEST_CELL)
    feed = _Feed(lines)
    while not feed.ended or feed.back:
        reader = csv.reader(feed, delimiter=delimiter)
        try:
            for cells in reader:
                if len(feed.row) > 1 and _swallowed(feed.row, delimiter, width):
                    raise _Runaway
                yield feed.number - len(feed.row) + 1, cells
                feed.row.clear()
        except (_Runaway, csv.Error):
            if feed.row:
                first = feed.take_back()
                yield feed.number, _bare(first, delimiter)


def _bare(line: str, delimiter: str) -> list[str]:
    """One line, its quotation marks being letters."""
    return [cell.strip('"') for cell in line.rstrip("\r\n").split(delimiter)]


def _swallowed(row: list[str], delimiter: str, width: int) -> bool:
    """Whether the lines of a row are several rows, parted wrongly because a quotation mark was never closed."""
    try:
        list(csv.reader(row, delimiter=delimiter, strict=True))
    except csv.Error:
        return width < 2 or len(_bare(row[0], delimiter)) == width
    return False


def sampled(sample: Sequence[str], delimiter: str) -> tuple[list[tuple[int, list[str]]], str]:
    """The first rows, and the delimiter that makes the best of them.

    The best is the one under which the most headings are known, and then the one with the most rows of
    equal length.
    """

    def first_rows(one: str) -> list[tuple[int, list[str]]]:
        found = list(rows(iter(sample), one))
        return found[:-1] if len(sample) == SAMPLE_LINES and len(found) > 3 else found

    def score(one: str) -> tuple[int, float, int]:
        found = first_rows(one)
        lengths = [len(cells) for _line, cells in found if any(cells)]
        usual = max(set(lengths), key=lengths.count, default=1)
        best_known = max((known(cells) for _line, cells in found[:10]), default=0)
        return (best_known, lengths.count(usual) / len(lengths), usual) if usual > 1 else (best_known, 0.0, 1)

    if not delimiter:
        delimiter = max(DELIMITERS, key=score)
        if score(delimiter)[2] < 2:
            delimiter = NO_DELIMITER
    return first_rows(delimiter), delimiter


def heading_row(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """Which row names the columns: the first that says something, or one soon after it with two known headings."""
    seen_text = False
    for i, (_line, cells) in enumerate(rows[:10]):
        if not any(cell.strip() for cell in cells):
            continue
        count = known(cells)
        if (not seen_text and count) or count > 1:
            return i
        seen_text = True
    return None


def columns_by_content(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[Column, ...], int]:
    """The columns of a file that starts with data: what holds an @ is an e-mail address, long numbers are phones."""
    width = max((len(cells) for cells in rows), default=0)
    columns: list[Column] = []
    for i in range(width):
        values = [cells[i].strip() for cells in rows if i < len(cells) and cells[i].strip()]
        if values and sum("@" in value for value in values) * 2 > len(values):
            columns.append(Column("email"))
        elif values and sum(bool(_PHONE.fullmatch(value)) for value in values) * 2 > len(values):
            columns.append(Column("phone"))
        elif (
            values
            and not any(column.kind == "name" for column in columns)
            and any(not value.isdecimal() for value in values)
        ):
            columns.append(Column("name"))
        else:
            columns.append(Column("custom", _("Column {number}").format(number=i + 1)))
    if not any(column.kind in ("email", "phone") for column in columns):
        columns = []
    return tuple(column.label or column.kind for column in columns), tuple(columns), 0
