"""Dates, times and lengths of time as calendars write them (RFC 5545 sections 3.3.4 to 3.3.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T?(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Written:
    """A date, or a date with a time of day; `offset` is from UTC where it is told (`Z`), else None."""

    day: date
    time: datetime | None = None
    offset: timedelta | None = None

    def at(self, clocks: tzinfo) -> int:
        """The instant, UTC epoch seconds; a time without an offset is one of these clocks.

        An hour the spring leaves out is an hour later; of an hour the autumn gives twice, the first is meant.
        """
        if self.time is None:
            return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=clocks).timestamp())
        if self.offset is not None:
            return int(self.time.replace(tzinfo=UTC).timestamp() - self.offset.total_seconds())
        return int(self.time.replace(tzinfo=clocks).timestamp())


def read_moment(text: str) -> Written | None:
    """A written date or time; None for what is none or lies outside of the years 2 to 9998."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if not 1 < day.year < 9999:
            return None
        if match[4] is None:
            return Written(day)
        hour, minute, second = int(match[4]), int(match[5]), min(int(match[6] or 0), 59)
        later = timedelta(days=1) if (hour, minute) == (24, 0) else timedelta()
        time = datetime(day.year, day.month, day.day, 0 if later else hour, minute, second) + later
    except ValueError:
        return None
    return Written(time.date(), time, _offset(match[7] or ""))


def _offset(text: str) -> timedelta | None:
    if not text:
        return None
    if text in "Zz":
        return timedelta()
    sign, digits = (-1 if text[0] == "-" else 1), text[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))


def read_length(text: str) -> tuple[int, timedelta] | None:
    """A DURATION as whole days, which follow the calendar, and the exact rest; None for what is none or is negative."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None or match[1] == "-" or not any(match.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    return weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds)


def after(start: int, length: tuple[int, timedelta], clocks: tzinfo) -> int:
    """The instant a length after another; its days end at the same time of day, however long the days are."""
    days, rest = length
    if days:
        start = int((datetime.fromtimestamp(start, clocks) + timedelta(days=days)).timestamp())
    return start + int(rest.total_seconds())


def write_utc(at: int) -> str:
    """ "20261125T130000Z"."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.year:04}{moment:%m%dT%H%M%SZ}"


def write_local(at: int, clocks: tzinfo) -> str | None:
    """The time the clocks show, "20261125T140000"; None in the second of two equal hours, which no text can name."""
    moment = datetime.fromtimestamp(at, clocks)
    if int(moment.replace(fold=0).timestamp()) != at:
        return None
    return f"{moment.year:04}{moment:%m%dT%H%M%S}"
