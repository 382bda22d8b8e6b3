"""A table as a CSV file that a spreadsheet opens as it is meant: columns apart, letters right, and nothing a formula.

A spreadsheet runs a cell that begins with "=", "+", "-" or "@" as a formula, and what people type into names and titles
is anybody's. Such a text gets an apostrophe in front; numbers are left numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

Cell = str | int | float | None

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "|", "%")


def lines(rows: Iterable[Sequence[Cell]], decimal_comma: bool = False) -> Iterator[bytes]:
    """The same as `table`, a row at a time, for tables of any length."""
    yield "\ufeff".encode()
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=";" if decimal_comma else ",", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(one, decimal_comma) for one in row])
        yield sink.getvalue().encode("utf-8", "replace")
        sink.seek(0)
        sink.truncate()


def table(rows: Iterable[Sequence[Cell]], decimal_comma: bool = False) -> bytes:
    """UTF-8 with its mark, CRLF; with a decimal comma the columns are parted by semicolons, as spreadsheets do."""
    return b"".join(lines(rows, decimal_comma))


def _cell(held: Cell, decimal_comma: bool) -> str:
    if held is None:
        return ""
    if isinstance(held, str):
        kept = held.replace("\0", "")
        return f"'{kept}" if kept.lstrip(" ").startswith(_FORMULA) else kept
    written = f"{held:.2f}" if isinstance(held, float) else str(held)
    return written.replace(".", ",") if decimal_comma else written
