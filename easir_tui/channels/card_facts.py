"""What the lines of a vCard say about a person, as a contact record.

Values that came damaged are put right where that is sure and pointed out where it is not; nothing is
guessed, and what a contact has no place for stays in the card, which goes along as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from easir_tui.channels.content_lines import Card, ContentLine, looks_encoded, split, unescaped
from easir_tui.channels.encodings import LOST, decode, repaired
from easir_tui.channels.labels import bare_label, known_label, label_of_types
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress, Unreadable
from easir_tui.channels.whole_values import apart, split_name
from easir_tui.language import _
from easir_tui.text import accept

T = TypeVar("T")
SYSTEM = "vcard"
"""The name of the external id that is a card's UID."""

PRODUCT = "-//EASI'R//address file//EN"
"""Stands in cards that were made of a row here, and so did not come from another program."""

_COMPLEX = re.compile(rb"[\\,=]")
_DATE = re.compile(r"(?:(\d{4})-?|--)(\d\d)-?(\d\d)(?:[T ].*)?")
_DAYS = ("X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-MS-ANNIVERSARY")
_CUSTOM = {
    "NICKNAME": "Nickname",
    "CATEGORIES": "Categories",
    "GENDER": "Gender",
    "IMPP": "Chat",
    "ANNIVERSARY": "Anniversary",
    "X-SPOUSE": "Spouse",
    "X-EVOLUTION-SPOUSE": "Spouse",
    "X-MS-SPOUSE": "Spouse",
    "X-MANAGER": "Manager",
    "X-EVOLUTION-MANAGER": "Manager",
    "X-MS-MANAGER": "Manager",
    "X-ASSISTANT": "Assistant",
    "X-EVOLUTION-ASSISTANT": "Assistant",
    "X-MS-ASSISTANT": "Assistant",
    "X-SKYPE": "Skype",
    "X-SKYPE-USERNAME": "Skype",
    "X-AIM": "AIM",
    "X-ICQ": "ICQ",
    "X-MSN": "MSN",
    "X-JABBER": "Jabber",
    "X-GTALK": "Google Talk",
    "X-YAHOO": "Yahoo",
    "X-QQ": "QQ",
    "X-MS-IMADDRESS": "Chat",
    **dict.fromkeys(_DAYS, "Anniversary"),
}


@dataclass(slots=True)
class _Draft:
    """What has been read of a card so far."""

    labels: dict[str, str]
    ours: bool
    names: list[str] = field(default_factory=list)
    display_name: str = ""
    org: list[str] = field(default_factory=list)
    kind: str = ""
    job_title: str = ""
    role: str = ""
    emails: list[tuple[int, Labelled]] = field(default_factory=list)
    phones: list[tuple[int, Labelled]] = field(default_factory=list)
    addresses: list[tuple[int, PostalAddress]] = field(default_factory=list)
    websites: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    birthday: str = ""
    language: str = ""
    cvr: str = ""
    custom: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add_custom(self, name: str, value: str) -> None:
        """A further field; a second value of one name goes beside the first."""
        if value and value not in self.custom.get(name, "").split(", "):
            self.custom[name] = f"{self.custom[name]}, {value}" if name in self.custom else value


def record_of(card: Card) -> ContactRecord | Unreadable:
    """What a card says; `Unreadable` when it says nothing a contact could be made of."""
    product = card.first("PRODID")
    draft = _Draft(_labels(card), product is not None and product.text() == PRODUCT)
    for line in card.lines:
        reader = _READERS.get(line.name)
        if reader:
            reader(draft, line)
        elif line.name in _CUSTOM:
            value = _plain(draft, line)
            draft.add_custom(_CUSTOM[line.name], day_of(value) or value)
    return _finished(draft, card)


def _labels(card: Card) -> dict[str, str]:
    """The label written beside each group: item1.X-ABLabel."""
    return {line.group: line.text().strip() for line in card.all("X-ABLABEL") if line.group}


def _plain(draft: _Draft, line: ContentLine, newlines: bool = False) -> str:
    text = line.text()
    if text.isascii() and text.isprintable() and "=" not in text:
        return text.strip()
    return _mended(draft, text, newlines)


def _mended(draft: _Draft, text: str, newlines: bool = False) -> str:
    """A value as it may be kept: letters lost to a wrong set or a missing ENCODING put back where that is sure."""
    text = accept(text, newlines)
    if draft.ours or ("=" not in text and text.isascii()):
        return text
    again = repaired(text)
    if "=" in again and looks_encoded(again):
        decoded = ContentLine("", again.encode(), b"", head=b";ENCODING=QUOTED-PRINTABLE").decoded()
        if not decoded.isascii() and LOST not in decoded:
            again = accept(decoded, newlines)
    if again != text:
        draft.warnings.append(_("“{value}” was put right to “{better}”.").format(value=text, better=again))
    elif "=" in again and looks_encoded(again) and not re.search(r"https?:|\?", again):
        draft.warnings.append(_("“{value}” may not have been decoded rightly.").format(value=again))
    return again


def _fields(draft: _Draft, line: ContentLine, newlines: bool = False) -> list[str]:
    parts = line.parts()
    if line.raw.isascii() and b"=" not in line.raw and b"\\" not in line.raw:
        return [part.strip() if part.isprintable() else accept(part, newlines) for part in parts]
    if draft.ours or line.raw.isascii():
        return [accept(part, newlines) if "=" not in part else _mended(draft, part, newlines) for part in parts]
    return [_mended(draft, part, newlines) for part in parts]


def _read_name(draft: _Draft, line: ContentLine) -> None:
    if any(draft.names):
        return
    if not line.head and not _COMPLEX.search(line.raw):
        draft.names = [_mended(draft, part) for part in line.decoded().split(";")]
        return
    pieces = [unescaped_list(line, part) for part in split(line.raw)]
    if len(pieces) == 1:
        pieces = [[part] for part in line.parts()]
    joins = (" ", " ", " ", ", ", ", ")
    draft.names = [_mended(draft, joins[min(i, 4)].join(piece), newlines=False) for i, piece in enumerate(pieces)]


def unescaped_list(line: ContentLine, raw: bytes) -> list[str]:
    """One field of N: several names parted by commas, each without its escapes."""
    decoded = line.decoded(raw)
    return [
        word for part in split(decoded.encode("utf-8", "ignore"), b",") if (word := unescaped(part.decode()).strip())
    ]


def _read_phone(draft: _Draft, line: ContentLine) -> None:
    value = accept(line.text(), newlines=False)
    if value[:4].lower() == "tel:" and not draft.ours:
        value = value[4:].replace(";ext=", " ext. ").partition(";")[0]
    if value:
        label = _label(draft, line)
        secondary = "fax" in label or label == "pager"
        draft.phones.append((_rank(line) + 1000 * secondary, Labelled(label, value)))


def _read_email(draft: _Draft, line: ContentLine) -> None:
    value = _plain(draft, line)
    if not draft.ours:
        value = value[7:] if value[:7].lower() == "mailto:" else value
        if "<" in value and (match := re.search(r"<([^<>\s]+@[^<>\s]+)>", value)):
            value = match[1]
    if value:
        draft.emails.append((_rank(line), Labelled(_label(draft, line), value)))


def _read_address(draft: _Draft, line: ContentLine) -> None:
    parts = [*_fields(draft, line, newlines=True), *[""] * 7]
    box, extended, street, city, region, postcode, country = parts[:7]
    box = box.rpartition(":")[2].strip()
    street = "\n".join(part for part in (street, extended, box) if part)
    address = PostalAddress(_label(draft, line), street, postcode, city, region, country)
    if address:
        draft.addresses.append((_rank(line), address if draft.ours else apart(address)))


def _read_birthday(draft: _Draft, line: ContentLine) -> None:
    value = _plain(draft, line)
    day = day_of(value, line.parameter("X-APPLE-OMIT-YEAR"))
    if day:
        draft.birthday = draft.birthday or day
    elif value:
        draft.add_custom("Birthday", value)
        draft.warnings.append(_("The birthday “{value}” is not a date; it is kept as text.").format(value=value))


def day_of(value: str, no_year: str = "") -> str:
    """A date of a card as `1980-02-29` or `--02-29`; nothing when it is not a whole and real date (faults 45)."""
    match = _DATE.fullmatch(value.strip())
    if not match:
        return ""
    year, month, day = match[1] or "", int(match[2]), int(match[3])
    if year in ("0000", no_year):
        year = ""
    try:
        date(int(year or 2000), month, day)
    except ValueError:
        return ""
    return f"{year or '-'}-{month:02d}-{day:02d}"


def _read_other(draft: _Draft, line: ContentLine) -> None:
    """Dates and people Apple and Google label by group: item1.X-ABDATE, item1.X-ABRELATEDNAMES, our own fields."""
    name = bare_label(draft.labels.get(line.group, ""))
    fallback = {"X-ABDATE": "Date", "X-ABRELATEDNAMES": "Related"}.get(line.name, "Field")
    value = _plain(draft, line, newlines=line.name == "X-EASIR-FIELD")
    if line.name == "X-EASIR-FIELD":
        draft.custom[draft.labels.get(line.group, "") or fallback] = value
    else:
        draft.add_custom(name or fallback, day_of(value) or value)


def _label(draft: _Draft, line: ContentLine) -> str:
    if line.group and (label := draft.labels.get(line.group)):
        return known_label(label)
    return _label_of(line.head) if line.head else ""


@lru_cache(maxsize=1024)
def _label_of(head: bytes) -> str:
    return label_of_types(ContentLine("", b"", b"", head=head).types)


def _rank(line: ContentLine) -> int:
    """The smaller the more preferred: PREF=1 to 100, TYPE=pref or a bare PREF, then the rest."""
    if b"PREF" not in line.head.upper():
        return 200
    number = line.parameter("PREF")
    return int(number) if number.isdecimal() and len(number) < 4 else 1 if "pref" in line.types else 200


Reader = Callable[[_Draft, ContentLine], None]
"""Takes what one line says into the draft."""


def _set(name: str) -> Reader:
    """A reader that keeps the first value of a property that says something."""

    def reader(draft: _Draft, line: ContentLine) -> None:
        if not getattr(draft, name) and (value := _plain(draft, line)):
            setattr(draft, name, value)

    return reader


def _read_org(draft: _Draft, line: ContentLine) -> None:
    parts = _fields(draft, line)
    if not any(draft.org) and any(parts):
        draft.org = parts


def _read_website(draft: _Draft, line: ContentLine) -> None:
    if (value := _plain(draft, line)) and value not in draft.websites:
        draft.websites.append(value)


def _read_note(draft: _Draft, line: ContentLine) -> None:
    if value := _plain(draft, line, newlines=True):
        draft.notes.append(value)


def _read_language(draft: _Draft, line: ContentLine) -> None:
    if not draft.language:
        draft.language = _plain(draft, line)[:2].lower()


def _read_id(draft: _Draft, line: ContentLine) -> None:
    system = line.parameter("SYSTEM") if line.name == "X-EASIR-ID" else SYSTEM
    value = _plain(draft, line)
    if value and not draft.ours:
        value = value.removeprefix("urn:uuid:")
    if value:
        draft.ids[system] = value


def _read_refused(draft: _Draft, line: ContentLine) -> None:
    draft.refused.append(_plain(draft, line))


_READERS: dict[str, Reader] = {
    "N": _read_name,
    "FN": _set("display_name"),
    "ORG": _read_org,
    "KIND": _set("kind"),
    "X-ADDRESSBOOKSERVER-KIND": _set("kind"),
    "TITLE": _set("job_title"),
    "ROLE": _set("role"),
    "EMAIL": _read_email,
    "TEL": _read_phone,
    "ADR": _read_address,
    "BDAY": _read_birthday,
    "URL": _read_website,
    "NOTE": _read_note,
    "LANG": _read_language,
    "LANGUAGE": _read_language,
    "UID": _read_id,
    "X-EASIR-ID": _read_id,
    "X-EASIR-FIELD": _read_other,
    "X-EASIR-CVR": _set("cvr"),
    "X-EASIR-REFUSED": _read_refused,
    "X-ABDATE": _read_other,
    "X-ABRELATEDNAMES": _read_other,
}


def _finished(draft: _Draft, card: Card) -> ContactRecord | Unreadable:
    if draft.kind.lower() == "group":
        return Unreadable(card.line, _("The card is a list of contacts, not a contact."))
    family, given, additional, prefix, suffix = [*draft.names, *[""] * 5][:5]
    first = " ".join(part for part in (given, additional) if part)
    company, department = [*draft.org, "", ""][:2]
    nameless = not first and not family
    is_org = draft.kind.lower() == "org" or bool(company and nameless and draft.display_name == company)
    if is_org:
        company = company or draft.display_name
    elif nameless and not draft.ours:
        first, family = split_name(draft.display_name)
    draft.add_custom("Suffix", suffix)
    draft.add_custom("Department", department)
    if draft.role and draft.job_title and draft.role != draft.job_title:
        draft.add_custom("Role", draft.role)
    for number, website in enumerate(draft.websites[1:], 2):
        draft.add_custom(f"Website {number}", website)
    phones = _ordered(draft.phones)
    emails = _ordered(draft.emails)
    if not (first or family or company or emails or phones):
        return Unreadable(card.line, _("The card has no name, company, e-mail address or phone number."))
    if not card.complete:
        draft.warnings.append(_("The end of the card is missing."))
    return ContactRecord(
        line=card.line,
        kind="org" if is_org else "",
        first_name=first,
        last_name=family,
        display_name=draft.display_name,
        title=prefix,
        company=company,
        company_cvr=draft.cvr,
        job_title=draft.job_title or draft.role,
        emails=emails,
        phones=phones,
        addresses=_ordered(draft.addresses),
        birthday=draft.birthday,
        website=draft.websites[0] if draft.websites else "",
        language=draft.language,
        note="\n\n".join(draft.notes),
        custom=draft.custom,
        external_ids=draft.ids,
        refused=tuple(draft.refused),
        card=_text_of(card),
        warnings=tuple(dict.fromkeys(draft.warnings)),
    )


def _ordered(ranked: list[tuple[int, T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for rank, value in sorted(ranked, key=lambda pair: pair[0])))


def _text_of(card: Card) -> str:
    """The card as text; each line in the set it says it is in."""
    try:
        return card.source().decode().replace("\0", "")
    except UnicodeDecodeError:
        text = "".join(decode(line.source, line.parameter("CHARSET")) for line in card.lines)
        return text.replace("\0", "")
