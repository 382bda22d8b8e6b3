"""The columns of a pipeline, as many as fit side by side; the one with the cursor is always among them."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from easir_tui import text
from easir_tui.crm.pipeline import Card, Stage
from easir_tui.language import _, money, number
from easir_tui.widgets.content import Part, line, lines
from easir_tui.widgets.host import Host

LEAST = 24
"""Cells a column needs."""

GAP = 2

HEAD = 3
"""Lines above the cards: title, number and value, a rule."""

CARD = 3
"""Lines of a card: title, contact, and the space below."""


class Pipeline(Widget, can_focus=True):
    """Columns of cards with a cursor. `Opened` when Enter is pressed on a card."""

    DEFAULT_CSS = """
    Pipeline { width: 1fr; height: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: clip; }
    """

    ALLOW_SELECT = False

    app = getters.app(Host)

    class Opened(Message):
        """Enter on a card."""

        def __init__(self, card: Card) -> None:
            super().__init__()
            self.card = card

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.stages: tuple[Stage, ...] = ()
        self.column = 0
        self.row = 0
        self.first = 0

    def show(self, stages: Sequence[Stage]) -> None:
        """Show other columns; the cursor stays on its case, else on its place."""
        held = self.card
        self.stages = tuple(stages)
        if held is not None:
            for at, stage in enumerate(self.stages):
                for row, card in enumerate(stage.cards):
                    if card.id == held.id:
                        self.column, self.row = at, row
        self._within()
        self.refresh()

    @property
    def stage(self) -> Stage | None:
        """The column with the cursor."""
        return self.stages[self.column] if self.column < len(self.stages) else None

    @property
    def card(self) -> Card | None:
        """The case under the cursor."""
        stage = self.stage
        return stage.cards[self.row] if stage is not None and self.row < len(stage.cards) else None

    def _within(self) -> None:
        self.column = max(0, min(self.column, len(self.stages) - 1))
        stage = self.stage
        self.row = max(0, min(self.row, len(stage.cards) - 1)) if stage else 0

    @property
    def fitting(self) -> int:
        """How many columns fit side by side."""
        room = max(LEAST, self.size.width)
        return max(1, min(len(self.stages) or 1, (room + GAP) // (LEAST + GAP)))

    def move(self, columns: int, rows: int) -> None:
        """Move the cursor."""
        if columns:
            self.column += columns
            self.row = 0
        self.row += rows
        self._within()
        self.refresh()

    def action_row_down(self) -> None:
        """To the next card."""
        self.move(0, 1)

    def action_row_up(self) -> None:
        """To the card before."""
        self.move(0, -1)

    def action_row_first(self) -> None:
        """To the first card."""
        self.move(0, -self.row)

    def action_row_last(self) -> None:
        """To the last card."""
        self.move(0, 10**6)

    def action_row_page_down(self) -> None:
        """Some cards down."""
        self.move(0, self._cards_shown())

    def action_row_page_up(self) -> None:
        """Some cards up."""
        self.move(0, -self._cards_shown())

    def action_row_open(self) -> None:
        """Open the case."""
        if self.card is not None:
            self.post_message(self.Opened(self.card))

    def _cards_shown(self) -> int:
        return max(1, (self.size.height - HEAD - 1) // CARD)

    def on_click(self, event: events.Click) -> None:
        """The card under the pointer."""
        width = self._width()
        column = self.first + max(0, event.x - 1) // (width + GAP)
        if column < len(self.stages):
            top = self._top(column)
            self.column, self.row = column, top + max(0, event.y - HEAD) // CARD
            self._within()
            self.refresh()

    def _width(self) -> int:
        fitting = self.fitting
        return (max(LEAST, self.size.width) - GAP * (fitting - 1)) // fitting

    def _top(self, column: int) -> int:
        """The first card of a column that is shown."""
        return max(0, self.row - self._cards_shown() + 1) if column == self.column else 0

    def render(self) -> Content:
        """The columns that fit, the cursor's among them."""
        fitting, width = self.fitting, self._width()
        self.first = min(max(self.first, self.column - fitting + 1), self.column)
        self.first = max(0, min(self.first, len(self.stages) - fitting))
        shown = [self._column(at, width) for at in range(self.first, min(len(self.stages), self.first + fitting))]
        height = max((len(one) for one in shown), default=0)
        blank: list[Part] = [" " * width]
        rows = []
        for number_ in range(height):
            parts: list[Part] = []
            for at, one in enumerate(shown):
                parts += [" " * GAP] if at else []
                parts += one[number_] if number_ < len(one) else blank
            rows.append(line(*parts))
        return lines(*rows) if rows else line("")

    def _column(self, at: int, width: int) -> list[list[Part]]:
        """The lines of one column, each exactly `width` cells."""
        stage = self.stages[at]
        here = at == self.column
        left = "‹ " if at == self.first and self.first else ""
        right = " ›" if at == self.first + self.fitting - 1 and at < len(self.stages) - 1 else ""
        title = text.pad(left + text.cut(stage.title or _("not begun"), width - len(left) - len(right)),
                         width - len(right)) + right  # fmt: skip
        worth = " + ".join(_short(amount, currency) for currency, amount in stage.worth)
        found: list[list[Part]] = [
            [(title, "title" if here else "strong")],
            [(text.pad(" · ".join(filter(None, (number(stage.count), worth))), width), "dim")],
            [("─" * width, "accent" if here else "dim")],
        ]
        top = self._top(at)
        for row, card in enumerate(stage.cards[top : top + self._cards_shown()], top):
            found += self._card(card, width, here and row == self.row)
        hidden = stage.count - min(len(stage.cards), top + self._cards_shown())
        if hidden > 0:
            found.append([(text.pad(_("{count} more").format(count=number(hidden)), width), "dim")])
        return found

    def _card(self, card: Card, width: int, cursor: bool) -> list[list[Part]]:
        worth = _short(card.value, card.currency) if card.value is not None else ""
        mark = "› " if cursor else "  "
        room = width - 2 - (text.cells(worth) + 1 if worth else 0)
        title = text.pad(card.title, room) + (f" {worth}" if worth else "")
        step = "" if card.next_step_at is not None else _("no step")
        who = text.pad(card.company or card.contact, width - 2 - (text.cells(step) + 1 if step else 0))
        below: list[Part] = [("  ", ""), (who, "dim")]
        if step:
            below.append((f" {step}", "warn"))
        return [[(mark, "accent"), (text.pad(title, width - 2), "title" if cursor else "")], below, [" " * width]]


def _short(minor: int, currency: str) -> str:
    """An amount short enough for a card: "342k", "1.3m", with its currency unless that is the crown."""
    whole = minor / 100
    if whole >= 10_000_000:
        words = f"{number(whole / 1_000_000)}m"
    elif whole >= 1_000_000:
        words = f"{number(whole / 1_000_000, 1)}m"
    elif whole >= 1000:
        words = f"{number(whole / 1000)}k"
    else:
        return money(minor, currency)
    return words if currency == "DKK" else f"{currency} {words}"
