"""Planning a task with a contact, and changing one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui.channels.mail_address import NamedAddress
from easir_tui.clock import say_when
from easir_tui.commands import Command, forms
from easir_tui.crm import activities, activity_facts, invitations, meeting_mail, tasks, users
from easir_tui.crm.activity_facts import ActivityFacts
from easir_tui.crm.invitations import Invited
from easir_tui.crm.meeting_mail import Asked, NewTask
from easir_tui.crm.tasks import TYPES, TaskRow
from easir_tui.crm.users import Person
from easir_tui.errors import Conflict
from easir_tui.language import _
from easir_tui.screens import task_acts
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form
from easir_tui.widgets.signs import sign

NO_CASE = 0

OF_MEETINGS = ("guests", "title", "place", "words")
"""Fields that only a planned meeting has: whom it is told by e-mail, and what."""


class TaskForm(Form):
    """The fields of a task; those about guests are there for a meeting, and for its guests."""

    def shows(self, name: str) -> bool:
        """Whether a field is to be seen; before the form is there, whether it will be."""
        return name not in OF_MEETINGS if name not in self._rows else self._rows[name].display

    def compose(self) -> ComposeResult:
        """The rows, those that matter shown."""
        yield from super().compose()
        self.look()

    def look(self) -> None:
        """Show what matters for the kind of task chosen."""
        is_meeting = self._rows["type"].raw == "meeting"
        invites = is_meeting and bool(str(self._rows["guests"].raw).strip())
        self._rows["guests"].display = is_meeting
        for name in ("title", "place", "words"):
            self._rows[name].display = invites

    def on_form_changed(self, event: Form.Changed) -> None:
        """Follow what was chosen."""
        if event.name in ("type", "guests"):
            self.look()

    def fill(self, texts: Mapping[str, Any]) -> None:
        """Put back what a draft kept."""
        super().fill(texts)
        self.look()


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
        self.invited: Invited | None = None

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
            self.invited = await self.app.ask(invitations.told, self.task_id)
        self._show_head(facts)
        return TaskForm([*self._fields(facts), *self._guest_fields(facts)], id="form")

    def _guest_fields(self, facts: ActivityFacts) -> list[Field]:
        """Who is invited, and what they are told; whoever was, stays invited."""
        held = self.invited
        known = ", ".join(one.address for one in held.guests) if held else ""
        offered = facts.addresses[0] if facts.addresses else _("e-mail addresses")
        hint = _("{address}: invites by e-mail").format(address=offered)
        return [
            Field(
                "guests", _("Invite"), value=known, hint=hint, parse=lambda typed: activities.addresses(typed, "guests")
            ),
            Field("title", _("Title"), value=held.title if held else "", hint=_("what the guests read it is")),
            Field("place", _("Where"), value=held.place if held else "", hint=_("showroom, their office, on site")),
            Field("words", _("To them"), "long", value=held.text if held else "", rows=3),
        ]

    def _show_guests(self) -> None:
        """Who is invited and what they said."""
        held = self.invited
        info = self.query_one("#form-info", Static)
        info.display = held is not None and held.cancelled_at is None
        if held is not None:
            said = " · ".join(f"{one.name or one.address} {_(invitations.ANSWERS[one.answer])}" for one in held.guests)
            info.update(line((_("Guests") + "  ", "dim"), said))

    def built(self) -> None:
        """The form is there."""
        self._show_guests()

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
            task_id = await task_acts.sent_despite_refusal(self.app, partial(self._plan, values))
            if task_id is not None:
                said = _("Planned for {when}.").format(when=say_when(values["when"], self.app.zone))
                self.app.say(f"{said} {self._said_of_guests(values)}".rstrip(), undo=True)
            return task_id
        edited = {name for name in values if self.form.row(name).edited}
        wanted = {name: values[name] for name in edited & {"type", "note", "assignee_id"} - self._theirs}
        if edited & {"when", "minutes"} and "when" not in self._theirs:
            wanted |= {"when": values["when"], "minutes": values["minutes"]}
        try:
            saved = await task_acts.sent_despite_refusal(self.app, partial(self._change, wanted, values, edited))
        except Conflict as conflict:
            if "when" in conflict.original:
                conflict.original["when"] = self.planned.when
            raise
        if saved is None:
            return None
        if wanted or saved:
            said = _("The task is changed.")
            self.app.say(f"{said} {self._said_of_guests(values) if saved else ''}".rstrip(), undo=True)
        return self.planned.id

    async def _plan(self, values: Mapping[str, Any], override: str) -> int:
        """Plan it, and invite whoever is to come."""
        new = NewTask(
            self.contact_id, values["type"], values["when"], values["note"], values["minutes"], values["assignee_id"],
            values.get("case") or None,
        )  # fmt: skip
        return await self.app.tell(meeting_mail.plan, new, _asked(values), override=override, draft_key=self.own_key())

    async def _change(
        self, wanted: Mapping[str, Any], values: Mapping[str, Any], edited: set[str], override: str
    ) -> bool:
        """Change it, and tell the guests; whether there was something to tell them."""
        assert self.planned is not None
        asked = _asked(values)
        if asked is not None and self.invited is not None and not edited & {*OF_MEETINGS, "when", "minutes", "type"}:
            asked = None
        return await self.app.tell(
            meeting_mail.change, self.planned.id, self.version, dict(wanted), asked, override=override,
            draft_key=self.own_key(),
        )  # fmt: skip

    def _said_of_guests(self, values: Mapping[str, Any]) -> str:
        return _("The guests get an e-mail.") if _asked(values) is not None else ""

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


def _asked(values: Mapping[str, Any]) -> Asked | None:
    """Who is invited to a meeting and what they are told; None of any other task, and where nobody is."""
    if values["type"] != "meeting" or not values.get("guests"):
        return None
    return Asked(
        tuple(NamedAddress(one) for one in values["guests"]), values["title"], values["words"], values["place"]
    )
