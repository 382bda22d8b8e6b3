"""What is done to many cases at once: an explicit set of ids, one step of the journal, one undo (faults 61)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from easir_tui import clock, text
from easir_tui.crm.lookups import user_is_active
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by, team_for
from easir_tui.data.journal import step
from easir_tui.data.models import Case
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import Invalid
from easir_tui.language import N_, _

ASKED_FROM = 20
"""From so many cases on, the number and some names are shown once more before anything happens."""

_PART = 500


@dataclass(frozen=True, slots=True)
class Done:
    """How many cases were changed, and how many of the set were left as they were."""

    count: int
    left: int


def reassign(me: Me, ids: Sequence[int], manager_id: int) -> Done:
    """Give open cases to a case manager; they move to a team of the manager's where theirs is not one (V4).

    Raises:
        Invalid: the manager no longer works here.
    """
    if not user_is_active(manager_id):
        raise Invalid("manager_id", _("This person no longer works here; choose somebody else."))
    who = value("SELECT full_name FROM app_user WHERE id = ?", manager_id)
    with step(me, N_("gave {count} cases to {who}"), {"who": who}, shown=False) as work:
        found = _open(me, ids)
        for case_id, team_id in found:
            work.change(Case, case_id, None, manager_id=manager_id, team_id=team_for(manager_id, team_id))
        work.params["count"] = len(found)
    return Done(len(found), len(ids) - len(found))


def close(me: Me, ids: Sequence[int], outcome: str, reason: str = "") -> Done:
    """Close open cases as `won` or `lost`.

    Raises:
        Invalid: neither won nor lost.
    """
    if outcome not in ("won", "lost"):
        raise Invalid("outcome", _("Choose whether the case was won or lost."))
    won, lost = N_("closed {count} cases as won"), N_("closed {count} cases as lost")
    with step(me, won if outcome == "won" else lost, {}, shown=False) as work:
        found = _open(me, ids)
        for case_id, _team in found:
            work.change(
                Case, case_id, None, status="closed", outcome=outcome, reason=text.accept(reason, newlines=False),
                chance=100 if outcome == "won" else 0, closed_at=clock.now(),
            )  # fmt: skip
        work.params["count"] = len(found)
    return Done(len(found), len(ids) - len(found))


def _open(me: Me, ids: Sequence[int]) -> list[tuple[int, int | None]]:
    """Those of these cases that are open and for these eyes, with their teams."""
    found: list[tuple[int, int | None]] = []
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        found += [(one[0], one[1]) for one in rows(
            f"SELECT id, team_id FROM sales_case WHERE id IN ({', '.join('?' * len(part))}) AND status = 'open' "
            f"AND deleted_at IS NULL AND {seen_by(me)} ORDER BY id", *part
        )]  # fmt: skip
    return found
