"""Columns and indexes that follow from other values: written here, in the transaction of the save, by nobody else.

A contact's shown name, sort key, primary e-mail and phone follow from its own fields; its status, next step and
last contact from its cases, tasks and activities; the search index and the exact-match keys from its text. None
of them raises the version of a record, so that planning a task is no conflict for the one who edits the phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from easir_tui import phones, text
from easir_tui.data import search
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import row, rows, run, run_many

CONTACT_TEXT = frozenset(
    {"first_name", "last_name", "emails", "phones", "city", "account_id", "external_ids", "deleted_at"}
)
"""Fields of a contact that its name, keys or search index are made of."""


def email_key(address: str) -> str:
    """The form in which two spellings of one e-mail address are equal (faults 13)."""
    return address.strip().strip("<>").casefold()


def display_name(first: str, last: str, company: str, emails: list[Any], phone_list: list[Any]) -> str:
    """What a contact is called on screen: the name, else the company, the e-mail, the number (faults 47)."""
    name = f"{first.strip()} {last.strip()}".strip()
    if name:
        return name
    if company:
        return company
    if emails:
        return str(emails[0]["address"])
    if phone_list:
        return str(phone_list[0].get("number") or phone_list[0].get("raw") or "?")
    return "?"


def contact_columns(fields: Mapping[str, Any], company: str) -> dict[str, Any]:
    """The derived columns of a contact from its own fields (`emails` and `phones` as lists)."""
    emails, numbers = fields["emails"], fields["phones"]
    name = display_name(fields["first_name"], fields["last_name"], company, emails, numbers)
    primary = numbers[0] if numbers else {}
    return {
        "name": name,
        "name_key": text.sort_key(name),
        "email": emails[0]["address"] if emails else "",
        "phone": primary.get("number") or primary.get("raw") or "",
    }


def account_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The derived columns of an account."""
    return {"name_key": text.sort_key(fields["name"])}


class Company(NamedTuple):
    """What a contact takes from its account; empty for the private account, which says nothing about a person."""

    name: str = ""
    city: str = ""


def company(account_id: int) -> Company:
    """The company of an account."""
    found = row("SELECT name, city FROM account WHERE id = ?", account_id) if account_id != PRIVATE_ACCOUNT else None
    return Company(*found) if found else Company()


def companies(account_ids: Iterable[int]) -> dict[int, Company]:
    """The same for many accounts at once, by id."""
    wanted = sorted(set(account_ids))
    found = dict.fromkeys(wanted, Company())
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        for account_id, name, city in rows(
            f"SELECT id, name, city FROM account WHERE id IN ({', '.join('?' * len(some))})", *some
        ):
            found[account_id] = Company(name, city)
    return found | {PRIVATE_ACCOUNT: Company()}


def contact_keys(contact_id: int, fields: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """The exact-match keys of a contact: e-mail addresses, phone numbers, ids in other systems."""
    keys = {("email", email_key(item["address"])) for item in fields["emails"]}
    keys |= {("phone", phones.key(item.get("number") or item.get("raw") or "")) for item in fields["phones"]}
    keys |= {(f"id:{system}", str(other)) for system, other in fields["external_ids"].items()}
    return [(kind, key, contact_id) for kind, key in sorted(keys) if key]


def index_contact(contact_id: int, fields: Mapping[str, Any], company: Company, *, new: bool) -> None:
    """Write the search row and the keys of a living contact, or take both away from a deleted one."""
    if not new:
        search.forget("search_contact", contact_id)
        run("DELETE FROM contact_key WHERE contact_id = ?", contact_id)
    if fields.get("deleted_at") is None:
        search.put_contact(contact_id, fields, *company)
        run_many(
            "INSERT INTO contact_key (kind, key, contact_id) VALUES (?, ?, ?)",
            contact_keys(contact_id, fields),
        )


_FOLLOW = """
UPDATE contact SET
  status = CASE
    WHEN EXISTS (SELECT 1 FROM sales_case c WHERE c.contact_id = contact.id AND c.status = 'closed'
                 AND c.outcome = 'won' AND c.deleted_at IS NULL) THEN 'customer'
    WHEN EXISTS (SELECT 1 FROM sales_case c WHERE c.contact_id = contact.id AND c.status = 'open'
                 AND c.deleted_at IS NULL) THEN 'opportunity'
    ELSE 'lead' END,
  (next_step_at, next_step_day) = (SELECT t.sort_at, t.day FROM task t WHERE t.contact_id = contact.id
    AND t.status = 'open' AND t.deleted_at IS NULL ORDER BY t.sort_at, t.id LIMIT 1),
  last_contact_at = (SELECT a.at FROM activity a WHERE a.contact_id = contact.id AND a.deleted_at IS NULL
    ORDER BY a.at DESC, a.id DESC LIMIT 1)
"""


def follow_contacts(contact_ids: Iterable[int]) -> None:
    """Bring status, next step and last contact of these contacts up to what is stored around them."""
    run_many(_FOLLOW + " WHERE id = ?", [(contact_id,) for contact_id in contact_ids])


def follow_all_contacts() -> None:
    """The same for every contact; after a bulk load."""
    run(_FOLLOW)


def contacts_of_company(account_id: int) -> list[int]:
    """Living contacts of a company, whose search rows hold its name and city."""
    if account_id == PRIVATE_ACCOUNT:
        return []
    return [found[0] for found in rows(
        "SELECT id FROM contact WHERE account_id = ? AND deleted_at IS NULL", account_id
    )]  # fmt: skip
