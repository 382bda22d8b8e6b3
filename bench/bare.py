"""The reference: the least a Textual application can be. `python -m bench.bare list|table|push`."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Header, ListView, Static


class BareList(App[None]):
    """Header, footer and one empty list."""

    BINDINGS = [("q", "quit", "Quit"), ("h", "help", "Helpful")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield ListView()
        yield Footer()


class BareTable(App[None]):
    """A table of fifty rows."""

    def compose(self) -> ComposeResult:
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Name", "Company", "Phone", "City")
        table.add_rows([(f"Name {row}", "Company A/S", f"+45 22 41 90 {row:02d}", "Aarhus") for row in range(50)])


class Empty(Screen[None]):
    """Nothing but a word to look for."""

    BINDINGS = [("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        yield Static("pushed-screen")


class BarePush(App[None]):
    """Pushes an empty screen on a key."""

    BINDINGS = [("p", "go", "Push")]

    def compose(self) -> ComposeResult:
        yield Static("first-screen")

    def action_go(self) -> None:
        self.push_screen(Empty())


if __name__ == "__main__":
    {"list": BareList, "table": BareTable, "push": BarePush}[sys.argv[1]]().run()
