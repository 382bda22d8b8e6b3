"""What a record of an address file becomes in the database, before it is known whom it is about.

Every value passes the rules the forms have, so that each stored contact can be opened and saved unchanged
(faults 37). What does not pass is kept as a further field and pointed out, never bent into shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from easir_tui import clock, config, phones, text
from easir_tui.channels.encodings import LOST
from easir_tui.channels.records import ContactRecord, PostalAddress, Unreadable
from easir_tui.crm.accounts import LONGEST, cvr_number
from easir_tui.crm.contact_values import email_problem
from easir_tui.crm.notes import LONGEST as LONGEST_NOTE
from easir_tui.data.derived import email_key
from easir_tui.language import _

PLAIN = (
    "first_name", "last_name", "title", "job_title", "street", "postcode", "city", "country", "website", "birthday",
    "language",
)  # fmt: skip
"""The fields of a contact that are one line of text."""

_DANISH_NUMBER = re.compile(r"(?:\+45|0045)? ?([2-9]\d) ?(\d\d) ?(\d\d) ?(\d\d)")
"""Numbers whose E.164 form is plain to see; the tables need 18 µs for each of them."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What reading a value depends on: the country of a number without one, and the last day of a birthday."""

    region: str
    today: str


def rules_now() -> Rules:
    """The rules of an import that begins now."""
    return Rules(config.settings().region, clock.today(clock.zone()).isoformat())


@dataclass(slots=True)
class Facts:
    """One record as stored values.

    `line` is where it stands in its file, `place` the same with the number of the file in this import in its upper
    bits. `plain` holds the fields named in `PLAIN`. `keys` are what the record can be recognised by: (kind, key)
    as in the table contact_key. `words` are the words of the
    name, else of the company, folded. `address` is that of the company.
    """

    line: int
    plain: dict[str, str]
    emails: list[dict[str, str]]
    phones: list[dict[str, str]]
    company: str
    cvr: str
    address: PostalAddress
    custom: dict[str, str]
    external_ids: dict[str, str]
    notes: list[str]
    refused: tuple[str, ...]
    card: str | None
    keys: list[tuple[str, str]]
    words: frozenset[str]
    named: bool
    warnings: list[str] = field(default_factory=list)
    place: int = 0


def facts_of(record: ContactRecord, rules: Rules) -> Facts | Unreadable:
    """The stored values of a record; `Unreadable` when the name itself came damaged."""
    warnings = list(record.warnings)
    if LOST in record.first_name or LOST in record.last_name or LOST in record.company:
        name = " ".join(filter(None, (record.first_name, record.last_name, record.company)))
        reason = _("A letter of “{name}” was lost before this file was made.")
        return Unreadable(record.line, reason.format(name=name.replace(LOST, "?")))
    custom = {name: _whole(held) for name, held in record.custom.items() if name}
    own = next((one for one in record.addresses if one.label == "home"), None)
    own = own or (record.addresses[0] if record.addresses else PostalAddress())
    plain = {
        "first_name": record.first_name,
        "last_name": record.last_name,
        "title": record.title,
        "job_title": record.job_title,
        "street": one_line(own.street),
        "postcode": own.postcode,
        "city": own.city,
        "country": own.country,
        "website": record.website,
        "birthday": _birthday(record.birthday, rules.today, custom, warnings),
        "language": record.language,
    }
    for name, held in plain.items():
        if not held.isascii() or len(held) > LONGEST or "\n" in held:
            plain[name] = _short(held, warnings)
    if own.region:
        custom.setdefault("Region", own.region)
    for one in record.addresses:
        if one is not own:
            custom.setdefault(f"Address {one.label}".strip(), _written(one))
    emails = _emails(record, custom, warnings)
    numbers = _phones(record, rules.region, warnings)
    note = _whole(record.note)
    if len(note) > LONGEST_NOTE:
        warnings.append(_("The note is longer than {count} characters; the rest is only in the card.").format(
            count=LONGEST_NOTE
        ))  # fmt: skip
        note = note[:LONGEST_NOTE]
    return Facts(
        line=record.line,
        plain=plain,
        emails=emails,
        phones=numbers,
        company=_short(record.company, warnings),
        cvr=cvr_number(record.company_cvr) if record.company_cvr else "",
        address=next((one for one in record.addresses if one.label in ("work", "")), PostalAddress()),
        custom=custom,
        external_ids=dict(record.external_ids),
        notes=[note] if note else [],
        refused=record.refused,
        card=record.card.replace(LOST, "?") if record.card and LOST in record.card else record.card,
        keys=_keys(emails, numbers, record.external_ids),
        words=name_words(f"{record.first_name} {record.last_name}") or name_words(record.company),
        named=bool(record.first_name or record.last_name),
        warnings=warnings,
    )


def one_line(value: str) -> str:
    """Lines of an address side by side."""
    return ", ".join(part.strip(" ,") for part in value.split("\n") if part.strip(" ,")) if "\n" in value else value


def _whole(value: str) -> str:
    return value.replace(LOST, "?") if LOST in value else value


def _short(value: str, warnings: list[str]) -> str:
    """A one-line value no longer than a field may be."""
    value = _whole(value).replace("\n", " ")
    if len(value) > LONGEST:
        warnings.append(_("“{value}” was too long and is cut.").format(value=text.cut(value, 40)))
        value = value[:LONGEST].strip()
    return value


def _written(address: PostalAddress) -> str:
    place = " ".join(filter(None, (address.postcode, address.city)))
    return _whole(", ".join(filter(None, (one_line(address.street), place, address.region, address.country))))


def _birthday(day: str, today: str, custom: dict[str, str], warnings: list[str]) -> str:
    if day and day[:1] != "-" and day > today:
        custom.setdefault("Birthday", day)
        warnings.append(_("The birthday {day} has not been yet; it is kept as text.").format(day=day))
        return ""
    return day


def _emails(record: ContactRecord, custom: dict[str, str], warnings: list[str]) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    seen: set[str] = set()
    for one in record.emails:
        address = _whole(one.value)
        if LOST in one.value or email_problem(address):
            custom["E-mail"] = ", ".join(filter(None, (custom.get("E-mail"), address)))
            warnings.append(_("“{value}” is no e-mail address; it is kept as text.").format(value=address))
            continue
        key = email_key(address)
        if key not in seen:
            seen.add(key)
            made.append({"label": _whole(one.label), "address": address})
    return made


def _phones(record: ContactRecord, region: str, warnings: list[str]) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for one in record.phones:
        for item in read_phones(_short(one.value, warnings), region):
            known = item["number"][1:] or phones.key(item["raw"]) or text.fold(item["raw"])
            key = (known, item["extension"])
            if key in seen:
                continue
            seen.add(key)
            if not item["number"] and len(re.sub(r"\D", "", item["raw"])) not in range(2, 7):
                warnings.append(_("“{value}” is no phone number; it is kept as typed.").format(value=item["raw"]))
            made.append({"label": _whole(one.label), **item})
    return made


def read_phones(typed: str, region: str) -> list[dict[str, str]]:
    """The numbers of one value as they are stored, several apart, what cannot be read as it was typed (faults 85)."""
    if region == "DK" and (match := _DANISH_NUMBER.fullmatch(typed)):
        return [{"number": f"+45{match[1]}{match[2]}{match[3]}{match[4]}", "raw": typed, "extension": ""}]
    found = phones.split(typed, region)
    return [{"number": one.number, "raw": one.raw, "extension": one.extension} for one in found]


def _keys(
    emails: Sequence[Mapping[str, Any]], numbers: Sequence[Mapping[str, Any]], external_ids: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What a record can be recognised by, the surest first: its id elsewhere, e-mail addresses, numbers."""
    keys = [(f"id:{system}", other) for system, other in external_ids.items()]
    keys += [("email", email_key(item["address"])) for item in emails]
    keys += [("phone", item["number"][1:] or phones.key(item["raw"])) for item in numbers]
    return list(dict.fromkeys(pair for pair in keys if pair[1]))


def name_words(name: str) -> frozenset[str]:
    """The words of a name in the one form all spellings share: Søren, Soeren and soren are one word."""
    return frozenset(_word(word) for word in re.findall(r"[^\W_]+", name))


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    return min(text.search_tokens(word) or [word], key=len)
