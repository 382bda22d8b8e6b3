"""The page of one lead: all it tells, before anybody accepts or rejects it."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from easir_tui import clock, phones
from easir_tui.commands import Command, leads, lists
from easir_tui.crm import lead_page
from easir_tui.crm.lead_page import LeadPage
from easir_tui.errors import NotFound, Refused
from easir_tui.language import _
from easir_tui.screens import lead_acts
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.leads import status_of
from easir_tui.screens.menu import TextScreen
from easir_tui.widgets.content import Part, line, plain
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.lead_details import about_of, who_of


class LeadScreen(EasirScreen[None]):
    """`app.open("lead", lead_id=3)`."""

    PLACE = "leads"
    CSS_PATH = "lead.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (*leads.PAGE, lists.COPY)

    app = getters.app(Host)

    def __init__(self, lead_id: int) -> None:
        super().__init__()
        self.lead_id = lead_id
        self.page: LeadPage | None = None

    def compose_body(self) -> ComposeResult:
        """Heading, what became of it, who, and what about."""
        yield Static(id="lead-head")
        yield Static(id="lead-state")
        with Horizontal(id="lead-body"):
            with VerticalScroll(id="lead-who"):
                yield Static(id="lead-who-text")
            with VerticalScroll(id="lead-about"):
                yield Static(id="lead-about-text")

    async def on_mount(self) -> None:
        """Read and show the lead."""
        for name, title in (("#lead-who", _("Who")), ("#lead-about", _("About"))):
            self.query_one(name).border_title = title
        try:
            await self.read()
        except NotFound as error:
            self.app.report(error)
            self.close_later()
            return
        self.query_one("#lead-about").focus()

    async def read(self) -> None:
        """Show the lead as it is now."""
        page = self.page = await self.app.ask(lead_page.load, self.lead_id)
        if not self.is_attached:
            return
        ascii_only, zone = self.app.settings.ascii, self.app.zone
        name = page.row.name or _("nobody named")
        self.query_one("#lead-head", Static).update(
            line((name, "strong"), "  ", status_of(page.row, ascii_only),
                 (f"   {page.row.company}" if page.row.company else "", ""),
                 ("   ", ""), (_("lead {id}").format(id=page.row.id), "dim"))
        )  # fmt: skip
        self.query_one("#lead-state", Static).update(line(*self._state(page)))
        self.query_one("#lead-who-text", Static).update(who_of(page))
        self.query_one("#lead-about-text", Static).update(about_of(page, zone, ascii_only))
        self.refresh_commands()

    def _state(self, page: LeadPage) -> list[Part]:
        """Until when somebody is to do something, or who ended it, when and why."""
        row = page.row
        if row.status == "accepted":
            words = _("Accepted by {who}, {when}.").format(who=row.accepted_by, when=self._when(row.accepted_at))
            told: list[Part] = [words]
            if row.acted_at is None and row.act_by_at is not None:
                words = _("To be answered before {when}.").format(when=self._when(row.act_by_at))
                told += ["  ", (words, "bad" if row.late else "warn")]
            return told
        if row.status == "rejected":
            return [_("Rejected by {who}, {when}: {reason}").format(
                who=page.rejected_by, when=self._when(page.rejected_at), reason=page.reason)]  # fmt: skip
        if row.status == "expired":
            return [_("This lead has expired.")]
        if row.due_at is None:
            return [(_("No clock runs: its team has set none."), "dim")]
        words = _("It was to be accepted before {when}.") if row.late else _("To be accepted before {when}.")
        return [(words.format(when=self._when(row.due_at)), "bad" if row.late else "warn")]

    def _when(self, at: int | None) -> str:
        return " ".join(clock.short_when(at or 0, self.app.zone).split())

    async def changed(self, changes: Changes) -> None:
        """Somebody accepted, rejected or answered it."""
        if changes.tables & {"lead", "activity"}:
            try:
                await self.read()
            except NotFound:
                self.dismiss(None)

    @property
    def waits(self) -> bool:
        """Whether it can still be accepted."""
        return self.page is None or self.page.row.status in ("assigned", "escalated")

    @property
    def case_id(self) -> int | None:
        """The case it has become."""
        return self.page.row.case_id if self.page else None

    async def action_accept(self) -> None:
        """The wizard."""
        await lead_acts.accept(self.app, self.lead_id)

    async def action_reject(self) -> None:
        """For the whole team, with a reason."""
        await lead_acts.reject(self.app, (self.lead_id,))

    async def action_case(self) -> None:
        """The case it has become."""
        if self.case_id is not None:
            await self.app.open("case", case_id=self.case_id)

    async def action_raw(self) -> None:
        """The message as it came; nothing in it acts."""
        await self.app.show(TextScreen(_("Message"), plain(await self.app.ask(lead_page.raw_text, self.lead_id))))

    async def action_copy(self) -> None:
        """Send the number or the address to the terminal's clipboard."""
        row = self.page.row if self.page else None
        words = phones.pretty(row.phone) or row.email if row else ""
        if not words:
            raise Refused(_("This lead has neither a number nor an address."))
        self.app.copy(words)
