"""Who changed what one looks at since one last looked, as far as one may see what they did."""

from __future__ import annotations

from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_event, seen_by
from easir_tui.data.sqlite import rows

NAMED = 4
"""Colleagues that are named."""

_OTHERS = (
    "SELECT DISTINCT u.full_name FROM change c JOIN event e ON e.id = c.event_id JOIN app_user u ON u.id = e.user_id "
    "WHERE c.id > ?1 AND u.id <> ?2"
)


def contact(me: Me, contact_id: int, since: int) -> tuple[str, ...]:
    """The colleagues who changed something of a contact after line `since` of the journal."""
    found = rows(
        f"{_OTHERS} AND c.contact_id = ?3 AND {of_event(me, 'e')} ORDER BY c.id LIMIT {NAMED}",
        since, me.user_id, contact_id,
    )  # fmt: skip
    return tuple(name for (name,) in found)


def account(me: Me, account_id: int, since: int) -> tuple[str, ...]:
    """The same of an account, and of the contacts in it that one sees."""
    found = rows(
        f"{_OTHERS} AND (c.entity = 'account' AND c.row_id = ?3 OR EXISTS (SELECT 1 FROM contact p WHERE "
        f"p.id = c.contact_id AND p.account_id = ?3 AND {seen_by(me, 'p.audience')})) AND {of_event(me, 'e')} "
        f"ORDER BY c.id LIMIT {NAMED}",
        since, me.user_id, account_id,
    )  # fmt: skip
    return tuple(name for (name,) in found)
