"""What only SQLite knows, behind the few functions the rest of the data floor calls.

One library opens the file: apsw, which brings a current SQLite. Opening the same live file with the standard
library's sqlite3 in one process destroys it, because POSIX locks belong to the process, so nothing here or
above does. Another database would have to stand in for this file and nothing else.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

from easir_tui.data import connection
from easir_tui.data.connection import BUSY_SECONDS
from easir_tui.errors import StoreProblem
from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.data.orm import database as database

OLDEST_SAFE = (3, 51, 3)
"""Before this, two connections writing and checkpointing at one moment could lose pages (the WAL-reset race)."""

_NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
}


def __getattr__(name: str) -> Any:
    """`database`, Peewee's own, which is loaded when something first asks for it."""
    if name == "database":
        from easir_tui.data.orm import database

        return database
    raise AttributeError(name)


def _peewee() -> Any:
    """Peewee's database if it is loaded, on this thread's connection; else None."""
    found = getattr(sys.modules.get("easir_tui.data.orm"), "database", None)
    if found is not None and found.is_closed() and connection.is_open():
        found.connect()
    return found


def _execute(sql: str, values: tuple[Any, ...]) -> Any:
    """Run a statement; through Peewee where it is loaded, so that its hooks see every statement."""
    orm = _peewee()
    return connection.current().execute(sql, values) if orm is None else orm.execute_sql(sql, values)


def connect() -> None:
    """Open this thread's connection, unless it is open."""
    connection.connect()
    _peewee()


def disconnect() -> None:
    """Close this thread's connection, if it is open."""
    orm = _peewee()
    if orm is not None and not orm.is_closed():
        orm.close()
    connection.close()


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement, as tuples."""
    return list(_execute(sql, values))


def row(sql: str, *values: Any) -> tuple[Any, ...] | None:
    """The first row of a statement, or None."""
    for found in _execute(sql, values):
        return tuple(found)
    return None


def value(sql: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    found = row(sql, *values)
    return found[0] if found else None


def run(sql: str, *values: Any) -> None:
    """A statement whose answer nobody reads."""
    _execute(sql, values)


def run_many(sql: str, many: Any) -> None:
    """One statement for each tuple of `many`, as fast as SQLite goes."""
    connection.current().executemany(sql, many)


def changed_rows() -> int:
    """How many rows the last statement of this connection changed."""
    return int(connection.current().changes())


def changes_so_far() -> int:
    """How many rows this connection has changed since it was opened."""
    return int(connection.current().total_changes())


def along(table: str, index: str) -> str:
    """A table to be read along one of its indexes, where the planner's own choice would read every row."""
    return f"{table} INDEXED BY {index}"


def data_version() -> int:
    """A number that moves when another connection has committed; costs some microseconds."""
    return int(value("PRAGMA data_version"))


def interrupt(connection: Any) -> None:
    """Stop the statement that runs on a connection, from another thread."""
    connection.interrupt()


@contextmanager
def reading() -> Iterator[None]:
    """One snapshot for the several statements of a page; short, so that the write-ahead log can shrink."""
    with explained():
        here = connection.current()
        if here.in_transaction:
            yield
            return
        here.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            if here.in_transaction:
                here.execute("COMMIT")


@contextmanager
def writing() -> Iterator[None]:
    """A write transaction: the gate first, then BEGIN IMMEDIATE, then all or nothing (faults 75)."""
    from easir_tui.data import orm

    with explained(), gate(), (_peewee() or orm.database).atomic("IMMEDIATE"):
        yield


@contextmanager
def gate() -> Iterator[None]:
    """Writers queue at a lock file, so that each waits its turn and not a lucky moment.

    Advisory: SQLite's own lock and time-out stay the real guard, so a process that was stopped while it held
    the gate delays the others by the time-out and no longer. The kernel frees it when a process dies.
    """
    if connection.current().in_transaction:
        yield
        return
    handle = os.open(f"{connection.path()}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.0005 + time.perf_counter_ns() % 2_500 / 1e6)
        yield
    finally:
        os.close(handle)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what SQLite says into a sentence that says what is wrong and what to do."""
    try:
        yield
    except _driver_errors() as error:
        problem = _explain(error)
        if problem is None:
            raise
        raise problem from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise _read_only(error.filename) from error
        raise


def _driver_errors() -> tuple[type[Exception], ...]:
    """What the driver raises, and what Peewee makes of it where it is loaded."""
    peewee = sys.modules.get("peewee")
    return (apsw.Error,) if peewee is None else (apsw.Error, peewee.PeeweeException)


def _cause(error: BaseException) -> apsw.Error | None:
    """The driver's own error behind Peewee's."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, apsw.Error):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def _full() -> StoreProblem:
    return StoreProblem(
        _("The disk is full; nothing was saved and nothing was lost."),
        _("Make room, then save again: what you typed is still here."),
    )


def _no_room() -> bool:
    """Whether the disk of the database is full: SQLite calls it a fault when it cannot even begin."""
    try:
        return os.statvfs(Path(connection.path()).parent).f_bavail == 0
    except OSError:
        return False


def _read_only(named: str | bytes | int | None = None) -> StoreProblem:
    """The file that could not be written, or its folder; SQLite names neither."""
    file = os.fsdecode(named) if isinstance(named, str | bytes) else connection.path()
    if os.access(Path(file).parent, os.W_OK):
        return StoreProblem(
            _("The file {file} cannot be written by you.").format(file=file),
            _("Ask the person who set up EASI'R to give your group the file, then try again."),
        )
    return StoreProblem(
        _("The folder of {file} cannot be written by you.").format(file=file),
        _("Ask the person who set up EASI'R to give your group the folder, then log in again."),
    )


def _explain(error: BaseException) -> StoreProblem | None:
    match _cause(error):
        case apsw.FullError():
            return _full()
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return _read_only()
        case apsw.CantOpenError():
            return StoreProblem(
                _("The file {file} cannot be opened.").format(file=connection.path()),
                _("See that the folder exists and that you are in its group, then log in again."),
            )
        case apsw.NotADBError() | apsw.CorruptError():
            return StoreProblem(
                _("The file {file} is broken or is not an EASI'R database.").format(file=connection.path()),
                _("It was left as it is. Restore the newest copy beside it, or name another file in EASIR_DB."),
            )
        case apsw.IOError():
            if _no_room():
                return _full()
            return StoreProblem(
                _("The disk did not answer while {file} was used.").format(file=connection.path()),
                _("Nothing was saved. See to the disk, then try again."),
            )
        case apsw.BusyError() | apsw.LockedError():
            return StoreProblem(
                _("Somebody else has been saving for {seconds} seconds.").format(seconds=BUSY_SECONDS),
                _("Nothing was lost: save again in a moment."),
            )
    return None


def prepare_file(path: Path) -> bool:
    """Make sure the file may be opened by everybody in its folder's group; True when it was made now.

    The mode is set before SQLite sees the file, because SQLite gives the file's own mode to the log beside it,
    whatever the umask of the next user.

    Raises:
        StoreProblem: the folder cannot be made, is on a network, or the SQLite library is too old.
    """
    if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) < OLDEST_SAFE:
        raise StoreProblem(
            _("The SQLite library here ({version}) can lose data when several people write.").format(
                version=apsw.sqlite_lib_version()
            ),
            _("Install a newer apsw."),
        )
    connection.name_file(str(path))
    with explained():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise StoreProblem(_("{file} is not a file.").format(file=path), _("Name another one in EASIR_DB."))
        kind = _file_system(path.parent.resolve())
        if kind in _NETWORK_FILE_SYSTEMS:
            raise StoreProblem(
                _("{file} is on a network drive ({kind}), where several writers break a database.").format(
                    file=path, kind=kind
                ),
                _("Keep it on a disk of the server itself."),
            )
        lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o660)
        if os.fstat(lock).st_uid == os.geteuid():
            os.fchmod(lock, 0o660)
        os.close(lock)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o660)
        except FileExistsError:
            return False
        os.fchmod(handle, 0o660)
        os.close(handle)
        return True


def _file_system(folder: Path) -> str:
    """The type of the file system a folder is on, as the kernel names it; empty where it does not say."""
    best, kind = "", ""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    place = str(folder)
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            mount = fields[1].replace("\\040", " ")
            under = place == mount or place.startswith(mount.rstrip("/") + "/")
            if under and len(mount) >= len(best):
                best, kind = mount, fields[2]
    return kind


def use_write_ahead_log() -> None:
    """Switch a new file to the write-ahead log, once, under the gate; later openings only find it so."""
    if value("PRAGMA journal_mode") != "wal":
        value("PRAGMA journal_mode = wal")


def copy_to(target: Path) -> None:
    """A consistent copy of the open database while others write: one step, checked, 0600, never half there."""
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_CLOEXEC, 0o600)
    os.close(handle)
    with explained():
        copy = apsw.Connection(str(part))
        try:
            with copy.backup("main", connection.current(), "main") as backup:
                while not backup.done:
                    backup.step(-1)
            verdict = next(iter(copy.execute("PRAGMA quick_check")))[0]
        finally:
            copy.close()
        if verdict != "ok":
            raise StoreProblem(
                _("The copy {file} did not pass its check: {verdict}").format(file=part, verdict=verdict)
            )
        handle = os.open(part, os.O_RDWR)
        os.fsync(handle)
        os.close(handle)
        os.replace(part, target)


def tidy() -> None:
    """Let SQLite refresh its statistics; for the end of a session or of a big import."""
    run("PRAGMA optimize")
