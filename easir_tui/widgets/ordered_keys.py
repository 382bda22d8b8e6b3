"""Keys are obeyed in the order they were typed, however fast they come.

Textual hands each key to the widget that has the focus at that moment and lets it travel up through several
queues before a command is found for it. Over a slow link keys arrive in bursts: of "/soren" the slash has not
yet opened the filter when the letters are already on their way to the list, where s means sort. Here the next
key waits until the one before has done what it does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from textual import events
from textual._callback import invoke
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from easir_tui.widgets.host import Host

PATIENCE = 1.0
"""Seconds the next key waits for one whose handling does not end."""

ROUNDS = 5
"""How often what was asked for later may ask for more before it is left to its turn."""


class OrderedKeys(Host):
    """An application whose keys do not overtake each other."""

    _awaited: events.Key | None = None
    _unclaimed: bool = False
    _soon: list[Callable[[], Any]] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Take keys one by one; everything else as Textual does."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._key(event)
        else:
            await super().on_event(event)

    def unclaimed(self, event: events.Key) -> bool:
        """A key came up to its screen and nothing wanted it: True when its turn to be a command is awaited."""
        if event is not self._awaited:
            return False
        self._unclaimed = True
        return True

    def call_later(self, callback: Any, *arguments: Any, **named: Any) -> bool:
        """While a key is at work, what it asks the app to do later (move the focus) is done before the next key."""
        if self._soon is None:
            return super().call_later(callback, *arguments, **named)
        self._soon.append(partial(callback, *arguments, **named))
        return True

    async def _key(self, event: events.Key) -> None:
        self._soon = []
        try:
            await self._obey(event)
            for _round in range(ROUNDS):
                due, self._soon = self._soon, []
                if not due:
                    break
                for callback in due:
                    await invoke(callback)
        finally:
            left, self._soon = self._soon, None
            for callback in left:
                super().call_later(callback)

    async def _obey(self, event: events.Key) -> None:
        self.unsay()
        screen = self.screen
        target = self.focused or screen
        if target.check_consume_key(event.key, event.character):
            await super().on_event(event)
            return
        await _drained(target)
        if _is_handled_below(target, event.key):
            self._awaited, self._unclaimed = event, False
            await super().on_event(event)
            await _drained(*_chain(target), screen)
            self._awaited = None
            if self._unclaimed and self.screen is screen:
                await self._check_bindings(event.key)
        elif not await self._check_bindings(event.key, priority=True):
            await self._check_bindings(event.key)
        await _drained(*_chain(target), screen)
        top: Screen[Any] = screen
        for _round in range(ROUNDS):
            await self.acted(top)
            if self.screen is top:
                return
            top = self.screen
            await _drained(top)

    async def acted(self, screen: Screen[Any]) -> None:
        """Wait until what a key has started is done, or waits for the person."""


def _chain(target: DOMNode) -> Iterator[MessagePump]:
    """A widget twice, for the key and for the message it answers with, and what stands above it."""
    yield target
    node: DOMNode | None = target
    while node is not None and not isinstance(node, Screen):
        yield node
        node = node.parent if isinstance(node.parent, DOMNode) else None


def _is_handled_below(target: Widget, key: str) -> bool:
    """Whether the widget, or one above it, looks at keys itself or has a binding of its own for this one."""
    node: DOMNode | None = target
    while isinstance(node, Widget):
        if _looks_at_keys(type(node)) or (not isinstance(node, Screen) and key in node._bindings.key_to_bindings):
            return True
        node = node.parent if isinstance(node.parent, DOMNode) else None
    return False


@cache
def _looks_at_keys(kind: type[Widget]) -> bool:
    """Whether a class does something with keys that are not text typed into it."""
    for one in kind.__mro__:
        own = one.__dict__
        if one in (Widget, Input) or own.get("GIVES_KEYS_BACK"):
            return False
        if "on_key" in own or "_on_key" in own or any(name.startswith("key_") for name in own):
            return True
    return False


async def _drained(*pumps: MessagePump) -> None:
    """Wait until each of these has worked through what was sent to it so far."""
    for pump in pumps:
        done = asyncio.Event()
        if pump.is_attached and pump.call_later(done.set):
            try:
                await asyncio.wait_for(done.wait(), PATIENCE)
            except TimeoutError:
                return
