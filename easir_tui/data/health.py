"""What `easir doctor` looks at: versions, the file and its rights, its integrity, and what should agree with it."""

from __future__ import annotations

import grp
import os
import pwd
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import apsw

from easir_tui.data import connection, files
from easir_tui.data.database import applied, known
from easir_tui.data.sqlite import OLDEST_SAFE, rows, value
from easir_tui.language import _


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, what was found, and whether that is as it should be."""

    what: str
    found: str
    well: bool = True


def examine() -> list[Finding]:
    """Look at everything; the database is open and only read."""
    return [*_versions(), *_rights(), *_integrity(), *_agreement(), *_files()]


def _versions() -> Iterator[Finding]:
    library = apsw.sqlite_lib_version()
    safe = tuple(int(part) for part in library.split(".")) >= OLDEST_SAFE
    yield Finding(_("Program"), f"easir {version('easir-tui')}, Python {sys.version.split()[0]}")
    yield Finding(
        _("Libraries"),
        f"SQLite {library}, apsw {version('apsw')}, peewee {version('peewee')}, textual {version('textual')}",
        safe,
    )
    yield Finding(_("Schema"), ", ".join(applied()), applied() == known())


def _rights() -> Iterator[Finding]:
    path = Path(connection.path())
    for place in (path.parent, path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", ".lock", ".files"))):
        try:
            held = place.stat()
        except FileNotFoundError:
            continue
        owner, group = _name(held.st_uid, pwd.getpwuid, "pw_name"), _name(held.st_gid, grp.getgrgid, "gr_name")
        yield Finding(str(place), f"{stat.filemode(held.st_mode)} {owner}:{group}", os.access(place, os.R_OK | os.W_OK))


def _name(number: int, lookup: object, field: str) -> str:
    try:
        return str(getattr(lookup(number), field))  # type: ignore[operator]
    except KeyError:
        return str(number)


def _integrity() -> Iterator[Finding]:
    verdicts = [str(found[0]) for found in rows("PRAGMA integrity_check(5)")]
    yield Finding(_("Integrity"), "; ".join(verdicts), verdicts == ["ok"])
    dangling = rows("PRAGMA foreign_key_check")
    yield Finding(_("References"), _("{count} lead nowhere").format(count=len(dangling)), not dangling)
    mode = value("PRAGMA journal_mode")
    yield Finding(_("Journal mode"), str(mode), mode == "wal")


_PAIRS = (
    ("search_contact", "SELECT count(*) FROM contact WHERE deleted_at IS NULL"),
    ("search_case", "SELECT count(*) FROM sales_case WHERE deleted_at IS NULL"),
    ("search_note", "SELECT count(*) FROM activity WHERE note <> '' AND deleted_at IS NULL"),
    ("search_account", "SELECT count(*) FROM account WHERE id <> 1 AND deleted_at IS NULL"),
    ("search_lead", "SELECT count(*) FROM lead WHERE deleted_at IS NULL"),
)


def _agreement() -> Iterator[Finding]:
    for index, counted in _PAIRS:
        held = value(f"SELECT count(*) FROM {index}_docsize")
        stored = value(counted)
        yield Finding(_("Search index {name}").format(name=index), f"{held} / {stored}", held == stored)


def _files() -> Iterator[Finding]:
    wanted = {str(found[0]) for found in rows("SELECT sha256 FROM attachment UNION SELECT sha256 FROM lead_file")}
    missing = [one for one in sorted(wanted) if not (files.folder() / one[:2] / one).is_file()]
    yield Finding(
        _("Attached files"),
        _("{count} files, {missing} missing").format(count=len(wanted), missing=len(missing)),
        not missing,
    )
