"""How much waits at each place, for the top bar: a number, and after a ! how much of it is late."""

from __future__ import annotations

from easir_tui.crm import inbox, lead_list, tasks, unsent
from easir_tui.crm.users import Me


def waiting(me: Me) -> dict[str, str]:
    """Place → what stands beside its name; a place where nothing waits is not named."""
    due = tasks.counts(me)
    found = {
        "tasks": _number(due.overdue + due.today, due.overdue),
        "inbox": _number(inbox.unread(me), unsent.troubled(me)),
        "leads": _number(lead_list.count(me, "waiting"), lead_list.count(me, "escalated")),
    }
    return {place: words for place, words in found.items() if words}


def _number(waiting: int, late: int) -> str:
    if not waiting and not late:
        return ""
    return f"{waiting}!{late}" if late else str(waiting)
