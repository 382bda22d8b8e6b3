"""Relations paths: the ways a sale goes at this company, each with its milestones, and what reaching one brings."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from easir_tui.commands import Command, cases_list, lists, set_up
from easir_tui.crm import company_paths
from easir_tui.crm.company_paths import FILE, HeldPaths
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _, ngettext, number
from easir_tui.relations import FOLLOW_UPS, MOST_DAYS, OUTCOMES, STATUSES, Milestone, RelationsPath
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.case_edit import parse_chance
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.widgets import words
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Column, RecordList, Row

LONGEST = 80
"""Letters of a title."""


class PathsScreen(EasirScreen[None]):
    """The paths at the left, the milestones of the one under the cursor beside them; keys act on the list in focus."""

    PLACE = "paths"
    CSS_PATH = "paths.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        cases_list.footer(lists.NEW),
        set_up.EDIT_PATH,
        set_up.EARLIER,
        set_up.LATER,
        cases_list.footer(lists.DELETE),
        *lists.MOVES,
    )

    app = getters.app(Host)
    paths = getters.query_one("#paths", RecordList)
    milestones = getters.query_one("#milestones", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.held: HeldPaths | None = None
        self._names: dict[tuple[str, str], int] = {}
        """A number for each path, and each milestone of it, that was ever shown: what the lists know a row by."""

    def compose_body(self) -> ComposeResult:
        """Both lists beside each other."""
        yield Static(id="paths-head")
        with Horizontal():
            yield RecordList(
                (Column(_("Path"), min=12), Column(_("Cases"), width=5, align="right", drop=1)), empty="", id="paths"
            )
            yield RecordList(
                (
                    Column(_("Milestone"), min=14, share=2), Column(_("Chance"), width=6, align="right", drop=2),
                    Column(_("Next step"), width=19, drop=1), Column(_("The case is"), width=11, drop=3),
                    Column(_("Cases"), width=5, align="right"),
                ),
                empty="",
                id="milestones",
            )  # fmt: skip

    async def on_mount(self) -> None:
        """The paths first."""
        await self.read()
        self.paths.focus()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Relations paths")

    async def read(self) -> None:
        """The paths as they are now."""
        held = await self.app.ask(company_paths.held)
        if not self.is_attached:
            return
        self.held = held
        self.paths.set_rows([
            Row(self._number(path.key), ((path.title, "strong"), self._standing(path.key, "", *path.milestones)))
            for path in held.paths.values()
        ])  # fmt: skip
        self.show_head()
        self.show_milestones()

    def show_head(self) -> None:
        """Where these paths are from, and who changes them."""
        assert self.held is not None
        if not self.app.me.is_admin:
            about = _("Only an admin changes them.")
        elif os.environ.get("EASIR_PATHS"):
            about = _("Not in use here: EASIR_PATHS names a file that comes first.")
        elif self.held.version == FILE:
            about = _("From a file; your first change keeps them for everybody.")
        else:
            about = _("They hold for everybody.")
        self.query_one("#paths-head", Static).update(line((_("Relations paths"), "title"), "   ", (about, "dim")))

    def show_milestones(self) -> None:
        """Those of the path under the cursor."""
        path = self._path()
        self.milestones.set_rows([self._row(path.key, step) for step in path.milestones] if path is not None else [])

    def _row(self, path: str, step: Milestone) -> Row:
        return Row(self._number(path, step.key), (
            step.title, "" if step.chance is None else f"{step.chance} %", _next_step(step), _becomes(step),
            self._standing(path, step.key),
        ))  # fmt: skip

    def _standing(self, path: str, *steps: Milestone | str) -> str:
        assert self.held is not None
        keys = [step if isinstance(step, str) else step.key for step in steps]
        count = sum(self.held.standing.get((path, key), 0) for key in keys)
        return number(count) if count else ""

    def _number(self, path: str, milestone: str = "") -> int:
        return self._names.setdefault((path, milestone), len(self._names) + 1)

    def _named(self, row_id: int | None) -> tuple[str, str]:
        return next((name for name, held in self._names.items() if held == row_id), ("", ""))

    def _path(self) -> RelationsPath | None:
        """The path under the cursor."""
        if self.held is None:
            return None
        return self.held.paths.get(self._named(self.paths.current_id)[0])

    @property
    def on_paths(self) -> bool:
        """Whether the keys act on a path, not on a milestone."""
        return self.focused is not self.milestones

    async def changed(self, changes: Changes) -> None:
        """An admin changed them, or a case moved on."""
        if changes.tables & {"company_setting", "sales_case"}:
            await self.read()

    @on(RecordList.Moved, "#paths")
    def moved(self) -> None:
        """Another path: its milestones."""
        self.show_milestones()

    @on(RecordList.Opened)
    def opened(self) -> None:
        """Enter goes from a path to its milestones, and opens one of them."""
        if self.on_paths:
            self.milestones.focus()
        else:
            self.perform(self.action_edit)

    # -- changing ---------------------------------------------------------------------------------------

    async def action_new(self) -> None:
        """A path, or a milestone at the end of the one shown."""
        if self.on_paths:
            await self._edit_path("", _("New path"))
        else:
            await self._edit_milestone(self._require_path().key, "", _("New milestone"))

    async def action_edit(self) -> None:
        """The title of the path, or all of the milestone."""
        path = self._require_path().key
        if self.on_paths:
            await self._edit_path(path, _("Relations path"))
        else:
            await self._edit_milestone(path, self._require_milestone().key, _("Milestone"))

    async def _edit_path(self, path: str, title: str) -> None:
        seen = await self.app.ask(company_paths.held)

        async def save(changed: dict[str, Any], version: int | None) -> str:
            basis = seen if version is None else await self.app.ask(company_paths.held)
            key = await self.app.tell(company_paths.put_path, basis, path, **changed)
            self.paths.move_to(self._line(self.paths, self._number(key)))
            self.app.say(_("The path is saved."), undo=True)
            return key

        fields = _titles(seen.values(path) if path else {})
        await self.app.show(EditPanel(title, fields, save=save, show=_shown))

    async def _edit_milestone(self, path: str, milestone: str, title: str) -> None:
        seen = await self.app.ask(company_paths.held)

        async def save(changed: dict[str, Any], version: int | None) -> str:
            basis = seen if version is None else await self.app.ask(company_paths.held)
            key = await self.app.tell(company_paths.put_milestone, basis, path, milestone, **changed)
            self.milestones.move_to(self._line(self.milestones, self._number(path, key)))
            self.app.say(_("The milestone is saved."), undo=True)
            return key

        values = seen.values(path, milestone) if milestone else {}
        fields = [*_titles(values), *_milestone_fields(values, seen)]
        await self.app.show(EditPanel(title, fields, save=save, show=_shown))

    @staticmethod
    def _line(shown: RecordList, row_id: int) -> int:
        return next((at for at, row in enumerate(shown.rows()) if row.id == row_id), shown.cursor)

    def _require_path(self) -> RelationsPath:
        path = self._path()
        if path is None:
            raise Refused(_("Put the cursor on a path first."))
        return path

    def _require_milestone(self) -> Milestone:
        step = self._require_path().milestone(self._named(self.milestones.current_id)[1])
        if self.on_paths or step is None:
            raise Refused(_("Put the cursor on a milestone first."), _("Tab goes to the milestones."))
        return step

    async def action_move(self, by: int) -> None:
        """The milestone up or down along its path."""
        step = self._require_milestone()
        await self.app.tell(company_paths.move_milestone, self._require_path().key, step.key, int(by))

    async def action_delete(self) -> None:
        """The milestone, or the path with all of its milestones."""
        path = self._require_path()
        if not self.on_paths:
            step = self._require_milestone()
            await self.app.tell(company_paths.remove_milestone, path.key, step.key)
            self.app.say(_("The milestone {name} is gone.").format(name=step.title), undo=True)
            return
        await self.app.tell(company_paths.remove_path, path.key)
        self.app.say(_("The path {name} is gone.").format(name=path.title), undo=True)


def _titles(values: dict[str, Any]) -> list[Field]:
    """The name in each language."""
    names = (("en", _("In English")), ("da", _("In Danish")))
    return [Field(name, label, value=values.get(name, ""), max_length=LONGEST) for name, label in names]


def _milestone_fields(values: dict[str, Any], seen: HeldPaths) -> list[Field]:
    """What a milestone sets once it is reached."""
    nothing = _("nothing")
    steps = [(key, _(words.KINDS[key]) if key else nothing) for key in FOLLOW_UPS]
    statuses = [(key, _(words.CASE_STATUSES[key]) if key else _("as it was")) for key in STATUSES]
    outcomes = [(key, _(words.OUTCOMES[key]) if key else _("neither")) for key in OUTCOMES]
    paths = [("", nothing), *((path.key, path.title) for path in seen.paths.values())]
    return [
        Field("chance", _("Chance"), value=_typed(values.get("chance")), parse=parse_chance, hint=_("percent")),
        Field("follow_up_type", _("Next step"), "choice", value=values.get("follow_up_type") or "", choices=steps),
        Field("follow_up_days", _("After days"), value=_typed(values.get("follow_up_days")),
              parse=_days, hint=_("days until the next step")),
        Field("sets_status", _("The case is then"), "choice", value=values.get("sets_status") or "", choices=statuses),
        Field("outcome", _("Closed as"), "choice", value=values.get("outcome") or "", choices=outcomes),
        Field("follow_up_case", _("Suggests a case"), "choice", value=values.get("follow_up_case") or "",
              choices=paths),
    ]  # fmt: skip


def _typed(value: int | None) -> str:
    return "" if value is None else str(value)


def _days(typed: str) -> int | None:
    """A whole number of days, or none for nothing typed."""
    if not typed.strip():
        return None
    if not typed.strip().isdecimal() or len(typed) > 6 or int(typed) > MOST_DAYS:
        raise Invalid("follow_up_days", _("a number from 0 to {highest}").format(highest=MOST_DAYS))
    return int(typed)


def _shown(name: str, value: Any) -> str:
    """A value of a milestone as the form has it, for comparing two."""
    if value in ("", None):
        return "—"
    said = {"follow_up_type": words.KINDS, "sets_status": words.CASE_STATUSES, "outcome": words.OUTCOMES}.get(name)
    return _(said[value]) if said and value in said else str(value)


def _next_step(step: Milestone) -> str:
    """ "Call · 3 days", or nothing."""
    if not step.follow_up_type:
        return ""
    kind = _(words.KINDS[step.follow_up_type])
    if not step.follow_up_days:
        return kind
    days = ngettext("{n} day", "{n} days", step.follow_up_days).format(n=step.follow_up_days)
    return f"{kind} · {days}"


def _becomes(step: Milestone) -> str:
    """What becomes of the case: won, lost, closed, rejected; nothing where it stays as it was."""
    if step.outcome:
        return _(words.OUTCOMES[step.outcome])
    return _(words.CASE_STATUSES[step.sets_status]) if step.sets_status else ""
