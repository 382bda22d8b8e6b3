"""Help: what can be done on the screen one comes from, and on which key."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from easir_tui import text
from easir_tui.commands import Command
from easir_tui.language import _
from easir_tui.screens.menu import TextScreen
from easir_tui.widgets.content import line


class HelpScreen(TextScreen):
    """The commands of a screen in their groups."""

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(_("Keys of this screen"), Content(""))
        groups = list(dict.fromkeys(command.group for command in commands))
        self.commands = tuple(sorted(commands, key=lambda command: groups.index(command.group)))

    def on_mount(self) -> None:
        """Write it with the keys as this person has them."""
        from textual.widgets import Static

        rows: list[Content] = []
        keys = {command.id: self.signs_of(command) for command in self.commands}
        width = 2 + max((text.cells(held) for held in keys.values()), default=0)
        group = ""
        for command in self.commands:
            if command.group != group:
                group = command.group
                if rows:
                    rows.append(Content(""))
                rows.append(line((_(group), "strong")))
            rows.append(line((text.pad(keys[command.id], width), "key"), _(command.tooltip)))
        self.query_one(Static).update(Content("\n").join(rows))
