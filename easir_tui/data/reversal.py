"""Taking a step back: the images that the journal kept, applied the other way round, as a step of its own.

What somebody has worked on since is never overwritten: it is named, and either the whole reversal is refused
(one small step) or the rest goes on without it (an import, which may hold many thousand rows, and what says so of
itself by `goes_on` among its params, as a merge does).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from easir_tui.data import derived, search
from easir_tui.data.columns import fetch, insert
from easir_tui.data.journal import Actor, Step, step
from easir_tui.data.models import ENTITIES
from easir_tui.data.sqlite import changed_rows, row, rows, run, run_many, value
from easir_tui.errors import NotFound, Refused
from easir_tui.language import N_, _

BATCH = 1000
"""Rows that one transaction of a long reversal takes back, so that others can save in between (faults 25)."""

_CHANGED = (
    "EXISTS (SELECT 1 FROM change c JOIN event e ON e.id = c.event_id WHERE c.entity = '{entity}' AND c.row_id = t.id "
    "AND c.op <> 'add' AND e.kind <> 'undo' AND e.undone_by_id IS NULL)"
)
_LIVING = "EXISTS (SELECT 1 FROM {table} x WHERE x.{column} = t.id AND x.deleted_at IS NULL)"
_WORKED_ON = {
    "contact": tuple((table, "contact_id") for table in ("activity", "task", "sales_case", "attachment", "consent")),
    "account": (("contact", "account_id"),),
}
"""What hangs on a row that was added in a range, so that it has been worked on and stays. Changes that were taken
back themselves, such as a later part of the same import, do not count."""


@dataclass(frozen=True)
class Reversed:
    """What a reversal did: the event it left, how many rows it took back, and the names of those it kept."""

    event_id: int
    taken_back: int
    kept: tuple[str, ...]
    kept_count: int


def reverse(actor: Actor, event_id: int, progress: Callable[[int], None] | None = None) -> Reversed:
    """Take back one event, and the events that are parts of it.

    Raises:
        NotFound: there is no such event.
        Refused: it is undone already, or somebody has worked on what it touched.
    """
    found = row("SELECT what, params, contact_id, account_id, case_id, undone_by_id, kind FROM event WHERE id = ?",
                event_id)  # fmt: skip
    if found is None:
        raise NotFound(_("There is nothing to undo."))
    what, params, contact_id, account_id, case_id, undone_by, kind = found
    if undone_by is not None:
        raise Refused(_("That is undone already."))
    kept: list[str] = []
    total = 0
    for (part,) in rows("SELECT id FROM event WHERE parent_id = ? AND undone_by_id IS NULL ORDER BY id DESC", event_id):
        total += _reverse_part(actor, part, kept)
        if progress is not None:
            progress(total)
    meaning = {"what": what, "of": json.loads(params)}
    with step(actor, N_("undid: {what}"), meaning, contact_id=contact_id, account_id=account_id, case_id=case_id,
              kind="undo", undoes_id=event_id, shown=kind != "import") as undoing:  # fmt: skip
        goes_on = kind == "import" or bool(meaning["of"].get("goes_on"))
        total += _take_back(undoing, event_id, kept if goes_on else None)
        event = undoing.event_id
    return Reversed(event, total, tuple(kept[:20]), len(kept))


def redo(actor: Actor, event_id: int, undo_id: int) -> None:
    """Do an undone event again: the undo itself is taken back, parts and all.

    Raises:
        Refused: somebody has worked on what it touched since.
    """
    what, params, contact_id, account_id, case_id, kind = rows(
        "SELECT what, params, contact_id, account_id, case_id, kind FROM event WHERE id = ?", event_id
    )[0]
    undos = [undo_id] + [found for (found,) in rows(
        "SELECT u.id FROM event u JOIN event p ON p.id = u.parent_id WHERE p.parent_id = ? AND u.kind = 'undo' "
        "AND u.undone_by_id IS NULL ORDER BY u.id DESC", event_id,
    )]  # fmt: skip
    meaning = {"what": what, "of": json.loads(params)}
    with step(actor, N_("did again: {what}"), meaning, contact_id=contact_id, account_id=account_id, case_id=case_id,
              kind="undo", undoes_id=undo_id, shown=kind != "import") as again:  # fmt: skip
        for one in undos:
            _take_back(again, one, None)
            run("UPDATE event SET undone_by_id = ? WHERE id = ?", again.event_id, one)
        run("UPDATE event SET undone_by_id = NULL WHERE id = ? OR parent_id = ?", event_id, event_id)


def _reverse_part(actor: Actor, part_id: int, kept: list[str]) -> int:
    """Take back one part of an import, in bounded transactions; safe to be killed and begun again."""
    total = 0
    for entity, first, last in rows(
        "SELECT entity, row_id, last_id FROM change WHERE event_id = ? AND last_id > row_id ORDER BY id DESC",
        part_id,
    ):
        start = first
        while start <= last:
            end = min(start + BATCH - 1, last)
            with step(actor, N_("undid a part of an import"), shown=False, kind="undo", parent_id=part_id) as batch:
                total += _remove_range(batch, entity, start, end, [])
            start = end + 1
    with step(actor, N_("undid a part of an import"), shown=False, kind="undo", undoes_id=part_id,
              parent_id=part_id) as closing:  # fmt: skip
        total += _take_back(closing, part_id, kept)
        assert closing.event_id
    return total


def _take_back(undoing: Step, event_id: int, kept: list[str] | None) -> int:
    """Reverse the changes of one event, newest first; with `kept` None anything worked on since refuses all."""
    total = 0
    for entity, first, last, op, version, before, after in rows(
        "SELECT entity, row_id, last_id, op, version, before, after FROM change WHERE event_id = ? ORDER BY id DESC",
        event_id,
    ):
        if last > first and op == "remove":
            total += _restore_range(undoing, entity, first, last)
            continue
        if last > first:
            total += _remove_range(undoing, entity, first, last, kept if kept is not None else [])
            continue
        trouble = _take_back_one(
            undoing, entity, first, op, version, json.loads(before or "{}"), json.loads(after or "{}")
        )
        if trouble is None:
            total += 1
        elif kept is None:
            raise Refused(trouble, _("Nothing was undone."))
        else:
            kept.append(_name_of(entity, first))
    return total


def _take_back_one(
    undoing: Step,
    entity: str,
    row_id: int,
    op: str,
    version: int,
    before: dict[str, Any],
    after: dict[str, Any],
) -> str | None:
    """Reverse one change; the sentence that says why not, or None when it is done."""
    model = ENTITIES[entity]
    current = fetch(entity, row_id)
    if current is None:
        return _("It was emptied from the trash since.")
    if op == "add":
        if current["deleted_at"] is not None:
            return None
        if entity == "mail":
            return _withdraw(undoing, row_id, current)
        if current["version"] != version and _others_since(entity, row_id, version):
            return _since(entity, row_id, version)
        if _has_children(entity, row_id):
            return _("{name} has been worked on since.").format(name=_name_of(entity, row_id))
        undoing.remove(model, row_id)
    elif op == "remove":
        if current["deleted_at"] is not None:
            undoing.restore(model, row_id)
    elif op == "restore":
        if current["deleted_at"] is None:
            undoing.remove(model, row_id)
    else:
        if current["deleted_at"] is not None:
            return _("{name} was deleted since.").format(name=_name_of(entity, row_id))
        if any(current[name] != new for name, new in after.items()):
            return _since(entity, row_id, version)
        undoing.change(model, row_id, None, **before)
    return None


def _withdraw(undoing: Step, row_id: int, current: dict[str, Any]) -> str | None:
    """Take an e-mail out of the outbox, however often it was tried; not one that others may have."""
    if current["state"] not in ("queued", "refused"):
        return _("The e-mail has gone out; that cannot be taken back.")
    undoing.remove(ENTITIES["mail"], row_id)
    return None


def _others_since(entity: str, row_id: int, version: int) -> bool:
    """Whether changes after `version` of a row still stand (what was itself undone does not count)."""
    return bool(value(
        "SELECT 1 FROM change c JOIN event e ON e.id = c.event_id WHERE c.entity = ? AND c.row_id = ? "
        "AND c.version > ? AND e.kind <> 'undo' AND e.undone_by_id IS NULL LIMIT 1", entity, row_id, version,
    ))  # fmt: skip


def _has_children(entity: str, row_id: int) -> bool:
    """Whether a record that is to go still has living records under it."""
    under = {
        "contact": ("activity", "task", "sales_case", "attachment", "consent"),
        "sales_case": ("activity", "task"),
        "account": ("contact",),
    }
    column = {"contact": "contact_id", "sales_case": "case_id", "account": "account_id"}
    return any(
        value(f"SELECT 1 FROM {table} WHERE {column[entity]} = ? AND deleted_at IS NULL LIMIT 1", row_id)
        for table in under.get(entity, ())
    )


def _since(entity: str, row_id: int, version: int) -> str:
    """Who has changed a row since, as a sentence."""
    found = row(
        "SELECT u.full_name FROM change c JOIN event e ON e.id = c.event_id JOIN app_user u ON u.id = e.user_id "
        "WHERE c.entity = ? AND c.row_id = ? AND c.version > ? ORDER BY c.id DESC LIMIT 1", entity, row_id, version,
    )  # fmt: skip
    name = _name_of(entity, row_id)
    if found is None:
        return _("{name} has been changed since.").format(name=name)
    return _("{name} has been changed since, by {who}.").format(name=name, who=found[0])


def _name_of(entity: str, row_id: int) -> str:
    """What a row is called in a sentence."""
    column = {"contact": "name", "account": "name", "sales_case": "title", "attachment": "name"}.get(entity)
    named = value(f"SELECT {column} FROM {entity} WHERE id = ?", row_id) if column else None
    return str(named) if named else _("this entry")


def _remove_range(undoing: Step, entity: str, first: int, last: int, kept: list[str]) -> int:
    """Put the rows of a range into the trash but for those worked on since, which are named in `kept`."""
    hanging = (_LIVING.format(table=table, column=column) for table, column in _WORKED_ON.get(entity, ()))
    guard = " OR ".join((_CHANGED.format(entity=entity), *hanging))
    span = f"t.id BETWEEN {int(first)} AND {int(last)} AND t.deleted_at IS NULL"
    if entity in ("contact", "account"):
        kept += [str(name) for (name,) in rows(f"SELECT t.name FROM {entity} t WHERE {span} AND ({guard})")]
    going = [found[0] for found in rows(f"SELECT t.id FROM {entity} t WHERE {span} AND NOT ({guard})")]
    total = 0
    for start, end in _runs(going):
        run(
            f"UPDATE {entity} SET deleted_at = ?, version = version + 1, updated_at = ?, updated_by = ? "
            f"WHERE id BETWEEN ? AND ?", undoing.at, undoing.at, undoing.actor_id, start, end,
        )  # fmt: skip
        total += changed_rows()
        insert("change", {
            "event_id": undoing.event_id, "entity": entity, "row_id": start, "last_id": end,
            "op": "remove", "version": 2,
        })  # fmt: skip
    table = {"contact": "search_contact", "account": "search_account", "activity": "search_note"}.get(entity)
    if table is not None:
        search.forget_many(table, going)
    if entity == "contact":
        run_many("DELETE FROM contact_key WHERE contact_id = ?", [(row_id,) for row_id in going])
    if entity in ("activity", "task", "sales_case"):
        derived.follow_contacts({found[0] for found in rows(
            f"SELECT DISTINCT contact_id FROM {entity} WHERE id BETWEEN ? AND ?", first, last
        )})  # fmt: skip
    return total


def _restore_range(undoing: Step, entity: str, first: int, last: int) -> int:
    """Take the rows of a range out of the trash again."""
    back = [found for (found,) in rows(
        f"SELECT id FROM {entity} WHERE id BETWEEN ? AND ? AND deleted_at IS NOT NULL", first, last
    )]  # fmt: skip
    for row_id in back:
        undoing.restore(ENTITIES[entity], row_id)
    return len(back)


def _runs(ids: list[int]) -> list[tuple[int, int]]:
    """Ascending ids as closed ranges."""
    found: list[tuple[int, int]] = []
    for one in ids:
        if found and found[-1][1] == one - 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found
