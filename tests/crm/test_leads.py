"""Leads: arrival, teams, clocks, rejection, and acceptance in one transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from easir_tui.channels import lead_files
from easir_tui.crm import activities, cases, contacts, lead_accept, lead_clocks, lead_list, lead_page, leads, undo
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.lead_accept import Choice
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import PRIVATE_ACCOUNT, Membership, Team
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NotFound, Refused
from tests.crm.made import a_business_contact, a_colleague, a_contact

ZONE = ZoneInfo("Europe/Copenhagen")
HOURS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
TABLES = ("contact", "account", "sales_case", "activity", "task", "attachment", "consent")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


def team(me: Me, name: str = "Aarhus Nord", *members: Me, **fields: Any) -> int:
    """A team open on weekdays, with half an hour for accepting and two hours for acting."""
    given = {"opening_hours": HOURS, "accept_minutes": 30, "act_minutes": 120, "holiday_calendar": "DK"}
    with step(me, "made a team", shown=False) as making:
        team_id = making.add(Team, name=name, **given | fields)
        for one in members:
            making.add(Membership, user_id=one.user_id, team_id=team_id)
    return team_id


def lead(me: Me, **told: Any) -> int:
    """A lead of these facts, as JSON brings it; its id."""
    raw = json.dumps({"source": "web", "name": "Søren Østergaard", "email": "soren@example.dk",
                      "phone": "20 30 40 50", "product": "ID.4"} | told).encode()  # fmt: skip
    arrived = leads.arrive(me, lead_files.read(raw, "web.json", ZONE), raw, "web.json")
    (lead_id,) = arrived.ids
    return lead_id


def mailed(me: Me, **told: Any) -> int:
    """A lead that came as a mail with a drawing; its id."""
    raw = (
        "From: Portal <leads@example.dk>\r\nTo: a@example.dk\r\nSubject: lead\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: application/json\r\n'
        'Content-Disposition: attachment; filename="lead.json"\r\n\r\n'
        + json.dumps(told)
        + "\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="tegning.pdf"\r\n\r\nJVBERi0xLjQ=\r\n--b--\r\n'
    ).encode()  # fmt: skip
    (lead_id,) = leads.arrive(me, lead_files.read(raw), raw, "mail.eml").ids
    return lead_id


def counted() -> dict[str, int]:
    return {table: int(value(f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL")) for table in TABLES}


# Arrival -------------------------------------------------------------------------------------------


def test_a_lead_that_comes_twice_is_one(me: Me) -> None:
    raw = b'[{"id": "7", "source": "web", "name": "A B"}, {"id": "7", "source": "WEB", "name": "A B C"}]'
    first = leads.arrive(me, lead_files.read(raw), raw, "a.json")
    assert (len(first.ids), first.known) == (1, 1)
    again = leads.arrive(me, lead_files.read(raw), raw, "b.json")
    assert (again.ids, again.known) == ((), 2)


def test_the_message_is_kept_as_it_came(me: Me) -> None:
    raw = "Navn;Mobil\r\nBjørn Ærø;20304050\r\n".encode("cp1252")
    (lead_id,) = leads.arrive(me, lead_files.read(raw), raw, "../../æ.csv").ids
    page = lead_page.load(me, lead_id)
    (file,) = page.files
    assert (file.origin, file.name, file.size) == ("raw", "æ.csv", len(raw))
    _name, opened = lead_page.open_file(me, file.id)
    with opened:
        assert opened.read() == raw
    assert "Bjørn Ærø" in lead_page.raw_text(me, lead_id)


def test_a_lead_finds_its_team(me: Me) -> None:
    north, south = team(me), team(me, "Odense", takes=["bilportalen", "50", "varebil"])
    for told, wanted in (
        ({"team": "aarhus nord"}, north), ({"team": "Aarhus Nord Biler"}, north), ({"source": "Bilportalen"}, south),
        ({"interest": "en varebil"}, south), ({"postcode": "5000"}, south), ({"postcode": "8000"}, None),
    ):  # fmt: skip
        lead_id = lead(me, id=str(told), **told)
        assert value("SELECT team_id FROM lead WHERE id = ?", lead_id) == wanted, told


def test_the_only_team_takes_all_and_the_clock_runs_in_its_hours(me: Me) -> None:
    """The clock of the specification: received Friday 16:50 with 30 minutes, closing 17:00: Monday, opening + 20."""
    team_id = team(me)
    with time_machine.travel(datetime(2026, 11, 20, 16, 50, tzinfo=ZONE), tick=False):
        lead_id = lead(me)
    assert row("SELECT team_id, due_at FROM lead WHERE id = ?", lead_id) == (team_id, at("2026-11-23 09:20"))


def test_hostile_text_is_data(me: Me) -> None:
    """Faults 89 and 91."""
    lead_id = lead(me, name="\x1b]52;c;eA==\x07[/] [red]Ole", email="not an address", phone="<b>x</b>")
    found = lead_page.load(me, lead_id)
    assert "\x1b" not in found.row.name
    assert "[/]" in found.row.name
    assert found.contact["emails"] == []


# Clocks --------------------------------------------------------------------------------------------


def test_escalation_happens_once_and_on_time(me: Me) -> None:
    team(me, escalate_to="boss@example.dk")
    with time_machine.travel(datetime(2026, 11, 20, 16, 50, tzinfo=ZONE), tick=False) as clock:
        lead_id = lead(me)
        clock.move_to(datetime(2026, 11, 23, 9, 19, tzinfo=ZONE))
        assert not lead_clocks.escalate(me)
        clock.move_to(datetime(2026, 11, 23, 9, 20, tzinfo=ZONE))
        assert lead_clocks.escalate(me).waiting == (lead_id,)
        assert not lead_clocks.escalate(me)
        assert [(one.to, one.unanswered) for one in lead_clocks.claim_notices(me)] == [("boss@example.dk", False)]
        assert lead_clocks.claim_notices(me) == []
        lead_clocks.give_back(me, lead_id)
        assert len(lead_clocks.claim_notices(me)) == 1
        assert [one.id for one in lead_list.page(me, "escalated")] == [lead_id]
        # accepted late, then nobody does anything: the second clock
        done = lead_accept.accept(me, lead_id, lead_accept.proposed(me, lead_id))
        assert value("SELECT act_by_at FROM lead") == at("2026-11-23 11:20")
        clock.move_to(datetime(2026, 11, 23, 11, 20, tzinfo=ZONE))
        assert lead_clocks.escalate(me).unanswered == (lead_id,)
        assert [one.unanswered for one in lead_clocks.claim_notices(me)] == [True]
        activities.record(me, ActivityInput(done.contact_id, "call", done.case_id, milestones=("first_contact",),
                                            direction="out", outcome="reached"))  # fmt: skip
        assert value("SELECT acted_at FROM lead") == at("2026-11-23 11:20")
        assert lead_list.count(me, "escalated") == 0


def test_what_the_clocks_do_is_nobodys_to_take_back(me: Me) -> None:
    team(me)
    lead_id = lead(me)
    a_contact(me)
    with time_machine.travel(datetime(2026, 12, 1, 9, 0, tzinfo=ZONE), tick=False):
        assert lead_clocks.escalate(me).waiting == (lead_id,)
        assert undo.undo(me).sentence.startswith("Undone: added the contact")
    assert value("SELECT status FROM lead") == "escalated"


def test_a_first_activity_in_time_stops_the_second_clock(me: Me) -> None:
    team(me)
    lead_id = lead(me)
    done = lead_accept.accept(me, lead_id, lead_accept.proposed(me, lead_id))
    assert lead_list.count(me, "unanswered") == 1
    activities.record(me, ActivityInput(done.contact_id, "note", done.case_id, milestones=("first_contact",), note="x"))
    assert lead_list.count(me, "unanswered") == 0
    assert not lead_clocks.escalate(me)


def test_an_expired_lead_can_no_longer_be_accepted(me: Me) -> None:
    lead_id = lead(me, expires_at="2026-11-25T13:00:00+01:00")
    assert lead_clocks.escalate(me).expired == (lead_id,)
    with pytest.raises(Refused, match="expired"):
        lead_accept.plan(me, lead_id)


# The end -------------------------------------------------------------------------------------------


def test_rejection_needs_a_reason_and_is_final(me: Me) -> None:
    """V8."""
    lead_id = lead(me)
    with pytest.raises(Invalid):
        leads.reject(me, lead_id, "  ")
    leads.reject(me, lead_id, "Wrong number")
    for again in (lambda: leads.reject(me, lead_id, "x"), lambda: lead_accept.accept(me, lead_id, Choice())):
        with pytest.raises(Refused, match="Rejected by Anna Holm, today 14:00: Wrong number"):
            again()
    undo.undo(me)
    assert lead_list.count(me, "waiting") == 1


def test_a_private_person_becomes_exactly_one_contact_with_one_case(me: Me) -> None:
    """Faults 17."""
    lead_id = lead(me)
    before = counted()
    done = lead_accept.accept(me, lead_id, lead_accept.proposed(me, lead_id))
    after = counted()
    assert {table: after[table] - before[table] for table in TABLES if after[table] != before[table]} == {
        "contact": 1, "sales_case": 1,
    }  # fmt: skip
    held = row("SELECT kind, name, email, phone, origin FROM contact WHERE id = ?", done.contact_id)
    assert held == ("private", "Søren Østergaard", "soren@example.dk", "+4520304050", "lead")
    assert row("SELECT title, lead_id, product FROM sales_case WHERE id = ?", done.case_id) == ("ID.4", lead_id, "ID.4")
    undo.undo(me)
    assert counted() == before
    assert value("SELECT status FROM lead") == "assigned"
    assert lead_accept.accept(me, lead_id, lead_accept.proposed(me, lead_id)).case_id != done.case_id


def test_a_company_is_found_by_its_number_or_made(me: Me) -> None:
    told = {"account": {"name": "Nordlys VVS ApS", "vat": "13585628"}, "name": "Åse Bjørnsen"}
    first = lead_accept.accept(me, one := lead(me, id="1", **told), lead_accept.proposed(me, one))
    account = value("SELECT account_id FROM contact WHERE id = ?", first.contact_id)
    assert row("SELECT name, cvr FROM account WHERE id = ?", account) == ("Nordlys VVS ApS", "13585628")
    told = {"account": {"name": "Nordlys V.V.S.", "vat": "DK-13585628"}, "name": "Bo Rør"}
    second = lead(me, id="2", phone="", email="", **told)
    planned = lead_accept.plan(me, second)
    assert [(one.id, one.exact, one.reason) for one in planned.accounts] == [(account, True, "same CVR number")]
    done = lead_accept.accept(me, second, lead_accept.proposed(me, second))
    assert value("SELECT account_id FROM contact WHERE id = ?", done.contact_id) == account


def test_nothing_is_written_when_something_is_missing(me: Me) -> None:
    """Faults 18: the company was not left behind alone."""
    lead_id = lead(me, account={"name": "Ny ApS"})
    before = counted()
    events = value("SELECT count(*) FROM event")
    for wrong in (
        Choice(account_name="Ny ApS", title=""), Choice(account_name="", title="X", path="new_car"),
        Choice(account_name="Ny ApS", title="X", path="no_such_path"),
        Choice(account_name="Ny ApS", title="X", path="new_car", manager_id=99),
    ):  # fmt: skip
        with pytest.raises(Refused):
            lead_accept.accept(me, lead_id, wrong)
        assert counted() == before
    assert value("SELECT count(*) FROM event") == events
    assert value("SELECT status FROM lead") == "assigned"


def test_the_second_to_accept_is_told_who_was_first(me: Me) -> None:
    """Faults 19."""
    jens = a_colleague(me)
    lead_id = lead(me)
    chosen = lead_accept.proposed(me, lead_id)
    lead_accept.accept(jens, lead_id, chosen)
    before = counted()
    with pytest.raises(Refused, match="Accepted by Jens Holt, today 14:00"):
        lead_accept.accept(me, lead_id, chosen)
    assert counted() == before


def test_values_are_chosen_field_by_field(me: Me) -> None:
    ole = a_contact(me, first_name="Søren", last_name="Østergaard", city="Aarhus",
                    emails=[{"label": "", "address": "Soren@Example.dk"}])  # fmt: skip
    lead_id = lead(me, city="Odense", postcode="5000", phone="20 30 40 50")
    planned = lead_accept.plan(me, lead_id)
    assert [(one.id, one.exact) for one in planned.contacts] == [(ole, True)]
    differ = {one.name: (one.contact, one.lead) for one in lead_accept.differences(me, lead_id, ole)}
    assert differ == {"phones": ("+45 22 41 90 17", "+45 20 30 40 50"), "postcode": ("", "5000"),
                      "city": ("Aarhus", "Odense")}  # fmt: skip
    proposed = lead_accept.proposed(me, lead_id)
    assert (proposed.contact_id, proposed.take) == (ole, ("postcode",))
    before = counted()
    done = lead_accept.accept(me, lead_id, Choice(PRIVATE_ACCOUNT, contact_id=ole, take=("phones",), title="ID.4",
                                                  path="new_car"))  # fmt: skip
    assert done.contact_id == ole
    assert counted()["contact"] == before["contact"]
    held = row("SELECT city, postcode, phones, phone FROM contact WHERE id = ?", ole)
    assert held is not None
    assert (held[0], held[1], held[3]) == ("Aarhus", "", "+4522419017")
    assert [one["number"] for one in json.loads(held[2])] == ["+4522419017", "+4520304050"]


def test_comments_plans_files_and_consents_come_along(me: Me) -> None:
    """Faults 21 and 22."""
    lead_id = mailed(
        me, id="9", name="Bo Rør", phone="20304050", interest="Caddy",
        comments=[{"text": "Ring efter 16", "who": "Portal"}],
        plans=[{"type": "call", "day": "2026-12-01", "note": "Ring"}, {"type": "meeting", "at": "2026-11-01T10:00"}],
        consents={"phone": True, "email": False},
    )  # fmt: skip
    done = lead_accept.accept(me, lead_id, lead_accept.proposed(me, lead_id))
    assert rows("SELECT subject, note, source FROM activity WHERE case_id = ? ORDER BY id", done.case_id) == [
        ("", "Caddy", "lead"), ("Portal", "Ring efter 16", "lead"),
    ]  # fmt: skip
    assert rows("SELECT type, day FROM task WHERE case_id = ? ORDER BY id", done.case_id) == [
        ("call", "2026-12-01"), ("meeting", "2026-11-25"),
    ]  # fmt: skip
    assert rows("SELECT name, case_id FROM attachment WHERE contact_id = ?", done.contact_id) == [
        ("tegning.pdf", done.case_id)
    ]
    assert rows("SELECT channel, state FROM consent WHERE contact_id = ? ORDER BY channel", done.contact_id) == [
        ("email", "refused"), ("phone", "given"),
    ]  # fmt: skip
    assert {file.origin for file in lead_page.load(me, lead_id).files} == {"raw", "file"}
    assert value("SELECT acted_at FROM lead") is None, "what came with the lead is no answer to it"


def test_a_second_lead_is_added_to_the_open_case(me: Me) -> None:
    """Faults 106: both leads on the one case, also one of a colleague of the same company."""
    asa = a_business_contact(me, first_name="Åse", last_name="Bjørnsen")
    account = value("SELECT account_id FROM contact WHERE id = ?", asa)
    case = cases.create(me, asa, "Varebiler", path="new_car")
    lead_id = lead(me, account={"name": "Nordlys Biler A/S"}, name="Bo Rør", interest="og en til")
    offered = lead_accept.open_cases(me, None, account)
    assert [(one.id, one.contact) for one in offered] == [(case, "Åse Bjørnsen")]
    done = lead_accept.accept(me, lead_id, Choice(account_id=account, case_id=case))
    assert done.case_id == case
    assert value("SELECT lead_id FROM sales_case WHERE id = ?", case) is None
    assert [one.id for one in lead_page.of_case(me, case)] == [lead_id]
    third = mailed(me, id="t", account={"name": "Nordlys Biler A/S"}, name="Ib Rør", phone="31304050")
    taken = lead_accept.accept(me, third, Choice(account_id=account, case_id=case))
    held = rows("SELECT contact_id, case_id FROM attachment WHERE name = 'tegning.pdf' ORDER BY id")
    assert held == [(asa, case), (taken.contact_id, None)], "faults 21: on the case, and on whoever sent it"
    other = a_contact(me, last_name="Anden")
    foreign = cases.create(me, other, "Fremmed", path="new_car")
    with pytest.raises(Refused):
        lead_accept.accept(me, lead(me, id="x"), Choice(PRIVATE_ACCOUNT, case_id=foreign))


def test_the_cases_offered_are_those_that_can_be_chosen(me: Me) -> None:
    """The lead names one company, the contact chosen works for another: the contact's is what counts."""
    asa = a_business_contact(me, first_name="Åse", last_name="Bjørnsen")
    case = cases.create(me, asa, "Varebiler", path="new_car")
    company = value("SELECT account_id FROM contact WHERE id = ?", asa)
    other = a_contact(me, last_name="Anden")
    own = cases.create(me, other, "Egen", path="new_car")
    assert [one.id for one in lead_accept.open_cases(me, None, company)] == [case]
    offered = [one.id for one in lead_accept.open_cases(me, other, company)]
    assert offered == [own]
    done = lead_accept.accept(me, lead(me), Choice(account_id=company, contact_id=other, case_id=own))
    assert done.case_id == own


def test_many_at_once_say_what_became_of_each(me: Me) -> None:
    """Faults 23: five leads, two cannot be accepted; three done, two with their reasons."""
    ids = [lead(me, id=str(number), name=f"Nr {number}", email="", phone="") for number in range(4)]
    (nobody,) = leads.arrive(me, lead_files.read(b"<adf>"), b"<adf>", "x").ids
    leads.reject(me, ids[3], "spam")
    summary = lead_accept.accept_many(me, [*ids, nobody])
    assert len(summary.done) == 3
    assert [one[0] for one in summary.left] == [ids[3], nobody]
    assert all(why for _id, _name, why in summary.left)
    assert len(summary.done) + len(summary.left) == 5


def test_another_teams_lead_is_not_there(me: Me) -> None:
    """Faults 103: the same sentence as for one that does not exist."""
    jens = a_colleague(me)
    team(me, "Nord", jens)
    team(me, "Syd")
    lead_id = lead(me, team="Syd")
    for way in (
        lambda: lead_page.load(jens, lead_id), lambda: lead_accept.plan(jens, lead_id),
        lambda: lead_accept.accept(jens, lead_id, Choice(PRIVATE_ACCOUNT, title="x", path="new_car")),
        lambda: leads.reject(jens, lead_id, "x"), lambda: lead_page.raw_text(jens, lead_id),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="There is no such lead"):
            way()
    assert lead_list.count(jens, "all") == 0
    assert lead_list.rows_of(jens, [lead_id]) == []
    assert lead_list.page(jens, "all", "soren") == []
    assert lead_list.count(me, "all") == 1


def test_the_list_finds_by_letters_and_digits(me: Me) -> None:
    lead_id = lead(me)
    for typed in ("søren", "osterg", "4050", "+45 20304050", "ID.4"):
        assert lead_list.ids(me, "waiting", typed) == [lead_id], typed
    assert contacts.living(me, [1]) == ()
