"""TOML files of one user: read with a sentence for every fault, edited line by line, written whole or not at all.

Editing keeps the comments and the order a person gave the file. What is made here is for its owner alone:
folders 0700, files 0600.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Any

from easir_tui.errors import Refused
from easir_tui.language import _


def stamp(path: Path) -> tuple[str, int, int]:
    """What changes when a file does; (path, 0, 0) if there is none."""
    try:
        about = path.stat()
    except OSError:
        return (str(path), 0, 0)
    return (str(path), about.st_mtime_ns, about.st_ino)


def load(path: Path) -> dict[str, Any]:
    """A TOML file as a table."""
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(_("The file {file} is not valid TOML: {reason}.").format(file=path, reason=error)) from error
    except UnicodeDecodeError as error:
        raise Refused(_("The file {file} is not UTF-8 text.").format(file=path)) from error
    except OSError as error:
        raise Refused(
            _("The file {file} cannot be read: {reason}.").format(file=path, reason=_reason(error))
        ) from error


def with_value(written: str, key: str, value: str | bool) -> str:
    """`written`, the text of a TOML file, with `key = value` at its top level: where it stood, or before the first
    table."""
    line = f"{key} = {_toml(value)}"
    first_table = re.search(r"^[ \t]*\[", written, re.MULTILINE)
    end = first_table.start() if first_table else len(written)
    top, rest = written[:end], written[end:]
    old = re.search(rf"^[ \t]*{key}[ \t]*=[^\n#\"']*(\"[^\"\n]*\"|'[^'\n]*')?([^\n]*)\n?", top, re.MULTILINE)
    if old:
        comment = f"  {old[2].strip()}" if old[2].strip().startswith("#") else ""
        return f"{top[: old.start()]}{line}{comment}\n{top[old.end() :]}{rest}"
    top = top.rstrip("\n") + "\n" if top.strip() else ""
    return f"{top}{line}\n" + (f"\n{rest}" if rest else "")


def with_entry(written: str, table: str, key: str, value: str | None) -> str:
    """`written`, the text of a TOML file, with `key = value` in one of its tables: where it stood, or at the end of
    the table, which is made if need be; None takes the entry away."""
    line = "" if value is None else f"{_toml(key)} = {_toml(value)}"
    header = re.search(rf"^[ \t]*\[[ \t]*{table}[ \t]*\][ \t]*(#[^\n]*)?$", written, re.MULTILINE)
    if header is None:
        if not line:
            return written
        before = written.rstrip("\n") + "\n\n" if written.strip() else ""
        return f"{before}[{table}]\n{line}\n"
    start = header.end()
    following = re.search(r"^[ \t]*\[", written[start:], re.MULTILINE)
    end = start + following.start() if following else len(written)
    names = "|".join(re.escape(one) for one in (_toml(key), f"'{key}'", key))
    old = re.search(
        rf"^[ \t]*(?:{names})[ \t]*=[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*')[ \t]*(#[^\n]*)?\n?",
        written[start:end],
        re.MULTILINE,
    )
    if old:
        comment = f"  {old[1].strip()}" if old[1] else ""
        at, until = start + old.start(), start + old.end()
        return written[:at] + (f"{line}{comment}\n" if line else "") + written[until:]
    body = written[:end].rstrip("\n")
    rest = written[end:]
    return f"{body}\n{line}\n" + (f"\n{rest}" if rest else "") if line else written


def _toml(value: str | bool) -> str:
    """A text or a truth value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04X}", escaped) + '"'


def write_private(path: Path, written: str) -> None:
    """Write a file for its owner alone (0600), whole or not at all: a new file first, then a rename.

    Raises:
        Refused: it cannot be written; what was there before still is.
    """
    private_folder(path.parent)
    import tempfile  # late: it brings random, which showing a contact does not need

    draft = ""
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path.resolve())  # a settings file kept elsewhere through a link stays a link
    except OSError as error:
        if draft:
            with contextlib.suppress(OSError):
                os.unlink(draft)
        raise Refused(
            _("The file {file} cannot be written: {reason}.").format(file=path, reason=_reason(error)),
            _("Nothing was changed."),
        ) from error


def _reason(error: OSError) -> str:
    """What the system said, without its number and path."""
    return error.strerror or str(error)


def private_folder(path: Path) -> Path:
    """`path` as a folder that exists; what had to be made is closed to everybody but its owner (0700).

    Raises:
        Refused: it cannot be made; the sentence names it.
    """
    try:
        for folder in [*reversed(path.parents), path]:
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(
            _("The folder {folder} cannot be made: {reason}.").format(folder=path, reason=_reason(error))
        ) from error
    return path
