"""`easir calendar` in real processes."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.channels.calendar_file import read
from easir_tui.clock import When, today, zone
from easir_tui.crm import tasks, users
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.crm.made import a_contact
from tests.servers.radicale_server import PASSWORD, USER, Radicale, radicale

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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Radicale]:
    """A server with one calendar, named in the settings."""
    with radicale(tmp_path / "radicale") as running:
        client = httpx.Client(auth=(USER, PASSWORD), trust_env=False)
        client.request("MKCALENDAR", f"{running.url}/{USER}/work/").raise_for_status()
        (tmp_path / "secret").write_text(f"{PASSWORD}\n")
        settings(tmp_path, running.url)
        yield running


def settings(tmp_path: Path, url: str, **more: str) -> None:
    held = {"url": url, "user": USER, "password_command": f"cat {tmp_path / 'secret'}"} | more
    path = tmp_path / "home/.config/easir/settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[calendar]\n" + "".join(f'{key} = "{value}"\n' for key, value in held.items()))


def test_a_calendar_is_found_synced_and_settled(tmp_path: Path, runner: Me, server: Radicale) -> None:
    database = tmp_path / "easir.db"
    said = easir("calendar", "sync", "--dry-run", database=database)
    assert said.stdout == b"1  Call Ole Hansen: sent to the calendar\n", said.stderr
    assert server.files() == []
    assert easir("calendar", "sync", database=database).stdout == said.stdout
    (path,) = server.files()
    assert easir("calendar", "sync", database=database).stdout == b"Nothing has changed.\n"
    path.write_text(path.read_text().replace("DESCRIPTION:", "DESCRIPTION:\\x1b[31mDer\\n"))
    tasks.change(runner, 1, None, note="Her")
    done = easir("calendar", "sync", database=database)
    assert b"Note, here: Her\n" in done.stdout
    assert b"\x1b" not in done.stdout
    assert b"easir calendar settle TASK" in done.stdout
    (line,) = json.loads(easir("calendar", "sync", "--json", database=database).stdout)
    assert (line["what"], line["differences"][0]["mine"]) == ("conflict", "Her")
    assert easir("calendar", "settle", "1", "mine", database=database).returncode == 0
    assert b"DESCRIPTION:Her" in path.read_bytes()
    assert PASSWORD.encode() not in database.read_bytes()


def test_what_stands_in_the_way_is_a_sentence(tmp_path: Path, runner: Me, server: Radicale) -> None:
    database = tmp_path / "easir.db"

    def refused(said: str) -> None:
        done = easir("calendar", "sync", database=database)
        assert (done.returncode, done.stdout) == (1, b""), done
        assert said in done.stderr.decode()
        assert PASSWORD not in done.stderr.decode()

    client = httpx.Client(auth=(USER, PASSWORD), trust_env=False)
    client.request("MKCALENDAR", f"{server.url}/{USER}/home/").raise_for_status()
    refused(f"/{USER}/home/")
    settings(tmp_path, f"{server.url}/{USER}/home/")
    assert easir("calendar", "sync", database=database).returncode == 0
    settings(tmp_path, "https://127.0.0.1:1/")
    refused("cannot be reached")
    settings(tmp_path, "http://dav.example.dk/")
    refused("unencrypted")
    settings(tmp_path, server.url, password_command="false")
    refused("failed")
    settings(tmp_path, server.url, user="bo", password_command="echo wrong")
    refused("does not accept")
    settings(tmp_path, server.url, user="bo")
    refused("no calendar")
    (tmp_path / "home/.config/easir/settings.toml").write_text("")
    refused("name no calendar server")
