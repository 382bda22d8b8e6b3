"""Everything held about a person in one archive they can read: the answer to a request for access (GDPR article 15).

`summary.txt` is for the person, `everything.json` is every row of every table that points at them, as it is stored,
`files/` are the documents. It is read from the schema, so that no table can be forgotten.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from easir_tui import clock, phones
from easir_tui.clock import When
from easir_tui.crm.attachments import safe_name
from easir_tui.crm.consent_states import CHANNELS
from easir_tui.crm.contact_facts import show
from easir_tui.crm.users import Me, role_now
from easir_tui.data import files
from easir_tui.data.references import references
from easir_tui.data.sqlite import reading, rows, value
from easir_tui.errors import NotFound, Refused
from easir_tui.language import N_, _

CHANNEL_TITLES = {"phone": N_("Phone"), "email": N_("E-mail"), "letter": N_("Letter"), "sms": N_("SMS")}
STATES = {"given": N_("given"), "refused": N_("refused"), "not_asked": N_("not asked")}
KINDS = {
    "note": N_("Note"), "meeting": N_("Meeting"), "email": N_("E-mail"), "call": N_("Call"), "letter": N_("Letter"),
}  # fmt: skip


def write(me: Me, contact_id: int, sink: BinaryIO) -> int:
    """Write the archive; how many rows are in it.

    Raises:
        Refused: only an admin may, for it holds what other teams have too.
        NotFound: there is no such contact.
    """
    if role_now(me) != "admin":
        raise Refused(_("Only an admin can write out everything about a person."), _("Ask one."))
    show(me, contact_id)
    with reading(), zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        everything = {"contact": list(_rows("contact", "id", contact_id))}
        for one in references("contact"):
            if one.table != "contact_key":
                held = list(_rows(one.table, one.column, contact_id))
                everything.setdefault(one.table, []).extend(held)
        archive.writestr("everything.json", json.dumps(everything, ensure_ascii=False, indent=1))
        archive.writestr("summary.txt", "\ufeff" + "\r\n".join(_summary(me, contact_id)))
        for file_id, name, sha256 in rows("SELECT id, name, sha256 FROM attachment WHERE contact_id = ?", contact_id):
            try:
                archive.write(files.path_of(sha256), f"files/{file_id} {safe_name(name)}")
            except NotFound:
                archive.writestr(f"files/{file_id} {safe_name(name)} - missing.txt", "")
    return sum(len(held) for held in everything.values())


def _rows(table: str, column: str, contact_id: int) -> Iterator[dict[str, Any]]:
    names = [name for (name,) in rows(f"SELECT name FROM pragma_table_info('{table}')")]
    for found in rows(f"SELECT * FROM {table} WHERE {column} = ?", contact_id):
        yield dict(zip(names, found, strict=True))


def _summary(me: Me, contact_id: int) -> Iterator[str]:
    """What is held, in words."""
    person, zone = show(me, contact_id), clock.zone(me.zone)

    def when(at: int | None) -> str:
        return clock.say_when(When(at=at), zone) if at is not None else ""

    yield from (person.name, "=" * len(person.name), "")
    facts = [
        (_("Company"), person.company), (_("Job title"), person.job_title),
        (_("E-mails"), ", ".join(one["address"] for one in person.emails)),
        (_("Phones"), ", ".join(phones.pretty(one.get("number") or one.get("raw") or "") for one in person.phones)),
        (_("Address"), ", ".join(filter(None, (person.street, f"{person.postcode} {person.city}".strip())))),
        (_("Birthday"), person.birthday), (_("Language"), person.language),
        (_("Responsible user"), person.responsible), (_("Created"), when(person.created_at)),
        *person.custom.items(),
    ]  # fmt: skip
    yield from (f"{title}: {said}" for title, said in facts if said)
    yield from ("", _("Consent").upper(), "")
    for channel in CHANNELS:
        for state, source, at, who in rows(
            "SELECT s.state, s.source, s.at, u.full_name FROM consent s JOIN app_user u ON u.id = s.user_id "
            "WHERE s.contact_id = ? AND s.channel = ? ORDER BY s.id", contact_id, channel,
        ):  # fmt: skip
            yield f"{_(CHANNEL_TITLES[channel])}: {_(STATES[state])}, {when(at)}, {who}. {source}".strip()
    yield from ("", _("Cases").upper(), "")
    for title, status, product, opened in rows(
        "SELECT title, status, product, opened_at FROM sales_case WHERE contact_id = ? ORDER BY opened_at", contact_id
    ):
        yield f"{when(opened)}: {title} ({status}) {product}".strip()
    yield from ("", _("What happened").upper(), "")
    for kind, at, who, subject, note, body in rows(
        "SELECT a.kind, a.at, u.full_name, a.subject, a.note, a.body FROM activity a "
        "JOIN app_user u ON u.id = a.user_id WHERE a.contact_id = ? ORDER BY a.at, a.id", contact_id,
    ):  # fmt: skip
        yield f"{when(at)} · {_(KINDS[kind])} · {who} · {subject}"
        yield from (f"    {line}" for words in (note, body) if words and words != subject for line in words.split("\n"))
    yield from ("", _("Files").upper(), "")
    for number, name, at in rows("SELECT id, name, created_at FROM attachment WHERE contact_id = ?", contact_id):
        yield f"{number} {name}, {when(at)}"
    yield ""
    yield str(value("SELECT count(*) FROM event WHERE contact_id = ?", contact_id)) + " " + _("entries of the journal")
