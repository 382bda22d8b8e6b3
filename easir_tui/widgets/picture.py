"""A picture in the terminal: half blocks painted like any text, or graphics laid over cells that stay empty."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from easir_tui.channels.preview import Preview
from easir_tui.widgets.graphics import BLOCKS, KITTY, SIXEL, cell_size, kitty, kitty_away, protocol
from easir_tui.widgets.host import Host

FORMS = {BLOCKS: "rgb", KITTY: "png", SIXEL: "sixel"}
"""What a preview has to be made of, by how it is shown."""


class Picture(Widget, can_focus=False):
    """Shows a `Preview` that was made for `wants()`."""

    DEFAULT_CSS = "Picture { width: 1fr; height: 1fr; }"

    app: Host

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Preview | None = None
        self._strips: list[Strip] = []
        self._laid = ""

    @property
    def how(self) -> str:
        """The way pictures are shown here."""
        return protocol(self.app.settings.pictures)

    def wants(self) -> tuple[str, int, int]:
        """The form a preview should have, and how many pixels there is room for."""
        wide, high = (1, 2) if self.how == BLOCKS else cell_size()
        return FORMS[self.how], max(1, self.size.width * wide), max(1, self.size.height * high)

    def show(self, preview: Preview | None) -> None:
        """Show another picture, or none."""
        self._take_away()
        self._shown = preview
        self._strips = _half_blocks(preview) if preview is not None and self.how == BLOCKS else []
        self.refresh()
        if preview is not None and self.how != BLOCKS:
            self.call_after_refresh(self._lay)

    def render_line(self, y: int) -> Strip:
        """A row of half blocks, in the middle of the room there is."""
        width = self.size.width
        top = max(0, (self.size.height - len(self._strips)) // 2)
        if not top <= y < top + len(self._strips):
            return Strip.blank(width, self.rich_style)
        strip = self._strips[y - top]
        left = max(0, (width - strip.cell_length) // 2)
        blank = Segment(" " * left, self.rich_style)
        return Strip([blank, *strip]).adjust_cell_length(width, self.rich_style)

    def _lay(self) -> None:
        """Lay the picture over the cells, which are painted by now."""
        shown = self._shown
        if shown is None or not self.is_attached:
            return
        wide, high = cell_size()
        columns = min(self.size.width, -(-shown.width // wide))
        rows = min(self.size.height, -(-shown.height // high))
        x = self.region.x + (self.size.width - columns) // 2
        y = self.region.y + (self.size.height - rows) // 2
        self._laid = self.how
        codes = kitty(shown.content, columns, rows) if self._laid == KITTY else shown.content.decode("ascii", "ignore")
        self.app.lay(codes, x, y)

    def _take_away(self) -> None:
        if self._laid == KITTY:
            self.app.lay(kitty_away(), 0, 0)
        elif self._laid == SIXEL:
            self.app.redraw()
        self._laid = ""

    def on_unmount(self) -> None:
        """Nothing of it stays behind."""
        self._take_away()


def _half_blocks(preview: Preview) -> list[Strip]:
    """Two rows of pixels a line: the upper one is the colour of ▀, the lower one what is behind it."""
    width, height, raw = preview.width, preview.height, preview.content
    styles: dict[tuple[bytes, bytes], Style] = {}
    strips = []
    for y in range(0, height, 2):
        upper = raw[y * width * 3 : (y + 1) * width * 3]
        lower = raw[(y + 1) * width * 3 : (y + 2) * width * 3] or upper
        segments: list[Segment] = []
        run, before = 0, (b"", b"")
        for x in range(0, width * 3, 3):
            cell = (upper[x : x + 3], lower[x : x + 3])
            if cell != before and run:
                segments.append(Segment("▀" * run, _style(styles, before)))
                run = 0
            run, before = run + 1, cell
        segments.append(Segment("▀" * run, _style(styles, before)))
        strips.append(Strip(segments, width))
    return strips


def _style(styles: dict[tuple[bytes, bytes], Style], cell: tuple[bytes, bytes]) -> Style:
    found = styles.get(cell)
    if found is None:
        found = styles[cell] = Style.from_color(Color.from_rgb(*cell[0]), Color.from_rgb(*cell[1]))
    return found
