"""Calendar files (iCalendar, RFC 5545) as entries, and entries as calendar files.

Read is whatever programs really write: zones by the names of Outlook, vendors or nobody, times without a zone,
lengths instead of ends, entries without a UID. Written is what every program takes: UTC or an IANA zone with its
rules, lines of at most 75 bytes, and no letter of a title or a name that could be taken for the calendar's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.channels.calendar_blocks import Calendar, parse
from easir_tui.channels.calendar_entry import CalendarEntry, Person, Problem
from easir_tui.channels.calendar_reading import KINDS, EntryReader
from easir_tui.channels.calendar_times import write_local, write_utc
from easir_tui.channels.calendar_zones import FileZones, known_zone, zone_lines
from easir_tui.channels.content_lines import escaped, fold
from easir_tui.errors import Invalid
from easir_tui.language import N_, _, size
from easir_tui.text import accept

__all__ = ["LARGEST", "CalendarEntry", "Person", "Problem", "read", "write"]

PRODUCT = "-//EASI'R//EASI'R//EN"
LARGEST = 30_000_000
"""Bytes of one calendar file."""

MOST = 50_000
"""Entries of one calendar file."""

_OTHER_KINDS = {
    "VJOURNAL": N_("This is a journal, not an appointment or a task."),
    "VFREEBUSY": N_("This only says when somebody is busy; it is not an appointment or a task."),
    "VAVAILABILITY": N_("This only says when somebody is at work; it is not an appointment or a task."),
}
_EXTRA = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)?[;:]")
_ZONE_OF = re.compile(r';TZID=(?:"([^"]+)"|([^":;,]+))', re.I)
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OWN_COMPONENTS = frozenset({"VCALENDAR", "VEVENT", "VTODO", "VTIMEZONE"})


# Read ----------------------------------------------------------------------------------------------


def read(raw: bytes, zone: ZoneInfo | None = None) -> list[CalendarEntry | Problem]:
    """Every appointment and to-do of a file, in order, and what of it could not be read.

    Times that name no zone are those of `zone`. Of what repeats, the first occurrence is given, and said to be one.
    Never raises: a file that is no calendar is one Problem.
    """
    zone = zone or clock.zone()
    if len(raw) > LARGEST:
        return [Problem(1, _("The calendar is larger than {limit}.").format(limit=size(LARGEST)))]
    calendar = parse(raw)
    if not any(block.name != "VTIMEZONE" for block in calendar.blocks):
        empty = "VERSION" in calendar.properties or "PRODID" in calendar.properties or calendar.blocks
        return [] if empty else [Problem(1, _("There is no appointment or task in this file."))]
    return list(_entries(calendar, zone))


def _entries(calendar: Calendar, zone: ZoneInfo) -> Iterator[CalendarEntry | Problem]:
    reader = EntryReader(zone, FileZones(zone, _described(calendar)))
    count = 0
    for block in calendar.blocks:
        if block.name == "VTIMEZONE":
            continue
        count += 1
        if count > MOST:
            yield Problem(block.line, _("Only the first {count} entries of the calendar are read.").format(count=MOST))
            return
        if block.name in KINDS:
            yield reader.entry(block)
        else:
            yield Problem(block.line, _(_OTHER_KINDS[block.name]))


def _described(calendar: Calendar) -> dict[str, bytes]:
    """The zones a file brings: name → VTIMEZONE."""
    found: dict[str, bytes] = {}
    for block in calendar.blocks:
        if block.name == "VTIMEZONE" and (line := block.first("TZID")):
            found.setdefault(line.text().strip(' "'), block.source())
    return found


# Written -------------------------------------------------------------------------------------------


def write(entries: Iterable[CalendarEntry], zone: ZoneInfo | str, method: str | None = None) -> bytes:
    """A calendar of these entries, with the rules of every zone in it; `read` makes the same entries of it.

    Args:
        zone: the zone of the calendar, for entries that name none.
        method: what the file is sent for, such as `REQUEST` (RFC 5546); None for a file that is only kept.

    Raises:
        Invalid: an entry has no UID, names a zone there is not, or lies outside of the calendar's years.
    """
    home = zone if isinstance(zone, str) else zone.key
    bodies: list[str] = []
    years: dict[str, tuple[int, int]] = {}
    for entry in entries:
        body = _component(entry, home, method)
        bodies += body
        for name in _zones_in(body):
            year = _year(entry)
            first, last = years.get(name, (year, year))
            years[name] = min(first, year), max(last, year)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if method:
        lines.append(f"METHOD:{method}")
    for name, (first, last) in sorted(years.items()):
        lines += zone_lines(name, first - 1, last)
    return b"".join(_folded(line) for line in (*lines, *bodies, "END:VCALENDAR"))


def _folded(line: str) -> bytes:
    return fold(_UNSAFE.sub("", line).encode("utf-8", "ignore"))


def _zones_in(body: list[str]) -> set[str]:
    return {match[1] or match[2] for line in body if "TZID=" in line.upper() for match in _ZONE_OF.finditer(line)}


def _year(entry: CalendarEntry) -> int:
    at = entry.start if entry.start is not None else entry.end
    return datetime.fromtimestamp(at, UTC).year if at is not None else datetime.fromtimestamp(clock.now(), UTC).year


def _component(entry: CalendarEntry, home: str, method: str | None) -> list[str]:
    """The lines of an entry, not folded yet."""
    if not entry.uid.strip():
        raise Invalid("uid", _("An entry of a calendar has to have a UID."))
    kind = "VTODO" if entry.kind == "todo" else "VEVENT"
    stamp = clock.now() if method or entry.last_modified is None else entry.last_modified
    try:
        times = list(_todo_times(entry, home) if kind == "VTODO" else _event_times(entry, home))
        stamps = [f"DTSTAMP:{write_utc(stamp)}"]
        if entry.last_modified is not None:
            stamps.append(f"LAST-MODIFIED:{write_utc(entry.last_modified)}")
        if entry.done_at is not None:
            stamps += [f"COMPLETED:{write_utc(entry.done_at)}"] + (["PERCENT-COMPLETE:100"] if kind == "VTODO" else [])
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("start", _("This time lies outside of what a calendar can hold.")) from error
    lines = [f"BEGIN:{kind}", f"UID:{_text(entry.uid, newlines=False)}", *stamps, *times]
    for name, value in (("SUMMARY", accept(entry.title, newlines=False)), ("DESCRIPTION", entry.description),
                        ("LOCATION", entry.place), ("STATUS", entry.status.upper())):  # fmt: skip
        if value:
            lines.append(f"{name}:{_text(value)}")
    if entry.sequence or method:
        lines.append(f"SEQUENCE:{entry.sequence}")
    if entry.organizer and entry.organizer.address:
        lines.append(_person("ORGANIZER", entry.organizer))
    lines += [_person("ATTENDEE", one) for one in entry.attendees if one.address]
    return [*lines, *_extra_lines(entry), f"END:{kind}"]


def _text(value: str, newlines: bool = True) -> str:
    return escaped(accept(value, newlines))


def _event_times(entry: CalendarEntry, home: str) -> Iterator[str]:
    if entry.first_day:
        first = date.fromisoformat(entry.first_day)
        last = date.fromisoformat(entry.last_day or entry.first_day)
        yield f"DTSTART;VALUE=DATE:{_day(first)}"
        yield f"DTEND;VALUE=DATE:{_day(max(last, first) + timedelta(days=1))}"
        return
    if entry.start is None:
        raise Invalid("start", _("An appointment has to have a beginning."))
    yield from _moment("DTSTART", entry.start, entry.zone or home, entry)
    if entry.end is not None:
        yield from _moment("DTEND", entry.end, entry.zone or home, entry)


def _todo_times(entry: CalendarEntry, home: str) -> Iterator[str]:
    for name, day, at in (("DTSTART", entry.first_day, entry.start), ("DUE", entry.last_day, entry.end)):
        if day:
            yield f"{name};VALUE=DATE:{_day(date.fromisoformat(day))}"
        elif at is not None:
            yield from _moment(name, at, entry.zone or home, entry)


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _moment(name: str, at: int, zone: str, entry: CalendarEntry) -> Iterator[str]:
    """A time by the clocks of its zone; by UTC where those show it twice, and then its zone beside it."""
    clocks = known_zone(zone)
    if clocks is None:
        raise Invalid("zone", _("There is no time zone “{name}”.").format(name=zone))
    local = None if zone == "UTC" else write_local(at, clocks)
    if local is not None:
        yield f"{name};TZID={zone}:{local}"
        return
    yield f"{name}:{write_utc(at)}"
    if zone != "UTC" and (name == "DTSTART" or entry.start is None):
        yield f"X-EASIR-ZONE:{zone}"


def _person(name: str, person: Person) -> str:
    """ORGANIZER or ATTENDEE; quotation marks of a name are left out, because Outlook shows their escapes (RFC 6868)."""
    parameters = [("CN", person.name), ("PARTSTAT", person.answer.upper()), *person.parameters]
    written = "".join(f";{_UNSAFE.sub('', key)}={_parameter(value)}" for key, value in parameters if value)
    address = quote(re.sub(r"\s", "", accept(person.address, newlines=False)), safe="@!$'*+-._~/=#&{|}^`")
    return f"{name}{written}:mailto:{address}"


def _parameter(value: str) -> str:
    value = accept(value, newlines=False).replace('"', "'").replace("^", "^^")
    return f'"{value}"' if re.search(r"[,;:]", value) else value


def _extra_lines(entry: CalendarEntry) -> Iterator[str]:
    """What was kept of another program, as far as it keeps to its place: its components closed, none of ours in it."""
    open_ones: list[str] = []
    for line in entry.extra:
        name, _colon, value = line.partition(":")
        name, value = name.strip().upper(), value.strip().upper()
        if name == "BEGIN" and value not in _OWN_COMPONENTS:
            open_ones.append(value)
        elif name == "END" and open_ones and value == open_ones[-1]:
            open_ones.pop()
        elif name in ("BEGIN", "END") or not _EXTRA.match(line) or (
            name == "PERCENT-COMPLETE" and not open_ones and (entry.done_at is not None or value == "100")
        ):  # fmt: skip
            continue
        yield line
    for name in reversed(open_ones):
        yield f"END:{name}"
