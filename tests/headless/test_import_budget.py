"""What each command may load: no screen for scripts, no library that its work does not need (bars 3 and 13)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.headless.command import EASIR, easir, environment

NEVER_AT_START = {
    "imapclient", "httpx", "typst", "icalendar", "babel.dates", "phonenumbers", "PIL", "pypdfium2", "selectolax",
    "rapidfuzz", "dateutil.parser", "email.message", "smtplib", "imaplib", "xml.etree",
}  # fmt: skip
"""Libraries that are imported by the function that uses them, or not at all."""

REPORT = """
import atexit, sys
atexit.register(lambda: open({target!r}, "w").write("\\n".join(sorted(sys.modules))))
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small demonstration."""
    path = tmp_path / "demo.db"
    done = easir("demo", "--contacts", "20", "--no-open", "--db", str(path))
    assert done.returncode == 0, done.stderr
    return path


def loaded(tmp_path: Path, database: Path, *arguments: str) -> set[str]:
    """The modules of a command's process when it ends."""
    hook = tmp_path / "hook"
    hook.mkdir(exist_ok=True)
    target = tmp_path / "modules"
    (hook / "usercustomize.py").write_text(REPORT.format(target=str(target)))
    there = environment(database, PYTHONPATH=str(hook), PYTHONUSERBASE=str(hook))
    program = "import usercustomize, sys; from easir_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=there, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(target.read_text().split("\n"))


COMMANDS = [
    ("--help",),
    ("contact", "--help"),
    ("contact", "list", "--json"),
    ("contact", "list", "--filter", "a"),
    ("contact", "show", "1"),
    ("contact", "show", "1", "--json"),
    ("contact", "add", "--first-name", "Bo", "--json"),
    ("case", "list", "--json"),
    ("task", "list"),
    ("calendar", "feed"),
    ("note", "add", "1", "hello"),
    ("attachment", "list", "1"),
    ("undo", "--list"),
    ("keys",),
    ("doctor",),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_for_scripts_load_no_screen(tmp_path: Path, database: Path, arguments: tuple[str, ...]) -> None:
    modules = loaded(tmp_path, database, *arguments)
    assert not {name for name in modules if name.split(".")[0] in ("textual", "rich")}
    late = NEVER_AT_START - {"phonenumbers"} if arguments[:2] == ("contact", "add") else NEVER_AT_START
    if arguments == ("doctor",):
        late = late - {"email.message"}
    assert not late & modules
    assert "asyncio" not in modules


def test_showing_a_contact_loads_next_to_nothing(tmp_path: Path, database: Path) -> None:
    """Bar 13: neither Peewee nor anything that writes; our own part of it is this list and no more."""
    modules = loaded(tmp_path, database, "contact", "show", "1", "--json")
    assert not modules & {"peewee", "sqlite3", "logging", "socket", "decimal", "uuid", "random", "tomllib"}
    ours = {name.removeprefix("easir_tui.") for name in modules if name.startswith("easir_tui.")}
    assert ours == {
        "cli", "clock", "config", "crm", "crm.consent_states", "crm.contact_facts", "crm.users", "crm.visibility",
        "data",
        "data.connection", "data.database", "data.sqlite", "date_grammar", "errors", "headless", "headless.contacts",
        "headless.output", "headless.privacy", "headless.session", "language", "relations", "text", "toml_files",
            "typed_dates",
    }  # fmt: skip


def test_help_opens_no_database(tmp_path: Path, database: Path) -> None:
    modules = loaded(tmp_path, database, "--help")
    assert not {name for name in modules if name.startswith(("apsw", "peewee", "easir_tui.data", "easir_tui.crm"))}


def test_the_application_starts_without_what_it_does_not_show(tmp_path: Path, database: Path) -> None:
    """Bar 3, in the real application on a pty, up to its first painted list."""
    from bench.terminal import Terminal

    changed = sqlite3.connect(database)  # what the clocks of leads need is no more than what shows them
    changed.execute("UPDATE lead SET due_at = 1 WHERE id = (SELECT min(id) FROM lead WHERE status = 'assigned')")
    changed.commit()
    assert changed.execute("SELECT count(*) FROM lead WHERE due_at = 1 AND status = 'assigned'").fetchone() == (1,)
    changed.close()
    target = tmp_path / "modules"
    program = (
        "import sys, threading, time\n"
        "def tell():\n"
        "    time.sleep(2)\n"
        f"    open({str(target)!r}, 'w').write('\\n'.join(sorted(sys.modules)))\n"
        "threading.Thread(target=tell, daemon=True).start()\n"
        "from easir_tui.cli import main\n"
        "sys.exit(main([]))\n"
    )
    with Terminal([sys.executable, "-c", program], environment(database, TERM="xterm-256color")) as terminal:
        terminal.wait_for("Help")
        terminal.idle(2.5)
        modules = set(target.read_text().split("\n"))
    assert "easir_tui.screens.today" in modules
    assert not NEVER_AT_START & modules
    assert not {name for name in modules if name.startswith(("easir_tui.demo", "easir_tui.channels"))}


def test_the_command_is_where_it_is_looked_for() -> None:
    assert os.access(EASIR[0], os.X_OK)
