"""Phone numbers: read from what people type, kept as E.164 beside the typed text, found by any part.

The numbering plans come from the maintained tables of phonenumberslite, imported on first use. It reads
letters after a number as digits, so the words around a number are taken off here first, and a number it
cannot read is kept as typed and marked, never changed and never refused (faults 85–87).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from easir_tui.text import accept

SHORTEST_SUFFIX = 4
"""Digits from the end by which a number can be found."""

_EXTENSION = re.compile(
    r"[\s,;.(-]*(?:\b(?:lokalnummer|lokalnr|lokal|lok|extension|ext|omstilling|omst|int|x)|(?<=\d)x|#|;ext=)"
    r"\s*[.:=]?\s*(\d{1,7})\s*\)?\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:tel|tlf|tlfnr|telefon|phone|mobil|mobile|mobiltlf|mob|fax|arbejde|arb|work|privat|priv|home|direkte|dir|nr"
    r"|[tmpf])\s*[.:]*\s*(?:nr\.?\s*)?(?=[+(\d])",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*(?:[/,;|&\n]|\b(?:eller|or|og|and|samt)\b)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Phone:
    """A phone number as typed and as understood."""

    raw: str
    """What was typed, without blanks at the ends."""
    number: str
    """E.164, "+4522419017"; "" if it is none: a short or internal number, or not understood."""
    extension: str
    """Digits dialled after the answer, or ""."""
    valid: bool
    """False deserves a warning: this number cannot exist. A short or internal number is fine."""


def parse(raw: str, region: str = "DK") -> Phone:
    """Read one phone number; of a text with several the first. Never raises.

    Args:
        raw: what was typed or imported.
        region: the country (ISO 3166) of a number without a country code.
    """
    return _parse(raw, region)[0]


def _parse(raw: str, region: str) -> tuple[Phone, str]:
    """The first number in `raw`, and the text behind it that was not used."""
    kept = accept(raw, newlines=False)
    body = _ascii_digits(kept)
    extension = ""
    # "x 12" alone is no extension of anything.
    if (match := _EXTENSION.search(body)) and sum(map(str.isdigit, body[: match.start()])) >= 3:
        body, extension = body[: match.start()], match[1]
    body = _LABEL.sub("", body)
    start = re.search(r"[+(]*[+\d]", body)
    if not start or (start.start() and body[start.start() - 1].isalpha()):
        return Phone(kept, "", "", False), ""
    body = body[start.start() :]
    end = re.search(r"[^\W\d_]|;", body)
    body, tail = (body[: end.start()], body[end.start() :]) if end else (body, "")
    body = body.strip(" ()-.,;:/")
    body = ("+" + body.lstrip("+ ")) if kept.lstrip("( ").startswith("+") else body
    # The zero of "+45 (0)20 30 40 50" is only dialled inside the country; in Italy it is always dialled.
    abroad = re.match(r"(?:\+|00)\s*39\b", body)
    body = re.sub(r"(?<=\d)(\s*)\(0\)", r"\g<1>0" if abroad else r"\1 ", body, count=1)
    number, valid = _numbered(body, region)
    digits = re.sub(r"\D", "", body)
    if not number and not tail and 2 <= len(digits) <= 6 and not body.startswith(("+", "00")):
        valid = True
    return Phone(kept, number, extension if number or valid else "", valid), tail


def _numbered(body: str, region: str) -> tuple[str, bool]:
    """The E.164 form of a bare number ("" if it cannot be one) and whether such a number can exist."""
    import phonenumbers

    try:
        number = phonenumbers.parse(body, region)
    except phonenumbers.NumberParseException:
        return "", False
    if not phonenumbers.is_possible_number(number):
        return "", False
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written, phonenumbers.is_valid_number(number)


def split(raw: str, region: str = "DK") -> list[Phone]:
    """All numbers of a cell: "20304050 / 20304051", "86 12 34 56/57", "20304050 (privat), 20304051 (arb.)".

    A text that is one number, or none that can be read, is one Phone; an empty one is none.
    """
    kept = accept(raw)
    if not kept:
        return []
    whole, tail = _parse(kept, region)
    if whole.valid and sum(map(str.isdigit, tail)) < 7:
        return [whole]
    pieces = [piece for piece in _SEPARATORS.split(kept) if any(map(str.isdigit, piece))]
    if len(pieces) == 1:
        import phonenumbers

        pieces = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(kept, region)]
    if len(pieces) < 2:
        return [whole]
    found: list[Phone] = []
    for piece in pieces:
        before = found[-1].number if found else ""
        # "86 12 34 56/57": the second number differs in its last two digits.
        if before and re.fullmatch(r"\d\d", piece):
            found.append(Phone(piece, before[:-2] + piece, "", found[-1].valid))
        elif before and (extension := _EXTENSION.fullmatch(piece)):
            found[-1] = replace(found[-1], extension=extension[1])
        else:
            found.append(parse(piece, region))
    return found


@lru_cache(maxsize=4096)
def pretty(number: str) -> str:
    """An E.164 number in the groups its country writes, "+45 22 41 90 17"; anything else unchanged."""
    if re.fullmatch(r"\+45\d{8}", number):
        return " ".join(("+45", number[3:5], number[5:7], number[7:9], number[9:11]))
    if not re.fullmatch(r"\+\d{5,15}", number):
        return number
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def key(number: str, region: str = "DK") -> str:
    """The digits two writings of one number have in common: international, without +; "" without digits.

    "20 30 40 50", "+4520304050" and "0045 20304050" are all "4520304050" (faults 86). A number that is not
    understood is known by the digits it was typed with.
    """
    if re.fullmatch(r"\+\d+", number):
        return number[1:]
    return parse(number, region).number[1:] or re.sub(r"\D", "", _ascii_digits(number))


def query_digits(typed: str) -> str | None:
    """The digits to look for when a search is for a number; None when it holds letters or no digits.

    "22 41 90", "+45 22 41", "0045 22" and "(0)22" lose their signs and the zeros in front, so each is a part of
    the stored international number.
    """
    typed = _ascii_digits(accept(typed, newlines=False))
    if not re.fullmatch(r"[\d\s+()./-]*", typed):
        return None
    return re.sub(r"\D", "", typed.replace("(0)", "")).lstrip("0") or None


def suffix_tokens(number: str) -> list[str]:
    """Every end of a number's digits, from the whole down to four, for the search index (faults 86).

    A prefix search in them finds any part of the number. A shorter number is one token.
    """
    digits = re.sub(r"\D", "", _ascii_digits(number))
    if not digits:
        return []
    return [digits[start:] for start in range(max(1, len(digits) - SHORTEST_SUFFIX + 1))]


def _ascii_digits(text: str) -> str:
    """`text` with Arabic, full-width and other digits as 0–9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and unicodedata.category(sign) == "Nd" else sign
        for sign in unicodedata.normalize("NFKC", text)
    )
