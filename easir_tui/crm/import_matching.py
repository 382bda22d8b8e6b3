"""Finding out whom a record of an import is about.

A person is recognised by the id another system gave them, then by an e-mail address, then by a phone number together
with the name. Two people may share an address or a number (faults 15), so wherever both sides have a name, the names
must fit. A record is held against the contacts that are stored and against the records before it in the same import
(faults 37). A record that came before, word for word, belongs where it was put then, whatever has changed since, so
that a second run of the same files changes nothing (faults 39).
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
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
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
    """A person a record may be about.

    `place` is where in this import a record was about them first, 0 if none was. `made` says that this import makes
    or made them: `facts` until that is done, `contact_id` afterwards. `stored` is the row of a stored contact.
    `words`, `birthday` and `street` are what tells people apart, `named` whether the words are those of a name and
    not of a company. `changed`, `notes` and `refused` collect what is to be saved.
    """

    words: frozenset[str]
    named: bool = False
    birthday: str = ""
    street: str = ""
    place: int = 0
    contact_id: int = 0
    made: bool = False
    facts: Facts | None = None
    stored: dict[str, Any] | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def follow(self) -> None:
        """Let what tells people apart follow from the values as they are now."""
        values = self.facts.plain if self.facts is not None else self.stored
        if values is not None:
            words = name_words(f"{values['first_name']} {values['last_name']}")
            self.words = words or self.words
            self.named = bool(values["first_name"] or values["last_name"])
            self.birthday, self.street = values["birthday"], values["street"]


class Matcher:
    """Recognises the records of one import, a batch at a time.

    Who was met earlier in the import is kept in a private file that is gone afterwards. So memory stays small, a look
    that stores nothing finds the same as a real run, and the size of the batches makes no difference.
    """

    def __init__(self, me: Me) -> None:
        self._seen = seen_by(me)
        self._places = array("Q")
        self._earlier = _Earlier()
        self._by_key: dict[Key, list[Target]] = {}
        self._met: dict[int, Target] = {}
        self._loaded: dict[int, Target] = {}
        self._keys: list[tuple[str, str, int]] = []

    def load(self, batch: Sequence[Facts]) -> None:
        """Read everybody the records of a batch may be about, in a few statements."""
        self._by_key, self._met, self._loaded, self._keys = {}, {}, {}, []
        wanted: dict[str, set[str]] = {}
        nameless: dict[str, list[Facts]] = {}
        for facts in batch:
            for kind, key in recognised_by(facts):
                wanted.setdefault(kind, set()).add(key)
            if not facts.keys:
                nameless.setdefault(text.sort_key(_shown_name(facts)), []).append(facts)
        met = self._earlier.find(wanted)
        ids = {target.contact_id for _key, target in met if target.contact_id}
        found: list[tuple[Key, int]] = []
        for kind, keys in wanted.items():
            for some in _chunks(sorted(keys)):
                found += [((kind, key), contact_id) for key, contact_id in rows(
                    f"SELECT key, contact_id FROM contact_key WHERE kind = ? AND key IN ({_marks(some)})", kind, *some
                ) if not self._place_of(contact_id)]  # fmt: skip
        stored = self._read(ids | {contact_id for _key, contact_id in found})
        for pair, target in met:
            target.stored = stored[target.contact_id].stored if target.contact_id in stored else None
            self._by_key.setdefault(pair, []).append(target)
        for pair, contact_id in found:
            if contact_id in stored:
                self._by_key.setdefault(pair, []).append(stored[contact_id])
        self._load_by_name(nameless)

    def _place_of(self, contact_id: int) -> int:
        return self._places[contact_id] if contact_id < len(self._places) else 0

    def _read(self, contact_ids: set[int]) -> dict[int, Target]:
        """These contacts, each read once in a batch, so that there is one place for what it gains."""
        for some in _chunks(sorted(contact_ids - self._loaded.keys())):
            for found in rows(
                f"SELECT {', '.join(COLUMNS)} FROM contact WHERE deleted_at IS NULL AND {self._seen} "
                f"AND id IN ({_marks(some)})",
                *some,
            ):
                stored = dict(zip(COLUMNS, found, strict=True))
                for name in _JSON:
                    stored[name] = json.loads(stored[name])
                target = Target(frozenset(), contact_id=stored["id"], stored=stored)
                target.follow()
                target.words = target.words or name_words(derived.company(stored["account_id"]).name)
                self._loaded[stored["id"]] = target
        return self._loaded

    def _load_by_name(self, nameless: dict[str, list[Facts]]) -> None:
        """Stored contacts that, like these records, have a name and neither an address nor a number."""
        for some in _chunks(sorted(nameless)):
            named = [(name_key, contact_id) for name_key, contact_id in rows(
                f"SELECT name_key, id FROM contact WHERE deleted_at IS NULL AND {self._seen} "
                f"AND name_key IN ({_marks(some)})", *some,
            ) if not self._place_of(contact_id)]  # fmt: skip
            targets = self._read({contact_id for _name, contact_id in named})
            for name_key, contact_id in named:
                target = targets[contact_id]
                stored = target.stored or {}
                company = text.sort_key(derived.company(stored["account_id"]).name)
                bare = not stored["emails"] and not stored["phones"]
                for facts in nameless[name_key]:
                    if (bare and company == text.sort_key(facts.company)) or _is_kept(target, facts):
                        known = self._by_key.setdefault(_name_key(facts), [])
                        if target not in known:
                            known.append(target)

    def find(self, facts: Facts) -> Target | None:
        """The person a record is about, if anybody here is.

        Of several, the one this very record was put to before, else the one with the most in common.
        """
        found: dict[int, tuple[int, Target]] = {}
        kept: list[Target] = []
        for key in recognised_by(facts):
            for target in self._by_key.get(key, ()):
                if not target.made and _is_kept(target, facts):
                    kept.append(target)
                elif _fits(key[0], target, facts):
                    weight = found[id(target)][0] if id(target) in found else 0
                    found[id(target)] = (weight + (100 if key[0].startswith("id:") else 1), target)
        if kept:
            return max(kept, key=lambda target: (_began_with(target, facts), not target.place, -target.contact_id))
        best = max(
            found.values(), default=None,
            key=lambda pair: (
                pair[0], pair[1].words == facts.words, not pair[1].place, -(pair[1].place or pair[1].contact_id)
            ),
        )  # fmt: skip
        return best[1] if best else None

    def make(self, facts: Facts) -> Target:
        """Take a record as a new person, whom later records may be about."""
        target = Target(facts.words, place=facts.place, made=True, facts=facts)
        self.learn(target, facts)
        return target

    def learn(self, target: Target, facts: Facts) -> None:
        """From now on this person is also recognised by what is in this record."""
        keys = recognised_by(facts)
        if target.place == facts.place:
            target.follow()
        elif facts.named and not target.named:
            target.words, target.named = facts.words, True
        if target.place == facts.place and target.stored is not None:
            own = derived.contact_keys(target.contact_id, target.stored)
            keys = list(dict.fromkeys([*keys, *((kind, key) for kind, key, _contact in own)]))
        for pair in keys:
            known = self._by_key.setdefault(pair, [])
            if not any(one is target for one in known):
                known.append(target)
            self._keys.append((*pair, target.place))
        self._met[target.place] = target

    def settle(self) -> None:
        """Remember the people of this batch for the batches after it."""
        for target in self._met.values():
            if target.contact_id:
                if target.contact_id >= len(self._places):
                    self._places.extend([0] * (target.contact_id + 1024 - len(self._places)))
                self._places[target.contact_id] = target.place
        self._earlier.add(self._met.values(), self._keys)


class _Earlier:
    """The people of earlier batches, on disk as soon as they are many."""

    def __init__(self) -> None:
        self._file = apsw.Connection("")
        for statement in (
            "PRAGMA synchronous = off",
            "CREATE TABLE person (place INTEGER PRIMARY KEY, contact_id, made, words, named, birthday, street)",
            "CREATE TABLE seen (kind, key, place, PRIMARY KEY (kind, key, place)) WITHOUT ROWID",
        ):
            self._file.execute(statement)

    def add(self, people: Iterable[Target], keys: Iterable[tuple[str, str, int]]) -> None:
        with self._file:
            self._file.executemany(
                "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(one.place, one.contact_id, int(one.made), " ".join(sorted(one.words)), int(one.named), one.birthday,
                  one.street) for one in people],
            )  # fmt: skip
            self._file.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", keys)

    def find(self, wanted: dict[str, set[str]]) -> list[tuple[Key, Target]]:
        """Who is known by these keys, each person once."""
        found: list[tuple[Key, Target]] = []
        people: dict[int, Target] = {}
        for kind, keys in wanted.items():
            for some in _chunks(sorted(keys)):
                for key, place, contact_id, made, words, named, birthday, street in self._file.execute(
                    "SELECT s.key, p.* FROM seen s JOIN person p ON p.place = s.place "
                    f"WHERE s.kind = ? AND s.key IN ({_marks(some)})", (kind, *some),
                ):  # fmt: skip
                    if place not in people:
                        people[place] = Target(
                            frozenset(words.split()), bool(named), birthday, street, place, contact_id, bool(made)
                        )
                    found.append(((kind, key), people[place]))
        return found


def recognised_by(facts: Facts) -> list[Key]:
    """The keys of a record, or its name and company when it has none."""
    return facts.keys or [_name_key(facts)]


def _name_key(facts: Facts) -> Key:
    return ("name", f"{text.sort_key(_shown_name(facts))}|{text.sort_key(facts.company)}")


def _shown_name(facts: Facts) -> str:
    plain = facts.plain
    return derived.display_name(plain["first_name"], plain["last_name"], facts.company, facts.emails, facts.phones)


def _is_kept(target: Target, facts: Facts) -> bool:
    """Whether this very record is among the cards that are kept with a stored contact."""
    return bool(target.stored and target.stored["card"] and facts.card and facts.card in target.stored["card"])


def _began_with(target: Target, facts: Facts) -> bool:
    return bool(target.stored and facts.card and str(target.stored["card"]).startswith(facts.card))


def _fits(kind: str, target: Target, facts: Facts) -> bool:
    """Whether a person with the same key can be the one of the record."""
    if kind == "id:vcard" and not target.place:
        return True
    if kind == "name":
        return not any(
            mine and new and mine != new
            for mine, new in ((target.birthday, facts.plain["birthday"]), (target.street, facts.plain["street"]))
        )
    if kind == "phone" and bool(target.words) is not bool(facts.words):
        return False
    return names_fit(target.words, facts.words)


def names_fit(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names can be one person's: no name, the same words, fewer of them, or an initial for one."""
    if one <= other or other <= one:
        return True
    few, many = sorted((one - other, other - one), key=len)
    return all(len(word) == 1 and any(whole.startswith(word) for whole in many) for word in few)


def _chunks(values: Sequence[Any], size: int = 1000) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
