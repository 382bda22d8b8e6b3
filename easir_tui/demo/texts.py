"""What the people of the dealership write: notes, subjects, letters, lines of the next step, all in Danish.

A text is a draw of an opening, sometimes a detail, sometimes a close, from the topic it belongs to. Slots in
braces are filled from the facts of the case (`{bil}`, `{produkt}`, `{pris}`) or drawn from the lists below.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import NamedTuple

from easir_tui.demo import vehicles


class Topic(NamedTuple):
    """The sentences of one stage of a sale."""

    openings: tuple[str, ...]
    details: tuple[str, ...]
    closes: tuple[str, ...]
    subjects: tuple[str, ...]


_WORDS: Mapping[str, tuple[str, ...]] = {
    "farve": vehicles.COLOURS,
    "dag": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "på lørdag", "først i næste uge"),
    "tid": ("kl. 10", "kl. 16.30", "efter kl. 15", "om formiddagen", "i frokostpausen", "kl. 9", "sidst på dagen"),
    "partner": ("konen", "manden", "kæresten", "sønnen", "datteren", "svigerfar", "medejeren", "bestyrelsen"),
    "ydelse": ("2.495", "2.995", "3.295", "3.695", "3.995", "4.495", "4.995", "5.495"),
    "udbetaling": ("20 %", "50.000", "75.000", "35.000", "100.000", "0 kr."),
    "rabat": ("5.000", "8.000", "10.000", "12.500", "15.000", "vinterhjul", "et serviceabonnement", "måtter og træk"),
    "konkurrent": ("Kia", "Tesla", "Toyota", "Hyundai", "BYD", "Volvo", "forhandleren i Horsens", "en på Bilbasen"),
    "udstyr": ("anhængertræk", "varmepumpe", "panoramatag", "adaptiv fartpilot", "head-up", "store fælge",
               "elektrisk bagklap", "ekstra sæt vinterhjul", "barnesæde-isofix foran", "hundegitter"),
    "km": ("15.000", "20.000", "25.000", "30.000", "40.000", "12.000"),
    "uge": ("uge 3", "uge 7", "uge 11", "uge 16", "uge 22", "uge 35", "uge 41", "uge 48"),
    "brug": ("pendler til Vejle hver dag", "kører mest i byen", "har campingvogn på 1.400 kg", "har tre børn og hund",
             "skal have plads til en kørestol", "henter børnebørn i skole", "kører til Sverige hver vinter",
             "har kun brug for én bil nu", "har fået ladeboks hjemme", "bor i lejlighed og kan ikke lade hjemme",
             "kører kundebesøg i hele Jylland", "skal have værktøjet låst inde om natten"),
    "grund": ("prisen var for høj", "leveringstiden var for lang", "købte hos {konkurrent}", "beholder den gamle lidt",
              "fik afslag på finansiering", "fik firmabil gennem arbejdet", "vil hellere have en brugt"),
    "humor": ("Flink mand, men har travlt.", "Griner meget, og ved hvad hun vil have.", "Taler helst i telefon.",
              "Skal ikke presses.", "Husk kaffe uden mælk.", "Kender Jens fra håndbold.",
              "Hilste fra sin bror, som købte i fjor.", "Har gigt, så ind- og udstigning betyder noget.",
              "Svarer hurtigst på sms.", "Ring ikke mellem 12 og 13."),
    "fejl": ("en mislyd fra venstre forhjul", "en advarselslampe", "en rude, der knirker", "en lille bule i bagskærmen",
             "navigationen, der fryser", "en ladekabel-lås, der binder"),
}  # fmt: skip

TOPICS: Mapping[str, Topic] = {
    "contact": Topic(
        (
            "Ringede ind om {produkt}.",
            "Har set vores {bil} på nettet og vil høre mere.",
            "Kom forbi i udstillingen og kiggede på {bil}.",
            "Henvendelse fra hjemmesiden: er {bil} stadig til salg?",
            "Talte kort med kunden om en {bil}; blev henvist af en nabo.",
            "Vil skifte den nuværende bil ud, gerne med en {bil}.",
        ),
        (
            "Kører ca. {km} km om året, {brug}.",
            "Har i dag en {bytte}.",
            "Kigger også på {konkurrent}.",
            "Har et budget omkring {pris} kr.",
            "Vil gerne have {udstyr}.",
            "{humor}",
            "Beslutter det sammen med {partner}.",
        ),
        (
            "Ringer igen {dag}.",
            "Sender brochure og priser.",
            "Vil gerne ringes op {tid}.",
            "Foreslog en prøvetur {dag} {tid}.",
            "",
        ),
        ("{produkt}", "Spørgsmål om {bil}", "Din henvendelse om {bil}", "Brochure og priser på {bil}"),
    ),
    "needs": Topic(
        (
            "Gennemgik behov: {brug}.",
            "Behovssamtale, {km} km om året, {brug}.",
            "Talte om, hvad den nye bil skal kunne. Valget står mellem {bil} og en fra {konkurrent}.",
            "Fik listen over ønsker: {udstyr} og {farve} som farve.",
            "Regnede på {bil} mod den nuværende {bytte}.",
        ),
        (
            "Månedligt budget ca. {ydelse} kr.",
            "Aftalen på den gamle udløber i {uge}.",
            "{udstyr} er et krav.",
            "Vil helst have den i {farve}.",
            "{humor}",
            "Har {partner} med til næste møde.",
        ),
        ("Finder to forslag til {dag}.", "Prøvetur aftalt {dag} {tid}.", "Sender oplæg {dag}.", ""),
        ("Dine ønsker til den nye bil", "Forslag: {bil}", "Oplæg efter vores møde"),
    ),
    "test_drive": Topic(
        (
            "Prøvetur i {bil}, {farve}.",
            "Kørte en tur i {bil} sammen med {partner}.",
            "Prøvekørte {bil} ad motorvejen til Skejby og hjem.",
            "Havde {bil} med hjem natten over.",
            "Prøvetur gennemført, kopi af kørekort taget.",
        ),
        (
            "Glad for støjniveauet, lidt i tvivl om bagagerummet.",
            "Syntes sæderne var bedre end hos {konkurrent}.",
            "{partner} skal også prøve den.",
            "Vil have {udstyr}, ellers er den god.",
            "Kunne ikke lide skærmen, men det vænner man sig til.",
            "Rækkevidden er rigelig: {brug}.",
            "Kørte {bytte} med herind, fin stand, {km} km om året.",
            "{humor}",
        ),
        ("Sender tilbud {dag}.", "Skal have tilbud med og uden bytte.", "Vender tilbage {dag}.", ""),
        ("Bekræftelse på prøvetur", "Prøvetur i {bil}", "Tak for prøveturen"),
    ),
    "trade_in": Topic(
        (
            "Vurderede kundens {bytte}.",
            "Bytte: {bytte}, pæn, fuld servicebog.",
            "Så på byttebilen, en {bytte}; {fejl}.",
        ),
        (
            "Forventer {rabat} mere, end vi kan give.",
            "Tog billeder, Mette regner på den.",
            "Restgæld i Santander, skal indfries.",
        ),
        ("Bud gælder til {dag}.", "Kunden tænker over det.", ""),
        ("Vurdering af din {bytte}", "Pris på byttebil"),
    ),
    "offer": Topic(
        (
            "Tilbud på {produkt} givet, {pris} kr. leveret.",
            "Sendte tilbud: {produkt} i {farve}.",
            "Gennemgik tilbuddet på {bil} linje for linje.",
            "Tilbud på privatleasing: {ydelse} kr./md., {udbetaling} i førstegangsydelse, {km} km.",
            "Fik tilbuddet gennem {partner}; afventer svar.",
        ),
        (
            "Vil have {rabat} oveni.",
            "Har et tilbud fra {konkurrent}, som er lidt billigere.",
            "Ønsker levering i {uge}.",
            "Spurgte igen om {udstyr}.",
            "Er klar, hvis vi kan tage {bytte} i bytte.",
            "Vil gerne have den i {farve} i stedet.",
            "{humor}",
        ),
        (
            "Tilbud gælder 14 dage.",
            "Ringer {dag} {tid}.",
            "Beslutter sig {dag}.",
            "Skal lige vende det med {partner}.",
            "",
        ),
        ("Tilbud på {produkt}", "Revideret tilbud, {bil}", "Leasingtilbud på {bil}", "Dit tilbud udløber snart"),
    ),
    "finance": Topic(
        (
            "Ansøgning om finansiering sendt, {udbetaling} i udbetaling.",
            "Finansiering godkendt: {ydelse} kr./md. over 84 måneder.",
            "Banken vil se de seneste tre lønsedler.",
        ),
        ("Egen bank er 0,4 % billigere.", "Ønsker lån uden binding.", "Skal have {partner} med på lånet.", "{humor}"),
        ("Svar ventes {dag}.", ""),
        ("Finansiering af {bil}", "Dokumenter til lånet"),
    ),
    "contract": Topic(
        (
            "Kontrakt underskrevet på {produkt}.",
            "Slutseddel skrevet under i dag, {farve}, {udstyr}.",
            "Solgt! {produkt} til {pris} kr.",
            "Slutseddel sendt til digital underskrift.",
        ),
        (
            "Depositum 5.000 betalt.",
            "Vi tager {bytte} i bytte.",
            "Levering aftalt til {uge}.",
            "Gav {rabat} for at lukke den.",
            "{humor}",
        ),
        ("Bestilles i dag.", "Husk nummerplader og forsikring.", ""),
        ("Slutseddel, {produkt}", "Tillykke med din nye {bil}", "Ordrebekræftelse"),
    ),
    "delivery": Topic(
        (
            "{bil} udleveret, nøgler og papirer givet.",
            "Leveringsdato rykket til {uge}; kunden er orienteret.",
            "Udlevering med gennemgang af app og opladning.",
        ),
        ("Alt i orden, meget glad.", "Mangler {udstyr}, eftermonteres.", "Fandt {fejl}, værkstedet ordner det."),
        ("Ringer om 14 dage og hører, hvordan den kører.", ""),
        ("Udlevering af din {bil}", "Velkommen til din nye bil"),
    ),
    "follow_up": Topic(
        (
            "Ringede og hørte, hvordan {bil} kører.",
            "Opfølgning efter levering.",
            "Lagde besked på telefonsvareren.",
            "Traf ikke kunden, prøver igen {dag}.",
            "Kort snak om næste bil; leasingen udløber i {uge}.",
        ),
        ("Er tilfreds.", "Har {fejl}, booket til værksted.", "Anbefaler os til {partner}.", "{humor}"),
        ("", "Ringer igen om et halvt år.", "Vil gerne inviteres til åbent hus."),
        ("Hvordan kører din {bil}?", "Opfølgning", "Din leasing udløber"),
    ),
    "lost": Topic(
        ("Sagen er tabt: {grund}.", "Kunden sprang fra, {grund}.", "Købte ikke; {grund}."),
        ("Var ellers tæt på {dag}.", "Vil gerne høre fra os igen til næste år.", "{humor}"),
        ("", "Sat til opfølgning om 12 måneder."),
        ("Tak for snakken", "Vedr. {bil}"),
    ),
    "other": Topic(
        (
            "Service og hjulskifte bestilt.",
            "Spurgte til garanti på {fejl}.",
            "Ny adresse og nyt telefonnummer, rettet på kortet.",
            "Vil ikke have flere nyhedsbreve, men gerne opkald.",
            "Inviteret til åbent hus på lørdag.",
            "Foretrækker opkald {tid}.",
            "Har hentet lånebil, afleverer {dag}.",
            "Kom forbi med kage. {humor}",
            "Skal huskes, når der kommer en brugt {bil}.",
        ),
        ("Kunden {brug}.", "{humor}", "Overvejer en {bil} til {partner}."),
        ("", "", "Følg op {dag}."),
        ("Servicebesøg", "Åbent hus på lørdag", "Din bil er klar", "Hjulskifte"),
    ),
}

NEXT_STEPS: Mapping[str, tuple[str, ...]] = {
    "call": ("Ring og hør, om tilbuddet passer", "Spørg til byttebilen", "Ring om prøvetur",
             "Hør, om {partner} har set den",
             "Følg op på {bil}", "Ring tilbage som aftalt"),
    "meeting": ("Prøvetur i {bil}", "Gennemgang af tilbud", "Udlevering", "Vurdering af byttebil", "Kaffe og kontrakt"),
    "email": ("Send leasingtilbud", "Send billeder af {bil}", "Send revideret tilbud", "Svar om {udstyr}"),
    "letter": ("Send slutseddel med posten", "Send invitation til åbent hus"),
    "remind": ("Tjek leveringsdato", "Bestil nummerplader", "Ryk banken", "Ladeboks: hør elektrikeren",
               "Leasing udløber, tag fat i kunden"),
}  # fmt: skip

PLACES = ("Udstillingen", "Hos kunden", "Showroom Aarhus Nord", "Prøvetur", "Kontoret", "Videomøde", "Værkstedet")
OUTCOMES = ("reached", "reached", "reached", "no_answer", "voicemail", "call_back")
CONSENT_SOURCES = ("Slutseddel", "Hjemmesidens formular", "Sagt i telefonen", "Underskrevet i butikken", "E-mail")
REASONS = ("Prisen", "Købte et andet sted", "Leveringstid", "Finansiering afvist", "Ingen kontakt", "Udskudt")

_MAIL = (
    "Hej {fornavn}\n\nTak for snakken. Som lovet får du her {sag}.\n\n{linje}\n\nSkriv eller ring, hvis der er noget."
    "\n\nVenlig hilsen\n{saelger}",
    "Kære {fornavn}\n\n{linje}\n\nDu kan svare direkte på denne mail.\n\nMed venlig hilsen\n{saelger}\nKystbyens Biler",
    "Hej {fornavn}\n\n{linje} Passer det dig {dag} {tid}?\n\nHilsen {saelger}",
)
_REPLY = (
    "Hej {saelger}\n\nTak for mailen. {linje}\n\nVh {fornavn}",
    "Hej\n\nVi har kigget på det. Kan I gøre noget ved prisen, eller lægge {rabat} oveni?\n\nMvh {fornavn}",
    "Det lyder fint. Jeg kan {dag} {tid}.\n\n{fornavn}",
)
_LETTER = (
    "Kære {fornavn}\n\nVi har fornøjelsen at invitere dig til åbent hus, hvor du kan se nye {bil}.\n\n"
    "Med venlig hilsen\n{saelger}\nKystbyens Biler"
)
_LINES = (
    "Vi har {bil} hjemme i {farve}.", "Ydelsen er {ydelse} kr. om måneden med {km} km om året.",
    "Jeg har holdt prisen på {pris} kr. indtil {dag}.", "Byttebilen er vurderet, og tallet står i tilbuddet.",
    "Leveringen ser ud til at blive i {uge}.", "Jeg har sat {udstyr} med på listen.",
)  # fmt: skip


class Writer:
    """Fills slots: what it was told first, then a word drawn from the lists.

    Args:
        rng: the source of every draw.
    """

    def __init__(self, rng: random.Random) -> None:
        self._random = rng.random
        self.facts: dict[str, str] = {}
        self._opening = ""

    def __getitem__(self, slot: str) -> str:
        known = self.facts.get(slot)
        if known is not None:
            return known
        word = self._draw(_WORDS[slot])
        return word.format_map(self) if "{" in word else word

    def _draw(self, choices: tuple[str, ...]) -> str:
        return choices[int(self._random() * len(choices))]

    def fill(self, template: str) -> str:
        """The template with every slot filled; a sentence begins with a capital letter."""
        text = template.format_map(self) if "{" in template else template
        return text[:1].upper() + text[1:]

    def note(self, topic: str) -> str:
        """One to three sentences a salesperson would write after a contact of this topic."""
        sentences = TOPICS[topic]
        opening = self._draw(sentences.openings)
        if opening == self._opening:
            opening = self._draw(sentences.openings)
        self._opening = opening
        text = self.fill(opening)
        draw = self._random()
        if draw < 0.75:
            text += " " + self.fill(self._draw(sentences.details))
        if draw < 0.5:
            close = self._draw(sentences.closes)
            if close:
                text += " " + self.fill(close)
        return text

    def subject(self, topic: str) -> str:
        """The subject line of a mail, a meeting or a letter of this topic."""
        return self.fill(self._draw(TOPICS[topic].subjects))

    def next_step(self, kind: str) -> str:
        """The note on a planned task of this type."""
        return self.fill(self._draw(NEXT_STEPS[kind]))

    def mail(self, direction: str) -> str:
        """The text of a mail out to the customer, or `in` from the customer."""
        self.facts["linje"] = self.fill(self._draw(_LINES))
        return self.fill(self._draw(_REPLY if direction == "in" else _MAIL))

    def letter(self) -> str:
        """The text of a letter."""
        return self.fill(_LETTER)
