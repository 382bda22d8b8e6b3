"""What is done on the account page: with the contact under the cursor, and with the account itself."""

from __future__ import annotations

from typing import ClassVar

from textual.widget import Widget

from easir_tui import phones
from easir_tui.commands import Command
from easir_tui.crm import account_contacts, account_merge, account_page, accounts, activity_page, notes, tasks
from easir_tui.crm.account_merge import MergePlan
from easir_tui.crm.account_page import AccountPage
from easir_tui.errors import Refused
from easir_tui.language import N_, _, ngettext, number
from easir_tui.screens.account_contacts import AccountContacts
from easir_tui.screens.account_pens import use_pen
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.contact_files import Files
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.screens.page_acts import PageActs
from easir_tui.widgets.option import Option
from easir_tui.widgets.side_bar import SideBar

OFFERED = 50
"""Contacts of the account that are offered before anything is typed."""


class AccountActs(PageActs):
    """The acts of the account page; `account.AccountScreen` is the page itself."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    account_id: int
    page: AccountPage | None

    @property
    def shown_contacts(self) -> AccountContacts | None:
        """The contacts, where their tab is open."""
        tab = self._built.get("contacts") if self.tab == "contacts" else None
        return tab if isinstance(tab, AccountContacts) else None

    # -- whom it is about -----------------------------------------------------------------------------

    def contact_at_hand(self) -> int | None:
        """The contact of what is under the cursor."""
        if self._has_focus(self.notes) and self.notes.list.current is not None:
            return self.notes.list.current.contact_id
        if self.shown_contacts is not None:
            return self.shown_contacts.list.current_id
        if self.shown_cases is not None:
            return self.shown_cases.current.contact_id if self.shown_cases.current is not None else None
        if self.shown_timeline is not None:
            return self.shown_timeline.current_contact()
        file = self._file()
        return file.contact_id if file is not None else None

    async def whom(self) -> int | None:
        """The contact under the cursor; where there is none, the only one of the account, or the one chosen."""
        at_hand = self.contact_at_hand()
        if at_hand is not None:
            return at_hand
        if self.page is None or not self.page.counts.contacts:
            raise Refused(_("There is no contact here yet."), _("Tab 1, then N, adds the first."))
        total = self.page.counts.contacts
        first = await self.app.ask(account_contacts.page, self.account_id, 0, min(total, OFFERED), total)
        if len(first) == 1:
            return first[0].id

        async def search(typed: str) -> list[Option]:
            found = first
            if typed:
                ids = await self.app.ask(account_contacts.find, self.account_id, typed)
                found = await self.app.ask(account_contacts.rows_of, ids[:OFFERED])
            return [Option(one.id, one.name, one.job_title) for one in found]

        chosen = await self.app.show("chooser", title=_("With whom?"), search=search)
        return int(chosen.value) if chosen is not None else None

    def on_account_contacts_opened(self, event: AccountContacts.Opened) -> None:
        """Enter on a contact."""
        event.stop()
        self.perform(self._open_contact, event.contact_id)

    async def _open_contact(self, contact_id: int) -> None:
        await self.app.open("contact", contact_id=contact_id)

    async def action_new(self) -> None:
        """Among the cases a new case, elsewhere a new contact of this account."""
        if self.tab == "cases":
            await self.action_new_case()
        elif self.page is not None and self.page.account.is_private:
            await self.app.show("new_contact")
        elif self.page is not None:
            account = self.page.account
            made = await self.app.show("new_contact", opens=False, account_id=account.id, account=account.name)
            if made is not None and self.shown_contacts is not None:
                await self.shown_contacts.reload(keep_id=made)

    # -- notes ----------------------------------------------------------------------------------------

    async def action_new_note(self) -> None:
        """Write a note on the contact under the cursor."""
        if self.notes.is_writing:
            self.notes.field.focus()
            return
        contact_id = await self.whom()
        if contact_id is None:
            return
        self.notes.on_contact = contact_id
        found = await self.app.ask(account_contacts.rows_of, [contact_id])
        self.show_notes()
        await self.notes.write(None, found[0].name if found else "")

    # -- pens -----------------------------------------------------------------------------------------

    def on_side_bar_edit(self, event: SideBar.Edit) -> None:
        """The pen of a block."""
        event.stop()
        self.perform(self.edit_part, event.part, event.block)

    async def edit_part(self, part: str, near: Widget | None = None) -> None:
        """Edit a block; another company with the same CVR number is named."""
        if self.page is None or not await use_pen(self.app, self.page, part, near):
            return
        other = await self.app.ask(account_page.same_number, self.account_id, self.page.account.cvr)
        if other and part == "about":
            self.app.say(_("Saved · {name} has this CVR number too").format(name=other), undo=True)
        else:
            self.app.say(_("Saved"), undo=True)

    async def action_edit(self) -> None:
        """The pen of what has the focus: a block, a note, a file, a row of history; else all facts of the account."""
        at = self.shown_timeline.current() if self.shown_timeline is not None else None
        if self._has_focus(self.side):
            parts = self.side.PARTS
            part = next((part for part in parts if self._has_focus(self.side.block(part))), parts[0])
            await self.edit_part(part, self.side.block(part))
        elif self._has_focus(self.notes):
            if self.notes.list.current is not None:
                self.notes.on_contact = self.notes.list.current.contact_id
                await self.write_note(self.notes.list.current)
        elif (file := self._file()) is not None:
            await Files(self.app).rename(file)
        elif self.shown_cases is not None and self.shown_cases.current_id is not None:
            await self._open_case(self.shown_cases.current_id)
        elif at is not None and at[0] == "activity":
            await self.correct(at[1])
        elif at is not None:
            await self._read(*at)
        else:
            await self.action_edit_all()

    async def action_edit_all(self) -> None:
        """All facts of the account in one form."""
        if self.page is not None and self.page.account.is_private:
            raise Refused(_("The private account cannot be changed."))
        await self.app.show("account_edit", account_id=self.account_id)

    # -- copying, searching, deleting -----------------------------------------------------------------

    async def action_search(self) -> None:
        """Search in what has the focus."""
        if self._has_focus(self.notes):
            self.notes.search()
        elif self.shown_contacts is not None:
            self.shown_contacts.search()
        elif self.shown_cases is not None:
            self.shown_cases.search()
        elif self.shown_timeline is not None:
            self.shown_timeline.search()
        else:
            self.show_notes()
            self.notes.search()

    async def action_copy(self) -> None:
        """Copy the number or address of the contact under the cursor or of the account, or a note."""
        if self.page is None:
            return
        if self._has_focus(self.notes) and (note := self.notes.list.current) is not None:
            self.app.copy(note.text)
            return
        if (file := self._file()) is not None:
            await Files(self.app).how_to_get(file)
            return
        facts: list[tuple[str, str]] = []
        contact_id = self.contact_at_hand() if self._in_pane() else None
        if contact_id is not None:
            for one in await self.app.ask(account_contacts.rows_of, [contact_id]):
                facts += [(phones.pretty(one.phone), one.name), (one.email, one.name)]
        account = self.page.account
        place = account.address
        written = ", ".join(filter(None, (place.street, f"{place.postcode} {place.city}".strip(), place.country)))
        facts += [
            (phones.pretty(account.phone), account.name), (account.email, account.name), (account.cvr, account.name),
            (f"{account.name}, {written}" if written else "", ""),
        ]  # fmt: skip
        items = [
            MenuItem(str(number), held, held, of)
            for number, (held, of) in enumerate((fact for fact in facts if fact[0]), start=1)
        ]
        if not items:
            raise Refused(_("There is neither a phone number nor an e-mail address to copy."))
        chosen = items[0].value if len(items) == 1 else await self.app.show(MenuScreen(_("Copy"), items))
        if chosen:
            self.app.copy(chosen)

    async def action_delete(self) -> None:
        """Delete what is under the cursor: a note, a file, a step, an activity; on the facts, the account."""
        at = self.shown_timeline.current() if self.shown_timeline is not None else None
        if self._has_focus(self.notes):
            if (note := self.notes.list.current) is None:
                raise Refused(_("There is no note under the cursor."))
            await self.app.tell(notes.remove, note.id, note.version)
            self.app.say(_("Note deleted"), undo=True)
        elif self._has_focus(self.side):
            await self.action_delete_account()
        elif (file := self._file()) is not None:
            await Files(self.app).remove(file)
        elif at is not None and at[0] == "task":
            await self.app.tell(tasks.delete, at[1])
            self.app.say(_("Task deleted"), undo=True)
        elif at is not None and at[0] == "activity":
            held = await self.app.ask(activity_page.activity, at[1])
            await self.app.tell(activity_page.remove, at[1], held.version)
            self.app.say(_("Activity deleted"), undo=True)
        else:
            raise Refused(
                _("What stands here is deleted on its own page."),
                _("Enter opens it; D deletes the account, u undoes the last change."),
            )

    async def action_delete_account(self) -> None:
        """Delete the account; the page closes when it hears that it is gone (V15)."""
        if self.page is None:
            return
        account = self.page.account
        await self.app.tell(accounts.delete, account.id, account.version)
        self.app.say(_("{name} deleted").format(name=account.name), undo=True)

    async def action_merge(self) -> None:
        """Choose the account that is the same company, see what would happen, and make one of the two."""
        if self.page is None:
            return

        async def search(typed: str) -> list[Option]:
            found = await self.app.ask(accounts.search, typed)
            return [
                Option(one.id, one.name, " · ".join(filter(None, (one.city, one.cvr))))
                for one in found
                if one.id != self.account_id
            ]

        title = _("Which account is the same as {account}?").format(account=self.page.account.name)
        chosen = await self.app.show("chooser", title=title, search=search)
        if chosen is None:
            return
        plan = await self.app.ask(account_merge.plan, self.account_id, int(chosen.value))
        question = _("Merge {other} into {account}?").format(other=plan.goes.name, account=plan.stays.name)
        if not await self.app.show(ConfirmScreen(question, _merge_words(plan))):
            return
        moved = await self.app.tell(account_merge.merge, self.account_id, int(chosen.value))
        self.app.say(
            ngettext("{count} contact moved here", "{count} contacts moved here", moved).format(count=number(moved)),
            undo=True,
        )


def _merge_words(plan: MergePlan) -> str:
    """What a merge would do, in sentences."""
    parts = [
        ngettext(
            "{count} contact that you may see moves here, with role, cases and history.",
            "{count} contacts that you may see move here, with role, cases and history.", plan.contacts,
        ).format(count=number(plan.contacts))
    ]  # fmt: skip
    filled = [_(title) for name, title in _FILLED.items() if name in plan.filled]
    if filled:
        parts.append(_("Filled in from it: {fields}.").format(fields=", ".join(filled)))
    parts.append(_("{other} goes to the trash; u brings all of it back.").format(other=plan.goes.name))
    return " ".join(parts)


_FILLED = {
    "cvr": N_("CVR number"), "phone": N_("Phone"), "email": N_("E-mail"), "website": N_("Website"),
    "street": N_("Address"), "responsible_id": N_("Responsible user"), "external_ids": N_("Other systems"),
}  # fmt: skip
