"""Menus that show their keys, and a page of text to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from easir_tui import text
from easir_tui.commands import forms, lists
from easir_tui.screens.base import EasirModal
from easir_tui.widgets.record_list import Column, RecordList, Row

BESIDES = 16
"""Cells of a menu that are neither label nor detail: border, signs, key, gaps."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A choice with the letter that takes it at once; `detail` stands dim at its right."""

    key: str
    label: str
    value: Any
    detail: str = ""


class MenuScreen(EasirModal[Any]):
    """A short list of choices: its letter, or arrows and Enter, takes one. Dismissed with its value or None."""

    COMMANDS = (*lists.MOVES, forms.CLOSE)

    DEFAULT_CSS = """
    MenuScreen > #dialog { width: 44; }
    MenuScreen RecordList { height: auto; max-height: 16; background: $surface; margin-top: 1; }
    """

    def __init__(self, title: str, items: Sequence[MenuItem]) -> None:
        super().__init__(title)
        self.items = tuple(items)

    def compose_body(self) -> ComposeResult:
        """The choices."""
        detail = max((text.cells(item.detail) for item in self.items), default=0)
        shown = RecordList(
            (
                Column("", width=max((text.cells(item.key) for item in self.items), default=1), role="title"),
                Column("", min=8),
                Column("", width=detail, role="dim", align="right"),
            )
            if detail
            else (Column("", width=1, role="title"), Column("", min=8)),
            header=False,
        )
        shown.styles.height = max(1, len(self.items))
        yield shown

    def on_mount(self) -> None:
        """Fill it, as wide as its longest label and its longest detail need."""
        label = max((text.cells(item.label) for item in self.items), default=0)
        detail = max((text.cells(item.detail) for item in self.items), default=0)
        self.query_one("#dialog").styles.width = max(44, label + detail + BESIDES)
        shown = self.query_one(RecordList)
        shown.set_rows(Row(i + 1, (item.key, item.label, item.detail)) for i, item in enumerate(self.items))
        shown.focus()

    async def on_key(self, event: events.Key) -> None:
        """A letter takes its choice."""
        for item in self.items:
            if event.character == item.key or event.key == item.key:
                event.stop()
                self.dismiss(item.value)
                return

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter takes the choice under the cursor."""
        event.stop()
        self.dismiss(self.items[event.id - 1].value)


class TextScreen(EasirModal[None]):
    """Something to read, scrolling when it is long."""

    COMMON = ()
    COMMANDS = (forms.CLOSE,)

    DEFAULT_CSS = """
    TextScreen > #dialog { width: 84; max-height: 95%; }
    TextScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    TextScreen Static { padding: 1 0 0 0; }
    """

    def __init__(self, title: str, content: Content) -> None:
        super().__init__(title)
        self.content_shown = content

    def compose_body(self) -> ComposeResult:
        """The text."""
        with VerticalScroll():
            yield Static(self.content_shown)

    async def on_key(self, event: events.Key) -> None:
        """q leaves too, j and k scroll."""
        scroll = self.query_one(VerticalScroll)
        if event.key == "q":
            event.stop()
            self.dismiss(None)
        elif event.key in ("j", "k"):
            event.stop()
            scroll.scroll_relative(y=1 if event.key == "j" else -1, animate=False)
