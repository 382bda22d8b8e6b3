"""The clock of a team: minutes that pass only while it is open.

A span of opening hours is local time, so a day on which the clocks change is as long as the clock on the wall says;
what is reckoned is real time within the spans. A team that never opens has no such clock, and time passes for it as
for everybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.data.sqlite import row
from easir_tui.errors import Invalid
from easir_tui.language import _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The keys of stored opening hours, Monday first."""

Span = tuple[int, int]
"""Opening and closing, in minutes since midnight on the clock on the wall; 1440 is the midnight that ends the day."""

LONGEST_DAYS = 800
"""Days that are looked through for the end of some minutes; a team closed for longer than that never opens."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a team is open: spans by weekday (Monday is 0), and the days on which it is closed all the same."""

    zone: ZoneInfo
    spans: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date] = frozenset()
    danish: bool = False

    def is_holiday(self, day: date) -> bool:
        """Whether the team is closed on this day of all."""
        return day in self.holidays or (self.danish and day in danish_holidays(day.year))

    def of(self, day: date) -> Iterator[tuple[int, int]]:
        """The spans of one day as instants, UTC epoch seconds."""
        if self.is_holiday(day):
            return
        for begin, end in self.spans.get(day.weekday(), ()):
            yield self._instant(day, begin), self._instant(day, end)

    def _instant(self, day: date, minute: int) -> int:
        if minute >= 24 * 60:
            return clock.instant(day + timedelta(days=1), 0, 0, self.zone)
        return clock.instant(day, minute // 60, minute % 60, self.zone)

    def after(self, at: int, minutes: int) -> int:
        """When so many minutes of opening hours have passed since `at`, UTC epoch seconds."""
        left = minutes * 60
        day = clock.local(at, self.zone).date()
        for _day in range(LONGEST_DAYS):
            for begin, end in self.of(day):
                start = max(begin, at)
                if start >= end:
                    continue
                if start + left <= end:
                    return start + left
                left -= end - start
            day += timedelta(days=1)
        return at + minutes * 60

    def between(self, start: int, end: int) -> int:
        """Seconds of opening hours between two instants; none if the second is not later."""
        if not any(self.spans.values()):
            return max(0, end - start)
        total = 0
        day, last = clock.local(start, self.zone).date(), clock.local(end, self.zone).date()
        while day <= last:
            total += sum(max(0, min(closing, end) - max(opening, start)) for opening, closing in self.of(day))
            day += timedelta(days=1)
        return total

    def is_open(self, at: int) -> bool:
        """Whether somebody is there at this instant."""
        return any(begin <= at < end for begin, end in self.of(clock.local(at, self.zone).date()))


def danish_holidays(year: int) -> frozenset[date]:
    """The public holidays of Denmark; the great prayer day was one until 2023."""
    from dateutil.easter import easter

    sunday = easter(year)
    moving = [-3, -2, 0, 1, 39, 49, 50, *([26] if year < 2024 else [])]
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    return frozenset((*fixed, *(sunday + timedelta(days=days) for days in moving)))


def hours_of(
    opening_hours: Mapping[str, Sequence[Sequence[str]]], zone: str, holidays: Sequence[str] = (), calendar: str = ""
) -> Hours:
    """What a team has stored, as its clock."""
    spans: dict[int, tuple[Span, ...]] = {}
    for number, name in enumerate(WEEKDAYS):
        found = tuple((_minutes(begin), _minutes(end)) for begin, end in opening_hours.get(name, ()))
        if found:
            spans[number] = tuple(sorted(found))
    return Hours(clock.zone(zone), spans, frozenset(date.fromisoformat(one) for one in holidays), calendar == "DK")


def of_team(team_id: int | None) -> tuple[Hours, int | None, int | None]:
    """The clock of a team, with the minutes it has for accepting a lead and for acting on it; no team has none."""
    found = row(
        "SELECT opening_hours, zone, holidays, holiday_calendar, accept_minutes, act_minutes FROM team WHERE id = ?",
        team_id,
    )  # fmt: skip
    if found is None:
        return Hours(clock.zone(), {}), None, None
    return hours_of(json.loads(found[0]), found[1], json.loads(found[2]), found[3]), found[4], found[5]


def _minutes(written: str) -> int:
    hour, _colon, minute = written.partition(":")
    return int(hour) * 60 + int(minute or 0)


_TYPED_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")


def parse_spans(typed: str) -> list[list[str]]:
    """Opening hours of a day as they are typed: "9-17:30", "9-12, 13-17"; nothing or "closed" for a day off.

    Raises:
        Invalid: of `hours`: a span is not understood, ends before it begins, or overlaps another.
    """
    words = typed.strip().lower()
    if words in ("", "-", "closed", "lukket"):
        return []
    spans: list[Span] = []
    for piece in re.split(r"[,;+]|\s+(?:og|and)\s+", words):
        match = _TYPED_SPAN.fullmatch(piece.strip())
        if match is None:
            raise Invalid("hours", _("“{text}” are no opening hours.").format(text=typed.strip()),
                          _("Write them like 9-17:30, or 9-12, 13-17."))  # fmt: skip
        begin, end = int(match[1]) * 60 + int(match[2] or 0), int(match[3]) * 60 + int(match[4] or 0)
        if end > 24 * 60 or begin >= end or int(match[2] or 0) > 59 or int(match[4] or 0) > 59:
            raise Invalid("hours", _("“{text}” ends before it begins.").format(text=piece.strip()),
                          _("Write them like 9-17:30, or 9-12, 13-17."))  # fmt: skip
        spans.append((begin, end))
    spans.sort()
    for (_first, ends), (begins, _last) in pairwise(spans):
        if begins < ends:
            raise Invalid("hours", _("Two spans of “{text}” overlap.").format(text=typed.strip()))
    return [[f"{begin // 60:02d}:{begin % 60:02d}", f"{end // 60:02d}:{end % 60:02d}"] for begin, end in spans]


def spans_text(spans: Sequence[Sequence[str]]) -> str:
    """Opening hours of a day as they stand in a form: "9:00-17:30"."""
    return ", ".join(f"{begin.lstrip('0') if begin[:2] != '00' else begin}-{end}" for begin, end in spans)
