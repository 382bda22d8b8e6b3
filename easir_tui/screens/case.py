"""The page of one case: what it is about, how far along its path it is, what is planned and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events, getters
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import relations
from easir_tui.commands import Command, forms, lists, tasks_and_cases
from easir_tui.commands import contact_page as keys
from easir_tui.crm import activity_page, case_page, cases, lead_page, tasks
from easir_tui.crm.case_page import CasePage
from easir_tui.crm.lead_list import LeadRow
from easir_tui.crm.tasks import TaskRow
from easir_tui.crm.timeline import CaseChoice, Filter
from easir_tui.data.changes import Changes
from easir_tui.errors import NeedsConfirmation, NotFound, Refused
from easir_tui.language import N_, _
from easir_tui.screens import task_acts
from easir_tui.screens.case_files import CaseFilesScreen
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.edit_panel import EditPanel, Kept
from easir_tui.screens.five_actions import FiveActions
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.screens.period import ask_days
from easir_tui.screens.reading import ReadEvent
from easir_tui.screens.reading_mail import read_activity
from easir_tui.widgets.block import Block
from easir_tui.widgets.case_facts import facts_of, path_line, status_of
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Choice, Field
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column
from easir_tui.widgets.timeline import Timeline, labelled


class CaseTimeline(Timeline):
    """What is planned and what happened on one case, whatever else there is with the contact."""

    case_id = 0
    steps: tuple[tuple[str, str], ...] = ()

    @property
    def filter(self) -> Filter:
        """Period, source and milestone as chosen, of this case."""
        period, source, milestone = (self.query_one(f"#{name}", Choice).value for name in ("period", "source", "case"))
        since, until = self.span(str(period))
        return Filter(since, until, str(source), self.case_id, "" if milestone == "all" else str(milestone))

    def _case_choices(self, cases: Sequence[CaseChoice]) -> tuple[tuple[str, str], ...]:
        """The case goes without saying; its place is the milestone's."""
        return labelled(_("milestone"), (("all", N_("all")), *self.steps))

    def _columns(self) -> tuple[Column, ...]:
        """When and what, what about, who: the case goes without saying."""
        head, words, *_rest = super()._columns()
        return head, words, Column(_("Who"), width=8, role="dim")

    def _last(self, case_title: str, who: str, planned: bool) -> tuple[str, ...]:
        return (who,)

    async def show_case(self, case_id: int, contact_id: int, steps: Sequence[tuple[str, str]]) -> None:
        """Show a case from the top; `steps` are the milestones of its path."""
        self.case_id = case_id
        self._contact_id = contact_id
        self.steps = tuple(steps)
        self.offer(())
        await self.reload()


class CaseScreen(FiveActions):
    """`app.open("case", case_id=3)`."""

    CSS_PATH = "case.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        *keys.ACTIVITIES,
        keys.PLAN,
        *tasks_and_cases.CASE_PAGE,
        tasks_and_cases.CONTACT,
        keys.COMPLETE,
        keys.SNOOZE,
        keys.DELETE,
        keys.EDIT_BLOCK,
        *lists.MOVES,
        *forms.FIELDS,
    )

    app = getters.app(Host)
    timeline = getters.query_one("#case-timeline", CaseTimeline)
    block = getters.query_one("#case-facts", Block)

    def __init__(self, case_id: int) -> None:
        super().__init__()
        self.case_id = case_id
        self.case: CasePage | None = None
        self.leads: list[LeadRow] = []

    @property
    def status(self) -> str:
        """Of the case: open, closed or rejected; empty until it is read."""
        return self.case.status if self.case else ""

    @property
    def follow_up_path(self) -> str:
        """The path of the further case that the milestone reached suggests; empty for none."""
        reached = self.case.path.milestone(self.case.milestone) if self.case else None
        return reached.follow_up_case if reached and reached.follow_up_case in relations.paths() else ""

    def compose_body(self) -> ComposeResult:
        """Heading, facts, path, and the timeline below."""
        yield Static(id="case-head")
        yield Block(_("Case"), id="case-facts")
        yield Static(id="case-path")
        yield CaseTimeline(id="case-timeline")

    async def on_mount(self) -> None:
        """Read and show the case."""
        try:
            await self._read_page()
        except NotFound as error:
            self.app.report(error)
            self.close_later()
            return
        steps = [(step.key, step.title) for step in self._page.path.milestones]
        await self.timeline.show_case(self.case_id, self._page.contact_id, steps)
        self.timeline.list.focus()

    @property
    def _page(self) -> CasePage:
        if self.case is None:
            raise Refused(_("The case is still being read."))
        return self.case

    async def changed(self, changes: Changes) -> None:
        """Something of the contact was saved: read again; cursor and filters stay."""
        if self.case is None or not (self.case.contact_id in changes.contacts or "account" in changes.tables):
            return
        try:
            await self._read_page()
        except NotFound:
            self.app.say(_("The case was deleted."), undo=changes.own)
            self.dismiss(None)
            return
        await self.timeline.reload()

    async def _read_page(self) -> None:
        self.leads = await self.app.ask(lead_page.of_case, self.case_id)
        self._show(await self.app.ask(case_page.page, self.case_id))

    async def action_lead(self) -> None:
        """The lead the case came from, or one of those that were added to it (V11, faults 106)."""
        chosen: int | None = self.leads[0].id if self.leads else None
        if len(self.leads) > 1:
            items = [MenuItem(str(at), one.name, one.id, one.product) for at, one in enumerate(self.leads[:9], 1)]
            chosen = await self.app.show(MenuScreen(_("Lead details"), items))
        if chosen is not None:
            await self.app.open("lead", lead_id=chosen)

    def on_resize(self, _event: events.Resize) -> None:
        """The facts flow in columns."""
        if self.case is not None:
            self.call_after_refresh(self._show, self.case)

    def _show(self, case: CasePage) -> None:
        self.case = case
        ascii_only = self.app.settings.ascii
        head = line((case.title, "strong"), "  ", *status_of(case, ascii_only))
        company = f" · {case.account_name}" if case.account_name else ""
        number = "  " + _("case {id}").format(id=case.id)
        self.query_one("#case-head", Static).update(
            head + line("  ", (case.contact_name, ""), (company, "dim"), (number, "dim"))
        )
        self.block.show(facts_of(case, self.app.zone, self.size.width - 4))
        self.query_one("#case-path", Static).update(path_line(case, self.size.width - 4, ascii_only))
        self.refresh_commands()

    # -- activities and tasks -------------------------------------------------------------------------

    async def about(self) -> tuple[int, int | None]:
        """This case."""
        return self._page.contact_id, self.case_id

    async def task_at_cursor(self) -> TaskRow:
        task = self.timeline.current_task()
        if task is None:
            raise Refused(_("Put the cursor on a planned step first."))
        return await self.app.ask(tasks.one, task.id)

    async def action_complete(self) -> None:
        """Complete the task under the cursor."""
        await task_acts.complete(self.app, await self.task_at_cursor())

    async def action_snooze(self) -> None:
        """Move the task under the cursor to later."""
        await task_acts.snooze(self.app, await self.task_at_cursor())

    async def action_delete(self) -> None:
        """Delete the step or activity under the cursor."""
        at = self.timeline.current()
        if at is not None and at[0] == "activity":
            held = await self.app.ask(activity_page.activity, at[1])
            await self.app.tell(activity_page.remove, at[1], held.version)
            self.app.say(_("Activity deleted"), undo=True)
        else:
            await task_acts.delete(self.app, await self.task_at_cursor())

    def on_timeline_opened(self, event: Timeline.Opened) -> None:
        """Enter on a row of the timeline."""
        event.stop()
        self.perform(self._read, event.what, event.record_id)

    def on_timeline_ask_days(self, event: Timeline.AskDays) -> None:
        """The period between two days."""
        event.stop()
        self.perform(ask_days, self.app, self.timeline)

    async def _read(self, what: str, record_id: int) -> None:
        if what == "task":
            await self.app.show("task", contact_id=self._page.contact_id, task_id=record_id)
        elif what == "activity":
            await read_activity(self.app, record_id)
        else:
            await self.app.show(ReadEvent(await self.app.ask(activity_page.event, record_id)))

    # -- the case itself ------------------------------------------------------------------------------

    async def action_contact(self) -> None:
        """Open the contact of the case."""
        await self.app.open("contact", contact_id=self._page.contact_id)

    async def action_follow_up(self) -> None:
        """Open the case that the path suggests once this far."""
        page = self._page
        made = await self.app.show("new_case", contact_id=page.contact_id, title=page.title, path=self.follow_up_path)
        if made is not None:
            await self.app.open("case", case_id=made)

    async def action_files(self) -> None:
        """The files of the case: look, save, rename, remove, attach another."""
        await self.app.show(CaseFilesScreen(self.case_id, self._page.contact_id))

    def on_block_edit(self, event: Block.Edit) -> None:
        """The pen of the facts."""
        event.stop()
        self.perform(self.action_edit)

    async def action_edit(self) -> None:
        """Change the case."""
        await self.app.show("case_edit", case_id=self.case_id)

    async def action_close_case(self) -> None:
        """Close it as won or lost."""
        outcome = await self.app.show(
            MenuScreen(_("Close the case as"), [MenuItem("w", _("won"), "won"), MenuItem("l", _("lost"), "lost")])
        )
        if outcome is None:
            return
        if outcome == "won":
            await self.app.tell(cases.close, self.case_id, self._page.version, "won")
            self.app.say(_("The case is closed as won."), undo=True)
            return

        async def save(changed: dict[str, Any], version: int | None) -> None:
            await self.app.tell(
                cases.close, self.case_id, version or self._page.version, "lost", changed.get("reason", "")
            )
            self.app.say(_("The case is closed as lost."), undo=True)

        await self.app.show(
            EditPanel(
                _("Lost"),
                [Field("reason", _("Reason"), hint=_("price, another make, not now"), required=True)],
                save=save,
                kept=Kept(f"case:{self.case_id}", self._page.contact_id, "lost"),
            )
        )

    async def action_reject(self) -> None:
        """Reject it, with a reason."""

        async def save(changed: dict[str, Any], version: int | None) -> None:
            await self.app.tell(cases.reject, self.case_id, version or self._page.version, changed["reason"])
            self.app.say(_("The case is rejected."), undo=True)

        await self.app.show(
            EditPanel(
                _("Reject the case"),
                [Field("reason", _("Reason"), hint=_("why it is no case for us"), required=True)],
                save=save,
                kept=Kept(f"case:{self.case_id}", self._page.contact_id, "reject"),
            )
        )

    async def action_reopen(self) -> None:
        """Open it again."""
        await self.app.tell(cases.reopen, self.case_id, self._page.version)
        self.app.say(_("The case is open again."), undo=True)

    async def action_delete_case(self) -> None:
        """Put it in the trash; asks first when something is on it."""
        page = self._page
        try:
            await self.app.tell(cases.delete, self.case_id, page.version)
        except NeedsConfirmation as error:
            if await self.app.show(ConfirmScreen(error.sentence, _("u brings it all back."))):
                await self.app.tell(cases.delete, self.case_id, page.version, True)
