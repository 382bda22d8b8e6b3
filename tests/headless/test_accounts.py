"""`easir account`: list, show, add and change, as a script and as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.headless.command import easir


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one company, made by the command itself."""
    path = tmp_path / "easir.db"
    made = easir("account", "add", "Nordlys Biler A/S", "--cvr", "DK 10 10 39 40", "--phone", "86 12 34 56",
                 "--city", "Aarhus C", "--id-in", "erp=10042", database=path)  # fmt: skip
    assert (made.returncode, made.stdout, made.stderr) == (0, b"2\n", b"")
    return path


def read(database: Path, account_id: int) -> dict[str, object]:
    """An account as JSON."""
    shown = easir("account", "show", str(account_id), "--json", database=database)
    assert shown.returncode == 0, shown.stderr
    held: dict[str, object] = json.loads(shown.stdout)
    return held


def test_it_is_shown_and_listed(database: Path) -> None:
    held = read(database, 2)
    assert (held["name"], held["cvr"], held["phone"]) == ("Nordlys Biler A/S", "10103940", "+4586123456")
    assert held["external_ids"] == {"erp": "10042"}
    for found in ("nordlys", "1010", "3456", "aarhus", "responsible:me nord"):
        listed = easir("account", "list", "--filter", found, "--json", database=database)
        assert [one["id"] for one in json.loads(listed.stdout)] == [2], found
    shown = easir("account", "show", "2", database=database).stdout.decode()
    assert "+45 86 12 34 56" in shown
    assert "erp: 10042" in shown
    whole = easir("account", "list", database=database).stdout.decode().splitlines()
    assert [line.split("\t")[1] for line in whole[1:]] == ["Nordlys Biler A/S", "Private customers"]


def test_only_what_is_named_is_changed(database: Path) -> None:
    """Faults 9; an id that is emptied goes."""
    changed = easir("account", "change", "2", "--city", "Risskov", "--id-in", "erp=", "--id-in", "dms=7",
                    database=database)  # fmt: skip
    assert changed.returncode == 0
    held = read(database, 2)
    assert held["address"] == {"street": "", "postcode": "", "city": "Risskov", "country": ""}
    assert (held["cvr"], held["external_ids"]) == ("10103940", {"dms": "7"})


def test_its_contacts_come_with_their_role(database: Path) -> None:
    easir("contact", "add", "--first-name", "Bo", "--job-title", "Indkøbschef", "--account", "2", database=database)
    shown = easir("account", "show", "2", "--contacts", database=database).stdout.decode()
    assert "Bo" in shown
    assert "Indkøbschef" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("change", "1", "--city", "x"), "private account cannot be changed"),
        (("change", "2"), "Nothing to change was named"),
        (("change", "99", "--city", "x"), "no such account"),
        (("show", "99"), "no such account"),
        (("list", "--filter", "responsible:nobody"), "“nobody” is nobody here"),
        (("change", "2", "--id-in", "erp"), "Write the system, =, and the id"),
        (("change", "2", "--email", "x"), "x"),
        (("add", " "), "Write the name of the company"),
    ],
)
def test_a_refusal_is_one_sentence(database: Path, arguments: tuple[str, ...], said: str) -> None:
    refused = easir("account", *arguments, database=database)
    assert refused.returncode == 1
    assert said in refused.stderr.decode()
    assert len(refused.stderr.decode().splitlines()) == 1


def test_an_odd_number_and_a_likely_double_are_said_and_stop_nothing(database: Path) -> None:
    made = easir("account", "add", "NORDLYS BILER A/S", "--cvr", "10103941", database=database)
    assert made.returncode == 0
    assert "may be the same company" in made.stderr.decode()
    assert "check digit" in made.stderr.decode()
