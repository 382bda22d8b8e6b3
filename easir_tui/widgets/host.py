"""What a screen or widget may ask of the application it runs in.

`Host` is the type of `self.app` for everything below `app.py`: the two ways to the data (`ask` and `tell`),
the two ways to speak to the person (`report` and `say`), and the ways to other screens (`show`, `open`, `go`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from textual._context import active_message_pump
from textual.app import App
from textual.events import Key
from textual.screen import Screen

from easir_tui import text
from easir_tui.data.changes import Changes as Changes
from easir_tui.errors import Refused
from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.config import Settings
    from easir_tui.crm.users import Me
    from easir_tui.data.database import Store

P = ParamSpec("P")
T = TypeVar("T")

MESSAGE_SECONDS = 6.0
"""How long a sentence stands in the key line when no key is pressed."""


@dataclass
class Said:
    """The sentence that stands in the key line now."""

    sentence: str = ""
    undo: bool = False
    bad: bool = False
    number: int = field(default=0, compare=False)


class Host(App[int]):
    """An application that screens can be shown in."""

    ENABLE_COMMAND_PALETTE = False

    me: Me
    settings: Settings
    store: Store

    sole: bool = True
    """Whether this is the person's only session here; a draft of another one is not cut off but being typed."""

    SCREEN_CLASSES: Mapping[str, str] = {}
    """Screens by name: "contact" -> "easir_tui.screens.contact:ContactScreen". Imported when first shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said = Said()
        self.animation_level = "none"
        self.underway = 0
        """Questions and changes that are not answered yet."""
        self.counts: dict[str, str] = {}
        self.shown = asyncio.Event()
        self.kept_screens: dict[str, Any] = {}
        """Screens that are filled anew instead of made again, by name."""

    @property
    def places(self) -> frozenset[str]:
        """Names of the screens that can be gone to."""
        return frozenset(self.SCREEN_CLASSES)

    def own_key(self, key: str) -> str:
        """The key under which this session keeps a draft: in a second session of one person one of its own."""
        if self.sole:
            return key
        from easir_tui.crm.drafts import ASIDE

        return f"{key}{ASIDE}s{os.getpid()}"

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone; all dates are shown in it."""
        return ZoneInfo(self.me.zone)

    # -- data ---------------------------------------------------------------------------------------

    async def ask(self, fn: Callable[Concatenate[Me, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a question of `crm/` on the reading thread: `fn(me, *args, **kwargs)`."""
        self.underway += 1
        try:
            return await self.store.ask(partial(fn, self.me, *args, **kwargs))
        finally:
            self.underway -= 1

    async def ask_latest(self, key: str, fn: Callable[Concatenate[Me, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`ask` for questions asked at each key; a newer one of the same key stops the older.

        Raises:
            Superseded: a newer one was asked; drop the answer.
        """
        self.underway += 1
        try:
            return await self.store.ask_latest(key, partial(fn, self.me, *args, **kwargs))
        finally:
            self.underway -= 1

    async def tell(self, fn: Callable[Concatenate[Me, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change of `crm/` on the writing thread, then let the screens see it."""
        self.underway += 1
        try:
            result = await self.store.tell(partial(fn, self.me, *args, **kwargs))
            await self.look_for_changes()
            return result
        finally:
            self.underway -= 1

    async def look_for_changes(self) -> None:
        """Tell the screens of the stack what was saved since they last looked."""

    async def catch_up(self, screen: Screen[Any]) -> None:
        """A screen is shown again: tell it what was saved while it was hidden."""

    async def count(self) -> None:
        """Count anew what the top bar says of each place."""

    async def fetch_mail(self) -> dict[str, Any] | None:
        """Look for new mail now: what came of it, as `easir mail fetch --json` says; None without a mailbox."""
        return None

    # -- words --------------------------------------------------------------------------------------

    def report(self, error: Refused) -> None:
        """Show why something was refused, and what to do about it."""
        self.say(str(error), bad=True)

    def say(self, sentence: str, undo: bool = False, bad: bool = False) -> None:
        """A sentence at the foot of the screen; `undo` adds that u takes it back."""
        self.said = Said(sentence, undo, bad, self.said.number + 1)
        self._show_said()
        self.set_timer(MESSAGE_SECONDS, partial(self._unsay, self.said.number))

    def unsay(self) -> None:
        """Take the sentence away; done by the next key."""
        if self.said.sentence:
            self._unsay(self.said.number)

    def _unsay(self, number: int) -> None:
        if number == self.said.number and self.said.sentence:
            self.said = Said(number=number)
            self._show_said()

    def _show_said(self) -> None:
        show = getattr(self.screen, "show_said", None)
        if show is None or not show(self.said):
            self.notify(
                text.clean(self.said.sentence, newlines=True),
                severity="error" if self.said.bad else "information",
                markup=False,
            )

    def copy(self, value: str) -> None:
        """Send text to the clipboard of the person's own terminal (OSC 52), and say so."""
        self.copy_to_clipboard(value)
        self.say(_("Sent to your terminal's clipboard: {text}").format(text=text.cut(text.clean(value), 40)))

    # -- screens ------------------------------------------------------------------------------------

    async def show(self, screen: Screen[Any] | str, /, **arguments: Any) -> Any:
        """Show a screen, by object or by name, and wait for what it is dismissed with (None when left)."""
        made = self.make(screen, **arguments) if isinstance(screen, str) else screen
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def dismissed(result: Any) -> None:
            if not answer.done():
                answer.set_result(result)

        # The app receives the answer: a widget that asked may be gone, or waiting itself, when it comes.
        token = active_message_pump.set(self)
        try:
            await self.push_screen(made, callback=dismissed)
        finally:
            active_message_pump.reset(token)
        self.shown.set()
        return await answer

    async def open(self, name: str, /, **arguments: Any) -> None:
        """Show a screen by name and return as soon as it is there.

        A screen that can be filled anew (it has `refill`, which takes what its `__init__` takes) is kept when it
        is left, and filled the next time instead of composed again.
        """
        kept = self.kept_screens.get(name)
        if kept is not None and kept not in self.screen_stack:
            await kept.refill(**arguments)
            await self.push_screen(kept)
        else:
            made = self.make(name, **arguments)
            if kept is None and hasattr(made, "refill"):
                self.kept_screens[name] = made
                self.install_screen(made, name)
            await self.push_screen(made)
        self.shown.set()

    async def go(self, name: str) -> None:
        """Go to a place of the top bar, leaving what stands above it."""
        raise NotImplementedError

    async def leave(self) -> None:
        """End the program; drafts are kept."""
        self.exit(0)

    async def undo(self) -> None:
        """Take back the last change of this person, and say what it was."""
        raise NotImplementedError

    async def follow(self, settings: Settings) -> None:
        """Take up settings that were changed."""
        raise NotImplementedError

    async def open_anything(self) -> None:
        """Let the person find a contact by a few letters, and open it."""
        raise NotImplementedError

    def lay(self, codes: str, x: int, y: int) -> None:
        """Send codes of graphics to the terminal at a cell; nothing where nobody sees them."""

    def redraw(self) -> None:
        """Paint everything anew."""
        self.screen.refresh(layout=True)

    def unclaimed(self, event: Key) -> bool:
        """A key came up to its screen and nothing wanted it; True when the app takes it from there."""
        return False

    async def edit_outside(self, words: str) -> str | None:
        """Let the person write a text in $EDITOR; None when that is not allowed or was given up."""
        raise NotImplementedError

    def stumble(self, error: Exception) -> None:
        """A fault of the program itself: written to the log, told in a sentence with the id to quote."""
        raise NotImplementedError

    def make(self, name: str, /, **arguments: Any) -> Screen[Any]:
        """The screen of that name, imported now if it was not before."""
        from importlib import import_module

        module, _colon, class_name = self.SCREEN_CLASSES[name].partition(":")
        made: Screen[Any] = getattr(import_module(module), class_name)(**arguments)
        return made

    def keys_of(self, command_id: str, keys: str) -> str:
        """The keys of a command after the person's own key map."""
        return self.settings.keymap.get(command_id, keys)
