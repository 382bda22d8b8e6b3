"""Pairs that are likely one person, decided one after another with one key each."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui.commands import Command, everywhere, lists, same
from easir_tui.crm import contact_merge, same_person
from easir_tui.crm.contact_merge import MergePlan
from easir_tui.crm.same_person import Pair
from easir_tui.data.changes import Changes
from easir_tui.errors import NotFound, Refused
from easir_tui.language import _, number
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.merge import MergeScreen, columns_of, foot_of, rows_of
from easir_tui.widgets.content import line, lines
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList


class SameScreen(EasirScreen[None]):
    """One pair at a time: 1 and 2 say who stays, b that both are real, n that it can wait."""

    PLACE = "same"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        same.LEFT, same.RIGHT, same.BOTH, same.LATER, same.BY_FIELD, same.OPEN, everywhere.UNDO, *lists.MOVES[:-1],
    )  # fmt: skip

    DEFAULT_CSS = """
    SameScreen > #same-head { height: 1; padding: 0 1; margin-bottom: 1; background: $surface; }
    SameScreen > #same-why { height: auto; padding: 0 1 1 1; }
    SameScreen > RecordList { height: 1fr; }
    SameScreen > #same-foot { height: auto; padding: 1 1 0 1; }
    """

    app = getters.app(Host)
    fields = getters.query_one("#same", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Pair] = []
        self.later: set[tuple[int, int]] = set()
        self.plan: MergePlan | None = None

    def compose_body(self) -> ComposeResult:
        """How many wait, why these two, the two beside each other."""
        yield Static(id="same-head")
        yield Static(id="same-why")
        yield RecordList(
            (Column(_("Field"), width=16), Column("", min=18, share=1), Column("", min=18, share=1)),
            empty=_(
                "No two contacts look like one person.\n\nWhoever shares an e-mail address or a phone number, or has "
                "the same name\nat one company or in one town, is asked about here."
            ),
            id="same",
        )
        yield Static(id="same-foot")

    async def on_mount(self) -> None:
        """Find the pairs."""
        self.fields.focus()
        await self.read()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Duplicates")

    async def changed(self, changes: Changes) -> None:
        """A contact was saved or went: other pairs may wait now."""
        if changes.tables & {"contact", "not_same", "account"}:
            await self.read()

    async def read(self) -> None:
        """Find the pairs, and show the likeliest that was not put off."""
        found = await self.app.ask(same_person.pairs)
        self.waiting = [one for one in found if (one.left, one.right) not in self.later]
        if not self.waiting and self.later:
            self.later, self.waiting = set(), found
        await self._show()

    async def _show(self) -> None:
        self.plan = None
        while self.waiting and self.plan is None:
            pair = self.waiting[0]
            try:
                self.plan = await self.app.ask(contact_merge.plan, pair.left, (pair.right,))
            except (NotFound, Refused):
                self.waiting.pop(0)
        if not self.is_attached:
            return
        count = _("{count} pairs wait").format(count=number(len(self.waiting))) if self.waiting else ""
        self.query_one("#same-head", Static).update(line((_("One person or two?"), "title"), "  ", (count, "dim")))
        why = " · ".join(self.waiting[0].reasons) if self.waiting else ""
        self.query_one("#same-why", Static).update(line((why, "accent")))
        if self.plan is not None:
            titles = [f"{place}  {one.name}" for place, one in enumerate(self.plan.contacts, 1)]
            self.fields.set_columns(columns_of(self.plan, titles))
        self.fields.set_rows(rows_of(self.plan, self.app.settings.ascii) if self.plan is not None else [])
        foot = foot_of(self.plan)[1:] if self.plan is not None else []
        self.query_one("#same-foot", Static).update(lines(*(line(*one) for one in foot)))
        self.refresh_commands()

    @property
    def pair(self) -> Pair:
        """The pair that is shown.

        Raises:
            Refused: there is none.
        """
        if not self.waiting or self.plan is None:
            raise Refused(_("There is no pair to decide."))
        return self.waiting[0]

    # -- deciding ---------------------------------------------------------------------------------------

    async def action_keep(self, place: int) -> None:
        """They are one, and this one stays; what it does not know is filled in from the other."""
        pair = self.pair
        ids = (pair.left, pair.right) if place == 0 else (pair.right, pair.left)
        assert self.plan is not None
        name = self.plan.contacts[place].name
        await self.app.tell(contact_merge.merge, ids[0], (ids[1],))
        self.app.say(_("One now: {name}").format(name=name), undo=True)
        await self.read()

    async def action_both(self) -> None:
        """They are two."""
        pair = self.pair
        await self.app.tell(same_person.say_two, pair.left, pair.right)
        self.app.say(_("They are two, and are not asked about again."), undo=True)
        await self.read()

    async def action_later(self) -> None:
        """The next pair."""
        pair = self.pair
        self.later.add((pair.left, pair.right))
        self.waiting.pop(0)
        if self.waiting:
            await self._show()
        else:
            await self.read()

    async def action_by_field(self) -> None:
        """Choose field by field."""
        pair = self.pair
        await self.app.show(MergeScreen((pair.left, pair.right)))
        await self.read()

    async def action_contact(self) -> None:
        """Open the left one."""
        await self.app.open("contact", contact_id=self.pair.left)
