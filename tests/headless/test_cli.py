"""The command line as scripts use it: real processes, exit codes, exact JSON, cleaned text."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from easir_tui.crm.users import enrol, log_in
from easir_tui.data.database import open_store
from easir_tui.errors import Refused
from tests.headless.command import EASIR, easir, environment

HOSTILE = "Bo \x1b]52;c;aGVq\x07[red]Ole[/red] \u202e[/] x"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one contact, made by the command itself."""
    path = tmp_path / "easir.db"
    done = easir(
        "contact", "add", "--first-name", "Søren", "--last-name", "Kjær", "--email", "soren@post.example",
        "--phone", "22 41 90 17", database=path,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b"1\n"), done.stderr
    return path


def said(done: subprocess.CompletedProcess[bytes]) -> Any:
    """What a command said in JSON."""
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return json.loads(done.stdout)


def test_contact_list_has_what_scripts_need(database: Path) -> None:
    (one,) = said(easir("contact", "list", "--json", database=database))
    wanted = {"id": 1, "first_name": "Søren", "last_name": "Kjær", "name": "Søren Kjær", "kind": "private",
              "company": "", "email": "soren@post.example", "phone": "+4522419017"}  # fmt: skip
    assert {name: one[name] for name in wanted} == wanted
    shown = said(easir("contact", "show", "1", "--json", database=database))
    assert {name: shown[name] for name in wanted} == wanted
    assert shown["consents"]["phone"]["state"] == "not_asked"


@pytest.mark.parametrize("typed", ["soren", "sören", "søren kj", "2241", "9017", "post.example"])
def test_the_filter_is_the_search_of_the_application(database: Path, typed: str) -> None:
    assert [one["id"] for one in said(easir("contact", "list", "--filter", typed, "--json", database=database))] == [1]
    assert said(easir("contact", "list", "--filter", "ingen", "--json", database=database)) == []


def test_a_business_contact_finds_or_makes_its_company(database: Path) -> None:
    company = "Nordlys Biler A/S"
    for first in ("Anna", "Jens"):
        made = said(easir("contact", "add", "--first-name", first, "--company", company, "--json", database=database))
        assert (made["kind"], made["company"], made["account_id"]) == ("business", company, 2)


def test_the_same_person_twice_is_said_and_not_stopped(database: Path) -> None:
    """Faults 15: sharing an address is a hint, not a wall."""
    done = easir("contact", "add", "--first-name", "Sanne", "--email", "Soren@Post.example", database=database)
    assert (done.returncode, done.stdout) == (0, b"2\n")
    assert "Søren Kjær (1)" in done.stderr.decode()


def test_a_rule_says_no_in_one_sentence(database: Path) -> None:
    for arguments in (
        ("contact", "show", "99"),
        ("contact", "add", "--email", "not-an-address"),
        ("contact", "add", "--first-name", "Bo", "--kind", "business"),
        ("note", "add", "1", "  "),
        ("note", "add", "99", "hello"),
        ("attachment", "get", "7"),
        ("attachment", "add", "1", "/does/not/exist"),
    ):
        done = easir(*arguments, database=database)
        assert done.returncode == 1, arguments
        assert done.stdout == b""
        assert done.stderr.count(b"\n") == 1, done.stderr
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [("contact",), ("contact", "show", "x"), ("nonsense",), ("contact", "list", "--no")]
)
def test_a_wrong_command_is_exit_code_2(database: Path, arguments: tuple[str, ...]) -> None:
    done = easir(*arguments, database=database)
    assert done.returncode == 2
    assert done.stdout == b""


def test_notes_from_arguments_and_from_standard_input(database: Path) -> None:
    assert easir("note", "add", "1", "Wants a white one", database=database).stdout == b"1\n"
    two = said(easir("note", "add", "1", "-", "--json", database=database, given="linje 1\r\nlinje æ\n".encode()))
    assert two == {"id": 2, "contact_id": 1}


def test_files_go_in_and_come_out_the_same(database: Path, tmp_path: Path) -> None:
    content = os.urandom(200_000)
    (tmp_path / "scan æ.bin").write_bytes(content)
    assert easir("attachment", "add", "1", str(tmp_path / "scan æ.bin"), database=database).stdout == b"1\n"
    made = said(
        easir("attachment", "add", "1", "-", "--name", "brev.pdf", "--json", database=database, given=b"%PDF-1.4\n")
    )
    assert (made["name"], made["media_type"], made["size"]) == ("brev.pdf", "application/pdf", 9)
    assert easir("attachment", "get", "1", database=database).stdout == content
    saved = easir("attachment", "get", "1", "-o", str(tmp_path), database=database).stdout.decode().strip()
    assert saved == str(tmp_path / "scan æ (2).bin")
    assert Path(saved).read_bytes() == content
    assert [one["id"] for one in said(easir("attachment", "list", "1", "--json", database=database))] == [2, 1]
    assert easir("attachment", "add", "1", "-", database=database, given=b"").returncode == 1


def test_hostile_text_is_cleaned_for_people_and_exact_for_programs(database: Path) -> None:
    """Faults 91: what goes to a terminal passes one place; JSON escapes controls itself."""
    made = said(easir("contact", "add", "--last-name", HOSTILE, "--json", database=database))
    for arguments in (("contact", "list"), ("contact", "show", "2"), ("contact", "list", "--json")):
        out = easir(*arguments, database=database).stdout
        assert b"\x1b" not in out
        assert b"\x07" not in out
    assert "[red]Ole[/red]" in made["last_name"]
    assert "[red]Ole[/red]" in easir("contact", "show", "2", database=database).stdout.decode()
    done = easir("contact", "show", "\x1b[2J", database=database)
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr


def test_json_is_exact_and_harmless_at_a_terminal() -> None:
    """Faults 91, whoever wrote the row: C1 controls and direction marks are escaped, and come back the same."""
    import contextlib
    import io

    from easir_tui.headless import output

    evil = {"name": "a\x9b2J\x85\u202eb\u2028\x7f\x1b]52;c;\x07 æøå 李"}
    for write in (output.print_json, lambda one: output.print_json_list([one, one])):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            write(evil)
        assert all(sign.isprintable() or sign == "\n" for sign in out.getvalue())
        read = json.loads(out.getvalue())
        assert read in (evil, [evil, evil])


def test_undo_takes_back_the_last_step(database: Path) -> None:
    easir("note", "add", "1", "oops", database=database)
    steps = said(easir("undo", "--list", "--json", database=database))
    assert steps[0]["what"] == "wrote a note"
    assert easir("undo", database=database).returncode == 0
    assert said(easir("undo", "--list", "--json", database=database))[0]["undone"]


def test_keys_come_from_the_table_of_commands(database: Path) -> None:
    from easir_tui.commands import table

    found = said(easir("keys", "--json", database=database))
    assert [one["id"] for one in found] == [one.id for one in table()]


def test_doctor_looks_and_says_so(database: Path) -> None:
    found = said(easir("doctor", "--json", database=database))
    assert found["well"], [one for one in found["findings"] if not one["well"]]
    database.with_name("easir.db.files").joinpath("x").parent.mkdir(exist_ok=True)
    assert easir("doctor", database=database).returncode == 0


def test_lists_of_cases_and_tasks(tmp_path: Path) -> None:
    database = tmp_path / "demo.db"
    done = easir("demo", "--contacts", "60", "--no-open", "--db", str(database))
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    cases = said(easir("case", "list", "--json", database=database))
    assert {"id", "title", "contact_id", "contact_name", "status", "milestone", "value"} <= set(cases[0])
    opened = said(easir("case", "list", "--status", "open", "--json", database=database))
    assert {one["status"] for one in opened} == {"open"}
    tasks = said(easir("task", "list", "--everybody", "--json", database=database))
    assert {"id", "type", "note", "contact_id", "contact_name", "bucket"} <= set(tasks[0])
    assert len(said(easir("case", "list", "--limit", "3", "--json", database=database))) == 3
    lines = easir("case", "list", database=database).stdout.decode().splitlines()
    assert len(lines) == len(cases) + 1


def test_a_demonstration_is_kept_and_never_takes_the_place_of_other_data(database: Path, tmp_path: Path) -> None:
    done = easir("demo", "--contacts", "20", "--no-open", "--db", str(database))
    assert done.returncode == 1
    assert said(easir("contact", "list", "--json", database=database))[0]["id"] == 1
    demo = tmp_path / "demo.db"
    easir("demo", "--contacts", "20", "--no-open", "--db", str(demo))
    easir("note", "add", "1", "mine", database=demo)
    assert easir("demo", "--no-open", "--db", str(demo)).returncode == 0
    assert said(easir("undo", "--list", "--json", database=demo))[0]["what"] == "wrote a note"
    assert easir("demo", "--contacts", "21", "--no-open", "--db", str(demo)).returncode == 1
    assert easir("demo", "--contacts", "21", "--fresh", "--no-open", "--db", str(demo)).returncode == 0
    assert len(said(easir("contact", "list", "--json", database=demo))) == 21


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    database = tmp_path / "demo.db"
    easir("demo", "--contacts", "3000", "--no-open", "--db", str(database))
    reader = subprocess.Popen(
        [*EASIR, "contact", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(database)
    )
    assert reader.stdout is not None
    assert reader.stderr is not None
    reader.stdout.readline()
    reader.stdout.close()
    assert reader.wait(timeout=30) == 0
    assert reader.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_output_that_cannot_be_written_is_a_sentence(database: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*EASIR, "contact", "list"], stdout=full, stderr=subprocess.PIPE, env=environment(database), check=False
        )
    assert done.returncode == 1
    assert done.stderr == b"What this command says could not be written: No space left on device.\n"


@pytest.mark.parametrize(("arguments", "code"), [(("contact", "list"), 0), ((), 2)])
def test_closed_streams_are_no_files(database: Path, arguments: tuple[str, ...], code: int) -> None:
    """The database must not get the number of standard output, and nothing is a fault."""
    command = " ".join(shlex.quote(word) for word in (*EASIR, *arguments))
    done = subprocess.run(
        ["sh", "-c", f"{command} <&- >&-"], stderr=subprocess.PIPE, env=environment(database), check=False
    )
    assert done.returncode == code
    assert b"wrong" not in done.stderr


def test_without_a_terminal_it_says_so(database: Path) -> None:
    for arguments in ((), ("demo",)):
        done = easir(*arguments, database=database)
        assert done.returncode == 2
        assert b"terminal" in done.stderr
        assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("columns", [20, 80, 200])
def test_lists_fit_the_terminal(tmp_path: Path, columns: int) -> None:
    """Faults 98: nothing is wider than the terminal, counted in its cells."""
    import fcntl
    import struct
    import termios

    from easir_tui import text

    database = tmp_path / "demo.db"
    easir("demo", "--contacts", "30", "--no-open", "--db", str(database))
    easir("contact", "add", "--first-name", "👨‍👩‍👧‍👦 李小龍", "--last-name", "Å" * 60, database=database)
    for arguments in (("contact", "list"), ("case", "list"), ("task", "list", "--everybody"), ("keys",)):
        parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [*EASIR, *arguments], stdin=child, stdout=child, stderr=child, env=environment(database)
        )
        os.close(child)
        out = bytearray()
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:
                break
            if not part:
                break
            out += part
        os.close(parent)
        assert process.wait(timeout=30) == 0
        lines = out.decode().split("\r\n")
        assert len(lines) > 5
        assert max(text.cells(line) for line in lines) <= columns, arguments


def test_danish(database: Path) -> None:
    done = easir("contact", "show", "99", database=database, EASIR_LANG="da")
    assert done.returncode == 1
    assert done.stderr


def test_an_admin_lets_a_colleague_in(database: Path) -> None:
    """Who is not enrolled gets in nowhere, so there is a way to be enrolled; only an admin has it."""
    made = said(easir("user", "add", "jens", "Jens Bæk", "--json", database=database))
    assert made == {"id": 2, "login": "jens"}
    again = easir("user", "add", "jens", database=database)
    assert (again.returncode, again.stderr) == (1, b"jens is enrolled already.\n")
    assert easir("user", "add", " ", database=database).returncode == 1
    assert easir("user", "add", "lars", "--role", "king", database=database).returncode == 2
    store = open_store(database)
    assert log_in("jens").full_name == "Jens Bæk"
    with pytest.raises(Refused):
        enrol(log_in("jens"), "lars")
    store.close()
