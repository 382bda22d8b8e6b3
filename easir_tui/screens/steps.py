"""The last changes of this person, each of which can be taken back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import clock
from easir_tui.commands import lists
from easir_tui.crm import undo
from easir_tui.language import _
from easir_tui.screens.base import EasirScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.host import Changes
from easir_tui.widgets.record_list import Column, RecordList, Row

LIMIT = 100


class StepsScreen(EasirScreen[None]):
    """What I did, newest first. u takes back the step under the cursor."""

    COMMANDS = (*lists.MOVES,)

    DEFAULT_CSS = """
    StepsScreen > #heading { padding: 1 2 0 2; height: 3; }
    """

    def compose_body(self) -> ComposeResult:
        """A heading and the list."""
        yield Static(
            line((_("Your last changes"), "title"), "  ", (_("u undoes the one under the cursor"), "dim")),
            id="heading",
        )
        yield RecordList(
            (
                Column(_("When"), width=16, role="dim"),
                Column(_("What"), min=16, share=2),
                Column(_("Contact"), min=12, drop=1),
                Column("", width=8, role="dim"),
            ),
            empty=_("You have not changed anything yet. What you save can be undone here."),
            id="steps",
        )

    async def on_mount(self) -> None:
        """Read the steps."""
        await self._fill()
        self.query_one(RecordList).focus()

    async def changed(self, changes: Changes) -> None:
        """Another step was made or undone."""
        await self._fill()

    async def _fill(self) -> None:
        steps = await self.app.ask(undo.last_steps, LIMIT)
        self.query_one(RecordList).set_rows(
            Row(
                step.event_id,
                (clock.short_when(step.at, self.app.zone), step.what, step.contact, _("undone") if step.undone else ""),
                role="dim" if step.undone else "",
            )
            for step in steps
        )

    async def action_undo(self) -> None:
        """Take back the step under the cursor."""
        event_id = self.query_one(RecordList).current_id
        if event_id is not None:
            undone = await self.app.tell(undo.undo, event_id)
            self.app.say(undone.sentence)
