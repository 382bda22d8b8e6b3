"""The right pane of the contact page: what colleagues wrote about this person.

Notes of every case stand here too, newest first; they are narrowed to case notes or other notes and searched as
one types. A note is written at the foot of the pane, and what is typed is kept as a draft within a second.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from easir_tui.crm import drafts, notes
from easir_tui.crm.notes import NoteKey, NotePage, NoteRow
from easir_tui.crm.users import Me
from easir_tui.data.database import Superseded
from easir_tui.language import N_, _
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Choice, FilterLine, LongText, OneRow
from easir_tui.widgets.host import Host
from easir_tui.widgets.note_list import NoteList

WHICH = (("all", N_("all notes")), ("case", N_("case notes")), ("other", N_("other notes")))
"""The filters of the pane."""

DRAFT_SECONDS = 0.7
"""How long after a key what was typed is kept, at the latest."""


class Reader(Protocol):
    """Where notes are read from: the module of the rules that knows whose they are."""

    def page(self, me: Me, owner_id: int, which: str, query: str, after: NoteKey | None, size: int, /) -> NotePage:
        """A page of notes, newest first."""
        ...


class NotesPane(Vertical):
    """Reads the notes of its contact itself; what is written posts `NotesPane.Written`.

    Args:
        read: where from; by default they are the notes of one contact. Those of an account say whom they are on,
            and `on_contact` says whom the next one is written on.
    """

    app = getters.app(Host)

    DEFAULT_CSS = """
    NotesPane {
        width: 34;
        height: 1fr;
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0 1;
    }
    NotesPane:focus-within { border: round $border; border-title-color: $accent; border-subtitle-color: $accent; }
    NotesPane > Horizontal { height: 1; margin-bottom: 1; }
    NotesPane #note-search { width: 1fr; }
    NotesPane #which { width: 16; margin-left: 1; }
    NotesPane #writing { display: none; height: auto; }
    NotesPane #writing-head { height: 1; color: $accent; }
    NotesPane.-writing #writing { display: block; }
    NotesPane #note-text { height: 7; }
    """

    class Written(Message):
        """A note is to be saved: a new one, or the one with this id at this version."""

        def __init__(self, note: str, note_id: int | None, version: int | None) -> None:
            super().__init__()
            self.note = note
            self.note_id = note_id
            self.version = version

    def __init__(self, id: str | None = None, read: Reader = notes) -> None:
        super().__init__(id=id)
        self._reader = read
        self._contact_id = 0
        self.on_contact = 0
        """Whom a new note is written on."""
        self._next: NoteKey | None = None
        self._editing: NoteRow | None = None
        self._timer: Timer | None = None
        self._version: int | None = None

    def compose(self) -> ComposeResult:
        """Search and filter, notes, and where one writes."""
        with Horizontal():
            yield FilterLine("", placeholder=_("/ search"), id="note-search")
            yield Choice([(value, _(title)) for value, title in WHICH], "all", title=_("Notes"), id="which")
        yield NoteList(id="notes-list")
        with Vertical(id="writing"):
            yield Static(id="writing-head")
            yield LongText(rows=7, placeholder=_("Write a note on this contact"), id="note-text")

    def on_mount(self) -> None:
        """Name the pane."""
        self.border_title = line(_("Notes"))
        self.border_subtitle = line(_("+ new"))

    # -- what is asked of it --------------------------------------------------------------------------

    @property
    def list(self) -> NoteList:
        """The notes."""
        return self.query_one(NoteList)

    @property
    def field(self) -> LongText:
        """Where one writes."""
        return self.query_one("#note-text", LongText)

    @property
    def is_writing(self) -> bool:
        """Whether a note is being written."""
        return self.has_class("-writing")

    @property
    def draft_key(self) -> str:
        """Under which this session keeps what is being typed."""
        key = f"note:{self.on_contact}"
        return self.app.own_key(f"{key}:{self._editing.id}" if self._editing else key)

    def show(self, contact_id: int, page: NotePage) -> None:
        """Show another contact's notes, all of them, from the newest."""
        self._contact_id = self.on_contact = contact_id
        with self.prevent(OneRow.Changed, Input.Changed):
            self.query_one(Choice).value = "all"
            self.query_one(FilterLine).value = ""
        self._fill(page, top=True)

    async def reload(self, top: bool = False) -> None:
        """Read the notes anew; search, filter, cursor and what is being typed stay."""
        contact_id = self._contact_id
        which, typed = str(self.query_one(Choice).value), self.query_one(FilterLine).value
        size = notes.PAGE_SIZE if top else max(notes.PAGE_SIZE, len(self.list.notes))
        try:
            page = await self.app.store.ask_latest(
                "contact notes", self._reader.page, self.app.me, contact_id, which, typed, None, size
            )
        except Superseded:
            return
        if contact_id == self._contact_id and self.is_attached:
            self._fill(page, top)

    async def write(self, note: NoteRow | None = None, whom: str = "") -> None:
        """Open the field: for a new note, or to change one. What was kept as a draft stands in it.

        `whom` names whom a new note is on, where that does not go without saying.
        """
        if self.is_writing:
            self.field.focus()
            return
        self._editing = note
        draft = await self.app.ask(drafts.find, self.draft_key)
        if draft is not None and draft.key != self.draft_key:
            await self.app.store.tell(partial(drafts.take_up, self.app.me, draft, self.draft_key))
        kept = draft.body if draft is not None else None
        begun = note.text if note else ""
        written = str(kept.get("text", "")) if kept else begun
        self._version = note.version if note else None
        if kept and isinstance(kept.get("version"), int):
            self._version = kept["version"]
        with self.prevent(TextArea.Changed):
            self.field.load_text(written)
        title = _("Change the note") if note else _("New note on {name}").format(name=whom) if whom else _("New note")
        if kept and written != begun:
            title = _("{title} · your draft").format(title=title)
        self.query_one("#writing-head", Static).update(line(title))
        self.border_subtitle = line(_("^s saves · Esc leaves"))
        self.add_class("-writing")
        self.field.focus()
        self.field.move_cursor(self.field.document.end)

    def save(self) -> None:
        """Ask for what is written to be saved; the draft goes with it and must not come back after it."""
        self._stop_timer()
        note = self._editing
        self.post_message(self.Written(self.field.text, note.id if note else None, self._version))

    async def leave(self) -> None:
        """Close the field; what was typed stays as a draft and stands there again next time."""
        await self.keep_draft(left=True)
        self.close()

    def close(self) -> None:
        """Close the field."""
        self._stop_timer()
        self._editing = None
        self.remove_class("-writing")
        self.border_subtitle = line(_("+ new"))
        self.list.focus()

    async def keep_draft(self, left: bool = False) -> None:
        """Keep what is typed, or forget the draft when nothing is."""
        if not self.is_writing:
            return
        self._stop_timer()
        written = self.field.text
        begun = self._editing.text if self._editing else ""
        if written.strip() and written != begun:
            body: dict[str, Any] = {"text": written}
            if self._version is not None:
                body["version"] = self._version
            await self.app.tell(drafts.keep, self.draft_key, "note", body, self.on_contact, left)
        else:
            await self.app.tell(drafts.drop, self.draft_key)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def search(self) -> None:
        """Type what is looked for."""
        self.query_one(FilterLine).focus()

    # -- events ---------------------------------------------------------------------------------------

    async def on_one_row_changed(self, event: OneRow.Changed) -> None:
        """Another filter."""
        event.stop()
        await self.reload(top=True)

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Another word."""
        event.stop()
        await self.reload(top=True)

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """↓ and Enter go down to the notes."""
        event.stop()
        self.list.focus()

    def on_filter_line_emptied(self, event: FilterLine.Emptied) -> None:
        """Esc shows all again."""
        event.stop()
        self.list.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is typed within a second, also of somebody who never pauses."""
        event.stop()
        if self._timer is None:
            self._timer = self.set_timer(DRAFT_SECONDS, self.keep_draft)

    async def on_note_list_reached_end(self, event: NoteList.ReachedEnd) -> None:
        """Read the next page."""
        event.stop()
        contact_id, after = self._contact_id, self._next
        if after is None:
            return
        which, typed = str(self.query_one(Choice).value), self.query_one(FilterLine).value
        page = await self.app.ask(self._reader.page, contact_id, which, typed, after, notes.PAGE_SIZE)
        if contact_id == self._contact_id and after == self._next and self.is_attached:
            self._next = page.next
            self.list.append(page.rows, page.next is not None)

    async def on_note_list_opened(self, event: NoteList.Opened) -> None:
        """Enter on a note that is all there: change it."""
        event.stop()
        await self.write(event.note)

    def _fill(self, page: NotePage, top: bool) -> None:
        self._next = page.next
        narrowed = self.query_one(Choice).value != "all" or self.query_one(FilterLine).value.strip()
        self.list.empty = _("No note holds this.") if narrowed else _("No notes yet. Press + to write the first.")
        self.list.set_notes(page.rows, page.next is not None, top)
