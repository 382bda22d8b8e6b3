"""The connections of this process to the one file: one for each thread, all opened alike.

Without Peewee, which takes longer to load than a command for scripts may take altogether. Peewee's database
(`orm`) works on these same connections once something needs a model.
"""

from __future__ import annotations

from _thread import _local
from typing import Any

import apsw

BUSY_SECONDS = 10
"""How long a writer waits for another before it gives up."""

_PRAGMAS = (
    "PRAGMA foreign_keys = 1;"
    "PRAGMA secure_delete = 1;"
    "PRAGMA synchronous = full;"
    "PRAGMA cache_size = -2048;"
    "PRAGMA temp_store = memory;"
    f"PRAGMA journal_size_limit = {64 * 1024 * 1024};"
)

_here = _local()
_path = ""


def name_file(path: str) -> None:
    """Say which file it is; connections that are open stay with theirs."""
    global _path
    _path = path


def path() -> str:
    """The file."""
    return _path


def is_open() -> bool:
    """Whether this thread has a connection."""
    return getattr(_here, "connection", None) is not None


def current() -> Any:
    """This thread's connection.

    Raises:
        AssertionError: it has none; a slip in the program.
    """
    connection = getattr(_here, "connection", None)
    assert connection is not None, "no database is open in this thread"
    return connection


def connect() -> Any:
    """This thread's connection, opened now if there is none."""
    if is_open():
        return current()
    connection = apsw.Connection(_path)
    try:
        connection.set_busy_timeout(BUSY_SECONDS * 1000)
        connection.convert_binding = lambda cursor, number, value: str(value)
        connection.execute(_PRAGMAS)
    except BaseException:
        connection.close()
        raise
    _here.connection = connection
    return connection


def close() -> None:
    """Close this thread's connection, if it has one."""
    connection = getattr(_here, "connection", None)
    _here.connection = None
    if connection is not None:
        connection.close()
