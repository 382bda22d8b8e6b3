"""Invitations as mail programs take them, and the answers they send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui import clock
from easir_tui.channels.calendar_entry import CalendarEntry, Person
from easir_tui.channels.calendar_mail import CANCEL, Answer, invitation, read_answers
from easir_tui.errors import Invalid

AT = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
MEETING = CalendarEntry(
    "task-7@ab.easir", title="Prøvekørsel", start=AT, end=AT + 3600, zone="Europe/Copenhagen", sequence=2,
    organizer=Person("Anna Holm", "anna@example.dk"), attendees=(Person("Ole Kjær", "ole@example.dk"),),
)  # fmt: skip


def by_library(raw: bytes):
    from icalendar import Calendar

    return Calendar.from_ical(raw)


def test_an_invitation_is_what_another_library_reads() -> None:
    calendar = by_library(invitation(MEETING, clock.zone()))
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("task-7@ab.easir", 2, "CONFIRMED")
    assert event.start.astimezone(UTC) == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert str(event["ORGANIZER"]) == "mailto:anna@example.dk"
    assert event["ORGANIZER"].params["CN"] == "Anna Holm"
    guest = event["ATTENDEE"]
    assert (guest.params["RSVP"], guest.params["PARTSTAT"]) == ("TRUE", "NEEDS-ACTION")
    assert "DTSTAMP" in event


def test_a_cancellation_asks_for_no_answer() -> None:
    calendar = by_library(invitation(MEETING, clock.zone(), CANCEL))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "RSVP" not in event["ATTENDEE"].params


def test_nobody_invites_nobody() -> None:
    from dataclasses import replace

    for entry in (replace(MEETING, organizer=None), replace(MEETING, attendees=())):
        with pytest.raises(Invalid):
            invitation(entry, clock.zone())


def reply(*body: str, method: str = "REPLY") -> bytes:
    return "\r\n".join([
        "BEGIN:VCALENDAR", "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", f"METHOD:{method}",
        "BEGIN:VEVENT", *body, "END:VEVENT", "END:VCALENDAR", "",
    ]).encode()  # fmt: skip


def test_an_answer_is_read_whoever_wrote_it() -> None:
    (found,) = read_answers(reply(
        "UID:task-7@ab.easir", "DTSTAMP:20261126T101500Z", "SEQUENCE:2", "COMMENT:Gerne\\, vi ses",
        'ATTENDEE;CN="Kjær, Ole";PARTSTAT=ACCEPTED:MAILTO:Ole@example.dk',
    ))  # fmt: skip
    said = int(datetime(2026, 11, 26, 10, 15, tzinfo=UTC).timestamp())
    assert found == Answer("task-7@ab.easir", "Ole@example.dk", "Kjær, Ole", "accepted", 2, said, "Gerne, vi ses")


@pytest.mark.parametrize("body", [
    ("UID:1",), ("UID:1", "ATTENDEE;PARTSTAT=PERHAPS:mailto:a@b.dk"), ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.dk",),
    ("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:urn:x"),
])  # fmt: skip
def test_what_says_nothing_is_no_answer(body: tuple[str, ...]) -> None:
    assert read_answers(reply(*body)) == []


def test_only_a_reply_answers() -> None:
    body = ("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.dk")
    assert read_answers(reply(*body))[0].at is None
    assert read_answers(reply(*body, method="REQUEST")) == []


@given(raw=st.binary(max_size=400))
def test_no_bytes_stop_the_reader(raw: bytes) -> None:
    read_answers(raw)
    read_answers(reply("UID:1", raw.decode("latin-1")))
