"""`easir calendar` in real processes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.channels.calendar_file import read
from easir_tui.clock import When, today, zone
from easir_tui.crm import tasks, users
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.crm.made import a_contact

from .command import easir


@pytest.fixture
def runner(store: Store, me: Me) -> Me:
    """The person who runs the tests, with a call to make whose note is meant to do harm."""
    users.enrol(me, users.os_login(), "Runner")
    found = users.log_in(users.os_login())
    tasks.plan(found, a_contact(me), "call", When(day=today(zone())), "Ring\x1b[2J\nEND:VCALENDAR")
    return found


def entries(raw: bytes) -> list[CalendarEntry]:
    return [one for one in read(raw) if isinstance(one, CalendarEntry)]


def test_a_feed_goes_to_a_pipe_or_a_file(tmp_path: Path, runner: Me) -> None:
    database = tmp_path / "easir.db"
    done = easir("calendar", "feed", database=database)
    assert done.returncode == 0, done.stderr
    (one,) = entries(done.stdout)
    assert (one.kind, one.title, one.last_day) == ("todo", "Call Ole Hansen", "2026-11-25")
    assert b"\x1b" not in done.stdout
    assert "END:VCALENDAR" in one.description
    target = tmp_path / "mine.ics"
    assert easir("calendar", "feed", "--out", str(target), database=database).stdout.startswith(b"1 entry written to ")
    assert target.read_bytes() == done.stdout, "nothing in it changes unless something has changed"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    target.chmod(0o644)
    easir("calendar", "feed", "--out", str(target), database=database)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert sorted(path.name for path in tmp_path.glob("*mine.ics*")) == ["mine.ics"]


def test_a_feed_that_cannot_be_written_leaves_what_was_there(tmp_path: Path, runner: Me) -> None:
    database = tmp_path / "easir.db"
    for target in (tmp_path / "none" / "x.ics", tmp_path):
        done = easir("calendar", "feed", "--out", str(target), database=database)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"cannot be written" in done.stderr
