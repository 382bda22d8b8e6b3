"""The list of leads: any page of it, how many there are, and where one stands.

A lead waits (`assigned`, `escalated`) or has ended (`accepted`, `rejected`, `expired`). What it waits for is an
acceptance before `due_at`, and then a first activity before `act_by_at`; both run in opening hours only and are
stored as instants, so a list needs no reckoning. Nobody sees another team's leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from easir_tui import clock
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data import search
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid
from easir_tui.language import N_, _

STATUSES: dict[str, str] = {
    "assigned": N_("waiting"),
    "escalated": N_("escalated"),
    "accepted": N_("accepted"),
    "rejected": N_("rejected"),
    "expired": N_("expired"),
}
"""What a lead's status is called on screen."""

VIEWS: dict[str, str] = {
    "waiting": "l.status IN ('assigned', 'escalated')",
    "escalated": "(l.status = 'escalated' OR l.act_escalated_at IS NOT NULL AND l.acted_at IS NULL)",
    "unanswered": "l.status = 'accepted' AND l.acted_at IS NULL",
    "accepted": "l.status = 'accepted'",
    "rejected": "l.status IN ('rejected', 'expired')",
    "all": "1",
}
"""Views of the list and what they show."""

ORDERS: dict[str, tuple[str, bool]] = {
    "clock": ("l.due_at", False),
    "newest": ("l.received_at", True),
    "name": ("lower(l.name)", False),
}
"""Orders of the list, and whether they begin at the large end; what has no clock stands last."""


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One lead in a list; `*_at` are UTC epoch seconds.

    `until` is what it waits for now (its acceptance, or the first activity after it), None when it waits for
    nothing; `escalated` says that this has passed and was noticed.
    """

    id: int
    name: str
    company: str
    phone: str
    email: str
    city: str
    product: str
    interest: str
    source: str
    type: str
    status: str
    team: str
    received_at: int
    due_at: int | None
    act_by_at: int | None
    acted_at: int | None
    accepted_at: int | None
    accepted_by: str
    escalated_at: int | None
    contact_id: int | None
    case_id: int | None
    ended_by: str
    """Who accepted or rejected it."""

    @property
    def until(self) -> int | None:
        """When what it waits for is to be done."""
        if self.status in ("assigned", "escalated"):
            return self.due_at
        return self.act_by_at if self.status == "accepted" and self.acted_at is None else None

    @property
    def late(self) -> bool:
        """Whether that has passed."""
        return self.until is not None and self.until <= clock.now()


_COLUMNS = """l.id, l.name, l.company, l.phone, l.email, l.city, l.product, l.interest, l.source, l.type, l.status,
coalesce(t.name, ''), l.received_at, l.due_at, l.act_by_at, l.acted_at, l.accepted_at, coalesce(u.full_name, ''),
coalesce(l.act_escalated_at, l.escalated_at), l.contact_id, l.case_id, coalesce(u.full_name, r.full_name, '')"""
_FROM = ("lead l LEFT JOIN team t ON t.id = l.team_id LEFT JOIN app_user u ON u.id = l.accepted_by "
         "LEFT JOIN app_user r ON r.id = l.rejected_by")  # fmt: skip


def count(me: Me, view: str = "waiting", typed: str = "") -> int:
    """How many leads a view shows."""
    where, values = _where(me, view, typed)
    return int(value(f"SELECT count(*) FROM lead l WHERE {where}", *values))


def ids(me: Me, view: str = "waiting", typed: str = "", order: str = "clock", reverse: bool = False,
        start: int = 0, size: int = -1) -> list[int]:  # fmt: skip
    """The ids of a page, or of all of a view (faults 61)."""
    where, values = _where(me, view, typed)
    return [found[0] for found in rows(
        f"SELECT l.id FROM lead l WHERE {where} ORDER BY {_ordering(order, reverse)} LIMIT ? OFFSET ?",
        *values, size, start,
    )]  # fmt: skip


def page(me: Me, view: str = "waiting", typed: str = "", order: str = "clock", reverse: bool = False,
         start: int = 0, size: int = 50) -> list[LeadRow]:  # fmt: skip
    """The leads of a page."""
    return rows_of(me, ids(me, view, typed, order, reverse, start, size))


def position(me: Me, lead_id: int, view: str = "waiting", typed: str = "", order: str = "clock",
             reverse: bool = False) -> int | None:  # fmt: skip
    """How many leads stand before this one; None when the view does not show it."""
    where, values = _where(me, view, typed)
    key, descending = ORDERS[order]
    here = row(f"SELECT {key} FROM lead l WHERE {where} AND l.id = ?", *values, lead_id)
    if here is None:
        return None
    sign = ">" if descending != reverse else "<"
    if here[0] is None:
        return int(value(f"SELECT count(*) FROM lead l WHERE {where} AND ({key} IS NOT NULL OR l.id {sign} ?)",
                         *values, lead_id))  # fmt: skip
    return int(value(f"SELECT count(*) FROM lead l WHERE {where} AND ({key}, l.id) {sign} (?, ?)",
                     *values, here[0], lead_id))  # fmt: skip


def among(me: Me, wanted: Sequence[int], view: str = "waiting", typed: str = "") -> set[int]:
    """Those of these leads that a view shows (faults 63)."""
    return set(wanted) & set(ids(me, view, typed)) if wanted else set()


def rows_of(me: Me, wanted: Sequence[int]) -> list[LeadRow]:
    """These leads in the order given; those of other teams are left out."""
    if not wanted:
        return []
    found = {one[0]: LeadRow(*one) for one in rows(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE l.id IN ({', '.join('?' * len(wanted))}) AND l.deleted_at IS NULL "
        f"AND {seen_by(me, 'l.audience')}", *wanted
    )}  # fmt: skip
    return [found[lead_id] for lead_id in wanted if lead_id in found]


def _where(me: Me, view: str, typed: str) -> tuple[str, tuple[str, ...]]:
    where = f"l.deleted_at IS NULL AND {seen_by(me, 'l.audience')} AND {VIEWS[view]}"
    query = search.expression(typed)
    if not query:
        return where, ()
    return f"{where} AND l.id IN (SELECT rowid FROM search_lead WHERE search_lead MATCH ?)", (query,)


def _ordering(order: str, reverse: bool) -> str:
    key, descending = ORDERS[order]
    turned = " DESC" if descending != reverse else ""
    return f"{key} IS NULL, {key}{turned}, l.id{turned}"


_WORDS: dict[str, tuple[str, ...]] = {
    "waiting": ("waiting", "venter", "assigned"),
    "escalated": ("escalated", "eskaleret"),
    "unanswered": ("unanswered", "ubesvaret"),
    "accepted": ("accepted", "accepteret"),
    "rejected": ("rejected", "afvist"),
    "all": ("all", "alle"),
}
"""Words for the views, as a filter may name them."""


def read_filter(typed: str) -> tuple[str, str]:
    """What a typed filter asks for: a view ("status:waiting"; all of them if none is named), and words to search for.

    Raises:
        Invalid: of `filter`: there is no such view, or a sign that means nothing here.
    """
    view, words = "all", []
    for piece in typed.split():
        key, colon, value_ = piece.partition(":")
        if not colon:
            words.append(piece)
            continue
        named = next((name for name, known in _WORDS.items() if value_.lower() in known), None)
        if key.lower() not in ("status", "tilstand") or named is None:
            choices = " ".join(f"status:{one}" for one in _WORDS)
            raise Invalid("filter", _("“{term}” is not understood.").format(term=piece),
                          _("It can be: {choices}.").format(choices=choices))  # fmt: skip
        view = named
    return view, " ".join(words)
