"""The pens of the contact page: for each block and each group of facts, the panel that edits it in place.

Every panel passes on only what was edited, with the version that was read, so that two people never overwrite
each other silently (V17, faults 9, 73 and 74).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.widget import Widget

from easir_tui.crm import accounts, consent, contact_page, contact_values, contacts, mail_matching, users
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_page import ContactPage
from easir_tui.errors import Conflict, Invalid
from easir_tui.language import _
from easir_tui.screens.contact_lines import custom_of, emails_of, labelled, one_line, phones_of
from easir_tui.screens.edit_panel import EditPanel, Kept
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.details import birthday_text
from easir_tui.widgets.fields import Field, Option
from easir_tui.widgets.host import Host
from easir_tui.widgets.option import New
from easir_tui.widgets.side_bar import phone_text
from easir_tui.widgets.words import CHANNELS, CONSENTS, CONTACT_KINDS, LANGUAGES


async def use_pen(app: Host, page: ContactPage, part: str, near: Widget | None = None, focus: str = "") -> bool:
    """Edit a part of the page; True when something was saved.

    Args:
        part: a block of the side bar, or a group of the Details tab.
        near: what is being edited, for the panel to stand there.
        focus: name of the fact to begin with.
    """
    if part == "address" and page.account.kind != "private":
        panel = await _business_address(app, page, near, focus)
    else:
        panel = await _PANELS[part](app, page, near, focus)
    return panel is not None and bool(await app.show(panel))


async def about_colleagues(app: Host, contact_id: int) -> str:
    """A warning where an address of the contact is a colleague's, whose mail is nobody's to read (faults 54)."""
    found = await app.ask(mail_matching.colleagues_of, contact_id)
    return (
        _("Saved · {address} is a colleague's, whose mail is never taken in").format(address=found[0]) if found else ""
    )


async def _about(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    return _contact_panel(app, page, "about", _("About"), (_emails(page), _phones(page)), near, focus)


async def _email_group(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    return _contact_panel(app, page, "emails", _("E-mail addresses"), (_emails(page),), near, "emails")


async def _phone_group(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    return _contact_panel(app, page, "phones", _("Phone numbers"), (_phones(page),), near, "phones")


async def _person(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    person = page.person
    known = dict(LANGUAGES)
    if person.language and person.language not in known:
        known[person.language] = person.language
    fields = (
        Field("first_name", _("First name"), value=person.first_name),
        Field("last_name", _("Last name"), value=person.last_name),
        Field("title", _("Title"), value=person.title, hint=_("Mr, Dr, …")),
        Field(
            "birthday",
            _("Birthday"),
            value=birthday_text(person.birthday),
            hint=_("29/2 1980, or 29/2"),
            parse=contact_values.birthday,
            echo=lambda typed: birthday_text(contact_values.birthday(typed)),
        ),
        Field(
            "language",
            _("Language"),
            "choice",
            value=person.language,
            choices=tuple((code, _(title)) for code, title in known.items()),
        ),
    )
    return _contact_panel(app, page, "person", _("Person"), fields, near, focus)


async def _work(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    person = page.person

    async def search(typed: str) -> list[Option]:
        found = await app.ask(accounts.search, typed)
        return [Option(row.id, row.name, " · ".join(part for part in (row.city, row.cvr) if part)) for row in found]

    business = person.kind == "business"
    fields = (
        Field(
            "kind",
            _("Kind"),
            "choice",
            value=person.kind,
            choices=tuple((kind, _(title)) for kind, title in CONTACT_KINDS.items()),
        ),
        Field(
            "account",
            _("Account"),
            "pick",
            value=page.account.id if business else None,
            chosen=page.account.name if business else "",
            search=search,
            create=_("New account “{text}”"),
        ),
        Field("job_title", _("Job title"), value=person.job_title),
        Field("website", _("Website"), value=person.website),
    )
    return _contact_panel(app, page, "work", _("Work"), fields, near, {"account_id": "account"}.get(focus, focus))


async def _custom(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    held = page.person.custom
    field = Field(
        "custom",
        _("Name: value"),
        "long",
        value="\n".join(f"{name}: {one_line(value)}" for name, value in held.items()),
        rows=max(5, min(12, len(held) + 2)),
        hint=_("Driving licence: B, since 1998\nHobby: sailing"),
        parse=lambda typed: custom_of(typed, held),
    )
    return _contact_panel(app, page, "custom", _("Further facts, one a line"), (field,), near, "custom")


async def _own_address(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    place = page.person.own_address
    if not place:
        place = page.address
    title = _("Address") if page.account.kind == "private" else _("Own address of {name}").format(name=page.person.name)
    fields = _address_fields(place)

    async def save(changed: dict[str, Any], version: int | None) -> Any:
        if not page.person.own_address and page.account.kind != "private":
            changed = {**_place_values(place), **changed}
        return await app.tell(contacts.change, page.person.id, version or page.person.version, **changed)

    kept = Kept(f"contact:{page.person.id}", page.person.id, "own_address", page.person.version)
    return EditPanel(title, fields, save, near=near, focus=focus if focus in _place_values(place) else "", kept=kept)


async def _business_address(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel | None:
    """A business contact's address is the account's (V13), unless it has one of its own: which is meant is asked."""
    own = bool(page.person.own_address)
    items = [
        MenuItem("a", _("The account's, for all its contacts"), "account"),
        MenuItem("o", _("This contact's own") if own else _("One of this contact's own"), "own"),
    ]
    if own:
        items.append(MenuItem("r", _("Use the account's again"), "drop"))
    which = await app.show(MenuScreen(_("Change which address?"), items))
    if which == "own":
        return await _own_address(app, page, near, focus)
    if which == "drop":
        await app.tell(
            contacts.change,
            page.person.id,
            page.person.version,
            street="",
            postcode="",
            city="",
            country="",
        )
        app.say(_("The account's address is shown again"), undo=True)
        return None
    if which == "account":
        return await _account_address(app, page, near, focus)
    return None


async def _account_address(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    title = _("Address of {account}, for all its contacts").format(account=page.account.name)
    fields = _address_fields(page.account.address)
    return _account_panel(app, page, title, fields, near, part="account_address")


async def _company(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    account = page.account
    fields = (
        Field("name", _("Company"), value=account.name, required=True),
        Field("cvr", _("CVR number"), value=account.cvr, echo=accounts.cvr_problem),
        *_address_fields(account.address),
        Field("phone", _("Phone"), value=account.phone),
        Field("email", _("E-mail"), value=account.email),
        Field("website", _("Website"), value=account.website),
    )
    title = _("{account}, for all its contacts").format(account=account.name)
    return _account_panel(app, page, title, fields, near, focus, part="company")


async def _consent(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    """What the person says to each channel, and how it was heard; dated now, the ledger keeps what was before."""
    seen = {held.channel: held.id for held in page.consents}
    states = tuple((name, _(title)) for name, title in CONSENTS.items())
    fields = (
        *(
            Field(held.channel, _(CHANNELS[held.channel]), "choice", value=held.state, choices=states)
            for held in page.consents
        ),
        Field("source", _("How it was said"), hint=_("on the phone, signed form")),
    )

    async def save(changed: dict[str, Any], version: int | None) -> Any:
        said = {channel: (changed[channel], changed.get("source", "")) for channel in CHANNELS if channel in changed}
        if not said:
            raise Invalid("phone", _("Choose for which channel it was said."))
        return await app.tell(consent.record_many, page.person.id, said, seen if version is None else None)

    def show(_name: str, value: Any) -> str:
        return _(CONSENTS.get(value, str(value)))

    return EditPanel(
        _("Consent"),
        fields,
        save,
        near=near,
        show=show,
        focus=focus if focus in seen else "",
        kept=Kept(f"contact:{page.person.id}", page.person.id, "consent"),
    )


async def _responsible(app: Host, page: ContactPage, near: Widget | None, focus: str) -> EditPanel:
    people = await app.ask(users.people)
    names = {person.user_id: person.full_name for person in people}
    names.setdefault(page.person.responsible_id, page.person.responsible)
    field = Field(
        "responsible_id",
        _("Responsible user"),
        "choice",
        value=page.person.responsible_id,
        choices=tuple(names.items()),
    )

    def show(_name: str, value: Any) -> str:
        return str(names.get(value, value))

    return _contact_panel(app, page, "responsible", _("Responsible user"), (field,), near, "responsible_id", show)


_Panel = Callable[..., Any]

_PANELS: Mapping[str, _Panel] = {
    "about": _about,
    "consent": _consent,
    "address": _own_address,
    "responsible": _responsible,
    "person": _person,
    "work": _work,
    "emails": _email_group,
    "phones": _phone_group,
    "company": _company,
    "custom": _custom,
    "own_address": _own_address,
    "account_address": _account_address,
}

EDITABLE = frozenset(_PANELS)
"""Parts of the page that have a pen."""


def _contact_panel(
    app: Host,
    page: ContactPage,
    part: str,
    title: str,
    fields: Sequence[Field],
    near: Widget | None,
    focus: str,
    show: Callable[[str, Any], str] | None = None,
) -> EditPanel:
    """A panel whose fields are fields of the contact."""
    person = page.person

    async def save(changed: dict[str, Any], version: int | None) -> Any:
        account = changed.pop("account", None)
        if isinstance(account, New):
            changed["new_account"] = NewAccount(name=account.text)
        elif account is not None and changed.get("kind") != "private":
            changed["account_id"] = account
        try:
            return await app.tell(contacts.change, person.id, version or person.version, **changed)
        except Conflict as conflict:
            for values in (conflict.theirs, conflict.mine, conflict.original):
                if "account_id" in values:
                    values["account"] = values.pop("account_id")
            raise

    named = focus if focus in {field.name for field in fields} else ""
    kept = Kept(f"contact:{person.id}", person.id, part, person.version)
    return EditPanel(title, fields, save, near=near, show=show, focus=named, kept=kept)


def _account_panel(
    app: Host,
    page: ContactPage,
    title: str,
    fields: Sequence[Field],
    near: Widget | None,
    focus: str = "",
    *,
    part: str,
) -> EditPanel:
    """A panel whose fields are fields of the account."""
    account = page.account

    async def save(changed: dict[str, Any], version: int | None) -> Any:
        return await app.tell(
            contact_page.change_account, account.id, version or account.version, page.person.id, **changed
        )

    named = focus if focus in {field.name for field in fields} else ""
    kept = Kept(f"account:{account.id}", page.person.id, part, account.version)
    return EditPanel(title, fields, save, near=near, focus=named, kept=kept)


def _emails(page: ContactPage) -> Field:
    return Field(
        "emails",
        _("E-mails"),
        "long",
        value="\n".join(labelled(mail.label, mail.address) for mail in page.person.emails),
        rows=max(3, min(8, len(page.person.emails) + 1)),
        hint=_("work: soren@firma.dk\none a line, the first is the primary one"),
        parse=emails_of,
    )


def _phones(page: ContactPage) -> Field:
    stored = {
        labelled(phone.label, phone_text(phone)): {
            "label": phone.label,
            "number": phone.number,
            "raw": phone.raw,
            "extension": phone.extension,
        }
        for phone in page.person.phones
    }
    return Field(
        "phones",
        _("Phones"),
        "long",
        value="\n".join(stored),
        rows=max(3, min(8, len(stored) + 1)),
        hint=_("mobile: 22 41 90 17\none a line, the first is the primary one"),
        parse=lambda typed: phones_of(typed, stored),
    )


def _address_fields(place: contact_page.Place) -> tuple[Field, ...]:
    return (
        Field("street", _("Street"), value=place.street),
        Field("postcode", _("Postcode"), value=place.postcode),
        Field("city", _("City"), value=place.city),
        Field("country", _("Country"), value=place.country),
    )


def _place_values(place: contact_page.Place) -> dict[str, str]:
    return {"street": place.street, "postcode": place.postcode, "city": place.city, "country": place.country}
