"""The cases of an account: those of all its contacts that one may see, the open ones first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from easir_tui import text
from easir_tui.crm.case_page import LISTED, CaseRow
from easir_tui.crm.lookups import path_of
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, seen_by
from easir_tui.data import search
from easir_tui.data.sqlite import rows as read_rows

NEWEST_HITS = 20_000
"""How many of the newest cases that hold the words are looked through in an account of more than `LISTED`."""


def rows(me: Me, account_id: int, status: str = "all", typed: str = "") -> list[CaseRow]:
    """At most `LISTED` cases, the open ones first and the newest on top.

    Args:
        status: `all`, `open`, `closed` or `rejected`.
        typed: words that a case must hold, each as the beginning of a word, in title, product, milestone, contact
            or manager; beyond the first `LISTED` cases in title and product.
    """
    statuses = ("open", "closed", "rejected") if status == "all" else (status,)
    found: list[CaseRow] = []
    words = text.query_words(typed)
    for one in statuses:
        if len(found) < LISTED or one == "rejected":
            found += _read(me, account_id, one, "", ())
    found = _ordered(found)[:LISTED]
    if not words:
        return found
    hits = [case for case in found if _matches(case, words)]
    query = search.expression(typed, "words", search.SHORTEST["search_case"])
    if len(found) >= LISTED and query:
        condition = "AND s.id IN (SELECT rowid FROM search_case WHERE search_case MATCH ? ORDER BY rowid DESC LIMIT ?)"
        known = {case.id for case in hits}
        hits += [
            case for one in statuses for case in _read(me, account_id, one, condition, (query, NEWEST_HITS))
            if case.id not in known
        ]  # fmt: skip
    return _ordered(hits)[:LISTED]


def counts(me: Me, account_id: int) -> dict[str, int]:
    """How many cases of each status one may see, and under `all`."""
    found = dict(read_rows(
        "SELECT s.status, count(*) FROM sales_case s WHERE s.account_id = ? AND s.deleted_at IS NULL "
        f"AND {seen_by(me, 's.audience')} AND {on_contact(me, 's.contact_id')} GROUP BY s.status", account_id,
    ))  # fmt: skip
    numbers = {status: int(found.get(status, 0)) for status in ("open", "closed", "rejected")}
    return {"all": sum(numbers.values())} | numbers


def _ordered(cases: list[CaseRow]) -> list[CaseRow]:
    return sorted(cases, key=lambda case: (case.status != "open", -case.opened_at, -case.id))


def _read(me: Me, account_id: int, status: str, condition: str, values: tuple[Any, ...]) -> list[CaseRow]:
    """The newest cases of one status, along the index that holds them so."""
    found = read_rows(
        f"""
        SELECT s.id, s.version, s.contact_id, c.name, s.title, s.status, s.outcome, s.milestone, s.path, s.product,
          s.value, s.currency, s.chance, s.expected_close, coalesce(u.full_name, ''), coalesce(u.initials, ''),
          s.opened_at, s.closed_at
        FROM sales_case s JOIN contact c ON c.id = s.contact_id LEFT JOIN app_user u ON u.id = s.manager_id
        WHERE s.account_id = ? AND s.status = ? AND s.deleted_at IS NULL AND {seen_by(me, "s.audience")}
          AND {seen_by(me, "c.audience")} {condition} ORDER BY s.opened_at DESC, s.id DESC LIMIT {LISTED}
        """,
        account_id, status, *values,
    )  # fmt: skip
    return [replace(case, milestone=_milestone(case.path, case.milestone)) for case in (CaseRow(*one) for one in found)]


def _milestone(path: str, key: str) -> str:
    reached = path_of(path).milestone(key)
    return reached.title if reached else key


def _matches(case: CaseRow, words: list[tuple[str, ...]]) -> bool:
    held = text.search_tokens(f"{case.title} {case.product} {case.milestone} {case.manager} {case.contact_name}")
    return all(any(token.startswith(form) for token in held for form in forms) for forms in words)
