"""Open anything: contacts, accounts, cases, leads and notes in one search, each with the reason it was found.

A few of each kind, the newest first, from the search indexes; what these eyes may not see appears nowhere. Digits are
looked for in every number, in whatever form it is stored: the four last ones of a ringing telephone are enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui import phones, text
from easir_tui.crm import account_list, lead_list
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, on_contact, seen_by
from easir_tui.data import search
from easir_tui.data.sqlite import rows
from easir_tui.language import N_, _

KINDS: dict[str, str] = {
    "contact": N_("Contact"),
    "account": N_("Account"),
    "case": N_("Case"),
    "lead": N_("Lead"),
    "note": N_("Note"),
}
"""What may be found, in the order it is shown."""

EACH = 8
"""Of each kind at most."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; `reason` is why, where its name does not say it."""

    kind: str
    id: int
    name: str
    detail: str
    reason: str
    contact_id: int | None = None


def find(me: Me, typed: str) -> list[Hit]:
    """What the words find, a few of each kind; nothing for no words."""
    if not search.expression(typed):
        return []
    return [*_contacts(me, typed), *_accounts(me, typed), *_cases(me, typed), *_leads(me, typed), *_notes(me, typed)]


def _contacts(me: Me, typed: str) -> list[Hit]:
    found = search.contact_ids(typed, EACH, condition=on_contact(me, "search_contact.rowid"))
    held = {one[0]: one for one in rows(
        "SELECT c.id, c.name, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, c.emails, c.phones, c.city "
        f"FROM contact c JOIN account a ON a.id = c.account_id WHERE c.id IN ({_marks(found)}) "
        f"AND c.deleted_at IS NULL AND {seen_by(me, 'c.audience')}", *found,
    )} if found else {}  # fmt: skip
    return [
        Hit("contact", one[0], one[1], one[2], _why(typed, one[1], one[2], *_spoken(one[3], one[4]), one[5]), one[0])
        for one in (held[contact_id] for contact_id in found if contact_id in held)
    ]


def _spoken(emails: str, numbers: str) -> list[str]:
    import json

    addresses = [str(one["address"]) for one in json.loads(emails)]
    return [*addresses, *(phones.pretty(one.get("number", "")) or one.get("raw", "") for one in json.loads(numbers))]


def _accounts(me: Me, typed: str) -> list[Hit]:
    found = search.plain_ids("search_account", typed, EACH)
    return [
        Hit("account", one.id, one.name, one.city, _why(typed, one.name, one.city, phones.pretty(one.phone), one.cvr))
        for one in account_list.rows_of(me, found)
    ]


def _cases(me: Me, typed: str) -> list[Hit]:
    query = search.expression(typed, "words")
    if not query:
        return []
    return [
        Hit("case", one[0], one[1], one[2], _why(typed, one[1], one[3]), one[4])
        for one in rows(
            "SELECT s.id, s.title, c.name, s.product, s.contact_id FROM sales_case s "
            "JOIN contact c ON c.id = s.contact_id WHERE s.id IN (SELECT rowid FROM search_case WHERE "
            "search_case MATCH ? AND (SELECT deleted_at IS NULL AND "
            f"{seen_by(me, 'x.audience')} FROM sales_case x WHERE x.id = search_case.rowid) "
            "ORDER BY rowid DESC LIMIT ?) ORDER BY s.id DESC", query, EACH,
        )
    ]  # fmt: skip


def _leads(me: Me, typed: str) -> list[Hit]:
    return [
        Hit("lead", one.id, one.name or one.email or phones.pretty(one.phone), one.product or one.company,
            _why(typed, one.name, one.product, one.company, one.email, phones.pretty(one.phone)))
        for one in lead_list.page(me, "all", typed, "newest", size=EACH)
    ]  # fmt: skip


def _notes(me: Me, typed: str) -> list[Hit]:
    if phones.query_digits(typed) is not None:
        return []
    query = search.expression(typed, "words", search.SHORTEST["search_note"])
    if not query:
        return []
    return [
        Hit("note", one[0], text.cut(text.first_line(one[1]), 60), one[2], "", one[3])
        for one in rows(
            "SELECT a.id, a.note, c.name, a.contact_id FROM activity a JOIN contact c ON c.id = a.contact_id "
            "WHERE a.id IN (SELECT rowid FROM search_note WHERE search_note MATCH ? AND "
            f"(SELECT y.deleted_at IS NULL AND {of_parts(me, 'y')} FROM activity y WHERE y.id = search_note.rowid) "
            "ORDER BY rowid DESC LIMIT ?) AND c.deleted_at IS NULL ORDER BY a.id DESC", query, EACH,
        )
    ]  # fmt: skip


def _why(typed: str, name: str, *others: str) -> str:
    """The value that was hit, unless it is the name, or one that is shown anyway."""
    digits = phones.query_digits(typed)
    if digits is not None and len(digits) >= 3:
        hit = next((one for one in others if digits in "".join(filter(str.isdigit, one))), "")
        return _("number {value}").format(value=hit) if hit else ""
    words = text.query_words(typed)
    in_name = text.search_tokens(name)
    for forms in words:
        if not any(token.startswith(form) for token in in_name for form in forms):
            for other in others:
                if any(token.startswith(form) for token in text.search_tokens(other) for form in forms):
                    return other
    return ""


def _marks(many: list[int]) -> str:
    return ", ".join("?" * len(many))
