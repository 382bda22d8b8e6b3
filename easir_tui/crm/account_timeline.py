"""Planned and history of an account: what is to come and what has happened with all its contacts, and with itself."""

from __future__ import annotations

from easir_tui.crm import timeline
from easir_tui.crm.timeline import CaseChoice, Filter, History, Key, Planned
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, seen_by
from easir_tui.data.sqlite import rows


def planned(me: Me, account_id: int, wanted: Filter | None = None) -> tuple[Planned, ...]:
    """The open tasks of its contacts, the most urgent first."""
    return timeline.planned_of(me, "account_id", account_id, wanted)


def history(
    me: Me,
    account_id: int,
    wanted: Filter | None = None,
    after: Key | None = None,
    size: int = timeline.PAGE_SIZE,
) -> History:
    """A page of what happened with its contacts and was changed in itself, newest first."""
    return timeline.history_of(me, "account_id", account_id, wanted, after, size)


def cases_of(me: Me, account_id: int, limit: int = 100) -> tuple[CaseChoice, ...]:
    """The open cases to narrow by, the newest on top, and behind them the newest of the others."""
    found: list[tuple[int, str, str]] = []
    for condition in ("status = 'open'", "status <> 'open'"):
        found += rows(
            f"SELECT id, title, status FROM sales_case WHERE account_id = ? AND {condition} AND deleted_at IS NULL "
            f"AND {seen_by(me, 'sales_case.audience')} AND {on_contact(me, 'sales_case.contact_id')} "
            "ORDER BY opened_at DESC, id DESC LIMIT ?", account_id, max(0, limit - len(found)),
        )  # fmt: skip
    return tuple(CaseChoice(*one) for one in found)
