"""What goes wrong with files and machines: a sentence that says so, exit code 1, and nothing lost."""

from __future__ import annotations

import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from easir_tui.data.database import open_store
from easir_tui.data.sqlite import rows, run, value, writing
from tests.headless.command import EASIR, easir, environment


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one contact."""
    path = tmp_path / "data" / "easir.db"
    done = easir("contact", "add", "--first-name", "Søren", database=path)
    assert done.returncode == 0, done.stderr
    return path


def refused(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """It was one line on standard error that holds these words, and no traceback."""
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert done.stdout == b""
    assert said.count("\n") == 1
    assert "Traceback" not in said
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    "content", [b"this is no database, but somebody's shopping list\n" * 50, b"SQLite format 3\0" + b"\0" * 4080]
)
def test_a_broken_file_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(content)
    refused(easir("contact", "list", database=path), str(path), "broken")
    assert path.read_bytes() == content


def test_a_file_with_a_torn_page_is_named_as_broken(database: Path) -> None:
    """The pages after the first are overwritten, as a failing disk does it."""
    store = open_store(database)
    value("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database.write_bytes(content)
    for arguments in (("contact", "list"), ("note", "add", "1", "x")):
        done = easir(*arguments, database=database)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
    assert database.read_bytes() == content


def test_a_newer_schema_is_refused_and_untouched(database: Path) -> None:
    store = open_store(database)
    with writing():
        run("CREATE TEMP TABLE later AS SELECT * FROM schema_migration LIMIT 1")
        run("UPDATE later SET name = '9999_later', id = NULL")
        run("INSERT INTO schema_migration SELECT * FROM later")
    value("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    before = database.read_bytes()
    refused(easir("contact", "list", database=database), "newer", "9999_later")
    assert database.read_bytes() == before


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    import apsw

    path = tmp_path / "other.db"
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    refused(easir("contact", "list", database=path), "another program")


def as_nobody(*arguments: str, database: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a user who owns nothing."""
    if os.geteuid() != 0:
        return easir(*arguments, database=database)
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed, and root may write anywhere")
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *EASIR, *arguments]
    probe = subprocess.run([*command[:4], sys.executable, "-c", ""], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("another user cannot run this interpreter")
    return subprocess.run(command, capture_output=True, env=environment(database, HOME="/nonexistent"), check=False)


def test_a_folder_that_cannot_be_written_is_said(database: Path) -> None:
    """Root may write anywhere, so this is another user."""
    for place in database.parents:
        if not place.stat().st_mode & 0o005:
            place.chmod(0o755)
    database.chmod(0o644)
    done = as_nobody("note", "add", "1", "hello", database=database)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert b"Traceback" not in done.stderr
    assert str(database).encode() in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_full_disk_keeps_what_was_saved(small_disk: Path) -> None:
    database = small_disk / "easir.db"
    assert easir("contact", "add", "--first-name", "Søren", database=database).returncode == 0
    saved = 0
    for number in range(200):
        done = easir("note", "add", "1", "-", database=database, given=f"{number} ".encode() + b"x" * 60_000)
        if done.returncode:
            break
        saved += 1
    refused(done, "full")
    assert saved > 3
    refused(
        easir("attachment", "add", "1", "-", "--name", "big.bin", database=database, given=os.urandom(3_000_000)),
        "full",
    )
    (small_disk / "easir.db.files").exists() and shutil.rmtree(small_disk / "easir.db.files")
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    assert easir("note", "add", "1", "there is room again", database=database).returncode == 0
    store = open_store(database)
    assert value("SELECT count(*) FROM activity") == saved + 1
    assert value("PRAGMA integrity_check") == "ok"
    store.close()


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "easir.db").mkdir()
    refused(easir("contact", "list", database=tmp_path / "easir.db"), "not a file")


def test_somebody_who_is_not_enrolled_gets_in_nowhere(database: Path) -> None:
    store = open_store(database)
    with writing():
        run("UPDATE app_user SET login = 'somebody-else'")
    store.close()
    refused(easir("contact", "list", database=database), "enrolled")


def test_a_killed_save_is_whole_or_not_there(database: Path) -> None:
    """kill -9 in the middle of saves: everything that was acknowledged is there, and the file is sound."""
    program = (
        "import sys, os\nfrom pathlib import Path\nfrom easir_tui.data.database import open_store\n"
        "open_store(Path(os.environ['EASIR_DB']))\n"
        "from easir_tui.crm import notes\nfrom easir_tui.crm.users import log_in\nme = log_in()\nnumber = 0\n"
        "while True:\n    number += 1\n    notes.write(me, 1, f'note {sys.argv[1]} {number}')\n"
        "    sys.stdout.write(f'{number}\\n'); sys.stdout.flush()\n"
    )
    rng = random.Random(5)
    acknowledged: dict[int, int] = {}
    for turn in range(12):
        saver = subprocess.Popen(
            [sys.executable, "-c", program, str(turn)], stdout=subprocess.PIPE, env=environment(database)
        )
        assert saver.stdout is not None
        saver.stdout.readline()
        time.sleep(rng.random() * 0.15)
        saver.send_signal(signal.SIGKILL)
        lines = saver.stdout.read().split(b"\n")
        saver.wait()
        acknowledged[turn] = max([1, *(int(line) for line in lines[:-1])])
    store = open_store(database)
    for turn, most in acknowledged.items():
        held = {
            int(found[0].split()[2]) for found in rows("SELECT note FROM activity WHERE note LIKE ?", f"note {turn} %")
        }
        assert held >= set(range(1, most + 1))
        assert len(held) <= most + 1
    assert value("PRAGMA integrity_check") == "ok"
    assert value("SELECT count(*) FROM search_note_docsize") == value("SELECT count(*) FROM activity")
    assert value("SELECT count(*) FROM change WHERE entity = 'activity'") == value("SELECT count(*) FROM activity")
    store.close()


def test_two_first_starts_at_one_moment_make_one_database(tmp_path: Path) -> None:
    path = tmp_path / "easir.db"
    command = [*EASIR, "contact", "add", "--first-name"]
    both = [
        subprocess.Popen([*command, name], env=environment(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for name in ("Anna", "Bo", "Carl", "Dorte")
    ]
    for one in both:
        out, err = one.communicate(timeout=60)
        assert one.returncode == 0, err
        assert out.strip().isdigit()
    store = open_store(path)
    assert value("SELECT count(*) FROM contact") == 4
    assert value("SELECT count(*) FROM app_user") == 1
    store.close()


def test_an_unexpected_fault_is_a_sentence_with_a_number(database: Path, tmp_path: Path) -> None:
    """Never a traceback on screen; the log has it."""
    program = (
        "import sys\nfrom easir_tui.crm import contact_facts\n"
        "def broken(me, contact_id): raise ZeroDivisionError('secret')\ncontact_facts.show = broken\n"
        "from easir_tui.cli import main\nsys.exit(main(['contact', 'show', '1']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment(database), capture_output=True, check=False)
    refused(done, "went wrong", "easir.log")
    log = Path(os.environ["XDG_STATE_HOME"]) / "easir" / "easir.log"
    assert "ZeroDivisionError" in log.read_text()


def test_a_terminal_that_goes_away_ends_the_application(database: Path) -> None:
    """Without a terminal Textual would run on for ever (stack: SSH)."""
    pid, handle = pty.fork()
    if pid == 0:
        os.execve(EASIR[0], EASIR, environment(database, TERM="xterm-256color"))
    time.sleep(1.5)
    os.close(handle)
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        done, _status = os.waitpid(pid, os.WNOHANG)
        if done:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError("the application outlived its terminal")
