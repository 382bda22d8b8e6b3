"""Deleting contacts from a list: one of them, or an explicit set that was frozen before the question (faults 61)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui.commands import forms
from easir_tui.crm import contacts
from easir_tui.errors import NeedsConfirmation
from easir_tui.language import N_, _, ngettext, number
from easir_tui.screens.base import EasirModal
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.widgets.content import paragraphs
from easir_tui.widgets.host import Host
from easir_tui.widgets.inputs import Line

TYPED_ABOVE = 100
"""Deleting more contacts than this asks for their number to be typed (faults 61)."""


class CountConfirm(EasirModal[bool]):
    """For a wide act that undo takes back: how many there are must be typed."""

    COMMANDS = (replace(forms.SAVE, title=N_("Delete"), tooltip=N_("Delete them")), forms.CANCEL)

    DEFAULT_CSS = """
    CountConfirm > #dialog { border: round $warning; border-title-color: $warning; }
    CountConfirm #question { padding: 1 0; }
    CountConfirm #wrong { color: $error; height: auto; }
    """

    def __init__(self, question: str, detail: str, count: int) -> None:
        super().__init__(question)
        self.detail = detail
        self.wanted = count

    def compose_body(self) -> ComposeResult:
        """What would go, and the line for the number."""
        yield Static(paragraphs(self.detail), id="question")
        yield Static(paragraphs(_("Type how many, to go on: {count}").format(count=number(self.wanted))))
        yield Line(id="typed")
        yield Static(id="wrong")

    async def action_save(self) -> None:
        """Go on if the number is right."""
        typed = "".join(sign for sign in self.query_one("#typed", Line).value if sign.isdecimal())
        if typed == str(self.wanted):
            self.dismiss(True)
        else:
            self.query_one("#wrong", Static).update(paragraphs(_("That is not the number. Nothing was done.")))

    async def action_back(self) -> None:
        """Leave them as they are."""
        self.dismiss(False)


async def delete_one(app: Host, contact_id: int, confirmed: bool = False) -> bool:
    """One contact: without a question, as undo brings it back, unless it has cases (V16)."""
    facts = await app.ask(contacts.show, contact_id)
    try:
        await app.tell(contacts.delete, contact_id, facts.version, confirmed)
    except NeedsConfirmation as needed:
        question = _("Delete {name}?").format(name=facts.name)
        if not await app.show(ConfirmScreen(question, needed.sentence, danger=True)):
            return False
        await app.tell(contacts.delete, contact_id, facts.version, confirmed=True)
    app.say(_("Deleted {name}").format(name=facts.name), undo=True)
    return True


async def delete_many(app: Host, ids: tuple[int, ...], shown: Set[int] | None) -> bool:
    """An explicit set, in batches that are one step of undo; False when the answer was no.

    Args:
        shown: the ids the filter shows; None when there is no filter.
    """
    ids = await app.ask(contacts.living, ids)
    if not ids:
        app.say(_("They are deleted already."))
        return True
    if not await _confirmed(app, ids, len(set(ids) - shown) if shown is not None else 0):
        return False
    if len(ids) == 1:
        return await delete_one(app, ids[0], confirmed=True)
    done, event_id = 0, None
    for start in range(0, len(ids), contacts.BATCH):
        batch = ids[start : start + contacts.BATCH]
        deleted, event_id = await app.tell(contacts.delete_batch, batch, len(ids), event_id)
        done += deleted
        if len(ids) > contacts.BATCH:
            app.say(_("Deleting: {done} of {total}").format(done=number(done), total=number(len(ids))))
    app.say(ngettext("Deleted {count} contact", "Deleted {count} contacts", done).format(count=number(done)), undo=True)
    return True


async def _confirmed(app: Host, ids: tuple[int, ...], hidden: int) -> bool:
    """Ask, naming three of them and their cases; above a limit the number has to be typed."""
    names = ", ".join(await app.ask(contacts.names_of, ids)) + (" …" if len(ids) > 3 else "")
    titles = await app.ask(contacts.case_titles, ids)
    question = ngettext("Delete {count} contact?", "Delete {count} contacts?", len(ids)).format(count=number(len(ids)))
    parts = [names]
    if hidden:
        parts.append(_("{count} of them are not shown by the filter.").format(count=number(hidden)))
    if titles:
        parts.append(contacts.cases_sentence(titles))
    detail = "\n".join(parts)
    if len(ids) > TYPED_ABOVE:
        return bool(await app.show(CountConfirm(question, detail, len(ids))))
    return bool(await app.show(ConfirmScreen(question, detail, danger=True)))
