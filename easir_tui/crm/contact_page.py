"""Everything the contact page first shows, read in a dozen statements whatever the contact holds.

Lists are their first page, counts stop at a cap, and what a tab shows is read when the tab is opened; so a
contact with fifty thousand activities costs what one with fifty does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, SQL, fn

from easir_tui import clock
from easir_tui.crm import consent, notes, timeline
from easir_tui.crm.accounts import cvr_number, one_line
from easir_tui.crm.users import Me
from easir_tui.data import journal
from easir_tui.data.models import PRIVATE_ACCOUNT, Account, Activity, Attachment, Case, Contact, Draft, Task, User
from easir_tui.errors import Invalid, NotFound
from easir_tui.language import N_, _

COUNT_CAP = 100
"""Counts on the tabs stop here and say "99+"."""

ACCOUNT_FIELDS = ("name", "cvr", "street", "postcode", "city", "country", "phone", "email", "website")
"""What of an account can be changed from the page of its contacts."""

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
    open_cases: int
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
    person, account = _person(contact_id)
    return ContactPage(
        person=person,
        account=account,
        consents=consent.of(me, contact_id),
        counts=_counts(contact_id),
        planned=timeline.planned(me, contact_id),
        history=timeline.history(me, contact_id),
        notes=notes.page(me, contact_id),
        cases=timeline.cases_of(me, contact_id),
        here=here(me, contact_id),
    )


def change_account(me: Me, account_id: int, version: int | None, contact_id: int, **fields: str) -> None:
    """Change the account a contact belongs to, from the contact's page; a business contact shows its address (V13).

    Args:
        fields: any of `ACCOUNT_FIELDS`.

    Raises:
        Invalid: the name is empty, a value is too long, or it is the private account.
        Conflict: somebody else changed the same field since `version` (V17).
    """
    if account_id == PRIVATE_ACCOUNT:
        raise Invalid("name", _("The private account cannot be changed."))
    cleaned: dict[str, str] = {}
    for name, given in fields.items():
        if name not in ACCOUNT_FIELDS:
            raise Invalid(name, _("This is not part of an account."))
        cleaned[name] = cvr_number(given) if name == "cvr" else one_line(name, given)
    if cleaned.get("name") == "":
        raise Invalid("name", _("Write the name of the company."))
    address = {"street", "postcode", "city", "country"}
    meant = N_("changed the address of {account}") if set(cleaned) <= address else N_("changed {account}")
    with journal.step(me, meant, account_id=account_id, contact_id=contact_id) as step:
        found = Account.select(Account.name).where(Account.id == account_id).tuples().first()
        step.params = {"account": found[0] if found else ""}
        step.change(Account, account_id, version, **cleaned)


def here(me: Me, contact_id: int) -> tuple[str, ...]:
    """Colleagues with a fresh draft about this contact: they are writing now."""
    rows = (
        Draft.select(User.full_name)
        .join(User, on=(Draft.user_id == User.id))
        .where(
            Draft.contact_id == contact_id,
            Draft.user_id != me.user_id,
            Draft.updated_at > clock.now() - HERE_SECONDS,
        )
        .distinct()
        .limit(5)
        .tuples()
    )
    return tuple(name for (name,) in rows)


def _person(contact_id: int) -> tuple[Person, AccountFacts]:
    responsible, creator, changer = User.alias("u1"), User.alias("u2"), User.alias("u3")
    row = (
        Contact.select(
            Contact.id,
            Contact.version,
            Contact.kind,
            Contact.name,
            Contact.first_name,
            Contact.last_name,
            Contact.title,
            Contact.job_title,
            Contact.emails,
            Contact.phones,
            Contact.street,
            Contact.postcode,
            Contact.city,
            Contact.country,
            Contact.website,
            Contact.birthday,
            Contact.language,
            Contact.responsible_id,
            fn.coalesce(responsible.full_name, ""),
            Contact.origin,
            Contact.custom,
            Contact.external_ids,
            Contact.status,
            Contact.created_at,
            fn.coalesce(creator.full_name, ""),
            Contact.updated_at,
            fn.coalesce(changer.full_name, ""),
            Contact.next_step_at,
            Contact.next_step_day,
            Contact.last_contact_at,
            Account.id,
            Account.version,
            Account.kind,
            Account.name,
            Account.cvr,
            Account.street,
            Account.postcode,
            Account.city,
            Account.country,
            Account.phone,
            Account.email,
            Account.website,
        )
        .join(Account, on=(Contact.account_id == Account.id))
        .switch(Contact)
        .join(responsible, JOIN.LEFT_OUTER, on=(Contact.responsible_id == responsible.id))
        .switch(Contact)
        .join(creator, JOIN.LEFT_OUTER, on=(Contact.created_by == creator.id))
        .switch(Contact)
        .join(changer, JOIN.LEFT_OUTER, on=(Contact.updated_by == changer.id))
        .where(Contact.id == contact_id, Contact.deleted_at.is_null())
        .tuples()
        .first()
    )
    if row is None:
        raise NotFound(_("This contact does not exist any more."))
    person = Person(
        *row[:8],
        emails=tuple(Email(str(mail.get("label", "")), str(mail.get("address", ""))) for mail in row[8]),
        phones=tuple(
            Phone(*(str(phone.get(part) or "") for part in ("label", "number", "raw", "extension"))) for phone in row[9]
        ),
        own_address=Place(*row[10:14]),
        website=row[14],
        birthday=row[15],
        language=row[16],
        responsible_id=row[17],
        responsible=row[18],
        origin=row[19],
        custom=row[20],
        external_ids=row[21],
        status=row[22],
        created_at=row[23],
        created_by=row[24],
        updated_at=row[25],
        updated_by=row[26],
        next_step_at=row[27],
        next_step_day=row[28],
        last_contact_at=row[29],
    )
    return person, AccountFacts(*row[30:35], Place(*row[35:39]), *row[39:42])


def _counts(contact_id: int) -> Counts:
    """All the capped counts in one statement."""

    def capped(rows: Any) -> Any:
        return rows.limit(COUNT_CAP).alias("some")

    def counted(rows: Any) -> Any:
        some = capped(rows)
        from peewee import Select

        return Select([some], [fn.count(SQL("1"))])

    living_cases = Case.select(SQL("1")).where(Case.contact_id == contact_id, Case.deleted_at.is_null())
    row = Contact.select(
        counted(living_cases),
        counted(living_cases.where(Case.status == "open")),
        counted(
            Task.select(SQL("1")).where(
                Task.contact_id == contact_id, Task.status == SQL("'open'"), Task.deleted_at.is_null()
            )
        ),
        counted(
            Attachment.select(SQL("1")).where(Attachment.contact_id == contact_id, Attachment.deleted_at.is_null())
        ),
        counted(
            Activity.select(SQL("1")).where(
                Activity.contact_id == contact_id, Activity.note != SQL("''"), Activity.deleted_at.is_null()
            )
        ),
    ).where(Contact.id == contact_id)
    return Counts(*row.tuples().first())
