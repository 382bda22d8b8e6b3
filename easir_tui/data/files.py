"""The bytes of attachments: files named by their SHA-256 in a folder beside the database.

The same content is stored once. A file is written under a temporary name, flushed, and renamed, before the row
that points at it is saved, so a crash leaves at worst a file without a row. Bytes are never removed in the moment
a row is (faults 81 and 82): `sweep` takes away what nothing points at, when the trash is emptied.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from easir_tui.data import connection
from easir_tui.data.sqlite import explained, value, writing
from easir_tui.errors import NotFound, Refused
from easir_tui.language import _, size

LARGEST = 100 * 1024 * 1024
"""Bytes that one attachment may have."""

_CHUNK = 1024 * 1024
_DAY = 24 * 60 * 60

_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"BM", 0, "image/bmp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypavif", 4, "image/avif"),
    (b"ftyp", 4, "video/mp4"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\x1f\x8b", 0, "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", 0, "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    (b"{\\rtf", 0, "application/rtf"),
    (b"MZ", 0, "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", 0, "application/x-executable"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes that stand in no text, whatever 8-bit set it is written in."""

_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
)


@dataclass(frozen=True)
class Kept:
    """Bytes that are safely on disk: their SHA-256 in hex, their number, and what they are by content."""

    sha256: str
    size: int
    media_type: str


def folder() -> Path:
    """The folder of this database's files."""
    return Path(f"{connection.path()}.files")


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash are.

    Raises:
        NotFound: they are not there.
    """
    place = folder() / sha256[:2] / sha256
    if not place.is_file():
        raise NotFound(
            _("The bytes of this file are missing on the server."),
            _("Ask for the newest copy of the folder {folder}.").format(folder=folder()),
        )
    return place


def keep(stream: BinaryIO) -> Kept:
    """Store what a stream holds and say what it is.

    Raises:
        Refused: it is empty or larger than `LARGEST`.
        StoreProblem: the disk is full or the folder cannot be written.
    """
    with explained():
        waiting = folder() / "new"
        _make(folder())
        _make(waiting)
        part = waiting / f"{os.getpid()}-{time.monotonic_ns()}"
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o660)
        digest, total, start = hashlib.sha256(), 0, b""
        try:
            with os.fdopen(handle, "wb") as target:
                while chunk := stream.read(_CHUNK):
                    start = start or chunk[:4096]
                    total += len(chunk)
                    if total > LARGEST:
                        raise Refused(_("The file is larger than {limit}.").format(limit=size(LARGEST)))
                    digest.update(chunk)
                    target.write(chunk)
                if not total:
                    raise Refused(_("The file is empty."))
                target.flush()
                if os.fstat(target.fileno()).st_uid == os.geteuid():
                    os.fchmod(target.fileno(), 0o660)
                os.fsync(target.fileno())
            name = digest.hexdigest()
            place = folder() / name[:2]
            _make(place)
            os.replace(part, place / name)
            _flush(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return Kept(name, total, media_type(start))


def media_type(start: bytes) -> str:
    """What bytes are, by the first few thousand of them and never by a name."""
    for magic, offset, kind in _MAGIC:
        if start[offset : offset + len(magic)] == magic:
            return kind
    if start.startswith(b"PK\x03\x04"):
        return next((kind for sign, kind in _ZIPPED if sign in start), "application/zip")
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if head.startswith((b"<?xml", b"<svg")):
        return "image/svg+xml" if b"<svg" in start[:1024] else "application/xml"
    if head.startswith(b"begin:vcard"):
        return "text/vcard"
    if head.startswith(b"begin:vcalendar"):
        return "text/calendar"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) and len(start) % 2 == 0:
        return "text/plain"
    if b"\x00" in start:
        return "application/octet-stream"
    try:
        start[:4000].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start[:4000]) - 4 and _CONTROLS.search(start[:4000]):
            return "application/octet-stream"
    return "text/plain"


def sweep(older_than: int = _DAY) -> int:
    """Remove files of this age in seconds that no row points at, in the trash or out of it; returns how many."""
    removed = 0
    limit = time.time() - older_than
    for place in folder().glob("*/*"):
        if _is_lost(place, limit):
            with writing():  # looked at again, where nobody can save a row that points at it
                if _is_lost(place, limit):
                    place.unlink(missing_ok=True)
                    removed += 1
    return removed


def forget(hashes: Iterable[str]) -> int:
    """Remove the bytes of these hashes at once where no row points at them any more; returns how many."""
    removed = 0
    for sha256 in set(hashes):
        place = folder() / sha256[:2] / sha256
        with writing():
            if place.is_file() and not _is_used(sha256):
                place.unlink(missing_ok=True)
                removed += 1
    return removed


def _is_lost(place: Path, limit: float) -> bool:
    """Whether a file was last stored before `limit` and no row points at it; at an unfinished one none does."""
    try:
        if place.stat().st_mtime > limit:
            return False
    except FileNotFoundError:
        return False
    if place.parent.name == "new":
        return True
    return not _is_used(place.name)


def _is_used(sha256: str) -> bool:
    return any(
        value(f"SELECT 1 FROM {table} WHERE sha256 = ? LIMIT 1", sha256) is not None
        for table in ("attachment", "lead_file")
    )


def _make(place: Path) -> None:
    """A folder that the database folder's group may use too."""
    if not place.is_dir():
        place.mkdir(exist_ok=True)
        place.chmod(0o2770)


def _flush(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
