"""The list of all cases: any page of it in any order, how many there are, and where a case stands.

What it shows is said in the filter language (`case_filter`), the same on screen and on the command line. Every
question is one statement whatever the number of cases, and holds what these eyes may see and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from easir_tui.crm import case_filter
from easir_tui.crm.lookups import path_of
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.sqlite import row, rows, value
from easir_tui.language import N_
from easir_tui.relations import RelationsPath

ORDERS: dict[str, str] = {
    "newest": N_("Newest"),
    "next_step": N_("Next step"),
    "value": N_("Value"),
    "close": N_("Expected close"),
    "contact": N_("Contact"),
    "last": N_("Last activity"),
}
"""The orders of the list and their titles."""

_KEYS = {
    "newest": ("sales_case.opened_at", True),
    "next_step": ("sales_case.next_step_at", False),
    "value": ("sales_case.value", True),
    "close": ("sales_case.expected_close", False),
    "contact": ("(SELECT c.name_key FROM contact c WHERE c.id = sales_case.contact_id)", False),
    "last": ("sales_case.last_activity_at", True),
}
"""What each order goes by, and whether it begins at the large end; what has no value stands last either way."""

BATCH = 500
"""Cases that the command line reads at a time."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case in the list of all.

    `value` is in minor units of `currency`, `milestone` a title, `*_at` are UTC epoch seconds, `next_step_day` and
    `expected_close` ISO days; `company` is empty for a private contact.
    """

    id: int
    version: int
    contact_id: int
    contact_name: str
    company: str
    title: str
    status: str
    outcome: str
    path: str
    milestone: str
    product: str
    value: int | None
    currency: str
    chance: int | None
    expected_close: str | None
    manager: str
    manager_initials: str
    next_step_at: int | None
    next_step_day: str | None
    last_activity_at: int | None
    opened_at: int
    closed_at: int | None
    from_lead: bool


def count(me: Me, typed: str = "") -> int:
    """How many cases a filter finds.

    Raises:
        Invalid: the filter is not understood.
    """
    where, values = _where(me, typed)
    return int(value(f"SELECT count(*) FROM sales_case WHERE {where}", *values))


def ids(
    me: Me, typed: str = "", order: str = "newest", reverse: bool = False, start: int = 0, size: int = -1
) -> list[int]:
    """The ids of a page, or of everything that the filter finds (faults 61).

    Raises:
        Invalid: the filter is not understood.
    """
    where, values = _where(me, typed)
    return [found[0] for found in rows(
        f"SELECT id FROM sales_case WHERE {where} ORDER BY {_ordering(order, reverse)} LIMIT ? OFFSET ?",
        *values, size, start,
    )]  # fmt: skip


def page(
    me: Me, typed: str = "", order: str = "newest", reverse: bool = False, start: int = 0, size: int = 50
) -> list[ListedCase]:
    """The cases of a page.

    Raises:
        Invalid: the filter is not understood.
    """
    return rows_of(me, ids(me, typed, order, reverse, start, size))


def everything(
    me: Me, typed: str = "", order: str = "newest", limit: int = -1, contact_id: int | None = None
) -> Iterator[ListedCase]:
    """All cases of a filter, of one contact where one is named, read in batches of one moment's ids."""
    where, values = _where(me, typed)
    found = [one[0] for one in rows(
        f"SELECT id FROM sales_case WHERE {where} AND contact_id = coalesce(?, contact_id) "
        f"ORDER BY {_ordering(order, False)} LIMIT ?", *values, contact_id, limit,
    )]  # fmt: skip
    for start in range(0, len(found), BATCH):
        yield from rows_of(me, found[start : start + BATCH])


def position(me: Me, case_id: int, typed: str = "", order: str = "newest", reverse: bool = False) -> int | None:
    """How many cases stand before this one; None when the filter does not find it."""
    where, values = _where(me, typed)
    key, descending = _KEYS[order]
    here = row(f"SELECT {key} FROM sales_case WHERE {where} AND id = ?", *values, case_id)
    if here is None:
        return None
    sign = ">" if descending != reverse else "<"
    if here[0] is None:
        before = f"({key} IS NOT NULL OR id {sign} ?)"
        bound = [case_id]
    else:
        before = f"({key}, id) {sign} (?, ?)"
        bound = [here[0], case_id]
    return int(value(f"SELECT count(*) FROM sales_case WHERE {where} AND {before}", *values, *bound))


def among(me: Me, wanted: Sequence[int], typed: str = "") -> set[int]:
    """Those of these cases that a filter shows; what is marked and not shown is counted on screen (faults 63)."""
    if not wanted:
        return set()
    where, values = _where(me, typed)
    found: set[int] = set()
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        found |= {one[0] for one in rows(
            f"SELECT id FROM sales_case WHERE {where} AND id IN ({', '.join('?' * len(part))})", *values, *part
        )}  # fmt: skip
    return found


def rows_of(me: Me, wanted: Sequence[int]) -> list[ListedCase]:
    """These cases in the order given; those in the trash, and those of others, are left out."""
    if not wanted:
        return []
    found = {one[0]: _listed(one) for one in rows(
        f"SELECT {_COLUMNS} FROM sales_case s JOIN contact c ON c.id = s.contact_id "
        "JOIN account a ON a.id = s.account_id LEFT JOIN app_user u ON u.id = s.manager_id "
        f"WHERE s.id IN ({', '.join('?' * len(wanted))}) AND s.deleted_at IS NULL AND {seen_by(me, 's.audience')}",
        *wanted,
    )}  # fmt: skip
    return [found[case_id] for case_id in wanted if case_id in found]


_COLUMNS = """s.id, s.version, s.contact_id, c.name, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, s.title,
s.status, s.outcome, s.path, s.milestone, s.product, s.value, s.currency, s.chance, s.expected_close,
coalesce(u.full_name, ''), coalesce(u.initials, ''), s.next_step_at, s.next_step_day, s.last_activity_at, s.opened_at,
s.closed_at, s.lead_id IS NOT NULL"""


def _listed(found: tuple[object, ...]) -> ListedCase:
    values = list(found)
    values[9] = _title(path_of(str(values[8])), str(values[9]))
    values[-1] = bool(values[-1])
    return ListedCase(*values)  # type: ignore[arg-type]


def _title(path: RelationsPath, milestone: str) -> str:
    reached = path.milestone(milestone)
    return reached.title if reached else milestone


def _where(me: Me, typed: str) -> tuple[str, tuple[object, ...]]:
    asked = case_filter.parse(me, typed)
    return f"sales_case.deleted_at IS NULL AND {seen_by(me, 'sales_case.audience')} AND {asked.where}", asked.values


def _ordering(order: str, reverse: bool) -> str:
    key, descending = _KEYS[order]
    turned = " DESC" if descending != reverse else ""
    if order in ("newest", "contact"):
        return f"{key}{turned}, id{turned}"
    return f"{key} IS NULL, {key}{turned}, id{turned}"
