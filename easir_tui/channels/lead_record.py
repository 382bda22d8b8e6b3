"""A lead as some other program sent it: who asks, about what, and when, whatever the format it came in.

The readers of ADF, JSON, CSV and mail make these records; the rules of leads read them. A message that holds a lead
nobody's program can read becomes a record with a `problem`, so that a person reads it: no enquiry is ever dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.channels.records import ContactRecord
from easir_tui.text import accept

LARGEST = 30_000_000
"""Bytes of one message, with what is attached to it."""

MOST = 5_000
"""Leads of one message."""

LONGEST = 20_000
"""Letters of one text of a lead."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Something that was said with the lead; `at` in UTC epoch seconds, or None."""

    text: str
    who: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A step that was planned before the lead came here: a task type, an instant or an ISO day, and what."""

    type: str
    note: str = ""
    at: int | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said about a channel when they asked: given or refused, with the words they saw."""

    channel: str
    state: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that came with the lead."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LeadRecord:
    """One enquiry; times are UTC epoch seconds, None where they were not told or make no sense.

    `external_id` is its number where it came from, `team` a word for whom it is meant, `type` what the person wants
    (buy, lease, test drive, service, …), `problem` why nothing could be read, in words for whoever reads it instead.
    """

    contact: ContactRecord = field(default_factory=ContactRecord)
    format: str = ""
    external_id: str = ""
    source: str = ""
    type: str = ""
    team: str = ""
    product: str = ""
    interest: str = ""
    received_at: int | None = None
    expires_at: int | None = None
    comments: tuple[Comment, ...] = ()
    plans: tuple[Plan, ...] = ()
    consents: tuple[Said, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    problem: str = ""

    def __bool__(self) -> bool:
        """Whether it says anything about anybody."""
        who = self.contact
        named = who.first_name or who.last_name or who.display_name or who.company or who.emails or who.phones
        return bool(named or self.product or self.interest or self.comments or self.problem)


def plain(value: object, newlines: bool = False) -> str:
    """A value of a lead as text: cleaned, without HTML, of bounded length; empty for what is no text."""
    if isinstance(value, bool) or value is None:
        return ""
    if not isinstance(value, str | int | float):
        return ""
    words = accept(re.sub(r"<[^<>]{1,200}>", " ", str(value)), newlines=newlines)
    return re.sub(r"[ \t]+", " ", words).strip()[:LONGEST]


def instant(value: object, zone: ZoneInfo) -> int | None:
    """A written time as UTC epoch seconds: ISO 8601, or a Danish or English date; None for what is no time.

    A time without an offset is one of `zone`; the thirteen digits of some programs are milliseconds.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 10**11 else value
        return int(seconds) if 0 < seconds < 10**11 else None
    words = plain(value)
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return _typed(words, zone)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return int(moment.timestamp())
    except (OverflowError, OSError, ValueError):
        return None


def day_of(value: object) -> str:
    """A written day as an ISO date, or nothing."""
    try:
        return date.fromisoformat(plain(value)[:10]).isoformat()
    except ValueError:
        return ""


def _typed(words: str, zone: ZoneInfo) -> int | None:
    from easir_tui.errors import Invalid

    try:
        when = clock.parse_when(words, zone, past=True)
    except Invalid:
        return None
    return when.sort_at(zone)
