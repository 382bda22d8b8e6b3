"""The closed grammar of typed dates, Danish and English at once.

Everything here works on the folded input (lower case, æ ae, ø oe, å aa), so that each word is listed once,
with the spelling of people without Danish keys beside it. The whole input must fit, or it is refused with a
sentence: a wrong date that nobody notices is worse than a question (faults 30, 31). Numbers with slashes,
dots or dashes are always day before month; four digits first are always year, month, day.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from easir_tui.errors import Invalid
from easir_tui.language import _, weekday_name
from easir_tui.text import accept, fold


def _either(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(words)


def _value(words: dict[str, int], word: str) -> int:
    """What one of the words in a table stands for."""
    return next(value for pattern, value in words.items() if _pattern(pattern).fullmatch(word))


_WEEKDAYS = {
    "mandag|man|monday|mon": 0,
    "tirsdag|tirs|tir|tuesday|tues|tue": 1,
    "onsdag|ons|wednesday|wed": 2,
    "torsdag|tors|tor|thursday|thurs|thur|thu": 3,
    "fredag|fre|friday|fri": 4,
    "loerdag|lordag|loer|lor|saturday|sat": 5,
    "soendag|sondag|soen|son|sunday|sun": 6,
}
_MONTHS = {
    "januar|january|jan": 1,
    "februar|february|feb": 2,
    "marts|march|mar": 3,
    "april|apr": 4,
    "maj|may": 5,
    "juni|june|jun": 6,
    "juli|july|jul": 7,
    "august|aug": 8,
    "september|sept|sep": 9,
    "oktober|october|okt|oct": 10,
    "november|nov": 11,
    "december|dec": 12,
}
_NUMBERS = {
    "en|et|een|a|an|one": 1,
    "to|two": 2,
    "tre|three": 3,
    "fire|four": 4,
    "fem|five": 5,
    "seks|six": 6,
    "syv|seven": 7,
    "otte|eight": 8,
    "ni|nine": 9,
    "ti|ten": 10,
    "tolv|twelve": 12,
    "fjorten|fourteen": 14,
}
_UNITS = {
    "minutter|minut|min|minutes|minute|mins": "minutes",
    "timer|time|t|hours|hour|hrs|hr|h": "hours",
    "dage|dag|days|day|d": "days",
    "uger|uge|u|weeks|week|w": "weeks",
    "maaneder|maaned|maneder|maned|mdr|md|months|month|mo": "months",
    "aar|ar|years|year|y": "years",
}
_DAYS_FROM_TODAY = {
    "i ?dag|today": 0,
    "(?:i ?)?morgen|tomorrow|tmrw|tmr": 1,
    "(?:i ?)?overmorgen|(?:the )?day after tomorrow": 2,
    "i ?gaar|i ?gar|yesterday": -1,
    "i ?forgaars|i ?forgars|(?:the )?day before yesterday": -2,
}
_PARTS_OF_DAY = {
    "morgen|morning|tidlig": 8,
    "formiddag": 10,
    "middag|noon": 12,
    "eftermiddag|afternoon": 14,
    "aften|evening|night": 18,
}
_BOUNDS = {
    "primo|(?:the )?(?:beginning|start) of|(?:i )?(?:begyndelsen|starten) af": 1,
    "medio|(?:the )?middle of|mid|midt i": 15,
    "ultimo|(?:the )?end of|(?:i )?slutningen af": -1,
}


_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_ON = r"(?:paa|pa|on|this|den|foerstkommende|forstkommende|kommende|coming)"
_NEXT = r"(?:naeste|naste|neste|next)"
_WEEKDAY = _either(_WEEKDAYS)
_MONTH = _either(_MONTHS)

_TIME = (
    r"(?:(?P<said>kl\.?|klokken|at|@) ?)?(?P<hour>\d{1,2})(?:(?P<mark>[:.])(?P<minute>\d\d))?"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?",
    r"(?:(?:kl\.?|klokken|at|@) ?)?(?P<hour>\d\d)(?P<minute>\d\d)",
    r"(?:kl\.? )?halv (?P<before>\d{1,2})",
    rf"(?!i ?morgen)(?P<said>i ?|om |in the |this |to|her til |at )?(?P<part>{_either(_PARTS_OF_DAY)})",
)
"""Times of day."""

_DATES = (
    rf"(?P<from_today>{_either(_DAYS_FROM_TODAY)})",
    rf"(?:{_ON} )?(?P<weekday>{_WEEKDAY})\.?",
    rf"{_NEXT} (?P<next_weekday>{_WEEKDAY})\.?",
    rf"(?P<next_weekday>{_WEEKDAY}) (?:i )?{_NEXT} (?:uge|week)",
    rf"(?:i )?{_NEXT} (?:uge|week) (?:paa |on )?(?P<next_weekday>{_WEEKDAY})",
    rf"(?:i |in )?{_NEXT} (?P<next_unit>uge|week|maaned|maned|month|aar|ar|year)",
    rf"(?:i |in )?(?:uge|week|u)\.? ?(?P<week>\d\d?)(?:[ /]{_YEAR})?(?:,? (?P<week_day>{_WEEKDAY}))?",
    rf"(?P<week_day>{_WEEKDAY}) (?:i |in )?(?:uge|week) ?(?P<week>\d\d?)(?:[ /]{_YEAR})?",
    rf"(?P<bound>{_either(_BOUNDS)}) (?P<month>{_MONTH})\.?(?: {_YEAR})?",
    rf"(?P<bound>{_either(_BOUNDS)}) (?:(?:denne|this|the) )?(?:maaneden|maneden|maaned|maned|month)",
    rf"(?P<bound>{_either(_BOUNDS)}) (?P<next_month>{_NEXT}) (?:maaned|maned|month)",
    r"(?P<year>\d{4})-(?P<month_number>\d\d?)-(?P<day>\d\d?)",
    r"(?:(?:d\.?|den|on|the) ?)?(?P<day>\d\d?)(?P<sign>[./-])(?P<month_number>\d\d?)"
    r"(?:(?P=sign)(?P<year>\d{4}|\d\d)|\.)?",
    rf"(?:(?:d\.?|den|on|the|on the) ?)?(?P<day>\d\d?)(?:\.|st|nd|rd|th)? ?(?:of )?"
    rf"(?P<month>{_MONTH})\.?,?(?: {_YEAR})?",
    rf"(?:on )?(?P<month>{_MONTH})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? {_YEAR})?",
    r"(?:d\.|den|on the|the) ?(?P<day>\d\d?)(?:\.|st|nd|rd|th)?",
)
"""Days. Written-out months want all four digits of a year: in "1 dec 14" the 14 is an hour."""

_COUNT = rf"(?P<count>\d{{1,4}}|{_either(_NUMBERS)})"
_UNIT = _either(_UNITS)
_DISTANCES = (
    rf"(?P<sign>[+-]) ?{_COUNT} ?(?P<unit>{_UNIT})",
    rf"(?:om|in) {_COUNT} ?(?P<unit>{_UNIT})",
    rf"(?P<count>\d{{1,4}}) ?(?P<unit>{_UNIT})",
    rf"(?:for )?{_COUNT} ?(?P<unit>{_UNIT}) (?P<past>siden|ago)",
    r"(?:om|in) (?P<quarter>et kvarter|a quarter of an hour)",
    r"(?:om|in) (?P<half_hour>en halv time|half an hour)",
)
"""Distances from now."""


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    """A part of the grammar, compiled at the first typed date and not at start-up."""
    return re.compile(text)


def _match(patterns: tuple[str, ...], words: str) -> dict[str, str] | None:
    """The named parts of the first pattern that all of `words` fits; None if none does."""
    for text in patterns:
        if match := _pattern(text).fullmatch(words):
            return {name: part for name, part in match.groupdict().items() if part is not None}
    return None


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
    if distance := _match(_DISTANCES, words):
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
    parts = _match(_DATES, words) or {}
    try:
        month = int(parts["month_number"]) if "month_number" in parts else _value(_MONTHS, parts["month"])
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
    if parts := _match(_DATES, words):
        return _day_from(parts, today, past, shown)
    # A weekday in front of a date is checked against it: "friday 27 november".
    if (named := _pattern(rf"({_WEEKDAY})[.,]? (.+)").fullmatch(words)) and (parts := _match(_DATES, named[2])):
        if "day" not in parts:
            return None
        day = _day_from(parts, today, past, shown)
        if day.weekday() != _value(_WEEKDAYS, named[1]):
            raise Invalid(
                "when",
                _("{date} is a {weekday}; leave out the weekday or correct it.").format(
                    date=f"{day:%d/%m/%Y}", weekday=weekday_name(day.weekday())
                ),
            )
        return day
    return None


def _day_from(parts: dict[str, str], today: date, past: bool, shown: str) -> date:
    """The day for one match of `_DATES`."""
    if "from_today" in parts:
        return today + timedelta(days=_value(_DAYS_FROM_TODAY, parts["from_today"]))
    if "weekday" in parts:
        wanted = _value(_WEEKDAYS, parts["weekday"])
        if past:
            return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    monday = today - timedelta(days=today.weekday())
    if "next_weekday" in parts:
        return monday + timedelta(days=7 + _value(_WEEKDAYS, parts["next_weekday"]))
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
    day_of_week = _value(_WEEKDAYS, parts["week_day"]) + 1 if "week_day" in parts else 1
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
    bound = _value(_BOUNDS, parts["bound"])

    def in_month(year: int, month: int) -> date:
        return date(year, month, bound if bound > 0 else calendar.monthrange(year, month)[1])

    if "month" not in parts:
        first = add_months(today.replace(day=1), 1 if "next_month" in parts else 0)
        return in_month(first.year, first.month)
    month = _value(_MONTHS, parts["month"])
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
        month = int(parts["month_number"]) if "month_number" in parts else _value(_MONTHS, parts["month"])
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
    count = parts["count"]
    number = int(count) if count.isdigit() else _value(_NUMBERS, count)
    if "past" in parts or parts.get("sign") == "-":
        number = -number
    unit = next(name for words, name in _UNITS.items() if re.fullmatch(words, parts["unit"]))
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
    if distance := _match(_DISTANCES, words):
        return _distance(distance, present, shown).day
    return _day(words, present, past, shown)


def _time(words: str, shown: str, alone: bool = False) -> tuple[int, int, bool] | None:
    """Hour, minute, and whether today was said with it ("i aften"); None if `words` are no time.

    "10.30" alone could be a date, so it is no time unless "kl" stands before it.
    """
    if parts := _match(_TIME, words):
        if alone and parts.get("mark") == "." and "said" not in parts:
            return None
        hour, minute = _clock(parts, shown)
        return hour, minute, "part" in parts and "said" in parts
    # "i aften kl 8", "tonight at 8": an hour of the evening is said after the evening.
    first, _blank, rest = words.rpartition(" kl") if " kl" in words else words.rpartition(" ")
    rest = "kl" + rest if " kl" in words else rest
    for front, back in ((first, rest), (first.removesuffix(" at"), rest)):
        said, clock = _match(_TIME[3:], front), _match(_TIME[:2], back)
        if said and clock:
            hour, minute = _clock(clock, shown)
            late = hour < 12 and "half" not in clock and _value(_PARTS_OF_DAY, said["part"]) > 12
            return hour + 12 if late else hour, minute, "said" in said
    return None


def _clock(parts: dict[str, str], shown: str) -> tuple[int, int]:
    """Hour and minute of one match of `_TIME`."""
    if "part" in parts:
        return _value(_PARTS_OF_DAY, parts["part"]), 0
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
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
