"""Leads on screen: the list with its clocks, details first, the wizard, rejection, and two people at once."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.channels import lead_files
from easir_tui.clock import now
from easir_tui.crm import cases, contacts, lead_accept, lead_clocks, lead_list, leads
from easir_tui.crm.contact_values import PhoneEntry
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Membership, Team
from easir_tui.data.sqlite import row, value
from easir_tui.screens.accept_lead import AcceptLeadScreen
from easir_tui.screens.lead import LeadScreen
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact

ZONE = ZoneInfo("Europe/Copenhagen")


def arrive(me: Me, **told: object) -> int:
    raw = json.dumps({"source": "web", "phone": "20 30 40 50", "product": "ID.4"} | told).encode()
    (lead_id,) = leads.arrive(me, lead_files.read(raw), raw, "web.json").ids
    return lead_id


@pytest.fixture
def three(me: Me) -> dict[str, int]:
    """One whose clock runs, one that is late, and one of a company."""
    with step(me, "made a team", shown=False) as making:
        making.add(Team, name="Aarhus Nord", accept_minutes=60, act_minutes=60)
    made = {"søren": arrive(me, id="1", name="Søren [Øster]", email="soren@example.dk")}
    with time_machine.travel(datetime(2026, 11, 25, 12, 0, tzinfo=ZONE), tick=False):
        made["late"] = arrive(me, id="2", name="Åse Bjørnsen", phone="30 40 50 60")
    lead_clocks.escalate(me)
    made["firm"] = arrive(me, id="3", name="Bo Rør", phone="", account={"name": "Nordlys Biler A/S"},
                          comments=["Ring efter 16"])  # fmt: skip
    return made


async def test_the_list_shows_clocks_and_the_late_first(app: EasirApp, three: dict[str, int]) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "l")
        await settle(pilot)
        said = screen_text(app)
        assert "Leads 3!1" in said
        assert "! escalated" in said
        assert app.screen.records.current_id == three["late"]
        assert "today      15:00" in said
        await pilot.press("2")
        await settle(pilot)
        assert app.screen.records.total == 1
        await pilot.press("1", "slash", *"øster")
        await pilot.pause(0.1)
        await settle(pilot)
        assert app.screen.records.total == 1


async def test_details_first_then_three_steps_and_the_case(app: EasirApp, three: dict[str, int]) -> None:
    async with running(app) as pilot:
        await app.open("lead", lead_id=three["firm"])
        await settle(pilot)
        assert isinstance(app.screen, LeadScreen)
        for words in ("Bo Rør", "Nordlys Biler A/S", "Ring efter 16", "To be accepted before", "web.json"):
            assert words in screen_text(app), words
        before = value("SELECT count(*) FROM contact"), value("SELECT count(*) FROM account")
        await pilot.press("a")
        await settle(pilot)
        assert "step 1 of 3" in screen_text(app)
        assert "new company: Nordlys Biler A/S" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert "new contact: Bo Rør" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert "step 3 of 3" in screen_text(app)
        assert (value("SELECT count(*) FROM contact"), value("SELECT count(*) FROM account")) == before
        await pilot.press("f10")
        await settle(pilot)
        assert app.screen.case_id == value("SELECT case_id FROM lead WHERE id = ?", three["firm"])
        assert "Lead details" in screen_text(app)
        assert "Ring efter 16" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert (value("SELECT count(*) FROM contact WHERE deleted_at IS NULL")) == before[0]
        assert value("SELECT status FROM lead WHERE id = ?", three["firm"]) == "assigned"


async def test_the_contact_that_is_here_is_chosen_and_fields_one_by_one(
    app: EasirApp, me: Me, three: dict[str, int]
) -> None:
    ole = a_contact(me, first_name="Søren", last_name="[Øster]", emails=[{"label": "", "address": "soren@example.dk"}])
    async with running(app) as pilot:
        await app.open("lead", lead_id=three["søren"])
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        assert "same e-mail address" in screen_text(app)
        assert "stays: +45 22 41 90 17" in screen_text(app)
        await pilot.press("tab", "tab", "right")
        await settle(pilot)
        assert "add: +45 20 30 40 50" in screen_text(app)
        await pilot.press("f10", "f10")
        await settle(pilot)
        assert value("SELECT contact_id FROM lead WHERE id = ?", three["søren"]) == ole
        assert "+4520304050" in value("SELECT phones FROM contact WHERE id = ?", ole)
        assert value("SELECT count(*) FROM contact") == 1


async def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(
    app: EasirApp, me: Me, three: dict[str, int]
) -> None:
    """Between the second step and the last key somebody changed the contact (faults 73)."""
    soren = a_contact(me, first_name="Søren", last_name="[Øster]", title="Hr.", job_title="Driver",
                      emails=[{"label": "", "address": "soren@example.dk"}])  # fmt: skip
    lead_id = arrive(me, id="9", first_name="Søren", last_name="[Øster]", email="soren@example.dk", job_title="Buyer",
                     phone="40 50 60 70")  # fmt: skip
    async with running(app) as pilot:
        await app.open("lead", lead_id=lead_id)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        app.screen.form.fill({"take_job_title": True, "take_phones": True})
        await pilot.press("f10")
        await settle(pilot)
        held = row("SELECT version FROM contact WHERE id = ?", soren)
        contacts.change(a_colleague(me), soren, held[0], job_title="Head of fleet",
                        phones=[PhoneEntry("22 41 90 18", "")])  # fmt: skip
        await pilot.press("f10")
        await settle(pilot)
        for words in ("Driver", "Head of fleet", "Buyer", "Jens Holt"):
            assert words in screen_text(app), words
        assert value("SELECT status FROM lead WHERE id = ?", lead_id) == "assigned"
        await pilot.press("right", "f10")
        await settle(pilot)
        assert value("SELECT job_title FROM contact WHERE id = ?", soren) == "Head of fleet"
        numbers = value("SELECT phones FROM contact WHERE id = ?", soren)
        assert "+4522419018" in numbers
        assert "+4540506070" in numbers
        assert value("SELECT status FROM lead WHERE id = ?", lead_id) == "accepted"


async def test_what_a_chosen_contact_lacks_is_proposed(app: EasirApp, me: Me, three: dict[str, int]) -> None:
    """Only the name is the same, so a new contact is proposed; chosen by hand, this one gets the number it lacks."""
    held = a_contact(me, first_name="Søren", last_name="[Øster]", emails=[], phones=[])
    async with running(app) as pilot:
        await app.open("lead", lead_id=three["søren"])
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        assert "add: +45 20 30 40 50" in screen_text(app)
        await pilot.press("f10", "f10")
        await settle(pilot)
        assert value("SELECT contact_id FROM lead WHERE id = ?", three["søren"]) == held
        assert "+4520304050" in value("SELECT phones FROM contact WHERE id = ?", held)


async def test_esc_goes_a_step_back_and_the_draft_comes_again(app: EasirApp, three: dict[str, int]) -> None:
    """Faults 18 and 95: cancelled at step 2, nothing is left behind but the draft, which goes on where it was."""
    async with running(app) as pilot:
        await app.open("lead", lead_id=three["firm"])
        await pilot.press("a", "tab")
        await settle(pilot)
        await pilot.press("end", *" Nord")
        await pilot.press("f10", "escape")
        await settle(pilot)
        assert "step 1 of 3" in screen_text(app)
        assert "A/S Nord" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        await app.screen.save_draft()
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert value("SELECT count(*) FROM account WHERE kind = 'company'") == 0
        assert not isinstance(app.screen, AcceptLeadScreen)
        await pilot.press("a")
        await settle(pilot)
        assert "Go on with the draft" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, AcceptLeadScreen)
        assert "A/S Nord" in screen_text(app)
        await pilot.press("f10", "f10", "f10")
        await settle(pilot)
        assert value("SELECT name FROM account WHERE kind = 'company'") == "Nordlys Biler A/S Nord"
        assert value("SELECT count(*) FROM draft") == 0


async def test_a_lost_connection_comes_back_to_the_step_it_was_at(app: EasirApp, three: dict[str, int]) -> None:
    """Faults 95: not left on purpose, it opens by itself, at step 3 with what was typed in it."""
    async with running(app) as pilot:
        await app.open("accept_lead", lead_id=three["late"])
        await settle(pilot)
        await pilot.press("f10", "f10", "tab")
        await settle(pilot)
        await pilot.press("end", *" til maj")
        await app.screen.save_draft()
        app.screen.dismiss(None)
        await settle(pilot)
        await app.open("accept_lead", lead_id=three["late"])
        await settle(pilot)
        await settle(pilot)
        assert "step 3 of 3" in screen_text(app)
        assert "ID.4 til maj" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert value("SELECT title FROM sales_case") == "ID.4 til maj"


async def test_the_second_one_is_told(app: EasirApp, me: Me, three: dict[str, int]) -> None:
    """Faults 19: while I choose, a colleague accepts."""
    jens = a_colleague(me)
    with step(me, "joined", shown=False) as joining:
        joining.add(Membership, user_id=jens.user_id, team_id=1)
    async with running(app) as pilot:
        await app.open("lead", lead_id=three["late"])
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("f10", "f10")
        await settle(pilot)
        lead_accept.accept(jens, three["late"], lead_accept.proposed(jens, three["late"]))
        await pilot.press("f10")
        await settle(pilot)
        assert "Accepted by Jens Holt, today 14:00." in screen_text(app)
        assert value("SELECT count(*) FROM contact") == 1


async def test_rejecting_with_a_reason(app: EasirApp, three: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "l")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press(*"Spam", "f10")
        await settle(pilot)
        assert row("SELECT status, reason FROM lead WHERE id = ?", three["late"]) == ("rejected", "Spam")
        assert app.screen.records.total == 2
        await pilot.press("5", "enter")
        await settle(pilot)
        assert "Rejected by Anna Holm, today 14:00: Spam" in screen_text(app)


async def test_many_are_rejected_but_the_one_somebody_ended(app: EasirApp, me: Me, three: dict[str, int]) -> None:
    """Faults 23: the rest are rejected, and the one that could not be is named with the reason."""
    async with running(app) as pilot:
        await pilot.press("g", "l")
        await settle(pilot)
        await pilot.press("asterisk", "r")
        await settle(pilot)
        await pilot.press(*"Spam")
        await app.store.tell(lambda: leads.reject(me, three["late"], "Mine"))
        await pilot.press("f10")
        await settle(pilot)
        assert value("SELECT count(*) FROM lead WHERE status = 'rejected' AND reason = 'Spam'") == 2
        assert "2 leads rejected. 1 not:" in screen_text(app)
        assert "Mine" in screen_text(app)


async def test_marked_leads_are_accepted_together(app: EasirApp, me: Me, three: dict[str, int]) -> None:
    """Faults 23."""
    async with running(app) as pilot:
        await pilot.press("g", "l")
        await settle(pilot)
        await pilot.press("asterisk", "a")
        await settle(pilot)
        assert "Accept 3 leads" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert lead_list.count(me, "accepted") == 3
        assert "3 leads accepted." in screen_text(app)


async def test_the_message_is_shown_and_nothing_in_it_acts(app: EasirApp, me: Me) -> None:
    lead_id = arrive(me, name="\x1b[2J[red]x[/]")
    async with running(app) as pilot:
        await app.open("lead", lead_id=lead_id)
        await pilot.press("o")
        await settle(pilot)
        assert "\\u001b[2J[red]x[/]" in screen_text(app)
        assert "\x1b" not in screen_text(app)


async def test_an_empty_list_says_where_leads_come_from(app: EasirApp) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "l")
        await settle(pilot)
        assert "easir lead add FILE" in screen_text(app)


async def test_a_lead_that_comes_in_appears(app: EasirApp, me: Me, three: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "l")
        await settle(pilot)
        arrive(me, id="9", name="Ny Kunde")
        await app.look_for_changes()
        await settle(pilot)
        assert "Ny Kunde" in screen_text(app)


async def test_a_company_that_is_here_is_preselected_and_its_open_case_offered(
    app: EasirApp, me: Me, three: dict[str, int]
) -> None:
    """Faults 106."""
    asa = a_business_contact(me, first_name="Åse", last_name="Holm")
    case = cases.create(me, asa, "Varebiler", path="new_car")
    async with running(app) as pilot:
        await app.open("lead", lead_id=three["firm"])
        await pilot.press("a")
        await settle(pilot)
        assert "(same name)" in screen_text(app)
        await pilot.press("f10", "f10")
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        assert "add to: Varebiler · Åse Holm" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert value("SELECT case_id FROM lead WHERE id = ?", three["firm"]) == case
        assert value("SELECT accepted_at FROM lead WHERE id = ?", three["firm"]) == now()
