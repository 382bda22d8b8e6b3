"""Leads as JSON: a list, one object, an object with a list in it, one object a line, or Meta's lead ads.

An object may keep the person under `contact` and the company under `account`, or have everything side by side; the
names of its fields are understood in English and Danish. What is no text is left out, and what has no place here is
kept with the interest, under its own name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.channels.csv_headers import key_of
from easir_tui.channels.encodings import decode
from easir_tui.channels.lead_record import MOST, Comment, LeadRecord, Plan, Said, day_of, instant, plain
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress
from easir_tui.channels.whole_values import split_name
from easir_tui.language import _

NAMES: dict[str, str] = {
    "first_name": "firstname fornavn givenname",
    "last_name": "lastname efternavn surname familyname",
    "name": "name navn fullname contactname kontaktperson fuldenavn",
    "title": "salutation tiltale",
    "job_title": "jobtitle stilling",
    "company": "company companyname firma virksomhed organization organisation accountname",
    "cvr": "cvr vat cvrnummer vatnumber companycvr",
    "email": "email mail emailaddress epost workemail",
    "phone": "phone phonenumber telefon tlf telephone workphonenumber",
    "mobile": "mobile mobil cellphone mobilephone mobiltelefon",
    "street": "street streetaddress adresse address vej",
    "postcode": "postcode postnr zip zipcode postalcode postnummer",
    "city": "city by town",
    "country": "country land",
    "website": "website hjemmeside url",
    "language": "language sprog",
    "birthday": "birthday fødselsdag dateofbirth",
    "external_id": "externalid id leadid leadgenid number",
    "source": "source kilde provider channel platform",
    "type": "type leadtype ønske",
    "team": "team afdeling department dealer forhandler vendor location",
    "product": "product produkt vehicle køretøj car bil model",
    "interest": "interest interesse message besked text subject emne beskrivelse description",
    "comment": "comment comments kommentar bemærkning note notes",
    "received_at": "receivedat received modtaget createdtime createdat created date dato requestdate tidspunkt",
    "expires_at": "expiresat expires udløber",
}
"""What a field of a lead means, with the words for it."""

MEANING: dict[str, str] = {word: meaning for meaning, words in NAMES.items() for word in words.split()}

_TYPES = {
    **{name: name for name in ("call", "email", "meeting", "letter", "remind")},
    "opkald": "call",
    "møde": "meeting",
    "brev": "letter",
    "test drive": "meeting",
    "prøvetur": "meeting",
}


def read(raw: bytes, zone: ZoneInfo | None = None) -> list[LeadRecord]:
    """Every lead of a message; one record with a `problem` when it cannot be read."""
    return parse(decode(raw), zone)


def parse(text: str, zone: ZoneInfo | None = None) -> list[LeadRecord]:
    """The same for text that is decoded already."""
    zone = zone or clock.zone()
    try:
        found = list(_objects(text))
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return [LeadRecord(format="json", problem=_("The message is not written as JSON is: {why}.").format(why=why))]
    return [lead_of(one, zone) for one in found[:MOST]]


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    text = text.strip().lstrip("\ufeff")
    try:
        whole = json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
            raise
        whole = [json.loads(line) for line in lines]
    if isinstance(whole, Mapping):
        inside = next((whole[key] for key in ("leads", "data", "entry") if isinstance(whole.get(key), list)), None)
        whole = inside if inside is not None else [whole]
    if not isinstance(whole, list):
        raise ValueError(_("neither an object nor a list"))
    for one in whole:
        if isinstance(one, Mapping):
            yield one


def lead_of(held: Mapping[str, Any], zone: ZoneInfo, format: str = "json") -> LeadRecord:
    """One object as a lead."""
    facts: dict[str, Any] = {}
    further: list[str] = []
    for place, part in (("", held), ("contact", held.get("contact")), ("account", held.get("account"))):
        for key, value in part.items() if isinstance(part, Mapping) else ():
            meaning = _meaning(place, str(key))
            if meaning and not isinstance(value, Mapping | list):
                if plain(value):
                    facts.setdefault(meaning, value)
            elif not isinstance(value, Mapping | list) and plain(value):
                further.append(f"{plain(key)}: {plain(value)}")
    answers = held.get("field_data")
    for field in answers if isinstance(answers, list) else ():
        if isinstance(field, Mapping):
            values = field.get("values")
            told = ", ".join(plain(one) for one in values) if isinstance(values, list) else plain(values)
            meaning = MEANING.get(key_of(plain(field.get("name"))), "")
            if meaning and told:
                facts.setdefault(meaning, told)
            elif told:
                further.append(f"{plain(field.get('name'))}: {told}")
    interest = "\n".join(filter(None, (plain(facts.get("interest"), newlines=True), *further)))
    return LeadRecord(
        contact=contact_of(facts),
        format=format,
        external_id=plain(facts.get("external_id")),
        source=plain(facts.get("source")),
        type=plain(facts.get("type")),
        team=plain(facts.get("team")),
        product=plain(facts.get("product")),
        interest=interest,
        received_at=instant(facts.get("received_at"), zone),
        expires_at=instant(facts.get("expires_at"), zone),
        comments=(*_comment(facts), *_comments(held.get("comments"), zone)),
        plans=tuple(_plans(held.get("plans") or held.get("tasks"), zone)),
        consents=tuple(_consents(held.get("consents") or held.get("consent"))),
    )


def contact_of(facts: Mapping[str, Any]) -> ContactRecord:
    """The person among the facts of a lead, by what they mean."""
    first, last = plain(facts.get("first_name")), plain(facts.get("last_name"))
    if not (first or last) and plain(facts.get("name")):
        first, last = split_name(plain(facts.get("name")))
    phones = [(label, plain(facts.get(name))) for name, label in (("mobile", "mobile"), ("phone", ""))]
    address = PostalAddress("", plain(facts.get("street"), newlines=True), plain(facts.get("postcode")),
                            plain(facts.get("city")), "", plain(facts.get("country")))  # fmt: skip
    email = plain(facts.get("email"))
    return ContactRecord(
        first_name=first,
        last_name=last,
        title=plain(facts.get("title")),
        company=plain(facts.get("company")),
        company_cvr=plain(facts.get("cvr")),
        job_title=plain(facts.get("job_title")),
        emails=tuple(Labelled("", one) for one in email.replace(";", ",").replace(",", " ").split()[:5])
        if email
        else (),
        phones=tuple(Labelled(label, number) for label, number in phones if number),
        addresses=(address,) if address else (),
        birthday=plain(facts.get("birthday")),
        website=plain(facts.get("website")),
        language=plain(facts.get("language")).lower()[:2],
    )


def _meaning(place: str, key: str) -> str:
    word = MEANING.get(key_of(key), "")
    if place == "account":
        return {"name": "company", "cvr": "cvr"}.get(word, word if word in ("street", "postcode", "city") else "")
    if place == "contact":
        return "" if word in ("external_id", "type", "source") else word
    return word


def _comment(facts: Mapping[str, Any]) -> Iterator[Comment]:
    said = plain(facts.get("comment"), newlines=True)
    if said:
        yield Comment(said)


def _comments(held: Any, zone: ZoneInfo) -> Iterator[Comment]:
    for one in held if isinstance(held, list) else ():
        if isinstance(one, Mapping):
            said = plain(one.get("text") or one.get("comment"), newlines=True)
            if said:
                yield Comment(said, plain(one.get("who") or one.get("by")), instant(one.get("at"), zone))
        elif plain(one):
            yield Comment(plain(one, newlines=True))


def _plans(held: Any, zone: ZoneInfo) -> Iterator[Plan]:
    for one in held if isinstance(held, list) else ():
        if isinstance(one, Mapping):
            kind = _TYPES.get(plain(one.get("type")).lower(), "remind")
            day = day_of(one.get("day"))
            at = None if day else instant(one.get("at") or one.get("when"), zone)
            if day or at is not None:
                yield Plan(kind, plain(one.get("note") or one.get("text"), newlines=True), at, day)


def _consents(held: Any) -> Iterator[Said]:
    """Consents as a list, or as a mapping of channel to yes or no; only what is clearly said counts (V14)."""
    if isinstance(held, Mapping):
        held = [{"channel": channel, "state": state} for channel, state in held.items()]
    for one in held if isinstance(held, list) else ():
        if not isinstance(one, Mapping):
            continue
        channel = plain(one.get("channel")).lower()
        state = one.get("state")
        known = {"true": "given", "yes": "given", "ja": "given", "given": "given",
                 "false": "refused", "no": "refused", "nej": "refused", "refused": "refused"}  # fmt: skip
        said = known.get(str(state).lower(), "")
        if channel in ("phone", "email", "letter", "sms") and said:
            yield Said(channel, said, plain(one.get("text") or one.get("wording"), newlines=True))
