"""The clock of a team: minutes pass only while it is open, in local time, over holidays and changes of the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui.crm.opening_hours import (
    WEEKDAYS,
    Hours,
    danish_holidays,
    hours_of,
    parse_spans,
    spans_text,
)
from easir_tui.errors import Invalid

ZONE = ZoneInfo("Europe/Copenhagen")
WEEK = {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}


def at(text: str) -> int:
    """A moment on the wall in Copenhagen."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


def wall(instant: int) -> str:
    return datetime.fromtimestamp(instant, ZONE).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def hours() -> Hours:
    return hours_of(WEEK, "Europe/Copenhagen", calendar="DK")


@pytest.mark.parametrize(
    ("received", "minutes", "due"),
    [
        ("2026-11-20 16:50", 30, "2026-11-23 09:20"),  # Friday, closing at 17:00: Monday opening + 20 minutes
        ("2026-11-20 16:30", 30, "2026-11-20 17:00"),
        ("2026-11-21 12:00", 30, "2026-11-23 09:30"),
        ("2026-11-23 03:00", 30, "2026-11-23 09:30"),
        ("2026-11-23 09:00", 480, "2026-11-23 17:00"),
        ("2026-11-23 09:00", 481, "2026-11-24 09:01"),
        ("2026-10-23 16:50", 30, "2026-10-26 09:20"),  # over the end of summer time
        ("2026-03-27 16:50", 30, "2026-03-30 09:20"),  # over its beginning
        ("2026-04-01 16:50", 30, "2026-04-07 09:20"),  # Wednesday before Easter
        ("2026-12-23 16:50", 30, "2026-12-24 09:20"),  # Christmas Eve is a working day unless the team says so
        ("2026-12-24 16:50", 30, "2026-12-28 09:20"),
        ("2026-12-31 16:50", 30, "2027-01-04 09:20"),
    ],
)
def test_when_a_lead_is_due(hours: Hours, received: str, minutes: int, due: str) -> None:
    assert wall(hours.after(at(received), minutes)) == due


def test_a_team_closes_on_days_of_its_own() -> None:
    hours = hours_of(WEEK, "Europe/Copenhagen", ["2026-11-23"])
    assert wall(hours.after(at("2026-11-20 16:50"), 30)) == "2026-11-24 09:20"


def test_lunch_and_nights_are_gaps() -> None:
    hours = hours_of({"fri": [["13:00", "17:00"], ["09:00", "12:00"]], "sat": [["22:00", "24:00"]],
                      "sun": [["00:00", "02:00"]]}, "Europe/Copenhagen")  # fmt: skip
    assert wall(hours.after(at("2026-11-20 11:50"), 30)) == "2026-11-20 13:20"
    assert wall(hours.after(at("2026-11-21 23:50"), 30)) == "2026-11-22 00:20"
    assert hours.is_open(at("2026-11-20 09:00"))
    assert not hours.is_open(at("2026-11-20 12:00"))


@pytest.mark.parametrize(("day", "minutes"), [("2026-10-25", 25 * 60), ("2026-03-29", 23 * 60)])
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(day: str, minutes: int) -> None:
    """A span is what the clock on the wall says; within it real minutes count."""
    hours = hours_of({"sun": [["00:00", "24:00"]]}, "Europe/Copenhagen")
    begin = at(f"{day} 00:00")
    assert hours.between(begin, begin + 48 * 3600) == minutes * 60
    assert hours.after(begin, minutes) == begin + minutes * 60


def test_a_team_that_never_opens_has_no_such_clock() -> None:
    hours = hours_of({}, "Europe/Copenhagen")
    assert hours.after(1000, 30) == 1000 + 1800
    assert hours.between(1000, 1600) == 600
    holidays = frozenset(date(2026, 1, 1) + timedelta(days=days) for days in range(1500))
    assert Hours(ZONE, {0: ((540, 600),)}, holidays).after(at("2026-02-01 00:00"), 5) == at("2026-02-01 00:05")


def test_danish_holidays() -> None:
    assert danish_holidays(2026) == frozenset(date(2026, month, day) for month, day in (
        (1, 1), (4, 2), (4, 3), (4, 5), (4, 6), (5, 14), (5, 24), (5, 25), (12, 25), (12, 26)))  # fmt: skip
    assert date(2023, 5, 5) in danish_holidays(2023)
    assert date(2024, 4, 26) not in danish_holidays(2024)


SPANS = st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda one: one[0] < one[1]), max_size=1)


@given(
    week=st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, SPANS)),
    start=st.integers(1_760_000_000, 1_830_000_000), minutes=st.integers(1, 3000),
)  # fmt: skip
def test_the_minutes_that_pass_are_the_minutes_asked_for(week, start: int, minutes: int) -> None:
    """Whatever the hours: between the beginning and the end lie exactly so many open minutes, and it ends open."""
    hours = hours_of({day: [[f"{a:02d}:00", f"{b:02d}:00"] for a, b in spans] for day, spans in week.items()},
                     "Europe/Copenhagen")  # fmt: skip
    due = hours.after(start, minutes)
    assert hours.between(start, due) == minutes * 60
    if any(week.values()):
        assert hours.is_open(due - 1)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("9-17:30", [["09:00", "17:30"]]), ("9.00–12, 13-17", [["09:00", "12:00"], ["13:00", "17:00"]]),
     ("13-17; 8-12", [["08:00", "12:00"], ["13:00", "17:00"]]), ("", []), ("Lukket", []),
     ("0-24", [["00:00", "24:00"]])],
)  # fmt: skip
def test_opening_hours_as_they_are_typed(typed: str, stored: list[list[str]]) -> None:
    assert parse_spans(typed) == stored
    assert parse_spans(spans_text(stored)) == stored


@pytest.mark.parametrize("typed", ["17-9", "9-25", "nine", "9-12, 11-14", "9:75-12", "9"])
def test_what_are_no_opening_hours(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_spans(typed)
