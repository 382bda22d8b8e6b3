"""The program in a terminal of its own, killed in the middle of a word and started again (faults 95)."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from easir_tui.crm import drafts, users
from easir_tui.data.database import open_store
from tests.crm.made import a_contact

PATIENCE = 30.0
"""Seconds a busy machine may take to show something."""


class Terminal:
    """`easir` in a pseudo-terminal of 80×24, and what it has written so far."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self.handle = handle
        self.written = b""

    def read(self, seconds: float) -> None:
        """Take what is written until it has been quiet for that long."""
        while select.select([self.handle], [], [], seconds)[0]:
            try:
                part = os.read(self.handle, 65536)
            except OSError:
                return
            if not part:
                return
            self.written += part

    def wait_for(self, words: str) -> None:
        """Wait until the screen has shown these words since the last key."""
        deadline = time.monotonic() + PATIENCE
        while words.encode() not in self.written:
            assert time.monotonic() < deadline, f"{words!r} never came: {self.written[-2000:]!r}"
            self.read(0.1)

    def type(self, keys: str) -> None:
        """Press keys as fast as a terminal sends them."""
        self.written = b""
        os.write(self.handle, keys.encode())

    def kill(self, number: int) -> None:
        """End the process from outside, and wait until it is gone."""
        os.kill(self.pid, number)
        deadline = time.monotonic() + PATIENCE
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            assert time.monotonic() < deadline
            self.read(0.05)


@contextmanager
def easir(database: Path, home: Path) -> Iterator[Terminal]:
    """The program on a database, gone again at the end."""
    pid, handle = pty.fork()
    if pid == 0:
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        settings = home / "settings.toml"
        settings.write_text('home = "contacts"\n')
        setting = {"EASIR_DB": str(database), "EASIR_LANG": "en", "HOME": str(home), "TERM": "xterm-256color",
                   "EASIR_CONFIG": str(settings)}  # fmt: skip
        code = "import sys; from easir_tui.cli import main; sys.exit(main([]))"
        os.execve(sys.executable, [sys.executable, "-c", code], {**kept, **setting, "LANG": "C.UTF-8"})
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    terminal = Terminal(pid, handle)
    try:
        yield terminal
    finally:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(handle)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_half_typed_note_survives(tmp_path: Path, number: signal.Signals) -> None:
    """Typed, killed less than a second later, started again: the form is open with every letter."""
    database = tmp_path / "easir.db"
    store = open_store(database)
    me = users.log_in()
    contact = a_contact(me)
    store.close()
    with easir(database, tmp_path) as terminal:
        terminal.wait_for("Ole Hansen")
        terminal.type("\r")
        terminal.wait_for("Meeting")
        terminal.type("n")
        terminal.wait_for("Next step")
        terminal.type("Vil gerne prøvekøre [rød] bil på freda")
        terminal.read(0.5)
        if number == signal.SIGKILL:
            time.sleep(0.5)
        terminal.kill(number)
    store = open_store(database)
    try:
        draft = drafts.waiting(users.log_in())[0]
        assert draft.body["texts"]["note"] == "Vil gerne prøvekøre [rød] bil på freda"
        assert (draft.opens[0], draft.opens[1]["contact_id"], draft.left) == ("activity", contact, False)
    finally:
        store.close()
    with easir(database, tmp_path) as terminal:
        terminal.wait_for("på freda")
        terminal.wait_for("Next step")
