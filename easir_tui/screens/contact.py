"""The contact page: everything about one person, and everything one does with them.

One screen serves every contact: `<` and `>` fill it anew, nothing is composed twice. The side bar and the notes
stand where there is room and open as panels where there is not; a tab is built when it is first opened. What is
done with the thing under the cursor is in `contact_acts`, the pens are in `contact_pens`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from easir_tui.commands import Command, forms, lists, preview, same
from easir_tui.commands import accounts as account_keys
from easir_tui.commands import contact_page as keys
from easir_tui.crm import changed_by, contact_list, contact_page, drafts, notes, seen
from easir_tui.crm.contact_list import ListContext
from easir_tui.crm.contact_page import ContactPage
from easir_tui.data.changes import Changes
from easir_tui.errors import NotFound
from easir_tui.language import N_, _
from easir_tui.screens.contact_acts import ContactActs
from easir_tui.screens.contact_pens import EDITABLE
from easir_tui.widgets.attachments import Attachments
from easir_tui.widgets.case_list import CaseList
from easir_tui.widgets.contact_head import ActionBar, NameLine, ReachLine, TabLine, short_name
from easir_tui.widgets.details import Details
from easir_tui.widgets.host import Host
from easir_tui.widgets.notes_pane import NotesPane
from easir_tui.widgets.side_bar import SideBar
from easir_tui.widgets.timeline import Timeline

HERE_EVERY = 5.0
"""Seconds between two looks at who else is writing about this contact."""


def _writes(screen: Any) -> bool:
    return bool(screen.is_mounted and screen.notes.is_writing)


SAVE_NOTE = Command(
    forms.SAVE.id, forms.SAVE.keys, forms.SAVE.title, forms.SAVE.tooltip, "save", forms.GROUP, True, _writes
)


class ContactScreen(ContactActs):
    """The page of one contact.

    Args:
        contact_id: whose page it is.
        context: the list one came from, through which `<` and `>` go.
        tab: the tab to begin with: details, cases, history or files.
    """

    PLACE = "contacts"
    TABS = (
        ("details", N_("Details"), N_("Info")),
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
        keys.NEW_CASE,
        keys.SIDE_BAR,
        keys.NOTES,
        keys.NEW_NOTE,
        keys.PREVIOUS,
        keys.NEXT,
        keys.COPY,
        keys.PRINT,
        keys.DELETE,
        keys.DELETE_CONTACT,
        account_keys.OF_CONTACT,
        same.MERGE_THIS,
        SAVE_NOTE,
        *forms.FIELDS,
    )

    app = getters.app(Host)
    timeline = getters.query_one("#history", Timeline)

    def __init__(self, contact_id: int, context: ListContext | None = None, tab: str = "") -> None:
        super().__init__(self.tab_named(tab, "history"))
        self.contact_id = contact_id
        self.context = context or ListContext()
        self.page: ContactPage | None = None
        self._news = ""
        self._place: tuple[int, int] | None = None
        self._timer: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """The lines above, then side bar, tabs and notes beside each other."""
        yield NameLine(id="name")
        yield ReachLine(id="reach")
        yield ActionBar(
            [self.entry(command) for command in keys.ACTIVITIES],
            [self.entry(command) for command in (keys.SIDE_BAR, keys.NOTES)],
            id="actions",
        )
        with Horizontal(id="body"):
            yield SideBar(id="side")
            with Vertical(id="main"):
                yield TabLine(self.TABS, id="tabs")
                with Vertical(id="pane"):
                    yield Timeline(id="history")
            yield NotesPane(id="notes")

    async def on_mount(self) -> None:
        """Read and show the contact, and put back a note that was being written when the line was cut."""
        self._built["history"] = self.timeline
        try:
            page = await self.app.ask(contact_page.load, self.contact_id)
        except NotFound as error:
            self.app.report(error)
            self.call_later(self._leave)
            return
        self._show(page, another=True)
        self.call_after_refresh(self.perform, self._mark_seen, self.contact_id)
        await self.open_tab(self.tab, focus=True)
        self._timer = self.set_interval(HERE_EVERY, self._look_who_is_here)
        self.call_after_refresh(self._resume)

    async def _mark_seen(self, contact_id: int) -> None:
        """Today shows what was looked at last; no news to anybody, so the screens are not told."""
        await self.app.store.tell(partial(seen.mark, self.app.me, contact_id))

    def _leave(self) -> None:
        self.dismiss(None)

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Contact")

    def possible_commands(self) -> list[Command]:
        """What can be done now, with what has the focus first; while a note is written, nothing on a letter."""
        possible = super().possible_commands()
        if _writes(self) and self.focused is self.notes.field:
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
        if self.tab == "files":
            return (
                preview.VIEW,
                keys.ATTACH,
                replace(keys.EDIT, title=N_("Rename")),
                replace(keys.DELETE, title=N_("Remove")),
            )
        if self.tab == "cases":
            return replace(lists.OPEN, title=N_("Open case")), keys.NEW_CASE, keys.SEARCH
        if self.tab == "history" and self.timeline.current_task() is not None:
            return keys.COMPLETE, keys.SNOOZE, keys.EDIT
        return ()

    def on_record_list_moved(self) -> None:
        """What can be done follows the cursor."""
        self.refresh_commands()

    # -- showing --------------------------------------------------------------------------------------

    def _show(self, page: ContactPage, another: bool = False) -> None:
        """Fill the page: another contact from the top, or the same one anew where it stands."""
        with self.app.batch_update():
            self.page = page
            self.query_one("#name", NameLine).show(page, self._news)
            self.query_one("#reach", ReachLine).show(page)
            self.side.show(page)
            self.show_tabs()
            if another:
                self.timeline.show(page.person.id, page.planned, page.history, page.cases)
                self.notes.show(page.person.id, page.notes)
            else:
                self.timeline.offer(page.cases)
            details = self._built.get("details")
            if isinstance(details, Details):
                details.show(page)
        self.refresh_commands()

    def tab_counts(self) -> Mapping[str, int] | None:
        """Cases, planned steps, files and notes."""
        if self.page is None:
            return None
        counts = self.page.counts
        return {
            "cases": counts.cases, "history": counts.planned, "files": counts.attachments, "notes": counts.notes,
        }  # fmt: skip

    def list_of(self, tab: Widget) -> Widget:
        """The list in a tab."""
        return tab.facts if isinstance(tab, Details) else super().list_of(tab)

    def fill_tab(self, tab: Widget) -> None:
        """The Details are there already; other tabs read for themselves."""
        if isinstance(tab, Details) and self.page is not None:
            tab.show(self.page)

    def new_tab(self, name: str) -> Widget:
        """A tab that is first opened."""
        match name:
            case "details":
                return Details(id="details")
            case "cases":
                return CaseList(self.contact_id, id="cases-tab")
        return Attachments(self.contact_id, id="files-tab")

    async def reload_tab(self, name: str) -> None:
        """Read a tab anew."""
        tab = self._built.get(name)
        if isinstance(tab, CaseList | Attachments):
            await tab.show(self.contact_id)
        elif isinstance(tab, Timeline):
            await tab.reload()

    # -- another contact ------------------------------------------------------------------------------

    async def refill(self, contact_id: int, context: ListContext | None = None, tab: str = "") -> None:
        """Make this kept page the page of another contact, as a new one would be; see `ContactScreen`.

        Raises:
            NotFound: no such contact.
        """
        await self._fill_with(contact_id)
        self.context = context or ListContext()
        self._close_panels()
        await self.open_tab(self.tab_named(tab, "history"))
        self.call_later(self._resume)

    async def go_to_contact(self, contact_id: int) -> None:
        """Fill the page with another contact, the same tab open."""
        await self._fill_with(contact_id)
        if self.tab in self._stale:
            self._stale.discard(self.tab)
            await self.reload_tab(self.tab)
        place = await self.app.ask(contact_list.where, self.context, contact_id)
        if place is not None:
            self.app.say(_("{n} of {total}").format(n=place[0], total=place[1]))

    async def _fill_with(self, contact_id: int) -> None:
        page = await self.app.ask(contact_page.load, contact_id)
        if self.notes.is_writing:
            await self.notes.leave()
        self.contact_id = contact_id
        self._news = ""
        self._show(page, another=True)
        self.call_after_refresh(self.perform, self._mark_seen, contact_id)
        self._stale = {"cases", "files"} & self._built.keys()

    # -- live -----------------------------------------------------------------------------------------

    async def changed(self, changes: Changes) -> None:
        """Somebody saved something: show it, with cursor, scroll and everything typed as they are."""
        if self.page is None:
            return
        account = ("account", self.page.account.id) in changes.rows
        person = ("app_user", self.page.person.responsible_id) in changes.rows
        if self.contact_id not in changes.contacts and not account and not person:
            return
        try:
            page = await self.app.ask(contact_page.load, self.contact_id)
        except NotFound as error:
            await self.notes.keep_draft(left=True)
            if not changes.own:
                self.app.report(error)
            self._leave()
            return
        if not changes.own and (names := await self.app.ask(changed_by.contact, self.contact_id, changes.since)):
            who = ", ".join(short_name(name) for name in names)
            self._news = _("{who} changed this").format(who=who)
        self._show(page)
        await self.timeline.reload()
        await self.notes.reload()
        self._stale |= {"cases", "files"} & self._built.keys()
        if self.tab in self._stale:
            self._stale.discard(self.tab)
            tab = self._built[self.tab]
            if isinstance(tab, CaseList | Attachments):
                await tab.reload()

    async def _look_who_is_here(self) -> None:
        """A colleague who writes about this contact is named, until they have saved or gone."""
        if self.page is None or not self.is_current:
            return
        here = await self.app.ask(contact_page.here, self.contact_id)
        if self.page is not None and here != self.page.here:
            self.page = replace(self.page, here=here)
            self.query_one("#name", NameLine).show(self.page, self._news)

    async def save_draft(self) -> None:
        """The connection is lost: keep the note that is being written."""
        if self.is_mounted:
            await self.notes.keep_draft()

    async def _resume(self) -> None:
        """Open the note or the pen that was being written with when the connection or the program died.

        Another session of the same person that is open now is at its own.
        """
        if not self.app.sole:
            return
        for waiting in await self.app.ask(drafts.waiting):
            if waiting.contact_id != self.contact_id or waiting.left:
                continue
            if waiting.kind == "pen" and waiting.body.get("part") in EDITABLE:
                self.perform(self._edit_part, waiting.body["part"])
                return
            if waiting.kind == "pen" and waiting.body.get("part") == "correct":
                self.perform(self.correct, int(waiting.key.split(":")[2]))
                return
            if waiting.kind == "note":
                form = waiting.key.partition(drafts.ASIDE)[0]
                number = form.removeprefix(f"note:{self.contact_id}").lstrip(":")
                self.perform(self._resume_note, int(number) if number else None)
                return

    async def _resume_note(self, note_id: int | None) -> None:
        note = next((one for one in self.notes.list.notes if one.id == note_id), None)
        if note_id is not None and note is None:
            note = await self.app.ask(notes.one, note_id)
        await self.write_note(note)

    # -- the list one came from ------------------------------------------------------------------------

    async def action_previous(self) -> None:
        """The previous contact of the list."""
        await self._step(False)

    async def action_next(self) -> None:
        """The next contact of the list."""
        await self._step(True)

    async def _step(self, forward: bool) -> None:
        found = await self.app.ask(contact_list.neighbour, self.context, self.contact_id, forward)
        if found is None:
            self.app.say(
                _("This is the last contact of the list") if forward else _("This is the first contact of the list")
            )
        else:
            await self.go_to_contact(found)
