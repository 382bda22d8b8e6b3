"""The calendar of the demonstration: three years of working days that end the evening before today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = 3 * 365
"""How far back the story goes."""


class Days:
    """The days of the story, each with the instant it begins in the dealership's zone."""

    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self.today = today
        self.first = today - timedelta(days=DAYS)
        spans = (self.first + timedelta(days=number) for number in range(DAYS + 120))
        days = list(spans)
        self.dates = days
        self.midnight = [int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) for day in days]
        self.open = [day.weekday() != 6 for day in days]

    def at(self, day: int, second: int) -> int:
        """The instant `second` seconds into working day number `day`, never on a Sunday, never after yesterday."""
        day = min(max(day, 0), DAYS - 1)
        if not self.open[day]:
            day = day - 1 if day else 1
        return self.midnight[day] + second

    def due(self, ahead: int) -> int:
        """The number of the open day `ahead` days from today, moved on from a Sunday unless that is today."""
        day = DAYS + ahead
        if not self.open[day] and ahead:
            day += -1 if ahead < 0 else 1
        return day
