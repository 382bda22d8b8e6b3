"""Accounts: the companies that business contacts belong to, and the one account of all private customers.

A company is found as it is typed and may be made on the way to a new contact. Its CVR number (Danish company
register) is checked by its own check digit, which warns and never refuses: foreign numbers are kept as they are.
Accounts are the whole company's: everybody sees them, though not every contact in them. The private account is
one, and fixed (V2); a company that still has contacts is not deleted, so that no contact is ever without one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from easir_tui import config, phones, text
from easir_tui.crm import drafts
from easir_tui.crm.users import Me
from easir_tui.data import search as index
from easir_tui.data.journal import Step, step
from easir_tui.data.models import PRIVATE_ACCOUNT, Account
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _, ngettext, number

LONGEST = 500
"""Characters a one-line field may hold; more is a slip of the paste."""

FIELDS = ("name", "cvr", "street", "postcode", "city", "country", "phone", "email", "website")
"""What of an account is one line of text."""

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
    responsible_id: int | None = None
    external_ids: Mapping[str, str] = field(default_factory=dict)


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

    Names that begin with it come first, then other words of the name, then whatever the search index finds: the
    city, any part of the phone number, a Danish letter typed some other way.
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
        via = index.plain_ids("search_account", typed, limit)
        if via:
            take(f"id IN ({', '.join('?' * len(via))})", *via)
    return list(found.values())[:limit]


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


def create(me: Me, new: NewAccount, draft_key: str | None = None) -> int:
    """Make a company and return its id; the maker is responsible for it unless somebody is named (V12).

    Args:
        draft_key: the draft that this save makes superfluous.

    Raises:
        Invalid: it has no name, a field is too long, or the e-mail address is none.
    """
    with step(me, N_("created the account")) as work:
        work.account_id = add_to(work, me, new)
        drafts.drop_in(work, me, draft_key)
        return work.account_id


def add_to(work: Step, me: Me, new: NewAccount) -> int:
    """Make a company within a step of something larger, such as a new contact, and return its id.

    Raises:
        Invalid: as `create`.
    """
    if not one_line("company", new.name):
        raise Invalid("company", _("Write the name of the company."))
    values = checked({name: getattr(new, name) for name in FIELDS})
    return work.add(
        Account, kind="company", **values, responsible_id=new.responsible_id or me.user_id,
        external_ids=_systems(new.external_ids),
    )  # fmt: skip


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a company as they are stored.

    Args:
        fields: any of `FIELDS`, and `responsible_id` and `external_ids` (system → the id there).

    Raises:
        Invalid: the name is empty, a text is too long, the e-mail address is none, or the colleague is gone.
    """
    made: dict[str, Any] = {}
    for name, given in fields.items():
        if name == "cvr":
            made[name] = cvr_number(one_line(name, given))
        elif name == "phone":
            made[name] = _phone(one_line(name, given))
        elif name == "email":
            made[name] = _email(one_line(name, given))
        elif name in FIELDS:
            made[name] = one_line(name, given)
        elif name == "responsible_id":
            made[name] = _colleague(given)
        elif name == "external_ids":
            made[name] = _systems(given)
        else:
            raise Invalid(name, _("This is not part of an account."))
    if made.get("name") == "":
        raise Invalid("name", _("Write the name of the company."))
    return made


def change(
    me: Me,
    /,
    account_id: int,
    version: int | None,
    contact_id: int | None = None,
    draft_key: str | None = None,
    **fields: Any,
) -> int:
    """Change the named fields of a company, those and no others (faults 9), and return its version afterwards.

    Every business contact of it shows the new address (V13) and is found by the new name.

    Args:
        version: the version the editor saw; None overwrites knowingly.
        contact_id: on whose page it was done, so that their History tells it too.
        draft_key: the draft that this save makes superfluous.
        fields: as `checked` takes them.

    Raises:
        Invalid: a value is wrong, or it is the private account, which is fixed (V2).
        NotFound: the company is gone.
        Conflict: somebody changed the same field since (V17).
    """  # fmt: skip
    if account_id == PRIVATE_ACCOUNT:
        raise Invalid("name", _("The private account cannot be changed."))
    values = checked(fields)
    address = {"street", "postcode", "city", "country"}
    if set(values) <= address:
        meant = N_("changed the address of {account}")
    elif set(values) == {"responsible_id"}:
        meant = N_("changed the responsible user of {account}")
    else:
        meant = N_("changed {account}")
    with step(me, meant, account_id=account_id, contact_id=contact_id) as work:
        work.params = {"account": _name(account_id)}
        made = work.change(Account, account_id, version, **values)
        drafts.drop_in(work, me, draft_key)
        return made


def delete(me: Me, account_id: int, version: int | None = None) -> None:
    """Put a company into the trash (V15); its contacts must have gone before it, so that V2 holds.

    Raises:
        Refused: it is the private account, or has contacts.
        NotFound: it is gone already.
        Conflict: somebody changed it since `version`.
    """
    with step(me, N_("deleted {account}"), account_id=account_id) as work:
        name = _name(account_id)
        work.params = {"account": name}
        if account_id == PRIVATE_ACCOUNT:
            raise Refused(_("The private account cannot be deleted."))
        if has_contacts(me, account_id):
            raise Refused(
                _("{account} still has contacts.").format(account=name),
                _("Move or delete them first; that way no contact is left without a company."),
            )
        work.remove(Account, account_id, version)


def delete_many(me: Me, ids: Sequence[int]) -> tuple[int, tuple[str, ...]]:
    """Put an explicit set of companies into the trash as one step; how many went, and the names of those kept.

    Kept are those that have contacts, and the private account.
    """
    kept: list[str] = []
    gone = 0
    with step(me, N_("deleted {count} accounts"), shown=False) as work:
        for account_id in ids:
            found = row("SELECT name FROM account WHERE id = ? AND deleted_at IS NULL", account_id)
            if found is None:
                continue
            if account_id == PRIVATE_ACCOUNT or has_contacts(me, account_id):
                kept.append(title(account_id, found[0]))
            else:
                work.remove(Account, account_id)
                gone += 1
        work.params = {"count": gone}
    return gone, tuple(kept)


def make_responsible(me: Me, ids: Sequence[int], user_id: int) -> int:
    """Make one colleague responsible for an explicit set of companies, as one step; how many changed hands.

    Raises:
        Invalid: the colleague does not work here any more.
    """
    _colleague(user_id)
    count = 0
    with step(me, N_("gave {count} accounts to {name}"), shown=False) as work:
        for account_id in ids:
            found = row("SELECT responsible_id FROM account WHERE id = ? AND deleted_at IS NULL", account_id)
            if found is not None and account_id != PRIVATE_ACCOUNT and found[0] != user_id:
                work.change(Account, account_id, None, responsible_id=user_id)
                count += 1
        work.params = {"count": count, "name": value("SELECT full_name FROM app_user WHERE id = ?", user_id)}
    return count


def has_contacts(me: Me, account_id: int) -> bool:
    """Whether a company has contacts, also such as this user may not see: their company must not go either."""
    found = value("SELECT 1 FROM contact WHERE account_id = ? AND deleted_at IS NULL LIMIT 1", account_id)
    return found is not None


def title(account_id: int, name: str) -> str:
    """What an account is called on screen: the private one in the user's language."""
    return _("Private customers") if account_id == PRIVATE_ACCOUNT else name


def kept_sentence(kept: Sequence[str]) -> str:
    """Which accounts were kept, naming up to three; empty for none."""
    if not kept:
        return ""
    names = ", ".join(kept[:3]) + (" …" if len(kept) > 3 else "")
    return ngettext(
        "{count} was kept, because it has contacts: {names}", "{count} were kept, because they have contacts: {names}",
        len(kept),
    ).format(count=number(len(kept)), names=names)  # fmt: skip


def _name(account_id: int) -> str:
    """The name of a living account.

    Raises:
        NotFound: there is none.
    """
    found = row("SELECT name FROM account WHERE id = ? AND deleted_at IS NULL", account_id)
    if found is None:
        raise NotFound(_("There is no such account."))
    return title(account_id, found[0])


def _phone(typed: str) -> str:
    """A number in its international form, or as it was typed where it is none."""
    parsed = phones.parse(typed, config.settings().region) if typed else None
    return parsed.number if parsed and parsed.valid and not parsed.extension else typed


def _email(typed: str) -> str:
    from easir_tui.crm import contact_values

    address = contact_values.plain_address(typed)
    problem = contact_values.email_problem(address) if address else ""
    if problem:
        raise Invalid("email", problem)
    return address


def _colleague(user_id: int) -> int:
    if value("SELECT 1 FROM app_user WHERE id = ? AND active = 1 AND deleted_at IS NULL", user_id) is None:
        raise Invalid("responsible_id", _("Choose a colleague who works here."))
    return user_id


def _systems(given: Mapping[str, str]) -> dict[str, str]:
    """Ids in other systems, without empty ones."""
    made = {one_line("external_ids", name): one_line("external_ids", held) for name, held in given.items()}
    return {name: held for name, held in made.items() if name and held}


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
