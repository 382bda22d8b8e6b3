"""The trash: what was deleted, taking it out again, and emptying it for good (V15)."""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui.crm.users import Me, role_now
from easir_tui.crm.visibility import of_parts, on_contact, seen_by
from easir_tui.data import files, search
from easir_tui.data.journal import step
from easir_tui.data.models import ENTITIES
from easir_tui.data.references import references
from easir_tui.data.sqlite import rows, run, value
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _, ngettext

KINDS = {
    "contact": (N_("Contact"), "t.name"),
    "account": (N_("Account"), "t.name"),
    "sales_case": (N_("Case"), "t.title"),
    "activity": (N_("Activity"), "coalesce(nullif(t.subject, ''), t.note)"),
    "task": (N_("Task"), "t.note"),
    "attachment": (N_("Attachment"), "t.name"),
}
"""Table → the word for it and the column that says which one it is."""

_SEARCHED = {
    "contact": "search_contact",
    "account": "search_account",
    "sales_case": "search_case",
    "activity": "search_note",
}


@dataclass(frozen=True)
class Discarded:
    """One deleted record; `contact` is whose it was, `deleted_at` UTC epoch seconds."""

    entity: str
    row_id: int
    kind: str
    name: str
    contact: str
    deleted_at: int
    deleted_by: str


def discarded(me: Me, limit: int = 200) -> list[Discarded]:
    """What lies in the trash, the latest first."""
    found: list[Discarded] = []
    for entity, (kind, name) in KINDS.items():
        owner = "''" if entity in ("contact", "account") else "(SELECT c.name FROM contact c WHERE c.id = t.contact_id)"
        found += [
            Discarded(entity, one[0], _(kind), one[1] or "", one[2] or "", one[3], one[4] or "")
            for one in rows(
                f"SELECT t.id, {name}, {owner}, t.deleted_at, u.full_name FROM {entity} t "
                f"LEFT JOIN app_user u ON u.id = t.updated_by WHERE t.deleted_at IS NOT NULL AND {_seen(me, entity)} "
                "ORDER BY t.deleted_at DESC, t.id DESC LIMIT ?", limit,
            )
        ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.deleted_at, one.entity, -one.row_id))[:limit]


def count(me: Me) -> int:
    """How many records lie in the trash."""
    return sum(
        int(value(f"SELECT count(*) FROM {entity} t WHERE t.deleted_at IS NOT NULL AND {_seen(me, entity)}"))
        for entity in KINDS
    )


def _seen(me: Me, entity: str) -> str:
    """The condition that a row `t` of the trash is for these eyes; accounts are everybody's."""
    if entity == "account":
        return "1"
    if entity == "contact":
        return seen_by(me, "t.audience")
    if entity == "sales_case":
        return f"{seen_by(me, 't.audience')} AND {on_contact(me, 't.contact_id')}"
    return of_parts(me, "t")


def restore(me: Me, entity: str, row_id: int) -> None:
    """Take one record out of the trash; with a contact come the cases and tasks that went with it.

    Raises:
        NotFound: it is not there.
        Refused: its contact is in the trash too.
    """
    model = ENTITIES[entity]
    if value(f"SELECT 1 FROM {entity} t WHERE t.id = ? AND {_seen(me, entity)}", row_id) is None:
        raise NotFound(_("That is not in the trash."))
    contact_id = row_id if entity == "contact" else None
    if entity not in ("contact", "account"):
        found = rows(
            f"SELECT c.id, c.name, c.deleted_at FROM {entity} t JOIN contact c ON c.id = t.contact_id WHERE t.id = ?",
            row_id,
        )
        if not found:
            raise NotFound(_("That is not in the trash."))
        contact_id, name, gone = found[0]
        if gone is not None:
            raise Refused(_("{name} is in the trash too.").format(name=name), _("Restore the contact first."))
    with step(me, N_("restored from the trash"), contact_id=contact_id) as restoring:
        gone_at = value(f"SELECT deleted_at FROM {entity} WHERE id = ?", row_id)
        restoring.restore(model, row_id)
        if entity == "contact":
            for other in ("sales_case", "task"):
                for (along,) in rows(
                    f"SELECT id FROM {other} WHERE contact_id = ? AND deleted_at = ? ORDER BY id", row_id, gone_at
                ):
                    restoring.restore(ENTITIES[other], along)


def empty(me: Me, typed: str) -> int:
    """Remove everything in the trash for good, bytes of files with it, and return how many records that were.

    What the journal knew of them is wiped as well; that somebody emptied the trash, and how much, stays. `typed`
    is the number of records, typed by the admin, so that nobody does it by a slip.

    Raises:
        Refused: only an admin may.
        Invalid: the number typed is not the number of records.
    """
    if role_now(me) != "admin":
        raise Refused(_("Only an admin can empty the trash."), _("What is in it harms nobody."))
    with step(me, N_("emptied the trash: {count}"), shown=False) as emptying:
        going = {
            entity: [found for (found,) in rows(f"SELECT id FROM {entity} WHERE deleted_at IS NOT NULL")]
            for entity in KINDS
        }
        count = sum(len(ids) for ids in going.values())
        if typed.strip() != str(count):
            raise Invalid(
                "typed",
                ngettext(
                    "There is {count} record in the trash; type that number to remove it for good.",
                    "There are {count} records in the trash; type that number to remove them for good.",
                    count,
                ).format(count=count),
            )
        for entity in ("attachment", "task", "activity", "sales_case", "contact", "account"):
            for row_id in going[entity]:
                erase_row(entity, row_id)
        emptying.params = {"count": count}
        assert emptying.event_id
    files.sweep()
    return count


_ABOUT = {("mail_kept_out", "contact_id")}
"""Columns that may be empty, but without which a row that had them says nothing any more."""


def erase_row(entity: str, row_id: int) -> None:
    """Delete one record, and what points at it: rows that need it go along, the others lose the pointer."""
    for one in references(entity):
        if (one.table, one.column) in _ABOUT:
            run(f"DELETE FROM {one.table} WHERE {one.column} = ?", row_id)
        elif one.table == "activity" and one.column == "case_id":
            run("UPDATE activity SET case_id = NULL, milestones = '[]' WHERE case_id = ?", row_id)
        elif one.optional:
            run(f"UPDATE {one.table} SET {one.column} = NULL WHERE {one.column} = ?", row_id)
        elif one.table in KINDS:
            for (child,) in rows(f"SELECT id FROM {one.table} WHERE {one.column} = ?", row_id):
                erase_row(one.table, child)
        else:
            run(f"DELETE FROM {one.table} WHERE {one.column} = ?", row_id)
    if entity in _SEARCHED:
        search.forget(_SEARCHED[entity], row_id)
    run("UPDATE change SET before = NULL, after = NULL WHERE entity = ? AND row_id = ?", entity, row_id)
    if value(f"SELECT 1 FROM {entity} WHERE id = ?", row_id):
        run(f"DELETE FROM {entity} WHERE id = ?", row_id)
