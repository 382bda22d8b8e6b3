"""The fields of an account, for its forms and its pens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from easir_tui import phones
from easir_tui.crm import accounts
from easir_tui.crm.account_page import AccountRecord
from easir_tui.crm.contact_page import Place
from easir_tui.crm.users import Person
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.screens.contact_lines import custom_of
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host


def name_field(name: str = "") -> Field:
    return Field("name", _("Company"), value=name, required=True)


def number_field(cvr: str = "") -> Field:
    """The CVR number, whose check digit is looked at while it is typed."""
    return Field("cvr", _("CVR number"), value=cvr, echo=accounts.cvr_problem, hint=_("eight digits"))


def reach_fields(app: Host, account: AccountRecord | None = None) -> tuple[Field, ...]:
    def read(typed: str) -> str:
        found = phones.parse(typed, app.settings.region)
        shown = phones.pretty(found.number) if found.valid else _("not a number we know; it is kept as you type it")
        return shown if shown != typed else ""

    return (
        Field("phone", _("Phone"), value=phones.pretty(account.phone) if account else "", echo=read),
        Field("email", _("E-mail"), value=account.email if account else ""),
        Field("website", _("Website"), value=account.website if account else ""),
    )


def address_fields(place: Place | None = None) -> tuple[Field, ...]:
    held = place or Place("", "", "", "")
    return (
        Field("street", _("Street"), value=held.street),
        Field("postcode", _("Postcode"), value=held.postcode),
        Field("city", _("City"), value=held.city),
        Field("country", _("Country"), value=held.country),
    )


def responsible_field(people: Sequence[Person], user_id: int | None, name: str = "") -> Field:
    """Who is responsible; somebody who left stays the choice until another is made."""
    names = {person.user_id: person.full_name for person in people}
    if user_id is not None:
        names.setdefault(user_id, name)
    return Field("responsible_id", _("Responsible user"), "choice", value=user_id, choices=tuple(names.items()))


def systems_field(held: Mapping[str, str]) -> Field:
    """Ids in other systems, one a line."""

    def read(typed: str) -> dict[str, str]:
        try:
            return custom_of(typed, held)
        except Invalid as error:
            raise Invalid("external_ids", error.sentence) from error

    return Field(
        "external_ids", _("Other systems"), "long", value="\n".join(f"{name}: {value}" for name, value in held.items()),
        rows=2, parse=read, hint=_("as erp: 10042, one system a line"),
    )  # fmt: skip


def shown(names: Mapping[int, str], name: str, value: Any) -> str:
    """A value as it is written when two versions are compared."""
    if name == "responsible_id":
        return names.get(value, "?")
    if isinstance(value, dict):
        return ", ".join(f"{system}: {held}" for system, held in value.items()) or "—"
    return "—" if value is None or value == "" else str(value)
