"""One person may sit at two terminals: which of them is the first."""

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
def only_session(database: Path) -> Iterator[bool]:
    """Whether no other session of this person is open on the database; true of one at a time.

    The lock is the kernel's, so that it ends with the process however that ends.
    """
    try:
        name = hashlib.sha256(os.fsencode(database)).hexdigest()[:16]
        handle = os.open(config.state_folder() / f"session-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
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
