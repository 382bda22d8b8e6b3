"""Opening the file: two processes at once, copies before a migration, newer and broken files, the two threads."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from easir_tui.crm.users import Me, log_in
from easir_tui.data import changes, connection, files
from easir_tui.data import database as opening
from easir_tui.data.changes import Feed
from easir_tui.data.database import Store, Superseded, open_store
from easir_tui.data.journal import step
from easir_tui.data.models import Contact
from easir_tui.data.sqlite import copy_to, database, run, value
from easir_tui.errors import StoreProblem

from .test_journal import person

SAVER = """
import sys
from pathlib import Path
from easir_tui.crm.users import log_in
from easir_tui.data.database import open_store
from easir_tui.data.journal import step
from easir_tui.data.models import Contact

open_store(Path(sys.argv[1]))
me = log_in("anna")
for number in range(int(sys.argv[3])):
    with step(me, "created") as adding:
        adding.contact_id = adding.add(Contact, kind="private", account_id=1,
                                       first_name=f"{sys.argv[2]}-{number}", responsible_id=me.user_id)
    print(number, flush=True)
"""


def saver(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SAVER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_start_at_once_make_one_schema_and_lose_nothing(tmp_path: Path) -> None:
    """Faults 75: nobody sees "locked"; every save of every process is there once."""
    path = tmp_path / "easir.db"
    others = [saver(path, f"p{number}", 40) for number in range(6)]
    for one in others:
        _out, trouble = one.communicate(timeout=120)
        assert one.returncode == 0, trouble
    store = open_store(path)
    assert value("SELECT count(*) FROM contact") == 240
    assert value("SELECT count(*) FROM app_user") == 1
    assert value("SELECT count(DISTINCT first_name) FROM contact") == 240
    store.close()


def test_kill_9_in_the_middle_of_saving_loses_no_acknowledged_save(tmp_path: Path) -> None:
    path = tmp_path / "easir.db"
    other = saver(path, "p", 100_000)
    assert other.stdout is not None
    acknowledged = -1
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        acknowledged = int(other.stdout.readline())
    other.kill()
    rest, _err = other.communicate()
    acknowledged = max([acknowledged, *(int(line) for line in rest.split() if line.isdigit())])
    store = open_store(path)
    assert value("SELECT count(*) FROM contact") >= acknowledged + 1 > 1
    assert value("PRAGMA integrity_check") == "ok"
    assert value("SELECT count(*) FROM contact") == value("SELECT count(*) FROM event")
    store.close()


def test_the_file_is_for_its_group_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        store = open_store(tmp_path / "new" / "easir.db")
        log_in("anna")
        for name in ("easir.db", "easir.db.lock", "easir.db-wal"):
            assert stat.S_IMODE((tmp_path / "new" / name).stat().st_mode) == 0o660, name
        store.close()
    finally:
        os.umask(before)


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "easir.db"
    store = open_store(path)
    run("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    store.close()
    with pytest.raises(StoreProblem, match="newer EASI'R"):
        open_store(path)
    assert database.is_closed()


@pytest.mark.parametrize(
    "content", [b"this is no database, it is a text" * 200, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_broken_file_is_a_sentence_and_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "easir.db"
    path.write_bytes(content)
    with pytest.raises(StoreProblem, match="broken"):
        open_store(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    with pytest.raises(StoreProblem, match="another program"):
        open_store(path)


def test_a_folder_in_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="not a file"):
        open_store(tmp_path)


def test_a_copy_is_taken_before_each_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults 83: an upgrade backs the records up first, and the files of attachments are as they were."""
    path = tmp_path / "easir.db"
    store = open_store(path)
    person(log_in("anna"))
    kept = files.keep(io.BytesIO(b"%PDF-1.7 a contract"))
    store.close()
    folder = tmp_path / "migrations"
    folder.mkdir()
    for source in opening.MIGRATIONS.glob("[0-9]*.py"):
        (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "9998_more.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('ALTER TABLE contact ADD COLUMN more TEXT')\n", encoding="utf-8"
    )
    monkeypatch.setattr(opening, "MIGRATIONS", folder)
    store = open_store(path)
    assert value("SELECT more IS NULL FROM contact") == 1
    assert hashlib.sha256(files.path_of(kept.sha256).read_bytes()).hexdigest() == kept.sha256
    store.close()
    copy = path.with_name("easir.db.before-9998_more")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    monkeypatch.undo()
    store = open_store(copy)
    assert value("SELECT first_name FROM contact") == "Søren"
    store.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "easir.db"
    store = open_store(path)
    store.close()
    folder = tmp_path / "migrations"
    folder.mkdir()
    for source in opening.MIGRATIONS.glob("[0-9]*.py"):
        (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "9998_wrong.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('ALTER TABLE contact ADD COLUMN more TEXT')\n"
        "    db.execute_sql('SELECT nonsense')\n", encoding="utf-8"
    )  # fmt: skip
    monkeypatch.setattr(opening, "MIGRATIONS", folder)
    with pytest.raises(Exception, match="nonsense"):
        open_store(path)
    monkeypatch.undo()
    store = open_store(path)
    assert value("SELECT count(*) FROM pragma_table_info('contact') WHERE name = 'more'") == 0
    store.close()


def test_a_copy_while_others_write_is_whole(store: Store, anna: Me, tmp_path: Path) -> None:
    for number in range(50):
        person(anna, f"Nr{number}")
    copy_to(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_size > 100_000
    assert not (tmp_path / "copy.db.part").exists()


async def test_reading_never_waits_behind_a_save(store: Store, anna: Me) -> None:
    def slow_save() -> int:
        with step(anna, "created") as adding:
            contact_id = adding.add(Contact, kind="private", account_id=1, first_name="Bo", responsible_id=anna.user_id)
            time.sleep(0.5)
            return contact_id

    saving = asyncio.create_task(store.tell(slow_save))
    await asyncio.sleep(0.1)
    assert await store.ask(value, "SELECT count(*) FROM contact") == 0
    assert not saving.done()
    contact_id = await saving
    assert await store.ask(value, "SELECT max(id) FROM contact") == contact_id


async def test_a_newer_question_stops_the_older(store: Store, anna: Me) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < 0"
    old = asyncio.create_task(store.ask_latest("find", value, endless))
    await asyncio.sleep(0.2)
    assert await store.ask_latest("find", value, "SELECT 7") == 7
    with pytest.raises(Superseded):
        await old


async def test_a_stop_that_comes_late_does_not_hit_another_question(store: Store, anna: Me) -> None:
    """The interrupt of a search may arrive when the reading thread is at something else already."""
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) SELECT count(*) FROM n"
    handle = await store.ask(connection.current)
    asked = asyncio.create_task(store.ask(value, slow))
    await asyncio.sleep(0.15)
    assert not asked.done()
    handle.interrupt()
    assert await asked == 3_000_000


async def test_a_late_stop_does_not_lose_the_newest_search(store: Store, anna: Me) -> None:
    """A stop meant for the question before must not leave a list with an old answer."""
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) SELECT count(*) FROM n"
    handle = await store.ask(connection.current)
    asked = asyncio.create_task(store.ask_latest("find", value, slow))
    await asyncio.sleep(0.15)
    assert not asked.done()
    handle.interrupt()
    assert await asked == 3_000_000


async def test_news_of_many_changes_comes_in_parts(
    store: Store, anna: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One save may leave more lines in the journal than one look reads; the rest is news of the next look."""
    monkeypatch.setattr(changes, "AT_ONCE", 3)
    feed = Feed(anna.user_id)
    assert await store.ask(feed.news) is None

    def save() -> None:
        with step(anna, "created") as adding:
            for name in "ABCDE":
                adding.add(Contact, kind="private", account_id=1, first_name=name, responsible_id=anna.user_id)

    await store.tell(save)
    seen: set[int] = set()
    while news := await store.ask(feed.news):
        seen |= news.contacts
    assert len(seen) == 5


async def test_what_another_process_saves_is_news(store: Store, anna: Me, tmp_path: Path) -> None:
    feed = Feed(anna.user_id)
    assert await store.ask(feed.news) is None
    other = saver(tmp_path / "easir.db", "other", 1)
    other.communicate(timeout=30)
    news = await store.ask(feed.news)
    assert news is not None
    assert news.tables == {"contact"}
    assert await store.ask(feed.news) is None
