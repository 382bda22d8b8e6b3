"""The pipeline: the open cases of one relations path, in a column for each milestone, with number and value.

Columns count everything; of their cases only the first are read, the most valuable on top, so that a column of ten
thousand costs what one of fifty does.
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui import relations
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.sqlite import rows
from easir_tui.relations import RelationsPath

SHOWN = 60
"""Cases of a column that are read."""


@dataclass(frozen=True, slots=True)
class Card:
    """One case; `value` in minor units of `currency`, `next_step_at` UTC epoch seconds."""

    id: int
    contact_id: int
    title: str
    contact: str
    company: str
    value: int | None
    currency: str
    initials: str
    next_step_at: int | None
    next_step_day: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One milestone: how many open cases stand there, what they are worth by currency, and the first of them."""

    key: str
    title: str
    count: int
    worth: tuple[tuple[str, int], ...]
    cards: tuple[Card, ...]


def paths_in_use(me: Me, mine: bool = False) -> dict[str, int]:
    """How many open cases each relations path has; every path of the company is named."""
    found = {path: int(count) for path, count in rows(
        f"SELECT path, count(*) FROM sales_case WHERE {_where(me, mine)} GROUP BY path"
    )}  # fmt: skip
    return {key: found.get(key, 0) for key in relations.paths()} | found


def stages(me: Me, path: str, mine: bool = False) -> tuple[Stage, ...]:
    """The columns of a path, in its order; what stands nowhere comes first, milestones that end a case are left out."""
    where = f"path = ? AND {_where(me, mine)}"
    counts: dict[str, int] = {}
    worth: dict[str, list[tuple[str, int]]] = {}
    for milestone, currency, count, value in rows(
        f"SELECT milestone, currency, count(*), coalesce(sum(value), 0) FROM sales_case WHERE {where} "
        "GROUP BY milestone, currency ORDER BY milestone, currency", path,
    ):  # fmt: skip
        counts[milestone] = counts.get(milestone, 0) + count
        if value:
            worth.setdefault(milestone, []).append((currency, value))
    cards: dict[str, list[Card]] = {}
    for milestone, *one in rows(
        "SELECT s.milestone, s.id, s.contact_id, s.title, c.name, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, "
        "s.value, s.currency, u.initials, s.next_step_at, s.next_step_day FROM (SELECT id, row_number() OVER "
        "(PARTITION BY milestone ORDER BY value DESC, opened_at DESC, id DESC) AS place "
        f"FROM sales_case WHERE {where}) first CROSS JOIN sales_case s ON s.id = first.id "
        "JOIN contact c ON c.id = s.contact_id JOIN account a ON a.id = s.account_id "
        "JOIN app_user u ON u.id = s.manager_id "
        "WHERE first.place <= ? ORDER BY s.milestone, first.place", path, SHOWN,
    ):  # fmt: skip
        cards.setdefault(milestone, []).append(Card(*one))
    return tuple(
        Stage(key, title, counts.get(key, 0), tuple(worth.get(key, ())), tuple(cards.get(key, ())))
        for key, title in _columns(relations.paths().get(path), set(counts))
    )


def _columns(path: RelationsPath | None, used: set[str]) -> list[tuple[str, str]]:
    steps = path.milestones if path else ()
    known = {step.key for step in steps}
    found = [(key, key) for key in sorted(used - known) if key]
    if "" in used:
        found.insert(0, ("", ""))
    return [*found, *((step.key, step.title) for step in steps if step.sets_status in ("", "open") or step.key in used)]


def _where(me: Me, mine: bool) -> str:
    own = f" AND manager_id = {int(me.user_id)}" if mine else ""
    return f"status = 'open' AND deleted_at IS NULL AND {seen_by(me, 'sales_case.audience')}{own}"
