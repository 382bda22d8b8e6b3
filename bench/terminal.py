"""A terminal that measures: it starts a program on a pty, presses keys, and counts what comes back and when."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_SEQUENCES = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_=>78]"
)
QUIET = 0.06
"""Seconds without a byte after which an answer is taken to be complete."""


class Terminal:
    """A program on a pty of its own."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], columns: int = 120, rows: int = 40
    ) -> None:
        self.begun = time.perf_counter()
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), dict(environment))
        self.output = bytearray()
        self._size = (columns, rows)
        self.resize(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            os.kill(self.pid, number)
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline:
                self._take(0.02)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self._handle)
                    return
        os.waitpid(self.pid, 0)
        os.close(self._handle)

    def _take(self, timeout: float) -> int:
        """Read what is there; the number of bytes."""
        if not select.select([self._handle], [], [], timeout)[0]:
            return 0
        try:
            part = os.read(self._handle, 1 << 20)
        except OSError:
            return 0
        self.output += part
        return len(part)

    def wait_for(self, words: str | Sequence[str], timeout: float = 20.0, since: int = 0) -> float:
        """Seconds since now until all the words have been painted.

        Raises:
            TimeoutError: they never were; it says what is on the screen.
        """
        begun = time.perf_counter()
        wanted = [words.encode()] if isinstance(words, str) else [word.encode() for word in words]
        while True:
            painted = _SEQUENCES.sub(b"", bytes(self.output[since:]))
            if all(word in painted for word in wanted):
                return time.perf_counter() - begun
            if time.perf_counter() - begun > timeout:
                raise TimeoutError(f"{wanted} was not painted; there is {painted[-2000:].decode(errors='replace')}")
            self._take(0.005)

    def settle(self, quiet: float = 0.4, most: float = 10.0) -> None:
        """Wait until nothing comes for `quiet` seconds."""
        deadline = time.monotonic() + most
        while self._take(quiet) and time.monotonic() < deadline:
            pass

    def press(self, keys: str, quiet: float = QUIET) -> tuple[float, int]:
        """Press keys at once; seconds until the last byte of the answer, and how many bytes came."""
        begun = last = time.perf_counter()
        os.write(self._handle, keys.encode())
        received = 0
        wait = 2.0
        while count := self._take(wait):
            received += count
            last = time.perf_counter()
            wait = quiet
        return last - begun, received

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        fcntl.ioctl(self._handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def repaint(self) -> int:
        """Bytes of painting the screen whole: the window becomes narrower, and wide again."""
        columns, rows = self._size
        self.resize(columns - 1, rows)
        self.settle(0.25)
        before = len(self.output)
        self.resize(columns, rows)
        self.settle(0.25)
        return len(self.output) - before

    def idle(self, seconds: float) -> int:
        """How many bytes come in that time with nobody doing anything."""
        received, deadline = 0, time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            received += self._take(left)
        return received

    def text(self, since: int = 0) -> str:
        """What was painted, without its sequences."""
        return _SEQUENCES.sub(b"", bytes(self.output[since:])).decode(errors="replace")

    @property
    def resident(self) -> float:
        """Resident memory of the program, MiB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    @property
    def cpu(self) -> float:
        """Seconds of processor time the program has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
