"""Undo: the last steps of a person, and taking one back (V15)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from easir_tui.crm import company_paths, people, teams, templates
from easir_tui.crm.users import Me, role_now
from easir_tui.crm.visibility import of_event, on_case, on_contact, on_lead
from easir_tui.data import reversal
from easir_tui.data.sqlite import row, rows, value, writing
from easir_tui.errors import NotFound, Refused
from easir_tui.language import _, ngettext, number

_MINE = (
    "e.user_id = ? AND e.parent_id IS NULL AND e.kind <> 'undo' AND "
    "(EXISTS (SELECT 1 FROM change WHERE event_id = e.id) OR EXISTS (SELECT 1 FROM event WHERE parent_id = e.id))"
)
"""Acts of one person that can be taken back: what changed no record, such as emptying the trash, cannot."""


@dataclass(frozen=True)
class PastStep:
    """One line of the undo list: what was done, to whom, when, and whether it is undone."""

    event_id: int
    at: int
    what: str
    contact_id: int | None
    contact: str
    undone: bool


@dataclass(frozen=True)
class Undone:
    """What was taken back, as a sentence, and the contact it belonged to."""

    event_id: int
    sentence: str
    contact_id: int | None
    kept: tuple[str, ...]


def meaning(what: str, params: dict[str, Any]) -> str:
    """An event's message in the user's language, texts as they are, counts as numbers; an undo names what it undid."""
    if "of" in params:
        return _(what).format(what=meaning(params["what"], params["of"]))
    return _(what).format(**{name: number(held) if type(held) is int else held for name, held in params.items()})


def last_steps(me: Me, limit: int = 20) -> list[PastStep]:
    """The latest acts of this person that can be taken back or were, newest first."""
    found = rows(
        "SELECT e.id, e.at, e.what, e.params, e.contact_id, coalesce(c.name, ''), e.undone_by_id FROM event e "
        "LEFT JOIN contact c ON c.id = e.contact_id "
        f"WHERE {_MINE} AND {of_event(me, 'e')} ORDER BY e.id DESC LIMIT ?", me.user_id, limit,
    )  # fmt: skip
    return [PastStep(one[0], one[1], meaning(one[2], json.loads(one[3])), one[4], one[5], one[6] is not None)
            for one in found]  # fmt: skip


def undo(me: Me, event_id: int | None = None, progress: Callable[[int], None] | None = None) -> Undone:
    """Take back a step of this person: the last one that stands, or the one named.

    Naming a step that is undone does it again.

    Raises:
        NotFound: there is none.
        Refused: somebody has worked on what it touched, or this person may no longer do what it does; nothing
            is changed.
    """
    if event_id is None:
        found = row(
            f"SELECT e.id FROM event e WHERE {_MINE} AND e.undone_by_id IS NULL AND {of_event(me, 'e')} "
            "ORDER BY e.id DESC LIMIT 1", me.user_id,
        )  # fmt: skip
        if found is None:
            raise NotFound(_("There is nothing to undo."))
        event_id = int(found[0])
    asked = row("SELECT what, params, contact_id, undone_by_id, user_id FROM event WHERE id = ?", event_id)
    if asked is None or asked[4] != me.user_id:
        raise NotFound(_("There is nothing to undo."))
    _refuse_unseen(me, event_id)
    if not _is_of_rights(event_id):
        return _take(me, event_id, asked, progress)
    # One transaction from looking to writing: a role that changes meanwhile waits its turn.
    with writing():
        _refuse_rights(me, event_id)
        before = company_paths.stored_table() if _is_of_paths(event_id) else {}
        taken = _take(me, event_id, asked, progress)
        people.keep_an_admin()
        if before:
            company_paths.refuse_loss(before, company_paths.stored_table())
    return taken


def _take(me: Me, event_id: int, asked: tuple[Any, ...], progress: Callable[[int], None] | None) -> Undone:
    """Take the step back, or do it again when it is undone."""
    what, params, contact_id, undone_by, _owner = asked
    done = meaning(what, json.loads(params))
    if undone_by is not None:
        reversal.redo(me, event_id, undone_by)
        return Undone(event_id, _("Done again: {what}").format(what=done), contact_id, ())
    result = reversal.reverse(me, event_id, progress)
    sentence = _("Undone: {what}").format(what=done)
    if result.kept_count:
        names = ", ".join(result.kept[:3])
        sentence += " · " + ngettext(
            "{count} was kept, because it was worked on since: {names}",
            "{count} were kept, because they were worked on since: {names}",
            result.kept_count,
        ).format(count=result.kept_count, names=names)
    return Undone(event_id, sentence, contact_id, result.kept)


def _refuse_unseen(me: Me, event_id: int) -> None:
    """What has gone to another team since is not taken back by somebody who may no longer see it.

    Raises:
        NotFound: as if it had never been.
    """
    if me.is_admin:
        return
    unseen = value(
        "SELECT 1 FROM change h JOIN event e ON e.id = h.event_id WHERE (e.id = ?1 OR e.parent_id = ?1) AND ("
        f"(h.contact_id IS NOT NULL AND NOT {on_contact(me, 'h.contact_id')}) OR "
        f"(h.entity = 'sales_case' AND NOT {on_case(me, 'h.row_id')}) OR "
        f"(h.entity = 'lead' AND NOT {on_lead(me, 'h.row_id')})) LIMIT 1", event_id,
    )  # fmt: skip
    if unseen is not None:
        raise NotFound(_("There is nothing to undo."))


def _is_of_rights(event_id: int) -> bool:
    """Whether a step let somebody in or out, changed a role, a team or who is in it, or what is set for several."""
    return bool(value(
        "SELECT 1 FROM change WHERE event_id = ? AND "
        "(entity IN ('team', 'membership', 'company_setting', 'template') OR entity = 'app_user' AND "
        "(op <> 'change' OR json_type(before, '$.role') IS NOT NULL OR json_type(before, '$.active') IS NOT NULL)) "
        "LIMIT 1", event_id,
    ))  # fmt: skip


def _is_of_paths(event_id: int) -> bool:
    """Whether a step changed the company's relations paths."""
    return bool(value("SELECT 1 FROM change WHERE event_id = ? AND entity = 'company_setting' LIMIT 1", event_id))


def _refuse_rights(me: Me, event_id: int) -> None:
    """Taking back needs the right that doing would need now, not the one of then (faults 101).

    Raises:
        Refused: this person is no admin any more, nor a team admin of the teams it touches.
    """
    if role_now(me) == "admin":
        return
    touched = rows(
        "SELECT h.entity, h.op, h.row_id, coalesce(m.team_id, h.row_id) FROM change h LEFT JOIN membership m "
        "ON h.entity = 'membership' AND m.id = h.row_id WHERE h.event_id = ?", event_id,
    )  # fmt: skip
    for entity, op, row_id, team_id in touched:
        if entity == "template":
            templates.may_change(me, row_id)
            continue
        if entity == "app_user" or (entity == "team" and op != "change") or entity not in ("team", "membership"):
            raise Refused(_("Only an admin can do that."))
        teams.may_manage(me, team_id)
