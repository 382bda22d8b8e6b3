"""A table as a workbook: dates are dates, numbers are numbers, and nothing anybody typed is a formula or a link."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

LONGEST = 32_767
"""Letters a cell may have; what is longer is cut, for the program would not open the file."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its titles; what is more goes into a further sheet."""


def write(sink: BinaryIO, name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook, a row at a time through a file of its own, with titles that stay and a filter over them."""
    import xlsxwriter

    handle, place = tempfile.mkstemp(suffix=".xlsx", prefix="easir-")
    os.close(handle)
    try:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "nan_inf_to_errors": True,
        }  # fmt: skip
        with xlsxwriter.Workbook(place, options) as book:
            _fill(book, name, titles, rows)
        with Path(place).open("rb") as file:
            while block := file.read(1 << 20):
                sink.write(block)
    finally:
        Path(place).unlink(missing_ok=True)


def _fill(book: Any, name: str, titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def begun(number: int) -> Any:
        sheet = book.add_worksheet(f"{name[:27]} {number}" if number > 1 else name[:31])
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            sheet.set_column(column, column, max(10, min(40, len(title) + 4)))
            sheet.write_string(0, column, title, bold)
        return sheet

    sheets, at = 1, 0
    sheet = begun(1)
    for row in rows:
        if at == MOST_ROWS:
            sheets, at = sheets + 1, 0
            sheet = begun(sheets)
        at += 1
        for column, held in enumerate(row):
            if isinstance(held, datetime):
                sheet.write_datetime(at, column, held, moment)
            elif isinstance(held, date):
                sheet.write_datetime(at, column, datetime(held.year, held.month, held.day), day)
            elif isinstance(held, int | float):
                sheet.write_number(at, column, held)
            elif held:
                sheet.write_string(at, column, str(held)[:LONGEST])
