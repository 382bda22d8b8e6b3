"""The right pane of the contact page: what colleagues wrote about this person.

Notes of every case stand here too, newest first; they are narrowed to case notes or other notes and searched as
one types. A note is written at the foot of the pane, and what is typed is kept as a draft within a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.segment import Segment
from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from easir_tui import clock, text
from easir_tui.crm import drafts, notes
from easir_tui.crm.notes import NoteKey, NotePage, NoteRow
from easir_tui.data.database import Superseded
from easir_tui.language import N_, _
from easir_tui.widgets.contact_head import short_name
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Choice, FilterLine, LongText, OneRow
from easir_tui.widgets.host import Host

WHICH = (("all", N_("all notes")), ("case", N_("case notes")), ("other", N_("other notes")))
"""The filters of the pane."""

LINES_OF_A_NOTE = 8
"""Lines of a note that are shown until it is opened."""

DRAFT_SECONDS = 0.7
"""How long after the last key what was typed is kept."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One line of the list: its words, the number of its note, and how it looks."""

    words: str
    note: int
    role: str


class NoteList(ScrollView, inherit_bindings=False, can_focus=True):
    """Notes of any length in one widget of lines; the cursor stands on a note, not on a line."""

    app = getters.app(Host)

    DEFAULT_CSS = """
    NoteList {
        height: 1fr;
        min-width: 1;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .note-list--head { color: $text-muted; }
        & > .note-list--cursor { background: $cursor-row-blurred; color: $text; }
        & > .note-list--dim { color: $text-muted; }
    }
    NoteList:focus > .note-list--cursor { background: $cursor-row; color: $text; text-style: bold; }
    NoteList:ansi:focus > .note-list--cursor { text-style: reverse; }
    NoteList:ansi > .note-list--cursor { text-style: underline; }
    """

    COMPONENT_CLASSES = {"note-list--head", "note-list--cursor", "note-list--dim"}

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    class ReachedEnd(Message):
        """Time to read more."""

    class Opened(Message):
        """A note is to be changed."""

        def __init__(self, note: NoteRow) -> None:
            super().__init__()
            self.note = note

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.notes: list[NoteRow] = []
        self.empty = ""
        self.cursor = 0
        self._more = False
        self._asked = False
        self._open: set[int] = set()
        self._lines: list[_Drawn] = []
        self._starts: list[int] = []

    @property
    def current(self) -> NoteRow | None:
        """The note under the cursor."""
        return self.notes[self.cursor] if 0 <= self.cursor < len(self.notes) else None

    def set_notes(self, found: Sequence[NoteRow], more: bool, top: bool = False) -> None:
        """Show these notes; the cursor stays on its note, or goes to the top."""
        kept = self.current.id if self.current and not top else None
        if list(found) == self.notes and more == self._more and not top:
            return
        self.notes = list(found)
        self._more, self._asked = more, False
        self.cursor = next((i for i, note in enumerate(self.notes) if note.id == kept), 0 if top else self.cursor)
        self.cursor = max(0, min(self.cursor, len(self.notes) - 1))
        self._draw()
        if top:
            self.scroll_to(y=0, animate=False)

    def append(self, found: Sequence[NoteRow], more: bool) -> None:
        """Further notes, after the last one."""
        self.notes.extend(found)
        self._more, self._asked = more, False
        self._draw()

    # -- moving ---------------------------------------------------------------------------------------

    def action_row_down(self) -> None:
        """To the next note; within a note longer than the window, down its lines."""
        if self._rest_below():
            self.scroll_to(y=self.scroll_offset.y + 1, animate=False)
            return
        self._move(self.cursor + 1)

    def action_row_up(self) -> None:
        """To the note before."""
        self._move(self.cursor - 1)

    def action_row_page_down(self) -> None:
        """A page down."""
        self._move_to_line(self._starts[self.cursor] + self._window() if self._starts else 0)

    def action_row_page_up(self) -> None:
        """A page up."""
        self._move_to_line(max(0, self._starts[self.cursor] - self._window()) if self._starts else 0)

    def action_row_first(self) -> None:
        """To the newest note."""
        self._move(0)

    def action_row_last(self) -> None:
        """To the oldest note read so far."""
        self._move(len(self.notes) - 1)

    def action_row_open(self) -> None:
        """Show all of a long note, or fold it again; a note that is all there is opened for a change."""
        note = self.current
        if note is None:
            return
        if note.id in self._open:
            self._open.discard(note.id)
        elif len(self._wrapped(note)) > LINES_OF_A_NOTE:
            self._open.add(note.id)
        else:
            self.post_message(self.Opened(note))
            return
        self._draw()
        self._into_view()

    def _move(self, to: int) -> None:
        to = max(0, min(to, len(self.notes) - 1))
        if to != self.cursor:
            self.cursor = to
            self.refresh()
        self._into_view()

    def _move_to_line(self, y: int) -> None:
        if self._lines:
            self._move(self._lines[max(0, min(y, len(self._lines) - 1))].note)

    def _rest_below(self) -> bool:
        if not self._starts:
            return False
        end = self._starts[self.cursor + 1] if self.cursor + 1 < len(self._starts) else len(self._lines)
        return end - 1 > self.scroll_offset.y + self._window() and self._starts[self.cursor] <= self.scroll_offset.y

    def _window(self) -> int:
        return max(1, self.scrollable_content_region.height)

    def _into_view(self) -> None:
        if not self._starts:
            return
        start = self._starts[self.cursor]
        end = self._starts[self.cursor + 1] - 1 if self.cursor + 1 < len(self._starts) else len(self._lines)
        top = self.scroll_offset.y
        if start < top or end - start >= self._window():
            self.scroll_to(y=start, animate=False)
        elif end > top + self._window():
            self.scroll_to(y=end - self._window(), animate=False)
        if self._more and not self._asked and self.cursor + 5 >= len(self.notes):
            self._asked = True
            self.post_message(self.ReachedEnd())

    # -- painting -------------------------------------------------------------------------------------

    def _wrapped(self, note: NoteRow) -> list[str]:
        width = max(4, self.scrollable_content_region.width - 1)
        content = Content(text.clean(note.text, newlines=True))
        return [row.plain.rstrip() for row in content.wrap(width)]

    def _draw(self) -> None:
        self._lines, self._starts = [], []
        for number, note in enumerate(self.notes):
            self._starts.append(len(self._lines))
            head = [short_name(note.who) or "?", clock.short_when(note.at, self.app.zone).strip()]
            if note.case_title:
                head.append(note.case_title)
            self._lines.append(_Drawn(text.clean(" · ".join(head)), number, "head"))
            rows = self._wrapped(note)
            if len(rows) > LINES_OF_A_NOTE and note.id not in self._open:
                hidden = len(rows) - LINES_OF_A_NOTE + 1
                rows = [*rows[: LINES_OF_A_NOTE - 1], ""]
                self._lines += [_Drawn(row, number, "") for row in rows[:-1]]
                self._lines.append(_Drawn(_("… {n} more lines, Enter shows them").format(n=hidden), number, "dim"))
            else:
                self._lines += [_Drawn(row, number, "") for row in rows]
            self._lines.append(_Drawn("", number, ""))
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), max(1, len(self._lines)))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line, as wide as the widget."""
        width = self.scrollable_content_region.width
        at = round(self.scroll_y) + y
        base = self.rich_style
        if width <= 0:
            return Strip.blank(max(0, width), base)
        if not self.notes:
            rows = [row.plain for row in Content(text.clean(self.empty, newlines=True)).wrap(max(1, width - 2))]
            words = rows[y] if y < len(rows) else ""
            dim = base + self.get_component_rich_style("note-list--dim", partial=True)
            return Strip([Segment(text.pad(f" {words}", width), dim)], width)
        if at >= len(self._lines):
            return Strip.blank(width, base)
        drawn = self._lines[at]
        style = base
        if drawn.role:
            style = style + self.get_component_rich_style(f"note-list--{drawn.role}", partial=True)
        if drawn.note == self.cursor and drawn.role == "head":
            style = base + self.get_component_rich_style("note-list--cursor", partial=True)
        sign = "›" if drawn.note == self.cursor and drawn.role == "head" else " "
        return Strip([Segment(text.pad(sign + drawn.words, width), style)], width)

    # -- events ---------------------------------------------------------------------------------------

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap anew."""
        self._draw()

    def on_focus(self) -> None:
        """The cursor shows that keys come here."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor shows that keys go elsewhere."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a note, a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is not None and self._lines:
            self._move_to_line(offset.y + self.scroll_offset.y)
            if event.chain >= 2:
                self.action_row_open()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel may have come near the end."""
        super().watch_scroll_y(old_value, new_value)
        if self._more and not self._asked and new_value + 2 * self._window() >= len(self._lines):
            self._asked = True
            self.post_message(self.ReachedEnd())


class NotesPane(Vertical):
    """Reads the notes of its contact itself; what is written posts `NotesPane.Written`."""

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

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._contact_id = 0
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
        """Under which what is being typed is kept."""
        key = f"note:{self._contact_id}"
        return f"{key}:{self._editing.id}" if self._editing else key

    def show(self, contact_id: int, page: NotePage) -> None:
        """Show another contact's notes, all of them, from the newest."""
        self._contact_id = contact_id
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
                "contact notes", notes.page, self.app.me, contact_id, which, typed, None, size
            )
        except Superseded:
            return
        if contact_id == self._contact_id and self.is_attached:
            self._fill(page, top)

    async def write(self, note: NoteRow | None = None) -> None:
        """Open the field: for a new note, or to change one. What was kept as a draft stands in it."""
        if self.is_writing:
            self.field.focus()
            return
        self._editing = note
        kept = await self.app.ask(drafts.take, self.draft_key)
        begun = note.text if note else ""
        written = str(kept.get("text", "")) if kept else begun
        self._version = note.version if note else None
        if kept and isinstance(kept.get("version"), int):
            self._version = kept["version"]
        with self.prevent(TextArea.Changed):
            self.field.load_text(written)
        title = _("Change the note") if note else _("New note")
        if kept and written != begun:
            title = f"{title} · {_('your draft')}"
        self.query_one("#writing-head", Static).update(line(title))
        self.border_subtitle = line(_("^s saves · Esc leaves"))
        self.add_class("-writing")
        self.field.focus()
        self.field.move_cursor(self.field.document.end)

    def save(self) -> None:
        """Ask for what is written to be saved."""
        note = self._editing
        self.post_message(self.Written(self.field.text, note.id if note else None, self._version))

    async def leave(self) -> None:
        """Close the field; what was typed stays as a draft and stands there again next time."""
        await self.keep_draft(left=True)
        self.close()

    def close(self) -> None:
        """Close the field."""
        if self._timer is not None:
            self._timer.stop()
        self._editing = None
        self.remove_class("-writing")
        self.border_subtitle = line(_("+ new"))
        self.list.focus()

    async def keep_draft(self, left: bool = False) -> None:
        """Keep what is typed, or forget the draft when nothing is."""
        if not self.is_writing:
            return
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        written = self.field.text
        begun = self._editing.text if self._editing else ""
        if written.strip() and written != begun:
            body: dict[str, Any] = {"text": written}
            if self._version is not None:
                body["version"] = self._version
            await self.app.tell(drafts.keep, self.draft_key, "note", body, self._contact_id, left)
        else:
            await self.app.tell(drafts.drop, self.draft_key)

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
        """Keep what is typed, a moment after the last key."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DRAFT_SECONDS, self.keep_draft)

    async def on_note_list_reached_end(self, event: NoteList.ReachedEnd) -> None:
        """Read the next page."""
        event.stop()
        contact_id, after = self._contact_id, self._next
        if after is None:
            return
        page = await self.app.ask(
            notes.page, contact_id, str(self.query_one(Choice).value), self.query_one(FilterLine).value, after
        )
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
