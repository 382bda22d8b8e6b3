"""Contacts, one at a time: made, changed, deleted, and shown.

A private contact sits in the one private account, a business contact in its company (V2, V3). Whoever makes a
contact is responsible for it until somebody else is chosen (V12). A change touches the named fields and no
others (faults 9), and deleting is a way to the trash that undo leads back from (V15).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from easir_tui.crm import accounts, contact_values, drafts
from easir_tui.crm.accounts import NewAccount, one_line
from easir_tui.crm.contact_facts import ContactFacts, show
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_contact, seen_by, team_for, team_of, team_of_contact
from easir_tui.data.journal import Step, step
from easir_tui.data.models import PRIVATE_ACCOUNT, Case, Contact, Task
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NeedsConfirmation, NotFound, Refused
from easir_tui.language import N_, _, ngettext, number

__all__ = [
    "BATCH", "ContactFacts", "NewContact", "add_to", "case_titles", "cases_sentence", "change", "checked", "create",
    "delete", "delete_batch", "names_of", "show",
]  # fmt: skip

BATCH = 500
"""How many contacts go to the trash in one transaction, so that others can save in between."""

_PLAIN = (
    "first_name", "last_name", "title", "job_title", "street", "postcode", "city", "country", "website", "language",
)  # fmt: skip

_MEANINGS: dict[str, str] = {
    **dict.fromkeys(("first_name", "last_name", "title"), N_("changed the name")),
    **dict.fromkeys(("street", "postcode", "city", "country"), N_("changed the address")),
    "job_title": N_("changed the job title"),
    "emails": N_("changed the e-mail addresses"),
    "phones": N_("changed the phone numbers"),
    "responsible_id": N_("changed the responsible user"),
    "birthday": N_("changed the birthday"),
    "custom": N_("changed the own fields"),
    **dict.fromkeys(("account_id", "kind"), N_("moved to another account")),
}
_SEVERAL = N_("changed the details")


@dataclass(frozen=True)
class NewContact:
    """A contact to be made, as it was typed.

    A business contact names its company by `account_id`, or brings a `new_account` that is made with it.
    `birthday` is an ISO date or `--MM-DD`; `card` is the raw vCard it came from, if it did.
    """

    kind: str = "private"
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    job_title: str = ""
    account_id: int | None = None
    new_account: NewAccount | None = None
    emails: tuple[Email, ...] = ()
    phones: tuple[PhoneEntry, ...] = ()
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    website: str = ""
    birthday: str = ""
    language: str = ""
    responsible_id: int | None = None
    origin: str = "manual"
    custom: Mapping[str, str] = field(default_factory=dict)
    external_ids: Mapping[str, str] = field(default_factory=dict)
    card: str | None = None


def create(me: Me, new: NewContact, draft_key: str | None = None) -> int:
    """Make a contact, and its company where it brings one, and return its id.

    Args:
        draft_key: the draft that this save makes superfluous.

    Raises:
        Invalid: a field is wrong, or says nothing about who it is; a business contact has no company (V3).
        NotFound: the company does not exist any more.
    """
    with step(me, N_("created the contact")) as work:
        contact_id = add_to(work, me, new)
        work.contact_id = contact_id
        drafts.drop_in(work, me, draft_key)
        return contact_id


def add_to(work: Step, me: Me, new: NewContact) -> int:
    """Make a contact within a larger step and return its id; raises what `create` raises."""
    values = checked(new)
    values["account_id"] = _account_of(work, me, new)
    values["responsible_id"] = new.responsible_id or me.user_id
    values["team_id"] = team_of(values["responsible_id"])
    work.account_id = values["account_id"]
    return work.add(Contact, **values)


def checked(new: NewContact) -> dict[str, Any]:
    """The stored values of a new contact, all but its account and responsible user.

    Raises:
        Invalid: a field is wrong, or nothing says who it is.
    """
    if new.kind not in ("private", "business"):
        raise Invalid("kind", _("A contact is private or business."))
    values: dict[str, Any] = {name: one_line(name, getattr(new, name)) for name in _PLAIN}
    values |= {
        "kind": new.kind,
        "emails": contact_values.normal_emails(new.emails),
        "phones": contact_values.normal_phones(new.phones),
        "birthday": contact_values.birthday(new.birthday),
        "custom": contact_values.custom_fields(new.custom),
        "external_ids": dict(new.external_ids),
        "origin": new.origin,
        "card": new.card,
    }
    company = new.kind == "business" and new.origin != "manual"
    if not (values["first_name"] or values["last_name"] or values["emails"] or values["phones"] or company):
        raise Invalid("last_name", _("Write a name, an e-mail address or a phone number."))
    if new.kind == "business" and new.account_id in (None, PRIVATE_ACCOUNT) and new.new_account is None:
        raise _no_company()
    return values


def _account_of(work: Step, me: Me, new: NewContact) -> int:
    """The account a new contact goes to; a company it brings is made in the same step."""
    if new.kind == "private":
        return PRIVATE_ACCOUNT
    if new.account_id is None and new.new_account is not None:
        return accounts.add_to(work, me, new.new_account)
    return _company(new.account_id)


def _company(account_id: int | None) -> int:
    """The id of a living company, for a business contact.

    Raises:
        Invalid: there is none (V3).
        NotFound: it does not exist any more.
    """
    if account_id is None or account_id == PRIVATE_ACCOUNT:
        raise _no_company()
    if value("SELECT 1 FROM account WHERE id = ? AND deleted_at IS NULL", account_id) is None:
        raise NotFound(_("That company does not exist any more."), _("Choose another."))
    return account_id


def _no_company() -> Invalid:
    return Invalid("account", _("A business contact needs a company: choose one, or make it here."))


def change(me: Me, /, contact_id: int, version: int | None, **fields: Any) -> int:
    """Change the named fields of a contact, those and no others, and return its version afterwards.

    Args:
        version: the version the editor saw; None overwrites knowingly.
        fields: any of the stored fields; `emails` and `phones` are whole lists. A company in `account_id`
            makes the contact a business contact, `kind="private"` moves it to the private account. A
            `new_account` is made on the way.

    Raises:
        Invalid: a value is wrong, or nothing would be left that says who it is.
        NotFound: the contact or the company is gone.
        Conflict: somebody changed the same field since (V17).
    """
    with step(me, N_("changed the details"), contact_id=contact_id) as work:
        require_contact(me, contact_id)
        values = _changed_values(work, me, contact_id, fields)
        meanings = {_MEANINGS.get(name, _SEVERAL) for name in values if name != "team_id"}
        work.what = meanings.pop() if len(meanings) == 1 else _SEVERAL
        return work.change(Contact, contact_id, version, **values)


def _changed_values(work: Step, me: Me, contact_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, given in fields.items():
        if name in _PLAIN:
            values[name] = one_line(name, given)
        elif name == "emails":
            values[name] = contact_values.normal_emails(given)
        elif name == "phones":
            values[name] = contact_values.normal_phones(given)
        elif name == "birthday":
            values[name] = contact_values.birthday(given)
        elif name == "custom":
            values[name] = contact_values.custom_fields(given)
        elif name == "external_ids":
            values[name] = dict(given)
        elif name == "responsible_id":
            values[name] = _colleague(given)
            values["team_id"] = team_for(values[name], team_of_contact(contact_id))
        elif name not in ("kind", "account_id", "new_account"):
            raise KeyError(f"a contact has no field {name} that can be changed")
    if {"kind", "account_id", "new_account"} & fields.keys():
        values |= _moved(work, me, contact_id, fields)
    _refuse_nobody(contact_id, values)
    return values


def _moved(work: Step, me: Me, contact_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Kind and account together, because the one says the other (V2, V3)."""
    if fields.get("new_account") is not None:
        return {"kind": "business", "account_id": accounts.add_to(work, me, fields["new_account"])}
    if fields.get("kind") == "private" or fields.get("account_id") == PRIVATE_ACCOUNT:
        return {"kind": "private", "account_id": PRIVATE_ACCOUNT}
    account_id = fields.get("account_id")
    if account_id is None:
        account_id = value("SELECT account_id FROM contact WHERE id = ?", contact_id)
    return {"kind": "business", "account_id": _company(account_id)}


def _colleague(user_id: int) -> int:
    """A user who may be responsible."""
    if value("SELECT 1 FROM app_user WHERE id = ? AND active = 1 AND deleted_at IS NULL", user_id) is None:
        raise Invalid("responsible_id", _("Choose a colleague who works here."))
    return user_id


def _refuse_nobody(contact_id: int, values: Mapping[str, Any]) -> None:
    """A change may not take away the last thing that says who a contact is; a business contact keeps its company."""
    if not {"first_name", "last_name", "emails", "phones", "kind"} & values.keys():
        return
    found = row("SELECT first_name, last_name, emails, phones, kind FROM contact WHERE id = ?", contact_id)
    if found is None:
        return
    names = ("first_name", "last_name", "emails", "phones", "kind")
    after = {**dict(zip(names, found, strict=True)), **values}
    if after["kind"] == "private" and not any(after[name] not in ("", "[]", []) for name in names[:4]):
        raise Invalid("last_name", _("Write a name, an e-mail address or a phone number."))


def delete(me: Me, contact_id: int, version: int | None, confirmed: bool = False) -> None:
    """Put a contact into the trash, with its cases and tasks, so that one undo brings all of it back (V15).

    Raises:
        NeedsConfirmation: it has cases; the sentence names them (V16).
        NotFound: it does not exist or is in the trash already.
        Conflict: somebody changed it since `version`.
    """
    with step(me, N_("deleted the contact"), contact_id=contact_id) as work:
        require_contact(me, contact_id)
        _refuse_others(me, [contact_id])
        titles = case_titles(me, (contact_id,))
        if titles and not confirmed:
            raise NeedsConfirmation(cases_sentence(titles))
        _remove(work, contact_id, version)


def case_titles(me: Me, ids: Sequence[int]) -> list[str]:
    """The titles of all cases of these contacts, oldest first."""
    titles: list[str] = []
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        titles += [found[0] for found in rows(
            f"SELECT title FROM sales_case WHERE contact_id IN ({', '.join('?' * len(part))}) "
            f"AND deleted_at IS NULL AND {seen_by(me)} ORDER BY id", *part
        )]  # fmt: skip
    return titles


def cases_sentence(titles: Sequence[str]) -> str:
    """What goes along into the trash, naming up to five cases (V16)."""
    listed = ", ".join(titles[:5]) + (" …" if len(titles) > 5 else "")
    return ngettext(
        "{count} case goes to the trash too: {titles}", "{count} cases go to the trash too: {titles}", len(titles)
    ).format(count=number(len(titles)), titles=listed)


def living(me: Me, ids: Sequence[int]) -> tuple[int, ...]:
    """Those of these contacts that somebody has not deleted meanwhile, in the same order."""
    found: set[int] = set()
    for start in range(0, len(ids), BATCH):
        found |= _living(me, ids[start : start + BATCH])
    return tuple(contact_id for contact_id in ids if contact_id in found)


def _living(me: Me, part: Sequence[int]) -> set[int]:
    return {found[0] for found in rows(
        f"SELECT id FROM contact WHERE id IN ({', '.join('?' * len(part))}) AND deleted_at IS NULL AND {seen_by(me)}",
        *part,
    )}  # fmt: skip


def names_of(me: Me, ids: Sequence[int], most: int = 3) -> list[str]:
    """The names of the first few of these contacts, to be named in a question (faults 61)."""
    first = ids[:most]
    if not first:
        return []
    return [found[0] for found in rows(
        f"SELECT name FROM contact WHERE id IN ({', '.join('?' * len(first))}) AND deleted_at IS NULL "
        f"AND {seen_by(me)} ORDER BY name_key, id", *first
    )]  # fmt: skip


def delete_batch(me: Me, ids: Sequence[int], total: int, parent_id: int | None = None) -> tuple[int, int]:
    """Put up to `BATCH` contacts of an explicit set into the trash; all batches of it are one step of undo.

    Args:
        total: how many the whole set holds, for the list of steps.
        parent_id: the event of the first batch, for every later one.

    Returns:
        How many were there to delete, and the event to give to the next batch.
    """
    with step(me, N_("deleted {count} contacts"), {"count": total}, shown=False, parent_id=parent_id) as work:
        part = ids[:BATCH]
        there = sorted(_living(me, part))
        _refuse_others(me, there)
        for contact_id in there:
            _remove(work, contact_id, None)
        return len(there), parent_id or work.event_id


def _refuse_others(me: Me, ids: Sequence[int]) -> None:
    """A contact that another team has a case with is not deleted by one who cannot see that case."""
    if me.is_admin or not ids:
        return
    found = value(
        f"SELECT c.name FROM sales_case s JOIN contact c ON c.id = s.contact_id "
        f"WHERE s.contact_id IN ({', '.join('?' * len(ids))}) AND s.deleted_at IS NULL "
        f"AND NOT {seen_by(me, 's.audience')} LIMIT 1", *ids,
    )  # fmt: skip
    if found is not None:
        raise Refused(_("Another team works with {name}.").format(name=found), _("Ask an admin to delete it."))


def _remove(work: Step, contact_id: int, version: int | None) -> None:
    """One contact with its cases and tasks; what happened stays on it, and is found again with it."""
    for task in rows("SELECT id FROM task WHERE contact_id = ? AND deleted_at IS NULL", contact_id):
        work.remove(Task, task[0])
    for case in rows("SELECT id FROM sales_case WHERE contact_id = ? AND deleted_at IS NULL", contact_id):
        work.remove(Case, case[0])
    work.remove(Contact, contact_id, version)
