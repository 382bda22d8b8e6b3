"""Pairs of contacts that are likely one person, found without comparing everybody with everybody.

Whoever shares an e-mail address or a phone number, or has the same name at the same company or in the same town, is a
pair; each of these is a group along an index or one sort. A pair of which somebody has said that it is two people is
never asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from easir_tui import phones
from easir_tui.crm.duplicates import same_words
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_contact, seen_by
from easir_tui.data.journal import step
from easir_tui.data.models import PRIVATE_ACCOUNT, NotSame
from easir_tui.data.sqlite import rows, value
from easir_tui.language import N_, _

LARGEST_GROUP = 6
"""Contacts that share something; where more do, it is a switchboard or a common name and says nothing."""

MOST = 5_000
"""Pairs that are looked at."""

_WEIGHTS = {"email": 5, "phone": 4, "company": 4, "city": 3}
_OTHER_NAME = -4
"""For two of quite different names, who may be a couple."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that may be one, the older first, with what speaks for it; the likelier the higher the score."""

    left: int
    right: int
    score: int
    reasons: tuple[str, ...]


def pairs(me: Me, limit: int = 500) -> list[Pair]:
    """The likeliest pairs first."""
    found: dict[tuple[int, int], dict[str, str]] = {}
    for kind, key, ids in _groups(me):
        for left, right in combinations(sorted(ids), 2):
            if len(found) < MOST or (left, right) in found:
                found.setdefault((left, right), {}).setdefault(kind, key)
    for pair in rows("SELECT contact_id, other_id FROM not_same WHERE deleted_at IS NULL"):
        found.pop((pair[0], pair[1]), None)
    names = _names({one for pair in found for one in pair})
    made = [
        Pair(left, right, _score(said, names[left], names[right]), tuple(_reason(*one) for one in said.items()))
        for (left, right), said in found.items()
    ]
    made.sort(key=lambda one: (-one.score, -one.right, -one.left))
    return [one for one in made if one.score > 0][:limit]


def count(me: Me) -> int:
    """How many pairs wait to be decided."""
    return len(pairs(me, MOST))


def say_two(me: Me, contact_id: int, other_id: int) -> None:
    """Both are real: this pair is never asked about again; undo asks once more.

    Raises:
        NotFound: one of them is gone, or not for these eyes.
    """
    for one in (contact_id, other_id):
        require_contact(me, one)
    first, second = sorted((contact_id, other_id))
    if value("SELECT 1 FROM not_same WHERE contact_id = ? AND other_id = ? AND deleted_at IS NULL", first, second):
        return
    with step(me, N_("said that two contacts are two people"), contact_id=first, shown=False) as work:
        work.add(NotSame, contact_id=first, other_id=second, user_id=me.user_id)


def _groups(me: Me) -> Iterator[tuple[str, str, list[int]]]:
    """Kind of what is shared, what it is, and the contacts that share it."""
    seen = f"c.deleted_at IS NULL AND {seen_by(me, 'c.audience')}"
    having = f"HAVING count(*) BETWEEN 2 AND {LARGEST_GROUP}"
    for kind, key, ids in rows(
        "SELECT k.kind, k.key, group_concat(k.contact_id) FROM contact_key k JOIN contact c ON c.id = k.contact_id "
        f"WHERE k.kind IN ('email', 'phone') AND {seen} GROUP BY k.kind, k.key {having}"
    ):
        yield kind, key, _ids(ids)
    for company, ids in rows(
        "SELECT a.name, group_concat(c.id) FROM contact c JOIN account a ON a.id = c.account_id "
        f"WHERE c.account_id <> {PRIVATE_ACCOUNT} AND {seen} GROUP BY c.account_id, c.name_key {having}"
    ):
        yield "company", company, _ids(ids)
    for city, ids in rows(
        f"SELECT c.city, group_concat(c.id) FROM contact c WHERE c.city <> '' AND c.name_key LIKE '% %' AND {seen} "
        f"GROUP BY c.name_key, c.city {having}"
    ):
        yield "city", city, _ids(ids)


def _ids(joined: str) -> list[int]:
    return [int(one) for one in str(joined).split(",")]


def _names(ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        marks = ", ".join("?" * len(some))
        found |= dict(rows(f"SELECT id, first_name || ' ' || last_name FROM contact WHERE id IN ({marks})", *some))
    return found


def _score(said: dict[str, str], name: str, other: str) -> int:
    score = sum(_WEIGHTS[kind] for kind in said)
    mine, theirs = name.split(), other.split()
    if not mine or not theirs or "company" in said or "city" in said:
        return score
    alike = sum(1 for one in mine if any(same_words(one, two) for two in theirs))
    if not alike or (alike == 1 and not same_words(mine[0], theirs[0])):
        score += _OTHER_NAME  # nothing in common, or the family name alone
    return score + (1 if same_words(name, other) else 0)


def _reason(kind: str, key: str) -> str:
    match kind:
        case "email":
            return _("same e-mail address, {address}").format(address=key)
        case "phone":
            return _("same phone number, {number}").format(number=phones.pretty(key))
        case "company":
            return _("same name at {company}").format(company=key)
    return _("same name in {city}").format(city=key)
