"""What every screen and dialog has: its commands with their keys, a key line, and a safe way to act.

A screen lists its commands; this module makes the bindings, the key line, help and palette of that list. Actions run
through `perform`, so that they may wait for a dialog or for the data without freezing a key, and so that a refusal
becomes a sentence.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, TypeVar

from textual import actions, events, getters, on
from textual._context import active_message_pump
from textual.actions import SkipAction
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingsMap
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import Widget

from easir_tui.commands import Command, everywhere, forms, key_list, sign, signs
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.widgets.host import Changes, Host, Said
from easir_tui.widgets.key_line import Entry, KeyLine

ResultT = TypeVar("ResultT")

PATIENCE = 1.0
"""Seconds that further keys wait for an action before they are taken again."""

LETTER_KEYS = frozenset(
    ("question_mark", "slash", "asterisk", "less_than_sign", "greater_than_sign", "space", "plus", "minus", "comma",
     "full_stop")
)  # fmt: skip
"""Names of keys that type a character."""

BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]
"""Classes of a screen by its width: the side bar needs -normal, the notes pane -wide."""


class Commanded(Screen[ResultT], inherit_bindings=False):
    """A screen that is driven by commands. Use `EasirScreen` or `EasirModal`."""

    app = getters.app(Host)

    COMMON: ClassVar[tuple[Command, ...]] = ()
    """Commands that every screen of this kind has."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()  # type: ignore[assignment]
    """The screen's own commands, in the order of the key line."""

    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = BREAKPOINTS

    GIVES_KEYS_BACK = True
    """What this class does with a key is to give it back; see `widgets.ordered_keys`."""

    BINDINGS = [Binding("ctrl+c", "screen.copy_text", show=False)]

    def __init_subclass__(cls, **options: Any) -> None:
        cls.BINDINGS = [
            *cls.__dict__.get("BINDINGS", ()),
            *(
                Binding(command.keys, f"command('{command.id}')", command.title, show=False, id=command.id)
                for command in cls.all_commands()
                if command.keys
            ),
        ]
        super().__init_subclass__(**options)

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._acts: set[asyncio.Task[Any]] = set()
        self._begun: set[asyncio.Task[Any]] = set()

    # -- commands -----------------------------------------------------------------------------------

    @on(events.Mount)
    def begin_with_own_keys(self) -> None:
        """The person's own keys hold from the first one."""
        if self.app.settings.keymap:
            self.take_keys()

    def take_keys(self) -> None:
        """Let the commands have the keys of the person's own key map, and those it does not name ours.

        Textual's own way of doing this takes a key from every command that shares it with a changed one.
        """
        own = self.app.settings.keymap
        ours = type(self)._merged_bindings or BindingsMap()
        held = {key: [one for one in bindings if one.id not in own] for key, bindings in ours.key_to_bindings.items()}
        for command in self.all_commands():
            for key in key_list(own.get(command.id, "")):
                act = Binding(key, f"command('{command.id}')", command.title, show=False, id=command.id)
                for name, bindings in BindingsMap([act]).key_to_bindings.items():
                    held.setdefault(name, [])[:0] = bindings
        self._bindings = BindingsMap.from_keys({key: bindings for key, bindings in held.items() if bindings})

    @classmethod
    def all_commands(cls) -> tuple[Command, ...]:
        """The screen's commands, its own before the common ones."""
        return (*cls.COMMANDS, *(c for c in cls.COMMON if c not in cls.COMMANDS))

    def possible_commands(self) -> list[Command]:
        """The commands that can be given now."""
        return [command for command in self.all_commands() if self.is_possible(command)]

    def is_possible(self, command: Command) -> bool:
        """Whether the command is allowed here and something answers to it."""
        if command.allowed is not None and not command.allowed(self):
            return False
        return self._method(command)[0] is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse the keys of commands that are not possible now."""
        if action == "command":
            return any(c.id == parameters[0] and self.is_possible(c) for c in self.all_commands())
        return super().check_action(action, parameters)

    def _method(self, command: Command) -> tuple[Callable[..., Any] | None, tuple[object, ...]]:
        destination, name, parameters = actions.parse(command.action)
        if destination == "focused":
            node = self.focused
            while node is not None:
                method = getattr(node, f"action_{name}", None)
                if method is not None:
                    return method, parameters
                node = node.parent if isinstance(node.parent, Widget) else None
            return None, parameters
        return getattr(self, f"action_{name}", None), parameters

    async def action_command(self, command_id: str) -> None:
        """Give a command: what every key, click and palette entry ends in."""
        command = next((c for c in self.all_commands() if c.id == command_id), None)
        method, parameters = self._method(command) if command else (None, ())
        if method is None:
            raise SkipAction
        if not inspect.iscoroutinefunction(method):
            method(*parameters)
            return
        self.perform(method, *parameters)
        await self.acted()

    async def acted(self) -> None:
        """Wait until the acts just begun are done, or one of them waits for the person; at most `PATIENCE`."""
        begun, self._begun = self._begun, set()
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while begun and self.app.screen is self and loop.time() < until:
            self.app.shown.clear()
            shown = asyncio.ensure_future(self.app.shown.wait())
            done, _pending = await asyncio.wait(
                {shown, *begun}, timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED
            )
            shown.cancel()
            begun -= done

    def perform(self, act: Callable[..., Awaitable[Any]], *arguments: Any) -> asyncio.Task[Any]:
        """Start an act that may wait for a dialog. A refusal is shown; nothing is raised.

        For message handlers: `self.perform(self.open_row, event.id)`.
        """

        async def guarded() -> Any:
            try:
                return await act(*arguments)
            except Refused as error:
                self.app.report(error)
            except NoMatches as error:
                # A screen that was left while it asked the data has no parts any more to show the answer in.
                if self.is_attached:
                    self.app.stumble(error)
            except Exception as error:  # noqa: BLE001 - the one place where an act's own fault is caught
                self.app.stumble(error)
            return None

        task = asyncio.ensure_future(guarded())
        self._acts.add(task)
        self._begun.add(task)
        task.add_done_callback(self._acts.discard)
        return task

    async def on_key(self, event: events.Key) -> None:
        """A key that nothing below wanted goes back to the app, which knows whether it is its turn."""
        if not event._stop_propagation and self.app.unclaimed(event):
            event.stop()

    # -- the key line -------------------------------------------------------------------------------

    def refresh_commands(self) -> None:
        """Show the commands that are possible now; call it when `allowed` changed its answer."""
        if not self.is_current:
            return
        try:
            key_line = self.query_one(KeyLine)
        except NoMatches:
            return
        typing = self.focused is not None and self.focused.check_consume_key("a", "a")
        commands = [command for command in self.possible_commands() if command.footer]
        if typing:
            commands = [command for command in commands if self._key_while_typing(command)]
            commands.sort(key=lambda command: not command.action.startswith("focused."))
        commands.sort(key=lambda command: command.id == everywhere.HELP.id)
        key_line.entries = [self.entry(c, self._key_while_typing(c) if typing else "") for c in commands]

    def entry(self, command: Command, key: str = "") -> Entry:
        """A command as the key line and the action bar show it, with its first key or the one given."""
        keys = key_list(self.app.keys_of(command.id, command.keys))
        return Entry(command.id, sign(key or keys[0]), _(command.title))

    def signs_of(self, command: Command, most: int = 4) -> str:
        """How a person gives a command: its keys, or those pressed one after another."""
        keys = signs(self.app.keys_of(command.id, command.keys), most)
        if keys or not command.typed:
            return keys
        first = signs(self.app.keys_of(everywhere.GO.id, everywhere.GO.keys), most=1)
        return f"{first} {command.typed.split()[-1]}"

    def _key_while_typing(self, command: Command) -> str:
        """The first key of a command that does not type a character; empty when there is none."""
        keys = key_list(self.app.keys_of(command.id, command.keys))
        return next((key for key in keys if len(key) > 1 and key not in LETTER_KEYS), "")

    def show_said(self, said: Said) -> bool:
        """Show the app's sentence in the key line; False when there is none."""
        try:
            key_line = self.query_one(KeyLine)
        except NoMatches:
            return False
        hint = _("u undoes") if said.undo else ""
        key_line.say(said.sentence, hint, said.bad)
        return True

    def on_key_line_pressed(self, event: KeyLine.Pressed) -> None:
        """A click in the key line gives the command."""
        event.stop()
        self.perform(self.action_command, event.command_id)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """What can be done follows the focus."""
        self.refresh_commands()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Under a dialog the keys of this screen give nothing, so they are not shown."""
        for key_line in self.query(KeyLine):
            key_line.say("")
            key_line.entries = ()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Say again what was said while another screen stood on top."""
        self.call_after_refresh(self._resumed)

    def _resumed(self) -> None:
        self.refresh_commands()
        self.show_said(self.app.said)
        self.show_counts(self.app.counts)
        self.perform(self.app.catch_up, self)

    def show_counts(self, counts: Mapping[str, str]) -> None:
        """How much waits at each place, in the top bar if the screen has one."""

    # -- what the app asks of a screen ---------------------------------------------------------------

    async def changed(self, changes: Changes) -> None:
        """Something was saved, here or by a colleague: refresh, keeping cursor, scroll and typed text."""

    async def save_draft(self) -> None:
        """Keep unsaved text as a draft; called when the connection is lost. Must not raise."""

    # -- actions every screen has ---------------------------------------------------------------------

    def close_later(self) -> None:
        """Leave with nothing when the message at work is done; a screen cannot wait for its own end."""

        def close() -> None:
            self.dismiss(None)

        self.call_later(close)

    async def action_back(self) -> None:
        """Back to the screen below."""
        self.dismiss(None)

    async def action_next_pane(self) -> None:
        """Focus the next pane or field."""
        self.focus_next()

    async def action_previous_pane(self) -> None:
        """Focus the pane or field before."""
        self.focus_previous()

    async def action_help(self) -> None:
        """The keys of this screen."""
        await self.app.show("help", commands=self.explained_commands())

    def explained_commands(self) -> list[Command]:
        """The commands that mean something on this screen, those of fields last."""
        nodes = list(self.query("*"))

        def means_something(command: Command) -> bool:
            if command.allowed is not None and not command.allowed(self):
                return False
            destination, name, _parameters = actions.parse(command.action)
            if destination == "focused":
                return any(node.focusable and hasattr(node, f"action_{name}") for node in nodes)
            return hasattr(self, f"action_{name}")

        found = [command for command in self.all_commands() if means_something(command)]
        is_form = forms.SAVE in found
        return sorted(found, key=lambda command: command.group == forms.GROUP and not is_form)

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Leave this screen. Safe to await anywhere, and to do twice."""
        if self not in self.app.screen_stack:
            return AwaitComplete(asyncio.sleep(0))
        left = super().dismiss(result)
        return AwaitComplete(asyncio.sleep(0)) if active_message_pump.get(None) is self else left
