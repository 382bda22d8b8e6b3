"""Dates in a column, read one way for the whole column.

12/01/2026 is a different day in Denmark and in America, and a reader that decides row by row damages
exactly the rows nobody notices (faults 31). So the column is read through first; what cannot be a day
under the order that was found is refused with its value, never turned into another day (faults 30).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMBERS = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?[-/.] ?(\d{4}|\d\d)")
_NO_YEAR = re.compile(r"--(\d\d)-(\d\d)")
_WORDS = re.compile(r"(\d{1,2})\.? +([a-zæøå]+)\.?,? +(\d{4})")
_WORDS_FIRST = re.compile(r"([a-zæøå]+)\.? +(\d{1,2}),? +(\d{4})")
_TIME = re.compile(r"[T ]0?0[:.]00(?:[:.]00)?(?:\.0+)?Z?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january",
            "feb februar february",
            "mar marts march",
            "apr april",
            "maj may",
            "jun juni june",
            "jul juli july",
            "aug august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
EMPTY = {"0/0/00"}
"""What Outlook writes for a birthday it does not know."""


@dataclass(slots=True)
class DateColumn:
    """The dates of one column: first `see` all of them, then `read` each.

    `order` is `dmy` or `mdy`, for numbers parted by slashes or hyphens; dotted ones are always day first.
    When the column itself tells nothing, `fallback` decides and `ambiguous` says how many dates that
    concerns.
    """

    this_year: int
    fallback: str = "dmy"
    forced: bool = False
    day_first: int = 0
    month_first: int = 0
    either: int = 0

    def see(self, value: str) -> None:
        """Take a value in as evidence of the column's order."""
        match = _NUMBERS.fullmatch(_TIME.sub("", value.strip()))
        if not match or match[2] == "." or value.strip() in EMPTY:
            return
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            self.day_first += 1
        elif second > 12 >= first:
            self.month_first += 1
        elif first != second and first <= 12:
            self.either += 1

    @property
    def order(self) -> str:
        """`dmy` or `mdy`, whichever more dates of the column can only be."""
        if self.forced or self.day_first == self.month_first:
            return self.fallback
        return "dmy" if self.day_first > self.month_first else "mdy"

    @property
    def ambiguous(self) -> int:
        """How many dates could be read both ways, with nothing in the column to tell."""
        return 0 if self.forced or self.day_first != self.month_first else self.either

    def read(self, value: str) -> str | None:
        """A day as `1980-02-29` or `--02-29`, nothing for an empty value, None when it is no day."""
        value = _TIME.sub("", value.strip()).lower()
        if not value or value in EMPTY:
            return ""
        if match := _NO_YEAR.fullmatch(value):
            day = self._day(2000, match[1], match[2])
            return day and "-" + day[4:]
        if match := _ISO.fullmatch(value) or _COMPACT.fullmatch(value):
            return self._day(match[1], match[2], match[3])
        if match := _NUMBERS.fullmatch(value):
            year = int(match[4])
            if len(match[4]) == 2:
                year += 2000 if 2000 + year <= self.this_year else 1900
            day_first = match[2] == "." or self.order == "dmy"
            return self._day(year, *((match[3], match[1]) if day_first else (match[1], match[3])))
        if (match := _WORDS.fullmatch(value)) and match[2] in _MONTHS:
            return self._day(match[3], _MONTHS[match[2]], match[1])
        if (match := _WORDS_FIRST.fullmatch(value)) and match[1] in _MONTHS:
            return self._day(match[3], _MONTHS[match[1]], match[2])
        return None

    def _day(self, year: str | int, month: str | int, day: str | int) -> str | None:
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            return None
