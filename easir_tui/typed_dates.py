"""What a typed date means: a day, a time on a day, or a distance from now.

The grammar is closed, in `date_grammar`, Danish and English at once. The whole input must fit, or it is
refused with a sentence: a wrong date that nobody notices is worse than a question (faults 30, 31). Numbers
with slashes, dots or dashes are always day before month; four digits first are always year, month, day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from easir_tui.date_grammar import (
    BOUNDS,
    DATES,
    DAYS_FROM_TODAY,
    DISTANCES,
    MONTHS,
    NUMBERS,
    PARTS_OF_DAY,
    TIME,
    UNITS,
    WEEKDAY,
    WEEKDAYS,
    compiled,
    meaning,
    parts_of,
)
from easir_tui.errors import Invalid
from easir_tui.language import _, weekday_name
from easir_tui.text import accept, fold


@dataclass(frozen=True)
class Typed:
    """What was typed: a day, a time on it (hour and minute), or a distance from now in seconds."""

    day: date | None = None
    time: tuple[int, int] | None = None
    seconds: int | None = None


def read(typed: str, present: datetime, past: bool = False) -> Typed:
    """Read a typed date, time or both.

    Args:
        typed: as it came from the field.
        present: now, on the wall clock of the person typing.
        past: the date is of something that happened, so that what leaves the year, the week or the day
            open is the last such day and not the next.

    Raises:
        Invalid: it is none, or a day there is not; the sentence says which.
    """
    shown = accept(typed, newlines=False)
    words = " ".join(fold(shown).replace("’", "").split()).strip(" ,;!")
    words = re.sub(r"^(\d{4}-\d\d-\d\d)t(?=\d)", r"\1 ", words)
    if not words:
        raise Invalid("when", _("Write a date or a time."), _examples())
    if words in ("nu", "now"):
        return Typed(seconds=0)
    if distance := parts_of(DISTANCES, words):
        return _distance(distance, present, shown)
    if (day := _day(words, present, past, shown)) is not None:
        return Typed(day=day)
    return _day_and_time(words, present, past, shown)


def _day_and_time(words: str, present: datetime, past: bool, shown: str) -> Typed:
    """A time alone, or a day and a time in either order, parted at any blank."""
    if (time := _time(words, shown, alone=True)) is not None:
        today = present.date()
        if time[2]:
            return Typed(day=today, time=time[:2])
        behind = time[:2] <= (present.hour, present.minute)
        if past:
            return Typed(day=today if behind else today - timedelta(days=1), time=time[:2])
        return Typed(day=today + timedelta(days=1) if behind else today, time=time[:2])
    blanks = [at for at, sign in enumerate(words) if sign == " "]
    for at in reversed(blanks):
        day = _day_or_distance(words[:at].rstrip(","), present, past, shown)
        if day is not None and (time := _time(words[at + 1 :], shown)):
            return Typed(day=day, time=time[:2])
    for at in blanks:
        time = _time(words[:at].rstrip(","), shown)
        if time and (day := _day_or_distance(words[at + 1 :], present, past, shown)) is not None:
            return Typed(day=day, time=time[:2])
    raise Invalid("when", _("“{text}” is not a date or time that can be read.").format(text=shown[:60]), _examples())


def _examples() -> str:
    return _("For example: fri 10, tomorrow 9:30, 1/12, +2w.")


def read_birthday(typed: str, today: date) -> str:
    """Read a day of the calendar with or without its year: ISO text, or "--02-29".

    Raises:
        Invalid: it is no such day, or has not come yet.
    """
    shown = accept(typed, newlines=False)
    words = " ".join(fold(shown).split()).strip(" .,")
    words = re.sub(r"^--(\d\d)-?(\d\d)$", r"\2/\1", words)
    words = re.sub(
        r"^(\d\d?[./-]\d\d?)[./-]? (\d{4}|\d\d)$",
        lambda typo: f"{typo[1]}{typo[1].strip('0123456789')}{typo[2]}",
        words,
    )
    parts = parts_of(DATES, words) or {}
    try:
        month = int(parts["month_number"]) if "month_number" in parts else meaning(MONTHS, parts["month"])
        if "year" not in parts:
            return f"--{date(2000, month, int(parts['day'])):%m-%d}"
        year = int(parts["year"])
        if year < 100:
            year += today.year // 100 * 100 - (100 if year > today.year % 100 else 0)
        day = date(year, month, int(parts["day"]))
    except (KeyError, ValueError):
        day = date.max
    if not 1800 <= day.year <= today.year or day > today:
        raise Invalid(
            "birthday",
            _("“{text}” is not a birthday.").format(text=shown[:60]),
            _("For example: 29/2/1980, or 29/2 if the year is not known."),
        )
    return day.isoformat()


# Days ----------------------------------------------------------------------------------------------


def _day(words: str, present: datetime, past: bool, shown: str) -> date | None:
    """The day that all of `words` name, or None if they name none."""
    today = present.date()
    if parts := parts_of(DATES, words):
        return _day_from(parts, today, past, shown)
    # A weekday in front of a date is checked against it: "friday 27 november".
    if (named := compiled(rf"({WEEKDAY})[.,]? (.+)").fullmatch(words)) and (parts := parts_of(DATES, named[2])):
        clock = compiled(r"([01]?\d|2[0-3])\.[0-5]\d").fullmatch(named[2])
        if "day" not in parts or clock:
            return None  # "fredag 10.30" is a time, as "fredag 10" is
        day = _day_from(parts, today, past, shown)
        if day.weekday() != meaning(WEEKDAYS, named[1]):
            raise Invalid(
                "when",
                _("{date} is a {weekday}; leave out the weekday or correct it.").format(
                    date=f"{day:%d/%m/%Y}", weekday=weekday_name(day.weekday())
                ),
            )
        return day
    return None


def _day_from(parts: dict[str, str], today: date, past: bool, shown: str) -> date:
    """The day for one match of `DATES`."""
    if "from_today" in parts:
        return today + timedelta(days=meaning(DAYS_FROM_TODAY, parts["from_today"]))
    if "weekday" in parts:
        wanted = meaning(WEEKDAYS, parts["weekday"])
        if past:
            return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    if "last_weekday" in parts:
        return today - timedelta(days=(today.weekday() - meaning(WEEKDAYS, parts["last_weekday"]) - 1) % 7 + 1)
    monday = today - timedelta(days=today.weekday())
    if "next_weekday" in parts:
        return monday + timedelta(days=7 + meaning(WEEKDAYS, parts["next_weekday"]))
    if "next_unit" in parts:
        if parts["next_unit"] in ("uge", "week"):
            return monday + timedelta(days=7)
        if parts["next_unit"] in ("aar", "ar", "year"):
            return date(today.year + 1, 1, 1)
        return add_months(today.replace(day=1), 1)
    if "week" in parts:
        return _week(parts, today, past)
    if "bound" in parts:
        return _bound(parts, today, past)
    return _calendar_day(parts, today, past, shown)


def _week(parts: dict[str, str], today: date, past: bool) -> date:
    """Monday, or the day named, of an ISO week; without a year the next that is not over (the last begun)."""
    number = int(parts["week"])
    day_of_week = meaning(WEEKDAYS, parts["week_day"]) + 1 if "week_day" in parts else 1
    this_year = today.isocalendar().year
    years = [int(parts["year"])] if "year" in parts else [this_year, this_year - 1 if past else this_year + 1]
    for year in years:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        fits = monday <= today if past else monday + timedelta(days=6) >= today
        if "year" in parts or fits:
            return monday + timedelta(days=day_of_week - 1)
    raise Invalid("when", _("There is no week {number} in {year}.").format(number=number, year=years[-1]))


def _bound(parts: dict[str, str], today: date, past: bool) -> date:
    """Primo, medio or ultimo (first, fifteenth, last) of a month."""
    bound = meaning(BOUNDS, parts["bound"])

    def in_month(year: int, month: int) -> date:
        return date(year, month, bound) if bound > 0 else add_months(date(year, month, 1), 1) - timedelta(days=1)

    if "month" not in parts:
        first = add_months(today.replace(day=1), 1 if "next_month" in parts else 0)
        return in_month(first.year, first.month)
    month = meaning(MONTHS, parts["month"])
    if "year" in parts:
        return in_month(int(parts["year"]), month)
    day = in_month(today.year, month)
    if past:
        return day if day <= today else in_month(today.year - 1, month)
    return day if day >= today else in_month(today.year + 1, month)


def _calendar_day(parts: dict[str, str], today: date, past: bool, shown: str) -> date:
    """A day of a month; what is left open is the nearest future (past) one. Never another day than written."""
    day = int(parts["day"])
    step = -1 if past else 1
    if "month_number" not in parts and "month" not in parts:
        candidates = [add_months(today.replace(day=1), step * ahead) for ahead in range(3)]
        months = [(first.year, first.month) for first in candidates]
    else:
        month = int(parts["month_number"]) if "month_number" in parts else meaning(MONTHS, parts["month"])
        if "year" in parts:
            year = int(parts["year"])
            months = [(year if year > 99 else 2000 + year, month)]
        else:
            months = [(today.year + step * ahead, month) for ahead in range(9)]
    for year, month in months:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if "year" in parts:
            if 1900 <= year < 2200:
                return found
        elif found <= today if past else found >= today:
            return found
    raise Invalid(
        "when",
        _("There is no such day as {text}.").format(text=shown[:60]),
        _("The day comes first, then the month; a time is written 10:30 or kl 10.30."),
    )


# Distances and times -------------------------------------------------------------------------------


def _distance(parts: dict[str, str], present: datetime, shown: str) -> Typed:
    """A distance in minutes or hours is a moment, in days or more a day."""
    if "quarter" in parts:
        return Typed(seconds=15 * 60)
    if "half_hour" in parts:
        return Typed(seconds=30 * 60)
    if "half_year" in parts:
        return Typed(day=add_months(present.date(), 6))
    count = parts["count"]
    number = int(count) if count.isdigit() else meaning(NUMBERS, count)
    if "past" in parts or parts.get("sign") == "-":
        number = -number
    unit = next(name for words, name in UNITS.items() if re.fullmatch(words, parts["unit"]))
    if unit in ("minutes", "hours"):
        return Typed(seconds=number * (60 if unit == "minutes" else 3600))
    try:
        if unit in ("days", "weeks"):
            day = present.date() + timedelta(days=number * (7 if unit == "weeks" else 1))
        else:
            day = add_months(present.date(), number * (12 if unit == "years" else 1))
    except (ValueError, OverflowError):
        day = date.min
    if not 1900 <= day.year < 2200:
        raise Invalid("when", _("{text} is too far away.").format(text=shown[:60]))
    return Typed(day=day)


def _day_or_distance(words: str, present: datetime, past: bool, shown: str) -> date | None:
    """The day of a day-and-time: any day, or a distance in whole days ("om 14 dage kl 10")."""
    if distance := parts_of(DISTANCES, words):
        return _distance(distance, present, shown).day
    return _day(words, present, past, shown)


def _time(words: str, shown: str, alone: bool = False) -> tuple[int, int, bool] | None:
    """Hour, minute, and whether today was said with it ("i aften"); None if `words` are no time.

    "10.30" alone could be a date and "2027" a year, so they are no times unless "kl" stands before them.
    """
    if parts := parts_of(TIME, words):
        if alone and "said" not in parts and (parts.get("mark") == "." or re.fullmatch(r"20[2-5]\d", words)):
            return None
        hour, minute = _clock(parts, shown)
        return hour, minute, "part" in parts and "said" in parts
    # "i aften kl 8", "tonight at 8": an hour of the evening is said after the evening.
    first, _blank, rest = words.rpartition(" kl") if " kl" in words else words.rpartition(" ")
    rest = "kl" + rest if " kl" in words else rest
    for front, back in ((first, rest), (first.removesuffix(" at"), rest)):
        said, clock = parts_of(TIME[3:], front), parts_of(TIME[:2], back)
        if said and clock:
            hour, minute = _clock(clock, shown)
            late = hour < 12 and "half" not in clock and meaning(PARTS_OF_DAY, said["part"]) > 12
            return hour + 12 if late else hour, minute, "said" in said
    return None


def _clock(parts: dict[str, str], shown: str) -> tuple[int, int]:
    """Hour and minute of one match of `TIME`."""
    if "part" in parts:
        return meaning(PARTS_OF_DAY, parts["part"]), 0
    if "before" in parts:
        hour, minute = int(parts["before"]) - 1, 30
    else:
        hour, minute = int(parts["hour"]), int(parts.get("minute", "0"))
    if half := parts.get("half", "")[:1]:
        if not 1 <= hour <= 12:
            hour = 99
        hour = hour % 12 + (12 if half == "p" else 0) if hour != 99 else hour
    if not (0 <= hour < 24 and minute < 60):
        raise Invalid("when", _("There is no such time as {text}.").format(text=shown[:60]))
    return hour, minute


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of that month if it is shorter.

    Raises:
        ValueError: outside the calendar.
    """
    from dateutil.relativedelta import relativedelta

    later: date = day + relativedelta(months=months)
    return later
