"""The files of a contact: sent, received, or simply uploaded, a scan of a driving licence for example.

The bytes lie in the files folder under their SHA-256, so one document attached twice is stored once; a row here
says whose it is and what it is called. Removing a row leaves the bytes until no row points to them (faults 81
and 82), which is also what makes undo possible.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from peewee import JOIN, SQL, fn

from easir_tui import text
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, seen_by
from easir_tui.data import files, journal
from easir_tui.data.models import Attachment, Case, Contact, User
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _

PAGE_SIZE = 50
"""Files read at a time."""

LONGEST_NAME = 200
"""Characters of a file name that are kept."""


class FileKey(NamedTuple):
    """Where a page ended."""

    at: int
    id: int


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """One file; `size` in bytes, `at` when it was attached in UTC epoch seconds."""

    id: int
    version: int
    contact_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    origin: str
    at: int
    case_id: int | None
    case_title: str
    activity_id: int | None
    who: str
    contact: str = ""
    """Whose it is, where the files are those of several contacts."""


@dataclass(frozen=True, slots=True)
class FilePage:
    """Files of a contact, the newest first."""

    rows: tuple[AttachmentFacts, ...]
    next: FileKey | None
    """Where the next page begins, None at the end."""


def page(
    me: Me, contact_id: int, after: FileKey | None = None, size: int = PAGE_SIZE, case_id: int | None = None
) -> FilePage:
    """The files of a contact, whatever case they belong to or only those of one, the newest first."""
    query = (
        _facts()
        .where(Attachment.contact_id == contact_id, Attachment.deleted_at.is_null(), SQL(of_parts(me, "t1")))
        .order_by(Attachment.created_at.desc(), Attachment.id.desc())
        .limit(size + 1)
    )
    if case_id is not None:
        query = query.where(Attachment.case_id == case_id)
    if after is not None:
        query = query.where(
            (Attachment.created_at <= after.at) & ((Attachment.created_at < after.at) | (Attachment.id < after.id))
        )
    found = [AttachmentFacts(*row) for row in query.tuples()]
    rows = tuple(found[:size])
    return FilePage(rows, FileKey(rows[-1].at, rows[-1].id) if len(found) > size else None)


def facts(me: Me, attachment_id: int) -> AttachmentFacts:
    """One file.

    Raises:
        NotFound: there is no such file, or it was removed.
    """
    row = (
        _facts()
        .where(Attachment.id == attachment_id, Attachment.deleted_at.is_null(), SQL(of_parts(me, "t1")))
        .tuples()
        .first()
    )
    if row is None:
        raise NotFound(_("This file does not exist any more."))
    return AttachmentFacts(*row)


def add(me: Me, contact_id: int, stream: BinaryIO, name: str, case_id: int | None = None) -> int:
    """Store what the stream holds as a file of the contact; says its id.

    Args:
        name: what it is called; a path loses its folders.

    Raises:
        Invalid: no name.
        Refused: the file is empty, or larger than `files.LARGEST`.
        NotFound: the contact is gone, or the case is not the contact's.
    """
    called = file_name(name)
    account_id = _account_of(me, contact_id)
    if case_id is not None and not _case_is_of(me, case_id, contact_id):
        raise NotFound(_("This case is not the contact's."))
    stored = files.keep(stream)
    with journal.step(
        me,
        N_("attached {name}"),
        params={"name": called},
        contact_id=contact_id,
        account_id=account_id,
        case_id=case_id,
    ) as step:
        return int(
            step.add(
                Attachment,
                contact_id=contact_id,
                case_id=case_id,
                name=called,
                media_type=media_type_of(called, stored.media_type),
                size=stored.size,
                sha256=stored.sha256,
                origin="upload",
            )
        )


def add_file(me: Me, contact_id: int, path: Path, case_id: int | None = None) -> int:
    """Attach a file of this machine.

    Raises:
        Invalid: it is not there, is a folder, cannot be read.
        Refused: it is empty or too large.
    """
    try:
        with opened(path) as stream:
            return add(me, contact_id, stream, path.name, case_id)
    except OSError as error:
        raise Invalid("path", _("The file cannot be read: {reason}.").format(reason=error.strerror)) from error


def opened(path: Path) -> BinaryIO:
    """A file of this machine, open for reading. What is no file on a disk (a pipe, a device) might never end.

    Raises:
        Invalid: it is not there, is no file, cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Invalid("path", _("This is a folder. Choose a file in it."))
        if not stat.S_ISREG(mode):
            raise Invalid("path", _("This is no file on a disk. Save it as one first."))
        return path.open("rb")
    except FileNotFoundError as error:
        raise Invalid("path", _("There is no such file.")) from error
    except PermissionError as error:
        raise Invalid("path", _("You may not read this file.")) from error
    except OSError as error:
        raise Invalid("path", _("The file cannot be read: {reason}.").format(reason=error.strerror)) from error


def path_of(typed: str) -> Path:
    """The path somebody typed; `~` is the home folder, and stays as it is when there is no such person."""
    return Path(os.path.expanduser(typed))


def open_bytes(me: Me, attachment_id: int) -> BinaryIO:
    """The bytes of a file, to be read and closed.

    Raises:
        NotFound: the file was removed, or its bytes are missing.
    """
    return files.path_of(facts(me, attachment_id).sha256).open("rb")


def save(me: Me, attachment_id: int, target: Path) -> Path:
    """Write a file out to a path, or into a folder under its own name; says where it went.

    Nothing that exists is overwritten: "scan.pdf" becomes "scan (2).pdf". The bytes are complete before the
    name appears (faults 46).

    Raises:
        NotFound: the file was removed.
        Refused: the place cannot be written.
    """
    with open_bytes(me, attachment_id) as source:
        return write_out(facts(me, attachment_id).name, source, target)


def write_out(name: str, source: BinaryIO, target: Path) -> Path:
    """Write what `source` holds to a path, or into a folder as `name`, as `save` does; says where it went.

    Raises:
        Refused: the place cannot be written.
    """
    target = path_of(str(target))
    if os.path.isdir(target):
        target = target / safe_name(name)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".easir-")
        try:
            with os.fdopen(handle, "wb") as sink:
                while block := source.read(1024 * 1024):
                    sink.write(block)
                sink.flush()
                os.fsync(sink.fileno())
            return _link_free(Path(temporary), target)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except FileNotFoundError as error:
        raise Refused(_("There is no folder {name}.").format(name=target.parent)) from error
    except OSError as error:
        raise Refused(_("Nothing was saved to {name}: {reason}.").format(name=target, reason=error.strerror)) from error


def remove(me: Me, attachment_id: int, version: int | None) -> None:
    """Take a file away from the contact; undo brings it back (V15).

    Raises:
        NotFound: it is gone already.
        Conflict: somebody changed it since `version`.
    """
    found = facts(me, attachment_id)
    with journal.step(
        me,
        N_("removed the file {name}"),
        params={"name": found.name},
        contact_id=found.contact_id,
        account_id=_account_of(me, found.contact_id),
        case_id=found.case_id,
    ) as step:
        step.remove(Attachment, attachment_id, version)


def rename(me: Me, attachment_id: int, version: int | None, name: str) -> None:
    """Call a file something else.

    Raises:
        Invalid: no name.
        Conflict: somebody else renamed it since `version`.
    """
    found = facts(me, attachment_id)
    with journal.step(
        me,
        N_("renamed the file {name}"),
        params={"name": found.name},
        contact_id=found.contact_id,
        account_id=_account_of(me, found.contact_id),
        case_id=found.case_id,
    ) as step:
        step.change(Attachment, attachment_id, version, name=file_name(name))


def file_name(name: str) -> str:
    """What a file is called here: its last path part, cleaned, not too long, its ending kept.

    Raises:
        Invalid: nothing is left.
    """
    called = text.accept(name, newlines=False).replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not called or called in (".", ".."):
        raise Invalid("name", _("The file needs a name."))
    if len(called) > LONGEST_NAME:
        stem, dot, ending = called.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        called = (stem if ending else called)[: LONGEST_NAME - len(ending)] + ending
    return called


def safe_name(name: str) -> str:
    """A stored name as a name in a folder: no path separators, no leading dot, not too many bytes."""
    made = text.clean(name).replace("/", "_").replace("\0", "_").lstrip(".").strip() or "file"
    while len(made.encode()) > 240:
        stem, dot, ending = made.rpartition(".")
        made = f"{stem[:-1]}.{ending}" if dot and stem else made[:-1]
    return made


def media_type_of(name: str, by_content: str) -> str:
    """What a file is: by its content, and by its name where the content says no more than text or bytes."""
    import mimetypes

    if by_content not in ("text/plain", "application/octet-stream", "application/zip", "application/x-ole-storage"):
        return by_content
    return mimetypes.guess_type(name, strict=False)[0] or by_content


def completions(typed: str, limit: int = 20) -> list[str]:
    """Paths of this machine that begin as typed: folders end in a slash; hidden ones only when asked for.

    A second slash, or ~ after one, begins anew, so that a whole path can be typed after what stands there.
    """
    for again in ("//", "/~"):
        typed = typed[typed.rindex(again) + 1 :] if again in typed else typed
    path = path_of(typed or "./")
    folder, start = (path, "") if (typed or "./").endswith("/") or typed == "~" else (path.parent, path.name)
    found: list[str] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: text.sort_key(entry.name))
    except OSError:
        return []
    shown = (
        typed[: len(typed) - len(start)] if start else (typed if typed.endswith("/") else f"{typed}/" if typed else "")
    )
    for entry in entries:
        if not text.fold(entry.name).startswith(text.fold(start)):
            continue
        if entry.name.startswith(".") and not start.startswith("."):
            continue
        try:
            found.append(f"{shown}{entry.name}{'/' if entry.is_dir() else ''}")
        except OSError:
            continue
        if len(found) >= limit:
            break
    return found


def _link_free(temporary: Path, target: Path) -> Path:
    """Give a finished file its name, or the first free one after it."""
    stem, ending = target.stem, target.suffix
    for number in range(1, 1000):
        wanted = target if number == 1 else target.with_name(f"{stem} ({number}){ending}")
        try:
            os.link(temporary, wanted)
        except FileExistsError:
            continue
        except OSError:  # a stick or a share that knows no links: the name is taken first, then filled
            try:
                os.close(os.open(wanted, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                continue
            os.replace(temporary, wanted)
            return wanted
        os.chmod(wanted, 0o600)
        return wanted
    raise Refused(_("There are too many files called {name}.").format(name=target.name))


def _account_of(me: Me, contact_id: int) -> int:
    row = (
        Contact.select(Contact.account_id)
        .where(Contact.id == contact_id, Contact.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
        .tuples()
        .first()
    )
    if row is None:
        raise NotFound(_("This contact does not exist any more."))
    return int(row[0])


def _case_is_of(me: Me, case_id: int, contact_id: int) -> bool:
    return bool(
        Case.select()
        .where(
            Case.id == case_id,
            Case.contact_id == contact_id,
            Case.deleted_at.is_null(),
            SQL(seen_by(me, "t1.audience")),
        )
        .exists()
    )


def _facts() -> Any:
    return (
        Attachment.select(
            Attachment.id,
            Attachment.version,
            Attachment.contact_id,
            Attachment.name,
            Attachment.media_type,
            Attachment.size,
            Attachment.sha256,
            Attachment.origin,
            Attachment.created_at,
            Attachment.case_id,
            fn.coalesce(Case.title, ""),
            Attachment.activity_id,
            fn.coalesce(User.full_name, ""),
        )
        .join(Case, JOIN.LEFT_OUTER, on=(Attachment.case_id == Case.id))
        .switch(Attachment)
        .join(User, JOIN.LEFT_OUTER, on=(Attachment.created_by == User.id))
        .tuples()
    )
