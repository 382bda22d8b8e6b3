"""The Contacts tab of the account page: everybody in it that one may see, with their role, searched as one types."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from easir_tui import phones
from easir_tui.crm import account_contacts
from easir_tui.crm.account_contacts import ContactOfAccount
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.language import _
from easir_tui.screens.contact_rows import last_contact_text, next_step_cell, status_cell
from easir_tui.widgets.fields import FilterLine
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row


class AccountContactSource:
    """Rows for the list: all contacts of the account by name, or those that words find."""

    def __init__(self, app: Host, account_id: int, typed: str = "") -> None:
        self.app = app
        self.account_id = account_id
        self.typed = typed
        self.found: list[int] | None = None
        self._total = 0

    async def count(self) -> tuple[int, bool]:
        """How many there are, and whether words find more."""
        if self.typed:
            self.found = await self.app.ask_latest(
                "account contacts", account_contacts.find, self.account_id, self.typed
            )
            return len(self.found), len(self.found) >= account_contacts.MOST_FOUND
        self._total = await self.app.ask(account_contacts.count, self.account_id)
        return self._total, False

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` rows from number `start` on."""
        if self.found is not None:
            held = await self.app.ask(account_contacts.rows_of, self.found[start : start + n])
        else:
            held = await self.app.ask(account_contacts.page, self.account_id, start, n, self._total)
        return [self.row(each) for each in held]

    async def position(self, contact_id: int) -> int | None:
        """Where a contact stands now."""
        if self.found is not None:
            return self.found.index(contact_id) if contact_id in self.found else None
        return await self.app.ask(account_contacts.position, self.account_id, contact_id)

    def row(self, contact: ContactOfAccount) -> Row:
        """A contact as a line of the list."""
        return Row(contact.id, (
            (contact.name, "strong"),
            contact.email if self.account_id == PRIVATE_ACCOUNT else contact.job_title,
            phones.pretty(contact.phone),
            next_step_cell(self.app, contact.next_step_at, contact.next_step_day),
            last_contact_text(self.app, contact.last_contact_at),
            status_cell(self.app, contact.status),
        ))  # fmt: skip


class AccountContacts(Vertical):
    """Reads the contacts of its account itself; Enter on one posts `AccountContacts.Opened`."""

    app = getters.app(Host)

    DEFAULT_CSS = """
    AccountContacts { height: 1fr; }
    AccountContacts > #contact-search { height: 1; }
    """

    class Opened(Message):
        """The page of a contact is to be opened."""

        def __init__(self, contact_id: int) -> None:
            super().__init__()
            self.contact_id = contact_id

    def __init__(self, account_id: int, id: str | None = None) -> None:
        super().__init__(id=id)
        self._account_id = account_id

    def compose(self) -> ComposeResult:
        """Search, list."""
        yield FilterLine("", placeholder=_("/ search: name, role, number, e-mail, city"), id="contact-search")
        yield RecordList(
            self._columns(),
            source=AccountContactSource(self.app, self._account_id),
            empty=_("No contacts here yet. Press N to add the first."),
            gap=1,
            id="contacts",
        )

    def _columns(self) -> tuple[Column, ...]:
        """Private contacts have no role in their account; their e-mail address stands there."""
        return (
            Column(_("Name"), min=16, share=3),
            Column(_("E-mail") if self._account_id == PRIVATE_ACCOUNT else _("Role"), min=14, share=2),
            Column(_("Phone"), width=16, drop=2),
            Column(_("Next step"), width=18, drop=1),
            Column(_("Last contact"), width=13, role="dim", drop=3),
            Column(_("Status"), width=13, drop=4),
        )

    @property
    def list(self) -> RecordList:
        """The rows."""
        return self.query_one("#contacts", RecordList)

    async def show(self, account_id: int) -> None:
        """Show another account's contacts, all of them."""
        self._account_id = account_id
        self.list.set_columns(self._columns())
        with self.prevent(Input.Changed):
            self.query_one(FilterLine).value = ""
        await self._narrow("")

    async def reload(self, keep_id: int | None = None) -> None:
        """Read the contacts anew; search and cursor stay."""
        await self.list.reload(keep_id=keep_id)

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Another word."""
        event.stop()
        await self._narrow(event.value.strip())

    async def _narrow(self, typed: str) -> None:
        self.list.empty = (
            _("Nobody here is found by “{text}”.").format(text=typed)
            if typed
            else _("No contacts here yet. Press N to add the first.")
        )
        await self.list.set_source(AccountContactSource(self.app, self._account_id, typed))

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """↓ and Enter go down to the contacts."""
        event.stop()
        self.list.focus()

    def on_filter_line_emptied(self, event: FilterLine.Emptied) -> None:
        """Esc shows all again."""
        event.stop()
        self.list.focus()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter on a contact."""
        event.stop()
        self.post_message(self.Opened(event.id))

    def search(self) -> None:
        """Type who is looked for."""
        self.query_one(FilterLine).focus()
