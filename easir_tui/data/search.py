"""The search index: FTS5 tables over folded text, written in the transaction of the save.

Text is folded by `text.search_tokens` before indexing and by `text.query_words` before asking, so Danish letters
are found however they are typed (faults 69). What a person types is always quoted, so no character of it is
syntax; an error of the index stays an error and is never shown as no hits (faults 71). Answers come newest
first with an early end; nothing ever ranks all hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from easir_tui import phones, text
from easir_tui.data.sqlite import changes_so_far, rows, run, run_many, writing

_PUT_CONTACT = "INSERT INTO search_contact (rowid, name, company, email, phone, city) VALUES (?, ?, ?, ?, ?, ?)"
SHORTEST = {"search_case": 1, "search_note": 2}
"""Letters of the shortest prefix each index holds."""

SCRUB_PAGES = 1000
"""Pages of an index rewritten in one transaction."""

_PUT = {
    "search_case": "INSERT INTO search_case (rowid, owner, words) VALUES (?, ?, ?)",
    "search_note": "INSERT INTO search_note (rowid, owner, words) VALUES (?, ?, ?)",
}


ACCOUNT_TEXT = ("name", "cvr", "city", "phone", "email", "website")
"""Columns of an account that its search row is made of."""

LEAD_TEXT = ("name", "company", "email", "phone", "city", "product", "interest", "external_id")
"""Columns of a lead that its search row is made of."""


def tokens(*parts: str) -> str:
    """Index text: the tokens of all parts with a space between."""
    return " ".join(token for part in parts for token in text.search_tokens(part))


def contact_row(
    contact_id: int, fields: Mapping[str, Any], company: str, company_city: str = ""
) -> tuple[int, str, str, str, str, str]:
    """The search row of a contact; any part of a phone number of four digits or more is found (faults 86).

    A contact without a city of its own is found by its company's, which its page shows (V13).
    """
    digits: dict[str, None] = {}
    for item in fields["phones"]:
        for token in phones.suffix_tokens(item.get("number") or item.get("raw") or ""):
            digits[token] = None
    return (
        contact_id,
        tokens(fields["first_name"], fields["last_name"]),
        tokens(company),
        tokens(*(item["address"] for item in fields["emails"])),
        " ".join(digits),
        tokens(fields["city"] or company_city),
    )


def put_contact(contact_id: int, fields: Mapping[str, Any], company: str, company_city: str) -> None:
    """Index one contact; its old row must be gone."""
    run(_PUT_CONTACT, *contact_row(contact_id, fields, company, company_city))


def put_contacts(many: Iterable[tuple[int, str, str, str, str, str]]) -> None:
    """Index many new contacts, rows as `contact_row` makes them."""
    run_many(_PUT_CONTACT, many)


def put(table: str, row_id: int, contact_id: int, *parts: str) -> None:
    """Index a case or a note under its contact; its old row must be gone."""
    run(_PUT[table], row_id, owner_token(contact_id), tokens(*parts))


def put_many(table: str, many: Iterable[tuple[int, str, str]]) -> None:
    """Index many new cases or notes: (row id, `owner_token`, `tokens`)."""
    run_many(_PUT[table], many)


def account_words(fields: Mapping[str, Any]) -> str:
    """Index text of an account; its phone number is found by any part of four digits or more (faults 86)."""
    return _plain_words(fields, ACCOUNT_TEXT)


def lead_words(fields: Mapping[str, Any]) -> str:
    """Index text of a lead, likewise."""
    return _plain_words(fields, LEAD_TEXT)


def _plain_words(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    digits = phones.suffix_tokens(fields["phone"]) if fields["phone"] else []
    return " ".join((tokens(*(fields[name] for name in names if name != "phone")), *digits)).strip()


def put_plain(table: str, row_id: int, words: str) -> None:
    """Index an account or a lead; its old row must be gone."""
    run(f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", row_id, words)


def put_plain_many(table: str, many: Iterable[tuple[int, str]]) -> None:
    """Index many new accounts or leads: (row id, words)."""
    run_many(f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", many)


def plain_ids(table: str, typed: str, limit: int) -> list[int]:
    """Ids of the newest accounts (`search_account`) or leads (`search_lead`) that match; no words match none.

    Who may see them is for the caller to ask.
    """
    query = expression(typed)
    if not query:
        return []
    return [found[0] for found in rows(
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT ?", query, limit
    )]  # fmt: skip


def owner_token(contact_id: int) -> str:
    """The token by which a search in one contact's notes or cases stays within it."""
    return f"c{contact_id}"


def forget(table: str, row_id: int) -> None:
    """Take a row out of an index; nothing happens if it is not there."""
    run(f"DELETE FROM {table} WHERE rowid = ?", row_id)


def forget_many(table: str, row_ids: Iterable[int]) -> None:
    """Take many rows out of an index."""
    run_many(f"DELETE FROM {table} WHERE rowid = ?", [(row_id,) for row_id in row_ids])


def scrub(table: str) -> None:
    """Rewrite an index without the words of rows that were taken out of it, which otherwise lie in it for long.

    A thousand pages at a time, so that others can save meanwhile.
    """
    pages = -SCRUB_PAGES
    while True:
        with writing():
            before = changes_so_far()
            run(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", pages)
            if changes_so_far() - before < 2:
                return
        pages = SCRUB_PAGES


def expression(typed: str, columns: str = "", shortest: int = 1) -> str:
    """The FTS5 expression for what was typed: every word a prefix, all of them wanted; empty for no words.

    Words of fewer letters than `shortest` are left out: an index without prefixes that short would read every
    word that begins so.
    """
    digits = phones.query_digits(typed)
    if digits is not None and not columns and len(digits) >= 3:
        return f'"{digits}"*'
    wanted = []
    for forms in text.query_words(typed):
        if len(forms[0]) < shortest:
            continue
        either = " OR ".join(f'"{form}"*' for form in forms)
        wanted.append(f"({either})" if len(forms) > 1 else either)
    found = " AND ".join(wanted)
    return f"{columns} : ({found})" if found and columns else found


def newest_contacts(condition: str = "1") -> str:
    """A statement for the newest contacts that an expression finds, bound to it and to how many at most.

    `condition` is asked of each `rowid`, from the newest on, with an early end: who may see the contact.
    """
    return f"SELECT rowid FROM search_contact WHERE search_contact MATCH ? AND {condition} ORDER BY rowid DESC LIMIT ?"


def contact_ids(typed: str, limit: int, columns: str = "", condition: str = "1") -> list[int]:
    """Ids of the newest contacts that match what was typed, newest first; no words match nobody.

    `columns` keeps the search within some columns of the index, as FTS5 writes it ("name", "{name company}").
    """
    query = expression(typed, columns)
    if not query:
        return []
    return [found[0] for found in rows(newest_contacts(condition), query, limit)]


def owned_ids(table: str, typed: str, contact_id: int | None, limit: int) -> list[int] | None:
    """Ids of the newest cases (`search_case`) or notes (`search_note`) that match, of one contact or of all.

    None if nothing was typed that narrows anything yet: notes are searched by words of two letters or more.
    """
    query = expression(typed, "words", SHORTEST[table])
    if not query:
        return None
    if contact_id is not None:
        query = f'owner : "{owner_token(contact_id)}" AND {query}'
    return [found[0] for found in rows(
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT ?", query, limit
    )]  # fmt: skip
