"""Everything the contact page first shows, read in a dozen statements whatever the contact holds.

Lists are their first page, counts stop at a cap, and what a tab shows is read when the tab is opened; so a
contact with fifty thousand activities costs what one with fifty does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from easir_tui import clock
from easir_tui.crm import accounts, consent, notes, timeline
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_case, on_contact, seen_by
from easir_tui.data.sqlite import row, rows
from easir_tui.errors import NotFound
from easir_tui.language import _

COUNT_CAP = 100
"""Counts on the tabs stop here and say "99+"."""

HERE_SECONDS = 120
"""A colleague whose draft about this contact is younger than this is said to be here."""


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail address and what it is for."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone number: normalised where it could be, and as it was typed."""

    label: str
    number: str
    raw: str
    extension: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address."""

    street: str
    postcode: str
    city: str
    country: str

    def __bool__(self) -> bool:
        return any((self.street, self.postcode, self.city, self.country))


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The account a contact belongs to, as far as the contact page shows it."""

    id: int
    version: int
    kind: str
    name: str
    cvr: str
    address: Place
    phone: str
    email: str
    website: str


@dataclass(frozen=True, slots=True)
class Person:
    """The facts of one contact."""

    id: int
    version: int
    kind: str
    name: str
    first_name: str
    last_name: str
    title: str
    job_title: str
    emails: tuple[Email, ...]
    phones: tuple[Phone, ...]
    own_address: Place
    website: str
    birthday: str
    language: str
    responsible_id: int
    responsible: str
    origin: str
    custom: Mapping[str, str]
    external_ids: Mapping[str, str]
    status: str
    created_at: int
    created_by: str
    updated_at: int
    updated_by: str
    next_step_at: int | None
    next_step_day: str | None
    last_contact_at: int | None

    @property
    def email(self) -> str:
        """The primary e-mail address, or nothing."""
        return self.emails[0].address if self.emails else ""

    @property
    def phone(self) -> Phone | None:
        """The primary phone number."""
        return self.phones[0] if self.phones else None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of what a tab holds; `COUNT_CAP` stands for "that many or more"."""

    cases: int
    planned: int
    attachments: int
    notes: int


@dataclass(frozen=True, slots=True)
class ContactPage:
    """What the page shows when it opens."""

    person: Person
    account: AccountFacts
    consents: tuple[consent.ConsentState, ...]
    counts: Counts
    planned: tuple[timeline.Planned, ...]
    history: timeline.History
    notes: notes.NotePage
    cases: tuple[timeline.CaseChoice, ...]
    """The cases the timeline can be narrowed by."""
    here: tuple[str, ...]
    """Full names of the colleagues who are writing about this contact now."""

    @property
    def address(self) -> Place:
        """The address that counts: a business contact shows the account's unless it has one of its own (V13)."""
        if self.account.kind == "private" or self.person.own_address:
            return self.person.own_address
        return self.account.address

    @property
    def address_from_account(self) -> bool:
        """Whether the address is the account's."""
        return self.account.kind != "private" and not self.person.own_address


def load(me: Me, contact_id: int) -> ContactPage:
    """All that the page first shows; `ask` reads it from one moment of the database.

    Raises:
        NotFound: no such contact, or it is in the trash.
    """
    person, account = _person(me, contact_id)
    return ContactPage(
        person=person,
        account=account,
        consents=consent.of(me, contact_id),
        counts=_counts(me, contact_id),
        planned=timeline.planned(me, contact_id),
        history=timeline.history(me, contact_id),
        notes=notes.page(me, contact_id),
        cases=timeline.cases_of(me, contact_id),
        here=here(me, contact_id),
    )


def change_account(me: Me, /, account_id: int, version: int | None, contact_id: int, **fields: str) -> None:
    """Change the account a contact belongs to, from the contact's page; a business contact shows its address (V13).

    Args:
        fields: any of `accounts.FIELDS`.

    Raises:
        Invalid: the name is empty, a value is too long, or it is the private account.
        Conflict: somebody else changed the same field since `version` (V17).
    """
    accounts.change(me, account_id, version, contact_id, **fields)


def here(me: Me, contact_id: int) -> tuple[str, ...]:
    """Colleagues with a fresh draft about this contact: they are writing now."""
    found = rows(
        "SELECT DISTINCT u.full_name FROM draft d JOIN app_user u ON u.id = d.user_id "
        f"WHERE d.contact_id = ? AND d.user_id <> ? AND d.updated_at > ? AND {on_contact(me, 'd.contact_id')} LIMIT 5",
        contact_id, me.user_id, clock.now() - HERE_SECONDS,
    )  # fmt: skip
    return tuple(name for (name,) in found)


_PERSON = """
SELECT c.id, c.version, c.kind, c.name, c.first_name, c.last_name, c.title, c.job_title, c.emails, c.phones,
  c.street, c.postcode, c.city, c.country, c.website, c.birthday, c.language, c.responsible_id,
  coalesce(r.full_name, ''), c.origin, c.custom, c.external_ids, c.status, c.created_at, coalesce(m.full_name, ''),
  c.updated_at, coalesce(u.full_name, ''), c.next_step_at, c.next_step_day, c.last_contact_at,
  a.id, a.version, a.kind, a.name, a.cvr, a.street, a.postcode, a.city, a.country, a.phone, a.email, a.website
FROM contact c JOIN account a ON a.id = c.account_id
  LEFT JOIN app_user r ON r.id = c.responsible_id
  LEFT JOIN app_user m ON m.id = c.created_by
  LEFT JOIN app_user u ON u.id = c.updated_by
WHERE c.id = ? AND c.deleted_at IS NULL
"""


def _person(me: Me, contact_id: int) -> tuple[Person, AccountFacts]:
    found = row(f"{_PERSON} AND {seen_by(me, 'c.audience')}", contact_id)
    if found is None:
        raise NotFound(_("There is no such contact."))
    emails, phones, custom, external_ids = (json.loads(found[number]) for number in (8, 9, 20, 21))
    person = Person(
        id=found[0],
        version=found[1],
        kind=found[2],
        name=found[3],
        first_name=found[4],
        last_name=found[5],
        title=found[6],
        job_title=found[7],
        emails=tuple(Email(mail.get("label") or "", mail.get("address") or "") for mail in emails),
        phones=tuple(
            Phone(*(str(phone.get(part) or "") for part in ("label", "number", "raw", "extension"))) for phone in phones
        ),
        own_address=Place(*found[10:14]),
        website=found[14],
        birthday=found[15],
        language=found[16],
        responsible_id=found[17],
        responsible=found[18],
        origin=found[19],
        custom=custom,
        external_ids=external_ids,
        status=found[22],
        created_at=found[23],
        created_by=found[24],
        updated_at=found[25],
        updated_by=found[26],
        next_step_at=found[27],
        next_step_day=found[28],
        last_contact_at=found[29],
    )
    account = AccountFacts(
        id=found[30],
        version=found[31],
        kind=found[32],
        name=found[33],
        cvr=found[34],
        address=Place(*found[35:39]),
        phone=found[39],
        email=found[40],
        website=found[41],
    )
    return person, account


def _counts(me: Me, contact_id: int) -> Counts:
    """All the capped counts in one statement; what hangs on another team's case is not counted."""
    parts = (
        ("sales_case", f"{seen_by(me)}"),
        ("task", f"status = 'open' AND {on_case(me, 'task.case_id')}"),
        ("attachment", on_case(me, "attachment.case_id")),
        ("activity", f"note <> '' AND {on_case(me, 'activity.case_id')}"),
    )
    counted = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE contact_id = ?1 AND deleted_at IS NULL AND {condition} "
        "LIMIT ?2))"
        for table, condition in parts
    )
    found = row(f"SELECT {counted}", contact_id, COUNT_CAP)
    assert found is not None
    return Counts(*found)
