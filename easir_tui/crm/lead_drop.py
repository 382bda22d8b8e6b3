"""The drop folder: files that another program puts there are taken in, and moved to `done` or `failed` beside them.

A file counts as whole when it has not changed for a moment; names that begin with a dot or end with .part or .tmp
are still being written. Two that watch one folder each move a file before they read it, so that it is taken once;
what was moved and not finished, because of a crash, is found again in `taken`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from easir_tui.channels import lead_files
from easir_tui.channels.lead_record import LARGEST
from easir_tui.crm import leads
from easir_tui.crm.leads import Arrived
from easir_tui.errors import Refused, StoreProblem

SETTLED = 2.0
"""Seconds without a change after which a file is whole."""

LOOK_EVERY = 2.0
"""Seconds between two looks at a folder."""

_STALE = 300.0
"""Seconds after which a file that was taken and not finished is taken again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken: what came of it, or why nothing did."""

    name: str
    arrived: Arrived | None
    problem: str = ""


def take(folder: Path, settled: float = SETTLED) -> Iterator[Taken]:
    """Take in the files that are whole, the oldest first.

    Raises:
        StoreProblem: the database cannot be written now; the file stays where it is for the next look.
    """
    for name in ("taken", "done", "failed"):
        (folder / name).mkdir(exist_ok=True)
    _find_again(folder)
    for path in sorted(_whole(folder, settled), key=lambda one: one.stat().st_mtime):
        own = folder / "taken" / path.name
        try:
            os.rename(path, own)
        except FileNotFoundError:
            continue  # another was faster
        os.utime(own)
        yield _take_one(folder, own)


def take_all(folder: Path) -> list[Taken]:
    """The files that are whole now; nothing if there is no such folder."""
    return list(take(folder)) if folder.is_dir() else []


def _take_one(folder: Path, path: Path) -> Taken:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        arrived = leads.arrive(None, lead_files.read(raw, path.name), raw, path.name)
    except StoreProblem:
        os.rename(path, folder / path.name)
        raise
    except Refused as refused:
        _put(path, folder / "failed")
        return Taken(path.name, None, str(refused))
    _put(path, folder / "done")
    return Taken(path.name, arrived)


def _whole(folder: Path, settled: float) -> Iterator[Path]:
    limit = time.time() - settled
    for path in folder.iterdir():
        name = path.name
        if name.startswith(".") or name.lower().endswith((".part", ".tmp", ".filepart")):
            continue
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime <= limit:
            yield path


def _find_again(folder: Path) -> None:
    """What was taken by one that crashed; taken twice it is still one lead."""
    limit = time.time() - _STALE
    for path in (folder / "taken").iterdir():
        if path.is_file() and path.stat().st_mtime <= limit:
            os.rename(path, folder / path.name)


def _put(path: Path, place: Path) -> None:
    target, number = place / path.name, 1
    while target.exists():
        number += 1
        target = place / f"{path.stem}-{number}{path.suffix}"
    os.rename(path, target)
