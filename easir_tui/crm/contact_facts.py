"""One contact as it is stored, read in one statement; making and changing contacts is in `contacts`.

Apart from the rest so that a command that only shows a contact loads nothing that writes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.sqlite import row
from easir_tui.errors import NotFound
from easir_tui.language import _


@dataclass(frozen=True)
class ContactFacts:
    """Everything stored of one contact itself; times are UTC epoch seconds.

    The address is the contact's own; `account_street` to `account_country` are those of its company, which a
    business contact shows (V13). `emails` and `phones` are stored items, the first one primary.
    """

    id: int
    version: int
    kind: str
    name: str
    first_name: str
    last_name: str
    title: str
    job_title: str
    account_id: int
    company: str
    status: str
    email: str
    phone: str
    emails: tuple[dict[str, str], ...]
    phones: tuple[dict[str, str], ...]
    street: str
    postcode: str
    city: str
    country: str
    account_street: str
    account_postcode: str
    account_city: str
    account_country: str
    website: str
    birthday: str
    language: str
    responsible_id: int
    responsible: str
    origin: str
    custom: dict[str, str]
    external_ids: dict[str, str]
    next_step_at: int | None
    next_step_day: str | None
    last_contact_at: int | None
    created_at: int
    updated_at: int


_SHOWN = (
    "c.id, c.version, c.kind, c.name, c.first_name, c.last_name, c.title, c.job_title, c.account_id, "
    "CASE c.kind WHEN 'business' THEN a.name ELSE '' END, c.status, c.email, c.phone, c.emails, c.phones, "
    "c.street, c.postcode, c.city, c.country, a.street, a.postcode, a.city, a.country, c.website, c.birthday, "
    "c.language, c.responsible_id, u.full_name, c.origin, c.custom, c.external_ids, c.next_step_at, "
    "c.next_step_day, c.last_contact_at, c.created_at, c.updated_at"
)
_SHOWN_JSON = {"emails", "phones", "custom", "external_ids"}


def show(me: Me, contact_id: int) -> ContactFacts:
    """One contact with its company and responsible user, in one statement.

    Raises:
        NotFound: it does not exist or is in the trash.
    """
    found = row(
        f"SELECT {_SHOWN} FROM contact c JOIN account a ON a.id = c.account_id "
        "JOIN app_user u ON u.id = c.responsible_id WHERE c.id = ? AND c.deleted_at IS NULL "
        f"AND {seen_by(me, 'c.audience')}", contact_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such contact."))
    named = dict(zip(ContactFacts.__dataclass_fields__, found, strict=True))
    opened = {name: json.loads(named[name]) for name in _SHOWN_JSON}
    return ContactFacts(**{**named, **opened, "emails": tuple(opened["emails"]), "phones": tuple(opened["phones"])})
