"""The one form for the five kinds of activity.

It shows what `crm.activity_facts` read, holds what is typed, and gives it as the `ActivityInput` that
`crm.activities.record` saves. Choosing a case shows its path's milestones; ticking milestones proposes the next
step and the texts to begin with, for as long as nobody has typed another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from easir_tui import clock, relations
from easir_tui.crm import template_fields
from easir_tui.crm.activities import ActivityInput, Email, NewCase, NextStep
from easir_tui.crm.activity_facts import ActivityFacts
from easir_tui.crm.mail_answers import Beginning
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.relations import Milestone, RelationsPath
from easir_tui.widgets import activity_fields
from easir_tui.widgets.activity_fields import NEW_CASE, NO_CASE, OTHER_NUMBER
from easir_tui.widgets.fields import Choice, Field, FieldRow, Form, LongText
from easir_tui.widgets.milestone_picker import MilestonePicker

PAIRS = frozenset(
    {
        ("direction", "number"),
        ("outcome", "minutes"),
        ("at", "minutes"),
        ("cc", "bcc"),
        ("step_type", "step_when"),
    }
)
"""Fields that share a row where there is room."""

LONGEST_CALL = 3 * 60 * 60
"""Seconds after which an open form is no longer taken for a call that goes on."""


class MilestoneRow(FieldRow):
    """The row of the milestones: at least one when there is a case (V6)."""

    def __init__(self) -> None:
        super().__init__(Field("milestones", _("Milestones")))

    @property
    def picker(self) -> MilestonePicker:
        """The milestones."""
        assert isinstance(self.widget, MilestonePicker)
        return self.widget

    def _made(self) -> Widget:
        return MilestonePicker(id="field-milestones")

    @property
    def raw(self) -> Any:
        """The keys ticked."""
        return list(self.picker.keys)

    @raw.setter
    def raw(self, raw: Any) -> None:
        self.picker.keys = raw

    def value(self) -> tuple[str, ...]:
        """The keys ticked.

        Raises:
            Invalid: none is, though there is a case.
        """
        if self.display and self.picker.milestones and not self.picker.keys:
            raise Invalid("milestones", _("Choose at least one milestone of the case."))
        return self.picker.keys


class Pair(Horizontal):
    """Two short fields on one row."""

    DEFAULT_CSS = """
    Pair { height: auto; }
    Pair > FieldRow { width: 2fr; }
    Pair > FieldRow:last-child { width: 3fr; margin-left: 2; }
    Pair.first-wide > FieldRow { width: 3fr; }
    Pair.first-wide > FieldRow:last-child { width: 2fr; }
    .-narrow Pair { layout: vertical; }
    .-narrow Pair > FieldRow:last-child { margin-left: 0; }
    """


class ActivityForm(Form):
    """`ActivityForm("call", facts, zone, case_id=3)`.

    Args:
        kind: note, meeting, email, call or letter.
        facts: what is known before anything is typed.
        zone: the user's.
        case_id: the case to preselect; else the only open one, else none.
        key: the draft's key, forgotten when the activity is saved.
        beginning: the e-mail it answers or passes on.
    """

    DEFAULT_CSS = """
    ActivityForm { height: 1fr; max-height: 100%; }
    ActivityForm FieldRow > Label { width: 13; }
    """

    class Looked(Message):
        """What the form would do has changed: another channel, another direction."""

    def __init__(
        self,
        kind: str,
        facts: ActivityFacts,
        zone: ZoneInfo,
        case_id: int | None = None,
        key: str | None = None,
        beginning: Beginning | None = None,
    ) -> None:
        self.kind = kind
        self.facts = facts
        self.key = key
        self.beginning = beginning
        self.opened_at: int | None = clock.now()
        self._proposed: tuple[str, str] = ("", "")
        self._milestones = MilestoneRow()
        fields = activity_fields.fields_of(kind, facts, zone, self._first_case(case_id), beginning)
        super().__init__(fields, id="form")

    def _first_case(self, case_id: int | None) -> int:
        ids = [case.id for case in self.facts.cases]
        if self.beginning is not None and case_id is None:
            return NO_CASE
        if self.facts.task is not None and case_id is None:
            return self.facts.task.case_id or NO_CASE
        if case_id in ids:
            return case_id or NO_CASE
        return ids[0] if len(ids) == 1 else NO_CASE

    def compose(self) -> ComposeResult:
        """The rows, the milestones after what says which case, and short fields two on a row."""
        for field in self.fields:
            self._rows[field.name] = FieldRow(field)
            if field.name == "new_path":
                self._rows["milestones"] = self._milestones
        self._look()
        rows = list(self._rows.values())
        while rows:
            row = rows.pop(0)
            if rows and (row.field.name, rows[0].field.name) in PAIRS:
                yield Pair(row, rows.pop(0), classes="first-wide" if row.field.name == "at" else "")
            else:
                yield row

    def shows(self, name: str) -> bool:
        """Whether a field is to be seen; before the form is there, whether it will be."""
        if name in self._rows:
            return self._rows[name].display
        mail = self.kind == "meeting" and name in ("to", "subject", "body")
        return not mail and name not in ("new_title", "new_path", "suggestion")

    # -- what is shown --------------------------------------------------------------------------------

    @property
    def case(self) -> int:
        """The case chosen: an id, `NO_CASE` or `NEW_CASE`."""
        return int(self._rows["case"].raw)

    @property
    def path(self) -> RelationsPath | None:
        """The relations path of the case chosen."""
        if self.case == NEW_CASE:
            return relations.paths().get(str(self._rows["new_path"].raw))
        return next((one.path for one in self.facts.cases if one.id == self.case), None)

    @property
    def chosen(self) -> tuple[Milestone, ...]:
        """The milestones ticked."""
        keys = self._milestones.picker.keys
        return tuple(one for one in self._milestones.picker.milestones if one.key in keys)

    @property
    def writes_mail(self) -> bool:
        """Whether saving stores an e-mail."""
        return self.kind == "email" or (self.kind == "meeting" and bool(self._rows["mail"].raw))

    def _look(self) -> None:
        """Show the rows that matter for what is chosen."""
        new = self.case == NEW_CASE
        self._rows["new_title"].display = new
        self._rows["new_path"].display = new and len(relations.paths()) > 1
        path = self.path
        self._milestones.display = path is not None
        self._milestones.picker.show(path.milestones if path else ())
        if self.kind == "meeting":
            for name in ("to", "subject", "suggestion", "body"):
                self._rows[name].display = self.writes_mail
        self._propose()

    def _propose(self) -> None:
        """Propose the next step and texts of the milestones ticked, unless something else was chosen."""
        offered = activity_fields.follow_up(self.chosen)
        now = (str(self._rows["step_type"].raw), str(self._rows["step_when"].raw))
        if now == self._proposed and offered != now:
            self._proposed = offered
            self._rows["step_type"].raw, self._rows["step_when"].raw = offered
        row, path = self._rows.get("suggestion"), self.path
        if row is not None:
            assert isinstance(row.widget, Choice)
            choices = activity_fields.suggestions(self.kind, self.facts, path, self.chosen)
            if tuple(choices) != row.widget.choices:
                row.widget.set_choices(choices, "")
            row.display = len(choices) > 1 and (self.kind != "meeting" or self.writes_mail)
        self._shade()

    def _shade(self) -> None:
        """Every other row in another shade, so that fields without a blank row between them can be told apart."""
        shade, before = False, ""
        for name, row in self._rows.items():
            if row.display:
                shade = shade if (before, name) in PAIRS else not shade
                row.set_class(shade, "shaded")
                before = name

    def _suggest(self) -> None:
        """Put the chosen suggestion into the text, a template's subject too; its fields stand filled in."""
        chosen = self._rows["suggestion"].raw
        template = next((one for one in self.facts.templates if one.id == chosen), None)
        words = template_fields.fill(template.body if template else str(chosen), self.words)
        body = self._rows["body" if "body" in self._rows else "note"].widget
        assert isinstance(body, LongText)
        if words and self.beginning is not None and words not in body.text:
            body.load_text(f"{words}\n{body.text}")
        elif words and words not in body.text:
            body.load_text(f"{body.text.rstrip()}\n\n{words}\n" if body.text.strip() else f"{words}\n")
        if template is not None and template.subject and "subject" in self._rows and not self._rows["subject"].raw:
            self._rows["subject"].raw = template_fields.fill(template.subject, self.words)

    @property
    def words(self) -> dict[str, str]:
        """What the fields of a template stand for, with the case chosen now."""
        case = next((one for one in self.facts.cases if one.id == self.case), None)
        return {**self.facts.words, **(case.words if case else {})}

    def on_form_changed(self, event: Form.Changed) -> None:
        """Follow what was chosen."""
        if event.form is not self:
            return
        if event.name in ("case", "new_path", "milestones", "mail"):
            self._look()
        elif event.name == "suggestion":
            self._suggest()
        if event.name in ("direction", "mail", "to", "case"):
            self.post_message(self.Looked())

    # -- drafts ---------------------------------------------------------------------------------------

    def texts(self) -> dict[str, Any]:
        """Everything as typed, and since when a call is timed."""
        return super().texts() | {"opened_at": self.opened_at}

    def fill(self, texts: Mapping[str, Any]) -> None:
        """Put back what a draft kept; the case first, because the milestones are its."""
        opened_at = texts.get("opened_at")
        self.opened_at = opened_at if isinstance(opened_at, int) else None
        for name in ("case", "new_path"):
            if name in texts and self._is_choice(name, texts[name]):
                self._rows[name].raw = texts[name]
        self._look()
        rest = {name: raw for name, raw in texts.items() if name not in ("case", "new_path", "opened_at")}
        if "milestones" in rest:
            self._milestones.raw = rest.pop("milestones")
            self._proposed = activity_fields.follow_up(self.chosen)
        self._propose()
        super().fill({name: raw for name, raw in rest.items() if self._is_choice(name, raw)})
        self._look()

    def _is_choice(self, name: str, raw: Any) -> bool:
        """Whether a draft's value still is one of the choices; of other fields always."""
        widget = self._rows[name].widget if name in self._rows else None
        return not isinstance(widget, Choice) or raw in [value for value, _label in widget.choices]

    def prefill(self) -> None:
        """Begin with what the task to be completed says; an answer stands where on its case the e-mail does."""
        task = self.facts.task
        if self.beginning is not None and self.path is not None:
            self._milestones.raw = list(self.beginning.milestones)
            self._proposed = activity_fields.follow_up(self.chosen)
        if task is not None and task.note:
            self._rows["note"].raw = task.note
        if task is not None and "subject" in self._rows and self.kind == "email":
            self._rows["subject"].raw = task.note.splitlines()[0] if task.note else ""
        if task is not None and "minutes" in self._rows and task.minutes and self.kind == "meeting":
            self._rows["minutes"].raw = str(task.minutes)

    def without_task(self) -> None:
        """Somebody else completed the task meanwhile: what is typed is saved by itself."""
        self.facts = replace(self.facts, task=None)

    # -- what is saved --------------------------------------------------------------------------------

    def read(self, override: str = "") -> ActivityInput | None:
        """Everything as it is to be saved; None when something is wrong, which then stands beside its field."""
        values = self.visible_values()
        if values is None:
            return None
        step = self._step(values)
        if step is False or step is True:
            return None
        task = self.facts.task
        case = self.case
        at = values.get("at")
        return ActivityInput(
            contact_id=self.facts.contact.id,
            kind=self.kind,
            case_id=case if case > 0 else None,
            new_case=NewCase(values["new_title"], values.get("new_path")) if case == NEW_CASE else None,
            milestones=values.get("milestones", ()),
            note=values["note"],
            at=at.at if at else None,
            minutes=self._minutes(values),
            place=values.get("place", ""),
            direction=values.get("direction", ""),
            number=self._number(values),
            outcome=values.get("outcome", ""),
            subject=values.get("subject", "") if self.kind == "letter" else "",
            body=values.get("body", "") if self.kind == "letter" else "",
            email=self._email(values) if self.writes_mail else None,
            attachments=values.get("files", ()),
            forwards=tuple(one[0] for one in self.beginning.files) if values.get("along") and self.beginning else (),
            answers=self.beginning.answers if self.beginning else None,
            next_step=step,
            task_id=task.id if task else None,
            task_version=task.version if task else None,
            consent_override=override,
            draft_key=self.key,
        )

    def visible_values(self) -> dict[str, Any] | None:
        """The values of the rows that are shown; None when one is wrong."""
        found: dict[str, Any] = {}
        wrong = ""
        for name, row in self._rows.items():
            if not row.display:
                continue
            try:
                found[name] = row.value()
                row.look()
            except Invalid as error:
                row.say(str(error), wrong=True)
                wrong = wrong or name
        if wrong:
            self.focus_field(wrong)
            return None
        return found

    def _step(self, values: Mapping[str, Any]) -> NextStep | bool | None:
        """The next step, None for none, False when it is half filled in."""
        kind, when, note = values["step_type"], values["step_when"], values["step_note"]
        if not kind and not note and (when is None or self._rows["step_when"].raw == self._proposed[1]):
            return None
        if not kind:
            self.error("step_type", _("Choose what is to be done then."))
            return False
        if when is None:
            self.error("step_when", _("Write when it is to be done."))
            return False
        return NextStep(kind, when, note)

    def _email(self, values: Mapping[str, Any]) -> Email:
        return Email(
            to=values["to"] or (),
            cc=values.get("cc") or (),
            bcc=values.get("bcc") or (),
            subject=values["subject"],
            body=values["body"],
        )

    def _number(self, values: Mapping[str, Any]) -> str:
        number = values.get("number", "")
        return "" if number == OTHER_NUMBER else str(number)

    def _minutes(self, values: Mapping[str, Any]) -> int | None:
        """The length typed; of a call that was reached just now, the time the form has been open."""
        typed = values.get("minutes")
        if typed is not None or self.kind != "call" or values.get("outcome") != "reached" or values.get("at"):
            return typed
        if self.opened_at is None or clock.now() - self.opened_at > LONGEST_CALL:
            return None
        return activity_fields.elapsed_minutes(self.opened_at)
