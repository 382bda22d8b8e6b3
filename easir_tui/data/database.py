"""Opening the database and the two threads that speak to it.

`ask` runs a reading function on one thread, `tell` a writing one on another, each with a connection of its own,
so that a writer who waits for the lock never freezes a key press and a page never waits behind a save.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import apsw

from easir_tui.data import connection
from easir_tui.data.sqlite import (
    connect,
    copy_to,
    disconnect,
    explained,
    gate,
    interrupt,
    prepare_file,
    reading,
    rows,
    use_write_ahead_log,
    value,
)
from easir_tui.errors import StoreProblem
from easir_tui.language import _

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

P = ParamSpec("P")
R = TypeVar("R")

MIGRATIONS = Path(__file__).parent / "migrations"


class Superseded(Exception):
    """A newer question of the same kind was asked; the answer to this one no longer matters."""


class Store:
    """The open database of this process; `open_store` makes it.

    The threads, and asyncio with them, come with the first question: a command for scripts never needs them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._numbers: dict[str, int] = {}
        self._running: tuple[str, Any] | None = None

    @cached_property
    def _reader(self) -> ThreadPoolExecutor:
        return _thread("ask")

    @cached_property
    def _writer(self) -> ThreadPoolExecutor:
        return _thread("tell")

    async def ask(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What a reading function returns, read from one snapshot.

        Raises:
            StoreProblem: the file cannot be read.
        """
        import asyncio

        return await asyncio.get_running_loop().run_in_executor(
            self._reader, lambda: self._read(None, function, *args, **kwargs)
        )

    async def ask_latest(self, key: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Like `ask`, for questions asked at each key press: a newer one of the same key stops the older.

        Raises:
            Superseded: a newer question was asked before this one was answered.
        """
        number = self._numbers[key] = self._numbers.get(key, 0) + 1
        running = self._running
        if running is not None and running[0] == key:
            interrupt(running[1])

        def read() -> R:
            if self._numbers[key] != number:
                raise Superseded
            try:
                return self._read(key, function, *args, **kwargs)
            except Superseded:
                if self._numbers[key] != number:
                    raise
                return self._read(None, function, *args, **kwargs)  # the stop was meant for another question

        import asyncio

        answer = await asyncio.get_running_loop().run_in_executor(self._reader, read)
        if self._numbers[key] != number:
            raise Superseded
        return answer

    async def tell(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What a writing function returns; it opens its own journal step.

        Raises:
            Refused: a rule or the disk said no; nothing was written.
        """
        import asyncio

        return await asyncio.get_running_loop().run_in_executor(
            self._writer, lambda: _explained(function, *args, **kwargs)
        )

    def _read(self, key: str | None, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._running = (key, connection.current()) if key is not None else None
        try:
            with reading():
                return function(*args, **kwargs)
        except Exception as error:
            if not _interrupted(error):
                raise
            if key is not None:
                raise Superseded from error
        finally:
            self._running = None
        # The stop was meant for the question before this one, which had just been answered.
        return self._read(None, function, *args, **kwargs)

    def close(self) -> None:
        """End both threads and close their connections; what was told before is finished first."""
        for thread in (self.__dict__.pop(name, None) for name in ("_writer", "_reader")):
            if thread is not None:
                thread.submit(_disconnect)
                thread.shutdown(wait=True)
        disconnect()


def _thread(name: str) -> ThreadPoolExecutor:
    """A thread of its own connection, made when it is first asked."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, thread_name_prefix=name, initializer=_connect)


def open_store(path: Path) -> Store:
    """Open the database file, making it or bringing it to this version's schema where needed.

    The calling thread is left connected, so that headless commands call the rules directly.

    Raises:
        StoreProblem: the file is broken, read-only, on a network drive, or from a newer version.
    """
    disconnect()
    prepare_file(path)
    with explained():
        connect()
        try:
            _migrate(path)
        except BaseException:
            disconnect()
            raise
    return Store(path)


def applied() -> list[str]:
    """Names of the migrations the open file has had, in order; empty for a new file."""
    if value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'") is None:
        return []
    return [name for (name,) in rows("SELECT name FROM schema_migration ORDER BY name")]


def known() -> list[str]:
    """Names of the migrations this version brings, in order."""
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def _migrate(path: Path) -> None:
    """Apply what is missing, under the writers' gate, with a copy of the file taken before each (two processes
    may start at once: the second finds the work done)."""
    if applied() == known():
        return
    with gate():
        have = applied()
        newer = [name for name in have if name not in known()]
        if newer:
            raise StoreProblem(
                _("{file} was made by a newer EASI'R ({name}).").format(file=path, name=newer[-1]),
                _("Install that version, or name another file in EASIR_DB. The file was left as it is."),
            )
        if not have and value("SELECT count(*) FROM sqlite_master"):
            raise StoreProblem(
                _("{file} is a database of another program.").format(file=path),
                _("It was left as it is. Name another file in EASIR_DB."),
            )
        use_write_ahead_log()
        from playhouse.migrations import Runner

        from easir_tui.data.orm import database

        runner = Runner(database, str(MIGRATIONS))
        for name in known():
            if name not in have:
                if have:
                    copy_to(path.with_name(f"{path.name}.before-{name}"))
                runner.up(name)


def _connect() -> None:
    connect()


def _disconnect() -> None:
    with suppress(apsw.Error):
        disconnect()


def _explained(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with explained():
        return function(*args, **kwargs)


def _interrupted(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, apsw.InterruptError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
