"""The Details tab: every further fact of a contact, grouped; a group is edited where it stands."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from easir_tui import clock, phones
from easir_tui.crm.consent_states import ConsentState
from easir_tui.crm.contact_page import ContactPage
from easir_tui.language import _
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.side_bar import phone_text
from easir_tui.widgets.words import (
    CHANNELS,
    CONSENTS,
    CONTACT_KINDS,
    CONTACT_ORIGINS,
    LANGUAGES,
    label_text,
)

FIXED = ("systems", "record")
"""Groups that no one types."""


class Details(Vertical):
    """Shows the facts of a `ContactPage`; Enter on one posts `Details.Edit`."""

    app = getters.app(Host)

    DEFAULT_CSS = "Details { height: 1fr; } Details RecordList { height: 1fr; }"

    class Edit(Message):
        """A group is to be edited; `field` is the fact under the cursor."""

        def __init__(self, group: str, field: str) -> None:
            super().__init__()
            self.group = group
            self.field = field

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: dict[int, tuple[str, str, str]] = {}

    def compose(self) -> ComposeResult:
        """One list."""
        yield RecordList(
            (Column(_("Fact"), width=20, role="dim"), Column(_("Value"), min=10)),
            header=False,
            empty=_("Nothing is known yet. Press E to write something down."),
            id="facts",
        )

    @property
    def facts(self) -> RecordList:
        """The list."""
        return self.query_one("#facts", RecordList)

    @property
    def current(self) -> tuple[str, str, str]:
        """Group, field and shown value under the cursor."""
        return self._places.get(self.facts.current_id or 0, ("person", "first_name", ""))

    def show(self, page: ContactPage) -> None:
        """Show these facts; the cursor stays on its fact."""
        before = self.current
        rows: list[Row] = []
        self._places = {}
        keep: int | None = None
        for title, facts in facts_of(page, self.app):
            rows.append(Row.title(title))
            for group, field, label, value in facts:
                number = len(self._places) + 1
                self._places[number] = (group, field, value)
                if (group, field) == before[:2]:
                    keep = number
                rows.append(Row(number, (label, value if value else ("–", "dim"))))
        self.facts.set_rows(rows, keep_id=keep)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter edits the group of the fact."""
        event.stop()
        self.edit()

    def edit(self) -> None:
        """Ask for the group under the cursor to be edited."""
        group, field, _value = self.current
        self.post_message(self.Edit(group, field))


def facts_of(page: ContactPage, app: Host) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """Groups of (group, field, label, value), each under its title."""
    person, account, zone = page.person, page.account, app.zone
    business = person.kind == "business"
    own = person.own_address
    program = _("the program")
    created = f"{clock.date_long(clock.local(person.created_at, zone).date())}, {person.created_by or program}"
    updated = f"{clock.ago(person.updated_at, zone)}, {person.updated_by or program}"
    groups = [
        (
            _("Person"),
            [
                ("person", "first_name", _("First name"), person.first_name),
                ("person", "last_name", _("Last name"), person.last_name),
                ("person", "title", _("Title"), person.title),
                ("person", "birthday", _("Birthday"), birthday_text(person.birthday)),
                (
                    "person",
                    "language",
                    _("Language"),
                    _(LANGUAGES.get(person.language, person.language)) if person.language else "",
                ),
            ],
        ),
        (
            _("Work"),
            [
                ("work", "kind", _("Kind"), _(CONTACT_KINDS[person.kind])),
                *([("work", "account_id", _("Account"), account.name)] if business else []),
                ("work", "job_title", _("Job title"), person.job_title),
                ("work", "website", _("Website"), person.website),
            ],
        ),
        (
            _("E-mail addresses"),
            [
                (
                    "emails",
                    str(number),
                    label_text(mail.label) or (_("primary") if number == 0 else _("e-mail")),
                    mail.address,
                )
                for number, mail in enumerate(person.emails)
            ]
            or [("emails", "0", _("E-mail address"), "")],
        ),
        (
            _("Phone numbers"),
            [
                (
                    "phones",
                    str(number),
                    label_text(phone.label) or (_("primary") if number == 0 else _("phone")),
                    phone_text(phone),
                )
                for number, phone in enumerate(person.phones)
            ]
            or [("phones", "0", _("Phone number"), "")],
        ),
        (
            _("Consent"),
            [("consent", held.channel, _(CHANNELS[held.channel]), consent_text(held, zone)) for held in page.consents],
        ),
        (
            _("Own address"),
            [
                ("address", "street", _("Street"), own.street),
                ("address", "postcode", _("Postcode and city"), f"{own.postcode} {own.city}".strip()),
                ("address", "country", _("Country"), own.country),
            ],
        ),
    ]
    if business:
        place = account.address
        groups.append(
            (
                _("Account"),
                [
                    ("company", "name", _("Company"), account.name),
                    ("company", "cvr", _("CVR number"), account.cvr),
                    (
                        "company",
                        "street",
                        _("Address"),
                        ", ".join(
                            part
                            for part in (place.street, f"{place.postcode} {place.city}".strip(), place.country)
                            if part
                        ),
                    ),
                    ("company", "phone", _("Phone"), phones.pretty(account.phone)),
                    ("company", "email", _("E-mail"), account.email),
                    ("company", "website", _("Website"), account.website),
                ],
            )
        )
    groups.append(
        (
            _("Further facts"),
            [("custom", name, name, value) for name, value in person.custom.items()] or [("custom", "", _("none"), "")],
        )
    )
    if person.external_ids:
        groups.append(
            (_("Other systems"), [("systems", name, name, value) for name, value in person.external_ids.items()])
        )
    groups.append(
        (
            _("Record"),
            [
                ("record", "id", _("Number"), str(person.id)),
                ("record", "origin", _("Origin"), _(CONTACT_ORIGINS[person.origin])),
                ("record", "created", _("Created"), created),
                ("record", "updated", _("Last changed"), updated),
            ],
        )
    )
    return groups


def consent_text(held: ConsentState, zone: ZoneInfo) -> str:
    """What holds for a channel, since when, how it was said and who heard it."""
    parts = [_(CONSENTS[held.state])]
    if held.at is not None and held.state != "not_asked":
        parts.append(clock.date_long(clock.local(held.at, zone).date()))
        parts += [part for part in (held.source, held.who) if part]
    return ", ".join(parts)


def birthday_text(stored: str) -> str:
    """A stored birthday in words: with its year, without one, or as it is when it is written otherwise."""
    try:
        if stored.startswith("--"):
            month, day = int(stored[2:4]), int(stored[-2:])
            return clock.date_long(date(2000, month, day)).rsplit(" ", 1)[0]
        return clock.date_long(date.fromisoformat(stored)) if stored else ""
    except ValueError:
        return stored
