"""Finding out whom a record of an import is about.

A person is recognised by the id another system gave them, then by an e-mail address, then by a phone
number together with the name. Two people may share an address or a number (faults 15), so wherever both
sides have a name, the names must fit. A record is held against the contacts that are stored and against
the records before it in the same import (faults 37).
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import apsw

from easir_tui import text
from easir_tui.crm.import_values import Facts, name_words
from easir_tui.data import derived
from easir_tui.data.sqlite import rows

Key = tuple[str, str]

COLUMNS = (
    "id", "version", "kind", "first_name", "last_name", "title", "job_title", "account_id", "emails", "phones",
    "street", "postcode", "city", "country", "website", "birthday", "language", "custom", "external_ids", "card",
)  # fmt: skip
"""What is read of a stored contact that a record may be about."""

_JSON = ("emails", "phones", "custom", "external_ids")


@dataclass(slots=True)
class Target:
    """A person a record may be about: a stored contact (`stored`), or one this import makes (`facts`).

    `place` is where in this import a record was about the same person before, 0 if none was. `changed` collects
    what is to be saved.
    """

    words: frozenset[str]
    contact_id: int = 0
    place: int = 0
    facts: Facts | None = None
    stored: dict[str, Any] | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Matcher:
    """Recognises the records of one import, a batch at a time.

    With `dry` nothing is stored between the batches, and what earlier batches would have stored is kept in a
    private file that is gone afterwards, so that memory stays as small as in a real run.
    """

    def __init__(self, dry: bool) -> None:
        self._places = array("Q")
        self._earlier = _Earlier() if dry else None
        self._by_key: dict[Key, list[Target]] = {}
        self._made: list[Target] = []

    def load(self, batch: Sequence[Facts]) -> None:
        """Read everybody the records of a batch may be about, in a few statements."""
        self._by_key, self._made = {}, []
        wanted: dict[str, set[str]] = {}
        nameless: dict[str, list[Facts]] = {}
        for facts in batch:
            for kind, key in facts.keys:
                wanted.setdefault(kind, set()).add(key)
            if not facts.keys:
                nameless.setdefault(text.sort_key(_shown_name(facts)), []).append(facts)
        found: list[tuple[Key, int]] = []
        for kind, keys in wanted.items():
            for some in _chunks(sorted(keys)):
                found += [((kind, key), contact_id) for key, contact_id in rows(
                    f"SELECT key, contact_id FROM contact_key WHERE kind = ? AND key IN ({_marks(some)})", kind, *some
                )]  # fmt: skip
        targets = self._read({contact_id for _key, contact_id in found})
        for pair, contact_id in found:
            if contact_id in targets:
                self._by_key.setdefault(pair, []).append(targets[contact_id])
        self._load_by_name(nameless)
        if self._earlier is not None:
            pairs = [pair for facts in batch for pair in recognised_by(facts)]
            for pair, place, words in self._earlier.find(pairs):
                self._by_key.setdefault(pair, []).append(Target(frozenset(words.split()), place=place))

    def _read(self, contact_ids: set[int]) -> dict[int, Target]:
        targets: dict[int, Target] = {}
        for some in _chunks(sorted(contact_ids)):
            for found in rows(
                f"SELECT {', '.join(COLUMNS)} FROM contact WHERE deleted_at IS NULL AND id IN ({_marks(some)})", *some
            ):
                stored = dict(zip(COLUMNS, found, strict=True))
                for name in _JSON:
                    stored[name] = json.loads(stored[name])
                words = name_words(f"{stored['first_name']} {stored['last_name']}")
                words = words or name_words(derived.company(stored["account_id"]).name)
                place = self._places[stored["id"]] if stored["id"] < len(self._places) else 0
                targets[stored["id"]] = Target(words, stored["id"], place, stored=stored)
        return targets

    def _load_by_name(self, nameless: dict[str, list[Facts]]) -> None:
        """Stored contacts that, like these records, have a name and neither an address nor a number."""
        for some in _chunks(sorted(nameless)):
            ids = [(name_key, contact_id) for name_key, contact_id in rows(
                f"SELECT c.name_key, c.id FROM contact c WHERE c.deleted_at IS NULL AND c.name_key IN ({_marks(some)}) "
                "AND c.email = '' AND c.phone = ''", *some
            )]  # fmt: skip
            targets = self._read({contact_id for _name, contact_id in ids})
            for name_key, contact_id in ids:
                target = targets[contact_id]
                stored = target.stored or {}
                company = derived.company(stored["account_id"]).name
                for facts in nameless[name_key]:
                    if text.sort_key(company) == text.sort_key(facts.company):
                        known = self._by_key.setdefault(_name_key(facts), [])
                        if target not in known:
                            known.append(target)

    def find(self, facts: Facts) -> Target | None:
        """The person a record is about, if anybody here is.

        Of several, the one this very record was once stored as, else the one with the most in common.
        """
        found: dict[int, tuple[int, Target]] = {}
        for key in recognised_by(facts):
            for target in self._by_key.get(key, ()):
                if _fits(key[0], target, facts):
                    if target.stored is not None and target.stored["card"] == facts.card:
                        return target
                    weight = found[id(target)][0] if id(target) in found else 0
                    found[id(target)] = (weight + (100 if key[0].startswith("id:") else 1), target)
        best = max(
            found.values(), default=None,
            key=lambda pair: (pair[0], not pair[1].place, pair[1].words == facts.words),
        )  # fmt: skip
        return best[1] if best else None

    def make(self, facts: Facts) -> Target:
        """Take a record as a new person, whom later records may be about."""
        target = Target(facts.words, place=facts.place, facts=facts)
        self._made.append(target)
        self.learn(target, facts)
        return target

    def learn(self, target: Target, facts: Facts) -> None:
        """From now on this person is also recognised by what is in this record."""
        target.words = target.words or facts.words
        for key in recognised_by(facts):
            known = self._by_key.setdefault(key, [])
            if target not in known:
                known.append(target)
        if self._earlier is not None:
            self._earlier.add(recognised_by(facts), target.place, " ".join(sorted(target.words)))

    def claim(self, contact_id: int, place: int) -> None:
        """Remember which record of this import was about a stored contact first."""
        if contact_id >= len(self._places):
            self._places.extend([0] * (contact_id + 1024 - len(self._places)))
        self._places[contact_id] = place


class _Earlier:
    """The records of earlier batches of a dry run, on disk as soon as they are many."""

    def __init__(self) -> None:
        self._file = apsw.Connection("")
        self._file.execute("CREATE TABLE seen (kind TEXT, key TEXT, place INTEGER, words TEXT)")
        self._file.execute("CREATE INDEX seen_key ON seen(kind, key)")
        self._file.execute("PRAGMA synchronous = off")

    def add(self, keys: Iterable[Key], place: int, words: str) -> None:
        self._file.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", [(*key, place, words) for key in keys])

    def find(self, keys: Iterable[Key]) -> Iterator[tuple[Key, int, str]]:
        wanted: dict[str, set[str]] = {}
        for kind, key in keys:
            wanted.setdefault(kind, set()).add(key)
        for kind, several in wanted.items():
            for some in _chunks(sorted(several)):
                for key, place, words in self._file.execute(
                    f"SELECT key, place, words FROM seen WHERE kind = ? AND key IN ({_marks(some)}) ORDER BY place",
                    (kind, *some),
                ):
                    yield (kind, key), place, words


def recognised_by(facts: Facts) -> list[Key]:
    """The keys of a record, or its name and company when it has none."""
    return facts.keys or [_name_key(facts)]


def _name_key(facts: Facts) -> Key:
    return ("name", f"{text.sort_key(_shown_name(facts))}|{text.sort_key(facts.company)}")


def _shown_name(facts: Facts) -> str:
    plain = facts.plain
    return derived.display_name(plain["first_name"], plain["last_name"], facts.company, facts.emails, facts.phones)


def _fits(kind: str, target: Target, facts: Facts) -> bool:
    """Whether a person with the same key can be the one of the record."""
    if kind == "id:vcard" and not target.place:
        return True
    if kind == "name":
        return not _told_apart(target, facts)
    if kind == "phone" and bool(target.words) is not bool(facts.words):
        return False
    return names_fit(target.words, facts.words)


def names_fit(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names can be one person's: no name, the same words, fewer of them, or an initial for one."""
    if one <= other or other <= one:
        return True
    few, many = sorted((one - other, other - one), key=len)
    return all(len(word) == 1 and any(whole.startswith(word) for whole in many) for word in few)


def _told_apart(target: Target, facts: Facts) -> bool:
    """Whether birthday or street show that two people of one name are two."""
    known = target.stored or (target.facts.plain if target.facts else {})
    return any(
        known.get(name) and facts.plain[name] and known[name] != facts.plain[name] for name in ("birthday", "street")
    )


def _chunks(values: Sequence[Any], size: int = 1000) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
