"""`easir letter` as scripts and ssh use it: get, preview, print."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from easir_tui.crm import activities, attachments, users
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data import connection
from tests.crm.made import a_contact
from tests.headless.command import EASIR, easir, environment

NAME = "Letter 2026-11-25 Tilbud.pdf"


@pytest.fixture
def written(me: Me) -> tuple[int, int, int]:
    """A contact, a letter to them, and its file; a scan besides, so that the numbers differ."""
    users.enrol(me, users.os_login(), "Runner", "admin")
    contact = a_contact(me, street="Havnegade 12", postcode="8000", city="Aarhus C")
    attachments.add(me, contact, io.BytesIO(b"%PDF-1.4 scan"), "scan.pdf")
    attachments.add(me, contact, io.BytesIO(b"%PDF-1.4 other"), "other.pdf")
    made = activities.record(me, ActivityInput(contact, "letter", subject="Tilbud", body="Kære Ole\n\nTak."))
    return contact, made.activity_id, 3


def command(*arguments: str, given: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    return easir("letter", *arguments, database=Path(connection.path()), given=given, **more)


def words(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_get_writes_the_pdf_out_by_either_number(written: tuple[int, int, int]) -> None:
    _contact, activity, file = written
    for number in (activity, file):
        done = command("get", str(number))
        assert (done.returncode, done.stderr) == (0, b"")
        assert "Tak." in words(done.stdout)
    assert command("get", str(file), "-").stdout == done.stdout


def test_get_saves_into_a_folder_and_overwrites_nothing(written: tuple[int, int, int], tmp_path: Path) -> None:
    folder = tmp_path / "ud"
    folder.mkdir()
    names = [command("get", "3", str(folder)).stdout.decode().strip() for _ in range(2)]
    assert names == [str(folder / NAME), str(folder / NAME.replace(".pdf", " (2).pdf"))]
    said = json.loads(command("get", "3", "--json").stdout)
    assert (said["name"], said["origin"]) == (NAME, "letter")


def test_what_is_no_letter_is_said_to_be_none(written: tuple[int, int, int]) -> None:
    for number in ("2", "99"):
        done = command("get", number)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"There is no such letter." in done.stderr


def test_preview_makes_one_and_stores_nothing(written: tuple[int, int, int], tmp_path: Path) -> None:
    contact = str(written[0])
    target = tmp_path / "prøve.pdf"
    done = command(
        "preview", contact, "--subject", "Prøve", "--text", "-", str(target), given="Kære Ole\n\n#x".encode()
    )
    assert (done.returncode, done.stdout.decode().strip()) == (0, str(target))
    read = words(target.read_bytes())
    assert "Prøve" in read
    assert "#x" in read
    done = command("preview", contact, "--text", "Kære {{contact.first_name}}", "-")
    assert "Kære Ole" in words(done.stdout)
    assert easir("attachment", "list", contact, "--json", database=Path(connection.path())).stdout.count(b'"id"') == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("1", "--text", "Hej 😀", "-"), "No font has these letters"),
        (("1", "--text", "  ", "-"), "The letter is empty."),
        (("1", "--text", "Hej {{contact.title}}", "-"), "Nothing is known for {{contact.title}}"),
        (("99", "--text", "Hej", "-"), "There is no such contact."),
        (("1", "--text", "Hej", "/nowhere/x.pdf"), "There is no folder /nowhere."),
    ],
)
def test_what_cannot_be_made_is_one_sentence(written: Any, given: tuple[str, ...], said: str) -> None:
    done = command("preview", *given)
    assert (done.returncode, done.stdout) == (1, b"")
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_is_not_given_a_pdf(written: tuple[int, int, int]) -> None:
    ours, theirs = pty.openpty()
    there = environment(Path(connection.path()))
    done = subprocess.run([*EASIR, "letter", "get", "3"], stdout=theirs, stderr=subprocess.PIPE, env=there, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 1
    assert b"a terminal cannot show it" in done.stderr


def settings(tmp_path: Path, written: str) -> str:
    place = tmp_path / "settings.toml"
    place.write_text(written)
    return str(place)


def program(tmp_path: Path, script: str) -> Path:
    place = tmp_path / "print it"
    place.write_text("#!/bin/sh\n" + script)
    place.chmod(0o700)
    return place


@pytest.mark.parametrize("rest", ["", "-d front {file}"])
def test_print_hands_it_to_the_program(written: Any, tmp_path: Path, rest: str) -> None:
    """On standard input, or as a file of that name; without a shell, so that nothing in a name is run."""
    out = tmp_path / "out.pdf"
    script = (
        f'cat > "{out}"\n' if not rest else f'test "$1 $2" = "-d front" && cp "$3" "{out}" && basename "$3" > "{out}.n"'
    )
    config = settings(tmp_path, f"print_command = \"'{program(tmp_path, script)}' {rest}\"\n")
    done = command("print", "3", EASIR_CONFIG=config)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{NAME} is printed.\n"
    assert "Tak." in words(out.read_bytes())
    if rest:
        assert Path(f"{out}.n").read_text().strip() == NAME


@pytest.mark.parametrize(
    ("line", "script", "said"),
    [
        ("", "", "No program that prints is set."),
        ('print_command = "\'"', "", "No program that prints is set."),
        ('print_command = "/nowhere/lp"', "", "The print command did not start: No such file or directory."),
        (
            'print_command = "{program}"',
            "printf 'no \\033[31mpaper\\nmore' >&2; exit 3",
            "did not print it: no ␛[31mpaper",
        ),
        ('print_command = "{program}"', "exit 7", "did not print it: 7"),
        ('print_command = "{program}"\nrestricted = true', "", "This login may start no other program."),
    ],
)
def test_a_printer_that_says_no_is_heard(written: Any, tmp_path: Path, line: str, script: str, said: str) -> None:
    place = program(tmp_path, script)
    config = settings(tmp_path, line.replace("{program}", f"'{place}'") + "\n")
    done = command("print", "3", EASIR_CONFIG=config)
    assert (done.returncode, done.stdout) == (1, b"")
    assert said in done.stderr.decode()
    assert b"\x1b" not in done.stderr


def test_a_printer_that_never_ends_is_stopped(tmp_path: Path) -> None:
    from easir_tui.channels.printing import print_file
    from easir_tui.errors import Refused

    with pytest.raises(Refused, match=r"did not end within 0\.2 seconds"), Path("/dev/null").open("rb") as source:
        print_file("sleep 20", "x.pdf", source, patience=0.2)
