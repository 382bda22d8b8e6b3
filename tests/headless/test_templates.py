"""`easir template` and `easir path` in real processes."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from .command import easir


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of this test, not made yet."""
    return tmp_path / "a.db"


def said(done: CompletedProcess[bytes]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ok(done: CompletedProcess[bytes]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_a_template_is_made_shown_changed_and_put_away(tmp_path: Path, database: Path) -> None:
    latin = "Kære {{contact.first_name}}".encode("cp1252")
    made = said(
        easir("template", "add", "email", "Hej", "-", "--json", "--for", "company", database=database, given=latin)
    )
    assert (made["title"], made["body"], made["user_id"]) == ("Hej", "Kære {{contact.first_name}}", None)
    number = str(made["id"])
    assert "everybody" in ok(easir("template", "list", database=database))
    wrong = easir("template", "add", "email", "Hej", "-", database=database, given=b"{{contact.nmae}}")
    assert (wrong.returncode, b"{{contact.nmae}}" in wrong.stderr) == (1, True)
    assert easir("template", "add", "fax", "Hej", "-", database=database, given=b"x").returncode == 2
    assert easir("template", "add", "note", "Hej", str(tmp_path), database=database).returncode == 1
    assert easir("template", "add", "note", "Hej", "-", database=database, given=b"x" * 30_000).returncode == 1
    file = tmp_path / "text.txt"
    file.write_text("Goddag \x1b[31m{{contact.name}}\nHilsen\n")
    ok(easir("template", "change", number, str(file), "--subject", "Tak", "--path", "new_car", database=database))
    assert ok(easir("template", "show", number, database=database)) == "Goddag [31m{{contact.name}}\nHilsen\n"
    held = said(easir("template", "list", "--json", database=database))
    assert [(one["subject"], one["path"]) for one in held] == [("Tak", "new_car")]
    ok(easir("template", "remove", number, database=database))
    assert said(easir("template", "list", "--json", database=database)) == []


def test_paths_are_loaded_for_everybody_and_undone(tmp_path: Path, database: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[own]\ntitle = "Own"\n[[own.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n')
    assert set(said(easir("path", "list", "--json", database=database))) >= {"new_car"}
    assert ok(easir("path", "load", str(file), database=database)) == "1 relations path holds now.\n"
    assert list(said(easir("path", "list", "--json", database=database))) == ["own"]
    assert "Own" in ok(easir("path", "list", database=database))
    ok(easir("undo", database=database))
    assert set(said(easir("path", "list", "--json", database=database))) >= {"new_car"}
    for wrong in ("[own]\n", "", "[own", file.read_text().replace('"A"', '{ en = "A", da = 2026-01-01 }')):
        file.write_text(wrong)
        assert easir("path", "load", str(file), database=database).returncode == 1


def test_paths_and_milestones_are_changed_by_an_admin(database: Path) -> None:
    assert ok(easir("path", "name", "--en", "Boat", "--da", "Båd", database=database)) == "boat\n"
    added = easir("path", "milestone", "boat", "--en", "Sea trial", "--chance", "40", "--days", "2", "--step", "call",
                  "--outcome", "won", database=database)  # fmt: skip
    assert ok(added) == "sea_trial\n"
    ok(easir("path", "milestone", "boat", "sea_trial", "--da", "Prøvesejlads", "--days", "none", "--step", "none",
             "--outcome", "none", "--status", "none", database=database))  # fmt: skip
    ok(easir("path", "move", "boat", "sea_trial", "-1", database=database))
    held = said(easir("path", "list", "--json", database=database))["boat"]
    assert held["title"] == {"en": "Boat", "da": "Båd"}
    assert [one["key"] for one in held["milestones"]] == ["sea_trial", "first_contact"]
    assert held["milestones"][0] == {
        "key": "sea_trial", "title": {"en": "Sea trial", "da": "Prøvesejlads"}, "kind": "contact", "chance": 40,
    }  # fmt: skip
    ok(easir("path", "remove", "boat", "sea_trial", database=database))
    ok(easir("path", "remove", "boat", database=database))
    for arguments in (("remove", "boat"), ("name", "boat", "--en", "Ship"), ("milestone", "boat", "x", "--en", "X")):
        gone = easir("path", *arguments, database=database)
        assert (gone.returncode, gone.stderr.splitlines()[0]) == (1, b"There is no such relations path.")
    assert easir("path", "milestone", "new_car", "offer", "--chance", "200", database=database).returncode == 1
    assert easir("path", "milestone", "new_car", "offer", "--chance", "x", database=database).returncode == 2
