"""The settings of one user: where they are kept, what they may hold, how they are changed.

The file is TOML, `$EASIR_CONFIG` or `easir/settings.toml` under the XDG configuration folder; nothing in it
is required. A key it should not hold is refused by name, so that a typing error never silently does nothing.
Relations paths come from `paths.toml`: the user's own if there is one, else the one beside this module.
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
from easir_tui.text import accept

DEFAULT_PATHS = Path(__file__).parent / "paths.toml"

HOMES = ("today", "contacts", "accounts", "cases", "leads", "tasks")
"""Screens the program can begin with."""


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


@dataclass(frozen=True)
class Milestone:
    """A step of a relations path."""

    key: str
    title: str
    kind: str
    sets_status: str = ""
    """"open", "closed", "rejected", or "" when reaching it leaves the case as it is."""
    outcome: str = ""
    """"won" or "lost" where it closes the case."""
    follow_up_days: int | None = None
    follow_up_type: str = ""
    """The task proposed afterwards: "email", "letter", "call", "meeting", "remind"; "" for none."""
    chance: int | None = None
    """Chance of success it sets on the case, in percent."""
    suggestions: tuple[str, ...] = ()
    """Short texts to begin an e-mail or a note with."""
    follow_up_case: str = ""
    """The key of the path of a further case that is suggested once this is reached; "" for none."""


@dataclass(frozen=True)
class RelationsPath:
    """A named sales process with its milestones in their usual order."""

    key: str
    title: str
    milestones: tuple[Milestone, ...]

    def milestone(self, key: str) -> Milestone | None:
        """The milestone called `key`, or None if the path has it no longer."""
        return next((step for step in self.milestones if step.key == key), None)


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


def database_path() -> Path:
    """The data file: EASIR_DB, else the settings, else easir.db in the data folder. It need not exist yet."""
    if path := os.environ.get("EASIR_DB", ""):
        return Path(os.path.expanduser(path)).absolute()
    if path := settings().database:
        return config_folder() / Path(os.path.expanduser(path))
    return data_folder() / "easir.db"


# The settings file ---------------------------------------------------------------------------------

_read: dict[str, tuple[Any, Any]] = {}
"""What was read last: name of the thing -> (where from and when changed, the result)."""


def settings() -> Settings:
    """The settings as the file now has them; read again only when the file has changed.

    Raises:
        Refused: the file cannot be read, or is no TOML, or holds a key or a value it should not.
    """
    path = settings_path()
    stamp = toml_files.stamp(path)
    if (known := _read.get("settings")) and known[0] == stamp:
        return known[1]  # type: ignore[no-any-return]
    found = _settings_from(toml_files.load(path) if stamp[1] else {}, path)
    _read["settings"] = (stamp, found)
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
        if isinstance(value, Mapping) and all(isinstance(keys, str) for keys in value.values()):
            return MappingProxyType(dict(value))
        wanted = _("a table of key names, such as [keymap]")
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
    if key == "home" and value not in HOMES:
        return " | ".join(HOMES)
    if key == "region" and not re.fullmatch("[A-Z]{2}", value):
        return _("a country code of two capital letters, such as DK")
    if key == "currency" and not re.fullmatch("[A-Z]{3}", value):
        return _("a currency code of three capital letters, such as DKK")
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
    import tomllib

    path = settings_path()
    checked: dict[str, Any] = {key: _checked(key, value, path) for key, value in changes.items()}
    wanted = replace(settings(), **checked)
    written = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    for key, value in changes.items():
        written = toml_files.with_value(written, key, value)
    try:
        fits = _settings_from(tomllib.loads(written), path) == wanted
    except (tomllib.TOMLDecodeError, Invalid):
        fits = False
    if not fits:
        raise Refused(
            _("The file {file} is laid out in a way that cannot be edited here.").format(file=path),
            _("Change it by hand: {keys}.").format(keys=", ".join(changes)),
        )
    toml_files.write_private(path, written)
    return settings()


# Relations paths -----------------------------------------------------------------------------------


def paths_path() -> Path:
    """The file the relations paths are read from: EASIR_PATHS, else the user's own, else the program's."""
    if path := os.environ.get("EASIR_PATHS", ""):
        return Path(os.path.expanduser(path)).absolute()
    own = config_folder() / "paths.toml"
    return own if own.is_file() else DEFAULT_PATHS


def paths() -> dict[str, RelationsPath]:
    """The relations paths by key, in the order of their file, titles in the active language.

    Raises:
        Refused: the file cannot be read or a path in it lacks something; the sentence names file and key.
    """
    path = paths_path()
    stamp = (*toml_files.stamp(path), language.active())
    if (known := _read.get("paths")) and known[0] == stamp:
        return dict(known[1])
    found = {key: _path_from(key, table, path) for key, table in toml_files.load(path).items()}
    if not found:
        raise Refused(_("The paths file {file} holds no relations path.").format(file=path))
    _read["paths"] = (stamp, found)
    return dict(found)


_PATH_KEYS = {"title", "milestones"}
_CHOICES = {
    "sets_status": ("", "open", "closed", "rejected"),
    "outcome": ("", "won", "lost"),
    "follow_up_type": ("", "email", "letter", "call", "meeting", "remind"),
}


def _path_from(key: str, table: object, file: Path) -> RelationsPath:
    """Check one table of the paths file."""
    where = f"[{key}]"
    if not isinstance(table, Mapping) or not table.keys() >= _PATH_KEYS:
        raise _bad_path(file, where, _("a path needs a title and milestones"))
    if extra := set(table) - _PATH_KEYS:
        raise _bad_path(file, where, _("{key} is not known").format(key=min(extra)))
    steps = table["milestones"]
    if not isinstance(steps, list) or not steps:
        raise _bad_path(file, where, _("a path needs a title and milestones"))
    milestones = tuple(_milestone_from(step, file, where) for step in steps)
    if len({step.key for step in milestones}) < len(milestones):
        raise _bad_path(file, where, _("two milestones have the same key"))
    return RelationsPath(key, _title(table["title"], file, where), milestones)


def _milestone_from(step: object, file: Path, where: str) -> Milestone:
    """Check one milestone of a path."""
    known = {entry.name for entry in fields(Milestone)}
    if not isinstance(step, Mapping) or not step.keys() >= {"key", "title", "kind"}:
        raise _bad_path(file, where, _("a milestone needs a key, a title and a kind"))
    where = f"{where} {step['key']}"
    if extra := set(step) - known:
        raise _bad_path(file, where, _("{key} is not known").format(key=min(extra)))
    for name in ("key", "kind"):
        if not isinstance(step[name], str) or not re.fullmatch("[a-z0-9_]+", step[name]):
            raise _bad_path(file, where, _("{key} is small letters, digits and _").format(key=name))
    for name, choices in _CHOICES.items():
        if step.get(name, "") not in choices:
            raise _bad_path(
                file,
                where,
                _("{key} is one of {choices}").format(key=name, choices=", ".join(filter(None, choices))),
            )
    for name, highest in (("follow_up_days", 3650), ("chance", 100)):
        value = step.get(name)
        if value is not None and (type(value) is not int or not 0 <= value <= highest):
            raise _bad_path(file, where, _("{key} is a number from 0 to {highest}").format(key=name, highest=highest))
    if not isinstance(step.get("follow_up_case", ""), str):
        raise _bad_path(file, where, _("{key} is the key of a path").format(key="follow_up_case"))
    if not isinstance(step.get("suggestions", []), list):
        raise _bad_path(file, where, _("{key} is a list of texts").format(key="suggestions"))
    return Milestone(
        key=step["key"],
        title=_title(step["title"], file, where),
        kind=step["kind"],
        sets_status=step.get("sets_status", ""),
        outcome=step.get("outcome", ""),
        follow_up_days=step.get("follow_up_days"),
        follow_up_type=step.get("follow_up_type", ""),
        chance=step.get("chance"),
        suggestions=tuple(_title(entry, file, where) for entry in step.get("suggestions", ())),
        follow_up_case=step.get("follow_up_case", ""),
    )


def _title(value: object, file: Path, where: str) -> str:
    """A text of the paths file in the active language: one text for all, or a table of languages."""
    if isinstance(value, Mapping):
        value = value.get(language.active()) or next(iter(value.values()), "")
    if not isinstance(value, str) or not (title := accept(value)):
        raise _bad_path(file, where, _('a title is a text, or { en = "…", da = "…" }'))
    return title


def _bad_path(file: Path, where: str, what: str) -> Refused:
    return Refused(_("In the paths file {file}, {where}: {what}.").format(file=file, where=where, what=what))
