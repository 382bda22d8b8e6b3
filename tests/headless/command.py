"""Running the real `easir` command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EASIR = [str(Path(sys.executable).with_name("easir"))]


def environment(database: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of the test, with its own database, in English."""
    mine = {**os.environ, "LC_ALL": "C.UTF-8", "EASIR_LANG": "en", **more}
    if database is not None:
        mine["EASIR_DB"] = str(database)
    return mine


def easir(
    *arguments: str, database: Path | None = None, given: bytes = b"", **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command without a terminal and wait for it."""
    return subprocess.run(
        [*EASIR, *arguments],
        input=given,
        capture_output=True,
        env=environment(database, **more),
        timeout=60,
        check=False,
    )
