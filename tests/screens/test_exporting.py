"""Writing out what a list shows, by keys."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from easir_tui.app import EasirApp
from easir_tui.clock import When, now
from easir_tui.config import Settings
from easir_tui.crm import cases, tasks
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.conftest import look, running, screen_text
from tests.crm.made import a_business_contact, a_contact
from tests.screens.keys import field, lines, press


@pytest.fixture
def town(me: Me) -> int:
    ole = a_contact(me)
    a_business_contact(me, first_name="Søren", emails=[])
    cases.create(me, ole, "ID.4", path="new_car")
    tasks.plan(me, ole, "call", When(at=now() + 3600), "Ring")
    return ole


def names(path: Path, column: str) -> list[str]:
    return [one[column] for one in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())]


async def test_contacts_all_filtered_or_marked(app: EasirApp, town: int, tmp_path: Path) -> None:
    async with running(app) as pilot:
        await press(pilot, "x")
        look(app, "export-80")
        assert "Export 2" in screen_text(app)
        await press(pilot, "c")
        field(app, "path").value = str(tmp_path / "all.csv")
        await press(pilot, "f10")
        assert "2 written" in screen_text(app)
        await press(pilot, "slash", *"ole", "enter", "x", "c")
        field(app, "path").value = str(tmp_path / "ole.csv")
        await press(pilot, "f10")
        await press(pilot, "escape", "end", "space", "x", "c")
        field(app, "path").value = str(tmp_path / "ole.csv")
        await press(pilot, "f10")
        assert "is there already" in lines(app), "nothing is overwritten"
    assert names(tmp_path / "all.csv", "First name") == ["Ole", "Søren"]
    assert names(tmp_path / "ole.csv", "First name") == ["Ole"]


@pytest.mark.parametrize(
    ("keys", "column", "held"),
    [
        (("g", "s"), "Title", ["ID.4"]), (("g", "k"), "To do", ["Ring"]),
        (("g", "a"), "Name", ["Nordlys Biler A/S", "Private customers"]),
    ],
)  # fmt: skip
async def test_other_lists(
    app: EasirApp, town: int, tmp_path: Path, keys: tuple[str, ...], column: str, held: list[str]
) -> None:
    async with running(app) as pilot:
        await press(pilot, *keys, "x", "c")
        field(app, "path").value = str(tmp_path / "a.csv")
        await press(pilot, "f10")
    assert names(tmp_path / "a.csv", column) == held


async def test_a_login_without_files_gets_the_command(store: Store, me: Me, town: int) -> None:
    app = EasirApp(store, me, Settings(theme="dark", home="contacts", restricted=True))
    async with running(app) as pilot:
        await press(pilot, "slash", *"ole", "enter", "x", "c")
        assert "ssh HOST 'easir export contacts --filter ole --format csv' > contacts.csv" in lines(app)
