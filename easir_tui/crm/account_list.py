"""The list of accounts: its orders, any page of it, what a filter finds in it, and the neighbours of one account.

Accounts are the whole company's, so everybody's list is the same; how many contacts and open cases stand beside
one counts only those that may be seen. Ids come from a covering index, counted from the nearer end, and only the
rows on screen are read. A filter is words and, if wanted, who is responsible: "responsible:me nordlys".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from easir_tui import text
from easir_tui.crm.accounts import title
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, seen_by
from easir_tui.data import search
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import along, row, rows, value
from easir_tui.errors import Invalid
from easir_tui.language import N_, _

ORDERS: dict[str, str] = {"name": N_("Name"), "newest": N_("Newest")}
"""The orders of the list and their titles."""

MOST_FOUND = 1000
"""How many accounts a filter shows; there may be more ("1,000+")."""

COUNTED = 1000
"""Contacts and cases of one account are counted up to here ("999+")."""

RESPONSIBLE = ("responsible:", "ansvarlig:")
"""The word of the filter that names who is responsible, in both languages."""

_ME = frozenset({"me", "mig", "mine"})
_LIVING = "deleted_at IS NULL"
_KEYS = {"name": ("name_key", "id"), "newest": ("id",)}
_INDEXES = {"name": "account_name", "newest": "account_newest"}
_TURNED = {"newest": True}


@dataclass(frozen=True)
class AccountRow:
    """One account in a list; `contacts` and `open_cases` are those one may see, at most `COUNTED`."""

    id: int
    kind: str
    name: str
    cvr: str
    street: str
    postcode: str
    city: str
    phone: str
    email: str
    responsible: str
    contacts: int
    open_cases: int


@dataclass(frozen=True)
class AccountFilter:
    """What of the list is wanted: words, each the beginning of a word of the account, and who is responsible."""

    words: str = ""
    responsible_id: int | None = None


@dataclass(frozen=True)
class Found:
    """What words found: ids in the order of the list; `capped` when there are more than those."""

    ids: tuple[int, ...]
    capped: bool


@dataclass(frozen=True)
class ListContext:
    """The list somebody came from: an order of the whole list, or the ids that words showed."""

    which: AccountFilter = AccountFilter()
    order: str = "name"
    reverse: bool = False
    ids: tuple[int, ...] | None = None


def parse(me: Me, typed: str) -> AccountFilter:
    """What was typed into the filter line.

    Raises:
        Invalid: nobody, or more than one, is called what stands behind "responsible:".
    """
    words: list[str] = []
    responsible: int | None = None
    for word in text.accept(typed, newlines=False).split():
        key = next((key for key in RESPONSIBLE if word.lower().startswith(key)), None)
        if key is None:
            words.append(word)
        elif len(word) > len(key):
            responsible = _user(me, word[len(key) :])
    return AccountFilter(" ".join(words), responsible)


def _user(me: Me, named: str) -> int:
    if named.lower() in _ME:
        return me.user_id
    wanted = text.fold(named)
    people = rows("SELECT id, login, full_name, initials FROM app_user WHERE deleted_at IS NULL ORDER BY id")
    exact = [one[0] for one in people if wanted in (text.fold(one[1]), text.fold(one[3]))]
    found = exact or [
        one[0] for one in people if any(part.startswith(wanted) for part in text.fold(one[2]).split())
    ]  # fmt: skip
    if len(found) != 1:
        sentence = _("“{name}” is nobody here.") if not found else _("More than one colleague is called “{name}”.")
        raise Invalid("filter", sentence.format(name=named), _("Write responsible:me, a login or initials."))
    return int(found[0])


def count(me: Me, which: AccountFilter | None = None) -> int:
    """How many accounts there are, whatever words were typed."""
    condition, values = _condition(which or AccountFilter())
    return int(value(f"SELECT count(*) FROM {_table(which, 'name')} WHERE {condition}", *values))


def ids_of_page(
    me: Me, which: AccountFilter, order: str, reverse: bool, start: int, size: int, total: int
) -> list[int]:
    """The ids of a page of a list of `total`, read from its nearer end."""
    condition, values = _condition(which)
    size = max(0, min(size, total - start))
    behind = total - start - size
    turned = _TURNED.get(order, False) != reverse
    near = start <= behind
    keys = ", ".join(f"{key}{' DESC' if turned == near else ''}" for key in _KEYS[order])
    found = [one[0] for one in rows(
        f"SELECT id FROM {_table(which, order)} WHERE {condition} ORDER BY {keys} LIMIT ? OFFSET ?",
        *values, size, start if near else behind,
    )]  # fmt: skip
    return found if near else found[::-1]


def page(
    me: Me, which: AccountFilter, order: str, reverse: bool, start: int, size: int, total: int
) -> list[AccountRow]:
    """A page of a list of `total`."""
    return rows_of(me, ids_of_page(me, which, order, reverse, start, size, total))


def rows_of(me: Me, ids: Sequence[int]) -> list[AccountRow]:
    """The rows of these accounts, in the order given; those in the trash are left out. One statement."""
    if not ids:
        return []
    found = rows(
        "SELECT a.id, a.kind, a.name, a.cvr, a.street, a.postcode, a.city, a.phone, a.email, "
        "coalesce(u.full_name, ''), "
        f"(SELECT count(*) FROM (SELECT 1 FROM contact WHERE account_id = a.id AND {_LIVING} AND {seen_by(me)} "
        f"LIMIT {COUNTED})), "
        "(SELECT count(*) FROM (SELECT 1 FROM sales_case WHERE account_id = a.id AND status = 'open' "
        f"AND {_LIVING} AND {seen_by(me, 'sales_case.audience')} AND {on_contact(me, 'sales_case.contact_id')} "
        f"LIMIT {COUNTED})) "
        "FROM account a LEFT JOIN app_user u ON u.id = a.responsible_id "
        f"WHERE a.id IN ({', '.join('?' * len(ids))}) AND a.deleted_at IS NULL",
        *ids,
    )
    by_id = {one.id: replace(one, name=title(one.id, one.name)) for one in (AccountRow(*each) for each in found)}
    return [by_id[account_id] for account_id in ids if account_id in by_id]


def find(me: Me, which: AccountFilter, order: str = "name", reverse: bool = False, limit: int = MOST_FOUND) -> Found:
    """Accounts by name, CVR number, city, any part of the phone number, e-mail or website, as the words are typed.

    Of more than `limit` the newest are shown, in the order of the list.
    """
    ids = search.plain_ids("search_account", which.words, limit + 1)
    if _is_private(which.words):
        ids.append(PRIVATE_ACCOUNT)
    condition, values = _condition(which)
    turned = " DESC" if _TURNED.get(order, False) != reverse else ""
    keys = ", ".join(f"{key}{turned}" for key in _KEYS[order])
    found = [one[0] for one in rows(
        f"SELECT id FROM account WHERE id IN ({', '.join('?' * len(ids[:limit]))}) AND {condition} ORDER BY {keys}",
        *ids[:limit], *values,
    )]  # fmt: skip
    return Found(tuple(found), len(ids) > limit)


def all_ids(me: Me, which: AccountFilter, order: str = "name", reverse: bool = False) -> tuple[int, ...]:
    """The id of every account of the list: the explicit set behind "mark all" (faults 61)."""
    total = count(me, which)
    return tuple(ids_of_page(me, which, order, reverse, 0, total, total))


def among(me: Me, which: AccountFilter, ids: Sequence[int]) -> set[int]:
    """Those of these accounts that a filter without words shows."""
    condition, values = _condition(which)
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found |= {one[0] for one in rows(
            f"SELECT id FROM account WHERE id IN ({', '.join('?' * len(part))}) AND {condition}", *part, *values
        )}  # fmt: skip
    return found


def position(me: Me, which: AccountFilter, account_id: int, order: str = "name", reverse: bool = False) -> int | None:
    """How many accounts stand before this one in the whole list; None if it is not in the list."""
    condition, values = _condition(which)
    place = row(f"SELECT {', '.join(_KEYS[order])} FROM account WHERE id = ? AND {condition}", account_id, *values)
    if place is None:
        return None
    sign = ">" if _TURNED.get(order, False) != reverse else "<"
    return int(value(
        f"SELECT count(*) FROM {_table(which, order)} WHERE {condition} AND {_beyond(order, sign)}", *values, *place
    ))  # fmt: skip


def neighbour(me: Me, context: ListContext, account_id: int, forward: bool = True) -> int | None:
    """The next or the previous account of the list somebody came from; None at its end."""
    if context.ids is not None:
        if account_id not in context.ids:
            return None
        here = context.ids.index(account_id)
        side = context.ids[here + 1 :] if forward else context.ids[:here][::-1]
        living = among(me, AccountFilter(), side)
        return next((other for other in side if other in living), None)
    place = row(f"SELECT {', '.join(_KEYS[context.order])} FROM account WHERE id = ?", account_id)
    if place is None:
        return None
    condition, values = _condition(context.which)
    turned = (_TURNED.get(context.order, False) != context.reverse) == forward
    keys = ", ".join(f"{key}{' DESC' if turned else ''}" for key in _KEYS[context.order])
    found = value(
        f"SELECT id FROM {_table(context.which, context.order)} WHERE {condition} "
        f"AND {_beyond(context.order, '<' if turned else '>')} ORDER BY {keys} LIMIT 1", *values, *place,
    )  # fmt: skip
    return int(found) if found is not None else None


def where(me: Me, context: ListContext, account_id: int) -> tuple[int, int] | None:
    """Where an account stands in the list somebody came from: its number from 1, and of how many."""
    if context.ids is not None:
        return (context.ids.index(account_id) + 1, len(context.ids)) if account_id in context.ids else None
    before = position(me, context.which, account_id, context.order, context.reverse)
    return None if before is None else (before + 1, count(me, context.which))


def _condition(which: AccountFilter) -> tuple[str, tuple[object, ...]]:
    if which.responsible_id is None:
        return _LIVING, ()
    return f"{_LIVING} AND responsible_id = ?", (which.responsible_id,)


def _table(which: AccountFilter | None, order: str) -> str:
    if which is not None and which.responsible_id is not None:
        return along("account", "account_responsible")
    return along("account", _INDEXES[order])


def _beyond(order: str, sign: str) -> str:
    keys = _KEYS[order]
    return f"({', '.join(keys)}) {sign} ({', '.join('?' * len(keys))})"


def _is_private(words: str) -> bool:
    """Whether the words mean the private account, which is in no search index because its name is translated."""
    held = text.search_tokens(_("Private customers"))
    wanted = text.query_words(words)
    return bool(wanted) and all(any(token.startswith(form) for token in held for form in forms) for forms in wanted)
