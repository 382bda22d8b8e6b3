"""What a contact gains from a record about the same person.

A field that is empty here is filled. A field that is not is changed only when the record comes from the same source
as the last time, says something else than then, and nobody has changed the field here since. Whatever a person wrote
or took away here stays so, and consent is never touched (rule 4 of the faults). The last time is known by the cards
kept with the contact: every record that was about them, as it came, one after the other.
"""

from __future__ import annotations

import re
from typing import Any

from easir_tui import phones, text
from easir_tui.channels import vcard
from easir_tui.channels.card_facts import PRODUCT, SYSTEM
from easir_tui.channels.records import ContactRecord
from easir_tui.crm.import_matching import Target
from easir_tui.crm.import_values import PLAIN, Facts, Rules, facts_of
from easir_tui.data import derived
from easir_tui.data.derived import email_key
from easir_tui.data.sqlite import value

NAMES = ("first_name", "last_name")
ADDRESS = ("street", "postcode", "city", "country")
MOST_CARDS = 100
"""Cards kept of one person besides the first and the newest."""

_VOLATILE = re.compile(r"^(?:REV|PRODID)[;:].*\r?\n", re.MULTILINE | re.IGNORECASE)
_FRAME = ("BEGIN:", "END:", "VERSION:", "PRODID:", "REV")
_BETWEEN = re.compile(r"(?<=END:VCARD)(\r*\n)(?=BEGIN:VCARD)", re.IGNORECASE)


def gain(target: Target, facts: Facts, first: bool, rules: Rules) -> bool:
    """Put into `target` what a stored contact gains from a record; True if that is anything.

    `first` is False for a second record about the same person in one import, which only fills what is missing.
    """
    stored = target.stored
    assert stored is not None
    if stored["card"] and facts.card and facts.card in stored["card"]:
        return False
    cards = _apart(stored["card"])
    at = _last_time(cards, facts)
    before = _read(cards[at], rules) if first and at is not None else None
    if before is not None and at is not None and _same_but_for_the_date(cards[at], facts.card):
        return False
    changed = _names(stored, facts, before, first) | _plain(stored, facts, before)
    if emails := _added_emails(stored["emails"], facts, before):
        changed["emails"] = stored["emails"] + emails
    if numbers := _added_phones(stored["phones"], facts, before):
        changed["phones"] = stored["phones"] + numbers
    custom = _custom(
        stored["custom"], derived.company(stored["account_id"]).name if facts.company else "", facts, before
    )
    if custom != stored["custom"]:
        changed["custom"] = custom
    ids = {**facts.external_ids, **stored["external_ids"]}
    if ids != stored["external_ids"]:
        changed["external_ids"] = ids
    notes = [
        note
        for note in facts.notes
        if not (before and note in before.notes) and note not in target.notes and not _has_note(target.contact_id, note)
    ]
    if facts.card and (changed or notes or not first or PRODUCT not in facts.card):
        changed["card"] = _kept(cards, at if first else None, facts.card)
    stored |= changed
    target.changed |= changed
    target.notes += notes
    return bool(changed or notes)


def join(made: Facts, facts: Facts) -> None:
    """Give a contact that this import is about to make what a further record about the same person adds."""
    if facts.card and made.card and facts.card in made.card:
        return
    stored = {**made.plain, "custom": made.custom, "emails": made.emails, "phones": made.phones}
    made.plain |= _names(stored, facts, None, False) | _plain(stored, facts, None)
    made.emails += _added_emails(made.emails, facts, None)
    made.phones += _added_phones(made.phones, facts, None)
    made.custom = _custom(made.custom, made.company, facts, None)
    made.external_ids = {**facts.external_ids, **made.external_ids}
    made.notes += [note for note in facts.notes if note not in made.notes]
    made.refused = tuple(dict.fromkeys((*made.refused, *facts.refused)))
    if facts.card:
        made.card = _kept(_apart(made.card), None, facts.card)


def _apart(card: str | None) -> list[str]:
    """The cards kept with a contact, each with its end of line."""
    if not card:
        return []
    pieces = _BETWEEN.split(card)
    ends = [*pieces[1::2], ""]
    return [piece + end for piece, end in zip(pieces[::2], ends, strict=True)]


def _kept(cards: list[str], at: int | None, new: str) -> str:
    """The cards to keep: the new one instead of what its source said before, else behind the others."""
    if at is None:
        return "".join([*cards[:1], *cards[1:][-MOST_CARDS:], new])
    return "".join([*cards[:at], new, *cards[at + 1 :]])


def _last_time(cards: list[str], facts: Facts) -> int | None:
    """Which of the kept cards is what the same source said before; None if it said nothing.

    The one with the same UID; without one, the one made in the same way that has at least half its lines in common.
    """
    uid = facts.external_ids.get(SYSTEM)
    new = _facts_in(facts.card or "")
    best, most = None, 0.5
    for number, card in enumerate(cards):
        if uid is not None and any(line.startswith("UID") and line.endswith(uid) for line in card.splitlines()):
            return number
        if uid is None and (PRODUCT in card) is (PRODUCT in (facts.card or "")) and "\nUID" not in card:
            common = len(new & _facts_in(card)) / max(len(new), 1)
            if common >= most:
                best, most = number, common
    return best


def _facts_in(card: str) -> set[str]:
    """The lines of a card that are about the person."""
    return {line for line in card.splitlines() if not line.startswith(_FRAME)}


def _read(card: str, rules: Rules) -> Facts | None:
    record = vcard.parse(card)
    before = facts_of(record, rules) if isinstance(record, ContactRecord) else None
    return before if isinstance(before, Facts) else None


def _same_but_for_the_date(old: str, new: str | None) -> bool:
    """A new time stamp alone is no news (faults 39)."""
    return new is not None and _VOLATILE.sub("", old) == _VOLATILE.sub("", new)


def _names(stored: dict[str, Any], facts: Facts, before: Facts | None, first: bool) -> dict[str, Any]:
    """First and last name together: half a name is only filled in beside an equal other half."""
    mine, new = ([held[name] for name in NAMES] for held in (stored, facts.plain))
    then = [before.plain[name] for name in NAMES] if before else None
    if new in (mine, then) or not any(new):
        return {}
    if not any(mine) or mine == then:
        return dict(zip(NAMES, new, strict=True))
    for half, other in ((0, 1), (1, 0)) if first else ():
        if not mine[half] and new[half] and text.fold(mine[other]) == text.fold(new[other]):
            return {NAMES[half]: new[half]}
    return {}


def _plain(stored: dict[str, Any], facts: Facts, before: Facts | None) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in PLAIN:
        new, mine = facts.plain[name], stored[name]
        if name in NAMES or not new or new == mine:
            continue
        then = before.plain[name] if before else None
        if then != new and (not mine or mine == then):
            changed[name] = new
    if changed.keys() & set(ADDRESS) and not _same_place(stored, facts, before):
        for name in ADDRESS:
            changed.pop(name, None)
    return changed


def _same_place(stored: dict[str, Any], facts: Facts, before: Facts | None) -> bool:
    """Whether parts of the record's address may go into the stored one without making a mixture of two."""
    if all(not stored[name] or stored[name] == facts.plain[name] for name in ADDRESS):
        return True
    return before is not None and all(stored[name] == before.plain[name] for name in ADDRESS)


def _added_emails(mine: list[dict[str, str]], facts: Facts, before: Facts | None) -> list[dict[str, str]]:
    known = {email_key(item["address"]) for item in [*mine, *(before.emails if before else [])]}
    return [item for item in facts.emails if email_key(item["address"]) not in known]


def _added_phones(mine: list[dict[str, str]], facts: Facts, before: Facts | None) -> list[dict[str, str]]:
    def key(item: dict[str, str]) -> tuple[str, str]:
        typed = item.get("raw") or ""
        return phones.key(item.get("number") or typed) or text.fold(typed), item.get("extension") or ""

    known = {key(item) for item in [*mine, *(before.phones if before else [])]}
    return [item for item in facts.phones if key(item) not in known]


def _custom(mine: dict[str, str], company: str, facts: Facts, before: Facts | None) -> dict[str, str]:
    """Further fields; another company than the contact's own becomes one, because nobody moves by an import."""
    made = dict(mine)
    new_fields = dict(facts.custom)
    if facts.company and text.sort_key(facts.company) != text.sort_key(company):
        new_fields.setdefault("Company", facts.company)
    for name, new in new_fields.items():
        then = before.custom.get(name) if before else None
        if then != new and mine.get(name, "") in ("", then):
            made[name] = new
    return made


def _has_note(contact_id: int, note: str) -> bool:
    return value(
        "SELECT 1 FROM activity WHERE contact_id = ? AND note = ? AND deleted_at IS NULL LIMIT 1", contact_id, note
    ) is not None  # fmt: skip
