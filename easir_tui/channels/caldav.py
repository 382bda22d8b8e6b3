"""A calendar on a server (CalDAV, RFC 4791): where it is, what changed in it, and how it is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

from easir_tui.channels import calendar_file
from easir_tui.channels.calendar_entry import CalendarEntry, Problem
from easir_tui.channels.dav import NAMESPACES, Changes, D, Dav, DavTrouble, Overtaken, Resource
from easir_tui.language import _

C = f"{{{NAMESPACES['c']}}}"
MEDIA_TYPE = "text/calendar"

_ABOUT = ("d:resourcetype", "d:displayname", "c:supported-calendar-component-set")
_WELL_KNOWN = "/.well-known/caldav"


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar a user has: its path, its title, and which of `event` and `todo` it takes."""

    href: str
    title: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a calendar: what it is about (`entries`, of one UID), or that it cannot be read (none)."""

    href: str
    etag: str
    entries: tuple[CalendarEntry, ...]

    @property
    def uid(self) -> str:
        """The UID of what is in it, or ""."""
        return self.entries[0].uid if self.entries else ""


def calendars(dav: Dav) -> list[Collection]:
    """The calendars at the address of a server: that very one, or all of the person who logged in (RFC 6764).

    Raises:
        DavTrouble: there is none, or the server says no.
    """
    here = _asked(dav, dav.url)
    if here is not None and (found := _collection(here)):
        return [found]
    principal = _href(dav, dav.url, "d:current-user-principal", f"{D}current-user-principal")
    principal = principal or _href(dav, _WELL_KNOWN, "d:current-user-principal", f"{D}current-user-principal")
    home = _href(dav, principal, "c:calendar-home-set", f"{C}calendar-home-set") if principal else ""
    found_there = [_collection(one) for one in dav.properties(home, _ABOUT, 1)] if home else []
    if kept := [one for one in found_there if one is not None]:
        return sorted(kept, key=lambda one: one.href)
    raise DavTrouble(_("There is no calendar at {url}.").format(url=dav.url),
                     _("Write the address of a calendar into the settings."))  # fmt: skip


def _asked(dav: Dav, url: str) -> Resource | None:
    """What is at an address; None where the server knows nothing of it."""
    try:
        return next(iter(dav.properties(url, _ABOUT)), None)
    except DavTrouble as trouble:
        if trouble.status in (403, 404, 405) or 200 <= trouble.status < 300:
            return None
        raise


def _href(dav: Dav, url: str, name: str, tag: str) -> str:
    try:
        return next((one.href_in(tag) for one in dav.properties(url, (name,))), "")
    except DavTrouble as trouble:
        if trouble.status in (403, 404, 405) or 200 <= trouble.status < 300:
            return ""
        raise


def _collection(one: Resource) -> Collection | None:
    kind = one.found.get(f"{D}resourcetype")
    if kind is None or kind.find(f"{C}calendar") is None:
        return None
    told = one.found.get(f"{C}supported-calendar-component-set")
    names = [str(part.get("name", "")).upper() for part in told] if told is not None else ["VEVENT", "VTODO"]
    kinds = frozenset(word for name, word in (("VEVENT", "event"), ("VTODO", "todo")) if name in names)
    return Collection(one.href, one.text(f"{D}displayname"), kinds)


class Calendar:
    """One calendar of a server.

    Args:
        zone: the clocks of times that name none.
    """

    def __init__(self, dav: Dav, collection: Collection, zone: ZoneInfo) -> None:
        self._dav = dav
        self._href = collection.href
        self._zone = zone
        self.kinds = collection.kinds

    @property
    def url(self) -> str:
        """Its whole address; what is known of one calendar is not true of another."""
        return urljoin(self._dav.url, self._href)

    def changes(self, token: str) -> Changes:
        """What changed in it since a token; everything where that is empty or no longer known."""
        return self._dav.changes(self._href, token)

    def members(self, hrefs: Sequence[str]) -> Iterator[Member]:
        """These files of it; those that are gone are left out."""
        for one, raw in self._dav.members(self._href, hrefs, "c:calendar-multiget", "c:calendar-data"):
            yield self._member(one.href, one.etag, raw)

    def _member(self, href: str, etag: str, raw: bytes) -> Member:
        read = calendar_file.read(raw, self._zone)
        entries = tuple(one for one in read if isinstance(one, CalendarEntry))
        whole = not any(isinstance(one, Problem) for one in read) and len({one.uid for one in entries}) == 1
        return Member(href, etag, entries if whole else ())

    def href_of(self, uid: str) -> str:
        """Where a new entry is stored: the same place whenever it is tried."""
        return f"{self._href.rstrip('/')}/{quote(uid, safe='@')}.ics"

    def put(self, href: str, entries: Sequence[CalendarEntry], etag: str | None) -> str:
        """Store the entries of one UID, over the file with this entity tag or as a new one (None).

        Returns:
            The new entity tag; empty where the server kept it to itself.

        Raises:
            Overtaken: somebody else was first.
        """
        return self._dav.put(href, calendar_file.write(entries, self._zone), MEDIA_TYPE, etag)

    def delete(self, href: str, etag: str) -> None:
        """Remove a file that still has this entity tag.

        Raises:
            Overtaken: somebody else changed it.
        """
        self._dav.delete(href, etag)


__all__ = ["Calendar", "Changes", "Collection", "DavTrouble", "Member", "Overtaken", "calendars"]
