"""What may stand in the fields of a contact: e-mail addresses and phone numbers, birthdays, and plain text.

Every way in (form, pen, command line, import) passes here, so that a value looks the same however it came, the
same address or number stands on a contact once (faults 14), and a slip is answered with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from easir_tui import clock, config, phones, text
from easir_tui.crm.accounts import one_line
from easir_tui.data.derived import email_key
from easir_tui.errors import Invalid
from easir_tui.language import _


@dataclass(frozen=True)
class Email:
    """An e-mail address as typed, with a label such as "work"; the label may be empty."""

    address: str
    label: str = ""


@dataclass(frozen=True)
class PhoneEntry:
    """A phone number as typed, with a label such as "mobile"; the label may be empty."""

    typed: str
    label: str = ""


def email_problem(address: str) -> str:
    """What is wrong with an e-mail address, as a sentence; empty when it looks like one."""
    address = plain_address(address)
    if not address:
        return ""
    if address.count("@") != 1:
        return _("An e-mail address has one @: {address}").format(address=address)
    name, domain = address.split("@")
    if not name or not domain:
        return _("Something is missing on one side of the @: {address}").format(address=address)
    if re.search(r"\s", address):
        return _("There is a blank in the e-mail address: {address}").format(address=address)
    if "." not in domain.strip(".") or domain.startswith(".") or domain.endswith(".") or ".." in domain:
        return _("The part after the @ looks incomplete: {domain}").format(domain=domain)
    if re.search(r"[<>,;:\"()\[\]\\]", address):
        return _("There is a sign in the e-mail address that none has: {address}").format(address=address)
    return ""


def plain_address(typed: str) -> str:
    """The bare address in what was typed or pasted: without `mailto:`, a display name, and angle brackets."""
    address = text.accept(typed, newlines=False)
    inside = re.search(r"<\s*([^<>]*@[^<>]*)\s*>\s*$", address)
    if inside:
        address = inside[1].strip()
    return re.sub(r"^mailto:", "", address, flags=re.IGNORECASE).strip()


def normal_emails(given: Iterable[Email | Mapping[str, Any]]) -> list[dict[str, str]]:
    """E-mail addresses as they are stored, in the order given; empty ones are left out.

    Raises:
        Invalid: one does not look like an address, or stands there twice (faults 13, 14).
    """
    made: list[dict[str, str]] = []
    seen: dict[str, str] = {}
    for each in given:
        item = each if isinstance(each, Email) else Email(str(each["address"]), str(each.get("label") or ""))
        address = plain_address(item.address)
        if not address:
            continue
        problem = email_problem(address)
        if problem:
            raise Invalid("emails", problem)
        key = email_key(address)
        if key in seen:
            raise Invalid("emails", _("{address} is here already, as {existing}.").format(
                address=address, existing=seen[key]
            ))  # fmt: skip
        seen[key] = address
        made.append({"label": one_line("emails", item.label), "address": one_line("emails", address)})
    return made


def normal_phones(given: Iterable[PhoneEntry | Mapping[str, Any]]) -> list[dict[str, str]]:
    """Phone numbers as they are stored, in the order given; what is no number is kept as it was typed (faults 85).

    Raises:
        Invalid: one number stands there twice, however it is written (faults 14).
    """
    made: list[dict[str, str]] = []
    seen: dict[tuple[str, str], str] = {}
    region = config.settings().region
    for each in given:
        label, stored = _phone(each, region)
        typed = stored["raw"]
        if not typed:
            continue
        key = (phones.key(stored["number"] or typed) or text.fold(typed), stored["extension"])
        if key in seen:
            raise Invalid("phones", _("{number} is here already, as {existing}.").format(
                number=typed, existing=seen[key]
            ))  # fmt: skip
        seen[key] = typed
        made.append({"label": label, **stored})
    return made


def _phone(given: PhoneEntry | Mapping[str, Any], region: str) -> tuple[str, dict[str, str]]:
    """Label and stored form of one number; an already stored one whose text is the same stays as it is."""
    if isinstance(given, PhoneEntry):
        label, typed = given.label, given.typed
    else:
        label = str(given.get("label") or "")
        typed = str(given.get("raw") or given.get("number") or "")
        if given.get("number") and given.get("raw"):
            kept = {name: str(given.get(name) or "") for name in ("number", "raw", "extension")}
            return one_line("phones", label), kept
    typed = one_line("phones", typed)
    parsed = phones.parse(typed, region) if typed else None
    return one_line("phones", label), {
        "number": parsed.number if parsed else "",
        "raw": typed,
        "extension": parsed.extension if parsed else "",
    }


def birthday(typed: str) -> str:
    """A birthday as it is stored: an ISO date, or `--MM-DD` where the year is not known (faults 45).

    Raises:
        Invalid: there is no such day.
    """
    typed = one_line("birthday", typed)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", typed) and date.fromisoformat(typed) <= clock.today(clock.zone()):
            return typed
        return clock.parse_birthday(typed)
    except (Invalid, ValueError) as error:
        raise Invalid(
            "birthday",
            _("“{text}” is not a birthday.").format(text=text.cut(typed, 40)),
            _("For example: 29/2/1980, or 29/2 if the year is not known."),
        ) from error


def custom_fields(given: Mapping[str, Any]) -> dict[str, str]:
    """Own fields, name to text; those without a name or a text are left out."""
    made = {one_line("custom", name): text.accept(str(held)) for name, held in given.items()}
    return {name: held for name, held in made.items() if name and held}
