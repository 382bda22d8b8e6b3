"""Erasing a person: from every table, the search, the journal, the drafts and the files; and that they stay away.

What bookkeeping asks for, won sales with product, amount and dates, stays without the person (`erase_keeps`). Of the
person there remain only hashes of their addresses and numbers, which nobody can read, so that no later import brings
them back. There is no undo: the name has to be typed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from easir_tui import config
from easir_tui.crm import trash
from easir_tui.crm.calendar_entries import installation
from easir_tui.crm.contact_facts import show
from easir_tui.crm.users import Me, role_now
from easir_tui.data import files, search
from easir_tui.data.journal import step
from easir_tui.data.models import ENTITIES, PRIVATE_ACCOUNT, Contact
from easir_tui.data.references import references
from easir_tui.data.sqlite import rows, run, run_many, value
from easir_tui.errors import Invalid, Refused
from easir_tui.language import N_, _
from easir_tui.text import fold

ERASED = "erased"
"""The id, among those of other systems, of the contact that won sales of erased people belong to."""

SEARCHED = ("search_contact", "search_case", "search_note", "search_lead")
"""The indexes that words about a person are in."""


@dataclass(frozen=True)
class ErasurePlan:
    """What erasing would do: who it is, rows by table, and how many won sales stay without them."""

    name: str
    going: Mapping[str, int]
    kept_cases: int


def plan(me: Me, contact_id: int) -> ErasurePlan:
    """What erasing this person would do; nothing is written.

    Raises:
        Refused: only an admin may.
        NotFound: there is no such contact.
    """
    _require_admin(me)
    person = show(me, contact_id)
    ids = _same(contact_id)
    marks = ", ".join("?" * len(ids))
    going = {
        table: int(value(f"SELECT count(*) FROM {table} WHERE contact_id IN ({marks})", *ids))
        for table in ("sales_case", "activity", "task", "attachment", "consent", "mail", "lead", "draft")
    }
    return ErasurePlan(person.name, going, len(_kept_cases(ids)))


def erase(me: Me, contact_id: int, typed: str) -> ErasurePlan:
    """Erase a person, and those that were merged into them; what was done.

    Args:
        typed: the name of the contact, so that nobody does it by a slip.

    Raises:
        Refused: only an admin may.
        Invalid: the name typed is another one.
        NotFound: there is no such contact.
    """
    planned = plan(me, contact_id)
    if fold(typed.strip()) != fold(planned.name):
        raise Invalid("typed", _("Type the name of the contact, {name}, to erase them.").format(name=planned.name))
    ids = _same(contact_id)
    hashes = [sha for one in ids for (sha,) in rows("SELECT sha256 FROM attachment WHERE contact_id = ?", one)]
    hashes += [sha for one in ids for (sha,) in rows(
        "SELECT f.sha256 FROM lead_file f JOIN lead l ON l.id = f.lead_id WHERE l.contact_id = ?", one
    )]  # fmt: skip
    keeper = _keeper(me) if planned.kept_cases else None
    with step(me, N_("erased a person"), shown=False) as work:
        assert work.event_id
        run_many("INSERT OR IGNORE INTO erased (hash, at) VALUES (?, ?)",
                 [(one, work.at) for one in _tombstones(ids)])  # fmt: skip
        if keeper is not None:
            _keep_sales(ids, keeper)
            work.follow([keeper])
        for one in ids:
            _wipe(one)
    files.forget(hashes)
    for table in SEARCHED:
        search.scrub(table)
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    return planned


def erased_among(people: Sequence[tuple[Iterable[tuple[str, str]], str]]) -> list[bool]:
    """Which of these records are of somebody who was erased, in one statement whatever their number.

    Args:
        people: kinds and keys as in `contact_key`, and the whole name; an address or number counts together with the
            name, for it may be shared by others, an id in another system by itself.
    """
    if value("SELECT 1 FROM erased LIMIT 1") is None:
        return [False] * len(people)
    hashes = [_hashes(keys, name) for keys, name in people]
    asked = json.dumps([one for some in hashes for one in some])
    found = {one for (one,) in rows("SELECT hash FROM erased WHERE hash IN (SELECT value FROM json_each(?))", asked)}
    return [not found.isdisjoint(some) for some in hashes]


def _require_admin(me: Me) -> None:
    if role_now(me) != "admin":
        raise Refused(_("Only an admin can erase a person."), _("Ask one; the number of the contact is enough."))


def _same(contact_id: int) -> list[int]:
    """The contact and all that were merged into it, those first that were merged last."""
    return [found for (found,) in rows(
        "WITH RECURSIVE same(id) AS (SELECT ?1 UNION SELECT c.id FROM contact c JOIN same ON c.merged_into = same.id) "
        "SELECT id FROM same ORDER BY id = ?1, id DESC", contact_id,
    )]  # fmt: skip


def _tombstones(ids: Sequence[int]) -> list[str]:
    from easir_tui.data.derived import contact_keys

    found: list[str] = []
    for one in ids:
        held = Contact.select().where(Contact.id == one).dicts().get()
        keys = [(kind, key) for kind, key, _contact in contact_keys(one, held)]
        found += _hashes(keys, f"{held['first_name']} {held['last_name']}")
    return found


def _hashes(keys: Iterable[tuple[str, str]], name: str) -> list[str]:
    salt, who = installation(), fold(" ".join(name.split()))
    return sorted({
        hashlib.sha256("\0".join((salt, kind, key, "" if kind.startswith("id:") else who)).encode()).hexdigest()
        for kind, key in keys
    })  # fmt: skip


# What stays ----------------------------------------------------------------------------------------


def _kept_cases(ids: Sequence[int]) -> list[int]:
    if config.settings().erase_keeps != "won":
        return []
    marks = ", ".join("?" * len(ids))
    return [found for (found,) in rows(
        f"SELECT id FROM sales_case WHERE contact_id IN ({marks}) AND outcome = 'won' AND deleted_at IS NULL", *ids
    )]  # fmt: skip


def _keeper(me: Me) -> int:
    """The contact that stands for everybody who was erased."""
    found = value("SELECT id FROM contact WHERE json_extract(external_ids, '$.easir') = ? LIMIT 1", ERASED)
    if found is not None:
        return int(found)
    with step(me, N_("made a place for sales of erased people"), shown=False) as work:
        return work.add(
            Contact, kind="private", account_id=PRIVATE_ACCOUNT, first_name=_("Erased person"),
            responsible_id=me.user_id, external_ids={"easir": ERASED},
        )  # fmt: skip


def _keep_sales(ids: Sequence[int], keeper: int) -> None:
    """Won sales go on without the person: what was sold, for how much, when; none of the words."""
    for case_id in _kept_cases(ids):
        for (activity_id,) in rows("SELECT id FROM activity WHERE case_id = ?", case_id):
            run("UPDATE activity SET case_id = NULL, milestones = '[]' WHERE id = ?", activity_id)
        for table in ("task", "attachment"):
            run(f"UPDATE {table} SET case_id = NULL WHERE case_id = ?", case_id)
        run(
            "UPDATE sales_case SET contact_id = ?, account_id = ?, title = iif(product = '', ?, product), reason = '', "
            "lead_id = NULL WHERE id = ?", keeper, PRIVATE_ACCOUNT, _("Sale"), case_id,
        )  # fmt: skip
        run("UPDATE change SET before = NULL, after = NULL WHERE entity = 'sales_case' AND row_id = ?", case_id)
        search.forget("search_case", case_id)


# What goes -----------------------------------------------------------------------------------------


def _wipe(contact_id: int) -> None:
    """Everything that says anything about a contact; the rows of others stay."""
    run(
        "DELETE FROM mail_copy WHERE message_id IN (SELECT message_id FROM mail WHERE contact_id = ?1) AND NOT EXISTS "
        "(SELECT 1 FROM mail m WHERE m.message_id = mail_copy.message_id AND m.contact_id <> ?1)", contact_id,
    )  # fmt: skip
    run("DELETE FROM draft WHERE contact_id = ?", contact_id)
    for (lead_id,) in rows("SELECT id FROM lead WHERE contact_id = ?", contact_id):
        _wipe_lead(lead_id)
    for one in references("contact"):
        if one.table in ENTITIES and one.table != "contact":
            run(
                f"UPDATE change SET before = NULL, after = NULL WHERE entity = ? AND row_id IN "
                f"(SELECT id FROM {one.table} WHERE {one.column} = ?)", one.table, contact_id,
            )  # fmt: skip
    run("UPDATE event SET params = '{}' WHERE contact_id = ?", contact_id)
    run("UPDATE contact SET merged_into = NULL WHERE merged_into = ?", contact_id)
    trash.erase_row("contact", contact_id)


def _wipe_lead(lead_id: int) -> None:
    for one in references("lead"):
        if one.optional:
            run(f"UPDATE {one.table} SET {one.column} = NULL WHERE {one.column} = ?", lead_id)
        else:
            run(f"DELETE FROM {one.table} WHERE {one.column} = ?", lead_id)
    search.forget("search_lead", lead_id)
    run("UPDATE change SET before = NULL, after = NULL WHERE entity = 'lead' AND row_id = ?", lead_id)
    run("DELETE FROM lead WHERE id = ?", lead_id)
