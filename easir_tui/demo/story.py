"""What happened between one made-up contact and the dealership in three years, as plain rows.

The storyteller draws a person, what they agreed to be called about, the cases they had, how each went along its
relations path, and what is planned now. All draws come from one seeded source and all times are counted from
one day, so the same seed and day tell the same story. Nothing happens later than the evening before that day.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from easir_tui.demo import companies, names, texts, vehicles
from easir_tui.demo.days import DAYS, Days
from easir_tui.demo.rows import Filed, OpenCase, Seller, Told
from easir_tui.relations import Milestone, RelationsPath

PRIVATE_ACCOUNT = 1
AVERAGE = 9.0
"""Mean of the exponential draw of activities a contact has; the fleet customers bring the mean to ten."""

_TOPIC_OF_STEP: Mapping[str, str] = {
    "trade_in": "trade_in", "financing": "finance", "credit_check": "finance", "delivered": "delivery",
    "sold": "delivery", "agreement": "contract",
}  # fmt: skip
"""What is written at some milestones of the paths we bring; the others go by their kind."""

_TOPIC_OF_KIND: Mapping[str, str] = {
    "contact": "contact", "meeting": "needs", "test_drive": "test_drive", "offer": "offer", "contract": "contract",
    "delivery": "delivery", "won": "contract", "lost": "lost", "closed": "lost",
}  # fmt: skip
_KINDS: Mapping[str, tuple[str, ...]] = {
    "contact": ("call", "call", "email", "email", "meeting", "note"),
    "needs": ("meeting", "meeting", "call", "email", "note"),
    "test_drive": ("meeting", "meeting", "meeting", "email", "note"),
    "trade_in": ("note", "meeting", "email"),
    "offer": ("email", "email", "call", "call", "meeting", "note"),
    "finance": ("email", "call", "note"),
    "contract": ("meeting", "email", "note"),
    "delivery": ("meeting", "call", "note"),
    "follow_up": ("call", "call", "email", "note"),
    "lost": ("call", "email", "note"),
    "other": ("note", "call", "call", "email", "email", "letter", "meeting"),
}
_MINUTES = (3, 4, 6, 8, 12, 15, 20, 25)
_MEETING = (30, 30, 45, 60, 60, 90)
_DOMAINS = ("post.example", "mail.example", "bynet.example", "fjordmail.example", "gmejl.example")
_DUE_DAYS = (-9, -5, -3, -2, -1, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 18, 21, 28, 35, 60)


class Storyteller:
    """Tells contact after contact; `take` hands over the rows told so far.

    Args:
        rng: the source of every draw.
        days: the calendar.
        sellers: who works there; the first is the person at the keyboard and has the most customers.
        paths: the relations paths.
        offers: a filed offer for each product name, and `papers` the other documents.
    """

    def __init__(
        self,
        rng: random.Random,
        days: Days,
        sellers: Sequence[Seller],
        paths: Sequence[RelationsPath],
        offers: Mapping[str, Filed],
        papers: Sequence[Filed],
    ) -> None:
        self.rng = rng
        self.days = days
        self.sellers = sellers
        self.paths = paths
        self.offers = offers
        self.papers = papers
        self.writer = texts.Writer(rng)
        self.towns = names.TOWNS
        self.milestones = {step.key: json.dumps([step.key]) for path in paths for step in path.milestones}
        self.companies: list[tuple[int, companies.Company]] = []
        self.next_case = 1
        self.next_activity = 1
        self._clear()

    def _clear(self) -> None:
        self.accounts: list[dict[str, Any]] = []
        self.contacts: list[dict[str, Any]] = []
        self.cases: list[tuple[Any, ...]] = []
        self.activities: list[tuple[Any, ...]] = []
        self.tasks: list[tuple[Any, ...]] = []
        self.consents: list[tuple[Any, ...]] = []
        self.attachments: list[tuple[Any, ...]] = []

    def take(self) -> dict[str, list[Any]]:
        """The rows told since the last time, by kind."""
        taken: dict[str, list[Any]] = {
            "accounts": self.accounts, "contacts": self.contacts, "cases": self.cases, "activities": self.activities,
            "tasks": self.tasks, "consents": self.consents, "attachments": self.attachments,
        }  # fmt: skip
        self._clear()
        return taken

    # People ----------------------------------------------------------------------------------------

    def contact(self, contact_id: int) -> None:
        """Tell one contact with everything around it."""
        draw = self.rng.random
        business = draw() < 0.34
        seller = self.sellers[int(draw() ** 1.6 * len(self.sellers))]
        first, last = names.person(self.rng)
        town = self.towns[int(draw() ** 2.2 * len(self.towns))]
        many = 100 + int(draw() * 200) if draw() < 0.005 else int(-math.log(1.0 - draw()) * AVERAGE + 0.5)
        begun = min(int(draw() ** 1.2 * DAYS), DAYS - 2)
        at = self.days.at(begun, 30_600 + int(draw() * 28_000))
        emails, phones = [], []
        person: dict[str, Any] = {"street": "", "postcode": "", "city": ""}
        if business:
            account_id, company = self._company(seller, at)
            town = company.town
            if draw() < 0.9:
                emails.append({"label": "work", "address": self._address(first, last, company.domain)})
            if draw() < 0.35:
                phones.append({"label": "work", "number": company.phone, "raw": company.phone, "extension": ""})
            person["job_title"] = names.common(self.rng, companies.JOB_TITLES)
        else:
            account_id = PRIVATE_ACCOUNT
            person = {"street": names.address(self.rng, town), "postcode": town.postcode, "city": town.city}
            if draw() < 0.93:
                emails.append({"label": "home", "address": self._address(first, last, "")})
            if draw() < 0.55:
                person["birthday"] = f"{1944 + int(draw() * 60)}-{1 + int(draw() * 12):02d}-{1 + int(draw() * 28):02d}"
        if draw() < 0.94 or not emails:
            number = names.mobile(self.rng)
            phones.insert(0, {"label": "mobile", "number": number, "raw": number, "extension": ""})
        if draw() < 0.1:
            emails.append({"label": "other", "address": self._address(first, last, "")})
        self.contacts.append({
            "id": contact_id, "kind": "business" if business else "private", "first_name": first, "last_name": last,
            "account_id": account_id, "emails": emails, "phones": phones, "responsible_id": seller.id,
            "origin": "lead" if draw() < 0.3 else "manual", "language": "da", "custom": self._custom(),
            "created_at": at, "created_by": seller.id, "updated_at": at, "updated_by": seller.id,
            "team_id": seller.team_id, **person,
        })  # fmt: skip
        self._consents(contact_id, seller, at)
        self.writer.facts = {"fornavn": first.split()[0], "saelger": seller.first_name}
        self._life(contact_id, account_id, business, seller, begun, many, emails, phones)

    def _address(self, first: str, last: str, domain: str) -> str:
        """An e-mail address made of the name, at a domain that never delivers."""
        draw = self.rng.random()
        given, family = names.dialled(first), names.dialled(last)
        if domain:
            return f"{given[:2]}{family[:2]}@{domain}" if draw < 0.3 else f"{given}@{domain}"
        local = f"{given}.{family}" if draw < 0.5 else f"{given}{10 + int(draw * 880) % 90}"
        return f"{local}@{_DOMAINS[int(draw * 97) % len(_DOMAINS)]}"

    def _company(self, seller: Seller, at: int) -> tuple[int, companies.Company]:
        """A known company, or a new one: about one for every three of its contacts."""
        known = self.companies
        if known and self.rng.random() < 0.66:
            return known[int(self.rng.random() * len(known))]
        company = companies.company(self.rng, self.towns)
        entry = (len(known) + PRIVATE_ACCOUNT + 1, company)
        known.append(entry)
        self.accounts.append({
            "id": entry[0], "kind": "company", "name": company.name, "cvr": company.cvr, "street": company.street,
            "postcode": company.town.postcode, "city": company.town.city, "phone": company.phone,
            "email": f"info@{company.domain}", "website": f"https://{company.domain}", "responsible_id": seller.id,
            "created_at": at, "created_by": seller.id, "updated_at": at, "updated_by": seller.id,
        })  # fmt: skip
        return entry

    def _custom(self) -> dict[str, str]:
        draw = self.rng.random()
        if draw < 0.06:
            return {"Kundeklub": ("Sølv", "Guld", "Platin")[int(draw * 50) % 3]}
        if draw < 0.12:
            return {"Nuværende bil": vehicles.trade_in(self.rng, self.days.today.year)}
        return {"Dæk på hotel": f"Reol {int(draw * 1000) % 40 + 1}"} if draw < 0.16 else {}

    def _consents(self, contact_id: int, seller: Seller, at: int) -> None:
        """Given, refused, or not asked (no row); some change their mind."""
        draw = self.rng.random
        for channel in ("phone", "email", "letter", "sms"):
            chance = draw()
            if chance > (0.7 if channel in ("phone", "email") else 0.35):
                continue
            state = "given" if draw() < 0.78 else "refused"
            asked = at + int(draw() * 3000)
            self._consent(contact_id, channel, state, asked, seller)
            if draw() < 0.07:
                later = asked + int(draw() * (self.days.midnight[DAYS] - asked))
                self._consent(contact_id, channel, "refused" if state == "given" else "given", later, seller)

    def _consent(self, contact_id: int, channel: str, state: str, at: int, seller: Seller) -> None:
        source = texts.CONSENT_SOURCES[int(self.rng.random() * len(texts.CONSENT_SOURCES))]
        self.consents.append((contact_id, channel, state, source, at, seller.id, at, seller.id, at, seller.id))

    # What happened ---------------------------------------------------------------------------------

    def _life(
        self, contact_id: int, account_id: int, business: bool, seller: Seller, begun: int, many: int,
        emails: list[dict[str, str]], phones: list[dict[str, str]],
    ) -> None:  # fmt: skip
        """Cases first, each with its share of the activities, then what belonged to no case, then what is next."""
        draw = self.rng.random
        email, phone = emails[0]["address"] if emails else "", phones[0]["number"] if phones else ""
        told = Told(contact_id, account_id, seller, email, phone)
        cases = 0 if many < 2 or draw() < 0.15 else min(1 + int(many / 14 * draw() * 1.6), 6)
        left = many
        open_case: OpenCase | None = None
        for number in range(cases):
            share = max(1, int(left * (0.45 + draw() * 0.4))) if number < cases - 1 else max(1, int(left * 0.8))
            share = min(share, left)
            if share < 1:
                break
            opened = begun + int((DAYS - 1 - begun) * ((number + draw()) / cases) ** 0.6)
            left -= share
            found = self._case(told, business, opened, share)
            open_case = found or open_case
        car = self._car()
        self._talk_about(car, car.price)
        for _ in range(left):
            day = begun + int(draw() * (DAYS - begun))
            self._activity(told, None, "[]", "other", self.days.at(day, 29_000 + int(draw() * 31_000)))
        if left and draw() < 0.18:
            paper = self.papers[int(draw() ** 1.5 * len(self.papers))]
            self._attach(told, None, None, paper, self.days.at(begun + 1, 40_000 + int(draw() * 9000)))
        self._plan(told, open_case, begun)

    def _talk_about(self, car: vehicles.Vehicle, price: int) -> None:
        """What the next texts are about; `price` in kroner."""
        self.writer.facts.update(
            bil=car.short, produkt=car.name, pris=f"{price:,}".replace(",", "."), sag=f"tilbud på {car.name}",
            bytte=vehicles.trade_in(self.rng, self.days.today.year),
        )  # fmt: skip

    def _car(self) -> vehicles.Vehicle:
        return vehicles.NEW[int(self.rng.random() * len(vehicles.NEW))]

    def _product(self, path: RelationsPath, business: bool) -> vehicles.Vehicle:
        """A car that fits the path and the customer."""
        if "used" in path.key or "brugt" in path.key:
            return vehicles.used(self.rng, self.days.today.year)
        if business and self.rng.random() < 0.6:
            return vehicles.VANS[int(self.rng.random() * len(vehicles.VANS))]
        return self._car()

    def _path(self, business: bool) -> RelationsPath:
        """The first paths most often; business customers the last one more."""
        draw = self.rng.random()
        if business and draw < 0.35:
            return self.paths[-1]
        return self.paths[min(int(draw * draw * len(self.paths)), len(self.paths) - 1)]

    def _case(self, told: Told, business: bool, opened: int, share: int) -> OpenCase | None:
        """One sale with `share` activities; what it is about, if it is still open."""
        draw = self.rng.random
        path = self._path(business)
        car = self._product(path, business)
        number = 1 + int(draw() * 4) if business and draw() < 0.4 else 1
        case_id, self.next_case = self.next_case, self.next_case + 1
        price = car.price - int(draw() * 12) * 1000
        self._talk_about(car, price)
        usual = [step for step in path.milestones if step.outcome != "lost" and step.sets_status != "rejected"]
        lost = [step for step in path.milestones if step.outcome == "lost"]
        age, ending = DAYS - opened, draw()
        length = min(8 + int(draw() * 70), age)
        still_open = 0.9 if age < 25 else 0.5 if age < 70 else 0.05
        fate = "open" if ending < still_open else "won" if draw() < 0.52 else "lost"
        won = next((place for place, step in enumerate(usual) if step.outcome == "won"), len(usual) - 1)
        if fate == "won":
            reached = won
        elif fate == "open":
            reached = min(int(draw() * (won + 0.99)), max(won - 1, 0))
        else:
            reached = int(draw() * max(won, 1))
        step: Milestone = usual[0]
        at = first_at = self.days.at(opened, 30_000 + int(draw() * 20_000))
        for turn in range(share):
            place = reached if turn == share - 1 else min(reached, int((turn + draw() * 0.5) * (reached + 1) / share))
            step = usual[place]
            if fate == "lost" and lost and turn == share - 1:
                step = lost[0]
            day = opened + int(length * (turn + draw() * 0.6) / share)
            at = max(at, self.days.at(day, 29_500 + int(draw() * 29_000)))
            topic = _TOPIC_OF_STEP.get(step.key) or _TOPIC_OF_KIND.get(step.kind, "follow_up")
            activity_id, kind = self._activity(told, case_id, self.milestones[step.key], topic, at)
            if topic == "offer" and kind == "email" and draw() < 0.5 and car.name in self.offers:
                self._attach(told, case_id, activity_id, self.offers[car.name], at)
        self._add_case(told, case_id, path, step, fate, car, number, price * number, first_at, at)
        return OpenCase(case_id, self.writer.facts["bil"]) if fate == "open" else None

    def _add_case(
        self, told: Told, case_id: int, path: RelationsPath, step: Milestone, fate: str, car: vehicles.Vehicle,
        number: int, price: int, opened_at: int, ended_at: int,
    ) -> None:  # fmt: skip
        draw = self.rng.random
        status, outcome, reason = "open", "", ""
        if fate == "won":
            status, outcome = "closed", "won"
        elif fate == "lost":
            status = "closed" if draw() < 0.75 else "rejected"
            outcome = "lost" if status == "closed" else ""
            reason = texts.REASONS[int(draw() * len(texts.REASONS))]
        chance = 100 if outcome == "won" else 0 if fate == "lost" else step.chance
        close = self.days.dates[DAYS + int(draw() * 90)].isoformat() if fate == "open" and draw() < 0.7 else None
        seller = told.seller.id
        title = f"{number} stk. {car.name}" if number > 1 else car.name
        self.cases.append((
            case_id, told.id, told.account_id, title, seller, path.key, step.key, status, outcome,
            reason, car.name, price * 100, chance, close, opened_at, None if status == "open" else ended_at,
            opened_at, seller, ended_at, seller, told.seller.team_id,
        ))  # fmt: skip

    def _activity(self, told: Told, case_id: int | None, milestones: str, topic: str, at: int) -> tuple[int, str]:
        """One thing that happened; its id and kind."""
        draw, writer = self.rng.random, self.writer
        kinds = _KINDS[topic]
        kind = kinds[int(draw() * len(kinds))]
        user = told.seller if draw() < 0.9 else self.sellers[int(draw() * len(self.sellers))]
        direction = subject = note = body = place = number = outcome = ""
        minutes, recipients = None, "{}"
        if kind == "email" and not told.email:
            kind = "call"
        if kind == "note":
            note = writer.note(topic)
        elif kind == "call":
            direction = "out" if draw() < 0.62 else "in"
            number = told.phone
            outcome = texts.OUTCOMES[int(draw() * len(texts.OUTCOMES))] if direction == "out" else "reached"
            minutes = _MINUTES[int(draw() * len(_MINUTES))] if outcome == "reached" else 0
            note = writer.note(topic) if outcome == "reached" and draw() < 0.8 else ""
        elif kind == "meeting":
            minutes = _MEETING[int(draw() * len(_MEETING))]
            place = texts.PLACES[int(draw() * len(texts.PLACES))]
            subject = writer.subject(topic)
            note = writer.note(topic) if draw() < 0.7 else ""
        elif kind == "email":
            direction = "out" if draw() < 0.6 else "in"
            subject = writer.subject(topic)
            to = told.email if direction == "out" else user.email
            if direction == "in" and draw() < 0.7:
                subject = f"Re: {subject}"
            recipients = f'{{"to":["{to}"],"cc":[],"bcc":[]}}'
            body = writer.mail(direction)
        else:
            direction, subject, body = "out", writer.subject(topic), writer.letter()
        activity_id, self.next_activity = self.next_activity, self.next_activity + 1
        self.activities.append((
            activity_id, told.id, told.account_id, case_id, kind, direction, at, minutes, user.id, subject, note, body,
            place, number, outcome, recipients, milestones, at, user.id, at, user.id,
        ))  # fmt: skip
        return activity_id, kind

    def _attach(self, told: Told, case_id: int | None, activity_id: int | None, filed: Filed, at: int) -> None:
        by = told.seller.id
        self.attachments.append((
            told.id, case_id, activity_id, filed.name, filed.media_type, filed.size, filed.sha256, filed.origin, at, by,
            at, by,
        ))  # fmt: skip

    # What is planned -------------------------------------------------------------------------------

    def _plan(self, told: Told, open_case: OpenCase | None, begun: int) -> None:
        """Open steps where something is going on, and some that were done."""
        draw = self.rng.random
        if open_case is not None:
            self.writer.facts["bil"] = open_case.car
            for _ in range(2 if draw() < 0.2 else 1):
                if draw() < 0.85:
                    self._task(told, open_case.case_id, _DUE_DAYS[int(draw() * len(_DUE_DAYS))])
        elif draw() < 0.06:
            self._task(told, None, _DUE_DAYS[int(draw() * len(_DUE_DAYS))])
        if draw() < 0.3:
            day = begun + int(draw() * (DAYS - begun))
            at = self.days.at(day, 32_400 + 900 * int(draw() * 30))
            kind = ("call", "meeting", "email", "remind")[int(draw() * 4)]
            by, done = told.seller.id, at + int(draw() * 5000)
            self.tasks.append((
                told.id, told.account_id, None, kind, self.writer.next_step(kind), by, at, None, None, at, "completed",
                done, by, None, at - 86_400, by, done, by,
            ))  # fmt: skip

    def _task(self, told: Told, case_id: int | None, ahead: int) -> None:
        draw = self.rng.random
        kind = ("call", "call", "call", "meeting", "email", "remind", "letter")[int(draw() * 6.3)]
        day = self.days.due(ahead)
        starts: int | None = self.days.midnight[day] + 30_600 + 1800 * int(draw() * 16)
        ends = starts + 3600 if kind == "meeting" and starts else None
        whole_day = None
        if kind in ("remind", "letter") or draw() < 0.12:
            starts, ends, whole_day = None, None, self.days.dates[day].isoformat()
        by = told.seller.id
        made = self.days.at(min(DAYS - 1, DAYS + ahead) - 3, 50_000 + int(draw() * 5000))
        self.tasks.append((
            told.id, told.account_id, case_id, kind, self.writer.next_step(kind), by, starts, ends, whole_day,
            starts if starts is not None else self.days.midnight[day], "open", None, None, None, made, by, made, by,
        ))  # fmt: skip
