"""The company's relations paths: what an admin sets in the program for everybody who uses this database.

They are kept as one table, the one `relations` reads. Until an admin changes something, what the file says holds;
the first change takes the whole of it along. A path or a milestone that cases stand on is not removed, for it would
leave them without a name.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from easir_tui import relations, text
from easir_tui.crm.users import Me, require_admin, take_up_company
from easir_tui.data.journal import step
from easir_tui.data.models import CompanySetting
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import LANGUAGES, N_, _, ngettext, number
from easir_tui.relations import Milestone, RelationsPath

KEY = "paths"
"""The name of the setting."""

FIELDS = tuple(field.name for field in fields(Milestone) if field.name not in ("key", "title", "suggestions"))
"""What of a milestone is changed here besides its title; texts to begin with are templates."""

MOST = 60
"""Milestones of one path, and paths."""


@dataclass(frozen=True)
class HeldPaths:
    """The paths that hold now; `version` is 0 as long as the company has set none."""

    version: int
    table: Mapping[str, Any]
    paths: Mapping[str, RelationsPath]
    standing: Mapping[tuple[str, str], int]
    """How many open cases stand on a milestone: (path, milestone) → cases; the milestone is "" before the first."""

    def titles(self, path: str, milestone: str = "") -> dict[str, str]:
        """The title of a path or of a milestone in every language."""
        held = self.table[path]
        if milestone:
            held = next(one for one in held["milestones"] if one["key"] == milestone)
        return spoken(held["title"])


def held(me: Me) -> HeldPaths:
    """The paths as they are now, and where cases stand."""
    del me
    found = _setting()
    standing = rows(
        "SELECT path, milestone, count(*) FROM sales_case WHERE status = 'open' AND deleted_at IS NULL "
        "GROUP BY path, milestone"
    )
    return HeldPaths(
        found[1] if found else 0,
        json.loads(found[2]) if found else relations.table(),
        relations.paths(),
        {(path, milestone): count for path, milestone, count in standing},
    )


def put_path(me: Me, version: int, path: str, titles: Mapping[str, str]) -> str:
    """Give a path another title, or, where `path` is "", add one with a first milestone; says its key.

    Raises:
        Invalid: no title.
        Refused: only an admin may; somebody changed the paths since `version`.
    """

    def edit(table: dict[str, Any]) -> str:
        title = _title(titles)
        if path:
            _of(table, path)["title"] = title
            return path
        if len(table) >= MOST:
            raise Refused(_("There are {count} paths already; that is the most.").format(count=MOST))
        key = _free_key(title, table)
        first = {"en": "First contact", "da": "Første kontakt"}
        table[key] = {
            "title": title,
            "milestones": [{"key": "first_contact", "title": first, "kind": "contact", "sets_status": "open"}],
        }
        return key

    what = N_("changed the relations path {name}") if path else N_("made the relations path {name}")
    return _edit(me, version, what, _said(titles), edit)


def put_milestone(me: Me, version: int, path: str, key: str, titles: Mapping[str, str], **changes: Any) -> str:
    """Change a milestone of a path, any of `FIELDS`, or add one at the end where `key` is ""; says its key.

    Raises:
        Invalid: no title, or a value that cannot be.
        Refused: only an admin may; somebody changed the paths since `version`.
    """

    def edit(table: dict[str, Any]) -> str:
        steps = _of(table, path)["milestones"]
        if not key and len(steps) >= MOST:
            raise Refused(_("There are {count} milestones already; that is the most.").format(count=MOST))
        title = _title(titles)
        found: dict[str, Any] = {"key": _free_key(title, {one["key"]: one for one in steps})}
        step_ = _step(steps, key) if key else found
        step_["title"] = title
        step_.setdefault("kind", "contact")
        for name, new in changes.items():
            if name not in FIELDS:
                raise KeyError(f"a milestone has no field {name} to change")
            if new in ("", None):
                step_.pop(name, None)
            else:
                step_[name] = new
        if step_.get("outcome"):
            step_["sets_status"] = "closed"
        if not key:
            steps.append(step_)
        return str(step_["key"])

    what = N_("changed the milestone {name}") if key else N_("added the milestone {name}")
    return _edit(me, version, what, _said(titles), edit)


def move_milestone(me: Me, version: int, path: str, key: str, by: int) -> None:
    """Move a milestone `by` places along its path."""

    def edit(table: dict[str, Any]) -> str:
        steps = _of(table, path)["milestones"]
        at = steps.index(_step(steps, key))
        steps.insert(max(0, at + by), steps.pop(at))
        return key

    _edit(me, version, N_("moved the milestone {name}"), _named(me, path, key), edit)


def remove_milestone(me: Me, version: int, path: str, key: str) -> None:
    """Take a milestone off a path.

    Raises:
        Refused: cases stand on it, or an activity reached it.
    """

    def edit(table: dict[str, Any]) -> str:
        steps = _of(table, path)["milestones"]
        if len(steps) == 1:
            raise Refused(_("The last milestone stays."), _("Delete the path instead."))
        count = value("SELECT count(*) FROM sales_case WHERE path = ? AND milestone = ?", path, key)
        if count:
            raise Refused(
                ngettext("{n} case stands on it.", "{n} cases stand on it.", count).format(n=number(count)),
                _("Give it another title, or move it."),
            )
        if value(
            "SELECT 1 FROM sales_case s JOIN activity a ON a.case_id = s.id WHERE s.path = ? "
            "AND a.milestones LIKE ? LIMIT 1", path, f'%"{key}"%',
        ):  # fmt: skip
            raise Refused(_("It stands in the history of cases."), _("Give it another title, or move it."))
        steps.remove(_step(steps, key))
        return key

    _edit(me, version, N_("deleted the milestone {name}"), _named(me, path, key), edit)


def remove_path(me: Me, version: int, path: str) -> None:
    """Take a path away.

    Raises:
        Refused: cases follow it, or it is the last one.
    """

    def edit(table: dict[str, Any]) -> str:
        _of(table, path)
        count = value("SELECT count(*) FROM sales_case WHERE path = ?", path)
        if count:
            raise Refused(
                ngettext("{n} case follows it.", "{n} cases follow it.", count).format(n=number(count)),
                _("Give it another title instead."),
            )
        del table[path]
        for other in table.values():
            for step_ in other["milestones"]:
                if step_.get("follow_up_case") == path:
                    del step_["follow_up_case"]
        return path

    _edit(me, version, N_("deleted the relations path {name}"), _named(me, path), edit)


def replace_all(me: Me, table: Mapping[str, Any]) -> None:
    """Let this whole table hold, such as the one of a `paths.toml`.

    Raises:
        Refused: only an admin may; it is not right; cases follow a path that is not in it.
    """

    def edit(held: dict[str, Any]) -> str:
        followed = {path for (path,) in rows("SELECT DISTINCT path FROM sales_case WHERE deleted_at IS NULL")}
        if missing := sorted((followed & held.keys()) - table.keys()):
            raise Refused(_("Cases follow {paths}, which it lacks.").format(paths=", ".join(missing)))
        held.clear()
        held.update(copy.deepcopy(dict(table)))
        return ""

    _edit(me, None, N_("set all relations paths"), "", edit)


def spoken(title: object) -> dict[str, str]:
    """A written title by language; one text stands for all."""
    if isinstance(title, Mapping):
        return {name: str(title.get(name, "")) for name in LANGUAGES}
    return dict.fromkeys(LANGUAGES, str(title))


def _setting() -> tuple[Any, ...] | None:
    return row("SELECT id, version, value FROM company_setting WHERE key = ? AND deleted_at IS NULL", KEY)


def _edit(me: Me, version: int | None, what: str, name: str, edit: Callable[[dict[str, Any]], str]) -> str:
    """One change of the table in one transaction, checked whole before it is written."""
    require_admin(me)
    with step(me, what, {"name": name} if name else {}, shown=False) as work:
        found = _setting()
        if version is not None and version != (found[1] if found else 0):
            raise Refused(_("Somebody changed the paths meanwhile; nothing was saved."), _("Look, and do it again."))
        table = copy.deepcopy(dict(json.loads(found[2]) if found else relations.table()))
        key = edit(table)
        relations.parsed(table)
        if found:
            work.change(CompanySetting, found[0], None, value=table)
        else:
            work.add(CompanySetting, key=KEY, value=table)
    take_up_company()
    return key


def _of(table: Mapping[str, Any], path: str) -> dict[str, Any]:
    if path not in table:
        raise NotFound(_("There is no such relations path."))
    found: dict[str, Any] = table[path]
    return found


def _step(steps: list[dict[str, Any]], key: str) -> dict[str, Any]:
    found = next((one for one in steps if one["key"] == key), None)
    if found is None:
        raise NotFound(_("There is no such milestone."))
    return found


def _title(titles: Mapping[str, str]) -> str | dict[str, str]:
    """A title as it is written: one text, or one for each language that has its own."""
    cleaned = {name: said for name in LANGUAGES if (said := text.accept(titles.get(name, ""), newlines=False))}
    if not cleaned:
        raise Invalid("en", _("Write a name."))
    return cleaned if len(set(cleaned.values())) > 1 else next(iter(cleaned.values()))


def _said(titles: Mapping[str, str]) -> str:
    return next((said for name in LANGUAGES if (said := text.accept(titles.get(name, ""), newlines=False))), "")


def _named(me: Me, path: str, milestone: str = "") -> str:
    """What a path or a milestone is called, for the undo list."""
    del me
    known = relations.paths().get(path)
    found = known.milestone(milestone) if known and milestone else known
    return found.title if found else milestone or path


def _free_key(title: str | dict[str, str], taken: Mapping[str, Any]) -> str:
    """A key made of a title that nothing has yet."""
    first = title if isinstance(title, str) else next(iter(title.values()))
    base = re.sub("[^a-z0-9]+", "_", text.fold(first)).strip("_")[:40] or "step"
    key, at = base, 2
    while key in taken:
        key, at = f"{base}_{at}", at + 1
    return key
