"""Who may see what: the one filter below every list, picker, count, search, page and export.

A contact, a case or a lead belongs to a team, or to nobody in particular and then to everybody. A user sees what
belongs to a team of theirs, an admin sees all. What that comes to is kept with each row as its audience, a number
for a set of teams, so that the filter is one condition on a column that the indexes hold. What hangs on a contact,
and perhaps on a case, is seen by whoever sees both (faults 101 to 103).
"""

from __future__ import annotations

from easir_tui.crm.users import Me
from easir_tui.data.sqlite import value
from easir_tui.errors import NotFound
from easir_tui.language import _


def seen_by(me: Me, column: str = "audience") -> str:
    """The SQL condition that a row with this audience column is for these eyes."""
    return "1" if me.is_admin else f"{column} IN (SELECT audience FROM sight WHERE user_id = {int(me.user_id)})"


def on_contact(me: Me, column: str) -> str:
    """The condition for a row whose `column` names a contact.

    A value and no EXISTS: SQLite would make that a join and read every contact for its filter.
    """
    if me.is_admin:
        return "1"
    return seen_by(me, f"(SELECT contact.audience FROM contact WHERE contact.id = {column})")


def on_case(me: Me, column: str) -> str:
    """The condition for a row whose `column` names a case, or none."""
    if me.is_admin:
        return "1"
    seen = seen_by(me, f"(SELECT sales_case.audience FROM sales_case WHERE sales_case.id = {column})")
    return f"({column} IS NULL OR {seen})"


def of_parts(me: Me, table: str) -> str:
    """The condition for an activity, a task or a file: whoever sees its contact and its case sees it."""
    if me.is_admin:
        return "1"
    return f"{on_contact(me, f'{table}.contact_id')} AND {on_case(me, f'{table}.case_id')}"


def of_event(me: Me, table: str) -> str:
    """The condition for an event of the journal: whoever sees the contact, the case and the leads it is about."""
    if me.is_admin:
        return "1"
    unseen = (
        f"SELECT 1 FROM change h JOIN lead l ON l.id = h.row_id WHERE h.event_id = {table}.id "
        f"AND h.entity = 'lead' AND NOT ({seen_by(me, 'l.audience')})"
    )
    contact = (
        f"CASE WHEN {table}.contact_id IS NULL THEN NOT EXISTS ({unseen}) "
        f"ELSE {on_contact(me, f'{table}.contact_id')} END"
    )
    return f"{contact} AND {on_case(me, f'{table}.case_id')}"


def on_lead(me: Me, column: str) -> str:
    """The condition for a row whose `column` names a lead."""
    if me.is_admin:
        return "1"
    return seen_by(me, f"(SELECT lead.audience FROM lead WHERE lead.id = {column})")


def require_contact(me: Me, contact_id: int) -> None:
    """Go on only if this contact is there for these eyes.

    Raises:
        NotFound: it does not exist, is in the trash, or is another team's; the sentence is the same (faults 103).
    """
    if value(f"SELECT 1 FROM contact WHERE id = ? AND deleted_at IS NULL AND {seen_by(me)}", contact_id) is None:
        raise NotFound(_("There is no such contact."))


def require_case(me: Me, case_id: int) -> None:
    """The same for a case, whose contact must be there too.

    Raises:
        NotFound: as above.
    """
    found = value(
        f"SELECT 1 FROM sales_case WHERE id = ? AND deleted_at IS NULL AND {seen_by(me)} "
        f"AND {on_contact(me, 'sales_case.contact_id')}", case_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such case."))


def require_lead(me: Me, lead_id: int) -> None:
    """The same for a lead.

    Raises:
        NotFound: as above.
    """
    if value(f"SELECT 1 FROM lead WHERE id = ? AND deleted_at IS NULL AND {seen_by(me)}", lead_id) is None:
        raise NotFound(_("There is no such lead."))


def team_of(user_id: int) -> int | None:
    """The team a user's new contacts and cases belong to: the first one they joined, if any."""
    found = value(
        "SELECT m.team_id FROM membership m JOIN team t ON t.id = m.team_id WHERE m.user_id = ? "
        "AND m.deleted_at IS NULL AND t.deleted_at IS NULL ORDER BY m.id LIMIT 1", user_id,
    )  # fmt: skip
    return int(found) if found is not None else None


def team_for(responsible_id: int, current: int | None) -> int | None:
    """The team of a record given to somebody: it stays where they are a member, else follows them.

    Given to somebody without a team it stays where it is, so that handing over never opens it to everybody.
    """
    if current is not None and value(
        "SELECT 1 FROM membership WHERE user_id = ? AND team_id = ? AND deleted_at IS NULL", responsible_id, current
    ):
        return current
    return team_of(responsible_id) or current


def team_of_contact(contact_id: int) -> int | None:
    """The team of a contact, if it has one."""
    found = value("SELECT team_id FROM contact WHERE id = ?", contact_id)
    return int(found) if found is not None else None


def team_of_case(case_id: int) -> int | None:
    """The team of a case, if it has one."""
    found = value("SELECT team_id FROM sales_case WHERE id = ?", case_id)
    return int(found) if found is not None else None
