"""The one judgement of whether somebody new is here already: before saving, at import, and when a lead is accepted.

The same e-mail address or phone number, or the same name at the same company or in the same town. It is a hint
and never a wall: two people may share an address (faults 15). Every look-up goes along an index and is bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from easir_tui import phones, text
from easir_tui.crm import contact_values
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, seen_by
from easir_tui.data import search
from easir_tui.data.derived import email_key
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import row, rows, value
from easir_tui.language import _

MOST_CANDIDATES = 200
"""How many contacts of one name are looked at, the newest of them."""


@dataclass(frozen=True)
class Similar:
    """A contact that may be the same person.

    `match` is the strongest thing the two share, `email`, `phone` or `name`; `reason` says it in words.
    """

    id: int
    name: str
    company: str
    city: str
    match: str
    reason: str


def similar(me: Me, new: NewContact, limit: int = 10) -> list[Similar]:
    """Contacts that may be the person about to be made: by e-mail, then by phone, then by name.

    Raises:
        Invalid: an e-mail address or a phone number of the new one cannot be saved as it is.
    """
    emails = [item["address"] for item in contact_values.normal_emails(new.emails)]
    numbers = [item["number"] or item["raw"] for item in contact_values.normal_phones(new.phones)]
    found = {each.id: each for each in sharing(me, emails, numbers, limit=limit)}
    if len(found) < limit:
        for each in _by_name(me, new, limit):
            found.setdefault(each.id, each)
    return list(found.values())[:limit]


def sharing(
    me: Me, emails: Sequence[str], numbers: Sequence[str], but: int | None = None, limit: int = 10
) -> list[Similar]:
    """Contacts that have one of these e-mail addresses or phone numbers, primary or not (faults 13, 15).

    Args:
        but: the contact that is being edited, which of course has them.
    """
    keys = {("email", email_key(address)): _("same e-mail address, {address}").format(address=address)
            for address in emails if address}  # fmt: skip
    keys |= {("phone", phones.key(number)): _("same phone number, {number}").format(number=phones.pretty(number))
             for number in numbers if phones.key(number)}  # fmt: skip
    found: dict[int, Similar] = {}
    for (kind, key), reason in keys.items():
        for each in rows(
            f"SELECT {_COLUMNS} FROM contact_key k JOIN contact c ON c.id = k.contact_id "
            "JOIN account a ON a.id = c.account_id "
            f"WHERE k.kind = ? AND k.key = ? AND c.id <> ? AND {seen_by(me, 'c.audience')} "
            "ORDER BY k.contact_id DESC LIMIT ?",
            kind, key, but or 0, limit,
        ):  # fmt: skip
            found.setdefault(each[0], Similar(each[0], each[1], each[2], each[3], kind, reason))
    return list(found.values())[:limit]


def shared_by(me: Me, contact_id: int, limit: int = 3) -> list[Similar]:
    """Other contacts that have an e-mail address or a phone number of this one: said after a change (faults 15)."""
    held = row(f"SELECT emails, phones FROM contact WHERE id = ? AND deleted_at IS NULL AND {seen_by(me)}", contact_id)
    if held is None:
        return []
    emails = [item["address"] for item in json.loads(held[0])]
    numbers = [item["number"] or item["raw"] for item in json.loads(held[1])]
    return sharing(me, emails, numbers, but=contact_id, limit=limit)


_COLUMNS = "c.id, c.name, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, c.city"


def _by_name(me: Me, new: NewContact, limit: int) -> list[Similar]:
    """Contacts of the same name whom neither company nor town tells apart."""
    name = text.accept(f"{new.first_name} {new.last_name}", newlines=False)
    if len(name.split()) < 2:
        return []
    company = _company_of(new)
    found: list[Similar] = []
    ids = search.contact_ids(name, MOST_CANDIDATES, "name", on_contact(me, "search_contact.rowid"))
    for each in _candidates(ids):
        reason = _reason(new, company, name, each)
        if reason:
            found.append(Similar(each[0], each[1], each[2], each[3], match="name", reason=reason))
    return found[:limit]


def _candidates(ids: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    if not ids:
        return ()
    return rows(
        f"SELECT {_COLUMNS}, c.first_name, c.last_name FROM contact c JOIN account a ON a.id = c.account_id "
        f"WHERE c.id IN ({', '.join('?' * len(ids))}) AND c.deleted_at IS NULL ORDER BY c.id DESC", *ids
    )  # fmt: skip


def _reason(new: NewContact, company: str, name: str, each: tuple[Any, ...]) -> str:
    """Why a contact of this name may be the same person; empty when something tells them apart."""
    other_company, other_city = each[2], each[3]
    if not same_words(name, f"{each[4]} {each[5]}"):
        return ""
    if company and other_company and same_words(company, other_company):
        return _("same name at {company}").format(company=other_company)
    if new.city and other_city and same_words(new.city, other_city):
        return _("same name in {city}").format(city=other_city)
    told_apart = (company and other_company) or (new.city and other_city)
    return "" if told_apart else _("same name")


def _company_of(new: NewContact) -> str:
    if new.kind != "business":
        return ""
    if new.account_id is not None and new.account_id != PRIVATE_ACCOUNT:
        return str(value("SELECT name FROM account WHERE id = ?", new.account_id) or "")
    return new.new_account.name if new.new_account is not None else ""


def same_words(one: str, other: str) -> bool:
    """Whether two names read the same, word by word, however their Danish letters are typed."""
    ones, others = one.split(), other.split()
    if len(ones) != len(others):
        return False
    return all(
        mine == theirs or set(text.search_tokens(mine)) & set(text.search_tokens(theirs))
        for mine, theirs in zip(ones, others, strict=True)
    )
