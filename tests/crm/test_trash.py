"""The trash: everything comes back out of it, and only an admin empties it (V15, faults 78)."""

from __future__ import annotations

import io
import os

import pytest

from easir_tui.crm import trash, undo
from easir_tui.crm.users import Me
from easir_tui.data import files, search
from easir_tui.data.journal import step
from easir_tui.data.models import (
    Activity,
    Attachment,
    Case,
    Consent,
    Contact,
    Draft,
    Lead,
    Mail,
    MailKeptOut,
    NotSame,
    Task,
)  # fmt: skip
from easir_tui.data.references import references
from easir_tui.data.sqlite import rows, run, value
from easir_tui.errors import Invalid, NotFound, Refused
from tests.data.conftest import anna, jens, store  # noqa: F401
from tests.data.test_journal import person


def surrounded(me: Me) -> int:
    """A contact with one row in every table that points at contacts."""
    before = person(me, "Før")
    contact_id = person(me, emails=[{"label": "", "address": "a@example.dk"}])
    after = person(me, "Efter")
    with step(me, "made rows", contact_id=contact_id) as adding:
        own = {"contact_id": contact_id, "account_id": 1}
        case_id = adding.add(Case, **own, title="ID.4", manager_id=me.user_id, path="new_car", opened_at=1)
        activity_id = adding.add(Activity, **own, case_id=case_id, milestones=["offer"], kind="note",
                                 note="Tilbud sendt", at=1, user_id=me.user_id)  # fmt: skip
        adding.add(Task, **own, case_id=case_id, type="call", assignee_id=me.user_id, starts_at=5, sort_at=5,
                   activity_id=activity_id)  # fmt: skip
        adding.add(Attachment, contact_id=contact_id, case_id=case_id, activity_id=activity_id, name="a.pdf",
                   media_type="application/pdf", size=1, sha256="0" * 64)  # fmt: skip
        adding.add(Mail, contact_id=contact_id, activity_id=activity_id, user_id=me.user_id, direction="in",
                   message_id=f"<{contact_id}@example.dk>", thread="<a@example.dk>")  # fmt: skip
        adding.add(MailKeptOut, user_id=me.user_id, contact_id=contact_id)
        adding.add(NotSame, contact_id=before, other_id=contact_id, user_id=me.user_id)
        adding.add(NotSame, contact_id=contact_id, other_id=after, user_id=me.user_id)
        adding.change(Contact, after, None, merged_into=contact_id)
        adding.add(Consent, contact_id=contact_id, channel="phone", state="given", at=1, user_id=me.user_id)
        adding.add(Lead, received_at=1, status="accepted", contact_id=contact_id, case_id=case_id)
    run("INSERT INTO seen (user_id, contact_id, at) VALUES (?, ?, 1)", me.user_id, contact_id)
    Draft.create(user=me.user_id, key=f"note:{contact_id}", kind="note", contact=contact_id, updated_at=1)
    return contact_id


def test_what_was_deleted_is_listed_and_comes_back(anna: Me) -> None:  # noqa: F811
    contact_id = person(anna)
    with step(anna, "deleted the contact", contact_id=contact_id) as deleting:
        deleting.remove(Contact, contact_id)
    listed = trash.discarded(anna)
    assert [(one.entity, one.name, one.deleted_by) for one in listed] == [("contact", "Søren Kjær", "Anna")]
    trash.restore(anna, "contact", contact_id)
    assert search.contact_ids("soren", 5) == [contact_id]
    undo.undo(anna)
    assert len(trash.discarded(anna)) == 1


def test_only_an_admin_empties_it_and_by_the_number(anna: Me, jens: Me) -> None:  # noqa: F811
    contact_id = surrounded(anna)
    kept = surrounded(anna)
    with step(anna, "deleted the contact", contact_id=contact_id) as deleting:
        deleting.remove(Contact, contact_id)
    with pytest.raises(Refused):
        trash.empty(jens, "1")
    with pytest.raises(Invalid):
        trash.empty(anna, "2")
    assert trash.empty(anna, "1") == 1
    for one in references("contact"):
        assert value(f"SELECT count(*) FROM {one.table} WHERE {one.column} = ?", contact_id) == 0, one
        assert value(f"SELECT count(*) FROM {one.table} WHERE {one.column} = ?", kept) >= 1, one
    assert search.contact_ids("soren", 5) == [kept]
    assert rows("SELECT before, after FROM change WHERE entity = 'contact' AND row_id = ?", contact_id)[0] == (
        None,
        None,
    )
    assert value("PRAGMA integrity_check") == "ok"
    assert rows("PRAGMA foreign_key_check") == []


def test_no_foreign_key_cascades(anna: Me) -> None:  # noqa: F811
    """Faults 78: nothing a person typed goes because something else went."""
    tables = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for key in rows(f"SELECT on_delete, on_update FROM pragma_foreign_key_list('{table}')"):
            assert key == ("NO ACTION", "NO ACTION"), table
    run("SELECT 1")


def test_with_the_last_row_the_bytes_go(anna: Me) -> None:  # noqa: F811
    """Faults 81 and 82: an erased scan is erased; the same scan on another contact stays."""
    gone, kept = person(anna), person(anna)
    held = {content: files.keep(io.BytesIO(content)).sha256 for content in (b"licence", b"shared")}
    with step(anna, "attached") as adding:
        for contact_id, content in ((gone, b"licence"), (gone, b"shared"), (kept, b"shared")):
            adding.add(Attachment, contact_id=contact_id, name="a.pdf", media_type="application/pdf", size=7,
                       sha256=held[content])  # fmt: skip
    for sha256 in held.values():
        os.utime(files.path_of(sha256), (1, 1))
    with step(anna, "deleted the contact", contact_id=gone) as deleting:
        deleting.remove(Contact, gone)
    trash.empty(anna, "1")
    assert files.path_of(held[b"shared"]).is_file()
    with pytest.raises(NotFound):
        files.path_of(held[b"licence"])


def test_emptying_is_no_step_to_take_back(anna: Me) -> None:  # noqa: F811
    """Undo never says that it brought back what is gone for good."""
    kept, gone = person(anna), person(anna)
    with step(anna, "changed the city", contact_id=kept) as changing:
        changing.change(Contact, kept, 1, city="Ribe")
    with step(anna, "deleted the contact", contact_id=gone) as deleting:
        deleting.remove(Contact, gone)
    trash.empty(anna, "1")
    assert [one.what for one in undo.last_steps(anna)][:2] == ["deleted the contact", "changed the city"]
    with pytest.raises(Refused, match="emptied"):
        undo.undo(anna)
