"""Reports: pipeline, activities, response time, cases without a next step; tables with bars, saved as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import clock, text
from easir_tui.commands import Command, lists
from easir_tui.commands import reports as keys
from easir_tui.crm import reports
from easir_tui.crm.reports import KINDS, Report
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.widgets.bars import bar
from easir_tui.widgets.content import Part, line
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Cell, Column, RecordList, Row

_TABLES = {
    "pipeline": frozenset({"sales_case"}),
    "activities": frozenset({"activity", "app_user"}),
    "leads": frozenset({"lead", "team"}),
    "nostep": frozenset({"sales_case", "contact", "account", "task"}),
}
"""Whose changes each report shows."""

_SHARED = frozenset({"membership"})

_CALM = 1.0
"""Seconds between a change and the numbers that follow it: a colleague's import is many changes."""


class SaveTo(EditPanel):
    """Asks for a path; the one that is offered is saved to as it stands."""

    async def action_save(self) -> None:
        """Save there, whether or not the path was changed."""
        values = self.form.values()
        if values is not None:
            await self._try(values, None)


class ReportsScreen(EasirScreen[None]):
    """`app.go("reports")`."""

    PLACE = "reports"
    CSS_PATH = "reports.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (*keys.ALL, *lists.MOVES)

    app = getters.app(Host)
    records = getters.query_one("#report", RecordList)

    def __init__(self, kind: str = "pipeline") -> None:
        super().__init__()
        self.kind = kind
        self.report: Report | None = None
        self._late = False
        self._bar = 0

    def compose_body(self) -> ComposeResult:
        """The reports by number, what this one says in a line, and its lines."""
        yield Static(id="report-views")
        yield Static(id="report-about")
        yield RecordList((Column("", min=10),), empty=self._empty(), id="report")

    async def on_mount(self) -> None:
        """The pipeline first."""
        self.records.focus()
        await self.read(fresh=True)

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Reports")

    def _empty(self) -> str:
        return {
            "pipeline": _("No case is open. N on a contact opens one, and it stands here by its milestone."),
            "activities": _("Nobody has recorded anything yet. What is recorded on contacts is counted here."),
            "leads": _("No lead has arrived in these weeks. easir lead add FILE takes leads in."),
            "nostep": _("Every open case has a next step."),
        }[self.kind]

    async def read(self, fresh: bool = False) -> None:
        """The numbers as they are now; `fresh` puts the cursor on the first line."""
        kind = self.kind
        found = await self.app.ask(reports.on_screen, kind)
        if self.is_attached and kind == self.kind:
            self.report = found
            self._paint(fresh)

    async def changed(self, changes: Changes) -> None:
        """The numbers follow what is saved, at most once a second."""
        if self._late or not changes.tables & (_TABLES[self.kind] | _SHARED):
            return
        self._late = True
        self.set_timer(_CALM, lambda: self.perform(self._catch_up))

    async def _catch_up(self) -> None:
        self._late = False
        await self.read()

    def on_resize(self) -> None:
        """Bars as long as the window lets them be."""
        if self.report is not None and self._bar_width() != self._bar:
            self._paint()

    # -- what is shown ----------------------------------------------------------------------------------

    def _bar_width(self) -> int:
        return max(8, min(40, self.size.width - 68))

    def _paint(self, fresh: bool = False) -> None:
        report = self.report
        if report is None:
            return
        views: list[Part] = []
        for at, (kind, title) in enumerate(KINDS.items(), 1):
            chosen = kind == self.kind
            views += [("[" if chosen else " ", "accent"), (f"{at} ", "dim"), (_(title), "title" if chosen else ""),
                      ("]" if chosen else " ", "accent"), (" ", "")]  # fmt: skip
        self.query_one("#report-views", Static).update(line(*views))
        self.query_one("#report-about", Static).update(line((report.about, "strong")))
        self._bar = self._bar_width()
        held = self.records.current_id
        self.records.empty = self._empty()
        self.records.set_columns(self._columns(report))
        self.records.set_rows(self._rows(report), keep_id=None if fresh else held)
        if fresh:
            self.records.action_row_first()
        self.refresh_commands()

    def _columns(self, report: Report) -> tuple[Column, ...]:
        columns = []
        for place, column in enumerate(report.columns):
            if column.only_csv:
                continue
            title = column.short or column.title
            if column.kind == "text":
                columns.append(Column(title, min=14, share=3 if place < 2 else 2, drop=column.drop))
                continue
            widest = max(
                (text.cells(reports.shown(one.cells[place], column.kind, one.currency)) for one in report.lines),
                default=0,
            )
            columns.append(Column(title, width=max(widest, text.cells(title)), align="right", drop=column.drop))
        if report.bar is not None:
            columns.append(Column(report.bar, width=max(self._bar, text.cells(report.bar)), role="accent"))
        return tuple(columns)

    def _rows(self, report: Report) -> list[Row]:
        found, group, ascii_only = [], "", self.app.settings.ascii
        for at, one in enumerate(report.lines, 1):
            if one.group != group:
                group = one.group
                found.append(Row.title(group))
            cells: list[Cell] = [
                reports.shown(held, column.kind, one.currency)
                for column, held in zip(report.columns, one.cells, strict=True) if not column.only_csv
            ]  # fmt: skip
            if report.bar is not None:
                cells.append("" if one.share is None else bar(one.share, self._bar, ascii_only))
            found.append(Row(one.case_id or at, tuple(cells)))
        return found

    # -- what is done -----------------------------------------------------------------------------------

    async def action_view(self, place: int) -> None:
        """Show another report."""
        self.kind = list(KINDS)[place - 1]
        await self.read(fresh=True)

    @on(RecordList.Opened)
    def opened(self, event: RecordList.Opened) -> None:
        """The cases behind a line, or the case it is about."""
        self.perform(self._open, event.id)

    async def _open(self, line_id: int) -> None:
        if self.report is None:
            return
        if self.kind == "nostep":
            await self.app.open("case", case_id=line_id)
        elif self.kind == "pipeline":
            await self.app.open("cases", filter=self.report.lines[line_id - 1].filter)
        elif self.kind == "leads":
            await self.app.go("leads")

    async def action_export(self) -> None:
        """Save the report to a file of this machine; a restricted login is told the command that prints it."""
        command = f"easir report {self.kind} --csv"
        if self.app.settings.restricted:
            self.app.copy(command)
            raise Refused(
                _("Files cannot be saved from here."), _("{command} over ssh prints the same.").format(command=command)
            )
        kind = self.kind

        async def save(changed: dict[str, Any], _version: int | None) -> Any:
            return await self.app.ask(reports.save_csv, kind, Path(changed["path"]))

        name = reports.file_name(kind, clock.today(self.app.zone))
        saved = await self.app.show(SaveTo(
            _("Save to"), (Field("path", _("Path or folder"), value=f"~/{name}", required=True),),
            save=save,
        ))  # fmt: skip
        if saved is not None:
            self.app.say(_("Saved as {path}").format(path=saved))
