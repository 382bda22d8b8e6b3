"""The reports on screen: by number, with bars, opening what is behind a line, saved as a file, in every size."""

from __future__ import annotations

from pathlib import Path

import pytest

from easir_tui import language
from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm import cases
from easir_tui.crm.users import Me
from easir_tui.widgets.bars import bar
from tests.conftest import running, screen_text, settle
from tests.crm.test_reports import board

__all__ = ["board"]


async def test_each_report_by_its_number(app: EasirApp, board: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        for key, words in (
            ("1", ("[1 Pipeline]", "New car", "Offer sent", "DKK 599,900.00", "█")),
            ("2", ("[2 Activities]", "Anna Holm", "W48")), ("3", ("[3 Response time]", "No lead has arrived")),
            ("4", ("[4 No next step]", "3 open cases without a next step", "Enyaq")),
        ):  # fmt: skip
            await pilot.press(key)
            await settle(pilot)
            said = screen_text(app)
            for one in words:
                assert one in said, (key, one)


async def test_enter_opens_what_is_behind_a_line(app: EasirApp, board: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert type(app.screen).__name__ == "CasesScreen"
        assert "ID.4" in screen_text(app)
        assert "Polo" not in screen_text(app)
        await pilot.press("g", "r")
        await settle(pilot)
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert type(app.screen).__name__ == "CaseScreen"
        assert "ID.4" in screen_text(app)


async def test_a_new_case_is_counted_at_once(app: EasirApp, me: Me, board: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        assert "4 open cases" in screen_text(app)
        await app.tell(cases.create, board["ole"], "Tiguan", path="new_car")
        await pilot.pause(1.1)
        await settle(pilot)
        assert "5 open cases" in screen_text(app)


async def test_x_saves_a_file(app: EasirApp, board: dict[str, int], tmp_path: Path) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "~/pipeline-2026-11-25.csv" in screen_text(app)
        app.screen.query_one("Input").value = ""
        await pilot.press("f10")
        await settle(pilot)
        assert "This cannot be empty." in screen_text(app)
        app.screen.query_one("Input").value = str(tmp_path / "p.csv")
        await pilot.press("f10")
        await settle(pilot)
        assert "Saved as" in screen_text(app)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        assert (Path.home() / "pipeline-2026-11-25.csv").exists()
    assert b"Offer sent,2,599900.00,DKK" in (tmp_path / "p.csv").read_bytes()


async def test_a_restricted_login_writes_no_file(store, me: Me, board: dict[str, int]) -> None:
    app = EasirApp(store, me, Settings(restricted=True))
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert type(app.screen).__name__ == "ReportsScreen"
        assert "easir report pipeline --csv" in screen_text(app)


async def test_an_empty_company_is_told_how_to_begin(app: EasirApp) -> None:
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        assert "No case is open." in screen_text(app)
        await pilot.press("enter", "4")
        await settle(pilot)
        assert "Every open case has a next step." in screen_text(app)


@pytest.mark.parametrize("size", [(1, 1), (20, 6), (40, 12), (80, 24), (132, 36), (200, 60)])
async def test_every_size(app: EasirApp, board: dict[str, int], size: tuple[int, int]) -> None:
    async with running(app, size=size) as pilot:
        await pilot.press("g", "r")
        for key in ("1", "2", "3", "4", "j", "x", "escape"):
            await pilot.press(key)
            await settle(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert app.is_running


async def test_in_danish_and_in_plain_letters(store, me: Me, board: dict[str, int], monkeypatch) -> None:
    monkeypatch.setenv("EASIR_LANG", "da")
    language.activate("da")
    app = EasirApp(store, me, Settings(language="da", ascii=True))
    async with running(app) as pilot:
        await pilot.press("g", "r")
        await settle(pilot)
        said = screen_text(app)
        for words in ("Milepæl", "Værdi", "4 åbne sager", "########"):
            assert words in said, words
        assert "█" not in said


def test_bars() -> None:
    assert bar(0, 10) == ""
    assert bar(1, 4) == "████"
    assert bar(0.5, 1) == "▌"
    assert bar(0.0001, 10) == "▏"
    assert bar(2, 3, True) == "###"
    assert bar(0.01, 3, True) == "#"
    assert bar(0.5, 0) == ""
