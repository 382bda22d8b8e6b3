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
from easir_tui.errors import Conflict, Invalid, NotFound, Refused
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

    def values(self, path: str, milestone: str = "") -> dict[str, Any]:
        """What is set of a path (its title in each language) or of a milestone (`FIELDS` besides), by name.

        Raises:
            NotFound: there is none.
        """
        return _values(self.table, path, milestone)


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


def put_path(me: Me, seen: HeldPaths, path: str, /, **titles: str) -> str:
    """Give a path another title in one language or more, or, where `path` is "", add one with a first milestone; says
    its key. `seen` is what the change was made on.

    Raises:
        Invalid: no title.
        NotFound: there is no such path any more.
        Conflict: somebody changed the same title meanwhile.
        Refused: only an admin may.
    """

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        if path:
            _refuse_clash(seen, table, path, "", titles)
            title = _title(_values(table, path, "") | titles)
            table[path]["title"] = title
            return path, _called(title)
        if len(table) >= MOST:
            raise Refused(_("There are {count} paths already; that is the most.").format(count=MOST))
        title = _title(titles)
        key = _free_key(title, table)
        table[key] = {"title": title, "milestones": [_FIRST]}
        return key, _called(title)

    return _edit(me, N_("changed the relations path {name}") if path else N_("made the relations path {name}"), edit)


def put_milestone(me: Me, seen: HeldPaths, path: str, key: str, /, **changes: Any) -> str:
    """Change a milestone of a path: its title by language, any of `FIELDS` ("" or None takes one away); or add one at
    the end where `key` is ""; says its key. One with an outcome closes the case. `seen` is what the change was made on.

    Raises:
        Invalid: no title.
        NotFound: there is no such path or milestone any more.
        Conflict: somebody changed the same field meanwhile.
        Refused: only an admin may; a value that cannot be.
    """
    if strange := set(changes) - {*LANGUAGES, *FIELDS}:
        raise KeyError(f"a milestone has no field {min(strange)} to change")

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        steps = _of(table, path)["milestones"]
        if key:
            _refuse_clash(seen, table, path, key, changes)
            changed = _step(table[path], key)
            title = _title(_values(table, path, key) | changes)
        else:
            if len(steps) >= MOST:
                raise Refused(_("There are {count} milestones already; that is the most.").format(count=MOST))
            title = _title(changes)
            changed = {"key": _free_key(title, [one["key"] for one in steps]), "kind": "contact"}
            steps.append(changed)
        changed |= {"title": title, **{name: new for name, new in changes.items() if name in FIELDS}}
        if changed.get("outcome"):
            changed["sets_status"] = "closed"
        for name in [name for name, new in changed.items() if new in ("", None)]:
            del changed[name]
        return changed["key"], _called(title)

    return _edit(me, N_("changed the milestone {name}") if key else N_("added the milestone {name}"), edit)


def move_milestone(me: Me, path: str, key: str, by: int) -> None:
    """Move a milestone `by` places along its path."""

    def edit(table: dict[str, Any]) -> tuple[str, str]:
        steps = _of(table, path)["milestones"]
        moved = _step(table[path], key)
        at = steps.index(moved)
        steps.insert(max(0, at + by), steps.pop(at))
        return key, _called(moved["title"])

    _edit(me, N_("moved the milestone {name}"), edit)


def remove_milestone(me: Me, path: str, key: str) -> None:
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

    _edit(me, N_("deleted the milestone {name}"), edit)


def remove_path(me: Me, path: str) -> None:
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

    _edit(me, N_("deleted the relations path {name}"), edit)


def replace_all(me: Me, table: Table) -> None:
    """Let this whole table hold, such as the one of a `paths.toml`.

    Raises:
        Refused: only an admin may; it is not right; cases stand on what it lacks.
    """

    def edit(held: dict[str, Any]) -> tuple[str, str]:
        held.clear()
        held.update(copy.deepcopy(dict(table)))
        return "", ""

    _edit(me, N_("set all relations paths"), edit)


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


def _edit(me: Me, what: str, edit: Callable[[dict[str, Any]], tuple[str, str]]) -> str:
    """One change of the table in one transaction, checked whole before it is written; `edit` says key and name."""
    require_admin(me)
    with step(me, what, shown=False) as work:
        version, before = _stored()
        table = copy.deepcopy(dict(before))
        key, name = edit(table)
        relations.parsed(table)
        refuse_loss(before, table)
        work.params["name"] = name
        if version == FILE:
            work.add(CompanySetting, key=relations.SETTING, value=table)
        else:
            work.change(CompanySetting, version[0], None, value=table)
    take_up_company()
    return key


def _refuse_clash(seen: HeldPaths, table: Table, path: str, key: str, changes: Mapping[str, Any]) -> None:
    """Go on unless one of these fields is another than the one that was seen, and than the one wanted now."""
    before, now = _values(seen.table, path, key), _values(table, path, key)
    theirs = {
        name: now[name] for name, mine in changes.items()
        if (now[name] or "") not in (before[name] or "", mine or "")
    }  # fmt: skip
    if not theirs:
        return
    who, at = row(
        "SELECT u.full_name, e.at FROM company_setting s JOIN change c ON c.entity = 'company_setting' "
        "AND c.row_id = s.id JOIN event e ON e.id = c.event_id LEFT JOIN app_user u ON u.id = e.user_id "
        "WHERE s.key = ? ORDER BY c.id DESC LIMIT 1", relations.SETTING,
    ) or ("", 0)  # fmt: skip
    (row_id, version), _table = _stored()
    raise Conflict(
        _("{who} changed this while you were editing it.").format(who=who or _("the program")),
        hint=_("Choose for each field which of the two stays."),
        entity="company_setting", row_id=row_id, version=version, who=who or _("the program"), at=at,
        theirs=theirs, mine=dict(changes), original=before,
    )  # fmt: skip


def _values(table: Table, path: str, milestone: str) -> dict[str, Any]:
    """What is set of a path or of a milestone, by the names it is changed by."""
    found = _of(table, path)
    if not milestone:
        return _spoken(found["title"])
    held = _step(found, milestone)
    return _spoken(held["title"]) | {name: held.get(name) for name in FIELDS}


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


def _title(titles: Mapping[str, Any]) -> str | dict[str, str]:
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
