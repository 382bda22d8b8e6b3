"""The drop folder: files are taken once, kept beside it, and nothing is lost when something goes wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import time_machine

from easir_tui.crm import lead_drop, lead_list
from easir_tui.crm.users import Me
from easir_tui.errors import StoreProblem

LEAD = b'{"id": "1", "source": "web", "name": "Bo R\xc3\xb8r"}'


@pytest.fixture(autouse=True)
def real_time():
    """Files have real times, so the clock runs here."""
    with time_machine.travel(time.time(), tick=True):
        yield


def drop(folder: Path, name: str, content: bytes = LEAD, age: float = 60) -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_whole_files_are_taken_once_and_kept(me: Me, tmp_path: Path) -> None:
    drop(tmp_path, "a.json")
    drop(tmp_path, "b.part")
    drop(tmp_path, ".hidden.json")
    drop(tmp_path, "fresh.json", age=0)
    (tmp_path / "link.json").symlink_to("/etc/hostname")
    (taken,) = lead_drop.take_all(tmp_path)
    assert (taken.name, len(taken.arrived.ids)) == ("a.json", 1)
    assert lead_drop.take_all(tmp_path) == []
    assert (tmp_path / "done" / "a.json").read_bytes() == LEAD
    drop(tmp_path, "a.json")
    (again,) = lead_drop.take_all(tmp_path)
    assert (again.arrived.ids, again.arrived.known) == ((), 1)
    assert sorted(one.name for one in (tmp_path / "done").iterdir()) == ["a-2.json", "a.json"]
    assert lead_list.count(me, "all") == 1


def test_what_is_no_lead_is_put_aside_with_a_reason(me: Me, tmp_path: Path) -> None:
    drop(tmp_path, "empty.xml", b"  ")
    drop(tmp_path, "broken.xml", b"<adf><prospect>")
    broken, empty = sorted(lead_drop.take_all(tmp_path), key=lambda one: one.name)
    assert empty.problem
    assert (tmp_path / "failed" / "empty.xml").exists()
    assert broken.arrived.unread == 1, "a person reads what no program can"


def test_what_a_crash_left_behind_is_taken_again(me: Me, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    drop(tmp_path / "taken", "old.json", age=4000)
    drop(tmp_path / "taken", "of-another.json", age=1)
    assert [one.name for one in lead_drop.take_all(tmp_path)] == ["old.json"]


def test_a_database_that_is_full_leaves_the_file_where_it_was(me: Me, tmp_path: Path, monkeypatch) -> None:
    def full(*_given: object) -> None:
        raise StoreProblem("The disk is full.")

    drop(tmp_path, "a.json")
    monkeypatch.setattr(lead_drop.leads, "arrive", full)
    with pytest.raises(StoreProblem):
        lead_drop.take_all(tmp_path)
    assert (tmp_path / "a.json").read_bytes() == LEAD
    assert lead_drop.take_all(tmp_path / "nowhere") == []
