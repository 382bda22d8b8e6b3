"""What can be done, and on which key.

One `Command` is the whole truth about one thing a person can do: the footer, the help screen, the palette,
the user's own key map and `easir keys` are all drawn from it, and a screen gets its key bindings by listing
commands. The tables are `everywhere`, `lists`, `contact_page` and `forms`; `table()` is all of them.

    NOTE = Command("contact.note", "n", N_("Note"), N_("Write a note on this contact"), "note", GROUP, footer=True)

    class ContactScreen(EasirScreen[None]):
        COMMANDS = (NOTE,)
        async def action_note(self) -> None: ...

Keys are Textual's names, several divided by commas; the first is the one that is shown. Each command keeps at
least one key that a Danish keyboard types without AltGr or dead keys (faults 94).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from easir_tui.language import N_, _

KEY_SIGNS = {
    "question_mark": "?",
    "slash": "/",
    "asterisk": "*",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "backspace": "⌫",
    "delete": "Del",
    "plus": "+",
    "minus": "-",
    "comma": ",",
    "full_stop": ".",
}
"""Textual's key names and what is printed on the key."""

WORD_KEYS = {"space": N_("Space"), "enter": N_("Enter")}
"""Keys that are named by a word of the user's language."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    `action` names the screen's method: "note" is `action_note`, "tab(2)" is `action_tab(2)`, and
    "focused.mark" is the method of the widget that has the focus (or its nearest ancestor that has it).
    `allowed` is asked with the screen; False takes the command off the footer, the palette and its keys.
    Without `keys` it is reached by the palette, and by `typed`, keys that are pressed one after another.
    """

    id: str
    keys: str
    title: str
    tooltip: str
    action: str
    group: str
    footer: bool = False
    allowed: Callable[[Any], bool] | None = None
    typed: str = ""


def sign(key: str) -> str:
    """How a key is written on screen: "ctrl+p" is "^p", "question_mark" is "?", "f10" is "F10"."""
    if key in WORD_KEYS:
        return _(WORD_KEYS[key])
    if key in KEY_SIGNS:
        return KEY_SIGNS[key]
    if key.startswith("ctrl+"):
        return "^" + sign(key[5:])
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return key


def key_list(keys: str) -> tuple[str, ...]:
    """The single keys of "n,f2", in order."""
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def signs(keys: str, most: int = 4) -> str:
    """How the keys of a command are written in help: "j ↓"."""
    return " ".join(sign(key) for key in key_list(keys)[:most])


def table() -> tuple[Command, ...]:
    """Every command of the program, in the order they are explained."""
    from easir_tui.commands import (
        accounts,
        call_mode,
        cases_list,
        contact_page,
        everywhere,
        forms,
        leads,
        lists,
        mail,
        people_list,
        preview,
        reports,
        same,
        set_up,
        tasks_and_cases,
    )
    from easir_tui.commands import trash as trash_commands

    found: dict[str, Command] = {}
    tables = (
        everywhere.ALL, lists.ALL, contact_page.ALL, same.ALL, accounts.ALL, tasks_and_cases.ALL, cases_list.ALL,
        leads.ALL, people_list.ALL, set_up.ALL, call_mode.ALL, reports.ALL, mail.ALL, preview.ALL, forms.ALL,
        forms.ACTIVITY, forms.ANSWERS, trash_commands.ALL,
    )  # fmt: skip
    for commands in tables:
        for command in commands:
            found.setdefault(command.id, command)
    return tuple(found.values())
