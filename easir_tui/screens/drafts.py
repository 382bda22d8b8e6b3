"""What was begun and not saved: every draft of this person, to go on with or to throw away."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import ScreenResume
from textual.widgets import Static

from easir_tui import clock, text
from easir_tui.commands import Command, lists
from easir_tui.crm import drafts
from easir_tui.crm.drafts import Waiting
from easir_tui.language import N_, _
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.record_list import Column, RecordList, Row

KINDS = {
    "note": N_("Note"),
    "meeting": N_("Meeting"),
    "email": N_("E-mail"),
    "call": N_("Call"),
    "letter": N_("Letter"),
    "task": N_("Task"),
    "new_case": N_("New case"),
    "case_edit": N_("Case"),
    "new_contact": N_("New contact"),
    "accept_lead": N_("Lead"),
    "team_edit": N_("Team"),
    "template": N_("Template"),
    "settings": N_("Settings"),
    "pen": N_("Edit"),
}
"""What a draft is called, by the activity or the form it was typed in."""


class DraftsScreen(EasirScreen[None]):
    """Drafts, newest first. Enter goes on with one, d throws it away."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (
        replace(lists.OPEN, title=N_("Go on"), footer=True),
        replace(lists.DELETE, title=N_("Throw away"), tooltip=N_("Throw this draft away"), footer=True),
        *lists.MOVES[:-1],
    )

    DEFAULT_CSS = """
    DraftsScreen > #heading { padding: 1 2 0 2; height: 3; }
    """

    def compose_body(self) -> ComposeResult:
        """A heading and the list."""
        yield Static(
            line((_("Drafts"), "title"), "  ", (_("Enter goes on with one, d throws it away"), "dim")), id="heading"
        )
        yield RecordList(
            (
                Column(_("When"), width=16, role="dim"),
                Column(_("What"), width=12),
                Column(_("Contact"), min=12),
                Column(_("Text"), min=12, share=2, role="dim", drop=1),
            ),
            empty=_("Nothing waits. What you type into a form is kept here until you save it."),
            id="drafts",
        )

    async def on_mount(self) -> None:
        """Read them."""
        await self._fill()
        self.query_one(RecordList).focus()

    def on_screen_resume(self, _event: ScreenResume) -> None:
        """One may have been saved meanwhile."""
        self.perform(self._fill)

    async def _fill(self) -> None:
        self._waiting = {draft.id: draft for draft in await self.app.ask(drafts.waiting)}
        self.query_one(RecordList).set_rows(
            Row(
                draft.id,
                (
                    clock.short_when(draft.updated_at, self.app.zone),
                    _(_kind(draft)),
                    draft.contact_name or "—",
                    text.first_line(_longest(draft)),
                ),
            )
            for draft in self._waiting.values()
        )

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Go on with the draft."""
        self.perform(self._go_on, self._waiting[event.id])

    async def _go_on(self, draft: Waiting) -> None:
        await self.app.store.tell(partial(drafts.call_for, self.app.me, draft))
        name, arguments = draft.opens
        await self.app.open(name, **arguments)

    async def action_delete(self) -> None:
        """Throw the draft away, after a question: it cannot be undone."""
        chosen = self.query_one(RecordList).current_id
        if chosen is None:
            return
        draft = self._waiting[chosen]
        words = text.cut(text.first_line(_longest(draft)), 60)
        if await self.app.show(ConfirmScreen(_("Throw this draft away? It cannot be undone."), words, danger=True)):
            await self.app.store.tell(partial(drafts.drop, self.app.me, draft.key))
            await self._fill()


def _kind(draft: Waiting) -> str:
    activity = draft.body.get("arguments", {}).get("kind", "") if draft.kind == "activity" else ""
    return KINDS.get(str(activity), KINDS.get(draft.kind, N_("Note")))


def _longest(draft: Waiting) -> str:
    held = draft.body.get("texts", draft.body)
    texts = [raw for raw in held.values() if isinstance(raw, str)] if isinstance(held, dict) else []
    return max(texts, key=len, default="")
