"""The form of a template: what it begins, whose it is, on which cases it is offered, and its text."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.widgets import Input, Static, TextArea

from easir_tui import relations, text
from easir_tui.commands import Command, forms, set_up
from easir_tui.crm import template_fields, templates
from easir_tui.crm.templates import KINDS, TemplateFacts
from easir_tui.language import _
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.choices import Choice
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form
from easir_tui.widgets.option import Option

LONGEST_LINE = 200
"""Letters of a title and of a subject."""


class TemplateScreen(FormScreen):
    """`app.show("template", template_id=2)`, or with a kind for a new one; dismissed with the template's id."""

    PLACE = "templates"
    KIND = "template"
    COMMANDS: ClassVar[tuple[Command, ...]] = (set_up.FIELD, *forms.ALL)
    contact_id = None

    def __init__(self, template_id: int | None = None, kind: str = "email") -> None:
        super().__init__()
        self.template_id = template_id
        self.kind = kind
        self.held: TemplateFacts | None = None

    def draft_key(self) -> str:
        """One for each template."""
        return f"template:{self.template_id or 'new'}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {"template_id": self.template_id, "kind": self.kind}

    async def build(self) -> Form:
        """What it says now, and whom one may write for."""
        held = self.held = await self.app.ask(templates.facts, self.template_id) if self.template_id else None
        if held is not None:
            await self.app.ask(templates.may_change, held.id)
            self.version = held.version
        title = held.title if held else _("New template")
        self.query_one("#form-head", Static).update(line((_("Template"), "title"), "  ", (title, "strong")))
        info = self.query_one("#form-info", Static)
        info.display = True
        info.update(line((_("{{contact.first_name}} stands for the first name; F9 shows all such fields."), "dim")))
        path = held.path if held else ""
        paths = [("", _("all cases")), *((one.key, one.title) for one in relations.paths().values())]
        if path and path not in dict(paths):
            paths.append((path, path))
        return Form([
            Field("kind", _("Begins"), "choice", value=held.kind if held else self.kind,
                  choices=[(kind, _(said)) for kind, said in KINDS.items()]),
            Field("title", _("Title"), value=held.title if held else "", required=True, max_length=LONGEST_LINE),
            Field("scope", _("For"), "choice", value=held.scope if held else "own",
                  choices=await self.app.ask(templates.scopes)),
            Field("language", _("Language"), "choice", value=held.language if held else "",
                  choices=(("", _("any")), ("en", "English"), ("da", "Dansk"))),
            Field("path", _("Offered on"), "choice", value=path, choices=paths),
            Field("milestone", _("Once reached"), "choice", value=held.milestone if held else "",
                  choices=_milestones(path)),
            Field("subject", _("Subject"), value=held.subject if held else "", max_length=LONGEST_LINE),
            Field("body", _("Text"), "long", value=held.body if held else "", rows=9, required=True),
        ], id="form")  # fmt: skip

    def focus_first(self) -> None:
        """The title, for a new one; else the text."""
        assert self.form is not None
        self.form.focus_field("body" if self.held else "title")

    def built(self) -> None:
        """Only what this kind and this path have."""
        self._fit()

    @on(Form.Changed)
    def edited(self, event: Form.Changed) -> None:
        """Another kind, another path."""
        if event.name in ("kind", "path"):
            self._fit()

    def _fit(self) -> None:
        assert self.form is not None
        values = self.form.texts()
        milestones = _milestones(values["path"])
        chosen = self.form.field("milestone")
        assert isinstance(chosen, Choice)
        if milestones != list(chosen.choices):
            chosen.set_choices(milestones)
        self.form.row("milestone").display = bool(values["path"])
        self.form.row("subject").display = values["kind"] != "note"

    async def action_field(self) -> None:
        """Put a field where the cursor is."""
        at = self.focused

        async def search(typed: str) -> list[Option]:
            wanted = text.fold(typed)
            return [
                Option(name, _(said), "{{" + name + "}}") for name, said in template_fields.FIELDS.items()
                if wanted in text.fold(_(said)) or wanted in name
            ]  # fmt: skip

        chosen = await self.app.show("chooser", title=_("Field"), search=search)
        if chosen is None or self.form is None:
            return
        if not isinstance(at, TextArea) and at is not self.form.field("subject"):
            at = self.form.field("body")
        put = "{{" + chosen.value + "}}"
        if isinstance(at, TextArea):
            at.insert(put)
        elif isinstance(at, Input):
            at.insert_text_at_cursor(put)
        at.focus()

    async def save(self) -> int | None:
        """Write the template, or change what was edited."""
        assert self.form is not None
        values = self.form.values() if self.template_id is None else self.form.changed()
        if values is None:
            return None
        if values.get("kind") == "note":
            values["subject"] = ""
        if self.template_id is None:
            title, kind = values.pop("title"), values.pop("kind")
            saved = await self.app.tell(templates.add, kind, title, **values)
        else:
            saved = self.template_id
            if values:
                await self.app.tell(templates.change, saved, self.version, **values)
        await self.forget()
        self.app.say(_("The template is saved."), undo=bool(values))
        return saved


def _milestones(path: str) -> list[tuple[str, str]]:
    found = relations.paths().get(path)
    steps = found.milestones if found is not None else ()
    return [("", _("at any time")), *((step.key, step.title) for step in steps)]
