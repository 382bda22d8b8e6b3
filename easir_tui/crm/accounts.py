"""Accounts: the companies that business contacts belong to, and the one account of all private customers.

A company is found as it is typed and may be made on the way to a new contact. Its CVR number (Danish company
register) is checked by its own check digit, which warns and never refuses: foreign numbers are kept as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from easir_tui import text
from easir_tui.crm.users import Me
from easir_tui.data import search as index
from easir_tui.data.journal import Step, step
from easir_tui.data.models import PRIVATE_ACCOUNT, Account
from easir_tui.data.sqlite import rows
from easir_tui.errors import Invalid
from easir_tui.language import N_, _

LONGEST = 500
"""Characters a one-line field may hold; more is a slip of the paste."""

_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True)
class AccountRow:
    """A company in a list of choices."""

    id: int
    name: str
    city: str
    cvr: str


@dataclass(frozen=True)
class NewAccount:
    """A company to be made, as it was typed."""

    name: str
    cvr: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


def cvr_number(typed: str) -> str:
    """A CVR number without "DK" and blanks; anything that is not one stays as it was typed."""
    typed = text.accept(typed, newlines=False)
    digits = re.sub(r"[\s.-]", "", typed).upper().removeprefix("DK")
    return digits if re.fullmatch(r"\d{8}", digits) else typed


def cvr_problem(typed: str) -> str:
    """What is odd about a CVR number, as a sentence; empty when nothing is. Never a reason to refuse.

    A Danish CVR number has eight digits whose sum, weighted 2 7 6 5 4 3 2 1, is divisible by 11.
    """
    number = cvr_number(typed)
    if not number:
        return ""
    if not re.fullmatch(r"\d{8}", number):
        return _("A Danish CVR number has eight digits; this one is kept as it is.")
    if sum(int(digit) * weight for digit, weight in zip(number, _CVR_WEIGHTS, strict=True)) % 11:
        return _("The check digit of this CVR number is wrong: is there a slip?")
    return ""


def search(me: Me, typed: str, limit: int = 20) -> list[AccountRow]:
    """Companies whose name has a word that begins as typed, or whose CVR number does; best first.

    Names that begin with it come first, then other words of the name, then companies found through the search
    index of their contacts, which knows every way to type a Danish letter.
    """
    key = text.sort_key(text.accept(typed, newlines=False))
    if not key:
        return [AccountRow(*found) for found in rows(
            "SELECT id, name, city, cvr FROM account WHERE deleted_at IS NULL AND id <> ? "
            "ORDER BY name_key, id LIMIT ?", PRIVATE_ACCOUNT, limit
        )]  # fmt: skip
    found: dict[int, AccountRow] = {}

    def take(condition: str, *values: object) -> None:
        if len(found) < limit:
            for each in rows(
                f"SELECT id, name, city, cvr FROM account WHERE deleted_at IS NULL AND id <> ? AND {condition} "
                "ORDER BY name_key, id LIMIT ?", PRIVATE_ACCOUNT, *values, limit
            ):  # fmt: skip
                found.setdefault(each[0], AccountRow(*each))

    take("name_key >= ? AND name_key < ?", key, key + "\x7f")
    digits = re.sub(r"\D", "", typed)
    if len(digits) >= 3:
        take("cvr >= ? AND cvr < ?", digits, digits + "\x7f")
    take("instr(' ' || name_key, ?) > 0", " " + key)
    if len(found) < limit:
        via = _through_contacts(typed)
        if via:
            take(f"id IN ({', '.join('?' * len(via))})", *via)
    return list(found.values())[:limit]


def _through_contacts(typed: str) -> list[int]:
    """Accounts of the newest contacts whose company is found by what was typed."""
    contact_ids = index.contact_ids(typed, 100, columns="company")
    if not contact_ids:
        return []
    return [found[0] for found in rows(
        f"SELECT DISTINCT account_id FROM contact WHERE id IN ({', '.join('?' * len(contact_ids))})", *contact_ids
    )]  # fmt: skip


def similar(me: Me, new: NewAccount, limit: int = 5) -> list[AccountRow]:
    """Companies that may be the same: equal CVR number, or equal name in Danish order."""
    number = cvr_number(new.cvr)
    by_number = rows(
        "SELECT id, name, city, cvr FROM account WHERE cvr = ? AND deleted_at IS NULL LIMIT ?", number, limit
    ) if number else []  # fmt: skip
    by_name = rows(
        "SELECT id, name, city, cvr FROM account WHERE name_key = ? AND deleted_at IS NULL AND id <> ? LIMIT ?",
        text.sort_key(text.accept(new.name, newlines=False)), PRIVATE_ACCOUNT, limit,
    )  # fmt: skip
    return list({found[0]: AccountRow(*found) for found in [*by_number, *by_name]}.values())[:limit]


def create(me: Me, new: NewAccount) -> int:
    """Make a company and return its id; the maker is responsible for it.

    Raises:
        Invalid: it has no name, or a field is too long.
    """
    with step(me, N_("created the account")) as work:
        work.account_id = add_to(work, me, new)
        return work.account_id


def add_to(work: Step, me: Me, new: NewAccount) -> int:
    """Make a company within a step of something larger, such as a new contact, and return its id.

    Raises:
        Invalid: it has no name, or a field is too long.
    """
    name = one_line("company", new.name)
    if not name:
        raise Invalid("company", _("Write the name of the company."))
    return work.add(
        Account, kind="company", name=name, cvr=cvr_number(new.cvr), responsible_id=me.user_id,
        street=one_line("street", new.street), postcode=one_line("postcode", new.postcode),
        city=one_line("city", new.city), country=one_line("country", new.country),
        phone=one_line("phone", new.phone), email=one_line("email", new.email),
        website=one_line("website", new.website),
    )  # fmt: skip


def one_line(field: str, typed: str) -> str:
    """A one-line text as it is stored; blanks and invisible signs alone are nothing.

    Raises:
        Invalid: it is longer than `LONGEST` characters.
    """
    accepted = text.accept(typed, newlines=False)
    if not text.clean(accepted).strip():
        return ""
    if len(accepted) > LONGEST:
        raise Invalid(field, _("This is too long: {count} characters of at most {most}.").format(
            count=len(accepted), most=LONGEST
        ))  # fmt: skip
    return accepted
