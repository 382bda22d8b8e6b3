"""The words and forms of typed dates, Danish and English at once, as tables of patterns.

They are for folded text (lower case, æ ae, ø oe, å aa), so that each word is listed once, with the spelling
of people without Danish keys beside it. What a match means is worked out in `typed_dates`.
"""

from __future__ import annotations

import re
from functools import lru_cache


def _either(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(words)


def meaning(words: dict[str, int], word: str) -> int:
    """What one of the words in a table stands for."""
    return next(value for pattern, value in words.items() if compiled(pattern).fullmatch(word))


WEEKDAYS = {
    "mandag|man|monday|mon": 0,
    "tirsdag|tirs|tir|tuesday|tues|tue": 1,
    "onsdag|ons|wednesday|wed": 2,
    "torsdag|tors|tor|thursday|thurs|thur|thu": 3,
    "fredag|fre|friday|fri": 4,
    "loerdag|lordag|loer|lor|saturday|sat": 5,
    "soendag|sondag|soen|son|sunday|sun": 6,
}
MONTHS = {
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
NUMBERS = {
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
UNITS = {
    "minutter|minut|min|minutes|minute|mins": "minutes",
    "timer|time|t|hours|hour|hrs|hr|h": "hours",
    "dage|dag|days|day|d": "days",
    "uger|uge|u|weeks|week|w": "weeks",
    "maaneder|maaned|maneder|maned|mdr|md|months|month|mo": "months",
    "aar|ar|years|year|y": "years",
}
DAYS_FROM_TODAY = {
    "i ?dag|today": 0,
    "(?:i ?)?morgen|tomorrow|tmrw|tmr": 1,
    "(?:i ?)?overmorgen|(?:the )?day after tomorrow": 2,
    "i ?gaar|i ?gar|yesterday": -1,
    "i ?forgaars|i ?forgars|(?:the )?day before yesterday": -2,
}
PARTS_OF_DAY = {
    "morgen|morning|tidlig": 8,
    "formiddag": 10,
    "middag|noon": 12,
    "eftermiddag|afternoon": 14,
    "aften|evening|night": 18,
}
BOUNDS = {
    "primo|(?:the )?(?:beginning|start)(?: of)?|(?:i )?(?:begyndelsen|starten) af": 1,
    "medio|(?:the )?middle of|mid|midt i": 15,
    "ultimo|(?:the )?end(?: of)?|slut|(?:i )?slutningen af": -1,
}


_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_ON = r"(?:paa|pa|on|this|den|foerstkommende|forstkommende|kommende|coming)"
_NEXT = r"(?:naeste|naste|neste|next)"
WEEKDAY = _either(WEEKDAYS)
_MONTH = _either(MONTHS)

TIME = (
    r"(?:(?P<said>kl\.?|klokken|at|@) ?)?(?P<hour>\d{1,2})(?:(?P<mark>[:.])(?P<minute>\d\d))?"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?",
    r"(?:(?P<said>kl\.?|klokken|at|@) ?)?(?P<hour>\d\d)(?P<minute>\d\d)",
    r"(?:kl\.? )?halv (?P<before>\d{1,2})",
    rf"(?!i ?morgen)(?P<said>i ?|om |in the |this |to|her til |at )?(?P<part>{_either(PARTS_OF_DAY)})",
)
"""Times of day."""

DATES = (
    rf"(?P<from_today>{_either(DAYS_FROM_TODAY)})",
    rf"(?:{_ON} )?(?P<weekday>{WEEKDAY})\.?",
    rf"{_NEXT} (?P<next_weekday>{WEEKDAY})\.?",
    rf"(?:sidste|forrige|last) (?P<last_weekday>{WEEKDAY})\.?",
    rf"i (?P<last_weekday>{WEEKDAY})s",
    rf"(?P<next_weekday>{WEEKDAY}) (?:i )?{_NEXT} (?:uge|week)",
    rf"(?:i )?{_NEXT} (?:uge|week) (?:paa |on )?(?P<next_weekday>{WEEKDAY})",
    rf"(?:i |in )?{_NEXT} (?P<next_unit>uge|week|maaned|maned|month|aar|ar|year)",
    rf"(?:i |in )?(?:uge|week|u)\.? ?(?P<week>\d\d?)(?:[ /]{_YEAR})?(?:,? (?P<week_day>{WEEKDAY}))?",
    rf"(?P<week_day>{WEEKDAY}) (?:i |in )?(?:uge|week) ?(?P<week>\d\d?)(?:[ /]{_YEAR})?",
    rf"(?P<bound>{_either(BOUNDS)}) (?P<month>{_MONTH})\.?(?: {_YEAR})?",
    rf"(?P<bound>{_either(BOUNDS)}) (?:(?:denne|this|the) )?(?:maaneden|maneden|maaned|maned|month)",
    rf"(?P<bound>{_either(BOUNDS)}) (?P<next_month>{_NEXT}) (?:maaned|maned|month)",
    r"(?P<year>\d{4})-(?P<month_number>\d\d?)-(?P<day>\d\d?)",
    r"(?:(?:d\.?|den|on|the) ?)?(?P<day>\d\d?)(?P<sign>[./-])(?P<month_number>\d\d?)"
    r"(?:(?P=sign)(?P<year>\d{4}|\d\d)|\.)?",
    r"(?:(?:d\.?|den|on|the) ?)?(?P<day>\d\d?)[./](?P<month_number>\d\d?)(?:-(?P<year>\d{4}|\d\d))",
    rf"(?:(?:d\.?|den|on|the) ?)?(?P<day>\d\d?)[./](?P<month_number>\d\d?)\.? {_YEAR}",
    rf"(?:(?:d\.?|den|on|the|on the) ?)?(?P<day>\d\d?)(?:\.|st|nd|rd|th)? ?(?:of )?"
    rf"(?P<month>{_MONTH})\.?,?(?: {_YEAR})?",
    rf"(?:on )?(?P<month>{_MONTH})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?(?:,? {_YEAR})?",
    r"(?:d\.|den|on the|the) ?(?P<day>\d\d?)(?:\.|st|nd|rd|th)?",
    r"(?P<day>\d\d?)(?:\.|st|nd|rd|th)",
)
"""Days. Written-out months want all four digits of a year: in "1 dec 14" the 14 is an hour."""

_COUNT = rf"(?P<count>\d{{1,4}}|{_either(NUMBERS)})"
_UNIT = _either(UNITS)
DISTANCES = (
    rf"(?P<sign>[+-]) ?{_COUNT} ?(?P<unit>{_UNIT})",
    rf"(?:om|in) {_COUNT} ?(?P<unit>{_UNIT})",
    rf"(?P<count>\d{{1,4}}) ?(?P<unit>{_UNIT})",
    rf"(?:for )?{_COUNT} ?(?P<unit>{_UNIT}) (?P<past>siden|ago)",
    rf"{_COUNT} ?(?P<unit>{_UNIT}) from (?:now|today)",
    r"(?:om|in) (?P<half_year>et halvt aar|et halvt ar|half a year)",
    r"(?:om|in) (?P<quarter>et kvarter|a quarter of an hour)",
    r"(?:om|in) (?P<half_hour>en halv time|half an hour)",
)
"""Distances from now."""


@lru_cache(maxsize=512)
def compiled(text: str) -> re.Pattern[str]:
    """A part of the grammar, compiled at the first typed date and not at start-up."""
    return re.compile(text)


def parts_of(patterns: tuple[str, ...], words: str) -> dict[str, str] | None:
    """The named parts of the first pattern that all of `words` fits; None if none does."""
    for text in patterns:
        if match := compiled(text).fullmatch(words):
            return {name: part for name, part in match.groupdict().items() if part is not None}
    return None
