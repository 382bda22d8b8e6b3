"""The demonstration: believable, valid where there is a check, and the same for the same seed and day."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from easir_tui import relations
from easir_tui.data import files
from easir_tui.data.database import open_store
from easir_tui.data.derived import follow_all_contacts
from easir_tui.data.sqlite import rows, value
from easir_tui.demo import build
from easir_tui.demo.build import Recipe

RECIPE = Recipe(300, 1, "2026-11-25")
TABLES = ("app_user", "team", "membership", "account", "contact", "consent", "sales_case", "activity", "task",
          "attachment", "event", "contact_key")  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration made once for this module."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    build.build(path, RECIPE)
    return path


@pytest.fixture(autouse=True)
def demo(template: Path) -> Path:
    """The demonstration, open."""
    store = open_store(template)
    yield template
    store.close()


def digest() -> str:
    """Everything in the open database but the moments at which this test ran."""
    told = hashlib.sha256()
    for table in TABLES:
        order = "kind, key, contact_id" if table == "contact_key" else "id"
        for found in rows(f"SELECT * FROM {table} WHERE {'id <> 1' if table == 'account' else '1'} ORDER BY {order}"):
            told.update(repr(found).encode())
    return told.hexdigest()


def test_same_seed_and_day_give_the_same_data(tmp_path: Path) -> None:
    first = digest()
    build.build(tmp_path / "again.db", RECIPE)
    store = open_store(tmp_path / "again.db")
    assert digest() == first
    store.close()
    build.build(tmp_path / "other.db", Recipe(300, 2, RECIPE.day))
    open_store(tmp_path / "other.db").close()
    store = open_store(tmp_path / "other.db")
    assert digest() != first
    store.close()


def test_every_rule_of_the_database_holds() -> None:
    assert value("PRAGMA integrity_check") == "ok"
    assert rows("PRAGMA foreign_key_check") == []
    assert value("PRAGMA journal_mode") == "wal"
    columns = "id, status, next_step_at, next_step_day, last_contact_at"
    before = rows(f"SELECT {columns} FROM contact")
    follow_all_contacts()
    assert rows(f"SELECT {columns} FROM contact") == before
    assert value("SELECT count(*) FROM search_contact_docsize") == RECIPE.contacts


def test_the_size_is_what_was_asked_for() -> None:
    assert value("SELECT count(*) FROM contact") == RECIPE.contacts
    assert 6 < value("SELECT count(*) FROM activity") / RECIPE.contacts < 14
    share = value("SELECT count(*) FROM contact WHERE kind = 'business'") / RECIPE.contacts
    assert 0.2 < share < 0.5


def test_numbers_pass_their_checks() -> None:
    """CVR numbers by modulus 11, phone numbers by the numbering plan, e-mail at domains that never deliver."""
    import phonenumbers

    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    for (cvr,) in rows("SELECT cvr FROM account WHERE kind = 'company'"):
        assert len(cvr) == 8
        assert sum(int(digit) * weight for digit, weight in zip(cvr, weights, strict=True)) % 11 == 0
    for (number,) in rows(
        "SELECT phone FROM contact WHERE phone <> '' UNION SELECT phone FROM account WHERE phone <> ''"
    ):
        assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number
    for (address,) in rows(
        "SELECT email FROM contact WHERE email <> '' UNION SELECT email FROM account WHERE email <> ''"
    ):
        assert address.isascii()
        assert address.endswith(".example")


def test_people_and_towns_are_danish() -> None:
    names = " ".join(found[0] for found in rows("SELECT name FROM contact"))
    assert all(letter in names for letter in "æøå")
    assert value("SELECT count(DISTINCT name) FROM contact") > RECIPE.contacts * 0.95
    private = rows("SELECT street, postcode, city FROM contact WHERE kind = 'private'")
    assert all(street and postcode.isdigit() and city for street, postcode, city in private)


def test_cases_walk_their_paths() -> None:
    """Every case is of a known path and stands at a milestone of it; what was won says so (V5, V6)."""
    paths = relations.paths()
    for path, milestone, status, outcome, title in rows(
        "SELECT path, milestone, status, outcome, title FROM sales_case"
    ):
        step = paths[path].milestone(milestone)
        assert step is not None
        assert title
        if outcome == "won":
            assert (status, step.outcome) == ("closed", "won")
    wrong = value(
        "SELECT count(*) FROM activity a JOIN sales_case c ON c.id = a.case_id WHERE a.contact_id <> c.contact_id"
    )
    assert wrong == 0
    assert value("SELECT count(*) FROM activity WHERE (case_id IS NULL) <> (milestones = '[]')") == 0


def test_today_is_alive_and_nothing_happened_in_the_future() -> None:
    from easir_tui import clock

    today = clock.instant(clock.today(clock.zone()), 0, 0, clock.zone())
    assert value("SELECT max(at) FROM activity") < today
    assert value("SELECT min(at) FROM activity") > today - 3 * 366 * 86400
    mine = "assignee_id = 1 AND status = 'open'"
    assert value(f"SELECT count(*) FROM task WHERE {mine} AND sort_at < ?", today) > 0
    assert value(f"SELECT count(*) FROM task WHERE {mine} AND sort_at >= ?", today) > 0


def test_notes_read_like_notes() -> None:
    notes = [found[0] for found in rows("SELECT note FROM activity WHERE note <> ''")]
    assert len(set(notes)) > len(notes) * 0.6
    assert not any("{" in note or "}" in note for note in notes)
    assert all(note[0].isupper() or not note[0].isalpha() for note in notes)
    bodies = [found[0] for found in rows("SELECT body FROM activity WHERE body <> '' LIMIT 200")]
    assert bodies
    assert not any("{" in body for body in bodies)


def test_files_are_there() -> None:
    """Their bytes are what their name says."""
    for name, media_type, sha256, size in rows("SELECT name, media_type, sha256, size FROM attachment"):
        content = files.path_of(sha256).read_bytes()
        assert len(content) == size
        assert hashlib.sha256(content).hexdigest() == sha256
        if name.endswith(".pdf"):
            assert media_type == "application/pdf"
            assert content.startswith(b"%PDF-")
            assert content.endswith(b"%%EOF\n")


def test_a_second_look_knows_what_is_there(demo: Path) -> None:
    found, changed = build.made_of(demo)
    assert found == RECIPE
    assert not changed
