"""Single fields: a line of text, a longer text, a choice, several choices, a record.

All are flat (no border, one row where one row does), their cursors do not blink, and what is typed or pasted
into them is cleaned at once, so that no control character reaches the terminal (faults 90 and 91).
"""

from __future__ import annotations

from textual import getters
from textual.binding import Binding
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, TextArea

from easir_tui import text
from easir_tui.widgets.host import Host


def typed(value: str, newlines: bool = False) -> str:
    """Text as `text.accept` takes it in, but with the spaces at its ends, which may be half of what is to come."""
    return text.accept(f"|{value}|", newlines=newlines)[1:-1]


class Line(Input):
    """One line of text. `Line("Søren", placeholder=_("First name"))`; messages are those of Input."""

    DEFAULT_CSS = """
    Line, Line:focus {
        border: none;
        height: 1;
        padding: 0 1;
        width: 1fr;
        background: $field;
        background-tint: transparent;
        color: $text;
    }
    Line.-textual-compact { padding: 0 1; }
    Line:focus { background: $field-focus; }
    Line > .input--placeholder { color: $text-disabled; }
    Line:ansi { text-style: underline; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        max_length: int = 0,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value=typed(value),
            placeholder=placeholder,
            compact=True,
            max_length=max_length,
            select_on_focus=False,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """Nothing but visible text is ever held."""
        return typed(value)


class FilterLine(Line):
    """The line that narrows a list. ↓ and Enter go to the list (`Left`), Esc empties it first (`Emptied`)."""

    BINDINGS = [
        Binding("enter,down", "filter_leave", show=False, id="filter.leave"),
        Binding("escape", "filter_empty", show=False, id="filter.empty"),
    ]

    class Left(Message):
        """The person is done typing and wants the list."""

        def __init__(self, filter_line: FilterLine) -> None:
            super().__init__()
            self.filter_line = filter_line

        @property
        def control(self) -> FilterLine:
            """The line."""
            return self.filter_line

    class Emptied(Message):
        """Esc: show everything again."""

        def __init__(self, filter_line: FilterLine) -> None:
            super().__init__()
            self.filter_line = filter_line

        @property
        def control(self) -> FilterLine:
            """The line."""
            return self.filter_line

    def action_filter_leave(self) -> None:
        """To the list."""
        self.post_message(self.Left(self))

    def action_filter_empty(self) -> None:
        """Show everything again."""
        self.value = ""
        self.post_message(self.Emptied(self))


class LongText(TextArea):
    """Text of several lines; Tab leaves it. Ctrl+E opens it in the person's own editor where that is allowed."""

    DEFAULT_CSS = """
    LongText, LongText:focus {
        border: none;
        height: 5;
        padding: 0 1;
        width: 1fr;
        background: $field;
        background-tint: transparent;
        color: $text;
    }
    LongText.-textual-compact { padding: 0 1; }
    LongText:focus { background: $field-focus; }
    LongText .text-area--cursor-line { background: transparent; }
    LongText .text-area--placeholder { color: $text-disabled; }
    """

    BINDINGS = [Binding("ctrl+e", "external_editor", show=False)]

    app = getters.app(Host)

    def __init__(
        self,
        value: str = "",
        *,
        rows: int = 5,
        placeholder: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            typed(value, newlines=True),
            compact=True,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            placeholder=placeholder,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False
        self.styles.height = rows

    def render_line(self, y: int) -> Strip:
        """One line; a blank one where there is no room for a letter, for Textual cannot wrap the hint to nothing."""
        if self.content_size.width < 1:
            return Strip.blank(self.size.width)
        return super().render_line(y)

    def edit(self, edit: Edit) -> EditResult:
        """Nothing but visible text and line ends is ever held."""
        edit.text = typed(edit.text, newlines=True)
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        """Replace the whole text, cleaned."""
        super().load_text(typed(text, newlines=True))

    async def action_external_editor(self) -> None:
        """Write this text in $EDITOR."""
        written = await self.app.edit_outside(self.text)
        if written is not None and written != self.text:
            self.load_text(written)
