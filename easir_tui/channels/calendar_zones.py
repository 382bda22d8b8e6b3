"""Time zones as calendars name and describe them.

Ours are IANA zones and nothing else. Written, each comes with its rules (VTIMEZONE, RFC 5545 section 3.6.5), for
programs that do not know the name; read, a name of Outlook, of a vendor or of nobody is turned into the IANA zone
that has the same clocks.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_FIRST_YEAR, _LAST_YEAR = 1970, 2037
_AHEAD = 10
"""Years after the last entry that a zone without a rule is written out for."""

_USUAL = ("Europe/Copenhagen", "Europe/London", "Europe/Helsinki", "UTC", "America/New_York", "America/Chicago",
          "America/Denver", "America/Los_Angeles")  # fmt: skip
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@lru_cache(maxsize=256)
def known_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


# Written -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    """A moment the clocks are set; `wall` is what they show just before, offsets are from UTC."""

    at: int
    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def shape(self) -> tuple[object, ...]:
        """What the same change of another year has in common with this one, but for its day."""
        return self.wall.month, self.wall.weekday(), self.wall.time(), self.before, self.after


def zone_lines(name: str, first_year: int, last_year: int) -> list[str]:
    """The VTIMEZONE of an IANA zone, right for every moment of these years, as unfolded lines.

    Where the clocks follow one rule today it is written as that rule from the first year it held, so that entries of
    different years have the same lines. UTC needs none.
    """
    if name == "UTC" or known_zone(name) is None:
        return []
    return list(_lines(name, max(first_year, 1), min(last_year, 9990)))


@lru_cache(maxsize=64)
def _lines(name: str, first_year: int, last_year: int) -> tuple[str, ...]:
    changes = _changes(name)
    ruled = _ruled(changes)
    singles = changes[: len(changes) - len(ruled)]
    opening, closing = (_epoch(datetime(year, 1, 1)) for year in (first_year, last_year + _AHEAD))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    if not ruled or ruled[0].at > opening:
        earlier = [one for one in singles if one.at <= opening]
        lines += _observance(earlier[-1] if earlier else _beginning(name, changes, first_year))
        for one in singles:
            if opening < one.at < closing:
                lines += _observance(one)
    for first in ruled[:2]:
        lines += _observance(first, _rule([one for one in ruled if one.shape == first.shape]))
    return (*lines, "END:VTIMEZONE")


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def _beginning(name: str, changes: tuple[_Change, ...], first_year: int) -> _Change:
    """The clocks before any change we know of, as if they were set at the beginning of a year."""
    start = datetime(min(first_year, _FIRST_YEAR), 1, 1)
    local = start.replace(tzinfo=known_zone(name))
    offset = changes[0].before if changes else local.utcoffset() or timedelta()
    return _Change(0, start, offset, offset, local.tzname() or name)


@lru_cache(maxsize=64)
def _changes(name: str) -> tuple[_Change, ...]:
    """Every moment from 1970 to 2037 at which the clocks of a zone were or will be set, in order."""
    zone = known_zone(name)
    assert zone is not None

    def offset(at: int) -> timedelta:
        return datetime.fromtimestamp(at, zone).utcoffset() or timedelta()

    found: list[_Change] = []
    fortnight = 14 * 86400
    for start in range(0, _epoch(datetime(_LAST_YEAR + 1, 1, 1)), fortnight):
        low, high = start, start + fortnight
        before, after = offset(low), offset(high)
        if before == after:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == before else (low, middle)
        wall = datetime.fromtimestamp(high, UTC).replace(tzinfo=None) + before
        found.append(_Change(high, wall, before, after, datetime.fromtimestamp(high, zone).tzname() or name))
    return tuple(found)


def _ruled(changes: tuple[_Change, ...]) -> tuple[_Change, ...]:
    """The last of the changes that come twice a year after the same two rules; none if today's clocks have no rule."""
    kept: tuple[_Change, ...] = ()
    for year in range(_LAST_YEAR, _FIRST_YEAR - 1, -1):
        longer = tuple(one for one in changes if one.wall.year >= year)
        shapes = {one.shape for one in longer}
        both = sum(one.wall.year == year for one in longer) == 2 and len(shapes) == 2
        if not both or not all(_rule([one for one in longer if one.shape == shape]) for shape in shapes):
            break
        kept = longer
    return kept


def _rule(same: list[_Change]) -> str:
    """The RRULE that gives the days of these changes: the last, the second … such weekday; empty if none does."""
    first = same[0].wall
    weekday = _WEEKDAYS[first.weekday()]
    head = f"RRULE:FREQ=YEARLY;BYMONTH={first.month}"
    if all(one.wall.day + 7 > monthrange(one.wall.year, one.wall.month)[1] for one in same):
        return f"{head};BYDAY=-1{weekday}"
    days = {one.wall.day for one in same}
    weeks = {(day - 1) // 7 + 1 for day in days}
    if len(weeks) == 1:
        return f"{head};BYDAY={weeks.pop()}{weekday}"
    if max(days) - min(days) <= 6:
        return f"{head};BYMONTHDAY={','.join(str(min(days) + i) for i in range(7))};BYDAY={weekday}"
    return ""


def _observance(change: _Change, rule: str = "") -> list[str]:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{change.wall:%Y%m%dT%H%M%S}",
        *([rule] if rule else []),
        f"TZOFFSETFROM:{_offset(change.before)}",
        f"TZOFFSETTO:{_offset(change.after)}",
        f"TZNAME:{change.name}",
        f"END:{kind}",
    ]


def _offset(offset: timedelta) -> str:
    """ "+0100"; with seconds only where there are some."""
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{rest // 60:02}" + (f"{rest % 60:02}" if rest % 60 else "")


# Read ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundZone:
    """What a name of a zone means: its clocks, and the IANA zone that has them, or None if there is none."""

    clocks: tzinfo
    name: str | None


class FileZones:
    """The zones of one file: what its names mean, by the name itself or by the rules that come with it.

    Args:
        home: the zone to prefer among those with the same clocks.
        described: name → the lines of its VTIMEZONE, as bytes.
    """

    def __init__(self, home: ZoneInfo, described: dict[str, bytes]) -> None:
        self._home = home
        self._described = described
        self._found: dict[str, FoundZone | None] = {}

    def find(self, name: str, year: int) -> FoundZone | None:
        """The zone of a name in a file; None if nothing tells. `year` is one the clocks have to be right in."""
        if name not in self._found:
            self._found[name] = self._look(name.strip(' "'), year)
        return self._found[name]

    def _look(self, name: str, year: int) -> FoundZone | None:
        for candidate in _readings(name):
            if zone := known_zone(candidate):
                return FoundZone(zone, candidate)
        lines = self._described.get(name)
        if lines is None:
            return None
        located = re.search(rb"(?im)^X-LIC-LOCATION:\s*(\S+)", lines)
        if located and (zone := known_zone(located[1].decode("utf-8", "replace"))):
            return FoundZone(zone, zone.key)
        clocks = _clocks(lines)
        if clocks is None:
            return None
        for candidate in (self._home.key, *_USUAL, *sorted(available_timezones())):
            if (zone := known_zone(candidate)) and _alike(clocks, zone, year):
                return FoundZone(zone, candidate)
        return FoundZone(clocks, None)


def _readings(name: str) -> Iterator[str]:
    """The IANA names a name may stand for: itself, its end (`/mozilla.org/20070129_1/Europe/Berlin`), Windows' name."""
    if not name:
        return
    yield name
    pieces = [piece for piece in name.split("/") if piece]
    for length in (3, 2, 1):
        if 0 < length <= len(pieces) and name != "/".join(pieces[-length:]):
            yield "/".join(pieces[-length:])
    if "/" not in name:
        yield from _of_windows(name)


@lru_cache(maxsize=64)
def _of_windows(name: str) -> tuple[str, ...]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    wanted = name.casefold()
    return tuple(iana for windows, iana in WINDOWS_TO_OLSON.items() if windows.casefold() == wanted)


def _clocks(lines: bytes) -> tzinfo | None:
    """The clocks a VTIMEZONE describes; None if it describes none."""
    from icalendar import Timezone

    try:
        read = Timezone.from_ical(lines)
        return read.to_tz(lookup_tzid=False) if isinstance(read, Timezone) else None
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return None


def _alike(one: tzinfo, other: tzinfo, year: int) -> bool:
    """Whether two clocks show the same on every first and fifteenth of two years."""
    return all(_shown(one, moment) == _shown(other, moment) for moment in _probes(year))


def _probes(year: int) -> Iterable[datetime]:
    year = min(max(year, 1), 9998)
    return (datetime(y, month, day, 12) for y in (year, year + 1) for month in range(1, 13) for day in (1, 15))


def _shown(clocks: tzinfo, moment: datetime) -> timedelta | None:
    try:
        return clocks.utcoffset(moment)
    except (ValueError, OverflowError):
        return None
