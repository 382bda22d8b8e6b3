"""An appointment or a to-do as calendars exchange it: plain facts, whatever program wrote them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who invites or is invited.

    `answer` is empty for the organizer, and `needs-action`, `accepted`, `declined`, `tentative` or `delegated` for
    others (RFC 5545 section 3.2.12). `parameters` keeps what else a calendar said of them, such as their role.
    """

    name: str = ""
    address: str = ""
    answer: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An `event` or a `todo`.

    It lies at instants (`start`, `end`: UTC epoch seconds, shown by the clocks of `zone`, an IANA name) or takes whole
    days (`first_day`, `last_day`: ISO dates, both of them part of it); never both (faults 58). The end of a to-do is
    when it is due; it may have no start, or no time at all. `status` is empty or a word of RFC 5545 in small letters:
    `tentative`, `confirmed`, `cancelled`, `needs-action`, `in-process`, `completed`. `sequence` counts the revisions
    that concern those invited. `last_modified` and `done_at` are UTC epoch seconds.

    `extra` holds the properties nobody here knows, each an unfolded content line, reminders (`BEGIN:VALARM` …) and
    rules of repetition among them, so that what is written back has lost nothing. `warnings` are sentences about what
    could not be read as it was meant.
    """

    uid: str
    kind: str = "event"
    title: str = ""
    description: str = ""
    place: str = ""
    start: int | None = None
    end: int | None = None
    zone: str = ""
    first_day: str = ""
    last_day: str = ""
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()
    sequence: int = 0
    status: str = ""
    last_modified: int | None = None
    done_at: int | None = None
    extra: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether this is only the first of several occurrences; the rule is in `extra`."""
        return bool(self._extra("RRULE") or self._extra("RDATE"))

    @property
    def instance(self) -> str:
        """Which single occurrence of a repeated entry this one replaces, as its calendar names it; else empty."""
        return self._extra("RECURRENCE-ID").rpartition(":")[2]

    def _extra(self, name: str) -> str:
        """The first line of a property in `extra` that is no part of a reminder."""
        depth = 0
        for line in self.extra:
            begun = line[:6].upper()
            depth += (begun == "BEGIN:") - (begun[:4] == "END:")
            if not depth and line[: len(name)].upper() == name and line[len(name) : len(name) + 1] in (":", ";"):
                return line
        return ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a calendar of which no entry can be made, and why, for the person who reads it in.

    `line` is where it starts in the file, counted from 1.
    """

    line: int
    reason: str
