"""The pipeline: columns by milestone with number and value, at any width, and what is done from a card."""

from __future__ import annotations

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import cases, company_paths, pipeline, users
from easir_tui.crm.activities import ActivityInput, record
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import value
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact
from tests.crm.test_contact_list import statements


@pytest.fixture
def board(me: Me) -> dict[str, int]:
    """Two at the offer, one test drive, one that has not begun, and one that is won and shown nowhere."""
    soren, ole = a_business_contact(me, first_name="Søren"), a_contact(me)
    made = {}
    for name, contact, worth, milestone in (
        ("ID.4 [Pro]", soren, 39990000, "offer"), ("Golf", ole, 20000000, "offer"),
        ("Enyaq", ole, 45000000, "test_drive"), ("Polo", ole, None, ""), ("Caddy", soren, 10000000, "offer"),
    ):  # fmt: skip
        made[name] = cases.create(me, contact, name, path="new_car", value=worth)
        if milestone:
            record(me, ActivityInput(contact, "note", made[name], milestones=(milestone,), note="x"))
    cases.close(me, made["Caddy"], None, "won")
    return made


def test_columns_count_and_add_up(me: Me, board: dict[str, int]) -> None:
    held = {stage.key: stage for stage in pipeline.stages(me, "new_car")}
    assert next(iter(held)) == ""
    assert (held["offer"].count, held["offer"].worth) == (2, (("DKK", 59990000),))
    assert [card.title for card in held["offer"].cards] == ["ID.4 [Pro]", "Golf"]
    assert held["test_drive"].count == 1
    assert sum(stage.count for stage in held.values()) == 4
    assert pipeline.paths_in_use(me)["new_car"] == 4
    jens = a_colleague(me)
    assert sum(stage.count for stage in pipeline.stages(jens, "new_car", mine=True)) == 0


def test_the_number_of_statements_does_not_grow(me: Me, board: dict[str, int]) -> None:
    """Faults 66."""
    with statements() as few:
        pipeline.stages(me, "new_car")
    for number in range(30):
        cases.create(me, a_contact(me), f"Nr {number}", path="new_car")
    with statements() as many:
        pipeline.stages(me, "new_car")
    assert len(many) == len(few)


@pytest.mark.parametrize("size", [(80, 24), (132, 36), (40, 12)])
async def test_the_column_with_the_cursor_is_always_shown(app: EasirApp, board: dict[str, int], size) -> None:
    async with running(app, size=size) as pilot:
        await pilot.press("g", "v")
        await settle(pilot)
        assert "not begun" in screen_text(app)
        for _step in range(12):
            await pilot.press("right")
        await settle(pilot)
        stage = app.screen.board.stages[-1]
        assert stage.title[:10] in screen_text(app)
        assert app.screen.board.column == len(app.screen.board.stages) - 1
        for line in screen_text(app).splitlines():
            assert len(line) <= size[0]


async def test_a_card_opens_and_its_case_moves_on(app: EasirApp, board: dict[str, int]) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "v")
        await settle(pilot)
        while app.screen.board.stage.key != "offer":
            await pilot.press("right")
        await settle(pilot)
        assert "ID.4 [Pro]" in screen_text(app)
        assert "2 · 600k" in screen_text(app)
        while app.screen.board.stage.key != "test_drive":
            await pilot.press("left")
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen.case_id == board["Enyaq"]
        await pilot.press("escape", "o")
        await settle(pilot)
        assert app.screen.filter_line.value == "status:open path:new_car milestone:test_drive"
        assert app.screen.records.total == 1


async def test_a_colleagues_case_moves_on_screen_and_the_cursor_stays_on_its_case(
    app: EasirApp, me: Me, board: dict[str, int]
) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "v", "j")
        await settle(pilot)
        assert app.screen.board.card.title == "Polo"
        contact = value("SELECT contact_id FROM sales_case WHERE id = ?", board["Polo"])
        record(me, ActivityInput(contact, "note", board["Polo"], milestones=("offer",), note="x"))
        await app.look_for_changes()
        await settle(pilot)
        assert app.screen.board.card.title == "Polo"
        assert app.screen.board.stage.key == "offer"


async def test_paths_an_admin_changes_are_on_screen_at_once(app: EasirApp, me: Me, board: dict[str, int]) -> None:
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("g", "v")
        await settle(pilot)
        company_paths.put_path(me, company_paths.held(me), "new_car", en="Motor cars")
        company_paths.put_milestone(me, company_paths.held(me), "new_car", "needs", en="Wishes heard")
        await app.look_for_changes()
        await settle(pilot)
        assert "Motor cars" in screen_text(app)
        assert "Wishes heard" in screen_text(app)


async def test_paths_changed_while_a_page_is_hidden_are_there_when_it_is_seen_and_nobody_is_named(
    app: EasirApp, me: Me, board: dict[str, int]
) -> None:
    users.enrol(me, "chief", "Chief", "admin")
    chief = users.log_in("chief")
    contact = value("SELECT contact_id FROM sales_case WHERE id = ?", board["Polo"])
    async with running(app, size=(132, 36)) as pilot:
        await app.open("contact", contact_id=contact)
        await settle(pilot)
        await app.open("case", case_id=board["Polo"])
        await settle(pilot)
        company_paths.put_milestone(chief, company_paths.held(me), "new_car", "offer", en="Price given")
        await app.look_for_changes()
        await settle(pilot)
        assert "Price given" in screen_text(app)
        await pilot.press("escape", "2")
        await settle(pilot)
        shown = screen_text(app)
        assert "Price given" in shown
        assert "changed this" not in shown
