"""Radicale, a CalDAV and CardDAV server in Python: one user, a folder for what it keeps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.processes import end, free_port, wait_for_port

USER, PASSWORD = "anna", "hemmelig"

_SETTINGS = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/kept
[rights]
type = owner_only
[web]
type = none
[logging]
level = warning
"""


@dataclass(frozen=True)
class Radicale:
    """Where it is, and the files it keeps."""

    url: str
    folder: Path

    def files(self) -> list[Path]:
        """The calendar files of all collections."""
        return sorted(one for one in (self.folder / "kept").rglob("*.ics") if ".Radicale" not in str(one))


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """A server on a free loopback port; what it keeps stays in the folder."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    (folder / "users").write_text(f"{USER}:{PASSWORD}\nbo:hemmelig\n", encoding="utf-8")
    (folder / "config").write_text(_SETTINGS.format(port=port, folder=folder), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", str(folder / "config")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port, process)
        yield Radicale(f"http://127.0.0.1:{port}", folder)
    finally:
        end(process)
