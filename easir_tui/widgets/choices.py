"""Fields that are chosen in, not typed into: one of a few values, several of them, a record.

Each is one row (Checks: one a value), flat as the fields of `inputs` are. Letters typed into one choose in it and
are no commands of the page; the other keys are commands of the screen (`forms.FIELDS`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import events, getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from easir_tui import text
from easir_tui.widgets.content import line, plain
from easir_tui.widgets.host import Host
from easir_tui.widgets.option import New, Option, Search

TOGETHER = 1.0
"""Seconds within which letters typed into a choice belong to one word."""


class OneRow(Widget, can_focus=True):
    """What the fields of one row that are not typed into have in common."""

    DEFAULT_CSS = """
    OneRow {
        height: 1;
        width: 1fr;
        padding: 0 1;
        background: $field;
        color: $text;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    OneRow:focus { background: $field-focus; text-style: bold; }
    OneRow:ansi:focus { text-style: reverse; }
    """

    ALLOW_SELECT = False

    app = getters.app(Host)

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, field: OneRow, value: Any) -> None:
            super().__init__()
            self.field = field
            self.value = value

        @property
        def control(self) -> OneRow:
            """The field."""
            return self.field

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters do not fall through to the commands of the page."""
        return character is not None and character.isprintable() and key != "space"

    async def on_key(self, event: events.Key) -> None:
        """A letter starts or chooses."""
        if event._stop_propagation or event.character is None:
            return
        if self.check_consume_key(event.key, event.character):
            event.stop()
            now = event.time
            self._typed = self._typed + event.character if now - self._typed_at < TOGETHER else event.character
            self._typed_at = now
            self.letter(self._typed)

    _typed = ""
    _typed_at = 0.0

    def letter(self, typed: str) -> None:
        """Letters were typed, this one within a second of those before."""

    def on_click(self, event: events.Click) -> None:
        """A click opens."""
        self.screen.perform(self.action_choose)  # type: ignore[attr-defined]

    async def action_choose(self) -> None:
        """Open what there is to choose."""


class Choice(OneRow):
    """One of a few values: ← → step, Enter shows them all, a letter jumps.

    Args:
        choices: (value, label) in order.
        value: the value chosen at first; the first of the choices when it is none of them.
    """

    def __init__(
        self,
        choices: Sequence[tuple[Any, str]],
        value: Any = None,
        *,
        title: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.choices = tuple(choices)
        self.heading = title
        self._value = value
        if self.choices and value not in [held for held, _label in self.choices]:
            self._value = self.choices[0][0]

    @property
    def value(self) -> Any:
        """The value chosen."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        if value != self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed(self, value))

    def set_choices(self, choices: Sequence[tuple[Any, str]], value: Any = None) -> None:
        """Other values to choose from; the present one stays if it is among them."""
        self.choices = tuple(choices)
        held = [one for one, _label in self.choices]
        self.value = value if value in held else self._value if self._value in held else (held or [None])[0]
        self.refresh()

    def render(self) -> Content:
        """The label of the value, and that there are others."""
        label = next((label for value, label in self.choices if value == self._value), "")
        return line(label, (" ▾", "dim")) if len(self.choices) > 1 else plain(label)

    def letter(self, typed: str) -> None:
        """The choice that begins with what is typed; one letter again and again goes through those it begins."""
        wanted = text.fold(typed)
        same = wanted == wanted[:1] * len(wanted)
        at = self._index()
        first = at + 1 if same else at
        for i in range(first, first + len(self.choices)):
            value, label = self.choices[i % len(self.choices)]
            if text.fold(label).startswith(wanted[:1] if same else wanted):
                self.value = value
                return

    def action_choice_next(self) -> None:
        """The value after this one."""
        self._step(1)

    def action_choice_previous(self) -> None:
        """The value before this one."""
        self._step(-1)

    async def action_choose(self) -> None:
        """All values in a list."""
        if len(self.choices) < 2:
            return

        async def search(words: str) -> list[Option]:
            wanted = text.fold(words)
            return [Option(value, label) for value, label in self.choices if wanted in text.fold(label)]

        chosen = await self.app.show("chooser", title=self.heading, search=search, at=self._value)
        if chosen is not None:
            self.value = chosen.value

    def _index(self) -> int:
        return next((i for i, (value, _label) in enumerate(self.choices) if value == self._value), 0)

    def _step(self, by: int) -> None:
        if self.choices:
            self.value = self.choices[(self._index() + by) % len(self.choices)][0]


class Checks(OneRow):
    """Several of a few values, one a row; ↑ ↓ move, Space ticks.

    Args:
        choices: (value, label) in order.
        values: the values ticked at first.
    """

    DEFAULT_CSS = """
    Checks { height: auto; max-height: 8; }
    """

    def __init__(
        self,
        choices: Sequence[tuple[Any, str]],
        values: Sequence[Any] = (),
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.choices = tuple(choices)
        self._values = set(values)
        self._at = 0

    @property
    def values(self) -> tuple[Any, ...]:
        """The values ticked, in the order of the choices."""
        return tuple(value for value, _label in self.choices if value in self._values)

    @values.setter
    def values(self, values: Sequence[Any]) -> None:
        if set(values) != self._values:
            self._values = set(values)
            self.refresh()
            self.post_message(self.Changed(self, self.values))

    def set_choices(self, choices: Sequence[tuple[Any, str]], values: Sequence[Any] = ()) -> None:
        """Other values to choose from."""
        self.choices = tuple(choices)
        self._values = set(values)
        self._at = 0
        self.refresh(layout=True)

    def render(self) -> Content:
        """One row a choice, ticked or not, the current one marked."""
        rows = []
        for i, (value, label) in enumerate(self.choices):
            ticked = value in self._values
            here = self.has_focus and i == self._at
            rows.append(
                line(
                    ("› " if here else "  ", "accent"),
                    ("[✓] " if ticked else "[ ] ", "good" if ticked else "dim"),
                    (label, "strong" if here else ""),
                )
            )
        return Content("\n").join(rows)

    async def on_key(self, event: events.Key) -> None:
        """Move and tick."""
        step = {"up": -1, "down": 1}.get(event.key)
        if step is not None and 0 <= self._at + step < len(self.choices):
            event.stop()
            self._at += step
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Tick the row under the pointer."""
        event.prevent_default()
        if 0 <= event.y < len(self.choices):
            self._at = event.y
            self.tick()

    def tick(self) -> None:
        """Tick or untick the current one."""
        if self.choices:
            self.values = tuple(self._values ^ {self.choices[self._at][0]})

    async def action_choose(self) -> None:
        """Tick or untick the current one."""
        self.tick()


class Pick(OneRow):
    """A record, found by typing. Enter opens the search, Backspace empties.

    Args:
        label: what the record is called now.
        value: its id, a `New` for one yet to be made, or None.
        search: options for what is typed.
        create: "New account “{text}”" offers to make one; empty does not.
    """

    def __init__(
        self,
        label: str,
        value: Any,
        search: Search,
        *,
        title: str = "",
        create: str = "",
        optional: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.label = label
        self.heading = title
        self._value = value
        self._search = search
        self._create = create
        self._optional = optional

    @property
    def value(self) -> Any:
        """The id chosen, a `New`, or None."""
        return self._value

    def choose(self, value: Any, label: str) -> None:
        """Set value and label."""
        self.label = label
        self._value = value
        self.refresh()
        self.post_message(self.Changed(self, value))

    def render(self) -> Content:
        """The record's name and that it can be changed."""
        return line(self.label or "—", (" ▾", "dim"))

    def letter(self, typed: str) -> None:
        """Start the search with the letter typed."""
        self.screen.perform(self._choose, typed[-1])  # type: ignore[attr-defined]

    async def on_key(self, event: events.Key) -> None:
        """Backspace empties; letters are for `OneRow.on_key`, which Textual calls besides."""
        if event.key in ("backspace", "delete") and self._optional:
            event.stop()
            self.choose(None, "")

    async def action_choose(self) -> None:
        """Search for the record."""
        await self._choose("")

    async def _choose(self, start: str) -> None:
        chosen = await self.app.show(
            "chooser", title=self.heading, search=self._search, create=self._create, start=start
        )
        if isinstance(chosen, New):
            self.choose(chosen, chosen.text)
        elif chosen is not None:
            self.choose(chosen.value, chosen.label)
