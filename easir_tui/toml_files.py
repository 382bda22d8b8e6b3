"""TOML files of one user: read with a sentence for every fault, edited line by line, written whole or not at all.

Editing keeps the comments and the order a person gave the file. What is made here is for its owner alone:
folders 0700, files 0600.
"""

from __future__ import annotations

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
