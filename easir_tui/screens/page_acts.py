"""What is done on the page of a person or a company: the five activities, tasks, cases, notes and files.

A key acts on what has the focus, and on whoever that is about: on a contact's page always the contact, on an
account's page the contact under the cursor.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from easir_tui.commands import Command
from easir_tui.crm import activity_page, notes, tasks
from easir_tui.crm.attachments import AttachmentFacts
from easir_tui.crm.notes import NoteRow
from easir_tui.errors import Conflict, Refused
from easir_tui.language import _
from easir_tui.screens import task_acts
from easir_tui.screens.contact_files import Files
from easir_tui.screens.edit_panel import ConflictScreen
from easir_tui.screens.five_actions import FiveActions
from easir_tui.screens.panes import Panes
from easir_tui.screens.period import ask_days
from easir_tui.screens.reading import ReadEvent, correct_panel
from easir_tui.screens.reading_mail import read_activity
from easir_tui.widgets.attachments import Attachments
from easir_tui.widgets.case_list import CaseList
from easir_tui.widgets.notes_pane import NotesPane
from easir_tui.widgets.timeline import Timeline


class PageActs(Panes, FiveActions):
    """The acts that both pages have. A page says whom they are about (`whom`)."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    @abstractmethod
    async def whom(self) -> int | None:
        """The contact an act is about; None when the person did not want to say.

        Raises:
            Refused: there is none.
        """

    @property
    def shown_timeline(self) -> Timeline | None:
        """The timeline, where its tab is open."""
        tab = self._built.get("history") if self.tab == "history" else None
        return tab if isinstance(tab, Timeline) else None

    @property
    def shown_cases(self) -> CaseList | None:
        """The cases, where their tab is open."""
        tab = self._built.get("cases") if self.tab == "cases" else None
        return tab if isinstance(tab, CaseList) else None

    @property
    def shown_files(self) -> Attachments | None:
        """The files, where their tab is open."""
        tab = self._built.get("files") if self.tab == "files" else None
        return tab if isinstance(tab, Attachments) else None

    async def _record(self, kind: str) -> int | None:
        """As everywhere; the cursor is put on a letter, for the keys that fetch and print its PDF."""
        made = await super()._record(kind)
        if made is not None and kind == "letter" and self.shown_timeline is not None:
            await self.shown_timeline.put_on(made)
        return made

    # -- activities, tasks, cases ---------------------------------------------------------------------

    async def about(self) -> tuple[int, int | None] | None:
        """Whom the page says, and the case that is shown or chosen there."""
        contact_id = await self.whom()
        return (contact_id, self._case_at_hand()) if contact_id is not None else None

    def _case_at_hand(self) -> int | None:
        if self.shown_cases is not None:
            return self.shown_cases.current_id
        timeline = self._built.get("history")
        chosen = timeline.filter.case if isinstance(timeline, Timeline) else None
        return chosen if isinstance(chosen, int) else None

    async def action_complete(self) -> None:
        """Complete the task under the cursor: a reminder is ticked off, any other opens its activity."""
        task = self.shown_timeline.current_task() if self.shown_timeline is not None else None
        if task is None:
            raise Refused(_("Put the cursor on a planned step to complete it."))
        await task_acts.complete(self.app, await self.app.ask(tasks.one, task.id))

    async def action_snooze(self) -> None:
        """Move the task under the cursor to later."""
        task = self.shown_timeline.current_task() if self.shown_timeline is not None else None
        if task is None:
            raise Refused(_("Put the cursor on a planned step to move it."))
        await task_acts.snooze(self.app, await self.app.ask(tasks.one, task.id))

    async def action_new_case(self) -> None:
        """Open a new case for whom this is about."""
        contact_id = await self.whom()
        if contact_id is not None:
            await self.app.show("new_case", contact_id=contact_id)

    def on_case_list_opened(self, event: CaseList.Opened) -> None:
        """Enter on a case."""
        event.stop()
        self.perform(self._open_case, event.case_id)

    async def _open_case(self, case_id: int) -> None:
        await self.app.open("case", case_id=case_id)

    # -- the timeline ---------------------------------------------------------------------------------

    def on_timeline_ask_days(self, event: Timeline.AskDays) -> None:
        """The period between two days."""
        event.stop()
        if self.shown_timeline is not None:
            self.perform(ask_days, self.app, self.shown_timeline)

    # -- reading --------------------------------------------------------------------------------------

    def on_timeline_opened(self, event: Timeline.Opened) -> None:
        """Enter on a row of the timeline."""
        event.stop()
        self.perform(self._read, event.what, event.record_id)

    async def _read(self, what: str, record_id: int) -> None:
        if what == "task":
            task = await self.app.ask(tasks.one, record_id)
            await self.app.show("task", contact_id=task.contact_id, task_id=record_id)
        elif what == "activity":
            await read_activity(self.app, record_id)
        else:
            await self.app.show(ReadEvent(await self.app.ask(activity_page.event, record_id)))

    async def correct(self, activity_id: int) -> None:
        """Correct an activity without reading it first."""
        held = await self.app.ask(activity_page.activity, activity_id)
        if await self.app.show(correct_panel(self.app, held)):
            self.app.say(_("Saved"), undo=True)

    # -- notes ----------------------------------------------------------------------------------------

    async def action_new_note(self) -> None:
        """Write a note that belongs to no case."""
        await self.write_note(None)

    async def write_note(self, note: NoteRow | None) -> None:
        """Open the field of the notes pane for a new note, or to change one."""
        self.show_notes()
        await self.notes.write(note)

    async def action_save(self) -> None:
        """Save the note that is being written."""
        self.notes.save()

    def on_notes_pane_written(self, event: NotesPane.Written) -> None:
        """A note is to be saved."""
        event.stop()
        self.perform(self._save_note, event.note, event.note_id, event.version)

    async def _save_note(self, written: str, note_id: int | None, version: int | None) -> None:
        key = self.notes.draft_key
        try:
            if note_id is None:
                await self.app.tell(notes.write, self.notes.on_contact, written, key)
                self.notes.list.action_row_first()
            else:
                await self.app.tell(notes.edit, note_id, version, written, key)
        except Conflict as conflict:
            theirs = await self.app.show(
                ConflictScreen(conflict, {"note": _("Note")}, lambda _name, held: str(held), self.app.zone)
            )
            if theirs is None:
                return
            if "note" not in theirs:
                await self.app.tell(notes.edit, note_id or 0, conflict.version, written, key)
        except Refused:
            await self.notes.keep_draft()
            raise
        self.notes.close()
        self.app.say(_("Note saved"), undo=True)

    # -- files ----------------------------------------------------------------------------------------

    def _file(self) -> AttachmentFacts | None:
        return self.shown_files.current if self.shown_files is not None else None

    async def letter_at_hand(self) -> AttachmentFacts | None:
        """The file of the letter under the cursor of the timeline, where that has the focus."""
        timeline = self.shown_timeline
        at = timeline.current() if timeline is not None and self._has_focus(timeline) else None
        if at is None or at[0] != "activity":
            return None
        return await Files(self.app).of_letter(await self.app.ask(activity_page.activity, at[1]))

    async def action_print(self) -> None:
        """Print the file or the letter under the cursor."""
        file = self._file() or await self.letter_at_hand()
        if file is None:
            raise Refused(_("Put the cursor on a letter or on a file to print it."))
        await Files(self.app).print(file)

    async def action_attach(self) -> None:
        """Attach a file of this machine, without a case."""
        contact_id = await self.whom()
        attached = await Files(self.app).attach(contact_id) if contact_id is not None else None
        if attached is not None:
            self._close_panels()
            await self.open_tab("files")
            if self.shown_files is not None:
                await self.shown_files.reload(keep_id=attached)

    async def action_view_file(self) -> None:
        """Look into the file under the cursor, or into one of the activity under it."""
        if self.shown_files is not None and self.shown_files.current is not None:
            await Files(self.app).view(self.shown_files.current)
            return
        timeline = self.shown_timeline
        at = timeline.current() if timeline is not None and self._has_focus(timeline) else None
        held = await self.app.ask(activity_page.activity, at[1]) if at is not None and at[0] == "activity" else None
        if held is None or not held.files:
            raise Refused(_("Put the cursor on a file, or on an activity that has one."))
        await Files(self.app).view_of(held)

    def on_attachments_opened(self, event: Attachments.Opened) -> None:
        """Enter on a file asks what to do with it."""
        event.stop()
        self.perform(Files(self.app).menu, event.attachment)
