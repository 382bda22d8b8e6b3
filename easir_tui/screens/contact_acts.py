"""What is done on the contact page: the five activities, tasks, notes, files, copying and deleting.

A key acts on what has the focus: `E` on a block is its pen, on a note it changes the note, on a planned step it
edits the task. Everything here can be undone, so nothing asks first but the deletion of a contact with cases
(V16).
"""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.widget import Widget

from easir_tui import phones
from easir_tui.commands import Command
from easir_tui.crm import activity_page, contact_list, contacts, duplicates, notes, tasks
from easir_tui.crm.contact_page import ContactPage
from easir_tui.errors import NeedsConfirmation, Refused
from easir_tui.language import _
from easir_tui.screens import task_acts
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.contact_files import Files
from easir_tui.screens.contact_pens import EDITABLE, about_colleagues, use_pen
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.screens.page_acts import PageActs
from easir_tui.widgets.case_list import CaseList
from easir_tui.widgets.details import FIXED, Details
from easir_tui.widgets.host import Host
from easir_tui.widgets.option import Option
from easir_tui.widgets.side_bar import PARTS, SideBar
from easir_tui.widgets.timeline import Timeline

REACHED = frozenset({"about", "emails", "phones"})
"""Parts whose change may bring an address or a number that somebody else has too (faults 15)."""


class ContactActs(PageActs):
    """The acts of the contact page; `contact.ContactScreen` is the page itself."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    app = getters.app(Host)
    timeline = getters.query_one("#history", Timeline)

    contact_id: int
    page: ContactPage | None

    async def whom(self) -> int | None:
        """The contact of the page."""
        return self.contact_id

    # -- pens -----------------------------------------------------------------------------------------

    def on_side_bar_edit(self, event: SideBar.Edit) -> None:
        """The pen of a block."""
        event.stop()
        self.perform(self._edit_part, event.part, event.block)

    def on_details_edit(self, event: Details.Edit) -> None:
        """A group of the Details tab."""
        event.stop()
        self.perform(self._edit_group, event.group, event.field)

    async def _edit_group(self, group: str, field: str) -> None:
        if group in FIXED or group not in EDITABLE:
            raise Refused(_("The program writes this itself; it cannot be edited."))
        details = self._built.get("details")
        await self._edit_part(group, details.facts if isinstance(details, Details) else None, field)

    async def _edit_part(self, part: str, near: Widget | None = None, focus: str = "") -> None:
        if self.page is None or not await use_pen(self.app, self.page, part, near, focus):
            return
        others = await self.app.ask(duplicates.shared_by, self.contact_id) if part in REACHED else []
        if part in REACHED and (warning := await about_colleagues(self.app, self.contact_id)):
            self.app.say(warning, undo=True)
        elif others:
            said = _("Saved · {name} has it too ({reason})").format(name=others[0].name, reason=others[0].reason)
            self.app.say(said, undo=True)
        else:
            self.app.say(_("Saved"), undo=True)

    async def action_edit(self) -> None:
        """The pen of what has the focus; the About block's when nothing there can be edited."""
        at = self.timeline.current() if self.tab == "history" else None
        details = self._built.get("details")
        if self._has_focus(self.side):
            part = next((part for part in PARTS if self._has_focus(self.side.block(part))), PARTS[0])
            await self._edit_part(part, self.side.block(part))
        elif self._has_focus(self.notes):
            await self.write_note(self.notes.list.current)
        elif self.tab == "details" and isinstance(details, Details):
            details.edit()
        elif self.tab == "files" and (file := self._file()) is not None:
            await Files(self.app).rename(file)
        elif self.tab == "cases" and (case_id := self._case_at_hand()) is not None:
            await self._open_case(case_id)
        elif at is not None and at[0] == "activity":
            await self.correct(at[1])
        elif at is not None:
            await self._read(*at)
        else:
            await self._edit_part(PARTS[0], self.side.block(PARTS[0]) if self.side.display else None)

    async def action_account(self) -> None:
        """The page of the account the contact belongs to."""
        if self.page is not None:
            await self.app.open("account", account_id=self.page.account.id)

    # -- copying, searching, deleting -----------------------------------------------------------------

    async def action_copy(self) -> None:
        """Copy the fact under the cursor, or the phone number or e-mail address."""
        details = self._built.get("details")
        if self.page is None:
            return
        if self.tab == "details" and isinstance(details, Details) and self._has_focus(details) and details.current[2]:
            self.app.copy(details.current[2])
            return
        if self.tab == "files" and self._has_focus(self._built["files"]) and (file := self._file()) is not None:
            await Files(self.app).how_to_get(file)
            return
        if self.tab == "history" and (letter := await self.letter_at_hand()) is not None:
            await Files(self.app).how_to_get(letter)
            return
        if self._has_focus(self.notes) and (note := self.notes.list.current) is not None:
            self.app.copy(note.text)
            return
        person = self.page.person
        phone = person.phone
        items = []
        if phone is not None:
            shown = phones.pretty(phone.number) if phone.number else phone.raw
            items.append(MenuItem("p", shown, shown))
        if person.email:
            items.append(MenuItem("e", person.email, person.email))
        if place := self.page.address:
            written = ", ".join(
                part for part in (place.street, f"{place.postcode} {place.city}".strip(), place.country) if part
            )
            items.append(MenuItem("a", written, f"{person.name}, {written}"))
        if not items:
            raise Refused(_("There is neither a phone number nor an e-mail address to copy."))
        chosen = items[0].value if len(items) == 1 else await self.app.show(MenuScreen(_("Copy"), items))
        if chosen:
            self.app.copy(chosen)

    async def action_search(self) -> None:
        """Search in what has the focus."""
        cases = self._built.get("cases")
        if self._has_focus(self.notes):
            self.notes.search()
        elif self.tab == "cases" and isinstance(cases, CaseList):
            cases.search()
        elif self.tab == "history":
            self.timeline.search()
        else:
            self.show_notes()
            self.notes.search()

    async def action_delete(self) -> None:
        """Delete what is under the cursor: a note, a file, a step, an activity; on the facts, the contact."""
        at = self.timeline.current() if self.tab == "history" else None
        if self._has_focus(self.notes):
            if (note := self.notes.list.current) is None:
                raise Refused(_("There is no note under the cursor."))
            await self.app.tell(notes.remove, note.id, note.version)
            self.app.say(_("Note deleted"), undo=True)
        elif self._has_focus(self.side) or self.tab == "details":
            await self.action_delete_contact()
        elif self.tab == "files":
            if (file := self._file()) is None:
                raise Refused(_("There is no file under the cursor."))
            await Files(self.app).remove(file)
        elif self.tab == "history" and at is not None and at[0] == "task":
            await task_acts.delete(self.app, await self.app.ask(tasks.one, at[1]))
        elif self.tab == "history" and at is not None and at[0] == "activity":
            held = await self.app.ask(activity_page.activity, at[1])
            await self.app.tell(activity_page.remove, at[1], held.version)
            self.app.say(_("Activity deleted"), undo=True)
        else:
            raise Refused(
                _("What stands here is not deleted one by one."), _("D deletes the contact, u undoes the last change.")
            )

    async def action_merge(self) -> None:
        """Choose the contact that is the same person, and make one of the two; those that look like it come first."""
        from easir_tui.screens.merge import MergeScreen

        likely = await self.app.ask(duplicates.shared_by, self.contact_id, 10)

        async def search(typed: str) -> list[Option]:
            if not typed:
                return [Option(one.id, one.name, one.reason) for one in likely]
            found = await self.app.ask(contact_list.find, typed)
            rows_ = await self.app.ask(contact_list.rows_of, found.ids[:20])
            return [
                Option(one.id, one.name, " · ".join(filter(None, (one.company, one.city))))
                for one in rows_ if one.id != self.contact_id
            ]  # fmt: skip

        chosen = await self.app.show(
            "chooser", title=_("Who is the same person?"), search=search, empty=_("Type a name, a number, an address.")
        )
        if chosen is not None:
            await self.app.show(MergeScreen((self.contact_id, int(chosen.value))))

    async def action_delete_contact(self) -> None:
        """Delete the contact; one with cases is confirmed first, with their names (V15, V16).

        The page closes when it hears that its contact is gone.
        """
        if self.page is None:
            return
        person = self.page.person
        try:
            await self.app.tell(contacts.delete, person.id, person.version)
        except NeedsConfirmation as error:
            if not await self.app.show(
                ConfirmScreen(_("Delete {name}?").format(name=person.name), error.sentence, danger=True)
            ):
                return
            await self.app.tell(contacts.delete, person.id, person.version, True)
        self.app.say(_("{name} deleted").format(name=person.name), undo=True)
