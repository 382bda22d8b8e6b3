"""The pipeline: the open cases of a relations path by milestone, with number and value of each column."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import relations
from easir_tui.commands import Command, cases_list, lists
from easir_tui.commands import contact_page as keys
from easir_tui.crm import pipeline
from easir_tui.crm.pipeline import Card
from easir_tui.errors import Refused
from easir_tui.language import _, money, number
from easir_tui.screens.five_actions import FiveActions
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import Part, line
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.pipeline import Pipeline


class PipelineScreen(FiveActions):
    """`app.go("pipeline")`."""

    PLACE = "pipeline"
    CSS_PATH = "pipeline.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        cases_list.PATH,
        cases_list.WHOSE,
        cases_list.LIST,
        *keys.ACTIVITIES,
        keys.PLAN,
        cases_list.CONTACT,
        cases_list.COLUMN_LEFT,
        cases_list.COLUMN_RIGHT,
        *lists.MOVES,
    )

    app = getters.app(Host)
    board = getters.query_one("#board", Pipeline)

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.path = path
        self.mine = False

    def compose_body(self) -> ComposeResult:
        """The path with its sums, and the columns."""
        yield Static(id="pipeline-head")
        yield Pipeline(id="board")

    async def on_mount(self) -> None:
        """The path with the most open cases first."""
        self.board.focus()
        if not self.path:
            used = await self.app.ask(pipeline.paths_in_use)
            self.path = max(used, key=lambda key: used[key]) if used else ""
        await self.read()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Pipeline")

    async def read(self) -> None:
        """The columns as they are now."""
        stages = await self.app.ask(pipeline.stages, self.path, self.mine)
        if not self.is_attached:
            return
        self.board.show(stages)
        path = relations.paths().get(self.path)
        count = sum(stage.count for stage in stages)
        sums: dict[str, int] = {}
        for stage in stages:
            for currency, amount in stage.worth:
                sums[currency] = sums.get(currency, 0) + amount
        parts: list[Part] = [(path.title if path else self.path, "title"), ("  ·  ", "dim"),
                             (_("{count} open").format(count=number(count)), "strong")]  # fmt: skip
        parts += [part for currency, amount in sorted(sums.items())
                  for part in (("  ·  ", "dim"), (money(amount, currency), "strong"))]  # fmt: skip
        parts += [("  ·  ", "dim"), (_("my cases") if self.mine else _("all cases"), "dim")]
        self.query_one("#pipeline-head", Static).update(line(*parts))
        self.refresh_commands()

    async def changed(self, changes: Changes) -> None:
        """A case was moved, opened or closed."""
        if changes.tables & {"sales_case", "contact", "account", "task", "activity"}:
            await self.read()

    def on_resize(self) -> None:
        """More or fewer columns."""
        self.board.refresh()

    # -- what is shown ----------------------------------------------------------------------------------

    async def action_column(self, step: int) -> None:
        """To the column before or after."""
        self.board.move(step, 0)

    async def action_path(self) -> None:
        """Choose the relations path."""
        used = await self.app.ask(pipeline.paths_in_use, self.mine)
        known = relations.paths()
        items = [
            MenuItem(
                str(at), known[key].title if key in known else key, key, _("{count} open").format(count=number(count))
            )
            for at, (key, count) in enumerate(used.items(), 1)
        ]
        chosen = await self.app.show(MenuScreen(_("Relations path"), items))
        if chosen is not None:
            self.path = chosen
            await self.read()

    async def action_whose(self) -> None:
        """My cases, or everybody's."""
        self.mine = not self.mine
        await self.read()

    async def action_as_list(self) -> None:
        """The cases of this column in the list of cases."""
        stage = self.board.stage
        if stage is None or not stage.key:
            raise Refused(_("There is nothing under the cursor."))
        own = " manager:me" if self.mine else ""
        await self.app.open("cases", filter=f"status:open path:{self.path} milestone:{stage.key}{own}")

    # -- the case under the cursor ----------------------------------------------------------------------

    @property
    def card(self) -> Card:
        """The case under the cursor.

        Raises:
            Refused: there is none.
        """
        if self.board.card is None:
            raise Refused(_("There is no case under the cursor."))
        return self.board.card

    @on(Pipeline.Opened)
    def opened(self, event: Pipeline.Opened) -> None:
        """Enter on a card."""
        self.perform(self._open, event.card.id)

    async def _open(self, case_id: int) -> None:
        await self.app.open("case", case_id=case_id)

    async def action_contact(self) -> None:
        """Open the contact of the case."""
        await self.app.open("contact", contact_id=self.card.contact_id)

    async def about(self) -> tuple[int, int | None]:
        """The card under the cursor."""
        return self.card.contact_id, self.card.id
