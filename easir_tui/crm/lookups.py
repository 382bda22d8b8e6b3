"""The few facts about contacts, cases and users that the rules of tasks, cases and activities ask for."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import SQL

from easir_tui import relations
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.models import Account, Case, Contact, User
from easir_tui.errors import NotFound
from easir_tui.language import _
from easir_tui.relations import RelationsPath


@dataclass(frozen=True)
class ContactBrief:
    """Who a form is about; `account_name` is empty for a private contact."""

    id: int
    name: str
    kind: str
    account_id: int
    account_name: str


@dataclass(frozen=True)
class CaseBrief:
    """What a rule needs of a case."""

    id: int
    version: int
    contact_id: int
    account_id: int
    title: str
    path: str
    milestone: str
    status: str
    manager_id: int


def contact_brief(me: Me, contact_id: int) -> ContactBrief:
    """The contact, unless it is gone or another team's.

    Raises:
        NotFound: it does not exist or is in the trash.
    """
    found = (
        Contact.select(Contact.id, Contact.name, Contact.kind, Contact.account_id, Account.name)
        .join(Account, on=(Contact.account_id == Account.id))
        .where(Contact.id == contact_id, Contact.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
        .tuples()
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such contact."))
    row_id, name, kind, account_id, account_name = found
    return ContactBrief(row_id, name, kind, account_id, account_name if kind == "business" else "")


def case_brief(me: Me, case_id: int) -> CaseBrief:
    """The case, unless it is gone or another team's.

    Raises:
        NotFound: it does not exist or is in the trash.
    """
    found = (
        Case.select(
            Case.id,
            Case.version,
            Case.contact_id,
            Case.account_id,
            Case.title,
            Case.path,
            Case.milestone,
            Case.status,
            Case.manager_id,
        )
        .where(Case.id == case_id, Case.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
        .tuples()
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such case."))
    return CaseBrief(*found)


def user_is_active(user_id: int) -> bool:
    """Whether work may be given to this user."""
    return bool(User.select(User.id).where(User.id == user_id, User.active == 1).exists())


def path_of(key: str) -> RelationsPath:
    """The path a stored case follows; one that the settings no longer name has no milestones."""
    return relations.paths().get(key) or RelationsPath(key=key, title=key, milestones=())
