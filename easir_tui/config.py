"""The settings of one user: where they are kept, what they may hold, how they are changed.

The file is TOML, `$EASIR_CONFIG` or `easir/settings.toml` under the XDG configuration folder; nothing in it
is required. A key it should not hold is refused by name, so that a typing error never silently does nothing.
Folders are made for their owner alone (0700), and files are replaced whole or not at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from easir_tui import clock, language, toml_files
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _

HOMES = ("today", "contacts", "accounts", "cases", "leads", "tasks")
"""Screens the program can begin with."""

LETTER_WINDOW = re.compile(r"m65|din5008|([5-9]|[1-9]\d|10\d|110) +([2-9]\d|10\d|11\d|120)")
"""What says where the address of a letter stands: an envelope by its name, or two numbers of millimetres."""


TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "calendar": ("url", "user", "password_command", "ca_file"),
    "mail": ("address", "smtp", "imap", "user", "password_command", "token_command", "ca_file", "folders"),
})  # fmt: skip
"""Tables of texts and the keys they may hold; a table that is not here, `keymap`, may hold any."""


@dataclass(frozen=True)
class Settings:
    """What the settings file says, with the defaults for what it leaves out."""

    database: str = ""
    """The data file; "" is the usual place. `~` is the home folder."""
    language: str = ""
    """"en", "da", or "" for the language of the system."""
    theme: str = ""
    """The name of a theme; "" is the program's own dark one."""
    home: str = "today"
    """The screen the program begins with, one of `HOMES`."""
    ascii: bool = False
    """Letters instead of signs such as ☎, for terminals that lack them."""
    mouse: bool = True
    """Whether the program takes the mouse; off leaves selecting to the terminal."""
    keymap: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Own keys: command id to keys, such as contact.note = "n,f2"."""
    editor: bool = True
    """Whether Ctrl+E may open $EDITOR."""
    erase_keeps: str = "won"
    """What stays, without the person, when one is erased: "won" sales, as bookkeeping asks, or "nothing"."""
    pictures: str = ""
    """How pictures are shown: "kitty", "sixel", "blocks", or "" for what is known of the terminal."""
    restricted: bool = False
    """A login that may start no other program at all."""
    region: str = "DK"
    """The country a phone number without a country code belongs to (ISO 3166)."""
    zone: str = clock.DEFAULT_ZONE
    """The time zone dates are shown in (IANA name)."""
    currency: str = "DKK"
    """The currency of new cases (ISO 4217)."""
    mail_command: str = ""
    """A program that sends the mail on its standard input, such as "sendmail -t -i"; "" sends none."""
    lead_folder: str = ""
    """A folder whose files are taken in as leads while the program is open; "" watches none."""
    dial_command: str = ""
    """A program that dials, with {number} in it; "" offers a tel: link only."""
    print_command: str = ""
    """A program that prints a PDF on its standard input, or the file that {file} becomes; "" offers no printing."""
    letter_template: str = ""
    """The company's own letter template, a Typst file; "" is the one that comes along. `~` is the home folder."""
    letter_window: str = "m65"
    """Where the envelope has its window: "m65", "din5008", or left and top of the return line in mm, "20 45"."""
    calendar: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The calendar server of `easir calendar sync`: the keys are `TABLES["calendar"]`."""
    mail: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Your mail account: the keys are `TABLES["mail"]`; `mail()` adds what the company gives everybody."""


# Folders -------------------------------------------------------------------------------------------


def _xdg(variable: str, *default: str) -> Path:
    """A base folder of the XDG specification; a relative value is invalid and ignored, as it says."""
    value = os.environ.get(variable, "")
    base = Path(value) if value.startswith("/") else Path.home().joinpath(*default)
    return base / "easir"


def config_folder() -> Path:
    """Where settings and own paths are; not made until something is written to it."""
    return settings_path().parent


def data_folder() -> Path:
    """Where the data file is unless told otherwise, made if need be."""
    return toml_files.private_folder(_xdg("XDG_DATA_HOME", ".local", "share"))


def state_folder() -> Path:
    """Where logs go, made if need be."""
    return toml_files.private_folder(_xdg("XDG_STATE_HOME", ".local", "state"))


def settings_path() -> Path:
    """The settings file, whether or not it exists."""
    if path := os.environ.get("EASIR_CONFIG", ""):
        return Path(os.path.expanduser(path)).absolute()
    return _xdg("XDG_CONFIG_HOME", ".config") / "settings.toml"


def company_path() -> Path | None:
    """The settings file of the company: the first under the folders of `XDG_CONFIG_DIRS` (/etc/xdg) that exists.

    Only whoever administers the machine can write there, so that it may name programs that everybody runs.
    """
    folders = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    found = (Path(folder, "easir", "settings.toml") for folder in folders if folder.startswith("/"))
    return next((path for path in found if path.is_file()), None)


def mail() -> Mapping[str, str]:
    """The mail account: what the company's file says, and over it, key by key, one's own.

    Raises:
        Refused: one of the files cannot be read, or holds what it should not.
    """
    company = company_path()
    shared = _settings_from(toml_files.load(company), company).mail if company is not None else {}
    return MappingProxyType({**shared, **settings().mail})


def database_path() -> Path:
    """The data file: EASIR_DB, else the settings, else easir.db in the data folder. It need not exist yet."""
    if path := os.environ.get("EASIR_DB", ""):
        return Path(os.path.expanduser(path)).absolute()
    if path := settings().database:
        return config_folder() / Path(os.path.expanduser(path))
    return data_folder() / "easir.db"


# The settings file ---------------------------------------------------------------------------------

_read: tuple[Any, Settings] | None = None
"""What was read last: where from and when changed, and the settings it held."""


def settings() -> Settings:
    """The settings as the file now has them; read again only when the file has changed.

    Raises:
        Refused: the file cannot be read, or is no TOML, or holds a key or a value it should not.
    """
    global _read
    path = settings_path()
    stamp = toml_files.stamp(path)
    if _read is not None and _read[0] == stamp:
        return _read[1]
    found = _settings_from(toml_files.load(path) if stamp[1] else {}, path)
    _read = (stamp, found)
    language.prefer(found.language)
    return found


def _settings_from(table: Mapping[str, Any], path: Path) -> Settings:
    """Check every key and value of a settings table."""
    known = {entry.name: entry for entry in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise Invalid(
                key,
                _("The settings file {file} has a key that is not known: {key}.").format(file=path, key=key),
                _("Known keys: {keys}.").format(keys=", ".join(sorted(known))),
            )
        values[key] = _checked(key, value, path)
    return Settings(**values)


def _checked(key: str, value: object, path: Path) -> object:
    """One value, of the right type and one the program can use."""
    default = getattr(Settings(), key)
    if isinstance(default, Mapping):
        known = TABLES.get(key)
        texts = isinstance(value, Mapping) and all(isinstance(held, str) for held in value.values())
        if isinstance(value, Mapping) and texts and (known is None or set(value) <= set(known)):
            return MappingProxyType(dict(value))
        wanted = _("a table of key names, such as [keymap]")
        if known is not None:
            wanted = _("a table [{name}] of texts; its keys: {keys}").format(name=key, keys=", ".join(known))
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
        wanted = _("true or false")
    elif isinstance(value, str):
        wanted = _fault(key, value)
        if not wanted:
            return value
    else:
        wanted = _("a text in quotation marks")
    raise Invalid(
        key,
        _("In the settings file {file}, {key} is {value}; it should be {wanted}.").format(
            file=path, key=key, value=repr(value), wanted=wanted
        ),
    )


def _fault(key: str, value: str) -> str:
    """What a text setting should have been, or "" if it is fine."""
    if key == "language" and value not in ("", *language.LANGUAGES):
        return _("en, da or empty")
    if key == "pictures" and value not in ("", "kitty", "sixel", "blocks"):
        return "kitty | sixel | blocks"
    if key == "erase_keeps" and value not in ("won", "nothing"):
        return "won | nothing"
    if key == "home" and value not in HOMES:
        return " | ".join(HOMES)
    if key == "region" and not re.fullmatch("[A-Z]{2}", value):
        return _("a country code of two capital letters, such as DK")
    if key == "currency" and not re.fullmatch("[A-Z]{3}", value):
        return _("a currency code of three capital letters, such as DKK")
    if key == "letter_window" and not LETTER_WINDOW.fullmatch(value):
        return _('m65, din5008, or left and top of the return line in millimetres, such as "20 45"')
    if key == "zone" and value != clock.DEFAULT_ZONE:
        try:
            clock.zone(value)
        except Invalid:
            return _("the name of a time zone, such as Europe/Copenhagen")
    return ""


def update_settings(**changes: str | bool) -> Settings:
    """Change some settings and keep the rest of the file, comments too; all or nothing.

    Raises:
        Invalid: a key or a value the settings cannot hold.
        Refused: the file cannot be written, or is laid out so that it cannot be edited; it is as it was.
    """
    path = settings_path()
    checked: dict[str, Any] = {key: _checked(key, value, path) for key, value in changes.items()}
    wanted = replace(settings(), **checked)
    written = _written(path)
    for key, value in changes.items():
        written = toml_files.with_value(written, key, value)
    return _rewrite(path, written, wanted, tuple(changes))


def update_keymap(command_id: str, keys: str) -> Settings:
    """Give a command keys of one's own, "" takes them away; the rest of the file stays.

    Raises:
        Refused: as for `update_settings`.
    """
    path, before = settings_path(), settings()
    keymap = {name: held for name, held in before.keymap.items() if name != command_id}
    if keys:
        keymap[command_id] = keys
    written = toml_files.with_entry(_written(path), "keymap", command_id, keys or None)
    return _rewrite(path, written, replace(before, keymap=MappingProxyType(keymap)), (f"keymap.{command_id}",))


def _written(path: Path) -> str:
    """The text of the settings file, "" where there is none."""
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def _rewrite(path: Path, written: str, wanted: Settings, keys: tuple[str, ...]) -> Settings:
    """Put this text into the file if it says what is wanted, and nothing else."""
    import tomllib

    try:
        fits = _settings_from(tomllib.loads(written), path) == wanted
    except (tomllib.TOMLDecodeError, Invalid):
        fits = False
    if not fits:
        raise Refused(
            _("The file {file} is laid out in a way that cannot be edited here.").format(file=path),
            _("Change it by hand: {keys}.").format(keys=", ".join(keys)),
        )
    toml_files.write_private(path, written)
    return settings()
