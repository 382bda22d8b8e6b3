"""Questions: yes or no, and for what cannot be undone the name typed in full."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui.commands import forms
from easir_tui.language import _
from easir_tui.screens.base import EasirModal
from easir_tui.text import fold
from easir_tui.widgets.content import paragraphs
from easir_tui.widgets.inputs import Line


class ConfirmScreen(EasirModal[bool]):
    """A question that y answers with True, and n or Esc with False. Enter does nothing: it never destroys.

    Args:
        question: what is asked, a whole sentence.
        detail: what would happen, with numbers and names.
        title: of the box.
    """

    COMMANDS = (forms.YES, forms.NO)

    DEFAULT_CSS = """
    ConfirmScreen #question { color: $text; text-style: bold; padding: 1 0 0 0; }
    ConfirmScreen #detail { padding: 1 0 0 0; }
    """

    def __init__(self, question: str, detail: str = "", title: str = "", danger: bool = False) -> None:
        super().__init__(title or (_("Careful") if danger else _("Question")))
        self.question = question
        self.detail = detail
        self.set_class(danger, "-danger")

    def compose_body(self) -> ComposeResult:
        """The question, and what it means."""
        yield Static(paragraphs(self.question), id="question")
        if self.detail:
            yield Static(paragraphs(self.detail), id="detail")

    async def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)

    async def action_no(self) -> None:
        """No."""
        self.dismiss(False)

    async def action_back(self) -> None:
        """No."""
        self.dismiss(False)


class TypedConfirm(EasirModal[bool]):
    """For what cannot be undone: the name must be typed before F10 or Ctrl+S does it."""

    COMMANDS = (forms.SAVE, forms.CLOSE)

    DEFAULT_CSS = """
    TypedConfirm > #dialog { border: round $error; border-title-color: $error; }
    TypedConfirm #question { color: $text; padding: 1 0; }
    TypedConfirm #wrong { color: $error; height: auto; }
    """

    def __init__(self, question: str, name: str) -> None:
        super().__init__(_("This cannot be undone"))
        self.question = question
        self.name_wanted = name

    def compose_body(self) -> ComposeResult:
        """The question and the line for the name."""
        yield Static(paragraphs(self.question), id="question")
        yield Static(paragraphs(_("Type the name to go on: {name}").format(name=self.name_wanted)))
        yield Line(id="typed")
        yield Static(id="wrong")

    async def action_save(self) -> None:
        """Go on if the name is right."""
        written = self.query_one("#typed", Line).value
        if fold(written.strip()) == fold(self.name_wanted.strip()):
            self.dismiss(True)
        else:
            self.query_one("#wrong", Static).update(paragraphs(_("That is not the name. Nothing was done.")))

    async def action_back(self) -> None:
        """Leave it as it is."""
        self.dismiss(False)
