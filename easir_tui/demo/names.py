"""Danish people: first names, family names, streets and towns, and how to draw them.

The lists are our own. The order of a list is its frequency: `common` draws early entries more often, which
is what makes two hundred made-up people look like a real address book, with its many Jensens and its one
Østergaard-Nørby.
"""

from __future__ import annotations

import random
from typing import NamedTuple


def words(listed: str) -> tuple[str, ...]:
    """A list written as text, the most common first."""
    return tuple(listed.split())


WOMEN = words(
    """Anne Mette Kirsten Hanne Lene Susanne Maria Marianne Pia Camilla Louise Charlotte Karen Tina Inge Lone
    Christina Birgit Julie Gitte Jette Ida Emma Sofie Bente Helle Laura Mathilde Dorthe Sara Caroline Line
    Trine Rikke Heidi Birthe Katrine Jytte Nanna Signe Åse Astrid Freja Cecilie Amalie Josefine Malene Maja
    Stine Sanne Ulla Vibeke Tove Grethe Lærke Ellen Ditte Maj-Britt Anne-Marie Solveig Ane Else
    Liv Frederikke Bodil Ruth Kirstine Rigmor Gudrun Agnete Zeynep Amira Thi Łucja Oksana Søs Karoline
    Asta Alberte Ingeborg Runa Bolette Tilde Merete Winnie Jonna Connie Dagny Sigrid Tara Yasmin Ragnhild
    Aase Ane-Sofie Lis-Marie Kaja Esther Nora Clara Viola Victoria Mille Naja Pernille Annika Benedikte"""
)
MEN = words(
    """Peter Jens Michael Lars Thomas Henrik Søren Christian Jan Martin Niels Anders Morten Jesper Mads Hans
    Rasmus Per Ole Kim Jørgen Erik Jakob Mikkel Claus Torben Frederik John Nikolaj Kristian Allan Bjarne
    Simon Steen Brian Flemming Daniel Poul Emil Carsten Alexander Finn Kasper Casper Bo Magnus Benny Kurt
    Knud Svend Leif Bent Ib Åge Bjørn René Jeppe Tobias Oliver Gustav Villads Asger Troels Esben Uffe Ejner
    Jørn Frode Aksel Viggo Hans-Henrik Lars-Erik Jens-Peter Karl-Otto Sebastian Victor Malthe Storm Aage
    Thorkild Preben Egon Palle Børge Ulrik Kenneth Dennis Johnny Ronni Ahmed Mehmet Ali Łukasz Tomasz Ivan
    Þórður Nguyen Bertil Birger Ditlev Eskild Folmer Gorm Hakon Ivar Kjeld Laurits Mogens Otto Regnar
    Sigurd Sune Tage Valdemar Verner Oskar Noah Elias Konrad Silas Anton Elliot Malik"""
)
FAMILIES = words(
    """Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen
    Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Jacobsen Mikkelsen
    Olesen Frederiksen Laursen Henriksen Lund Schmidt Eriksen Holm Kristiansen Clausen Simonsen Svendsen
    Andreasen Iversen Østergaard Jeppesen Vestergaard Nissen Lauridsen Mogensen Dam Frandsen Kjær Jespersen
    Søndergaard Carlsen Bertelsen Winther Juhl Bach Nørgaard Dahl Gregersen Friis Bang Toft Steffensen Lassen
    Krogh Kjeldsen Skov Schou Bech Damgaard Hald Ravn Brandt Beck Kruse Overgaard Berg Bjerregaard Davidsen
    Hermansen Krag Lorenzen Rask Riis Bonde Vinther Buch Aagaard Bruun Enevoldsen Ipsen Thorsen Hjorth Ibsen
    Kofoed Dalgaard Hede Bak Munk Hedegaard Graversen Skytte Nygaard Villadsen Villumsen Bundgaard Ågård
    Trolle Fisker Hvid Kirkegaard Falk Nørby Bæk Bødker Ladefoged Birk Lauritsen Øster Ørsted Ærø Wulff
    Balle Fønss Ølgaard Skaarup Gram Rønne Borg Højgaard Gade Sand Brix Kragh Nymann Elkjær Stæhr Øvlisen
    Yılmaz Kowalski Nowak Nguyen Müller Strauß Hussain Demir Petrović O'Brien Guðmundsson Björklund"""
)
MIDDLES = words(
    """Kjær Holm Bach Lund Møller Skov Friis Dam Krogh Nørgaard Vestergaard Østergaard Riis Juhl Toft Bang
    Winther Bech Ravn Hald Aagaard Bruun Hvid Gade Højgaard Brix Elkjær Sand Birk Falk"""
)
STREETS = tuple(
    """Nørregade, Vestergade, Søndergade, Østergade, Havnegade, Skolevej, Kirkevej, Møllevej, Bakkevej, Engvej,
    Skovvej, Birkevej, Industrivej, Stationsvej, Strandvejen, Ringvejen, Åboulevarden, Jernbanegade, Parkvej,
    Rosenvej, Lærkevej, Drosselvej, Elmevej, Bøgevej, Egevej, Kastanjevej, Syrenvej, Mosevej, Åvej, Fjordvej,
    Grønnegade, Algade, Torvet, Bredgade, Smedegade, Kongensgade, Dronningensgade, Vandværksvej, Hovedgaden,
    Tværvej, Solsortevej, Violvej, Kløvervej, Højvangen, Præstegårdsvej, Gl. Landevej, Frederiks Allé,
    Ceres Allé, Viborgvej, Randersvej, Silkeborgvej, Grenåvej, Marselis Boulevard, H.C. Andersens Vej,
    Læssøesgade, Ø. Ringgade, Sønder Ringvej, Ved Åen, Æblehaven""".replace("\n    ", " ").split(", ")
)


class Town(NamedTuple):
    """A post code, its town, and the first two digits its old landline numbers begin with."""

    postcode: str
    city: str
    landline: str


_TOWNS = """8000 Aarhus C 86|8200 Aarhus N 86|8210 Aarhus V 86|8220 Brabrand 86|8230 Åbyhøj 86|8240 Risskov 86
8260 Viby J 86|8270 Højbjerg 86|8310 Tranbjerg J 86|8320 Mårslet 86|8330 Beder 86|8340 Malling 86|8361 Hasselager 86
8380 Trige 86|8381 Tilst 86|8382 Hinnerup 86|8400 Ebeltoft 86|8410 Rønde 86|8450 Hammel 86|8464 Galten 86|8471 Sabro 86
8500 Grenaa 86|8520 Lystrup 86|8530 Hjortshøj 86|8541 Skødstrup 86|8543 Hornslet 86|8550 Ryomgård 86|8600 Silkeborg 86
8620 Kjellerup 86|8653 Them 86|8660 Skanderborg 86|8670 Låsby 86|8680 Ry 86|8700 Horsens 75|8722 Hedensted 75
8740 Brædstrup 75|8752 Østbirk 75|8800 Viborg 86|8830 Tjele 86|8850 Bjerringbro 86|8870 Langå 86|8900 Randers C 86
8920 Randers NV 86|8940 Randers SV 86|8960 Randers SØ 86|8981 Spentrup 86|9000 Aalborg 98|9400 Nørresundby 98
9500 Hobro 98|9560 Hadsund 98|9800 Hjørring 98|9990 Skagen 98|7100 Vejle 75|7120 Vejle Øst 75|7400 Herning 97
7430 Ikast 97|7500 Holstebro 97|7800 Skive 97|7900 Nykøbing M 97|6000 Kolding 75|6400 Sønderborg 74|6700 Esbjerg 75
6800 Varde 75|5000 Odense C 66|5220 Odense SØ 66|5500 Middelfart 64|5700 Svendborg 62|5970 Ærøskøbing 62
4000 Roskilde 46|4100 Ringsted 57|4200 Slagelse 58|4300 Holbæk 59|4600 Køge 56|4700 Næstved 55|4800 Nykøbing F 54
3000 Helsingør 49|3400 Hillerød 48|3700 Rønne 56|2000 Frederiksberg 38|2100 København Ø 35|2200 København N 35
2300 København S 32|2500 Valby 36|2600 Glostrup 43|2800 Kongens Lyngby 45|2900 Hellerup 39|1050 København K 33"""


def _read_towns() -> tuple[Town, ...]:
    towns = []
    for entry in _TOWNS.replace("\n", "|").split("|"):
        postcode, rest = entry.split(" ", 1)
        city, landline = rest.rsplit(" ", 1)
        towns.append(Town(postcode, city, landline))
    return tuple(towns)


TOWNS = _read_towns()
_MOBILE = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "40", "41", "42", "50", "51", "52",
           "53", "60", "61", "71", "81", "91", "92", "93")  # fmt: skip
_DIALLED = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "u", "ß": "ss", "ł": "l", "þ": "th", "ð": "d",
     "ı": "i", "ć": "c", "é": "e", "á": "a", "ó": "o", "ú": "u", " ": "", "'": "", ".": "", "&": "og", "/": ""}
)  # fmt: skip


def common(rng: random.Random, words: tuple[str, ...]) -> str:
    """One of `words`, the earlier ones more often (the square of a uniform draw)."""
    draw = rng.random()
    return words[int(draw * draw * len(words))]


def person(rng: random.Random) -> tuple[str, str]:
    """First and last name; one in eight carries a middle name, one in fourteen a second first name."""
    firsts = WOMEN if rng.random() < 0.48 else MEN
    first = common(rng, firsts)
    draw = rng.random()
    if draw < 0.07:
        first = f"{first} {common(rng, firsts)}"
    last = common(rng, FAMILIES)
    if draw > 0.80:
        middle = common(rng, MIDDLES)
        if middle != last:
            last = f"{middle} {last}" if draw < 0.99 else f"{middle}-{last}"
    return first, last


def address(rng: random.Random, town: Town) -> str:
    """A street and number in `town`; flats in the towns that have them."""
    street = STREETS[int(rng.random() * len(STREETS))]
    number = 1 + int(rng.random() ** 2 * 180)
    if rng.random() < 0.25:
        floor = ("st.", "1.", "2.", "3.", "4.")[int(rng.random() * 5)]
        return f"{street} {number}, {floor} {('tv', 'th', 'mf')[int(rng.random() * 3)]}"
    return f"{street} {number}{'ABC'[int(rng.random() * 3)]}" if rng.random() < 0.12 else f"{street} {number}"


def mobile(rng: random.Random) -> str:
    """A mobile number in international form, of a series that is in use."""
    return f"+45{_MOBILE[int(rng.random() * len(_MOBILE))]}{100_000 + int(rng.random() * 900_000)}"


def landline(rng: random.Random, town: Town) -> str:
    """A landline number that fits the town."""
    return f"+45{town.landline}{100_000 + int(rng.random() * 900_000)}"


def dialled(name: str) -> str:
    """The name as people write it in an e-mail address: lower case, a to z, digits and hyphens."""
    return name.lower().translate(_DIALLED)
