"""Forms: a list of fields, each with a label before it and a line under it that says what is wrong, or how it was read.

    form = Form([
        Field("title", _("Title"), required=True),
        Field("when", _("When"), "when", value=When(at, None)),
        Field("kind", _("Kind"), "choice", value="private", choices=(("private", _("Private")), …)),
    ])
    values = form.values()        # None: errors stand beside the fields and the first one has the focus

What a person typed is never lost: a field in error keeps its text, `texts()` is all of it for a draft, and
`fill()` puts it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from easir_tui import clock, text
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.widgets.choices import Checks, Choice, OneRow, Pick
from easir_tui.widgets.content import plain
from easir_tui.widgets.host import Host
from easir_tui.widgets.inputs import FilterLine, Line, LongText, typed
from easir_tui.widgets.option import New, Option

__all__ = ["Checks", "Choice", "Field", "FilterLine", "Form", "Line", "LongText", "OneRow", "Option", "Pick"]


@dataclass(frozen=True, slots=True)
class Field:
    """What one field asks.

    `kind` is "text", "long", "choice", "checks", "when" (a `clock.When`), "day" (a date), "minutes" (an int),
    "pick" (a record found by `search`; `label` names the one chosen now in `chosen`), or "yes" (true or false).
    `parse` turns typed text into the value and raises `Invalid`; `echo` says how it was read.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = None
    choices: Sequence[tuple[Any, str]] = ()
    hint: str = ""
    required: bool = False
    parse: Callable[[str], Any] | None = None
    echo: Callable[[str], str] | None = None
    search: Any = None
    create: str = ""
    chosen: str = ""
    rows: int = 4
    max_length: int = 0


class Label(Static):
    """The name of a field."""

    ALLOW_SELECT = False


class FieldRow(Vertical):
    """A label, the field, and the line under it."""

    DEFAULT_CSS = """
    FieldRow { height: auto; }
    FieldRow > Label { dock: left; width: 18; height: 1; color: $text-muted; padding: 0 1 0 0; }
    FieldRow > .field--note { display: none; height: auto; padding: 0 1; color: $text-muted; }
    FieldRow.-said > .field--note { display: block; }
    FieldRow.-wrong > .field--note { color: $error; }
    FieldRow.-wrong > Label { color: $error; }
    FieldRow.-here > Label { color: $accent; }
    """

    app = getters.app(Host)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.widget = self._made()
        self._note = Static(classes="field--note")
        self._first = self.raw

    def compose(self) -> ComposeResult:
        """Label, field, note."""
        yield Label(plain(self.field.label))
        yield self.widget
        yield self._note

    def _made(self) -> Widget:
        field = self.field
        name = f"field-{field.name.replace('.', '-')}"
        match field.kind:
            case "long":
                return LongText(field.value or "", rows=field.rows, placeholder=field.hint, id=name)
            case "choice":
                return Choice(field.choices, field.value, title=field.label, id=name)
            case "yes":
                return Choice(((True, _("Yes")), (False, _("No"))), bool(field.value), title=field.label, id=name)
            case "checks":
                return Checks(field.choices, field.value or (), id=name)
            case "pick":
                return Pick(
                    field.chosen,
                    field.value,
                    field.search,
                    title=field.label,
                    create=field.create,
                    optional=not field.required,
                    id=name,
                )
        return Line(_written(field, self.zone_name), placeholder=field.hint, max_length=field.max_length, id=name)

    def on_descendant_focus(self) -> None:
        """The label is lit while the field has the focus."""
        self.add_class("-here")

    def on_descendant_blur(self) -> None:
        """And no longer."""
        self.remove_class("-here")

    @property
    def zone_name(self) -> str:
        """The user's zone."""
        return self.app.me.zone

    @property
    def raw(self) -> Any:
        """What stands in the field, as it was typed or chosen; JSON can hold it."""
        widget = self.widget
        if isinstance(widget, Input):
            return widget.value
        if isinstance(widget, TextArea):
            return widget.text
        if isinstance(widget, Checks):
            return list(widget.values)
        if isinstance(widget, Pick):
            return [widget.value.text if isinstance(widget.value, New) else widget.value, widget.label]
        return widget.value if isinstance(widget, Choice) else None

    @raw.setter
    def raw(self, raw: Any) -> None:
        widget = self.widget
        if isinstance(widget, Input):
            widget.value = str(raw)
        elif isinstance(widget, TextArea):
            widget.load_text(str(raw))
        elif isinstance(widget, Checks):
            widget.values = tuple(raw)
        elif isinstance(widget, Pick):
            widget.choose(New(raw[0]) if isinstance(raw[0], str) and self.field.create else raw[0], raw[1])
        elif isinstance(widget, Choice):
            widget.value = raw

    @property
    def edited(self) -> bool:
        """Whether it differs from what it began with."""
        return bool(self.raw != self._first)

    def value(self) -> Any:
        """What the field means.

        Raises:
            Invalid: it cannot be read, or is missing.
        """
        field, raw = self.field, self.raw
        if field.kind in ("choice", "yes"):
            return raw
        if field.kind == "checks":
            if field.required and not raw:
                raise Invalid(field.name, _("Choose at least one."))
            return tuple(raw)
        if field.kind == "pick":
            assert isinstance(self.widget, Pick)
            if field.required and self.widget.value is None:
                raise Invalid(field.name, _("Choose one: press Enter and type."))
            return self.widget.value
        words = text.accept(raw, newlines=field.kind == "long")
        if not words:
            if field.required:
                raise Invalid(field.name, _("This cannot be empty."))
            if field.parse is None:
                return None if field.kind in ("when", "day", "minutes") else ""
            return field.parse("")
        return self.read(words)

    def read(self, words: str) -> Any:
        """Typed text as the value it stands for."""
        if self.field.parse is not None:
            return self.field.parse(words)
        zone = self.app.zone
        match self.field.kind:
            case "when":
                return clock.parse_when(words, zone)
            case "day":
                return clock.parse_day(words, zone)
            case "minutes":
                return clock.parse_minutes(words)
        return words

    def say(self, sentence: str, wrong: bool = False) -> None:
        """Put a sentence under the field; an empty one takes it away."""
        self.set_class(bool(sentence), "-said")
        self.set_class(wrong and bool(sentence), "-wrong")
        self._note.update(plain(("✗ " if wrong else "→ ") + sentence if sentence else ""))

    def look(self) -> None:
        """Say how the text is read while it is typed, for dates and where the field has an `echo`."""
        words = text.accept(str(self.raw)) if isinstance(self.widget, Input) else ""
        if not words or (self.field.echo is None and self.field.kind not in ("when", "day")):
            self.say("")
            return
        try:
            self.say(self._echoed(words))
        except Invalid:
            self.say("")

    def _echoed(self, words: str) -> str:
        if self.field.echo is not None:
            return self.field.echo(words)
        value = self.read(words)
        return clock.say_when(value, self.app.zone) if self.field.kind == "when" else clock.date_long(value)


class Form(VerticalScroll, can_focus=False):
    """The fields of a form, scrolling when they do not fit."""

    DEFAULT_CSS = """
    Form { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    """

    class Changed(Message):
        """A field was edited."""

        def __init__(self, form: Form, name: str) -> None:
            super().__init__()
            self.form = form
            self.name = name

    def __init__(self, fields: Sequence[Field], id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields = tuple(fields)
        self._rows: dict[str, FieldRow] = {}

    def compose(self) -> ComposeResult:
        """One row a field."""
        for field in self.fields:
            self._rows[field.name] = FieldRow(field)
            yield self._rows[field.name]

    def shows(self, name: str) -> bool:
        """Whether a field is to be seen; before the form is there, whether it will be."""
        return name not in self._rows or self._rows[name].display

    def row(self, name: str) -> FieldRow:
        """The row of a field: label, widget, note."""
        return self._rows[name]

    def field(self, name: str) -> Widget:
        """The widget of a field."""
        return self._rows[name].widget

    def values(self) -> dict[str, Any] | None:
        """All values by name; None when something is wrong, which then stands beside the fields."""
        return self._read(self._rows)

    def changed(self) -> dict[str, Any] | None:
        """The values of the edited fields only; None when something is wrong.

        What stands as it was is not judged: a stored text that no longer passes can be left alone (faults 37).
        """
        rows = {name: row for name, row in self._rows.items() if row.edited or (row.field.required and not row.raw)}
        return self._read(rows)

    def _read(self, rows: Mapping[str, FieldRow]) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        wrong: str = ""
        for name, row in rows.items():
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

    @property
    def dirty(self) -> bool:
        """Whether anything was edited."""
        return any(row.edited for row in self._rows.values())

    def texts(self) -> dict[str, Any]:
        """Everything as typed, for a draft."""
        return {name: row.raw for name, row in self._rows.items()}

    def edited_texts(self) -> dict[str, Any]:
        """What was edited, as typed."""
        return {name: row.raw for name, row in self._rows.items() if row.edited}

    def written(self, texts: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
        """Of a draft's texts those that a person wrote: nothing chosen, nothing that stood there `before`."""
        return [
            raw
            for name, raw in texts.items()
            if isinstance(raw, str)
            and raw != before.get(name)
            and name in self._rows
            and isinstance(self._rows[name].widget, (Input, TextArea))
        ]

    def fill(self, texts: Mapping[str, Any]) -> None:
        """Put back what a draft kept; names it does not know are left alone."""
        for name, raw in texts.items():
            if name in self._rows:
                self._rows[name].raw = raw

    def error(self, name: str, sentence: str) -> bool:
        """Say beside a field what is wrong with it; False when there is no such field."""
        if name not in self._rows:
            return False
        self._rows[name].say(sentence, wrong=True)
        self.focus_field(name)
        return True

    def focus_field(self, name: str) -> None:
        """Put the cursor in a field."""
        self._rows[name].widget.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how a line is read as it is typed."""
        self._edited(event.input)
        event.stop()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """A longer text was edited."""
        self._edited(event.text_area)
        event.stop()

    def on_one_row_changed(self, event: OneRow.Changed) -> None:
        """Something was chosen."""
        self._edited(event.field)
        event.stop()

    def _edited(self, widget: Widget) -> None:
        for name, row in self._rows.items():
            if row.widget is widget:
                row.look()
                self.post_message(self.Changed(self, name))


def _written(field: Field, zone_name: str) -> str:
    """A value as a person would type it."""
    value = field.value
    if value is None:
        return ""
    if field.kind == "when":
        if value.day is not None:
            return f"{value.day:%Y-%m-%d}"
        return f"{clock.local(value.at, clock.zone(zone_name)):%Y-%m-%d %H:%M}"
    if field.kind == "day":
        return f"{value:%Y-%m-%d}"
    return typed(str(value))
