"""Danish companies: names by trade, valid CVR numbers, addresses, and the domains they write from.

Every domain ends in `.example`, which no mail server will ever deliver to.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from easir_tui.demo import names

_FORMS = ("ApS", "A/S", "ApS", "I/S", "P/S")
_TRADES = (
    ("{last} VVS", "vvs"),
    ("{city} El-Service", "elservice"),
    ("Tømrerfirmaet {last} & Søn", "tomrer"),
    ("Murermester {first} {last}", "murer"),
    ("{last} Transport", "transport"),
    ("{word} Biludlejning", "biludlejning"),
    ("{word} Rengøring", "rengoring"),
    ("{city} Vognmandsforretning", "vognmand"),
    ("{word} Ejendomme", "ejendomme"),
    ("Advokaterne {last} & {other}", "advokater"),
    ("Revisionsfirmaet {last}", "revision"),
    ("{word} Arkitekter", "arkitekter"),
    ("Malerfirmaet {last}", "maler"),
    ("{word} Catering", "catering"),
    ("{city} Køreskole", "koreskole"),
    ("{last} Maskinstation", "maskinstation"),
    ("{word} Konsulenter", "konsulenter"),
    ("Tandlægerne {street}", "tand"),
    ("Bageriet {street}", "bageri"),
    ("{city} Håndværkerservice", "haandvaerk"),
    ("{word} Byg", "byg"),
    ("{word} Ventilation", "ventilation"),
    ("Hjemmeplejen {word}", "hjemmepleje"),
    ("{last} & Co. Entreprenører", "entreprise"),
    ("{word} Software", "software"),
    ("{city} Havnelogistik", "logistik"),
    ("Dyrlægerne {last}, {other} & Partnere", "dyrlaege"),
    ("{word} Vagt & Sikring", "vagt"),
    ("Gartneriet {word}", "gartneri"),
    ("{word} Vikarservice", "vikar"),
)
_WORDS = names.words(
    """Nordlys Vestvind Havblik Kronen Fyrtårnet Grønært Solsiden Midtpunkt Søhesten Bøgely Egeskov Østkysten Kattegat
    Limfjord Mølleå Kompas Trekløver Ravnsbjerg Bakketop Skovlund Lynghøj Nordhavn Sydhavn Marselis Himmelbjerg
    Anker Fjordby Ådal Æbelø Kastanje Pilegård Tranekær Stjerne Hammer Bølgen Rævebakken Storkereden Ullerup
    Vibenhus Måge Dannebro Fredensborg Klintholm Tirsbæk Spættet Engholm Højmark Sølvbæk Gyldenløv"""
)
JOB_TITLES = (
    "Indehaver", "Direktør", "Indkøbschef", "Flådeansvarlig", "Økonomichef", "Kontorleder", "Driftsleder",
    "Servicechef", "Salgschef", "Montør", "Bogholder", "Direktionssekretær", "Projektleder", "Lagerchef",
    "HR-ansvarlig", "Partner",
)  # fmt: skip
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


class Company(NamedTuple):
    """What a company account needs; `domain` is where its people have their e-mail."""

    name: str
    cvr: str
    domain: str
    street: str
    town: names.Town
    phone: str


def cvr(rng: random.Random) -> str:
    """Eight digits that pass the modulus 11 check of the Danish business register."""
    while True:
        digits = [1 + int(rng.random() * 4), *(int(rng.random() * 10) for _ in range(6))]
        check = 11 - sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
        if check == 11:
            check = 0
        if check < 10:
            return "".join(map(str, digits)) + str(check)


def company(rng: random.Random, towns: tuple[names.Town, ...]) -> Company:
    """A company somewhere among `towns`."""
    town = towns[int(rng.random() ** 2 * len(towns))]
    pattern, trade = _TRADES[int(rng.random() * len(_TRADES))]
    firsts = names.MEN if rng.random() < 0.6 else names.WOMEN
    word = _WORDS[int(rng.random() * len(_WORDS))]
    last = names.common(rng, names.FAMILIES)
    name = pattern.format(
        last=last,
        other=names.common(rng, names.FAMILIES),
        first=names.common(rng, firsts),
        city=town.city.split()[0],
        street=names.STREETS[int(rng.random() * len(names.STREETS))],
        word=word,
    )
    lead = {"{word}": word, "{city}": town.city.split()[0]}.get(pattern.split()[0], last)
    name = f"{name} {_FORMS[int(rng.random() ** 2 * len(_FORMS))]}"
    return Company(
        name=name,
        cvr=cvr(rng),
        domain=f"{names.dialled(lead)}-{trade}.example",
        street=names.address(rng, town),
        town=town,
        phone=names.landline(rng, town) if rng.random() < 0.7 else names.mobile(rng),
    )
