"""The log of the program's own faults: for its makers, with an id that a person can quote.

Only the places in the code are written, never the values of variables: those are customers' data.
"""

from __future__ import annotations

import os
import secrets
import traceback
from pathlib import Path

from easir_tui import clock, config
from easir_tui.errors import Refused

LARGEST = 1_000_000
"""Bytes after which the log begins anew, the old one kept as easir.log.1."""


def log_path() -> Path:
    """Where faults are written."""
    return config.state_folder() / "easir.log"


def record(error: BaseException) -> str:
    """Write a fault to the log, readable by its owner alone; the id to quote."""
    number = secrets.token_hex(3)
    try:
        path = log_path()
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_name("easir.log.1"))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"--- {number} {clock.now()} {type(error).__name__}\n")
            log.writelines(traceback.format_exception(error))
    except (OSError, Refused):
        return number
    return number
