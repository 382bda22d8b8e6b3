"""Reports: numbers that add up, nothing in them that is not for these eyes, and files that are safe to open."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from easir_tui import language
from easir_tui.channels import csv_out
from easir_tui.clock import When, now
from easir_tui.crm import cases, notes, reports, tasks
from easir_tui.crm.activities import ActivityInput, record
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Case, Contact, Lead, Membership, Team
from easir_tui.errors import Refused
from tests.conftest import NOW
from tests.crm.made import a_colleague, a_contact
from tests.crm.test_contact_list import statements


@pytest.fixture
def board(me: Me) -> dict[str, int]:
    """Two offers, one case that has not begun, one in another currency, and one that is won."""
    ole = a_contact(me)
    made = {}
    for name, worth, currency, milestone in (
        ("ID.4", 39990000, "DKK", "offer"), ("Golf", 20000000, "DKK", "offer"), ("Polo", None, "DKK", ""),
        ("Enyaq", 3000000, "EUR", "offer"), ("Caddy", 99, "DKK", "offer"),
    ):  # fmt: skip
        made[name] = cases.create(me, ole, name, path="new_car", value=worth, currency=currency)
        if milestone:
            record(me, ActivityInput(ole, "note", made[name], milestones=(milestone,), note="x"))
    cases.close(me, made["Caddy"], None, "won")
    tasks.plan(me, ole, "call", When(at=now() + 3600), "call", case_id=made["Golf"])
    return made | {"ole": ole}


def test_the_pipeline_in_the_order_of_the_path_with_its_worth(me: Me, board: dict[str, int]) -> None:
    report = reports.pipeline(me)
    title = report.lines[0].cells[0]
    assert [line.cells for line in report.lines] == [
        (title, "not begun", 1, 0, "DKK"),
        (title, "Offer sent", 2, 59990000, "DKK"),
        (title, "Offer sent", 1, 3000000, "EUR"),
    ]
    assert [line.share for line in report.lines] == [0, 1, 1]
    assert report.about.startswith("4 open cases")


def test_weeks_begin_on_monday_where_the_reader_is(me: Me) -> None:
    """Faults 81: midnight of the reader, on both sides of the end of summer time."""
    ole = a_contact(me)
    for moment in (
        NOW, NOW.replace(day=23, hour=0, minute=1), NOW.replace(day=22, hour=23, minute=59),
        NOW.replace(month=10, day=26, hour=0, minute=1), NOW.replace(month=10, day=25, hour=23, minute=59),
        NOW - timedelta(weeks=30),
    ):  # fmt: skip
        with time_machine.travel(moment, tick=False):
            notes.write(me, ole, "x")
    anna = next(line for line in reports.activities(me).lines if line.cells[0] == "Anna Holm")
    assert anna.cells[1:] == (0, 0, 1, 1, 0, 0, 1, 2, 5)
    assert reports.activities(me).columns[-2].title == "2026-11-23"


def test_the_response_time_counts_while_the_team_is_open(me: Me) -> None:
    """Friday 16:50, closing 17:00; accepted Monday 09:10: twenty minutes."""
    friday = int(NOW.replace(day=20, hour=16, minute=50).timestamp())
    monday = int(NOW.replace(day=23, hour=9, minute=10).timestamp())
    with step(me, "made", shown=False) as making:
        team = making.add(
            Team, name="Nord", accept_minutes=30, opening_hours={d: [["09:00", "17:00"]] for d in ("mon", "fri")}
        )
        for answered, due in ((monday, monday + 600), (monday, None), (monday + 7200, monday + 600), (None, monday)):
            making.add(
                Lead, name="L", team_id=team, received_at=friday, due_at=due, accepted_at=answered,
                status="accepted" if answered else "escalated",
            )  # fmt: skip
    (line,) = reports.leads(me).lines
    assert line.cells == ("Nord", 4, 3, 0, 1, 20, 50)
    assert line.share == 0.5


def test_cases_without_a_next_step(me: Me, board: dict[str, int]) -> None:
    report = reports.no_step(me)
    assert [line.cells[0] for line in report.lines] == ["ID.4", "Enyaq", "Polo"]
    assert report.lines[0].case_id == board["ID.4"]
    assert len(reports.on_screen(me, "nostep", 1).lines) == 1
    assert reports.on_screen(me, "nostep", 1).about.startswith("3 ")


def test_what_is_not_for_these_eyes_is_in_no_number(me: Me, board: dict[str, int]) -> None:
    """Faults 101 to 103."""
    jens = a_colleague(me)
    with step(me, "team", shown=False) as making:
        team, other = making.add(Team, name="Nord"), making.add(Team, name="Syd")
        making.add(Membership, user_id=jens.user_id, team_id=other)
        making.change(Contact, board["ole"], None, team_id=team)
        for name in ("ID.4", "Golf", "Polo", "Enyaq", "Caddy"):
            making.change(Case, board[name], None, team_id=team)
        making.add(Lead, name="L", team_id=team, received_at=now() - 60)
    for kind in ("pipeline", "leads", "nostep"):
        assert reports.of(me, kind).lines, kind
        assert reports.of(jens, kind).lines == (), kind
    assert sum(int(line.cells[-1] or 0) for line in reports.of(jens, "activities").lines) == 0
    assert sum(int(line.cells[-1] or 0) for line in reports.of(me, "activities").lines) > 0


@pytest.mark.parametrize("kind", list(reports.KINDS))
def test_the_number_of_statements_does_not_grow(me: Me, board: dict[str, int], kind: str) -> None:
    """Faults 66."""
    with statements() as few:
        reports.on_screen(me, kind)
    for number in range(30):
        cases.create(me, a_contact(me), f"Nr {number}", path="new_car")
    with statements() as many:
        reports.on_screen(me, kind)
    assert len(many) == len(few)


def test_there_is_no_other_report(me: Me) -> None:
    with pytest.raises(Refused):
        reports.of(me, "weather")


def test_a_spreadsheet_runs_nothing_of_it(me: Me) -> None:
    """What people type into titles and names begins no formula; letters and numbers arrive as they are."""
    for title in ("=1+1", "+45", "-x", "@SUM(A1)", " =cmd|'/c calc'!A0", "＝1", 'Æble; "Ø", Å\nto'):
        cases.create(me, a_contact(me, first_name="=Ole"), title, path="new_car", value=39990050)
    body = reports.csv(me, "nostep")
    assert body.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]
    assert len(found) == 7
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for line in found for cell in line)
    assert {line[4] for line in found} == {"399900.50"}
    assert any(line[0] == 'Æble; "Ø", Å\nto' or "Æble" in line[0] for line in found)


def test_danish_spreadsheets_part_by_semicolon(me: Me, board: dict[str, int]) -> None:
    language.activate("da")
    try:
        assert b";399900,00;" in reports.csv(me, "nostep")
    finally:
        language.activate("en")
    assert csv_out.table([(-5, None, 1.5)]) == b"\xef\xbb\xbf-5,,1.50\r\n"


def test_nothing_that_exists_is_overwritten(me: Me, tmp_path: Path, board: dict[str, int]) -> None:
    first = reports.save_csv(me, "pipeline", tmp_path)
    second = reports.save_csv(me, "pipeline", tmp_path)
    assert (first.name, second.name) == ("pipeline-2026-11-25.csv", "pipeline-2026-11-25 (2).csv")
    assert first.read_bytes() == second.read_bytes() == reports.csv(me, "pipeline")
    with pytest.raises(Refused, match="There is no folder"):
        reports.save_csv(me, "pipeline", tmp_path / "none" / "x.csv")


def test_minutes_as_people_say_them() -> None:
    assert [reports.duration(one) for one in (0, 59, 60, 125)] == ["0 min", "59 min", "1 h 00 min", "2 h 05 min"]
