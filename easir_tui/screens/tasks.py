"""The task list: overdue, today, later and completed, mine or a colleague's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, get_args

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from easir_tui import clock, relations, text
from easir_tui.commands import Command, lists, tasks_and_cases
from easir_tui.commands import contact_page as keys
from easir_tui.crm import many_tasks, task_list, tasks, teams, users
from easir_tui.crm.tasks import BUCKETS, TYPES, TaskCounts, TaskFilter, TaskRow, View
from easir_tui.data.changes import Changes
from easir_tui.errors import Refused
from easir_tui.language import _, ngettext, number
from easir_tui.screens import task_acts
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.signs import sign

ROLES = {"overdue": "bad", "today": "warn", "later": "info", "completed": "good"}
"""The colour of a bucket; its sign and word stand with it."""


_BY_KEY = tuple((name, TYPES[name]) for name in ("call", "letter", "meeting", "email", "remind"))
"""Types in the order of their keys in the menu."""


class TaskSource:
    """Rows for the list, a page at a time."""

    def __init__(self, app: Host, which: TaskFilter) -> None:
        self.app = app
        self.which = which

    async def count(self) -> tuple[int, bool]:
        """How many tasks there are."""
        total = await self.app.ask(tasks.count, self.which, tasks.COUNTED)
        return total, total >= tasks.COUNTED

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` tasks from number `start` on."""
        return [self.row(task) for task in await self.app.ask(tasks.rows, self.which, start, n)]

    async def ids(self, limit: int) -> list[int]:
        """The explicit set behind "mark all"."""
        return await self.app.ask(task_list.ids, self.which, limit)

    async def position(self, task_id: int) -> int | None:
        """Where a task stands now."""
        return await self.app.ask(tasks.position, self.which, task_id)

    def row(self, task: TaskRow) -> Row:
        """A task as a line of the list."""
        ascii_only = self.app.settings.ascii
        role = "dim" if self.which.view == "all" else ROLES[task.bucket]
        done = task.bucket == "completed"
        mark = sign("given" if done else task.bucket, ascii_only)
        when = task.when
        if task.completed_at is not None:
            shown = clock.short_when(task.completed_at, self.app.zone)
        elif when.day is not None:
            shown = clock.short_day(when.day, self.app.zone)
        else:
            shown = clock.short_when(when.at or 0, self.app.zone)
        return Row(
            task.id,
            (
                (f"{mark} {_(BUCKETS[task.bucket]).lower()}", role),
                (shown, role),
                f"{sign(task.type, ascii_only)} {_(TYPES[task.type])}",
                (text.first_line(task.note), "strong"),
                task.contact_name,
                task.account_name,
                task.case_title,
                task.assignee_initials or task.assignee,
            ),
        )


class TasksScreen(EasirScreen[None]):
    """What is to be done, the most urgent first."""

    PLACE = "tasks"
    CSS_PATH = "tasks.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        replace(keys.COMPLETE, footer=True),
        replace(keys.SNOOZE, footer=True),
        *tasks_and_cases.TASK_LIST,
        *lists.MOVES,
        *lists.MARKS,
        lists.EXPORT,
    )

    app = getters.app(Host)
    rows = getters.query_one("#tasks", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.which = TaskFilter()
        self.whose = ""
        self.narrowed = ""
        self._counts = TaskCounts(0, 0, 0)

    def compose_body(self) -> ComposeResult:
        """The views with their numbers, then the rows."""
        self.which = TaskFilter(assignee_id=self.app.me.user_id)
        with Horizontal(id="task-bar"):
            yield Static(id="task-views")
            yield Static(id="task-whose")
        yield RecordList(
            (
                Column(_("State"), width=11),
                Column(_("When"), width=16),
                Column(_("Task"), width=2 + max(text.cells(_(title)) for title in TYPES.values())),
                Column(_("To do"), min=14, share=3),
                Column(_("Contact"), min=14, share=2),
                Column(_("Company"), min=12, share=2, role="dim", drop=2),
                Column(_("Case"), min=12, share=2, role="dim", drop=3),
                Column(_("Who"), width=4, role="dim", drop=1),
            ),
            source=TaskSource(self.app, self.which),
            empty=self._empty(),
            marks=True,
            id="tasks",
        )

    async def on_mount(self) -> None:
        """The numbers, and the cursor in the list."""
        self.rows.focus()
        await self._count()

    async def changed(self, changes: Changes) -> None:
        """A task, or the name on one, was saved: read again, the cursor stays on its task."""
        if changes.tables & {"task", "contact", "account", "sales_case"}:
            await self.rows.reload()
            await self._count()

    # -- what is shown --------------------------------------------------------------------------------

    async def action_view(self, name: str) -> None:
        """Show another bucket."""
        if name in get_args(View):
            self.which = replace(self.which, view=name)  # type: ignore[arg-type]
            await self._show()

    async def action_whose(self) -> None:
        """Choose whose tasks are shown."""
        people = await self.app.ask(users.people)
        items = [MenuItem("m", _("mine"), self.app.me.user_id), MenuItem("e", _("everybody's"), 0)]
        others = [person for person in people if person.user_id != self.app.me.user_id]
        items += [
            MenuItem(str(at) if at < 10 else " ", person.full_name, person.user_id)
            for at, person in enumerate(others, start=1)
        ]
        chosen = await self.app.show(MenuScreen(_("Whose tasks"), items))
        if chosen is not None:
            self.which = replace(self.which, assignee_id=chosen or None)
            mine = chosen == self.app.me.user_id
            self.whose = "" if mine else next(item.label for item in items if item.value == chosen)
            await self._show()

    async def _show(self) -> None:
        self.rows.empty = self._empty()
        await self.rows.set_source(TaskSource(self.app, self.which))
        await self._count()

    async def _count(self) -> None:
        self._counts = await self.app.ask(task_list.counts_in, self.which)
        self.query_one("#task-views", Static).update(line(*self._views()))
        self.query_one("#task-whose", Static).update(line(*self._narrowed()))

    def _views(self) -> list[tuple[str, str]]:
        """The views with their keys; where they do not fit, first the gaps are narrower, then numbers are left out."""
        counts = self._counts
        numbers = {
            "open": counts.overdue + counts.today + counts.later,
            "overdue": counts.overdue,
            "today": counts.today,
            "later": counts.later,
        }
        room = self.size.width - sum(text.cells(words) for words, _role in self._narrowed()) - 4
        parts = _views(self.which.view, numbers, "  ")
        for gap, shown in ((" ", numbers), (" ", {name: numbers[name] for name in ("overdue", "today")}), (" ", {})):
            if sum(text.cells(words) for words, _role in parts) > room:
                parts = _views(self.which.view, shown, gap)
        return parts

    def _narrowed(self) -> list[tuple[str, str]]:
        """Whose tasks, of what kind, and how many are marked."""
        parts = [(self.whose or _("my tasks"), "")]
        if self.narrowed:
            parts.append((f" · {self.narrowed}", "accent"))
        marked = len(self.rows.marked_ids)
        if marked:
            words = ngettext("{count} marked", "{count} marked", marked).format(count=number(marked))
            parts.insert(0, (f"{words} · ", "accent"))
        return parts

    @on(RecordList.Marked, "#tasks")
    def marked(self) -> None:
        """Other rows are marked."""
        self.perform(self._count)

    async def action_narrow(self) -> None:
        """Only tasks of one type, of one team, or on cases of one relations path."""
        groups = await self.app.ask(teams.listed)
        items = [MenuItem("0", _("everything"), ("", None))]
        items += [MenuItem(key, _(title), ("type", name)) for key, (name, title) in zip("clmbr", _BY_KEY, strict=True)]
        items += [MenuItem(str(at), path.title, ("path", path.key), _("Relations path"))
                  for at, path in enumerate(relations.paths().values(), 1)]  # fmt: skip
        items += [MenuItem(" ", one.name, ("team_id", one.id), _("Team")) for one in groups]
        chosen = await self.app.show(MenuScreen(_("Only tasks of"), items))
        if chosen is None:
            return
        self.which = replace(self.which, type="", path="", team_id=None)
        self.narrowed = ""
        name, held = chosen
        if name:
            self.which = replace(self.which, **{name: held})
            self.narrowed = next(item.label for item in items if item.value == chosen)
            if name == "team_id":
                self.which, self.whose = replace(self.which, assignee_id=None), _("everybody's")
        await self._show()

    async def action_give(self) -> None:
        """Give the marked tasks, or the one under the cursor, to a colleague."""
        ids = self._chosen()
        people = await self.app.ask(users.people)
        items = [MenuItem(str(at) if at < 10 else " ", one.full_name, one.user_id) for at, one in enumerate(people, 1)]
        chosen = await self.app.show(MenuScreen(_("Give to"), items))
        if chosen is None or not await self._sure(ids):
            return
        done = await self.app.tell(many_tasks.reassign, ids, chosen)
        self.rows.clear_marks()
        who = next(one.full_name for one in people if one.user_id == chosen)
        words = ngettext("{count} task is given to {who}.", "{count} tasks are given to {who}.", done)
        self.app.say(words.format(count=number(done), who=who), undo=bool(done))

    async def action_export(self) -> None:
        """Write out the marked tasks, else what the list shows."""
        from easir_tui.screens.exporting import export

        marked = sorted(self.rows.marked_ids)
        await export(self.app, "tasks", marked or await self.app.ask(task_list.ids, self.which, 10**9))

    async def _complete_marked(self, ids: tuple[int, ...]) -> None:
        if await self._sure(ids):
            done = await self.app.tell(many_tasks.complete, ids)
            self.rows.clear_marks()
            words = ngettext("{count} task is completed.", "{count} tasks are completed.", done)
            self.app.say(words.format(count=number(done)), undo=bool(done))

    async def _sure(self, ids: tuple[int, ...]) -> bool:
        """What concerns several says how many and whom first (faults 61)."""
        if len(ids) < 2:
            return True
        names = ", ".join(await self.app.ask(many_tasks.named, ids))
        question = _("This concerns {count} tasks: {names} …").format(count=number(len(ids)), names=names)
        return bool(await self.app.show(ConfirmScreen(question, _("u brings it all back."))))

    def _chosen(self) -> tuple[int, ...]:
        marked = tuple(sorted(self.rows.marked_ids))
        if not marked and self.rows.current_id is None:
            raise Refused(_("There is no task under the cursor."))
        return marked or (self.rows.current_id or 0,)

    def _empty(self) -> str:
        match self.which.view:
            case "overdue":
                return _("Nothing is overdue.")
            case "today":
                return _("Nothing is planned for today.")
            case "completed":
                return _("Nothing has been completed yet.")
        return _("Nothing is planned. Press p on a contact to plan a task.")

    # -- what is done ---------------------------------------------------------------------------------

    async def current_task(self) -> TaskRow:
        """The task under the cursor, as it is stored now."""
        task_id = self.rows.current_id
        if task_id is None:
            raise Refused(_("There is no task under the cursor."))
        return await self.app.ask(tasks.one, task_id)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter opens the contact the task is about."""
        event.stop()
        self.perform(self.action_contact)

    async def action_contact(self) -> None:
        """Open the contact the task is about."""
        await self.app.open("contact", contact_id=(await self.current_task()).contact_id)

    async def action_complete(self) -> None:
        """Complete the task under the cursor, a completed one opens again; or all that are marked."""
        if self.rows.marked_ids:
            await self._complete_marked(self._chosen())
            return
        await task_acts.complete(self.app, await self.current_task())

    async def action_snooze(self) -> None:
        """Move the task under the cursor to later."""
        await task_acts.snooze(self.app, await self.current_task())

    async def action_edit(self) -> None:
        """Change the task under the cursor."""
        task = await self.current_task()
        await self.app.show("task", contact_id=task.contact_id, task_id=task.id)

    async def action_delete(self) -> None:
        """Delete the task under the cursor."""
        await task_acts.delete(self.app, await self.current_task())


def _views(chosen: str, numbers: Mapping[str, int], gap: str) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    for command in tasks_and_cases.VIEWS:
        name = command.id.removeprefix("tasks.")
        title = _(command.title)
        if numbers.get(name):
            title = f"{title} {number(numbers[name])}"
        parts += [(gap if parts else "", ""), (f"{command.keys} ", "key")]
        parts += [(f"[{title}]", "title") if name == chosen else (title, "dim")]
    return parts
