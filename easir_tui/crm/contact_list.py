"""The list of contacts: its orders, any page of it, what a filter finds in it, and the neighbours of one contact.

No page costs more at its end than at its start: ids come from an index that holds the order, counted from the
nearer end, and only the rows on screen are read. An order is a row of segments, each served by one index, so
that contacts without a next step can stand last in either direction. A filter gives at most a thousand ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, seen_by
from easir_tui.data import search
from easir_tui.data.sqlite import along, row, rows, value
from easir_tui.language import N_

ORDERS: dict[str, str] = {
    "name": N_("Name"),
    "next_step": N_("Next step"),
    "last_contact": N_("Last contact"),
    "newest": N_("Newest"),
}
"""The orders of the list and their titles."""

MOST_FOUND = 1000
"""How many contacts a filter shows; there may be more ("1,000+")."""


@dataclass(frozen=True)
class ContactRow:
    """One contact in a list.

    `next_step_at` and `last_contact_at` are UTC epoch seconds; `next_step_day` is an ISO date and set when the
    next step is a whole day. `company` is empty for a private contact; `city` is the company's where a business
    contact has none of its own (V13).
    """

    id: int
    name: str
    kind: str
    company: str
    phone: str
    email: str
    city: str
    status: str
    next_step_at: int | None
    next_step_day: str | None
    last_contact_at: int | None
    first_name: str
    last_name: str


@dataclass(frozen=True)
class Extent:
    """How long the list is, segment by segment of its order."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Found:
    """What a filter found: ids in the order of the list; `capped` when there are more than those."""

    ids: tuple[int, ...]
    capped: bool


@dataclass(frozen=True)
class ListContext:
    """The list somebody came from: an order of the whole list, or the ids that a filter showed."""

    order: str = "name"
    reverse: bool = False
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class _Segment:
    """A part of an order: contacts that meet `condition`, by `key` and then by id, as the index `index` holds them."""

    condition: str
    key: str
    index: str
    descending: bool = False

    def ordering(self) -> str:
        return ", ".join(f"{key}{' DESC' if self.descending else ''}" for key in self.columns())

    @property
    def table(self) -> str:
        return along("contact", self.index)

    def columns(self) -> tuple[str, ...]:
        return (self.key, "id") if self.key != "id" else ("id",)

    def flipped(self) -> _Segment:
        return replace(self, descending=not self.descending)

    def beyond(self, forward: bool) -> str:
        """The condition for rows behind (or before) a row whose keys are bound."""
        sign = ">" if forward != self.descending else "<"
        keys = self.columns()
        return f"({', '.join(keys)}) {sign} ({', '.join('?' * len(keys))})"


_LIVING = "deleted_at IS NULL"
_SEGMENTS: dict[str, tuple[_Segment, ...]] = {
    "name": (_Segment(_LIVING, "name_key", "contact_name"),),
    "next_step": (
        _Segment(f"{_LIVING} AND next_step_at IS NOT NULL", "next_step_at", "contact_next_step"),
        _Segment(f"{_LIVING} AND next_step_at IS NULL", "name_key", "contact_no_step"),
    ),
    "last_contact": (
        _Segment(f"{_LIVING} AND last_contact_at IS NOT NULL", "last_contact_at", "contact_last_contact", True),
        _Segment(f"{_LIVING} AND last_contact_at IS NULL", "name_key", "contact_no_contact"),
    ),
    "newest": (_Segment(_LIVING, "id", "contact_living", True),),
}


def _segments(me: Me, order: str, reverse: bool) -> tuple[_Segment, ...]:
    """The segments of an order, for these eyes; turned round they come in the opposite order, each turned itself."""
    parts = _SEGMENTS[order]
    if not me.is_admin:
        parts = tuple(replace(part, condition=f"{part.condition} AND {seen_by(me)}") for part in parts)
    return tuple(part.flipped() for part in reversed(parts)) if reverse else parts


def count(me: Me) -> int:
    """How many contacts there are."""
    return extent(me).total


def extent(me: Me, order: str = "name", reverse: bool = False) -> Extent:
    """How long each segment of an order is; `rows` takes it, so that a page need not count anew."""
    return Extent(tuple(
        int(value(f"SELECT count(*) FROM {part.table} WHERE {part.condition}"))
        for part in _segments(me, order, reverse)
    ))  # fmt: skip


def page(
    me: Me, order: str, start: int, size: int, reverse: bool = False, known: Extent | None = None
) -> list[ContactRow]:
    """`size` rows of the whole list from `start` (0 is the first), in one of `ORDERS`.

    Args:
        known: the extent as last counted; without it the list is counted again.
    """
    return rows_of(me, ids_of_page(me, order, start, size, reverse, known))


def ids_of_page(
    me: Me, order: str, start: int, size: int, reverse: bool = False, known: Extent | None = None
) -> list[int]:
    """The ids of a page, from covering indexes, each segment counted from its nearer end."""
    lengths = (known or extent(me, order, reverse)).counts
    found: list[int] = []
    for part, length in zip(_segments(me, order, reverse), lengths, strict=True):
        wanted = min(size - len(found), length - start)
        if wanted > 0:
            found += _ids_of_segment(part, start, wanted, length)
        start = max(0, start - length)
    return found


def _ids_of_segment(part: _Segment, start: int, size: int, length: int) -> list[int]:
    behind = length - start - size
    if start <= behind:
        return _ids(part, size, start)
    return _ids(part.flipped(), size, behind)[::-1]


def _ids(part: _Segment, size: int, offset: int) -> list[int]:
    return [found[0] for found in rows(
        f"SELECT id FROM {part.table} WHERE {part.condition} ORDER BY {part.ordering()} LIMIT ? OFFSET ?", size, offset
    )]  # fmt: skip


def all_ids(me: Me, order: str = "name", reverse: bool = False) -> tuple[int, ...]:
    """The id of every contact, in the order of the list: the explicit set behind "mark all" (faults 61)."""
    known = extent(me, order, reverse)
    return tuple(ids_of_page(me, order, 0, known.total, reverse, known))


def rows_of(me: Me, ids: Sequence[int]) -> list[ContactRow]:
    """The rows of these contacts, in the order given; those in the trash are left out."""
    if not ids:
        return []
    found = {each[0]: ContactRow(*each) for each in rows(
        "SELECT c.id, c.name, c.kind, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, c.phone, c.email, "
        "CASE WHEN c.city = '' AND c.kind = 'business' THEN a.city ELSE c.city END, c.status, "
        "c.next_step_at, c.next_step_day, c.last_contact_at, c.first_name, c.last_name "
        f"FROM contact c JOIN account a ON a.id = c.account_id WHERE c.id IN ({_marks(ids)}) "
        f"AND c.deleted_at IS NULL AND {seen_by(me, 'c.audience')}", *ids
    )}  # fmt: skip
    return [found[contact_id] for contact_id in ids if contact_id in found]


def find(me: Me, typed: str, order: str = "name", reverse: bool = False, limit: int = MOST_FOUND) -> Found:
    """Contacts by name, company, e-mail, any part of a phone number, or city, as the words are typed.

    Every word must begin a word of the contact. Of more than `limit` the newest are shown, in the order of
    the list. One statement, whatever is typed.
    """
    query = search.expression(typed)
    if not query:
        return Found((), False)
    ids = _found_ids(me, query, limit + 1, order, reverse)
    if len(ids) <= limit:
        return Found(tuple(ids), False)
    ids.remove(min(ids))
    return Found(tuple(ids), True)


def _found_ids(me: Me, query: str, limit: int, order: str, reverse: bool) -> list[int]:
    """The newest contacts of the search index, first by the segment each is in, then as that segment is ordered."""
    parts = _segments(me, order, reverse)
    if len(parts) == 1:
        table, ordering = along("contact", "contact_living"), parts[0].ordering()
    else:
        terms = ["CASE " + " ".join(f"WHEN {part.condition} THEN {n}" for n, part in enumerate(parts)) + " END"]
        for part in parts:
            turned = " DESC" if part.descending else ""
            terms += [f"CASE WHEN {part.condition} THEN {key} END{turned}" for key in part.columns()]
        table, ordering = "contact", ", ".join(terms)
    newest = search.newest_contacts(on_contact(me, "search_contact.rowid"))
    return [found[0] for found in rows(
        f"SELECT id FROM {table} WHERE id IN ({newest}) AND {_LIVING} ORDER BY {ordering}", query, limit
    )]  # fmt: skip


def neighbour(me: Me, context: ListContext, contact_id: int, forward: bool = True) -> int | None:
    """The next or the previous contact of the list somebody came from; None at its end.

    Works also for a contact that was deleted meanwhile: it is the place that counts.
    """
    if context.ids is not None:
        return _neighbour_among(me, context.ids, contact_id, forward)
    parts = _segments(me, context.order, context.reverse)
    if not forward:
        parts = tuple(part.flipped() for part in reversed(parts))
    here = _place(parts, contact_id)
    if here is None:
        return None
    number, keys = here
    for part in parts[number:]:
        beyond = f" AND {part.beyond(True)}" if keys else ""
        found = value(
            f"SELECT id FROM {part.table} WHERE {part.condition}{beyond} ORDER BY {part.ordering()} LIMIT 1", *keys
        )
        if found is not None:
            return int(found)
        keys = ()
    return None


def _neighbour_among(me: Me, ids: tuple[int, ...], contact_id: int, forward: bool) -> int | None:
    """The nearest id that is still a living contact, on one side of a contact in a filtered list."""
    if contact_id not in ids:
        return None
    here = ids.index(contact_id)
    side = ids[here + 1 :] if forward else ids[:here][::-1]
    if not side:
        return None
    living = {found[0] for found in rows(
        f"SELECT id FROM contact WHERE id IN ({_marks(side)}) AND {_LIVING} AND {seen_by(me)}", *side
    )}  # fmt: skip
    return next((other for other in side if other in living), None)


def position(me: Me, contact_id: int, order: str = "name", reverse: bool = False) -> int | None:
    """How many contacts stand before this one in the whole list; None if it is not in the list."""
    parts = _segments(me, order, reverse)
    if value(f"SELECT 1 FROM contact WHERE id = ? AND {_LIVING} AND {seen_by(me)}", contact_id) is None:
        return None
    here = _place(parts, contact_id)
    if here is None:
        return None
    number, keys = here
    before = sum(value(f"SELECT count(*) FROM {part.table} WHERE {part.condition}") for part in parts[:number])
    part = parts[number]
    own = value(f"SELECT count(*) FROM {part.table} WHERE {part.condition} AND {part.beyond(False)}", *keys)
    return int(before + own)


def where(me: Me, context: ListContext, contact_id: int) -> tuple[int, int] | None:
    """Where a contact stands in the list somebody came from: its number from 1, and of how many."""
    if context.ids is not None:
        if contact_id not in context.ids:
            return None
        return context.ids.index(contact_id) + 1, len(context.ids)
    before = position(me, contact_id, context.order, context.reverse)
    return None if before is None else (before + 1, count(me))


def _place(parts: Iterable[_Segment], contact_id: int) -> tuple[int, tuple[object, ...]] | None:
    """In which segment a contact stands and with which keys, as if it were living."""
    found = row("SELECT id, name_key, next_step_at, last_contact_at FROM contact WHERE id = ?", contact_id)
    if found is None:
        return None
    held = dict(zip(("id", "name_key", "next_step_at", "last_contact_at"), found, strict=True))
    for number, part in enumerate(parts):
        names = [name for name in ("next_step_at", "last_contact_at") if name in part.condition]
        if all((held[name] is None) == (f"{name} IS NULL" in part.condition) for name in names):
            return number, tuple(held[key] for key in part.columns())
    return None


def _marks(ids: Sequence[int]) -> str:
    return ", ".join("?" * len(ids))
