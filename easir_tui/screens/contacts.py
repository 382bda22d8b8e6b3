"""The list of contacts: any number of them, filtered as you type, sorted, marked, and opened.

Only what is on screen is read. A filter narrows the list while it is typed; an answer that a newer letter has
overtaken is dropped. What is marked is a set of ids, whatever the filter shows, and the screen counts those it
does not show (faults 61, 63).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input, Static

from easir_tui import phones
from easir_tui.commands import Command, lists, same
from easir_tui.crm import contact_list
from easir_tui.crm.contact_list import Found, ListContext
from easir_tui.errors import Refused
from easir_tui.language import _, ngettext, number
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.contact_rows import ContactSource
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import FilterLine
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Column, RecordList

DEBOUNCE = 0.06
"""Seconds without a further letter before a filter is asked for."""


class ContactsScreen(EasirScreen[None]):
    """All contacts, or those the filter finds."""

    PLACE = "contacts"
    CSS_PATH = "contacts.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        lists.FILTER,
        lists.NEW,
        *(replace(command, footer=True) for command in (lists.SORT, lists.MARK, lists.DELETE)),
        *lists.MOVES,
        lists.MARK_ALL,
        lists.COPY,
        lists.EXPORT,
        same.MERGE,
    )

    app = getters.app(Host)
    records = getters.query_one("#contacts", RecordList)
    filter_line = getters.query_one("#filter", FilterLine)

    def __init__(self) -> None:
        super().__init__()
        self.order = "name"
        self.reverse = False
        self.found: Found | None = None
        self.everybody: int | None = None
        self._typed = ""
        self._question = 0
        self._waiting: Timer | None = None
        self._settled = asyncio.Event()
        self._settled.set()

    def compose_body(self) -> ComposeResult:
        """The line with filter and counts, and the list."""
        with Horizontal(id="list-head"):
            yield Static(id="list-title")
            yield FilterLine("", placeholder=_("name, company, e-mail, number, city"), id="filter")
            yield Static(id="list-gap")
            yield Static(id="list-count")
        yield RecordList(
            columns=(
                Column(_("Name"), min=20, share=3),
                Column(_("Company"), min=14, share=2, role="dim", drop=2),
                Column(_("Phone"), width=16, drop=3),
                Column(_("Next step"), width=18, drop=1),
                Column(_("Last contact"), width=15, role="dim", drop=5),
                Column(_("City"), min=12, drop=4),
                Column(_("Status"), width=13, drop=6),
            ),
            source=ContactSource(self.app, self.order, self.reverse),
            empty=self.nothing_to_show(),
            marks=True,
            id="contacts",
        )

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.records.focus()
        self.show_head()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Contacts")

    # -- the line above the list ----------------------------------------------------------------------

    def show_head(self) -> None:
        """The order, what the filter shows of how many, and what is marked."""
        self.query_one("#list-title", Static).update(
            line(_("Filter") + " ")
            if self.filtered
            else line((_("Contacts"), "strong"), " ", _("by {order}").format(order=self.order_title()))
        )
        self.query_one("#list-count", Static).update(line(*self.counts()))

    @property
    def filtered(self) -> bool:
        """Whether the filter line is open."""
        return self.has_class("-filtered")

    def order_title(self) -> str:
        """The order in words."""
        title = _(contact_list.ORDERS[self.order]).lower()
        return _("{order}, turned round").format(order=title) if self.reverse else title

    def counts(self) -> list[tuple[str, str]]:
        """ "50 of 12,430 · by name · 3 marked, 1 not shown"."""
        parts: list[tuple[str, str]] = []
        marked = self.records.marked_ids
        if marked:
            words = ngettext("{count} marked", "{count} marked", len(marked)).format(count=number(len(marked)))
            hidden = len(marked - set(self.found.ids)) if self.found is not None else 0
            if hidden:
                words += ", " + _("{count} not shown").format(count=number(hidden))
            parts += [(words, "accent"), (" · ", "dim")]
        if self.everybody is None:
            return parts
        if self.found is not None:
            shown = number(len(self.found.ids)) + ("+" if self.found.capped else "")
            parts.append((_("{shown} of {total}").format(shown=shown, total=number(self.everybody)), "strong"))
        else:
            parts.append((number(self.everybody), "strong"))
        if self.filtered and (self.order != "name" or self.reverse):
            parts += [(" · ", "dim"), (_("by {order}").format(order=self.order_title()), "dim")]
        return parts

    def nothing_to_show(self) -> str:
        """What an empty list says: how to begin, or what to do about a filter that finds nobody."""
        if self._typed:
            return _(
                "Nobody is found by “{text}”.\n\n"
                "Enter, then N  adds “{text}” as a new contact\nEsc  shows everybody again"
            ).format(text=self._typed)
        return _(
            "There are no contacts yet.\n\nN  adds the first one\n\n"
            "A whole address file comes in from the command line:\neasir import FILE.vcf   or   easir import FILE.csv"
        )

    @on(RecordList.Loaded, "#contacts")
    def loaded(self, event: RecordList.Loaded) -> None:
        """A new count is known."""
        if self.found is None:
            self.everybody = event.total
        self.show_head()

    @on(RecordList.Marked, "#contacts")
    def marked(self) -> None:
        """Other rows are marked."""
        self.show_head()
        self.refresh_commands()

    # -- the filter -----------------------------------------------------------------------------------

    async def action_filter(self) -> None:
        """Open the filter line, or go back into it."""
        self.add_class("-filtered")
        self.show_head()
        self.filter_line.focus()

    @on(Input.Changed, "#filter")
    def typed(self) -> None:
        """Ask a moment after the last letter."""
        self._settled.clear()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(DEBOUNCE, partial(self.perform, self.narrow))

    async def narrow(self, keep_id: int | None = None) -> None:
        """Show what the filter finds now; an answer that a newer question overtook is dropped."""
        typed = self.filter_line.value.strip()
        self._question += 1
        question = self._question
        try:
            found = await self.app.ask(contact_list.find, typed, self.order, self.reverse) if typed else None
            if question != self._question:
                return
            self.found, self._typed = found, typed
            self.records.empty = self.nothing_to_show()
            await self.records.set_source(ContactSource(self.app, self.order, self.reverse, found), keep_id)
        finally:
            if question == self._question:
                self._settled.set()
        self.show_head()

    @on(FilterLine.Left, "#filter")
    def left_filter(self) -> None:
        """Enter or ↓ in the filter: into the list, with what was typed so far."""
        self.records.focus()
        self.perform(self.settle)

    @on(FilterLine.Emptied, "#filter")
    def emptied_filter(self) -> None:
        """Esc in the filter: everybody again."""
        self.close_filter()

    async def settle(self) -> None:
        """What was typed counts now, without waiting for more."""
        if self._waiting is not None:
            self._waiting.stop()
        await self.narrow()
        if self.found is None:
            self.close_filter()

    def close_filter(self) -> None:
        """No filter; the cursor stays on its contact."""
        keep = self.records.current_id
        self.leave_filter()
        if self.found is not None:
            self.perform(self.narrow, keep)

    def leave_filter(self) -> None:
        """Empty and fold the filter line; what the list shows is for `narrow` to change."""
        self.remove_class("-filtered")
        if self._waiting is not None:
            self._waiting.stop()
        self._settled.set()
        with self.prevent(Input.Changed):
            self.filter_line.value = ""
        self.records.focus()
        self.show_head()

    async def action_back(self) -> None:
        """Out of the filter, then out of the marks, then out of the screen."""
        if self.filtered:
            self.close_filter()
        elif self.records.marked_ids:
            self.records.clear_marks()
        else:
            await super().action_back()

    # -- order ----------------------------------------------------------------------------------------

    async def action_sort(self) -> None:
        """Choose the order of the list; the one it has turns round."""
        items = [
            MenuItem("n", _("Name"), "name", "a … å"),
            MenuItem("x", _("Next step"), "next_step", _("soonest first, those without one last")),
            MenuItem("c", _("Last contact"), "last_contact", _("latest first, never contacted last")),
            MenuItem("w", _("Newest"), "newest", _("as they were added")),
            MenuItem("r", _("Turn round"), "reverse", _("the same order from its other end")),
        ]
        chosen = await self.app.show(MenuScreen(_("Sort contacts"), items))
        if chosen is None:
            return
        if chosen in ("reverse", self.order):
            self.reverse = not self.reverse
        else:
            self.order, self.reverse = chosen, False
        await self.narrow()

    # -- what is done to contacts ---------------------------------------------------------------------

    @on(RecordList.Opened, "#contacts")
    def opened(self, event: RecordList.Opened) -> None:
        """Enter or a double click on a row."""
        self.perform(self.open_row, event.id)

    async def open_row(self, contact_id: int) -> None:
        """Open a row; while a filter is on its way, the row that the cursor is on when it has come."""
        if not self._settled.is_set():
            await self._settled.wait()
            if self.records.current_id is None:
                return
            contact_id = self.records.current_id
        await self.open_contact(contact_id)

    async def open_contact(self, contact_id: int) -> None:
        """The page of a contact, with this list around it."""
        ids = self.found.ids if self.found is not None else None
        await self.app.open("contact", contact_id=contact_id, context=ListContext(self.order, self.reverse, ids))

    async def action_new(self) -> None:
        """A new contact; what the filter did not find is filled in."""
        typed = self._typed if self.found is not None and not self.found.ids else ""
        made = await self.app.show("new_contact", name=typed)
        if made is not None:
            self.leave_filter()
            await self.narrow(made)

    async def action_copy(self) -> None:
        """Send the phone number or the e-mail address to the terminal's clipboard."""
        contact_id = self.records.current_id
        found = await self.app.ask(contact_list.rows_of, [contact_id]) if contact_id is not None else []
        if not found:
            return
        number_, address = phones.pretty(found[0].phone), found[0].email
        if number_ and address:
            chosen = await self.app.show(MenuScreen(_("Copy"), [
                MenuItem("p", _("Phone number"), number_, number_),
                MenuItem("e", _("E-mail address"), address, address),
            ]))  # fmt: skip
        else:
            chosen = number_ or address
            if not chosen:
                self.app.say(_("{name} has neither a phone number nor an e-mail address.").format(name=found[0].name))
        if chosen:
            self.app.copy(chosen)

    async def action_export(self) -> None:
        """Write out the marked contacts, else what the list shows."""
        from easir_tui.screens.exporting import export

        await self._settled.wait()
        marked = self.records.marked_ids
        if marked:
            ids: Sequence[int] = sorted(marked)
        elif self.found is not None:
            ids = self.found.ids
        else:
            ids = await self.app.ask(contact_list.all_ids, self.order, self.reverse)
        await export(self.app, "contacts", ids, "" if marked else self._typed)

    async def action_merge(self) -> None:
        """Make one of the marked contacts; the one that was marked and is first in the list stays at first."""
        from easir_tui.screens.merge import MergeScreen

        marked = sorted(self.records.marked_ids)
        if len(marked) < 2:
            raise Refused(_("Mark the contacts that are one person, with the space bar."), _("g d finds likely pairs."))
        if await self.app.show(MergeScreen(marked)) is not None:
            self.records.clear_marks()

    async def action_delete(self) -> None:
        """Delete the marked contacts, or the one under the cursor."""
        from easir_tui.screens.delete_contacts import delete_many, delete_one

        await self._settled.wait()
        marked = self.records.marked_ids
        if marked:
            shown = set(self.found.ids) if self.found is not None else None
            if await delete_many(self.app, tuple(sorted(marked)), shown):
                self.records.clear_marks()
        elif self.records.current_id is not None:
            await delete_one(self.app, self.records.current_id)

    # -- others work too ------------------------------------------------------------------------------

    async def changed(self, changes: Changes) -> None:
        """Something was saved: the same rows anew, cursor, scroll and marks kept."""
        if not self.concerns(changes):
            return
        if self.found is not None:
            typed, question = self._typed, self._question
            found = await self.app.ask(contact_list.find, typed, self.order, self.reverse)
            everybody = await self.app.ask(contact_list.count)
            if question != self._question:
                return
            self.found, self.everybody = found, everybody
            source = ContactSource(self.app, self.order, self.reverse, found)
            await self.records.set_source(source, self.records.current_id)
        else:
            await self.records.reload()
        self.show_head()

    def concerns(self, changes: Changes) -> bool:
        """Whether a change can be seen here; what happens around a contact that is not loaded moves no name."""
        if changes.tables & {"contact", "account"}:
            return True
        if self.order in ("next_step", "last_contact"):
            return bool(changes.contacts)
        return not changes.contacts.isdisjoint(row.id for row in self.records.rows())
