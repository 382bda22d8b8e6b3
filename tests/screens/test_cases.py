"""Cases on screen: opening one, its page, and what is done there."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.clock import When, now
from easir_tui.crm import activities, attachments, cases, tasks
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Case, Lead
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact
from tests.screens.keys import field, lines, opened, press, typed

HOUR = 3600


async def test_a_new_case(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "new_case", contact_id=contact)
        await press(pilot, "f10")
        assert "cannot be empty" in screen_text(app)
        await typed(pilot, "ID.4 for the wife")
        field(app, "path").value = "used_car"
        field(app, "value").focus()
        await typed(pilot, "399.900,50")
        assert "DKK 399,900.50" in screen_text(app)
        field(app, "expected_close").focus()
        await typed(pilot, "ultimo januar")
        assert "31 January 2027" in screen_text(app)
        look(app, "new-case-80")
        await press(pilot, "f10")
    case = cases.rows(me, contact)[0]
    assert (case.title, case.path, case.value, case.expected_close) == (
        "ID.4 for the wife",
        "used_car",
        39990050,
        "2027-01-31",
    )
    assert case.manager == "Anna Holm"


async def test_the_only_path_is_not_asked_for(app: EasirApp, me: Me, tmp_path: Any, monkeypatch: Any) -> None:
    """V5."""
    own = tmp_path / "paths.toml"
    own.write_text('[only]\ntitle = "Only"\n[[only.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n')
    monkeypatch.setenv("EASIR_PATHS", str(own))
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "new_case", contact_id=contact)
        assert "Relations path" not in screen_text(app)
        await typed(pilot, "A case")
        await press(pilot, "f10")
    assert cases.rows(me, contact)[0].path == "only"


def a_case(me: Me) -> int:
    """A case of a company's contact with a call, a plan and a colleague's case beside it."""
    contact = a_business_contact(me, first_name="Søren")
    case = cases.create(me, contact, "ID.4 [to] the board", path="new_car", value=39990000, product="VW ID.4 Pro")
    other = cases.create(me, contact, "Another case", path="used_car")
    activities.record(
        me,
        ActivityInput(
            contact, "call", case_id=case, milestones=("first_contact", "needs"), note="Wants white", direction="out"
        ),
    )
    activities.record(
        me, ActivityInput(contact, "note", case_id=other, milestones=("viewing",), note="Not for this page")
    )
    tasks.plan(me, contact, "call", When(at=now() + HOUR), "Ask about trade-in", case_id=case)
    return case


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_of_a_case(app: EasirApp, me: Me, size: Any) -> None:
    """Its facts, its path with what is done, its own steps and history, and nothing of another case."""
    case = a_case(me)
    async with running(app, size) as pilot:
        await opened(pilot, "case", case_id=case)
        shown = screen_text(app)
        look(app, f"case-{size[0]}")
        for part in (
            "ID.4 [to] the board",
            "● open",
            "Nordlys Biler A/S",
            "DKK 399,900.00",
            "25 %",
            "✔ First contact",
            "● Needs clarified",
            "Ask about trade-in",
            "Wants white",
        ):
            assert part in shown
        assert "Not for this page" not in shown
        assert "Lead details" not in shown


async def test_close_reject_and_reopen_by_key(app: EasirApp, me: Me) -> None:
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "C", "w")
        assert "closed as won" in screen_text(app)
        await press(pilot, "R")
        assert "● open" in screen_text(app)
        await press(pilot, "R")
        await press(pilot, "f10")
        assert cases.page(me, case).status == "open"
        await typed(pilot, "Bought elsewhere")
        await press(pilot, "f10")
        assert "rejected" in screen_text(app)
        assert "Bought elsewhere" in screen_text(app)
        await press(pilot, "u")
        assert "● open" in screen_text(app)
        await press(pilot, "C", "l")
        await typed(pilot, "Price")
        await press(pilot, "f10")
    page = cases.page(me, case)
    assert (page.status, page.outcome, page.reason) == ("closed", "lost", "Price")


async def test_editing_a_case(app: EasirApp, me: Me) -> None:
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "E")
        look(app, "case-edit-80")
        field(app, "chance").value = "70 %"
        field(app, "value").value = "1.000,5"
        await press(pilot, "f10")
        assert "70 %" in screen_text(app)
        assert "DKK 1,000.50" in screen_text(app)
        await press(pilot, "E")
        field(app, "chance").value = "170"
        await press(pilot, "f10")
        assert "between 0 and 100" in lines(app)
        assert field(app, "chance").value == "170"
    assert cases.page(me, case).chance == 70


async def test_two_people_edit_one_case(app: EasirApp, me: Me) -> None:
    """V17, faults 74: other fields merge silently, the same field shows both versions; theirs can be taken."""
    case = a_case(me)
    jens = a_colleague(me)
    async with running(app) as pilot:
        await opened(pilot, "case_edit", case_id=case)
        field(app, "title").value = "Mine"
        field(app, "product").value = "Golf"
        await app.store.tell(lambda: cases.change(jens, case, None, title="Theirs", value=5))
        await press(pilot, "f10")
        assert "Jens Holt changed this" in lines(app)
        await press(pilot, "right", "f10")
    page = cases.page(me, case)
    assert (page.title, page.product, page.value) == ("Theirs", "Golf", 5)


async def test_an_activity_and_a_task_from_the_case_page(app: EasirApp, me: Me) -> None:
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "n")
        assert field(app, "case").value == case
        await press(pilot, "right", "right", "space")
        field(app, "note").focus()
        await typed(pilot, "Drove it")
        await press(pilot, "f10")
        assert "● Test drive" in screen_text(app)
        assert "Drove it" in screen_text(app)
        await press(pilot, "p")
        field(app, "when").focus()
        await typed(pilot, "fri")
        await press(pilot, "f10")
    assert {row.case_id for row in tasks.for_user(me)} == {case}


async def test_deleting_a_case_asks_and_undo_brings_it_back(app: EasirApp, me: Me) -> None:
    """V15 and V16: what is on it is counted first."""
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "D")
        assert "1 activity and 1 planned task" in lines(app)
        await press(pilot, "n")
        assert Case.get_by_id(case).deleted_at is None
        await press(pilot, "D", "y")
        assert Case.get_by_id(case).deleted_at is not None
        await press(pilot, "u")
    assert Case.get_by_id(case).deleted_at is None


@pytest.mark.parametrize("size", [(20, 6), (200, 60)])
@pytest.mark.parametrize("name", ["tasks", "case", "new_case", "task", "case_edit"])
async def test_every_screen_fits_any_window(app: EasirApp, me: Me, name: str, size: tuple[int, int]) -> None:
    case = a_case(me)
    arguments = {
        "tasks": {},
        "case": {"case_id": case},
        "case_edit": {"case_id": case},
        "new_case": {"contact_id": 1},
        "task": {"contact_id": 1},
    }[name]
    async with running(app, size) as pilot:
        await opened(pilot, name, **arguments)
        await pilot.press("tab", "tab")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "EASI'R" in screen_text(app)


async def test_lead_details_stand_on_a_case_that_came_from_a_lead(app: EasirApp, me: Me) -> None:
    """V11."""
    contact = a_contact(me)
    with step(me, "a lead came in") as work:
        lead = work.add(Lead, received_at=now(), source="website", type="test drive", interest="ID.4 [white]")
    case = cases.create(me, contact, "ID.4", path="new_car", lead_id=lead)
    async with running(app, (132, 36)) as pilot:
        await opened(pilot, "case", case_id=case)
        for part in ("Lead details", "website · test drive", "ID.4 [white]"):
            assert part in screen_text(app)


async def test_a_colleagues_save_appears_on_the_case_page(app: EasirApp, me: Me) -> None:
    """Live, with the cursor where it was; and the page leaves when the case is deleted."""
    case = a_case(me)
    jens = a_colleague(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "j")
        at = app.screen.timeline.current()
        await app.store.tell(lambda: cases.change(jens, case, None, product="Golf", value=700))
        await app.look_for_changes()
        await settle(pilot)
        assert "Golf" in screen_text(app)
        assert "DKK 7.00" in screen_text(app)
        assert app.screen.timeline.current() == at
        await app.store.tell(lambda: cases.delete(jens, case, None, True))
        await app.look_for_changes()
        await settle(pilot)
        assert "The case was deleted" in screen_text(app)
        assert "Case" not in app.screen.__class__.__name__


async def test_what_is_typed_stays_when_a_colleague_saves(app: EasirApp, me: Me) -> None:
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case_edit", case_id=case)
        field(app, "title").focus()
        await typed(pilot, " x")
        held = field(app, "title").value
        await app.store.tell(lambda: cases.change(a_colleague(me), case, None, value=700))
        await app.look_for_changes()
        await settle(pilot)
        assert field(app, "title").value == held
        await press(pilot, "f10")
    page = cases.page(me, case)
    assert (page.title, page.value) == (held.strip(), 700)


async def test_the_pen_of_the_facts(app: EasirApp, me: Me) -> None:
    """Enter on the block edits it, as on the contact page."""
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        app.screen.block.focus()
        await press(pilot, "enter")
        assert "Change the case" in screen_text(app)


async def test_what_is_under_the_cursor_is_deleted_and_read(app: EasirApp, me: Me) -> None:
    """d on an activity, Enter to read it; u brings it back."""
    case = a_case(me)
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "j", "enter")
        assert "Wants white" in screen_text(app)
        await press(pilot, "escape", "d")
        assert "Activity deleted" in screen_text(app)
        assert cases.page(me, case).activities == 0
        await press(pilot, "u")
    assert cases.page(me, case).activities == 1


async def test_history_is_narrowed_by_milestone(app, me):
    """By period, source and milestone; what carries another milestone, and what is no activity, is left out."""
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    for milestone, words in (("first_contact", "Ringede ind"), ("offer", "Tilbud sendt")):
        activities.record(me, ActivityInput(contact, "note", case, milestones=(milestone,), note=words))
    async with running(app, size=(132, 36)) as pilot:
        await app.open("case", case_id=case)
        await settle(pilot)
        assert "milestone all" in screen_text(app)
        choice = app.screen.query_one("#case")
        choice.value = "offer"
        await settle(pilot)
        assert "Tilbud sendt" in screen_text(app)
        assert "Ringede ind" not in screen_text(app)
        assert "milestone Offer sent" in screen_text(app)


async def test_lead_details_exactly_when_it_came_from_a_lead(app, me):
    """V11, and faults 106: the leads of a case are one key away; without any there is no such key."""
    import json

    from easir_tui.channels import lead_json
    from easir_tui.crm import lead_accept, leads

    raw = json.dumps({"id": "1", "source": "web", "name": "Bo Rør", "product": "Golf"}).encode()
    (lead,) = leads.arrive(me, lead_json.read(raw), raw).ids
    done = lead_accept.accept(me, lead, lead_accept.proposed(me, lead))
    bare = cases.create(me, a_contact(me), "ID.4", path="new_car")
    async with running(app, size=(132, 36)) as pilot:
        await app.open("case", case_id=bare)
        await settle(pilot)
        assert "Lead details" not in screen_text(app)
        await pilot.press("escape")
        await app.open("case", case_id=done.case_id)
        await settle(pilot)
        assert "L Lead details" in screen_text(app).splitlines()[-1]
        await pilot.press("L")
        await settle(pilot)
        assert type(app.screen).__name__ == "LeadScreen"


async def test_the_files_of_a_case(app: EasirApp, me: Me) -> None:
    """Those of the case, and none of the contact's others; an empty list says how one gets there."""
    case = a_case(me)
    contact = cases.page(me, case).contact_id
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        await press(pilot, "a")
        assert "No files on this case yet" in screen_text(app)
        await press(pilot, "escape")
        attachments.add(me, contact, BytesIO(b"%PDF"), "licence.pdf")
        attachments.add(me, contact, BytesIO(b"%PDF-1"), "offer.pdf", case)
        await app.look_for_changes()
        await settle(pilot)
        await press(pilot, "a")
        look(app, "case-files-80")
        assert "offer.pdf" in screen_text(app)
        assert "licence.pdf" not in screen_text(app)
        assert "a Attach" in screen_text(app)
        await press(pilot, "enter")
        assert "Save it to a folder" in screen_text(app)


async def test_a_follow_up_case_is_suggested_when_the_path_says_so(
    app: EasirApp, me: Me, tmp_path: Any, monkeypatch: Any
) -> None:
    """Only once the milestone is reached; the case opens on the path that is named."""
    own = tmp_path / "paths.toml"
    own.write_text(
        '[sale]\ntitle = "Sale"\n[[sale.milestones]]\nkey = "talk"\ntitle = "Talk"\nkind = "contact"\n'
        '[[sale.milestones]]\nkey = "won"\ntitle = "Sold"\nkind = "won"\nsets_status = "closed"\noutcome = "won"\n'
        'follow_up_case = "care"\n'
        '[care]\ntitle = "Care"\n[[care.milestones]]\nkey = "visit"\ntitle = "Visit"\nkind = "contact"\n'
    )
    monkeypatch.setenv("EASIR_PATHS", str(own))
    contact = a_contact(me)
    case = cases.create(me, contact, "Golf", path="sale")
    async with running(app) as pilot:
        await opened(pilot, "case", case_id=case)
        assert "Follow-up case" not in screen_text(app)
        activities.record(me, ActivityInput(contact, "note", case_id=case, milestones=("won",), note="Signed"))
        await app.look_for_changes()
        await settle(pilot)
        assert "Care: F opens it" in screen_text(app)
        look(app, "case-follow-up-80")
        await press(pilot, "F")
        assert field(app, "path").value == "care"
        await press(pilot, "f10")
    assert {row.path for row in cases.rows(me, contact)} == {"sale", "care"}
