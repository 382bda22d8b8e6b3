"""The trash: what was deleted, newest first, to take out again; an admin can empty it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import clock, text
from easir_tui.commands import Command, lists
from easir_tui.commands import trash as keys
from easir_tui.crm import trash
from easir_tui.crm.trash import Discarded
from easir_tui.data.changes import Changes
from easir_tui.language import _, ngettext, number
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.confirm import TypedConfirm
from easir_tui.widgets.content import line
from easir_tui.widgets.record_list import RecordList
from easir_tui.widgets.rows import Column, Row


class TrashScreen(EasirScreen[None]):
    """Deleted records. Enter or r restores one."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (*lists.MOVES, *keys.ALL)

    DEFAULT_CSS = """
    TrashScreen > #heading { padding: 1 2 0 2; height: 3; }
    """

    def compose_body(self) -> ComposeResult:
        """A heading and the list."""
        yield Static(line((_("Trash"), "title"), "  ", (_("r takes one out again"), "dim")), id="heading")
        yield RecordList(
            (
                Column(_("Deleted"), width=16, role="dim"),
                Column(_("What"), width=15),
                Column(_("Name"), min=22, share=2),
                Column(_("Contact"), min=12, drop=1),
                Column(_("By"), min=8, role="dim", drop=2),
            ),
            empty=_("The trash is empty. What you delete comes here, and u brings it back."),
            id="trash",
        )

    async def on_mount(self) -> None:
        """Read it."""
        self._shown: dict[int, Discarded] = {}
        await self._fill()
        self.query_one(RecordList).focus()

    async def changed(self, changes: Changes) -> None:
        """Somebody deleted or restored something."""
        await self._fill()

    async def _fill(self) -> None:
        """The rows, numbered, because ids of different kinds may be the same."""
        found = await self.app.ask(trash.discarded)
        self._shown = dict(enumerate(found, start=1))
        self.query_one(RecordList).set_rows(
            Row(
                place,
                (
                    clock.short_when(one.deleted_at, self.app.zone),
                    one.kind,
                    text.first_line(one.name) or "—",
                    one.contact or "—",
                    one.deleted_by,
                ),
            )
            for place, one in self._shown.items()
        )

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Take it out."""
        self.perform(self.action_restore)

    async def action_restore(self) -> None:
        """Take the record under the cursor out of the trash."""
        chosen = self._shown.get(self.query_one(RecordList).current_id or 0)
        if chosen is None:
            return
        await self.app.tell(trash.restore, chosen.entity, chosen.row_id)
        self.app.say(
            _("{name} is out of the trash").format(name=text.cut(text.first_line(chosen.name), 40) or chosen.kind),
            undo=True,
        )

    async def action_empty(self) -> None:
        """Remove everything for good, once the number of records has been typed."""
        count = await self.app.ask(trash.count)
        if not count:
            self.app.say(_("The trash is empty"))
            return
        question = ngettext(
            "{count} record is removed for good, and what the journal knows of it.",
            "{count} records are removed for good, and what the journal knows of them.",
            count,
        ).format(count=number(count))
        if await self.app.show(TypedConfirm(question, str(count))):
            gone = await self.app.tell(trash.empty, str(count))
            await self._fill()
            self.app.say(
                ngettext("{count} record is gone for good", "{count} records are gone for good", gone).format(
                    count=number(gone)
                )
            )
