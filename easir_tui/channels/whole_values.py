"""Names and addresses that came in one piece, taken apart."""

from __future__ import annotations

import re

from easir_tui.channels.records import PostalAddress

_PARTICLES = {"van", "von", "de", "der", "den", "af", "la", "le", "di", "da", "ten", "zu", "du", "del"}
_ADDRESS_CITY = re.compile(r"(?:[A-Z]{1,3}-)?(\d{4,5}) +(\D.*)")


def split_name(name: str) -> tuple[str, str]:
    """A whole name as first and last name: "Jens Peter Hansen", "Hansen, Jens Peter", "Ludwig van Beethoven"."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and given and family and "," not in given:
        return given, family
    words = name.split()
    if len(words) < 2:
        return name.strip(), ""
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])


def apart(address: PostalAddress) -> PostalAddress:
    """An address that came as one block of lines, with its postal code, city and country found in it."""
    lines = address.street.split("\n")
    if address.city or address.postcode or len(lines) < 2:
        return address
    for i, line in enumerate(lines):
        match = _ADDRESS_CITY.fullmatch(line.strip())
        if match and i:
            country = address.country or " ".join(lines[i + 1 :]).strip()
            return PostalAddress(address.label, "\n".join(lines[:i]), match[1], match[2].strip(), "", country)
    return address
