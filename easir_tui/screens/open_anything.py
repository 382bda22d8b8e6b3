"""Open anything: one box that finds contacts, accounts, cases, leads, notes and commands as you type."""

from __future__ import annotations

from typing import Any

from easir_tui import text
from easir_tui.crm import anything
from easir_tui.crm.anything import KINDS, Hit
from easir_tui.language import _
from easir_tui.screens.chooser import Chooser
from easir_tui.screens.commanded import Commanded
from easir_tui.widgets.option import Option
from easir_tui.widgets.rows import Column


class OpenAnything(Chooser):
    """Dismissed with an option whose value is a `Hit`, or the id of a command of the screen below."""

    def __init__(self, screen: Commanded[Any]) -> None:
        super().__init__(
            _("Open anything"), self._find, empty=_("Type a name, a company, a number, a case, a word of a note.")
        )
        self._of = screen

    def columns(self) -> tuple[Column, Column]:
        """What it is; its kind at the right."""
        return (Column("", min=12), Column("", width=10, role="accent", align="right"))

    async def _find(self, words: str) -> list[Option]:
        if not words.strip():
            return []
        hits = await self.app.ask_latest("anything", anything.find, words)
        return [*(self._option(hit) for hit in hits), *self._commands(words)]

    def _option(self, hit: Hit) -> Option:
        reason = f"  ({hit.reason})" if hit.reason and hit.reason != hit.detail else ""
        detail = f" · {hit.detail}" if hit.detail else ""
        return Option(hit, f"{hit.name}{detail}{reason}", _(KINDS[hit.kind]))

    def _commands(self, words: str) -> list[Option]:
        """Commands of the screen below whose title begins with what was typed."""
        wanted = text.fold(words)
        found = [command for command in self._of.possible_commands() if text.fold(_(command.title)).startswith(wanted)]
        return [
            Option(
                command.id, f"{_(command.title)} — {_(command.tooltip)}",
                self.signs_of(command, most=1),
            )
            for command in found[:5]
        ]  # fmt: skip
