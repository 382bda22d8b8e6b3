"""`easir report`: for a person, for a script, and for a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.headless.command import easir


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The demonstration, small."""
    path = tmp_path / "demo.db"
    made = easir("demo", "--contacts", "40", "--db", str(path), "--no-open")
    assert made.returncode == 0, made.stderr
    return path


@pytest.mark.parametrize("kind", ["pipeline", "activities", "leads", "nostep"])
def test_each_report_in_each_form(database: Path, kind: str) -> None:
    table = easir("report", kind, database=database)
    assert table.returncode == 0, table.stderr
    lines = table.stdout.decode().splitlines()
    held = json.loads(easir("report", kind, "--json", database=database).stdout)
    file = easir("report", kind, "--csv", database=database).stdout
    assert file.startswith(b"\xef\xbb\xbf")
    assert file.endswith(b"\r\n")
    assert len(lines) - 2 == len(held) == file.count(b"\r\n") - 1
    assert held


def test_another_report_is_refused(database: Path) -> None:
    refused = easir("report", "weather", database=database)
    assert refused.returncode == 2
    assert b"weather" in refused.stderr
