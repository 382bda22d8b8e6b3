"""The first start of an empty database: who you are here, and what to press next."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui.commands import forms, lists
from easir_tui.language import _
from easir_tui.screens.base import EasirModal
from easir_tui.widgets.content import line, lines


class WelcomeScreen(EasirModal[None]):
    """Greets the first person, who is the admin."""

    COMMANDS = (lists.NEW, forms.CLOSE)

    DEFAULT_CSS = """
    WelcomeScreen > #dialog { width: 66; padding: 1 2 0 2; }
    """

    def __init__(self) -> None:
        super().__init__(_("Welcome to EASI'R"))

    def compose_body(self) -> ComposeResult:
        """The greeting."""
        me = self.app.me
        yield Static(
            lines(
                line(_("Hello "), (me.full_name, "strong"), "."),
                line(_("This database is new, and you are its admin.")),
                "",
                line(("N", "key"), "                  ", _("add your first contact")),
                line(("easir import FILE", "key"), "  ", _("bring in an address file")),
                line(("easir demo", "key"), "         ", _("look around in a made-up dealership")),
                line(("?", "key"), "                  ", _("the keys of any screen")),
            )
        )

    async def action_new(self) -> None:
        """Add the first contact."""
        self.dismiss(None)
        await self.app.show("new_contact")
