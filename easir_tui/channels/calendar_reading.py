"""One appointment or to-do of a calendar file, its lines read as the facts of an entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import sha256
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.channels.calendar_blocks import Block
from easir_tui.channels.calendar_entry import CalendarEntry, Person, Problem
from easir_tui.channels.calendar_times import Written, after, read_length, read_moment
from easir_tui.channels.calendar_zones import FileZones, known_zone
from easir_tui.channels.content_lines import ContentLine, escaped
from easir_tui.language import N_, _
from easir_tui.text import accept

KINDS = {"VEVENT": "event", "VTODO": "todo"}

_STATUSES = {"tentative", "confirmed", "cancelled", "needs-action", "in-process", "completed"}
_ONCE = frozenset({"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "DTSTART", "DTEND", "DUE", "DURATION", "SEQUENCE",
                   "STATUS", "LAST-MODIFIED", "DTSTAMP", "COMPLETED", "ORGANIZER", "X-EASIR-ZONE"})  # fmt: skip
"""Properties that are facts of an entry; a second one of them is passed over."""

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TZID = re.compile(r';TZID=("[^"]*"|[^":;]*)', re.I)
_NO_ADDRESS = re.compile(r"[\s,;:<>\"]")

_NO_START = N_("This appointment says nothing of when it begins.")
_BAD_START = N_("The beginning of this appointment, “{text}”, is not a time.")
_FLOATING = N_("It names no time zone; its times are read as those of {zone}.")
_UNKNOWN_ZONE = N_("Nothing is known of its time zone “{name}”; its times are read as those of {zone}.")
_REPEATS = N_("It repeats; only its first time is here.")
_BAD_END = N_("Its end, “{text}”, is not a time.")
_ENDS_BEFORE = N_("It ends before it begins; only its beginning is here.")
_NO_UID = N_("It has no UID; one was made of its text.")
_CUT_OFF = N_("It is not complete; perhaps the file was cut off.")


@dataclass(frozen=True, slots=True)
class _Time:
    """A time in its zone; `name` is the IANA zone."""

    written: Written
    clocks: tzinfo
    name: str

    @property
    def at(self) -> int:
        return self.written.at(self.clocks)

    @property
    def day(self) -> date:
        """The day it is, by its own clocks."""
        if self.written.time is None:
            return self.written.day
        return datetime.fromtimestamp(self.at, self.clocks).date()


class EntryReader:
    """Reads the entries of one file.

    Args:
        home: the zone of times that name none.
        zones: what the names of zones in this file mean.
    """

    def __init__(self, home: ZoneInfo, zones: FileZones) -> None:
        self._home = home
        self._zones = zones

    def entry(self, block: Block) -> CalendarEntry | Problem:
        """The entry of a VEVENT or VTODO, or why there is none."""
        self._warnings: list[str] = [] if block.complete else [_(_CUT_OFF)]
        facts: dict[str, ContentLine] = {}
        attendees: list[Person] = []
        for line in block.own_lines():
            if line.name in _ONCE:
                facts.setdefault(line.name, line)
            elif line.name == "ATTENDEE" and (person := read_person(line)):
                attendees.append(person)
        year = _year_of(facts)
        try:
            times = self._times(KINDS[block.name], facts)
        except (ValueError, OverflowError):
            times = Problem(block.line, _(_BAD_START).format(text=_value(facts, "DTSTART")))
        if isinstance(times, Problem):
            return Problem(block.line, times.reason)
        start, end, zone, first_day, last_day = times
        organizer = read_person(facts["ORGANIZER"]) if "ORGANIZER" in facts else None
        extra = tuple(self._extra(block, organizer is not None, "COMPLETED" in facts, year))
        status = _value(facts, "STATUS").lower()
        read = CalendarEntry(
            uid=self._uid(block, facts), kind=KINDS[block.name],
            title=_value(facts, "SUMMARY"), description=_value(facts, "DESCRIPTION", newlines=True),
            place=_value(facts, "LOCATION", newlines=True),
            start=start, end=end, zone=zone, first_day=first_day, last_day=last_day,
            organizer=organizer, attendees=tuple(attendees), sequence=_number(_value(facts, "SEQUENCE")),
            status=status if status in _STATUSES else "",
            last_modified=self._stamp(facts, "LAST-MODIFIED"),
            done_at=self._stamp(facts, "COMPLETED"), extra=extra,
        )  # fmt: skip
        if read.repeats:
            self._warnings.append(_(_REPEATS))
        return replace(read, warnings=tuple(dict.fromkeys(self._warnings)))

    def _uid(self, block: Block, facts: dict[str, ContentLine]) -> str:
        if found := _value(facts, "UID"):
            return found
        self._warnings.append(_(_NO_UID))
        return sha256(b"\n".join(line.raw for line in block.lines)).hexdigest()[:32]

    # Times -----------------------------------------------------------------------------------------

    def _times(
        self, kind: str, facts: dict[str, ContentLine]
    ) -> tuple[int | None, int | None, str, str, str] | Problem:
        """Start, end, zone, first day and last day, as an entry has them."""
        start = self._time(facts.get("DTSTART"))
        if kind == "event" and start is None:
            text = _value(facts, "DTSTART")
            return Problem(0, _(_BAD_START).format(text=text) if text else _(_NO_START))
        end = self._end(facts.get("DTEND" if kind == "event" else "DUE"))
        if start is None and end is None:
            return None, None, "", "", ""
        if any(one is not None and one.written.time is None for one in (start, end)):
            return self._whole_days(kind, start, end, facts)
        first = start or end
        assert first is not None
        started, ended = start.at if start else None, end.at if end else None
        length = read_length(_value(facts, "DURATION"))
        if ended is None and started is not None and length:
            ended = after(started, length, first.clocks)
        if started is not None and ended is not None and ended < started:
            self._warnings.append(_(_ENDS_BEFORE))
            ended = None
        zone = first.name
        if zone == "UTC" and known_zone(stored := _value(facts, "X-EASIR-ZONE")):
            zone = stored
        return started, ended, zone, "", ""

    def _whole_days(
        self, kind: str, start: _Time | None, end: _Time | None, facts: dict[str, ContentLine]
    ) -> tuple[None, None, str, str, str]:
        """Both ends of what takes whole days; DTEND is the day after the last (RFC 5545 section 3.6.1), DUE is not."""
        first, last = (one.day if one else None for one in (start, end))
        if kind == "event" and end and last and end.written.time is None:
            last -= timedelta(days=1)
        if last is None and first and (length := read_length(_value(facts, "DURATION"))):
            last = first + timedelta(days=max(length[0] - (kind == "event"), 0))
        if first and last and last < first:
            if last < first - timedelta(days=1):
                self._warnings.append(_(_ENDS_BEFORE))
            last = first
        if kind == "event":
            last = last or first
        return None, None, "", first.isoformat() if first else "", last.isoformat() if last else ""

    def _end(self, line: ContentLine | None) -> _Time | None:
        found = self._time(line)
        if line is not None and found is None:
            self._warnings.append(_(_BAD_END).format(text=accept(line.text(), newlines=False)[:60]))
        return found

    def _time(self, line: ContentLine | None) -> _Time | None:
        written = read_moment(line.text()) if line else None
        if line is None or written is None:
            return None
        if written.time is None:
            return _Time(written, self._home, self._home.key)
        if written.offset is not None:
            return _Time(written, known_zone("UTC") or self._home, "UTC")
        name = line.parameter("TZID")
        if not name:
            self._warnings.append(_(_FLOATING).format(zone=self._home.key))
            return _Time(written, self._home, self._home.key)
        found = self._zones.find(name, written.day.year)
        if found is None:
            shown = accept(name, newlines=False)[:60]
            self._warnings.append(_(_UNKNOWN_ZONE).format(name=shown, zone=self._home.key))
            return _Time(written, self._home, self._home.key)
        return _Time(written, found.clocks, found.name or self._home.key)

    def _stamp(self, facts: dict[str, ContentLine], name: str) -> int | None:
        found = read_moment(facts[name].text()) if name in facts else None
        return found.at(self._home) if found else None

    # What is kept ----------------------------------------------------------------------------------

    def _extra(self, block: Block, organizer_known: bool, done: bool, year: int) -> list[str]:
        """The lines nobody here knows, unfolded, with their zones named as IANA does."""
        kept: list[str] = []
        depth = 0
        for line in block.lines:
            depth += line.name == "BEGIN"
            known = line.name in _ONCE and (line.name != "ORGANIZER" or organizer_known)
            known = known or (line.name == "ATTENDEE" and read_person(line) is not None)
            known = known or (line.name == "PERCENT-COMPLETE" and done)  # written anew with COMPLETED
            if depth or not (known or line.name == "END"):
                kept.append(self._kept(line, year))
            depth -= line.name == "END" and depth > 0
        return kept

    def _kept(self, line: ContentLine, year: int) -> str:
        group = f"{line.group}." if line.group else ""
        if line.encoded == "QUOTED-PRINTABLE":
            return f"{group}{line.name}:{escaped(accept(line.text()))}"
        head = line.head.decode("utf-8", "replace")
        if "TZID=" in head.upper():
            head = _TZID.sub(lambda match: self._renamed(match, year), head)
        return _CONTROLS.sub("", f"{group}{line.name}{head}:{line.decoded()}")

    def _renamed(self, match: re.Match[str], year: int) -> str:
        found = self._zones.find(match[1].strip('"'), year)
        return f";TZID={found.name}" if found and found.name else match[0]


def _value(facts: dict[str, ContentLine], name: str, newlines: bool = False) -> str:
    return accept(facts[name].text(), newlines) if name in facts else ""


def _number(text: str) -> int:
    return min(int(text), 2**31 - 1) if re.fullmatch(r"\d{1,12}", text) else 0


def _year_of(facts: dict[str, ContentLine]) -> int:
    for name in ("DTSTART", "DUE"):
        if name in facts and (written := read_moment(facts[name].text())):
            return written.day.year
    return datetime.fromtimestamp(clock.now(), UTC).year


def read_person(line: ContentLine) -> Person | None:
    """Who an ORGANIZER or ATTENDEE is; None for one without an e-mail address, such as a meeting room."""
    value = accept(line.text(), newlines=False)
    address = unquote(value[7:]) if value[:7].lower() == "mailto:" else line.parameter("EMAIL") or value
    address = accept(address.partition("?")[0], newlines=False)
    if "@" not in address or _NO_ADDRESS.search(address):
        return None
    kept = tuple(
        (name, accept(",".join(values), newlines=False))
        for name, values in line.parameters.items()
        if name not in ("CN", "PARTSTAT")
    )
    name = accept(line.parameter("CN"), newlines=False)
    return Person(name, address, line.parameter("PARTSTAT").strip().lower(), kept)
