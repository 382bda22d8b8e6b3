"""Relations paths: the ways a sale, or the care for a customer, goes, with their milestones.

They are a table, path key → `{"title", "milestones"}`, the same whether it is written in TOML or kept in the
database. The company's, which an admin sets in the program, come first; else the person's own `paths.toml`, else the
one beside this module. The file that EASIR_PATHS names comes before all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from easir_tui import config, language, toml_files
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.text import accept

DEFAULT_PATHS = Path(__file__).parent / "paths.toml"

Table = Mapping[str, Any]
"""Relations paths as they are written."""

STATUSES = ("", "open", "closed", "rejected")
"""What reaching a milestone makes of its case; "" leaves it as it is."""

OUTCOMES = ("", "won", "lost")
"""How a milestone closes its case."""

FOLLOW_UPS = ("", "email", "letter", "call", "meeting", "remind")
"""The task that is proposed once a milestone is reached."""

MOST_DAYS = 3650


@dataclass(frozen=True)
class Milestone:
    """A step of a relations path."""

    key: str
    title: str
    kind: str
    sets_status: str = ""
    """One of `STATUSES`."""
    outcome: str = ""
    """One of `OUTCOMES`, where it closes the case."""
    follow_up_days: int | None = None
    follow_up_type: str = ""
    """One of `FOLLOW_UPS`."""
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


SETTING = "paths"
"""The company setting that holds the company's paths."""

_company: Table | None = None
"""What the company set in the database, None where it has set nothing."""

_read: tuple[Any, dict[str, RelationsPath]] | None = None
"""What was read last: where from and when changed, and the paths it held."""


def use_company(table: Table | None) -> None:
    """From now on the company's paths are these; None where it has set none."""
    global _company, _read
    if table != _company:
        _company, _read = table, None


def paths_path() -> Path:
    """The file the paths are read from: EASIR_PATHS, else the person's own, else the program's."""
    if path := os.environ.get("EASIR_PATHS", ""):
        return Path(os.path.expanduser(path)).absolute()
    own = config.config_folder() / "paths.toml"
    return own if own.is_file() else DEFAULT_PATHS


def paths() -> dict[str, RelationsPath]:
    """The relations paths by key, in their order, titles in the active language.

    Raises:
        Refused: the file cannot be read or a path in it lacks something; the sentence names file and key.
    """
    global _read
    company = None if os.environ.get("EASIR_PATHS") else _company
    path = paths_path()
    stamp = (company is not None, *toml_files.stamp(path), language.active())
    if _read is not None and _read[0] == stamp:
        return dict(_read[1])
    found = parsed(company) if company is not None else parsed(file_table(), str(path))
    _read = (stamp, found)
    return dict(found)


def file_table() -> Table:
    """The paths of the file, as they are written, in every language.

    Raises:
        Refused: it cannot be read.
    """
    return toml_files.load(paths_path())


# From a table to paths -----------------------------------------------------------------------------


def parsed(written: Table, file: str = "") -> dict[str, RelationsPath]:
    """The paths of a table, checked; `file` is where it is from, for the sentence when something is wrong.

    Raises:
        Refused: there is no path in it, or one lacks something; the sentence names it.
    """
    found = {key: _path_from(key, one, file) for key, one in written.items()}
    if not found and file:
        raise Refused(_("The paths file {file} holds no relations path.").format(file=file))
    if not found:
        raise Refused(_("The last relations path stays: a case follows one."))
    return found


def _path_from(key: str, table: object, file: str) -> RelationsPath:
    """Check one path of a table."""
    where = f"[{key}]"
    wanted = {"title", "milestones"}
    if not isinstance(table, Mapping) or not table.keys() >= wanted:
        raise _bad(file, where, _("a path needs a title and milestones"))
    if extra := set(table) - wanted:
        raise _bad(file, where, _("{key} is not known").format(key=min(extra)))
    steps = table["milestones"]
    if not isinstance(steps, list) or not steps:
        raise _bad(file, where, _("a path needs a title and milestones"))
    milestones = tuple(_milestone_from(step, file, where) for step in steps)
    if len({step.key for step in milestones}) < len(milestones):
        raise _bad(file, where, _("two milestones have the same key"))
    return RelationsPath(key, _title(table["title"], file, where), milestones)


_CHOICES = {"sets_status": STATUSES, "outcome": OUTCOMES, "follow_up_type": FOLLOW_UPS}


def _milestone_from(step: object, file: str, where: str) -> Milestone:
    """Check one milestone of a path."""
    known = {entry.name for entry in fields(Milestone)}
    if not isinstance(step, Mapping) or not step.keys() >= {"key", "title", "kind"}:
        raise _bad(file, where, _("a milestone needs a key, a title and a kind"))
    where = f"{where} {step['key']}"
    if extra := set(step) - known:
        raise _bad(file, where, _("{key} is not known").format(key=min(extra)))
    for name in ("key", "kind"):
        if not isinstance(step[name], str) or not re.fullmatch("[a-z0-9_]+", step[name]):
            raise _bad(file, where, _("{key} is small letters, digits and _").format(key=name))
    for name, choices in _CHOICES.items():
        if step.get(name, "") not in choices:
            said = ", ".join(filter(None, choices))
            raise _bad(file, where, _("{key} is one of {choices}").format(key=name, choices=said))
    for name, highest in (("follow_up_days", MOST_DAYS), ("chance", 100)):
        value = step.get(name)
        if value is not None and (type(value) is not int or not 0 <= value <= highest):
            raise _bad(file, where, _("{key} is a number from 0 to {highest}").format(key=name, highest=highest))
    if not isinstance(step.get("follow_up_case", ""), str):
        raise _bad(file, where, _("{key} is the key of a path").format(key="follow_up_case"))
    if not isinstance(step.get("suggestions", []), list):
        raise _bad(file, where, _("{key} is a list of texts").format(key="suggestions"))
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


def _title(value: object, file: str, where: str) -> str:
    """A text in the active language: one text for all, or a table of languages."""
    said = dict(value) if isinstance(value, Mapping) else {language.active(): value}
    texts = {name: accept(one) for name, one in said.items() if isinstance(one, str)}
    title = texts.get(language.active()) or next(iter(texts.values()), "")
    if not title or len(texts) < len(said):
        raise _bad(file, where, _('a title is a text, or { en = "…", da = "…" }'))
    return title


def _bad(file: str, where: str, what: str) -> Refused:
    if not file:
        return Refused(_("In the relations paths, {where}: {what}.").format(where=where, what=what))
    return Refused(_("In the paths file {file}, {where}: {what}.").format(file=file, where=where, what=what))
