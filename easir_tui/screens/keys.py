"""Own keys: every command with the keys it is given by, and other keys for it, kept in the settings file."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.keys import _normalize_key_list
from textual.widgets import Input, Static

from easir_tui import config, text
from easir_tui.commands import Command, forms, key_list, lists, set_up, sign, signs, table
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirModal, EasirScreen
from easir_tui.screens.commanded import LETTER_KEYS, Commanded
from easir_tui.widgets.content import line, paragraphs
from easir_tui.widgets.fields import FilterLine
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row

KEPT_KEYS = ("escape", "ctrl+c", "ctrl+q")
"""Keys that always mean the same."""


class KeysScreen(EasirScreen[None]):
    """The table of commands; those with keys of the person's own stand out."""

    PLACE = "keys"
    CSS_PATH = "keys.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        set_up.OTHER_KEY,
        set_up.FURTHER_KEY,
        set_up.OUR_KEYS,
        lists.FILTER,
        *lists.MOVES,
    )

    app = getters.app(Host)
    keys = getters.query_one("#keys", RecordList)
    filter_line = getters.query_one("#filter", FilterLine)

    def __init__(self) -> None:
        super().__init__()
        self.all = dict(enumerate(table(), 1))

    def compose_body(self) -> ComposeResult:
        """The search line and the list."""
        with Horizontal(id="keys-head"):
            yield Static(line((_("Own keys"), "title"), "  ", ("/", "key")), id="keys-title")
            yield FilterLine("", placeholder=_("a command, what it does, or its key"), id="filter")
        yield RecordList(
            (
                Column(_("Key"), width=12), Column(_("Command"), min=16, role="strong"),
                Column(_("What it does"), min=42, share=3, role="dim"), Column(_("Came with"), width=12, drop=1),
            ),
            empty=_("No command reads like that. Esc in the search line shows all."),
            id="keys",
        )  # fmt: skip

    def on_mount(self) -> None:
        """All of them."""
        self.show_rows()
        self.keys.focus()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Own keys")

    def show_rows(self) -> None:
        """The commands that fit what stands in the search line, under the name of where they work."""
        wanted = text.fold(self.filter_line.value).split()
        rows: list[Row] = []
        group = ""
        for at, command in self.all.items():
            keys = self.signs_of(command)
            said = text.fold(f"{_(command.title)} {_(command.tooltip)} {_(command.group)}")
            if not all(word in said or word == text.fold(keys) or word == command.id for word in wanted):
                continue
            if command.group != group:
                group = command.group
                rows.append(Row.title(_(group)))
            is_own = command.id in self.app.settings.keymap
            rows.append(Row(at, (
                (keys, "warn" if is_own else "title"), _(command.title), _(command.tooltip),
                signs(command.keys) or "–" if is_own else "",
            )))  # fmt: skip
        self.keys.set_rows(rows)

    async def action_filter(self) -> None:
        """To the search line."""
        self.filter_line.focus()

    @on(Input.Changed, "#filter")
    def narrowed(self) -> None:
        """Another word in the search line."""
        self.show_rows()

    @on(FilterLine.Left)
    @on(FilterLine.Emptied)
    def to_the_list(self) -> None:
        """Enter, down or Esc in the search line."""
        self.keys.focus()

    @on(RecordList.Opened)
    def opened(self) -> None:
        """Enter on a command."""
        self.perform(self.action_other)

    def _command(self) -> Command:
        found = self.all.get(self.keys.current_id or 0)
        if found is None:
            raise Refused(_("Put the cursor on a command first."))
        return found

    async def action_other(self) -> None:
        """Another key in place of those there are."""
        await self._press(further=False)

    async def action_further(self) -> None:
        """One more key."""
        await self._press(further=True)

    async def _press(self, further: bool) -> None:
        command = self._command()
        key = await self.app.show(PressKey(_(command.title)))
        if key is None:
            return
        self._refuse(command, key)
        held = [one for one in key_list(self.app.keys_of(command.id, command.keys)) if further or one in KEPT_KEYS]
        await self._keep(command, ",".join(dict.fromkeys((*held, key))))
        self.app.say(_("{key} is {command} now.").format(key=sign(key), command=_(command.title)))

    async def action_ours(self) -> None:
        """The keys it came with."""
        command = self._command()
        if command.id not in self.app.settings.keymap:
            raise Refused(_("It has the keys it came with."))
        for key in key_list(command.keys):
            self._refuse_taken(command, key)
        await self._keep(command, "")
        self.app.say(_("{command} has the keys it came with.").format(command=_(command.title)))

    async def _keep(self, command: Command, keys: str) -> None:
        ours = keys == ",".join(key_list(command.keys))
        await self.app.follow(config.update_keymap(command.id, "" if ours else keys))
        self.show_rows()
        self.refresh_commands()

    def _refuse(self, command: Command, key: str) -> None:
        """Go on unless the key cannot be had.

        Raises:
            Refused: it cannot.
        """
        if key in KEPT_KEYS:
            raise Refused(_("{key} always means the same.").format(key=sign(key)))
        ours = key_list(command.keys)
        if _types(key) and ours and not any(_types(one) for one in ours):
            raise Refused(
                _("{key} is a letter where one types, and {command} works there too.").format(
                    key=sign(key), command=_(command.title)
                ),
                _("Take one with Ctrl, or one from F1 on."),
            )
        self._refuse_taken(command, key)

    def _refuse_taken(self, command: Command, key: str) -> None:
        """Go on unless the key is that of a command which works where this one does.

        Raises:
            Refused: it is; the sentence names the other command.
        """
        ours = key_list(command.keys)
        for other in self._beside(command):
            held = key_list(_normalize_key_list(self.app.keys_of(other.id, other.keys)))
            if key in held and not (key in ours and key in key_list(other.keys)):
                raise Refused(
                    _("{key} is {command} here.").format(key=sign(key), command=_(other.title)),
                    _("Give that one another key first."),
                )

    def _beside(self, command: Command) -> Iterator[Command]:
        """The commands that work on a screen on which this one does."""
        for place in self.app.SCREEN_CLASSES.values():
            import_module(place.partition(":")[0])
        for kind in _kinds(Commanded):
            commands = kind.all_commands()
            if any(one.id == command.id for one in commands):
                yield from (one for one in commands if one.id != command.id)


class PressKey(EasirModal[str]):
    """Asks for a key by having it pressed; dismissed with its name, or None."""

    COMMON = ()
    COMMANDS = (forms.CLOSE,)
    GIVES_KEYS_BACK = False

    DEFAULT_CSS = """
    PressKey > #dialog { width: 50; }
    PressKey Static { padding: 1 0 0 0; }
    """

    def compose_body(self) -> ComposeResult:
        """What to do."""
        yield Static(paragraphs(_("Press the key it is to have.")))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every key but Esc is an answer."""
        return key != "escape"

    async def on_key(self, event: events.Key) -> None:
        """The key."""
        if event.key != "escape":
            event.stop()
            event.prevent_default()
            self.dismiss(event.key)


def _types(key: str) -> bool:
    """Whether a key types a character where one types."""
    return len(key) == 1 or key in LETTER_KEYS


def _kinds(kind: type[Commanded[Any]]) -> Iterator[type[Commanded[Any]]]:
    """Every screen and dialog of the program that was imported."""
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)
