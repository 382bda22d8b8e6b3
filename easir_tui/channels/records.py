"""A contact as some other program wrote it down: plain facts, whatever the format they came in.

The readers of vCard and CSV make these records, and the rules of an import read them; neither knows the
other. Nothing here decides anything: phone numbers stand as they were typed, a company is only a name, and
what could not be understood is said in `warnings` and never guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value with the word beside it, such as `mobile` or `work`; the label may be empty."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """One address; `street` may have several lines."""

    label: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return bool(self.street or self.postcode or self.city or self.region or self.country)


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """What one card or one row says about a person.

    `kind` is `org` for a card that says it is a company and empty otherwise. The first of `emails`,
    `phones` and `addresses` is the primary one. `birthday` is `1980-02-29`, or `--02-29` when the year is
    not told. `external_ids` maps a system to the id this person has there. `refused` names the channels
    the person does not want. `card` is the vCard as it came. `line` is the line of the file the record
    starts on, counted from 1.
    """

    line: int = 0
    kind: str = ""
    first_name: str = ""
    last_name: str = ""
    display_name: str = ""
    title: str = ""
    company: str = ""
    company_cvr: str = ""
    job_title: str = ""
    emails: tuple[Labelled, ...] = ()
    phones: tuple[Labelled, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    birthday: str = ""
    website: str = ""
    language: str = ""
    note: str = ""
    custom: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    external_ids: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    refused: tuple[str, ...] = ()
    card: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A card or row of which no record can be made, and why, in words for the person who imports."""

    line: int
    reason: str
