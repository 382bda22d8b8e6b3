"""Contacts as rows of a list, a page at a time: everybody in an order, or those a filter found."""

from __future__ import annotations

from datetime import date

from easir_tui import clock, phones
from easir_tui.crm import contact_list
from easir_tui.crm.contact_list import ContactRow, Extent, Found
from easir_tui.language import _
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Cell, Row
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import STATUSES

_STATUS_ROLES = {"customer": "good", "opportunity": "accent", "lead": "dim"}
_MARKERS = {"overdue": "bad", "today": "warn", "later": ""}


class ContactSource:
    """Rows for the list: all contacts in an order, or those a filter found."""

    def __init__(self, app: Host, order: str, reverse: bool, found: Found | None = None) -> None:
        self.app = app
        self.order = order
        self.reverse = reverse
        self.found = found
        self.extent: Extent | None = None

    async def count(self) -> tuple[int, bool]:
        """How many rows there are, and whether the filter has more."""
        if self.found is not None:
            return len(self.found.ids), self.found.capped
        self.extent = await self.app.ask(contact_list.extent, self.order, self.reverse)
        return self.extent.total, False

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` rows from number `start` on."""
        if self.found is not None:
            held = await self.app.ask(contact_list.rows_of, self.found.ids[start : start + n])
        else:
            held = await self.app.ask(contact_list.page, self.order, start, n, self.reverse, self.extent)
        return [self.row(each) for each in held]

    async def position(self, contact_id: int) -> int | None:
        """Where a contact stands now."""
        if self.found is not None:
            return self.found.ids.index(contact_id) if contact_id in self.found.ids else None
        return await self.app.ask(contact_list.position, contact_id, self.order, self.reverse)

    async def ids(self, limit: int) -> list[int]:
        """The explicit set behind "mark all": what the filter shows, or every contact there is now."""
        if self.found is not None:
            return list(self.found.ids[:limit])
        return list((await self.app.ask(contact_list.all_ids, self.order, self.reverse))[:limit])

    def row(self, contact: ContactRow) -> Row:
        """A contact as a line of the list."""
        return Row(contact.id, (
            (contact.name, "strong"),
            contact.company,
            phones.pretty(contact.phone),
            next_step_cell(self.app, contact.next_step_at, contact.next_step_day),
            last_contact_text(self.app, contact.last_contact_at),
            contact.city,
            status_cell(self.app, contact.status),
        ))  # fmt: skip


def next_step_cell(app: Host, at: int | None, whole_day: str | None) -> Cell:
    """When the next step is, with a sign where it is overdue or today."""
    if at is None:
        return ""
    day = date.fromisoformat(whole_day) if whole_day else None
    if day is not None:
        shown, bucket = clock.short_day(day, app.zone), clock.bucket(None, day, app.zone)
    else:
        shown, bucket = clock.short_when(at, app.zone), clock.bucket(at, None, app.zone)
    return f"{sign(bucket, app.settings.ascii)} {shown}", _MARKERS[bucket]


def last_contact_text(app: Host, at: int | None) -> str:
    """The day of the last contact."""
    return "" if at is None else clock.short_day(clock.local(at, app.zone).date(), app.zone).strip()


def status_cell(app: Host, status: str) -> Cell:
    """What somebody is to us, with a sign."""
    return f"{sign('status', app.settings.ascii)} {_(STATUSES[status])}", _STATUS_ROLES[status]
