"""The Attachments tab: every document of a contact or of an account's contacts, sent, received or uploaded."""

from __future__ import annotations

from typing import Protocol

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from easir_tui import clock
from easir_tui.crm import attachments, file_kinds
from easir_tui.crm.attachments import AttachmentFacts, FileKey, FilePage
from easir_tui.crm.users import Me
from easir_tui.language import _, size
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.words import FILE_ORIGINS


class Reader(Protocol):
    """Where the files are read from: the module of the rules that knows whose they are."""

    def page(self, me: Me, owner_id: int, after: FileKey | None, size: int, /) -> FilePage:
        """A page of files, newest first."""
        ...


class Attachments(Vertical):
    """Reads the files of its contact itself; Enter on one posts `Attachments.Opened`.

    Args:
        read: where from; by default they are the files of one contact.
        empty: what an empty list says.
        with_contact: name the contact of each, because they are those of several.
    """

    app = getters.app(Host)

    DEFAULT_CSS = "Attachments { height: 1fr; }"

    class Opened(Message):
        """A file is to be saved, renamed, removed or fetched."""

        def __init__(self, attachment: AttachmentFacts) -> None:
            super().__init__()
            self.attachment = attachment

    def __init__(
        self,
        contact_id: int,
        id: str | None = None,
        read: Reader = attachments,
        empty: str = "",
        with_contact: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._contact_id = contact_id
        self._reader = read
        self._empty = empty
        self._with_contact = with_contact
        self._files: dict[int, AttachmentFacts] = {}
        self._next: FileKey | None = None

    def compose(self) -> ComposeResult:
        """One list."""
        yield RecordList(
            (
                Column(_("Name"), min=18, share=3),
                *((Column(_("Contact"), min=14, share=2),) if self._with_contact else ()),
                Column(_("Type"), width=6, role="dim", drop=4),
                Column(_("Size"), width=8, align="right", role="dim"),
                Column(_("Origin"), width=9, role="dim", drop=3),
                Column(_("When"), width=16, drop=1),
                Column(_("Case"), width=12, role="dim", drop=2),
                Column(_("No."), width=5, align="right", role="dim", drop=5),
            ),
            empty=self._nothing(),
            id="files",
        )

    @property
    def list(self) -> RecordList:
        """The rows."""
        return self.query_one("#files", RecordList)

    @property
    def current(self) -> AttachmentFacts | None:
        """The file under the cursor."""
        return self._files.get(self.list.current_id or 0)

    async def on_mount(self) -> None:
        """Read the files."""
        await self.reload()

    async def show(self, contact_id: int) -> None:
        """Show another contact's files."""
        self._contact_id = contact_id
        self._files = {}
        self.list.empty = self._nothing()
        await self.reload()
        self.list.action_row_first()

    async def reload(self, keep_id: int | None = None) -> None:
        """Read what is shown anew; the cursor stays on its file, or goes to `keep_id`."""
        contact_id = self._contact_id
        wanted = max(attachments.PAGE_SIZE, len(self._files))
        page = await self.app.ask(self._reader.page, contact_id, None, wanted)
        if contact_id == self._contact_id and self.is_attached:
            self._files = {row.id: row for row in page.rows}
            self._next = page.next
            self.list.set_rows([self._row(row) for row in page.rows], more=page.next is not None, keep_id=keep_id)

    async def on_record_list_reached_end(self, event: RecordList.ReachedEnd) -> None:
        """Read the next page."""
        event.stop()
        contact_id = self._contact_id
        if self._next is None:
            return
        page = await self.app.ask(self._reader.page, contact_id, self._next, attachments.PAGE_SIZE)
        if contact_id == self._contact_id and self.is_attached:
            self._files |= {row.id: row for row in page.rows}
            self._next = page.next
            self.list.append([self._row(row) for row in page.rows], more=page.next is not None)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter asks what to do with the file."""
        event.stop()
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def _nothing(self) -> str:
        sentence = self._empty or _("No files yet. Press a to attach one, or run easir attachment add {id} FILE.")
        return sentence.format(id=self._contact_id)

    def _row(self, file: AttachmentFacts) -> Row:
        return Row(
            file.id,
            (
                (file.name, "strong"),
                *((file.contact,) if self._with_contact else ()),
                (type_of(file.name, file.media_type), "bad" if file_kinds.lie(file.name, file.media_type) else "dim"),
                size(file.size),
                _(FILE_ORIGINS.get(file.origin, file.origin)),
                clock.short_when(file.at, self.app.zone),
                file.case_title,
                str(file.id),
            ),
        )


def type_of(name: str, media_type: str) -> str:
    """What kind of file it is, in a few letters: "PDF", "JPEG"."""
    ending = name.rpartition(".")[2]
    if "." in name and ending.isalnum() and len(ending) <= 5:
        return ending.upper()
    return media_type.rpartition("/")[2].rpartition(".")[2][:6].upper()
