"""A database of the last version: opened by this one, nothing is lost and everything new is filled in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from easir_tui.crm import undo
from easir_tui.crm.users import enrol, log_in
from easir_tui.data import database, search
from easir_tui.data.health import examine
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Case
from easir_tui.data.sqlite import row, rows, run, value, writing

STAMP = "created_at, updated_at) VALUES ({}, 5, 5)"


@pytest.fixture
def old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file as the first version left it, with a company, a contact, a case and its task."""
    only_first = tmp_path / "migrations"
    only_first.mkdir()
    shutil.copy(database.MIGRATIONS / "0001_start.py", only_first)
    path = tmp_path / "old.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(database, "MIGRATIONS", only_first)
        store = database.open_store(path)
        with writing():
            for table, names, values in (
                ("app_user", "id, login, full_name, role", "1, 'anna', 'Anna Holm', 'admin'"),
                ("account", "id, kind, name, name_key, cvr, phone",
                 "7, 'company', 'Nordlys Biler A/S', 'nordlys biler a/s', '10150817', '+4586124400'"),
                ("contact", "id, kind, first_name, name, name_key, account_id, responsible_id",
                 "3, 'business', 'Søren', 'Søren', 's|ren', 7, 1"),
                ("sales_case", "id, contact_id, account_id, title, manager_id, path, opened_at",
                 "4, 3, 7, 'ID.4', 1, 'new_car', 5"),
                ("task", "contact_id, account_id, case_id, type, assignee_id, day, sort_at",
                 "3, 7, 4, 'call', 1, '2026-12-01', 1780000000"),
                ("activity", "contact_id, account_id, case_id, kind, at, user_id, note, milestones",
                 """3, 7, 4, 'note', 77, 1, 'Vil have hvid', '["offer"]'"""),
            ):  # fmt: skip
                run(f"INSERT INTO {table} ({names}, {STAMP.format(values)}")
        store.close()
    return path


def test_what_was_there_stays_and_what_is_new_is_filled_in(old_file: Path) -> None:
    store = database.open_store(old_file)
    try:
        assert database.applied() == database.known()
        assert row("SELECT name, audience, team_id FROM contact") == ("Søren", 0, None)
        assert row("SELECT next_step_at, next_step_day, last_activity_at FROM sales_case") == (
            1780000000, "2026-12-01", 77,
        )  # fmt: skip
        for typed in ("nordlys", "10150817", "4400", "86 12 44 00"):
            assert search.plain_ids("search_account", typed, 5) == [7], typed
        assert rows("PRAGMA foreign_key_check") == []
        assert [one for one in examine() if one.what.startswith("Search index search_account") and not one.well] == []
        assert old_file.with_name("old.db.before-0002_around").exists()
    finally:
        store.close()


def test_it_is_worked_on_and_shared_out_to_teams_afterwards(old_file: Path) -> None:
    store = database.open_store(old_file)
    try:
        anna = log_in("anna")
        enrol(anna, "jens", "Jens Bæk")
        with step(anna, "renamed") as changing:
            changing.change(Account, 7, None, name="Sydlys Biler A/S")
            changing.change(Case, 4, None, title="ID.5")
        assert search.plain_ids("search_account", "sydlys", 5) == [7]
        assert search.plain_ids("search_account", "nordlys", 5) == []
        undo.undo(anna)
        assert search.plain_ids("search_account", "nordlys", 5) == [7]
        assert value("SELECT title FROM sales_case") == "ID.4"
    finally:
        store.close()
