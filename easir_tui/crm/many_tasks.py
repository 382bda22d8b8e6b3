"""What is done to many tasks at once: an explicit set of ids, one step of the journal, one undo (faults 61)."""

from __future__ import annotations

from collections.abc import Sequence

from easir_tui.crm.lookups import user_is_active
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.journal import step
from easir_tui.data.models import Task
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import Invalid
from easir_tui.language import N_, _

_PART = 500


def complete(me: Me, ids: Sequence[int]) -> int:
    """Tick off those of these tasks that are open, without an activity; says how many that were."""
    with step(me, N_("completed {count} tasks"), {}, shown=False) as work:
        found = _open(me, ids)
        for task_id in found:
            work.change(Task, task_id, None, status="completed", completed_at=work.at, completed_by=me.user_id)
        work.params["count"] = len(found)
    return len(found)


def reassign(me: Me, ids: Sequence[int], user_id: int) -> int:
    """Give those of these tasks that are open to a colleague; says how many that were.

    Raises:
        Invalid: the colleague no longer works here.
    """
    if not user_is_active(user_id):
        raise Invalid("assignee_id", _("This person no longer works here; choose somebody else."))
    who = value("SELECT full_name FROM app_user WHERE id = ?", user_id)
    with step(me, N_("gave {count} tasks to {who}"), {"who": who}, shown=False) as work:
        found = _open(me, ids)
        for task_id in found:
            work.change(Task, task_id, None, assignee_id=user_id)
        work.params["count"] = len(found)
    return len(found)


def named(me: Me, ids: Sequence[int], most: int = 3) -> list[str]:
    """Whom the first few of these tasks are about, to be named in a question."""
    part = list(ids[:most])
    if not part:
        return []
    return [found for (found,) in rows(
        "SELECT c.name FROM task t JOIN contact c ON c.id = t.contact_id "
        f"WHERE t.id IN ({', '.join('?' * len(part))}) AND {of_parts(me, 't')} ORDER BY t.sort_at, t.id", *part
    )]  # fmt: skip


def _open(me: Me, ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        found += [one for (one,) in rows(
            f"SELECT t.id FROM task t WHERE t.id IN ({', '.join('?' * len(part))}) AND t.status = 'open' "
            f"AND t.deleted_at IS NULL AND {of_parts(me, 't')} ORDER BY t.id", *part
        )]  # fmt: skip
    return found
