"""Templates: texts to begin an e-mail, a letter or a note with; one's own, the teams', everybody's."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from easir_tui import relations, text
from easir_tui.commands import Command, cases_list, lists, set_up
from easir_tui.crm import templates
from easir_tui.crm.templates import KINDS, TemplateFacts
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.menu import TextScreen
from easir_tui.widgets.content import line, lines, plain
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Column, RecordList, Row


class TemplatesScreen(EasirScreen[None]):
    """One list; 1 shows all of it, 2, 3 and 4 those of a kind."""

    PLACE = "templates"
    CSS_PATH = "templates.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        cases_list.footer(lists.NEW),
        set_up.EDIT_TEMPLATE,
        cases_list.footer(lists.DELETE),
        *cases_list.VIEWS[: 1 + len(KINDS)],
        *lists.MOVES,
    )

    app = getters.app(Host)
    templates = getters.query_one("#templates", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.kind = ""
        self.known: dict[int, TemplateFacts] = {}

    def compose_body(self) -> ComposeResult:
        """The heading and the list."""
        yield Static(id="templates-head")
        yield RecordList(
            (
                Column(_("Kind"), width=7, role="dim"), Column(_("Title"), min=16, share=2),
                Column(_("For"), min=9, drop=1), Column(_("Cases"), min=14, share=2, drop=2),
                Column("", width=2, role="dim", drop=3), Column(_("Text"), min=26, share=3, role="dim", drop=4),
            ),
            empty=_("A template is a text to begin an e-mail, a letter or a note with.\n\nN  writes the first one"),
            id="templates",
        )  # fmt: skip

    async def on_mount(self) -> None:
        """All of them."""
        await self.read()
        self.templates.focus()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Templates")

    async def read(self) -> None:
        """The templates as they are now."""
        found = await self.app.ask(templates.listed)
        if not self.is_attached:
            return
        self.known = {one.id: one for one in found}
        self.show_rows()

    def show_rows(self) -> None:
        """Those of the kind that is looked at."""
        paths = relations.paths()
        self.templates.set_rows([Row(one.id, (
            _(KINDS[one.kind]), (one.title, "strong"), one.whose, _cases(one, paths), one.language,
            text.first_line(one.body),
        )) for one in self.known.values() if self.kind in ("", one.kind)])  # fmt: skip
        parts: list[tuple[str, str]] = [(_("Templates"), "title"), ("   ", "")]
        for at, (kind, title) in enumerate((("", _("All")), *((kind, _(said)) for kind, said in KINDS.items())), 1):
            here = kind == self.kind
            parts += [(f"{at} ", "key"), (f"[{title}]", "strong") if here else (title, "dim"), ("  ", "")]
        self.query_one("#templates-head", Static).update(line(*parts))

    async def changed(self, changes: Changes) -> None:
        """Somebody wrote one, or changed teams or paths."""
        if changes.tables & {"template", "membership", "team", "company_setting"}:
            await self.read()

    async def action_view(self, at: int) -> None:
        """All, or one kind."""
        self.kind = ("", *KINDS)[int(at) - 1]
        self.show_rows()

    @on(RecordList.Opened)
    def opened(self) -> None:
        """Enter on a row."""
        self.perform(self.action_edit)

    def _template(self) -> TemplateFacts:
        found = self.known.get(self.templates.current_id or 0)
        if found is None:
            raise Refused(_("Put the cursor on a template first."), _("N writes one."))
        return found

    async def action_new(self) -> None:
        """A new one, of the kind that is looked at."""
        await self._show(await self.app.show("template", kind=self.kind or "email"))

    async def _show(self, template_id: int | None) -> None:
        if template_id is not None:
            await self.read()
            if self.kind not in ("", self.known[template_id].kind):
                self.kind = ""
                self.show_rows()
            at = next((at for at, row in enumerate(self.templates.rows()) if row.id == template_id), 0)
            self.templates.move_to(at)

    async def action_edit(self) -> None:
        """All of it, or, where it is not one's own to change, its text to read."""
        one = self._template()
        try:
            await self.app.ask(templates.may_change, one.id)
        except Refused as reason:
            subject = (line((one.subject, "strong")), Content("")) if one.subject else ()
            body = (*subject, *map(plain, one.body.split("\n")), Content(""), line((str(reason), "dim")))
            await self.app.show(TextScreen(one.title, lines(*body)))
            return
        await self._show(await self.app.show("template", template_id=one.id))

    async def action_delete(self) -> None:
        """Put it away."""
        one = self._template()
        await self.app.tell(templates.remove, one.id)
        self.app.say(_("The template {name} is gone.").format(name=one.title), undo=True)


def _cases(one: TemplateFacts, paths: dict[str, relations.RelationsPath]) -> str:
    """On which cases it is offered: "New car · Offer sent", the path's key where there is none any more."""
    if not one.path:
        return _("all")
    path = paths.get(one.path)
    if path is None:
        return one.path
    step = path.milestone(one.milestone)
    return f"{path.title} · {step.title}" if step is not None else path.title
