"""One person may sit at two terminals, and a script may work for them meanwhile: who of them is the only one."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from easir_tui import config
from easir_tui.errors import Refused


@contextmanager
def only_one(database: Path, what: str) -> Iterator[bool]:
    """Whether no other process of this person does `what` with the database; true of one at a time.

    The lock is the kernel's, so that it ends with the process however that ends.
    """
    try:
        name = hashlib.sha256(os.fsencode(database)).hexdigest()[:16]
        handle = os.open(config.state_folder() / f"{what}-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except (OSError, Refused):
        yield True
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
