"""What a key costs on the line: bytes to a real terminal of 120 × 40 in full colour (faults 99).

Byte counts repeat exactly, so they can be asserted where times cannot.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from easir_tui.crm import contacts, users
from easir_tui.crm.contacts import NewContact
from easir_tui.data.database import open_store

COLUMNS, ROWS = 120, 40
QUIET = 0.4
"""Seconds without a byte after which a key is done."""


class Line:
    """The program at the other end of a line, and how much it sends."""

    gone = False
    first = b""

    def __init__(self, database: Path, home: Path) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
            settings = home / "settings.toml"
            settings.write_text('home = "contacts"\n')
            mine = {"EASIR_DB": str(database), "EASIR_LANG": "en", "HOME": str(home), "TERM": "xterm-256color",
                    "EASIR_CONFIG": str(settings)}  # fmt: skip
            code = "import sys; from easir_tui.cli import main; sys.exit(main([]))"
            os.execve(
                sys.executable,
                [sys.executable, "-c", code],
                {**kept, **mine, "COLORTERM": "truecolor", "LANG": "C.UTF-8"},
            )
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read(self, quiet: float = QUIET, limit: float = 15.0) -> bytes:
        """Everything sent until it falls silent."""
        sent = b""
        until = time.monotonic() + limit
        while time.monotonic() < until and select.select([self.handle], [], [], quiet)[0]:
            try:
                piece = os.read(self.handle, 65536)
            except OSError:
                break
            if b"\x1b[?2026$p" in piece:
                os.write(self.handle, b"\x1b[?2026;2$y")
            sent += piece
        return sent

    def key(self, key: str) -> int:
        """Bytes that answer a key."""
        os.write(self.handle, key.encode())
        return len(self.read())

    def end(self) -> None:
        """Let go of the program."""
        if self.gone:
            return
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.handle)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """The program on two hundred contacts, its first screen painted."""
    store = open_store(tmp_path / "easir.db")
    me = users.log_in()
    for i in range(200):
        contacts.create(me, NewContact(first_name=f"Søren {i:03}", last_name="Kjær", city="Aarhus C", street="Vej 1"))
    store.close()
    far_end = Line(tmp_path / "easir.db", tmp_path)
    try:
        first = far_end.read(quiet=1.5)
        assert re.search("Søren 000".encode(), first)
        far_end.first = first
        yield far_end
    finally:
        far_end.end()


def test_a_session(line: Line):
    """Moving, scrolling, typing, dialogs, and a while of nothing: each within its budget."""
    line.key("j")
    assert 0 < line.key("j") <= 700
    assert 0 < line.key("k") <= 700
    assert line.key("\x1b[6~") <= 10_000
    for _row in range(2):
        line.key("j")
    assert line.key("j") <= 10_000, "a key that scrolls"
    assert line.key("?") <= 7_000
    assert line.key("\x1b") <= 7_000
    line.key("/")
    assert line.key("x") <= 9_000, "another list under the letter"
    line.key("\x1b")
    line.key("N")
    line.key("\t")
    line.key("a")
    assert 0 < line.key("b") <= 300, "a letter in a field"
    assert line.key("c") <= 300
    line.key("\x1b")
    line.key("\r")
    line.key("n")
    line.key("H")
    assert 0 < line.key("e") <= 1_500, "a letter in the note"
    assert len(line.read(quiet=3.0, limit=4.0)) == 0, "nothing while nothing happens"


def test_a_line_that_stands_still(line: Line):
    """Many keys while the line takes nothing: all are obeyed, and the last picture is the right one."""
    for _key in range(120):
        os.write(line.handle, b"j")
        time.sleep(0.02)
    time.sleep(1.0)
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed((line.first + line.read(quiet=1.5)).decode())
    assert next(row for row in screen.display if row.startswith("›")).split()[1:3] == ["Søren", "120"]


@pytest.mark.parametrize("hang_up", [True, False])
def test_a_line_that_is_cut_ends_the_program(line: Line, hang_up: bool):
    """The terminal is gone, with or without the signal that says so: the process ends."""
    os.write(line.handle, b"jjN")
    time.sleep(0.5)
    os.close(line.handle)
    if hang_up:
        os.kill(line.pid, signal.SIGHUP)
    until = time.monotonic() + 10
    while os.waitpid(line.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < until
        time.sleep(0.05)
    line.gone = True
