"""A block: some facts in a frame, with a pen that edits them in place.

    block = Block(_("Address"), id="address")
    block.show(lines("Havnegade 12, 2. tv", "8000 Aarhus C"))

Enter, E, or a click on the frame's foot posts `Block.Edit`; the screen then shows an `EditPanel` near it.
"""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from easir_tui.widgets.content import plain

PEN = "✎"


class Block(Static, can_focus=True):
    """Facts as one piece of text in a frame."""

    DEFAULT_CSS = """
    Block {
        width: 1fr;
        height: auto;
        padding: 0 1;
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        color: $foreground;
    }
    Block:focus {
        border: round $border;
        border-title-color: $accent;
        border-title-style: bold;
        border-subtitle-color: $accent;
    }
    """

    class Edit(Message):
        """The pen was used."""

        def __init__(self, block: Block) -> None:
            super().__init__()
            self.block = block

        @property
        def control(self) -> Block:
            """The block, for `@on(Block.Edit, "#address")`."""
            return self.block

    def __init__(
        self,
        title: str,
        content: Content | None = None,
        *,
        pen: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(content or Content(""), id=id, classes=classes)
        self.pen = pen
        self.set_title(title)
        if pen:
            self.border_subtitle = plain(PEN)

    def set_title(self, title: str) -> None:
        """Name the block anew."""
        self.border_title = plain(title)

    def show(self, content: Content) -> None:
        """Show these facts; nothing is repainted when they are the same."""
        if content != self.content:
            self.update(content)

    def action_block_edit(self) -> None:
        """Use the pen."""
        if self.pen:
            self.post_message(self.Edit(self))

    def on_click(self, event: events.Click) -> None:
        """A click on the pen, or a double click anywhere, edits."""
        on_pen = event.y == self.outer_size.height - 1 and event.x >= self.outer_size.width - 5
        if on_pen or event.chain >= 2:
            self.action_block_edit()
