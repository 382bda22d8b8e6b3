"""Several facts in one field, one a line: "mobile: 22 41 90 17", "Driving licence: B".

What is for what stands before a colon; the first address or number is the primary one. A line is added by
writing it, taken away by deleting it, and moved up to become the primary one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from easir_tui.crm import contact_values
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.widgets.words import label_of, label_text


def emails_of(typed: str) -> list[dict[str, str]]:
    """E-mail addresses written one a line, each with what it is for before a colon: "work: anna@firma.dk".

    Raises:
        Invalid: one is no address, or stands there twice.
    """
    found = []
    for row in filter(None, map(str.strip, typed.split("\n"))):
        label, colon, address = row.rpartition(":")
        if not colon or label.strip().lower() == "mailto":
            label, address = "", row
        found.append(Email(address.strip(), label_of(label.strip().removesuffix("mailto").rstrip(": "))))
    return contact_values.normal_emails(found)


def phones_of(typed: str, stored: Mapping[str, dict[str, str]]) -> list[dict[str, str]]:
    """Phone numbers written one a line, as `emails_of`; a line that stands as it was keeps what is stored.

    Raises:
        Invalid: one stands there twice.
    """
    found: list[PhoneEntry | Mapping[str, Any]] = []
    for row in filter(None, map(str.strip, typed.split("\n"))):
        if row in stored:
            found.append(stored[row])
        else:
            label, colon, number = row.rpartition(":")
            found.append(PhoneEntry(number.strip(), label_of(label.strip())) if colon else PhoneEntry(row))
    return contact_values.normal_phones(found)


def custom_of(typed: str, held: Mapping[str, str]) -> dict[str, str]:
    """Further facts written one a line, "name: value"; a name that is known keeps its own colons.

    Raises:
        Invalid: a line has no name, or a name stands there twice.
    """
    found: dict[str, str] = {}
    for row in filter(None, map(str.strip, typed.split("\n"))):
        known = [name for name in held if row.startswith(f"{name}:")]
        name = max(known, key=len) if known else row.partition(":")[0].strip()
        value = row[len(name) :].lstrip()
        if not value.startswith(":") or not name:
            raise Invalid("custom", _("Write the name, a colon, and the value: “{line}”.").format(line=row))
        if name in found:
            raise Invalid("custom", _("“{name}” stands there twice.").format(name=name))
        found[name] = value[1:].strip().replace(" ⏎ ", "\n")
    return found


def labelled(label: str, value: str) -> str:
    return f"{label_text(label)}: {value}" if label else value


def one_line(value: str) -> str:
    return value.replace("\n", " ⏎ ")
