"""The command palette: find what can be done here by its name."""

from __future__ import annotations

from typing import Any

from easir_tui import text
from easir_tui.language import _
from easir_tui.screens.chooser import Chooser
from easir_tui.screens.commanded import Commanded
from easir_tui.widgets.option import Option
from easir_tui.widgets.rows import Column


class Palette(Chooser):
    """Every command that is possible on a screen, with its keys; dismissed with the command's id as value."""

    def __init__(self, screen: Commanded[Any]) -> None:
        super().__init__(_("Commands"), self._commands, empty=_("No command of that name. Type other letters."))
        self._of = screen

    def columns(self) -> tuple[Column, Column]:
        """Title and what it does; the keys at the right."""
        return (Column("", min=12), Column("", width=10, role="accent", align="right"))

    async def _commands(self, words: str) -> list[Option]:
        wanted = text.fold(words).split()
        found: list[tuple[int, Option]] = []
        for command in self._of.possible_commands():
            title, tooltip = _(command.title), _(command.tooltip)
            held = text.fold(f"{title} {tooltip} {_(command.group)}")
            if all(word in held for word in wanted):
                first = text.fold(title)
                rank = 0 if wanted and first.startswith(wanted[0]) else 1 if wanted and wanted[0] in first else 2
                keys = self.signs_of(command, most=2)
                found.append((rank, Option(command.id, f"{title} — {tooltip}", keys)))
        return [option for _rank, option in sorted(found, key=lambda pair: pair[0])]
