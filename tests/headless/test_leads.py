"""`easir lead` in processes of its own: in, listed, rejected, mailed about once, accepted by one person only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from easir_tui.data.database import open_store
from easir_tui.data.sqlite import row, rows, run, value, writing
from tests.headless.command import EASIR, easir, environment

BO = {"id": "9", "source": "web", "name": "Bo Rør", "email": "bo@example.dk", "phone": "20 30 40 50", "product": "ID.4"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one team that is told about late leads, and one lead that is late."""
    path = tmp_path / "easir.db"
    made = easir("team", "add", "Nord", "--mail", "boss@example.dk", "--accept", "30", database=path)
    assert made.returncode == 0, made.stderr
    arrived = easir("lead", "add", "-", database=path, given=json.dumps({**BO, "team": "Nord"}).encode())
    assert arrived.stdout == b"-: 1 new lead\n", arrived.stderr
    return path


def stored(database: Path, statement: str) -> list[tuple[object, ...]]:
    store = open_store(database)
    try:
        return list(rows(statement))
    finally:
        store.close()


def test_files_are_taken_in_once_and_a_bad_one_stops_no_other(database: Path, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({**BO, "id": "10", "name": "Åse Bjørnsen"}))
    (tmp_path / "two.csv").write_text("name,phone,product\nIb Å,21314151,Caddy\n")
    done = easir("lead", "add", *(str(tmp_path / name) for name in ("one.json", "none.json", "two.csv")),
                 database=database)  # fmt: skip
    assert done.returncode == 1
    assert b"none.json: No such file" in done.stderr
    again = easir("lead", "add", "--json", str(tmp_path / "one.json"), database=database)
    assert [(one["new"], one["known"]) for one in json.loads(again.stdout)] == [([], 1)]
    listed = json.loads(easir("lead", "list", "--json", database=database).stdout)
    assert {one["name"] for one in listed} == {"Bo Rør", "Åse Bjørnsen", "Ib Å"}


def test_the_message_is_shown_as_it_came(database: Path) -> None:
    shown = easir("lead", "show", "1", "--raw", database=database)
    assert json.loads(shown.stdout)["name"] == "Bo Rør"


def test_a_rejection_is_final(database: Path) -> None:
    assert easir("lead", "reject", "1", "spam", database=database).returncode == 0
    again = easir("lead", "reject", "1", "twice", database=database)
    assert again.returncode == 1
    assert b"Rejected by" in again.stderr
    assert stored(database, "SELECT status, reason FROM lead") == [("rejected", "spam")]


@pytest.fixture
def mailed(tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a `mail_command` leaves every mail; the lead of the database is late."""
    folder = tmp_path / "sent"
    folder.mkdir()
    command = tmp_path / "mail.sh"
    command.write_text(f'#!/bin/sh\ntest -e "{tmp_path}/down" && {{ echo down >&2; exit 75; }}\n'
                       f'cat > "$(mktemp "{folder}/XXXXXX")"\n')  # fmt: skip
    command.chmod(0o700)
    settings = tmp_path / "settings.toml"
    settings.write_text(f'mail_command = "{command}"\n')
    monkeypatch.setenv("EASIR_CONFIG", str(settings))
    store = open_store(database)
    with writing():
        run("UPDATE lead SET due_at = 1")
    store.close()
    return folder


def test_two_crons_at_once_mail_once(database: Path, mailed: Path) -> None:
    started = [
        subprocess.Popen([*EASIR, "lead", "escalate", "--json"], env=environment(database), stdout=subprocess.PIPE)
        for _each in range(4)
    ]
    said = [json.loads(one.communicate(timeout=60)[0]) for one in started]
    assert [one.returncode for one in started] == [0] * 4
    assert sum(one["mailed"] for one in said) == 1
    assert sum(len(one["waiting"]) for one in said) == 1
    (mail,) = mailed.iterdir()
    assert "To: boss@example.dk" in mail.read_text()
    assert "Subject: Lead not accepted in time: Bo =?utf-8?q?R=C3=B8r?=" in mail.read_text()
    quiet = easir("lead", "escalate", database=database)
    assert (quiet.returncode, quiet.stdout) == (0, b"")


def test_a_mail_that_was_not_taken_is_sent_by_the_next_run(database: Path, mailed: Path, tmp_path: Path) -> None:
    (tmp_path / "down").touch()
    failed = easir("lead", "escalate", database=database)
    assert failed.returncode == 1
    assert b"could not be sent: down" in failed.stderr
    assert stored(database, "SELECT status FROM lead") == [("escalated",)]
    (tmp_path / "down").unlink()
    assert easir("lead", "escalate", database=database).returncode == 0
    assert len(list(mailed.iterdir())) == 1


ACCEPT = """
import sys
from pathlib import Path
from easir_tui.crm import lead_accept, users
from easir_tui.data.database import open_store
from easir_tui.errors import Refused
store = open_store(Path(sys.argv[1]))
me = users.log_in(users.os_login())
chosen = lead_accept.proposed(me, 1)
print("ready", flush=True)
sys.stdin.readline()
try:
    print("case", lead_accept.accept(me, 1, chosen).case_id)
except Refused as refused:
    print("refused", refused)
finally:
    store.close()
"""


def test_of_two_who_accept_at_once_one_reads_who_was_faster(database: Path) -> None:
    """Faults 19, by two processes that begin at the same moment."""
    both = [
        subprocess.Popen([sys.executable, "-c", ACCEPT, str(database)], env=environment(database), text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _each in range(2)
    ]  # fmt: skip
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=60)[0] for one in both)
    assert said[0].startswith("case ")
    assert said[1].startswith("refused Accepted by ")
    store = open_store(database)
    assert row("SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM sales_case)") == (1, 1)
    assert value("SELECT status FROM lead") == "accepted"
    store.close()
