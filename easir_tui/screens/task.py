"""Planning a task with a contact, and changing one."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.widgets import Static

from easir_tui.clock import say_when
from easir_tui.commands import Command, forms
from easir_tui.crm import activity_facts, tasks, users
from easir_tui.crm.activity_facts import ActivityFacts
from easir_tui.crm.tasks import TYPES, TaskRow
from easir_tui.crm.users import Person
from easir_tui.errors import Conflict
from easir_tui.language import _
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form
from easir_tui.widgets.signs import sign

NO_CASE = 0


class TaskScreen(FormScreen):
    """`app.show("task", contact_id=7)` plans, `task_id=…` changes; dismissed with the task's id, or None.

    Args:
        contact_id: whose next step it is.
        task_id: the task to change; None plans a new one.
        case_id: the case a new one belongs to.
    """

    KIND = "task"
    COMMANDS: ClassVar[tuple[Command, ...]] = forms.ALL

    contact_id: int

    def __init__(self, contact_id: int, task_id: int | None = None, case_id: int | None = None) -> None:
        super().__init__()
        self.contact_id = contact_id
        self.task_id = task_id
        self.case_id = case_id
        self.planned: TaskRow | None = None
        self.people: list[Person] = []
        self._theirs: frozenset[str] = frozenset()

    def draft_key(self) -> str:
        """One for each task, and one for a new one of each contact."""
        return f"task:{self.task_id}" if self.task_id else f"task:new:{self.contact_id}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {"contact_id": self.contact_id, "task_id": self.task_id, "case_id": self.case_id}

    async def build(self) -> Form:
        """Read the contact, its open cases, the colleagues, and the task to be changed."""
        facts = await self.app.ask(activity_facts.read, self.contact_id, self.case_id)
        self.people = await self.app.ask(users.people)
        if self.task_id is not None:
            self.planned = await self.app.ask(tasks.one, self.task_id)
            self.version = self.planned.version
        self._show_head(facts)
        return Form(self._fields(facts), id="form")

    def focus_first(self) -> None:
        """When it is to be done; of a new one first what."""
        assert self.form is not None
        self.form.focus_field("type" if self.planned is None else "when")

    def _show_head(self, facts: ActivityFacts) -> None:
        title = _("Plan a task") if self.task_id is None else _("Change the task")
        company = f" · {facts.contact.account_name}" if facts.contact.account_name else ""
        self.query_one("#form-head", Static).update(
            line(
                (sign("remind", self.app.settings.ascii) + " ", "accent"),
                (title, "title"),
                "  ",
                (facts.contact.name, "strong"),
                (company, "dim"),
            )
        )
        if self.planned is not None and self.planned.case_title:
            self.query_one("#form-side", Static).update(line((self.planned.case_title, "dim")))

    def _fields(self, facts: ActivityFacts) -> list[Field]:
        task = self.planned
        fields = [
            Field(
                "type",
                _("Task"),
                "choice",
                value=task.type if task else "call",
                choices=[(key, _(title)) for key, title in TYPES.items()],
            ),
            Field(
                "when",
                _("When"),
                "when",
                value=task.when if task else None,
                hint=_("fri 10, +2w, tomorrow 9, or only a day"),
                required=True,
            ),
            Field(
                "minutes",
                _("How long"),
                "minutes",
                value=task.minutes if task else None,
                hint=_("45, 1:30, 2 h; empty if it does not matter"),
            ),
            Field("note", _("To do"), "long", value=task.note if task else "", rows=4),
            Field(
                "assignee_id",
                _("Who does it"),
                "choice",
                value=task.assignee_id if task else self.app.me.user_id,
                choices=[(person.user_id, person.full_name) for person in self.people],
            ),
        ]
        if task is None and facts.cases:
            only = facts.cases[0].id if len(facts.cases) == 1 else NO_CASE
            choices = [(NO_CASE, _("no case")), *((case.id, case.title) for case in facts.cases)]
            fields.append(Field("case", _("Case"), "choice", value=self.case_id or only, choices=choices))
        return fields

    async def save(self) -> int | None:
        """Plan it, or change what was edited."""
        assert self.form is not None
        values = self.form.values()
        if values is None:
            return None
        if self.planned is None:
            task_id = await self.app.tell(
                tasks.plan,
                self.contact_id,
                values["type"],
                values["when"],
                values["note"],
                minutes=values["minutes"],
                assignee_id=values["assignee_id"],
                case_id=values.get("case") or None,
                draft_key=self.own_key(),
            )
            self.app.say(_("Planned for {when}.").format(when=say_when(values["when"], self.app.zone)), undo=True)
            return task_id
        edited = {name for name in values if self.form.row(name).edited}
        wanted = {name: values[name] for name in edited & {"type", "note", "assignee_id"} - self._theirs}
        if edited & {"when", "minutes"} and "when" not in self._theirs:
            wanted |= {"when": values["when"], "minutes": values["minutes"]}
        try:
            await self.app.tell(tasks.change, self.planned.id, self.version, **wanted, draft_key=self.own_key())
        except Conflict as conflict:
            if "when" in conflict.original:
                conflict.original["when"] = self.planned.when
            raise
        if wanted:
            self.app.say(_("The task is changed."), undo=True)
        return self.planned.id

    def settled(self, conflict: Conflict, theirs: frozenset[str]) -> None:
        """Keep the other's value of these, and save the rest over the stored version."""
        self._theirs |= theirs
        self.version = conflict.version

    def shown(self, name: str, value: Any) -> str:
        """Titles, times and names instead of keys and ids."""
        if name == "when" and value is not None:
            return say_when(value, self.app.zone)
        if name == "type":
            return _(TYPES.get(str(value), str(value)))
        if name == "assignee_id":
            return next((person.full_name for person in self.people if person.user_id == value), "?")
        return super().shown(name, value)
