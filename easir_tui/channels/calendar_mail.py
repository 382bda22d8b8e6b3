"""Meetings that are agreed on by mail (iTIP, RFC 5546): the invitation that goes out, the answer that comes back.

The same meeting has the same UID for ever. A later invitation is an update of an earlier one by its higher SEQUENCE,
and so is the cancellation; a calendar that knows a higher one already passes the message over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from easir_tui.channels import calendar_file
from easir_tui.channels.calendar_blocks import Block, parse
from easir_tui.channels.calendar_entry import CalendarEntry, Person
from easir_tui.channels.calendar_reading import read_person
from easir_tui.channels.calendar_times import read_moment
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.text import accept

REQUEST, CANCEL = "REQUEST", "CANCEL"

ANSWERS = ("needs-action", "accepted", "declined", "tentative", "delegated")
"""What somebody invited may have said (RFC 5545 section 3.2.12), in small letters."""

_ASKED = (("ROLE", "REQ-PARTICIPANT"), ("RSVP", "TRUE"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said to an invitation.

    `answer` is one of `ANSWERS`; `at` is when they said so (UTC epoch seconds), None where the message does not tell.
    `sequence` is the revision they answered. `comment` is what they wrote beside it.
    """

    uid: str
    address: str
    name: str
    answer: str
    sequence: int
    at: int | None
    comment: str = ""


def invitation(entry: CalendarEntry, zone: ZoneInfo, method: str = REQUEST) -> bytes:
    """An invitation (`REQUEST`, for a later SEQUENCE an update of it) or its cancellation (`CANCEL`).

    Args:
        entry: the meeting, with its organizer and those invited; whoever has not answered is asked to.
        zone: the clocks a meeting without a zone of its own is told by.

    Raises:
        Invalid: nobody invites, or nobody is invited.
    """
    if entry.organizer is None or not entry.organizer.address:
        raise Invalid("organizer", _("An invitation needs the e-mail address of whoever invites."))
    if not entry.attendees:
        raise Invalid("attendees", _("Nobody is invited."))
    cancelled = method == CANCEL
    people = tuple(_asked(one, cancelled) for one in entry.attendees)
    status = "cancelled" if cancelled else entry.status or "confirmed"
    return calendar_file.write([replace(entry, attendees=people, status=status)], zone, method)


def _asked(person: Person, cancelled: bool) -> Person:
    if cancelled:
        return person
    kept = tuple(one for one in person.parameters if one[0] not in dict(_ASKED))
    return replace(person, answer=person.answer or "needs-action", parameters=(*_ASKED, *kept))


def read_answers(raw: bytes) -> list[Answer]:
    """The answers in a calendar part of a mail; none where it is no REPLY, says not whom it is about, or who says it.

    A reply is one person's (RFC 5546 section 3.2.3), yet some programs send several. Never raises.
    """
    if len(raw) > calendar_file.LARGEST:
        return []
    calendar = parse(raw)
    if calendar.method != "REPLY":
        return []
    return [answer for block in calendar.blocks if block.name in ("VEVENT", "VTODO") for answer in _answers(block)]


def _answers(block: Block) -> list[Answer]:
    uid = _text(block, "UID")
    sequence = _text(block, "SEQUENCE")
    stamp = read_moment(_text(block, "DTSTAMP"))
    at = stamp.at(ZoneInfo("UTC")) if stamp and stamp.time else None
    people = (read_person(line) for line in block.own_lines() if line.name == "ATTENDEE")
    return [
        Answer(
            uid,
            one.address,
            one.name,
            one.answer,
            int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else 0,
            at,
            _text(block, "COMMENT", newlines=True),
        )
        for one in people
        if uid and one is not None and one.answer in ANSWERS
    ]


def _text(block: Block, name: str, newlines: bool = False) -> str:
    line = block.first(name)
    return accept(line.text(), newlines) if line else ""
