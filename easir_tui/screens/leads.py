"""The list of leads: what waits and until when, what was escalated, and how the others ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from easir_tui import clock, phones, text
from easir_tui.commands import Command, cases_list, leads, lists
from easir_tui.crm import lead_list
from easir_tui.crm.lead_list import LeadRow
from easir_tui.errors import Refused
from easir_tui.language import N_, _
from easir_tui.screens import lead_acts
from easir_tui.screens.list_screen import ListScreen, Order, View
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Cell, Column, Row
from easir_tui.widgets.signs import sign

ROLES = {"assigned": "accent", "escalated": "bad", "accepted": "good", "rejected": "dim", "expired": "dim"}
"""The colour of a status; its sign and word stand with it."""

_SIGNS = {
    "assigned": "status",
    "escalated": "overdue",
    "accepted": "given",
    "rejected": "refused",
    "expired": "refused",
}


def status_of(lead: LeadRow, ascii_only: bool) -> tuple[str, str]:
    """The status with its sign: "● waiting", "! escalated"."""
    return f"{sign(_SIGNS[lead.status], ascii_only)} {_(lead_list.STATUSES[lead.status])}", ROLES[lead.status]


class LeadSource:
    """Leads as rows of the list, under a filter and in an order."""

    def __init__(self, app: Host, typed: str, order: str, reverse: bool) -> None:
        self.app = app
        self.typed = typed
        self.order = order
        self.reverse = reverse

    async def count(self) -> tuple[int, bool]:
        """How many the filter finds."""
        return await self.app.ask(lead_list.count, *lead_list.read_filter(self.typed)), False

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` rows from number `start` on."""
        view, words = lead_list.read_filter(self.typed)
        found = await self.app.ask(lead_list.page, view, words, self.order, self.reverse, start, n)
        return [self.row(each) for each in found]

    async def position(self, record_id: int) -> int | None:
        """Where a lead stands now."""
        view, words = lead_list.read_filter(self.typed)
        return await self.app.ask(lead_list.position, record_id, view, words, self.order, self.reverse)

    async def ids(self, limit: int) -> list[int]:
        """The explicit set behind "mark all"."""
        view, words = lead_list.read_filter(self.typed)
        return await self.app.ask(lead_list.ids, view, words, self.order, self.reverse, 0, limit)

    async def among(self, ids: Sequence[int]) -> set[int]:
        """Those of these that are shown."""
        return await self.app.ask(lead_list.among, ids, *lead_list.read_filter(self.typed))

    def row(self, lead: LeadRow) -> Row:
        """A lead as a line of the list."""
        return Row(lead.id, (
            status_of(lead, self.app.settings.ascii),
            self.until(lead),
            (lead.name or lead.email or phones.pretty(lead.phone) or _("nobody named"), "strong"),
            " · ".join(filter(None, (lead.product, text.first_line(lead.interest)))),
            lead.company,
            lead.source,
            clock.short_when(lead.received_at, self.app.zone),
            lead.ended_by or lead.team or _("everybody"),
        ))  # fmt: skip

    def until(self, lead: LeadRow) -> Cell:
        """What a waiting lead waits for, or when and by whom it ended."""
        if lead.until is not None:
            return clock.short_when(lead.until, self.app.zone), "bad" if lead.late else "warn"
        if lead.accepted_at is not None:
            return f"{clock.short_day(clock.local(lead.accepted_at, self.app.zone).date(), self.app.zone)}", "dim"
        return _("no clock") if lead.status in ("assigned", "escalated") else "", "dim"


class LeadsScreen(ListScreen):
    """`app.open("leads", filter="status:waiting")`."""

    PLACE = "leads"
    TABLES = frozenset({"lead", "activity", "team", "membership"})
    VIEWS = (
        View("waiting", N_("Waiting"), "status:waiting"),
        View("escalated", N_("Escalated"), "status:escalated"),
        View("unanswered", N_("To answer"), "status:unanswered"),
        View("accepted", N_("Accepted"), "status:accepted"),
        View("rejected", N_("Rejected"), "status:rejected"),
        View("all", N_("All"), ""),
    )
    ORDERS = (
        Order("x", "clock", N_("Clock"), N_("what must be done first")),
        Order("w", "newest", N_("Newest"), N_("as they came in")),
        Order("n", "name", N_("Name"), "a … å"),
    )
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        *leads.LIST,
        lists.FILTER,
        *(cases_list.footer(command) for command in (lists.SORT, lists.MARK)),
        *cases_list.VIEWS,
        lists.COPY,
        *lists.MOVES,
        lists.MARK_ALL,
    )

    def columns(self) -> tuple[Column, ...]:
        """Status, clock, who, what about, company, source, received, and whose turn it is or whose it was."""
        return (
            Column(_("Status"), width=12),
            Column(_("Until"), width=16),
            Column(_("Lead"), min=16, share=2),
            Column(_("About"), min=16, share=3),
            Column(_("Company"), min=12, share=2, role="dim", drop=3),
            Column(_("Source"), min=10, role="dim", drop=4),
            Column(_("Received"), width=16, role="dim", drop=2),
            Column(_("With"), min=10, role="dim", drop=1),
        )

    def source(self, typed: str) -> LeadSource:
        """Leads under a filter."""
        return LeadSource(self.app, typed, self.order, self.reverse)

    def placeholder(self) -> str:
        """What the filter understands."""
        return _("status:waiting, or name, company, product, number")

    def nothing_to_show(self) -> str:
        """Where leads come from."""
        if self.typed == self.VIEWS[0].filter:
            return _(
                "No lead waits.\n\nNobody types leads in: they come by\n"
                "easir lead add FILE   or   easir lead watch FOLDER\n\n6  shows all leads"
            )
        return _("No lead is found by “{text}”.\n\n6  shows all leads    Esc  goes back to those that wait").format(
            text=self.typed
        )

    async def open_record(self, record_id: int) -> None:
        """Details first."""
        await self.app.open("lead", lead_id=record_id)

    async def action_accept(self) -> None:
        """Accept the lead under the cursor, or those that are marked."""
        ids = await self._ids()
        if len(ids) > 1:
            if await lead_acts.accept_many(self.app, ids):
                self.records.clear_marks()
        else:
            await lead_acts.accept(self.app, ids[0])

    async def action_reject(self) -> None:
        """Reject the lead under the cursor, or those that are marked."""
        if await lead_acts.reject(self.app, await self._ids()):
            self.records.clear_marks()

    async def action_copy(self) -> None:
        """Send the number or the address to the terminal's clipboard."""
        found = await self.app.ask(lead_list.rows_of, (await self._ids())[:1])
        words = phones.pretty(found[0].phone) or found[0].email if found else ""
        if not words:
            raise Refused(_("This lead has neither a number nor an address."))
        self.app.copy(words)

    async def _ids(self) -> tuple[int, ...]:
        ids = await self.chosen_ids()
        if not ids:
            raise Refused(_("There is no lead under the cursor."))
        return ids
