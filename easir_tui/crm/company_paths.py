"""The company's relations paths: what an admin sets in the program for everybody who uses this database.

They are kept as one table, the one `relations` reads. Until an admin changes something, what the file says holds;
the first change takes the whole of it along. A path or a milestone that cases stand on is not removed, however that
comes about, for it would leave them without a name.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from easir_tui import language, relations, text
from easir_tui.crm.users import Me, require_admin, take_up_company
from easir_tui.crm.visibility import seen_by
from easir_tui.data.journal import step
from easir_tui.data.models import CompanySetting
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import LANGUAGES, N_, _, ngettext, number
from easir_tui.relations import Milestone, RelationsPath, Table

FIELDS = tuple(field.name for field in fields(Milestone) if field.name not in ("key", "title", "suggestions"))
"""What of a milestone is changed here besides its title; texts to begin with are templates."""

MOST = 60
"""Milestones of one path, and paths."""

Version = tuple[int, int]
"""Which state of the paths somebody has seen: the row that holds them, and its version."""

FILE: Version = (0, 0)
"""The state in which a file still holds them."""

_FIRST = {
    "key": "first_contact", "title": {"en": "First contact", "da": "Første kontakt"}, "kind": "contact",
    "sets_status": "open",
}  # fmt: skip
"""What a new path begins with, for it cannot be empty."""


@dataclass(frozen=True)
class HeldPaths:
    """The paths the company has, or would take over from the file with its first change."""

    version: Version
    table: Table
    paths: Mapping[str, RelationsPath]
    standing: Mapping[tuple[str, str], int]
    """How many open cases one sees on a milestone: (path, milestone) → cases; the milestone is "" before the first."""

    def titles(self, path: str, milestone: str = "") -> dict[str, str]:
        """The title of a path or of a milestone in every language.

        Raises:
            NotFound: there is none.
        """
        found = _of(self.table, path)
        return _spoken(_step(found, milestone)["title"] if milestone else found["title"])


def held(me: Me) -> HeldPaths:
    """The paths as they are now, and where the cases stand that this person sees."""
    version, table = _stored()
    standing = rows(
        "SELECT path, milestone, count(*) FROM sales_case WHERE status = 'open' AND deleted_at IS NULL "
        f"AND {seen_by(me)} GROUP BY path, milestone"
    )
    counts = {(path, milestone): count for path, milestone, count in standing}
    return HeldPaths(version, table, relations.parsed(table), counts)


def stored_table() -> Table:
    """The paths as they are kept now; for looking again after an undo."""
    return _stored()[1]


def put_path(me: Me, version: Version, path: str, titles: Mapping[str, str]) -> str:
    """Give a path another title, or, where `path` is "", add one with a first milestone; says its key.

    Raises:
        Invalid: no title.
        Refused: only an admin may; somebody changed the paths since `version`.
    """

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        title = _title(titles)
        if path:
            _of(table, path)["title"] = title
            return path, _called(title)
        if len(table) >= MOST:
            raise Refused(_("There are {count} paths already; that is the most.").format(count=MOST))
        key = _free_key(title, table)
        table[key] = {"title": title, "milestones": [_FIRST]}
        return key, _called(title)

    what = N_("changed the relations path {name}") if path else N_("made the relations path {name}")
    return _edit(me, version, what, edit)


def put_milestone(me: Me, version: Version, path: str, key: str, titles: Mapping[str, str], **changes: Any) -> str:
    """Change a milestone of a path, any of `FIELDS` ("" or None takes one away), or add one at the end where `key`
    is ""; says its key. One with an outcome closes the case.

    Raises:
        Invalid: no title.
        Refused: only an admin may; a value that cannot be; somebody changed the paths since `version`.
    """

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        found, title = _of(table, path), _title(titles)
        steps = found["milestones"]
        if not key:
            if len(steps) >= MOST:
                raise Refused(_("There are {count} milestones already; that is the most.").format(count=MOST))
            steps.append({"key": _free_key(title, [one["key"] for one in steps]), "kind": "contact"})
        changed = _step(found, key) if key else steps[-1]
        changed["title"] = title
        for name, new in changes.items():
            if name not in FIELDS:
                raise KeyError(f"a milestone has no field {name} to change")
            changed[name] = new
        if changed.get("outcome"):
            changed["sets_status"] = "closed"
        for name in [name for name, new in changed.items() if new in ("", None)]:
            del changed[name]
        return changed["key"], _called(title)

    return _edit(me, version, N_("changed the milestone {name}") if key else N_("added the milestone {name}"), edit)


def move_milestone(me: Me, version: Version, path: str, key: str, by: int) -> None:
    """Move a milestone `by` places along its path."""

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        steps = _of(table, path)["milestones"]
        moved = _step(table[path], key)
        at = steps.index(moved)
        steps.insert(max(0, at + by), steps.pop(at))
        return key, _called(moved["title"])

    _edit(me, version, N_("moved the milestone {name}"), edit)


def remove_milestone(me: Me, version: Version, path: str, key: str) -> None:
    """Take a milestone off a path.

    Raises:
        Refused: cases stand on it, an activity reached it, or it is the last one.
    """

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        found = _of(table, path)
        gone = _step(found, key)
        if len(found["milestones"]) == 1:
            raise Refused(_("The last milestone stays."), _("Delete the path instead."))
        found["milestones"].remove(gone)
        return key, _called(gone["title"])

    _edit(me, version, N_("deleted the milestone {name}"), edit)


def remove_path(me: Me, version: Version, path: str) -> None:
    """Take a path away, also where a milestone of another suggests it.

    Raises:
        Refused: cases follow it, or it is the last one.
    """

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        gone = _of(table, path)
        del table[path]
        for other in table.values():
            for one in other["milestones"]:
                if one.get("follow_up_case") == path:
                    del one["follow_up_case"]
        return path, _called(gone["title"])

    _edit(me, version, N_("deleted the relations path {name}"), edit)


def replace_all(me: Me, table: Table) -> None:
    """Let this whole table hold, such as the one of a `paths.toml`.

    Raises:
        Refused: only an admin may; it is not right; cases stand on what it lacks.
    """

    def edit(held: dict[str, Any]) -> tuple[str, str]:
        held.clear()
        held.update(copy.deepcopy(dict(table)))
        return "", ""

    _edit(me, None, N_("set all relations paths"), edit)


def refuse_loss(before: Table, after: Table) -> None:
    """Refuse a change that would leave a case, or what happened in one, without the name of its path or milestone.

    Raises:
        Refused: it would; the sentence counts the cases.
    """
    kept = {path: {one["key"] for one in found["milestones"]} for path, found in after.items()}
    for path, found in before.items():
        if path not in kept:
            if count := value("SELECT count(*) FROM sales_case WHERE path = ?", path):
                follows = ngettext("{n} case follows {name}.", "{n} cases follow {name}.", count)
                raise Refused(follows.format(n=number(count), name=_called(found["title"])), _(_KEEP))
            continue
        for gone in found["milestones"]:
            if gone["key"] not in kept[path]:
                _refuse_milestone(path, gone["key"], _called(gone["title"]))


_KEEP = N_("Give it another title instead.")


def _refuse_milestone(path: str, key: str, name: str) -> None:
    count = value("SELECT count(*) FROM sales_case WHERE path = ? AND milestone = ?", path, key)
    if count:
        stands = ngettext("{n} case stands on {name}.", "{n} cases stand on {name}.", count)
        raise Refused(stands.format(n=number(count), name=name), _(_KEEP))
    if value(
        "SELECT 1 FROM sales_case s JOIN activity a ON a.case_id = s.id WHERE s.path = ? "
        "AND instr(a.milestones, ?) LIMIT 1", path, json.dumps(key),
    ):  # fmt: skip
        raise Refused(_("{name} stands in the history of cases.").format(name=name), _(_KEEP))


def _stored() -> tuple[Version, Table]:
    """Which state the paths are in, and the paths; the file's as long as the company has none."""
    found = row(
        "SELECT id, version, value FROM company_setting WHERE key = ? AND deleted_at IS NULL", relations.SETTING
    )
    return ((found[0], found[1]), json.loads(found[2])) if found else (FILE, relations.file_table())


def _edit(me: Me, version: Version | None, what: str, edit: Callable[[dict[str, Any]], tuple[str, str]]) -> str:
    """One change of the table in one transaction, checked whole before it is written; `edit` says key and name."""
    require_admin(me)
    with step(me, what, shown=False) as work:
        seen, before = _stored()
        if version is not None and version != seen:
            raise Refused(_("Somebody changed the paths meanwhile; nothing was saved."), _("Look, and do it again."))
        table = copy.deepcopy(dict(before))
        key, name = edit(table)
        relations.parsed(table)
        refuse_loss(before, table)
        work.params["name"] = name
        if seen == FILE:
            work.add(CompanySetting, key=relations.SETTING, value=table)
        else:
            work.change(CompanySetting, seen[0], None, value=table)
    take_up_company()
    return key


def _of(table: Table, path: str) -> dict[str, Any]:
    if path not in table:
        raise NotFound(_("There is no such relations path."))
    found: dict[str, Any] = table[path]
    return found


def _step(path: Mapping[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((one for one in path["milestones"] if one["key"] == key), None)
    if found is None:
        raise NotFound(_("There is no such milestone."))
    return found


def _spoken(title: object) -> dict[str, str]:
    """A written title by language; one text stands for all."""
    if isinstance(title, Mapping):
        return {name: str(title.get(name, "")) for name in LANGUAGES}
    return dict.fromkeys(LANGUAGES, str(title))


def _called(title: object) -> str:
    """A written title as this person reads it."""
    said = _spoken(title)
    return text.accept(said[language.active()] or next(filter(None, said.values()), ""), newlines=False)


def _title(titles: Mapping[str, str]) -> str | dict[str, str]:
    """A title as it is written: one text, or one for each language that has its own.

    Raises:
        Invalid: there is none in any language.
    """
    cleaned = {name: said for name in LANGUAGES if (said := text.accept(titles.get(name, ""), newlines=False))}
    if not cleaned:
        raise Invalid("en", _("Write a name."))
    return cleaned if len(set(cleaned.values())) > 1 else next(iter(cleaned.values()))


def _free_key(title: str | dict[str, str], taken: Mapping[str, Any] | list[str]) -> str:
    """A key made of a title that nothing has yet."""
    base = re.sub("[^a-z0-9]+", "_", text.fold(next(filter(None, _spoken(title).values())))).strip("_")[:40] or "step"
    key, at = base, 2
    while key in taken:
        key, at = f"{base}_{at}", at + 1
    return key
