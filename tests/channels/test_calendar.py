"""Calendar files: what is written is read back the same, and what others write is read as it was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui import clock, text
from easir_tui.channels.calendar_entry import CalendarEntry, Person, Problem
from easir_tui.channels.calendar_file import read, write
from easir_tui.channels.calendar_zones import known_zone, zone_lines
from easir_tui.errors import Invalid

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "calendar"
FILES = sorted(CORPUS.glob("*.ics"))

ZONES = ("Europe/Copenhagen", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC")

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=90).map(text.accept)
lines = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(lambda one: text.accept(one, newlines=False))
names = lines.map(lambda one: one.replace('"', "'"))
addresses = st.sampled_from(["ole@example.dk", "søren.kjær@ræv.dk", "a+b%c@example.com"])
people = st.builds(Person, names, addresses, st.sampled_from(["", "accepted", "needs-action"]),
                   st.sampled_from([(), (("ROLE", "REQ-PARTICIPANT"), ("RSVP", "TRUE"))]))  # fmt: skip
instants = st.integers(0, 4_000_000_000)
days = st.dates(date(1970, 1, 2), date(2090, 1, 1))


@st.composite
def entries(draw: st.DrawFn) -> CalendarEntry:
    event = draw(st.booleans())
    entry = CalendarEntry(
        uid=draw(st.sampled_from(["task-1@x.easir", "a b,c;d\\e@æ"])), kind="event" if event else "todo",
        title=draw(lines), description=draw(words), place=draw(words),
        organizer=draw(st.none() | people.map(lambda one: replace(one, answer=""))),
        attendees=tuple(draw(st.lists(people, max_size=3))), sequence=draw(st.integers(0, 2**31 - 1)),
        status=draw(st.sampled_from(["", "cancelled", "confirmed", "completed"])),
        last_modified=draw(st.none() | instants), done_at=draw(st.none() | instants),
        extra=tuple(draw(st.lists(st.sampled_from(["X-WR-COLOR:red", "CATEGORIES:a,b", "RRULE:FREQ=WEEKLY"]),
                                  max_size=2))),
    )  # fmt: skip
    if draw(st.booleans()):
        first = draw(days)
        last = first + timedelta(draw(st.integers(0, 40)))
        return replace(entry, first_day=first.isoformat(), last_day=last.isoformat())
    start = draw(instants if event else st.none() | instants)
    end = None if start is None and event else draw(st.none() | st.integers(start or 0, 4_000_000_100))
    zone = draw(st.sampled_from(ZONES)) if start is not None or end is not None else ""
    return replace(entry, start=start, end=end, zone=zone)


@given(many=st.lists(entries(), max_size=3))
def test_what_is_written_is_read_back_the_same(many: list[CalendarEntry]) -> None:
    raw = write(many, "Europe/Copenhagen")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert [replace(one, warnings=()) for one in read(raw) if isinstance(one, CalendarEntry)] == many


@given(raw=st.binary(max_size=300))
def test_no_bytes_stop_the_reader(raw: bytes) -> None:
    read(raw)
    read(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261125T100000Z\r\n" + raw + b"\r\nEND:VEVENT\r\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_calendar_of_the_corpus_is_read_and_written_back(path: Path) -> None:
    found = [one for one in read(path.read_bytes()) if isinstance(one, CalendarEntry)]
    again = [one for one in read(write(found, "Europe/Copenhagen")) if isinstance(one, CalendarEntry)]
    assert [replace(one, warnings=()) for one in again] == [replace(one, warnings=()) for one in found]
    for one in found:
        for held in (one.uid, one.title, one.description, one.place, *one.extra):
            assert not any(ord(sign) < 0x20 and sign != "\n" for sign in held)


def test_the_corpus_is_read_as_it_was_meant() -> None:
    if not FILES:
        pytest.skip("there is no corpus")
    total = sum(isinstance(one, CalendarEntry) for path in FILES for one in read(path.read_bytes()))
    assert total == 37


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "America/New_York", "Australia/Sydney", "America/Sao_Paulo"])
def test_the_written_zone_has_the_clocks_of_the_real_one(zone: str) -> None:
    """Read by the library, not by us."""
    from icalendar import Timezone

    described = zone_lines(zone, 2025, 2028)
    assert len(described) < 40
    clocks = Timezone.from_ical("\r\n".join(described)).to_tz(lookup_tzid=False)
    real = known_zone(zone)
    for hour in range(0, 3 * 365 * 24, 7):
        moment = datetime(2026, 1, 1) + timedelta(hours=hour)
        if moment.hour >= 3:  # the hours that are left out or come twice are told apart by nothing here
            assert clocks.utcoffset(moment) == moment.replace(tzinfo=real).utcoffset(), moment


def one_event(*body: str) -> CalendarEntry:
    (found,) = read("\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", *body, "END:VEVENT"]).encode())
    assert isinstance(found, CalendarEntry)
    return found


UTC_9 = int(datetime(2026, 7, 1, 9, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("written", [
    "DTSTART:20260701T090000Z", "DTSTART;TZID=Romance Standard Time:20260701T110000",
    'DTSTART;TZID="W. Europe Standard Time":20260701T110000', "DTSTART;TZID=Europe/Copenhagen:20260701T110000",
    "DTSTART;TZID=/mozilla.org/20070129_1/Europe/Berlin:20260701T110000", "DTSTART:20260701T110000",
    "dtstart;tzid=Europe/Copenhagen:20260701T1100",
])  # fmt: skip
def test_one_moment_in_the_words_of_many_programs(written: str) -> None:
    """A time without a zone is one of the reader's own clocks, and is said to be."""
    found = one_event(written)
    assert found.start == UTC_9
    assert bool(found.warnings) == (written == "DTSTART:20260701T110000")


def test_whole_days_stay_days_in_every_zone() -> None:
    """Faults 57 and 58; the day after the last is not one of them."""
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        (found,) = read(b"BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260303\nEND:VEVENT",
                        ZoneInfo(zone))  # fmt: skip
        assert isinstance(found, CalendarEntry)
        assert (found.first_day, found.last_day, found.start) == ("2026-03-01", "2026-03-02", None)
        assert b"DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260303\r\n" in write([found], zone)


@pytest.mark.parametrize(("body", "minutes"), [
    (("DTSTART:20260701T090000Z", "DURATION:PT90M"), 90), (("DTSTART:20260701T090000Z", "DTEND:20260701T100000Z"), 60),
    (("DTSTART:20260701T090000Z", "DTEND:20260701T080000Z"), None),
    (("DTSTART;TZID=Europe/Copenhagen:20261024T120000", "DURATION:P1D"), 25 * 60),
])  # fmt: skip
def test_lengths_and_ends(body: tuple[str, ...], minutes: int | None) -> None:
    found = one_event(*body)
    assert found.start is not None
    assert (None if found.end is None else (found.end - found.start) // 60) == minutes


def test_who_comes_what_repeats_and_what_is_off() -> None:
    found = one_event(
        "DTSTART:20260701T090000Z", "STATUS:CANCELLED", "RRULE:FREQ=WEEKLY;COUNT=3",
        'ATTENDEE;CN="Kjær, Ole";PARTSTAT=DECLINED:MAILTO:ole%40home@example.dk',
        "ATTENDEE;CN=Room:urn:uuid:1", "ORGANIZER;CN=Anna:mailto:anna@example.dk",
    )  # fmt: skip
    assert found.status == "cancelled"
    assert found.repeats
    assert "repeats" in found.warnings[0]
    assert found.attendees == (Person("Kjær, Ole", "ole@home@example.dk", "declined"),)
    assert found.organizer == Person("Anna", "anna@example.dk")
    assert any(line.startswith("ATTENDEE;CN=Room") for line in found.extra)


def test_no_text_is_ever_syntax() -> None:
    hostile = 'a\r\nEND:VEVENT\r\nBEGIN:VALARM\r\n\x1b[31m;TZID=x:"\u202e'
    entry = CalendarEntry(
        "1",
        title=hostile,
        description=hostile,
        place=hostile,
        start=UTC_9,
        zone="UTC",
        attendees=(Person(hostile, "x@example.dk\r\nDTSTART:1"),),
        extra=(hostile, "END:VCALENDAR"),
    )
    raw = write([entry], "UTC")
    assert b"\x1b" not in raw
    assert b"\nBEGIN:VALARM" not in raw
    assert raw.count(b"\nEND:V") == 2
    (found,) = read(raw)
    assert isinstance(found, CalendarEntry)
    assert "END:VEVENT" in found.title


def test_hours_the_clocks_leave_out_or_show_twice_are_kept() -> None:
    copenhagen = clock.zone("Europe/Copenhagen")
    twice = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp())
    for at in (twice, twice + 3600):
        entry = CalendarEntry("1", start=at, zone="Europe/Copenhagen")
        assert [one.start for one in read(write([entry], copenhagen)) if isinstance(one, CalendarEntry)] == [at]
    left_out = one_event("DTSTART;TZID=Europe/Copenhagen:20260329T023000")
    assert left_out.start == int(datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("entry", [
    CalendarEntry(""), CalendarEntry("1"), CalendarEntry("1", start=1, zone="Mars/North"),
    CalendarEntry("1", start=10**15, zone="UTC"),
])  # fmt: skip
def test_what_no_calendar_can_hold_is_refused(entry: CalendarEntry) -> None:
    with pytest.raises(Invalid):
        write([entry], "Europe/Copenhagen")


def test_a_file_that_is_none_or_too_large_is_said_to_be() -> None:
    for raw in (b"", b"%PDF-1.7", b"BEGIN:VCARD\nEND:VCARD", b"x" * 30_000_001):
        (found,) = read(raw)
        assert isinstance(found, Problem)
        assert found.reason
