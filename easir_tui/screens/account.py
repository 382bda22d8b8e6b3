"""The account page: one company, or the private customers, with everybody in it and everything around them.

It is built of the parts of the contact page, with the same keys. What is done, is done with the contact under the
cursor: of the list, of a case, of a row of history, of a note. The page of a company of five thousand people costs
what one of five does: only what is on screen is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from easir_tui.commands import Command, forms, lists, preview
from easir_tui.commands import accounts as account_keys
from easir_tui.commands import contact_page as keys
from easir_tui.crm import (
    account_cases,
    account_files,
    account_list,
    account_notes,
    account_page,
    account_timeline,
    changed_by,
    drafts,
)
from easir_tui.crm.account_list import ListContext
from easir_tui.crm.account_page import AccountPage
from easir_tui.crm.timeline import CaseChoice, History, Planned
from easir_tui.crm.users import Me
from easir_tui.data.changes import Changes
from easir_tui.errors import NotFound
from easir_tui.language import N_, _
from easir_tui.screens.account_acts import AccountActs
from easir_tui.screens.account_contacts import AccountContacts
from easir_tui.screens.account_pens import TITLES
from easir_tui.screens.contact import SAVE_NOTE
from easir_tui.widgets.account_parts import AccountName, AccountReach, AccountSide
from easir_tui.widgets.attachments import Attachments
from easir_tui.widgets.case_list import CaseList
from easir_tui.widgets.contact_head import ActionBar, TabLine, short_name
from easir_tui.widgets.notes_pane import NotesPane
from easir_tui.widgets.timeline import Timeline

HERE_EVERY = 5.0
"""Seconds between two looks at who else is writing about somebody here."""


class AccountScreen(AccountActs):
    """The page of one account.

    Args:
        account_id: which.
        context: the list one came from, through which `<` and `>` go.
        tab: the tab to begin with: contacts, cases, history or files.
    """

    PLACE = "accounts"
    TABS = (
        ("contacts", N_("Contacts"), N_("Contacts")),
        ("cases", N_("Cases"), N_("Cases")),
        ("history", N_("Planned and history"), N_("History")),
        ("files", N_("Attachments"), N_("Files")),
    )
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        *keys.ACTIVITIES,
        keys.EDIT,
        keys.PLAN,
        keys.SEARCH,
        keys.EDIT_BLOCK,
        *lists.MOVES,
        *keys.TABS,
        keys.COMPLETE,
        keys.SNOOZE,
        keys.ATTACH,
        preview.VIEW,
        account_keys.NEW,
        keys.SIDE_BAR,
        keys.NOTES,
        keys.NEW_NOTE,
        keys.PREVIOUS,
        keys.NEXT,
        keys.COPY,
        keys.DELETE,
        account_keys.EDIT_ALL,
        account_keys.MERGE,
        account_keys.DELETE,
        SAVE_NOTE,
        *forms.FIELDS,
    )

    side = getters.query_one("#side", AccountSide)

    def __init__(self, account_id: int, context: ListContext | None = None, tab: str = "") -> None:
        super().__init__(self.tab_named(tab, "contacts"))
        self.account_id = account_id
        self.context = context or ListContext()
        self.page: AccountPage | None = None
        self._news = ""
        self._timeline_of = 0
        self._timer: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """The lines above, then side bar, tabs and notes beside each other."""
        yield AccountName(id="name")
        yield AccountReach(id="reach")
        yield ActionBar(
            [self.entry(command) for command in keys.ACTIVITIES],
            [self.entry(command) for command in (keys.SIDE_BAR, keys.NOTES)],
            id="actions",
        )
        with Horizontal(id="body"):
            yield AccountSide(id="side")
            with Vertical(id="main"):
                yield TabLine(self.TABS, id="tabs")
                yield Vertical(id="pane")
            yield NotesPane(id="notes", read=account_notes)

    async def on_mount(self) -> None:
        """Read and show the account, and open a pen that was in use when the line was cut."""
        try:
            page = await self.app.ask(account_page.load, self.account_id)
        except NotFound as error:
            self.app.report(error)
            self.close_later()
            return
        self._show(page, another=True)
        await self.open_tab(self.tab)
        self._timer = self.set_interval(HERE_EVERY, self._look_who_is_here)
        self.call_after_refresh(self._resume)

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Account")

    def possible_commands(self) -> list[Command]:
        """What can be done now, with what has the focus first; while a note is written, nothing on a letter."""
        possible = super().possible_commands()
        if self.is_mounted and self.notes.is_writing and self.focused is self.notes.field:
            return [command for command in possible if command.id in (SAVE_NOTE.id, forms.EDITOR.id, "back", "palette")]
        first = [replace(command, footer=True) for command in self._first_commands()]
        named = {command.id for command in first}
        return [*first, *(command for command in possible if command.id not in named)]

    def _first_commands(self) -> tuple[Command, ...]:
        """The commands of what has the focus, in the order of the key line."""
        if self.page is None or self.focused is None:
            return ()
        if self._has_focus(self.notes):
            return keys.NEW_NOTE, keys.EDIT, keys.DELETE, keys.SEARCH
        if not self._in_pane():
            return (keys.EDIT,)
        if self.tab == "contacts":
            return replace(lists.OPEN, title=N_("Open contact")), account_keys.NEW, keys.SEARCH
        if self.tab == "cases":
            new = replace(account_keys.NEW, title=N_("New case"))
            return replace(lists.OPEN, title=N_("Open case")), new, keys.SEARCH
        if self.tab == "files":
            return (
                preview.VIEW,
                keys.ATTACH,
                replace(keys.EDIT, title=N_("Rename")),
                replace(keys.DELETE, title=N_("Remove")),
            )
        if self.shown_timeline is not None and self.shown_timeline.current_task() is not None:
            return keys.COMPLETE, keys.SNOOZE, keys.EDIT
        return ()

    def on_record_list_moved(self) -> None:
        """What can be done follows the cursor."""
        self.refresh_commands()

    @property
    def is_private(self) -> bool:
        """Whether it is the private account, which is fixed (V2)."""
        return self.page is not None and self.page.account.is_private

    # -- showing --------------------------------------------------------------------------------------

    def _show(self, page: AccountPage, another: bool = False) -> None:
        """Fill the page: another account from the top, or the same one anew where it stands."""
        with self.app.batch_update():
            self.page = page
            self.query_one("#name", AccountName).show(page, self._news)
            self.query_one("#reach", AccountReach).show(page)
            self.side.show_account(page)
            self.show_tabs()
            if another:
                self.notes.show(page.account.id, page.notes)
        self.refresh_commands()

    def tab_counts(self) -> Mapping[str, int] | None:
        """Contacts, cases, planned steps and notes."""
        if self.page is None:
            return None
        counts = self.page.counts
        return {
            "contacts": counts.contacts, "cases": counts.cases, "history": counts.planned, "notes": counts.notes,
        }  # fmt: skip

    def new_tab(self, name: str) -> Widget:
        """A tab that is first opened."""
        match name:
            case "contacts":
                return AccountContacts(self.account_id, id="contacts-tab")
            case "cases":
                return CaseList(self.account_id, id="cases-tab", read=account_cases, with_contact=True)
            case "history":
                self._stale.add(name)
                return Timeline(id="history", read=account_timeline)
        nothing = _("No files yet. Press a to attach one to a contact.")
        return Attachments(self.account_id, id="files-tab", read=account_files, empty=nothing, with_contact=True)

    async def reload_tab(self, name: str) -> None:
        """Read a tab anew, from the top when it showed another account."""
        tab = self._built.get(name)
        if isinstance(tab, AccountContacts | CaseList | Attachments):
            await tab.show(self.account_id)
        elif isinstance(tab, Timeline):
            planned, history, cases = await self.app.ask(_timeline, self.account_id)
            if self._timeline_of != self.account_id:
                self._timeline_of = self.account_id
                tab.show(self.account_id, planned, history, cases)
            else:
                tab.offer(cases)
                await tab.reload()

    # -- another account ------------------------------------------------------------------------------

    async def go_to_account(self, account_id: int) -> None:
        """Fill the page with another account, the same tab open.

        Raises:
            NotFound: no such account.
        """
        page = await self.app.ask(account_page.load, account_id)
        if self.notes.is_writing:
            await self.notes.leave()
        self.account_id = account_id
        self._news = ""
        self._show(page, another=True)
        self._stale = set(self._built)
        self._stale.discard(self.tab)
        await self.reload_tab(self.tab)
        place = await self.app.ask(account_list.where, self.context, account_id)
        if place is not None:
            self.app.say(_("{n} of {total}").format(n=place[0], total=place[1]))

    async def action_previous(self) -> None:
        """The previous account of the list."""
        await self._step(False)

    async def action_next(self) -> None:
        """The next account of the list."""
        await self._step(True)

    async def _step(self, forward: bool) -> None:
        found = await self.app.ask(account_list.neighbour, self.context, self.account_id, forward)
        if found is None:
            last, first = _("This is the last account of the list"), _("This is the first account of the list")
            self.app.say(last if forward else first)
        else:
            await self.go_to_account(found)

    # -- live -----------------------------------------------------------------------------------------

    async def changed(self, changes: Changes) -> None:
        """Somebody saved something: show it, with cursor, scroll and everything typed as they are."""
        if self.page is None or not await self._concerns(changes):
            return
        try:
            page = await self.app.ask(account_page.load, self.account_id)
        except NotFound as error:
            await self.notes.keep_draft(left=True)
            if not changes.own:
                self.app.report(error)
            self.close_later()
            return
        if not changes.own and (names := await self.app.ask(changed_by.account, self.account_id, changes.since)):
            who = ", ".join(short_name(name) for name in names)
            self._news = _("{who} changed this").format(who=who)
        self._show(page)
        await self.notes.reload()
        self._stale = set(self._built) - {self.tab}
        tab = self._built.get(self.tab)
        if isinstance(tab, Timeline):
            await self.reload_tab(self.tab)
        elif isinstance(tab, AccountContacts | CaseList | Attachments):
            await tab.reload()

    async def _concerns(self, changes: Changes) -> bool:
        """Whether a change can be seen here; a contact may have come or gone."""
        assert self.page is not None
        responsible = ("app_user", self.page.account.responsible_id)
        if ("account", self.account_id) in changes.rows or responsible in changes.rows or "contact" in changes.tables:
            return True
        return await self.app.ask(account_page.holds_any, self.account_id, changes.contacts)

    async def _look_who_is_here(self) -> None:
        """A colleague who writes about somebody here is named, until they have saved or gone."""
        if self.page is None or not self.is_current:
            return
        here = await self.app.ask(account_page.here, self.account_id)
        if self.page is not None and here != self.page.here:
            self.page = replace(self.page, here=here)
            self.query_one("#name", AccountName).show(self.page, self._news)

    async def save_draft(self) -> None:
        """The connection is lost: keep the note that is being written."""
        if self.is_mounted:
            await self.notes.keep_draft()

    async def _resume(self) -> None:
        """Open the pen that was in use when the connection or the program died."""
        if not self.app.sole:
            return
        for waiting in await self.app.ask(drafts.waiting):
            arguments: dict[str, Any] = waiting.body.get("arguments", {})
            part = waiting.body.get("part")
            if waiting.kind != "pen" or waiting.left or arguments.get("account_id") != self.account_id:
                continue
            if part in TITLES:
                self.perform(self.edit_part, part)
                return


def _timeline(me: Me, account_id: int) -> tuple[tuple[Planned, ...], History, tuple[CaseChoice, ...]]:
    """What the timeline first shows."""
    return (
        account_timeline.planned(me, account_id), account_timeline.history(me, account_id),
        account_timeline.cases_of(me, account_id),
    )  # fmt: skip
