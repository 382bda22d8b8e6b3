"""What the columns of an address file mean, by their headings.

Knows what Google (old and new), Outlook, Outlook.com and Thunderbird write, and plain English and Danish
headings. Case, blanks, hyphens and a byte-order mark do not count. A heading nobody knows is a further
field under its own name; columns that belong to the other program's machinery are left out (faults 29).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from easir_tui.channels.labels import known_label
from easir_tui.text import accept


@dataclass(frozen=True, slots=True)
class Column:
    """The meaning of one column.

    `kind` is a fact of `ContactRecord` (or `middle`, `suffix`, `name`, …, `custom`, `ignore`); `label` the
    word beside it or the name of the further field; `slot` ties columns together that make one value, as
    in "Phone 2 - Type" and "Phone 2 - Value"; `part` says which piece of it this is.
    """

    kind: str
    label: str = ""
    slot: str = ""
    part: str = "value"


_SIMPLE = {
    "first_name": "firstname givenname first fornavn forename personfirstname contactfirstname",
    "middle": "middlename additionalname middle mellemnavn",
    "last_name": "lastname familyname surname efternavn last personlastname contactlastname",
    "title": "nameprefix prefix salutation honorific tiltale",
    "suffix": "namesuffix suffix suffiks",
    "name": "name fullname displayname navn fuldenavn fuldtnavn kontaktperson kontakt contact contactname "
    "contactperson kontaktnavn visningsnavn vistnavn personname",
    "company": "company companyname organization organisation organizationname account accountname firma "
    "firmanavn virksomhed virksomhedsnavn personorganization associatedcompany employer arbejdsgiver",
    "company_or_name": "kunde kundenavn customer customername client",
    "company_cvr": "cvr cvrnr cvrnummer vat vatnumber vatnr momsnr senr",
    "job_title": "jobtitle jobtitel stilling stillingsbetegnelse organizationtitle position role rolle",
    "title_or_job": "title titel",
    "birthday": "birthday birthdate dateofbirth fødselsdag fødselsdato født dob",
    "birth_year": "birthyear fødselsår",
    "birth_month": "birthmonth fødselsmåned",
    "note": "notes note noter notat notater bemærkning bemærkninger kommentar kommentarer comments comment",
    "website": "website webpage web url homepage hjemmeside webside websted internet internetside "
    "businesswebpage personalwebpage websitehomepage websitework websiteprofile websiteblog websiteother",
    "language": "language sprog",
    "external_id": "recordid externalid personid contactid kontaktid kundenr kundenummer customernumber customerid",
    "refused_email": "emailoptout hasoptedoutofemail unsubscribed unsubscribedfromallemail optout optedout "
    "bounced personmarketingstatus marketingstatus afmeldt nejtakemail",
    "refused_phone": "donotcall nejtaktelefon",
    "ignore": "id createdat createdate created createdby updatedat updatedby updated modified modifiedat "
    "lastmodified lastmodifieddate deleted deletedat deletedby version photo yominame initials sensitivity "
    "priority mileage billinginformation directoryserver shortname emailtype emaildisplayname rev revision "
    "fileas phoneticfirstname phoneticmiddlename phoneticlastname",
}
_FURTHER = {
    "Nickname": "nickname kaldenavn øgenavn",
    "Department": "department afdeling organizationdepartment",
    "Categories": "categories kategorier labels groupmembership category kategori",
}
_PHONES = {
    "": "phone phonenumber telephone telefon tlf telefonnummer tlfnr tlfnummer telefonnr primaryphone phoneprimary",
    "mobile": "mobile mobilephone mobilenumber cell cellphone mobil mobiltelefon mobilnr mobilnummer mobiltlf "
    "homemobile workmobile personphonemobile mobiletelephonenumber",
    "work": "businessphone workphone telefonarbejde arbejdstelefon telefonkontor kontortelefon tlfarbejde "
    "arbejdstlf personphonework telefonfirma firmatelefon",
    "direct": "direktetelefon direkte directphone direktenummer directdial",
    "home": "homephone telefonhjem telefonhjemme privattelefon telefonprivat hjemmetelefon hjemtelefon tlfprivat "
    "personphonehome",
    "fax": "fax faxnumber telefax otherfax faxnummer",
    "work fax": "businessfax workfax faxarbejde arbejdsfax",
    "home fax": "homefax faxhjem faxprivat",
    "pager": "pager pagernumber personsøger",
    "car": "carphone biltelefon",
    "main": "companymainphone hovedtelefon hovednummer",
    "assistant": "assistantsphone assistanttelefon",
    "other": "otherphone andentelefon phonevideo personphoneother",
}
_EMAILS = {
    "": "email emailaddress mail epost emailadresse mailadresse primaryemail secondaryemail emails emailprimary",
    "work": "workemail emailwork arbejdsemail emailarbejde arbejdsmail businessemail personemailwork firmaemail",
    "home": "homeemail emailhome privatemail emailprivat privatmail personemailhome",
    "other": "otheremail emailother andenemail personemailother",
}
_PARTS = {
    "street": "street address streetaddress adresse gade gadenavn vej vejnavn postadresse addressline1 adresselinje1",
    "street2": "street2 street3 address2 address3 adresse2 adresse3 addressline2 addressline3 adresselinje2 "
    "adresselinje3 pobox postboks postofficebox extendedaddress adresseudvidet coadresse",
    "city": "city town by bynavn postdistrikt",
    "region": "state region province stateprovince county",
    "postcode": "zip zipcode postalcode postcode zippostalcode postnr postnummer postnrnummer",
    "place": "postnrby postnrogby postnummerby postnummerogby zipcity",
    "country": "country countryregion land landeområde",
    "formatted": "formatted",
}
_PLACES = {
    "work": "business work firma arbejde arbejdsadresse arbejds company organization",
    "home": "home private hjem hjemme privat hjemmeadresse privatadresse",
    "other": "other anden andenadresse",
    "": "mailing person primary",
}
_GOOGLE = re.compile(r"(email|phone|address|organization|website|relation|event|customfield|im)(\d+)(\w+)")
_GOOGLE_PARTS = {"type": "label", "label": "label", "service": "label", "value": "value", "formatted": "formatted"}


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words.split()}


_SIMPLE_BY_WORD = _by_word(_SIMPLE)
_FURTHER_BY_WORD = _by_word(_FURTHER)
_PHONE_BY_WORD = _by_word(_PHONES)
_EMAIL_BY_WORD = _by_word(_EMAILS)
_PART_BY_WORD = _by_word(_PARTS)
_PLACE_BY_WORD = _by_word(_PLACES)
_PLACE_WORDS = sorted(_PLACE_BY_WORD, key=len, reverse=True)

MAIN = {"first_name", "last_name", "name", "company", "company_or_name", "email", "phone"}
"""Without one of these there is nothing to make a contact of."""


def key_of(heading: str) -> str:
    """A heading without what does not count in it."""
    return re.sub(r"[^0-9a-zæøåäöüéß]+", "", accept(heading, newlines=False).lower())


def columns_of(headings: Sequence[str]) -> list[Column]:
    """The meaning of each column of a file; what one heading means may depend on the others."""
    keys = [key_of(heading) for heading in headings]
    columns = [_column(key, accept(heading, newlines=False)) for key, heading in zip(keys, headings, strict=True)]
    kinds = {column.kind for column in columns}
    has_person = bool(kinds & {"first_name", "last_name", "name"})
    prefix_title = "job_title" in kinds or "suffix" in kinds or "middle" in kinds
    thunderbird = {"birth_year", "birth_month"} <= kinds
    resolved = []
    for column in columns:
        kind = column.kind
        if kind == "title_or_job":
            kind = "title" if prefix_title else "job_title"
        elif kind == "company_or_name":
            kind = "company" if has_person else "name"
        elif kind == "birthday" and thunderbird:
            kind = "birth_day"
        resolved.append(column if kind == column.kind else Column(kind, column.label, column.slot, column.part))
    return resolved


def known(headings: Sequence[str]) -> int:
    """How many of these headings mean something here."""
    return sum(1 for heading in headings if _column(key_of(heading), "").kind != "custom")


def _column(key: str, heading: str) -> Column:
    if not key:
        return Column("custom", "")
    return _google(key) or _plain(key) or _plain(key.rstrip("0123456789")) or Column("custom", heading)


def _google(key: str) -> Column | None:
    """The numbered columns of Google, and "E-mail 2 Address" of Outlook."""
    if match := re.fullmatch(r"email(\d)(address|displayname)", key):
        return Column("email", slot=f"email{match[1]}") if match[2] == "address" else Column("ignore")
    match = _GOOGLE.fullmatch(key)
    if not match:
        return None
    kind, number, rest = match[1], match[2], match[3]
    slot = f"{kind}{number}"
    if kind == "organization":
        meaning = _SIMPLE_BY_WORD.get(kind + rest)
        if number != "1" or rest not in ("name", "title", "department"):
            return Column("ignore")
        return Column(meaning) if meaning else Column("custom", "Department")
    if kind == "address":
        part = _GOOGLE_PARTS.get(rest) or _PART_BY_WORD.get(rest)
        return Column("address", slot=slot, part=part) if part else None
    part = _GOOGLE_PARTS.get(rest)
    if part not in ("label", "value"):
        return None
    return Column(kind if kind in ("email", "phone", "website") else "labelled", slot=slot, part=part)


def _plain(key: str) -> Column | None:
    if kind := _SIMPLE_BY_WORD.get(key):
        return Column(kind)
    if key in _PHONE_BY_WORD:
        return Column("phone", _PHONE_BY_WORD[key])
    if key in _EMAIL_BY_WORD:
        return Column("email", _EMAIL_BY_WORD[key])
    if name := _FURTHER_BY_WORD.get(key):
        return Column("custom", name)
    if part := _PART_BY_WORD.get(key):
        return Column("address", "", "address", part)
    for place in _PLACE_WORDS:
        for rest in (key.removeprefix(place), key.removesuffix(place)):
            part = _PART_BY_WORD.get(rest) if rest != key else None
            if part:
                label = known_label(_PLACE_BY_WORD[place])
                return Column("address", label, f"address {label}".strip(), part)
    return None
