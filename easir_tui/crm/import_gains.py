"""What a stored contact gains from a record about the same person.

A field that is empty here is filled. A field that is not is changed only when the record comes from the
same source as the last time, says something else than then, and nobody has changed the field here since.
Whatever a person wrote or took away here stays so, and consent is never touched (rule 4 of the faults).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from easir_tui import phones, text
from easir_tui.channels import vcard
from easir_tui.channels.card_facts import PRODUCT, SYSTEM
from easir_tui.channels.records import ContactRecord
from easir_tui.crm.import_matching import Target
from easir_tui.crm.import_values import PLAIN, Facts, Rules, facts_of
from easir_tui.data.derived import email_key
from easir_tui.data.sqlite import value

NAMES = ("first_name", "last_name")
PLAIN_OF_RECORD = ("first_name", "last_name", "title", "job_title", "birthday", "website", "language")
ADDRESS = ("street", "postcode", "city", "country")
_VOLATILE = re.compile(r"^(?:REV|PRODID)[;:].*\r?\n", re.MULTILINE | re.IGNORECASE)


def gain(target: Target, facts: Facts, first: bool, rules: Rules) -> bool:
    """Put into `target.changed` and `target.notes` what a stored contact gains; True if that is anything.

    `first` is False for a second record about the same person in one import, which only fills what is
    missing.
    """
    stored = target.stored
    assert stored is not None
    if first and stored["card"] is not None and stored["card"] == facts.card:
        return False
    before = _before(stored, facts, rules) if first else None
    changed: dict[str, Any] = _plain(stored, facts, before)
    if emails := _added_emails(stored["emails"], facts, before):
        changed["emails"] = stored["emails"] + emails
    if numbers := _added_phones(stored["phones"], facts, before):
        changed["phones"] = stored["phones"] + numbers
    custom = _custom(stored["custom"], facts, before)
    if custom != stored["custom"]:
        changed["custom"] = custom
    ids = {**facts.external_ids, **stored["external_ids"]}
    if ids != stored["external_ids"]:
        changed["external_ids"] = ids
    if first and (card := _new_card(stored["card"], facts, before)):
        changed["card"] = card
    new_note = facts.note if facts.note and not (before and before.note == facts.note) else ""
    if new_note and (new_note in target.notes or _has_note(target.contact_id, new_note)):
        new_note = ""
    if new_note:
        target.notes.append(new_note)
    if changed.keys() == {"card"} and stored["card"] is None and PRODUCT in changed["card"] and not new_note:
        changed = {}  # A row that tells nothing new about somebody who was here before leaves no trace.
    stored |= changed
    target.changed |= changed
    return bool(changed or new_note)


def join(made: Facts, facts: Facts) -> None:
    """Give a contact that this import is about to make what a further record about the same person adds."""
    stored = {**made.plain, "custom": made.custom, "emails": made.emails, "phones": made.phones}
    made.plain |= _plain(stored, facts, None)
    made.emails += _added_emails(made.emails, facts, None)
    made.phones += _added_phones(made.phones, facts, None)
    made.custom = _custom(made.custom, facts, None)
    made.external_ids = {**facts.external_ids, **made.external_ids}
    if not made.company:
        made.company, made.cvr, made.address = facts.company, facts.cvr, facts.address
    if facts.note and facts.note not in made.note:
        made.note = f"{made.note}\n\n{facts.note}".strip()
    made.refused = tuple(dict.fromkeys((*made.refused, *facts.refused)))


def _before(stored: dict[str, Any], facts: Facts, rules: Rules) -> Facts | None:
    """What the same source said the last time, read from the card kept then; None if that was another source."""
    card = stored["card"]
    if not card or not facts.card or (PRODUCT in card) != (PRODUCT in facts.card):
        return None
    record = vcard.parse(card)
    if not isinstance(record, ContactRecord) or record.external_ids.get(SYSTEM) != facts.external_ids.get(SYSTEM):
        return None
    before = facts_of(record, rules)
    return before if isinstance(before, Facts) else None


def _plain(stored: dict[str, Any], facts: Facts, before: Facts | None) -> dict[str, Any]:
    changed = _names(stored, facts, before)
    for name in PLAIN:
        if name in NAMES:
            continue
        new, mine = facts.plain[name], stored[name]
        if not new or new == mine:
            continue
        then = before.plain[name] if before else None
        if then != new and (not mine or mine == then):
            changed[name] = new
    if changed.keys() & set(ADDRESS) and not _same_place(stored, facts, before):
        for name in ADDRESS:
            changed.pop(name, None)
    return changed


def _names(stored: dict[str, Any], facts: Facts, before: Facts | None) -> dict[str, Any]:
    """First and last name together: half a name is only filled in beside an equal other half."""
    mine, new = ([held[name] for name in NAMES] for held in (stored, facts.plain))
    then = [before.plain[name] for name in NAMES] if before else None
    if new in (mine, then) or not any(new):
        return {}
    if not any(mine) or mine == then:
        return dict(zip(NAMES, new, strict=True))
    for half, other in ((0, 1), (1, 0)):
        if not mine[half] and new[half] and text.fold(mine[other]) == text.fold(new[other]):
            return {NAMES[half]: new[half]}
    return {}


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


def _custom(mine: dict[str, str], facts: Facts, before: Facts | None) -> dict[str, str]:
    made = dict(mine)
    for name, new in facts.custom.items():
        then = before.custom.get(name) if before else None
        if then != new and mine.get(name, "") in ("", then):
            made[name] = new
    return made


def _new_card(old: str | None, facts: Facts, before: Facts | None) -> str | None:
    """The card to keep for the next time, None when the one that is kept says the same (faults 39).

    A new time stamp alone is no news. A row is laid over the rows before it, because two tables about one person
    may have different columns, and the one must not make the other look like news.
    """
    if old is None:
        return facts.card
    if before is None or facts.card is None:
        return None
    if PRODUCT in facts.card:
        return vcard.write(_over(before.record, facts.record)) if _says_more(facts, before) else None
    return facts.card if _VOLATILE.sub("", old) != _VOLATILE.sub("", facts.card) else None


def _says_more(facts: Facts, before: Facts) -> bool:
    """Whether a row says anything that the rows before it did not, however it is written."""
    known = (*before.plain.values(), before.company, before.note)
    said = (*facts.plain.values(), facts.company, facts.note)
    return (
        any(new and new != then for new, then in zip(said, known, strict=True))
        or not set(facts.keys) <= set(before.keys)
        or not facts.custom.items() <= before.custom.items()
    )


def _over(old: ContactRecord, new: ContactRecord) -> ContactRecord:
    """What two rows about one person say together, the newer one first where they differ."""
    said = {
        name: getattr(new, name) or getattr(old, name)
        for name in ("kind", *PLAIN_OF_RECORD, "display_name", "company", "company_cvr", "note", "addresses")
    }
    if new.first_name or new.last_name:
        said |= {"first_name": new.first_name, "last_name": new.last_name}
    return replace(
        old,
        **said,
        emails=tuple(dict.fromkeys((*old.emails, *new.emails))),
        phones=tuple(dict.fromkeys((*old.phones, *new.phones))),
        custom={**old.custom, **new.custom},
        external_ids={**old.external_ids, **new.external_ids},
        refused=tuple(dict.fromkeys((*old.refused, *new.refused))),
    )


def _has_note(contact_id: int, note: str) -> bool:
    return value(
        "SELECT 1 FROM activity WHERE contact_id = ? AND note = ? AND deleted_at IS NULL LIMIT 1", contact_id, note
    ) is not None  # fmt: skip
