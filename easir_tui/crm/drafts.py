"""Drafts: what somebody is typing, kept in the database so that a lost connection loses nothing (faults 95).

A draft belongs to one user and one form: its key says which ("activity:call:7"). It is no record of the
company, so it is outside the journal, History and undo; it goes in the same transaction as the save that
makes it superfluous. `body` holds the form's texts, and under "arguments" what opens the form again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from easir_tui import clock
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact
from easir_tui.data.journal import Step
from easir_tui.data.sqlite import row, rows, run, writing

SCREENS = ("activity", "task", "new_case", "case_edit", "new_contact", "new_account", "account_edit", "accept_lead",
           "team_edit", "template", "settings")  # fmt: skip
"""Kinds of draft that are named for the screen which opens them; any other lives on a contact's or account's page."""


ASIDE = "~"
"""Stands in a key between the form and the number of a draft that was put aside."""


@dataclass(frozen=True)
class Waiting:
    """A draft to be offered: which form, about whom, since when (UTC epoch seconds).

    `left` tells that the user walked away from it on purpose; otherwise the connection or the program died.
    """

    id: int
    key: str
    kind: str
    contact_id: int | None
    contact_name: str
    left: bool
    updated_at: int
    body: dict[str, Any] = field(repr=False)

    @property
    def opens(self) -> tuple[str, dict[str, Any]]:
        """The screen it was typed in and its arguments, as `app.open` takes them."""
        if self.kind in SCREENS:
            return self.kind, dict(self.body.get("arguments", {}))
        arguments = self.body.get("arguments", {})
        if "account_id" in arguments:
            return "account", {"account_id": arguments["account_id"]}
        return "contact", {"contact_id": self.contact_id}


def keep(me: Me, key: str, kind: str, body: dict[str, Any], contact_id: int | None = None, left: bool = False) -> None:
    """Keep what has been typed so far, in place of what was kept under the same key.

    Args:
        left: the user leaves the form on purpose, so that the draft is offered and not opened by itself.
    """
    with writing():
        run(
            'INSERT INTO draft (user_id, key, kind, contact_id, body, "left", updated_at)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (user_id, key) DO UPDATE SET kind = excluded.kind,"
            " contact_id = excluded.contact_id, body = excluded.body,"
            ' "left" = excluded."left", updated_at = excluded.updated_at',
            me.user_id,
            key,
            kind,
            contact_id,
            json.dumps(body, ensure_ascii=False),
            int(left),
            clock.now(),
        )


def take(me: Me, key: str) -> dict[str, Any] | None:
    """What is kept under a key, or None; it stays until it is saved or dropped."""
    found = row("SELECT body FROM draft WHERE user_id = ? AND key = ?", me.user_id, key)
    return json.loads(found[0]) if found else None


def find(me: Me, key: str) -> Waiting | None:
    """The draft of a form, with when it was kept and whether it was left on purpose; else the newest put aside."""
    under = _waiting("d.user_id = ? AND d.key = ?", me.user_id, key)
    mark = f"{key}{ASIDE}"
    return next(iter(under or _waiting("d.user_id = ? AND substr(d.key, 1, ?) = ?", me.user_id, len(mark), mark)), None)


def put_aside(me: Me, key: str) -> None:
    """Make room for another draft of the same form: the one there is stays, and is offered after the new one."""
    with writing():
        run('UPDATE draft SET key = key || ? || id, "left" = 1 WHERE user_id = ? AND key = ?', ASIDE, me.user_id, key)


def take_up(me: Me, draft: Waiting, key: str) -> None:
    """Go on with a draft that may have been put aside: it becomes the draft of its form again."""
    if draft.key != key:
        put_aside(me, key)
        with writing():
            run("UPDATE draft SET key = ? WHERE user_id = ? AND id = ?", key, me.user_id, draft.id)


def call_for(me: Me, draft: Waiting) -> None:
    """The form opened next begins with this draft and does not ask."""
    form = draft.key.partition(ASIDE)[0]
    if form != draft.key:
        put_aside(me, form)
    with writing():
        run('UPDATE draft SET key = ?, "left" = 0 WHERE user_id = ? AND id = ?', form, me.user_id, draft.id)


def leave_all(me: Me) -> None:
    """Open none of them by itself at the next start: the form may be what ended the program."""
    with writing():
        run('UPDATE draft SET "left" = 1 WHERE user_id = ?', me.user_id)


def drop(me: Me, key: str) -> None:
    """Forget a draft."""
    with writing():
        run("DELETE FROM draft WHERE user_id = ? AND key = ?", me.user_id, key)


def drop_in(work: Step, me: Me, key: str | None) -> None:
    """Forget a draft inside the step that saves what it held; `work` is that step, still open."""
    if key is not None:
        run("DELETE FROM draft WHERE user_id = ? AND key = ?", me.user_id, key)


def waiting(me: Me) -> list[Waiting]:
    """The user's drafts: those cut off by a lost connection first, then those left, each newest first."""
    return _waiting(f"d.user_id = ? AND (d.contact_id IS NULL OR {on_contact(me, 'd.contact_id')})", me.user_id)


def _waiting(condition: str, *values: object) -> list[Waiting]:
    return [
        Waiting(draft_id, key, kind, contact_id, name or "", bool(left), updated_at, json.loads(body))
        for draft_id, key, kind, contact_id, name, left, updated_at, body in rows(
            'SELECT d.id, d.key, d.kind, d.contact_id, c.name, d."left", d.updated_at, d.body FROM draft d'
            f" LEFT JOIN contact c ON c.id = d.contact_id WHERE {condition}"
            ' ORDER BY d."left", d.updated_at DESC, d.id DESC LIMIT 50',
            *values,
        )
    ]
