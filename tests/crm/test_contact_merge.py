"""Making one of several contacts: nothing is left behind, nothing is sent, and undo takes all of it apart again."""

from __future__ import annotations

import io

import pytest

from easir_tui.clock import When, now
from easir_tui.crm import (
    activities,
    attachments,
    cases,
    consent,
    contact_facts,
    contact_merge,
    contact_page,
    contacts,
    drafts,
    notes,
    tasks,
    timeline,
    undo,
)
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data import search
from easir_tui.data.journal import step
from easir_tui.data.models import Consent, Contact, Lead, Membership, NotSame, Team
from easir_tui.data.references import references
from easir_tui.data.sqlite import rows, run, value, writing
from easir_tui.errors import NotFound, Refused

from .made import a_business_contact, a_colleague, a_contact
from .mail_made import received


def with_everything(me: Me, **fields: object) -> int:
    """A contact with a row in every table that points at contacts."""
    contact = a_contact(me, **fields)
    other = a_contact(me, first_name="Anden", emails=[], phones=[])
    case = cases.create(me, contact, f"Sag {contact}", path="new_car")
    activities.record(me, ActivityInput(contact, "call", case, milestones=("offer",), direction="out", note="Ringet"))
    notes.write(me, contact, f"Notat {contact}")
    tasks.plan(me, contact, "call", When(at=now() + 3600), "Ring")
    attachments.add(me, contact, io.BytesIO(b"%PDF-1.7 " + str(contact).encode()), "a.pdf", case)
    received(me, contact, contact)
    consent.record(me, contact, "phone", "given", "ved disken")
    drafts.keep(
        me, f"activity:note:{contact}", "activity", {"arguments": {"contact_id": contact}, "texts": {}}, contact
    )
    with step(me, "made", shown=False) as making:
        making.add(Lead, received_at=1, status="accepted", contact_id=contact, case_id=case)
        making.add(NotSame, contact_id=contact, other_id=other, user_id=me.user_id)
    with writing():
        run("INSERT INTO seen (user_id, contact_id, at) VALUES (?, ?, 1)", me.user_id, contact)
    return contact


def everything_of(contact: int) -> dict[str, int]:
    return {
        f"{one.table}.{one.column}": int(value(
            f"SELECT count(*) FROM {one.table} WHERE {one.column} = ?"
            + (" AND deleted_at IS NULL" if one.table in LIVING else ""), contact,
        ))
        for one in references("contact") if one.table not in ("event", "contact_key", "contact")
    }  # fmt: skip


LIVING = {
    "activity", "task", "sales_case", "attachment", "consent", "mail", "lead", "not_same", "mail_kept_out",
}  # fmt: skip


def test_nothing_is_left_behind(me: Me) -> None:
    """Faults 1 and 2: whatever the schema says can point at a contact points at the one who stays."""
    stays, goes = with_everything(me), with_everything(me, emails=[{"label": "", "address": "ole@arbejde.dk"}])
    before, moving = everything_of(stays), everything_of(goes)
    assert all(moving[name] for name in moving if name not in ("mail_kept_out.contact_id", "not_same.other_id")), moving
    contact_merge.merge(me, stays, [goes])
    after = everything_of(stays)
    for name, count in moving.items():
        if name.startswith(("seen", "not_same")):
            continue
        assert after[name] == before[name] + count, name
    assert not any(everything_of(goes).values())
    history = str(timeline.history(me, stays))
    for words in (f"Sag {stays}", f"Sag {goes}", "merged", "Spørgsmål"):
        assert words in history, words
    assert "recorded consent" in history
    assert value("PRAGMA integrity_check") == "ok"
    assert rows("PRAGMA foreign_key_check") == []


def test_undo_takes_it_apart_again(me: Me) -> None:
    stays, goes = with_everything(me), with_everything(me, first_name="Oline")
    before, moving = everything_of(stays), everything_of(goes)
    facts = contact_facts.show(me, stays)
    event = contact_merge.merge(me, stays, [goes])
    undo.undo(me, event)
    skip = ("seen", "draft")
    assert {n: c for n, c in everything_of(stays).items() if not n.startswith(skip)} == {
        n: c for n, c in before.items() if not n.startswith(skip)
    }
    assert {n: c for n, c in everything_of(goes).items() if not n.startswith(skip)} == {
        n: c for n, c in moving.items() if not n.startswith(skip)
    }
    held = contact_facts.show(me, stays)
    assert (held.emails, held.phones, held.name) == (facts.emails, facts.phones, facts.name)
    assert search.contact_ids("oline", 5) == [goes]
    assert contact_page.load(me, goes)


def test_what_was_worked_on_since_is_named_and_the_rest_comes_apart(me: Me) -> None:
    """Faults 107: unmerging restores both; later work stays, and is said."""
    stays, goes = a_contact(me), a_contact(me, first_name="Oline", city="Ribe")
    task = tasks.plan(me, goes, "call", When(at=now() + 3600), "Ring")
    event = contact_merge.merge(me, stays, [goes])
    assert contact_facts.show(me, stays).city == "Ribe"
    contacts.change(me, stays, None, city="Viborg")
    undone = undo.undo(me, event)
    assert contact_facts.show(me, goes).name == "Oline Hansen"
    assert value("SELECT contact_id FROM task WHERE id = ?", task) == goes
    assert contact_facts.show(me, stays).city == "Viborg"
    assert any("Ole" in name for name in undone.kept)


def test_fields_are_filled_joined_and_chosen(me: Me) -> None:
    stays = a_contact(me, custom={"Farve": "hvid"}, external_ids={"google": "1"})
    goes = a_business_contact(
        me, first_name="Ole B.", job_title="Indkøber", birthday="1980-02-29", custom={"Farve": "rød", "Hund": "ja"},
        external_ids={"hubspot": "9"}, street="Havnegade 1", city="Aarhus",
        emails=[{"label": "", "address": "OLE@example.dk"}, {"label": "work", "address": "ole@firma.dk"}],
        phones=[{"label": "", "number": "+4522419017", "raw": "", "extension": ""}],
    )  # fmt: skip
    planned = contact_merge.plan(me, stays, [goes])
    assert {one.name: one.chosen for one in planned.fields}["account_id"] == 1, "a company tells more than none"
    contact_merge.merge(me, stays, [goes], {"first_name": 1})
    held = contact_facts.show(me, stays)
    assert (held.first_name, held.kind, held.company, held.job_title) == (
        "Ole B.",
        "business",
        "Nordlys Biler A/S",
        "Indkøber",
    )
    assert [one["address"] for one in held.emails] == ["ole@example.dk", "ole@firma.dk"]
    assert len(held.phones) == 1
    assert (held.birthday, held.street, held.custom) == ("1980-02-29", "Havnegade 1", {"Farve": "hvid", "Hund": "ja"})
    assert held.external_ids == {"google": "1", "hubspot": "9"}
    assert search.contact_ids("nordlys", 5) == [stays]
    assert value("SELECT count(*) FROM contact_key WHERE contact_id = ?", goes) == 0


STATED = {
    "later wins": ((("given", 10), ("refused", 20)), (("given", 30),), "given"),
    "later wins the other way round": ((("given", 30),), (("given", 10), ("refused", 40)), "refused"),
    "tied means refused": ((("given", 20),), (("refused", 20),), "refused"),
    "only one was asked": ((), (("given", 5),), "given"),
    "nobody was": ((), (), "not_asked"),
    "both agree": ((("refused", 5),), (("refused", 9),), "refused"),
}


@pytest.mark.parametrize("case", STATED)
def test_both_ledgers_are_kept_and_the_latest_statement_counts(me: Me, case: str) -> None:
    """Faults 5: and the plan says so before anything is saved."""
    first, second, result = STATED[case]
    people = a_contact(me), a_contact(me, first_name="Oline")
    with step(me, "said", shown=False) as saying:
        for contact, many in zip(people, (first, second), strict=True):
            for state, at in many:
                saying.add(Consent, contact_id=contact, channel="email", state=state, at=at, user_id=me.user_id)
    planned = next(one for one in contact_merge.plan(me, *(people[0], [people[1]])).consents if one.channel == "email")
    assert planned.result == result
    event = contact_merge.merge(me, people[0], [people[1]])
    assert consent.state(me, people[0], "email").state == result
    assert len(consent.ledger(me, people[0], "email")) >= len(first) + len(second)
    undo.undo(me, event)
    assert len(consent.ledger(me, people[0], "email")) == len(first)


def test_several_at_once_and_clusters_apart(me: Me) -> None:
    """Faults 7: two pairs merged one after the other stay two."""
    a, a2, a3 = (a_contact(me, first_name=f"A{n}") for n in range(3))
    b, b2 = (a_contact(me, first_name=f"B{n}") for n in range(2))
    contact_merge.merge(me, a, [a2, a3])
    contact_merge.merge(me, b, [b2])
    living = {found for (found,) in rows("SELECT id FROM contact WHERE deleted_at IS NULL")}
    assert living == {a, b}
    assert rows("SELECT id, merged_into FROM contact WHERE merged_into IS NOT NULL ORDER BY id") == [
        (a2, a),
        (a3, a),
        (b2, b),
    ]


def test_merged_and_merged_again_both_histories_are_there(me: Me) -> None:
    first, second, third = (a_contact(me, first_name=name) for name in ("En", "To", "Tre"))
    consent.record(me, third, "sms", "given")
    contact_merge.merge(me, second, [third])
    contact_merge.merge(me, first, [second])
    assert "recorded consent to SMS" in str(timeline.history(me, first))


def test_nothing_is_sent(me: Me) -> None:
    """Faults 6."""
    stays, goes = with_everything(me), with_everything(me)
    before = value("SELECT count(*) FROM mail WHERE state <> ''")
    undo.undo(me, contact_merge.merge(me, stays, [goes]))
    assert value("SELECT count(*) FROM mail WHERE state <> ''") == before


def test_a_message_both_have_is_there_once(me: Me) -> None:
    stays, goes = a_contact(me), a_contact(me, first_name="Oline")
    received(me, stays, 1)
    with writing():
        run("DELETE FROM mail_copy")
    received(me, goes, 2, message_id="<1@example.dk>", files=[("a.pdf", b"%PDF-1.7 x")])
    contact_merge.merge(me, stays, [goes])
    assert len([one for one in timeline.history(me, stays).rows if one.kind == "email"]) == 1
    assert attachments.page(me, stays).rows == ()


def test_two_drafts_of_one_kind_are_both_kept(me: Me) -> None:
    stays, goes = a_contact(me), a_contact(me, first_name="Oline")
    for contact in (stays, goes):
        body = {"arguments": {"contact_id": contact, "kind": "note"}, "texts": {"note": f"Tekst {contact}"}}
        drafts.keep(me, f"activity:note:{contact}", "activity", body, contact)
    contact_merge.merge(me, stays, [goes])
    waiting = drafts.waiting(me)
    assert {one.body["texts"]["note"] for one in waiting} == {f"Tekst {stays}", f"Tekst {goes}"}
    assert {one.opens[1]["contact_id"] for one in waiting} == {stays}


def test_what_one_may_not_see_cannot_be_merged(me: Me) -> None:
    with step(me, "made teams", shown=False) as making:
        nord, syd = making.add(Team, name="Nord"), making.add(Team, name="Syd")
    jens = a_colleague(me)
    with step(me, "joined", shown=False) as joining:
        joining.add(Membership, user_id=jens.user_id, team_id=nord)
    mine, theirs = a_contact(me, team_id=nord), a_contact(me, first_name="Oline", team_id=syd)
    with pytest.raises(NotFound):
        contact_merge.merge(jens, mine, [theirs])
    with pytest.raises(NotFound):
        contact_merge.plan(jens, theirs, [mine])
    with pytest.raises(Refused, match="same contact"):
        contact_merge.plan(me, mine, [mine])
    assert Contact.select().where(Contact.deleted_at.is_null()).count() == 2
