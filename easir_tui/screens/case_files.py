"""The files of one case in a box over its page: each can be saved, renamed or removed, and another attached."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from easir_tui.commands import Command, forms, lists, preview
from easir_tui.commands import contact_page as keys
from easir_tui.crm import attachments
from easir_tui.crm.attachments import FileKey, FilePage
from easir_tui.crm.users import Me
from easir_tui.data.changes import Changes
from easir_tui.language import _
from easir_tui.screens.base import EasirModal
from easir_tui.screens.contact_files import Files
from easir_tui.widgets.attachments import Attachments
from easir_tui.widgets.host import Host


class OfCase:
    """Reads of a contact's files those of one case."""

    def __init__(self, case_id: int) -> None:
        self.case_id = case_id

    def page(self, me: Me, contact_id: int, after: FileKey | None, size: int, /) -> FilePage:
        """A page of files, newest first."""
        return attachments.page(me, contact_id, after, size, self.case_id)


class CaseFilesScreen(EasirModal[None]):
    """`app.show(CaseFilesScreen(case_id, contact_id))`."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (
        replace(preview.VIEW, footer=True), replace(keys.ATTACH, footer=True), *lists.MOVES, forms.CLOSE,
    )  # fmt: skip

    DEFAULT_CSS = """
    CaseFilesScreen > #dialog { width: 100%; height: 80%; }
    CaseFilesScreen Attachments { height: 1fr; }
    """

    app = getters.app(Host)
    files = getters.query_one("#case-files", Attachments)

    def __init__(self, case_id: int, contact_id: int) -> None:
        super().__init__(_("Attachments"))
        self.case_id = case_id
        self.contact_id = contact_id

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield Attachments(
            self.contact_id,
            id="case-files",
            read=OfCase(self.case_id),
            empty=_("No files on this case yet. Press a to attach one."),
        )

    def on_mount(self) -> None:
        """The cursor goes into the list."""
        self.files.list.focus()

    async def changed(self, changes: Changes) -> None:
        """A file came or went."""
        if self.contact_id in changes.contacts:
            await self.files.reload()

    def on_attachments_opened(self, event: Attachments.Opened) -> None:
        """Enter on a file asks what to do with it."""
        event.stop()
        self.perform(Files(self.app).menu, event.attachment)

    async def action_view_file(self) -> None:
        """Look into the file under the cursor."""
        if self.files.current is not None:
            await Files(self.app).view(self.files.current)

    async def action_attach(self) -> None:
        """Attach a file to the case."""
        attached = await Files(self.app).attach(self.contact_id, self.case_id)
        if attached is not None and self.is_attached:
            await self.files.reload(keep_id=attached)
