"""Time: the one place that reads it, the zones it is shown in, and dates as people type and read them.

Instants are UTC epoch seconds, all-day dates are plain dates; one is never stored as the other (faults 57–59).
Typed dates are read by the grammar of `typed_dates` and turned into instants here.
"""

from __future__ import annotations

import re
import time as _time
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from easir_tui.errors import Invalid
from easir_tui.language import _, active, month_name, weekday_name
from easir_tui.text import accept, fold, pad
from easir_tui.typed_dates import read, read_birthday

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Copenhagen"


def now() -> int:
    """The present, UTC epoch seconds."""
    return int(_time.time())


@lru_cache(maxsize=32)
def zone(name: str = DEFAULT_ZONE) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        Invalid: there is no such zone.
    """
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid("zone", _("There is no time zone “{name}”.").format(name=name)) from error


def local(at: int, zone: ZoneInfo) -> datetime:
    """An instant as the clock on the wall of `zone` shows it."""
    return datetime.fromtimestamp(at, zone)


def today(zone: ZoneInfo) -> date:
    """The date it is now in `zone` (faults 57)."""
    return local(now(), zone).date()


def instant(day: date, hour: int, minute: int, zone: ZoneInfo) -> int:
    """When the clock of `zone` shows that time, UTC epoch seconds.

    An hour the spring leaves out is an hour later (02:30 becomes 03:30); of an hour the autumn gives twice,
    the first is meant.
    """
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp())


@dataclass(frozen=True)
class When:
    """A moment (`at`, UTC epoch seconds) or a whole day (`day`); exactly one of the two."""

    at: int | None = None
    day: date | None = None

    def __post_init__(self) -> None:
        if (self.at is None) == (self.day is None):
            raise ValueError("a When is an instant or a day, exactly one of them")

    def sort_at(self, zone: ZoneInfo) -> int:
        """Where it stands among others, UTC epoch seconds; a whole day stands at its beginning."""
        if self.at is not None:
            return self.at
        assert self.day is not None
        return instant(self.day, 0, 0, zone)


def bucket(at: int | None, day: date | None, zone: ZoneInfo, now: int | None = None) -> str:
    """ "overdue", "today" or "later", by the viewer's calendar (faults 59).

    What is due today is not overdue before midnight there, whatever its hour. Without any date: "later".
    """
    if at is not None:
        day = local(at, zone).date()
    if day is None:
        return "later"
    present = today(zone) if now is None else local(now, zone).date()
    if day < present:
        return "overdue"
    return "today" if day == present else "later"


# Dates as people read them -------------------------------------------------------------------------

SHORT_WIDTH = 16
"""Cells of `short_when` and `short_day`, in every language."""


def time(at: int, zone: ZoneInfo) -> str:
    """The time of day, "10:00"."""
    return local(at, zone).strftime("%H:%M")


def date_long(day: date) -> str:
    """ "27 November 2026", "27. november 2026"."""
    dot = "." if active() == "da" else ""
    return f"{day.day}{dot} {month_name(day.month)} {day.year}"


def date_short(day: date) -> str:
    """ "27 Nov 2026", "27. nov. 2026"."""
    if active() == "da":
        month = month_name(day.month)
        return f"{day.day}. {month if len(month) <= 4 else month[:3] + '.'} {day.year}"
    return f"{day.day} {month_name(day.month)[:3]} {day.year}"


def say_when(when: When, zone: ZoneInfo) -> str:
    """A moment or day in full words, for the echo beside a field: "Friday 27 November 2026 at 10:00"."""
    day = when.day if when.day is not None else local(when.sort_at(zone), zone).date()
    if active() == "da":
        words = f"{weekday_name(day.weekday())} den {date_long(day)}"
        return words if when.at is None else f"{words} kl. {time(when.at, zone)}"
    words = f"{weekday_name(day.weekday())} {date_long(day)}"
    return words if when.at is None else f"{words} at {time(when.at, zone)}"


def short_when(at: int, zone: ZoneInfo, now: int | None = None) -> str:
    """A moment in exactly 16 cells, for columns: "Fri 20 Nov 15:12", "fr 20. nov 15:12".

    Today is "today      15:12"; in another year the weekday gives way to the year, "14 Mar 25  12:00".
    """
    moment = local(at, zone)
    return pad(_short(moment.date(), zone, now), SHORT_WIDTH - 6) + moment.strftime(" %H:%M")


def short_day(day: date, zone: ZoneInfo | None = None, now: int | None = None) -> str:
    """A whole day in the same 16 cells, the place of the time left blank."""
    return pad(_short(day, zone, now), SHORT_WIDTH)


def _short(day: date, viewer: ZoneInfo | None, now: int | None) -> str:
    """A day in at most 10 cells."""
    viewer = viewer or zone(DEFAULT_ZONE)
    present = today(viewer) if now is None else local(now, viewer).date()
    if day == present:
        return _("today")
    danish = active() == "da"
    number = f"{day.day:>2}." if danish else f"{day.day:>2}"
    month = month_name(day.month)[:3]
    if day.year != present.year:
        return f"{number} {month} {day.year % 100:02d}"
    return f"{weekday_name(day.weekday())[: 2 if danish else 3]} {number} {month}"


def ago(at: int, zone_: ZoneInfo | None = None, now: int | None = None) -> str:
    """How long since `at`: "just now", "5 min ago", "today 14:30", and from yesterday back the date, "3 Nov 2026"."""
    viewer = zone_ or zone(DEFAULT_ZONE)
    present = int(_time.time()) if now is None else now
    passed = present - at
    if 0 <= passed < 60:
        return _("just now")
    if 0 <= passed < 3600:
        return _("{minutes} min ago").format(minutes=passed // 60)
    if local(at, viewer).date() == local(present, viewer).date():
        return _("today {time}").format(time=time(at, viewer))
    return date_short(local(at, viewer).date())


# Dates as people type them -------------------------------------------------------------------------


def parse_when(typed: str, zone: ZoneInfo, now: int | None = None, *, past: bool = False) -> When:
    """Read a date, a time, or both: "fri 10", "+2w", "i morgen 9", "1. dec kl 14", "uge 49", "om 4 timer".

    A time alone is today, or tomorrow once it has passed. A day without its year, and a weekday, is the next
    such day; with `past` (something that happened is being written down) it is the last. Days come before
    months, always. What a script writes, "2026-12-01T10:30:00+01:00", is read too.

    Raises:
        Invalid: it is none of these, or no such day; the sentence says why, the hint shows examples.
    """
    present = int(_time.time()) if now is None else now
    if re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?(Z|z|[+-]\d\d:?\d\d)", typed.strip()):
        try:
            return When(at=int(datetime.fromisoformat(typed.strip().upper()).timestamp()))
        except (ValueError, OverflowError) as error:
            raise Invalid("when", _("There is no such time as {text}.").format(text=typed.strip())) from error
    found = read(typed, local(present, zone), past)
    if found.seconds is not None:
        return When(at=present - present % 60 + found.seconds)
    assert found.day is not None
    if found.time is None:
        return When(day=found.day)
    return When(at=instant(found.day, *found.time, zone))


def parse_day(typed: str, zone: ZoneInfo, now: int | None = None, *, past: bool = False) -> date:
    """Read a day as `parse_when` does.

    Raises:
        Invalid: it is none, or has a time of day, for which there is no room here.
    """
    when = parse_when(typed, zone, now, past=past)
    if when.day is None:
        raise Invalid("day", _("Only a day can be kept here, not a time."), _("For example: 1/12, fri, +2w."))
    return when.day


def parse_birthday(typed: str, now: int | None = None) -> str:
    """Read a birthday, with its year or without: "1980-02-29", or "--02-29" as vCard writes it; "" for nothing.

    "29/2 1980", "29.2.80", "29. februar 1980" and "29/2" are read. Two digits of a year are the last such
    year that has begun.

    Raises:
        Invalid: it is no day of the calendar, or lies in the future.
    """
    if not typed.strip():
        return ""
    present = int(_time.time()) if now is None else now
    return read_birthday(typed, local(present, zone(DEFAULT_ZONE)).date())


_SPOKEN_LENGTHS = {"et kvarter": "15", "en halv time": "30", "half an hour": "30", "en time": "60", "an hour": "60"}


def parse_minutes(typed: str) -> int:
    """Read a length of time in minutes, at most a day: "45", "1:30", "1h", "1 t 30 m", "1,5 time".

    Raises:
        Invalid: it is none.
    """
    words = fold(accept(typed, newlines=False).replace("½", ".5")).replace(",", ".").rstrip(" .")
    words = _SPOKEN_LENGTHS.get(words, words)
    minutes = -1.0
    hour, minute = r"(?:t|timer?|h|hrs?|hours?)\.?", r"(?:m|min|mins|minut|minutter|minutes?)\.?"
    if match := re.fullmatch(rf"(\d+)(?: ?{minute})?", words):
        minutes = int(match[1])
    elif match := re.fullmatch(r"(\d+):([0-5]\d)", words):
        minutes = int(match[1]) * 60 + int(match[2])
    elif match := re.fullmatch(rf"(\d+|\d*\.\d+) ?{hour}(?: ?(?:og |and )?(\d+)(?: ?{minute})?)?", words):
        minutes = float(match[1]) * 60 + int(match[2] or 0)
    if not 0 <= minutes <= 24 * 60:
        raise Invalid(
            "minutes",
            _("“{text}” is not a length of time.").format(text=accept(typed, newlines=False)[:60]),
            _("For example: 45, 1:30 or 1 h 30 m."),
        )
    return round(minutes)
