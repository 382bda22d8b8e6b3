"""A look into a file: a picture or a page of a PDF made small, in a program of its own.

    shown = preview(path, "application/pdf", page=0, width=160, height=90, form="rgb")

A picture of a few kilobytes can ask for gigabytes, and the libraries that read such files have faults. So each is read
by a child process that may use so much memory and time and no more, and writes no file; if it dies, a sentence is all
that comes of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from easir_tui.errors import Refused
from easir_tui.language import N_, _

MEMORY = 1_500_000_000
"""Bytes of address space the child may have."""

SECONDS = 10
"""Seconds of work it may do, and that are waited for it."""

MOST_PIXELS = 50_000_000
"""Of a picture; a scan of 600 dpi on A4 has 35 million."""

LARGEST_TEXT = 200_000
"""Letters of a page that are given back."""

SHOWN = frozenset({
    "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp", "image/avif",
})  # fmt: skip
"""Media types that can be looked into as pictures."""

TROUBLES: dict[str, str] = {
    "large": N_("The picture is too large to be shown here."),
    "broken": N_("The file is damaged, or not what it seems to be."),
    "locked": N_("The PDF is protected by a password."),
    "empty": N_("There is no page in it."),
}
"""What may be wrong with a file, as the child says it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture of a page. `content` are its RGB bytes row by row, a PNG, or sixels, as was asked for.

    `width` and `height` are pixels, of the picture here; `whole` are those of the picture itself. `text` is what the
    page of a PDF says.
    """

    width: int
    height: int
    whole: tuple[int, int]
    page: int
    pages: int
    text: str
    content: bytes


def preview(path: Path, media_type: str, *, page: int = 0, width: int, height: int, form: str = "rgb") -> Preview:
    """A picture of a file no larger than `width` by `height` pixels, never larger than it is.

    Args:
        media_type: what it is by its content, one of `SHOWN`.
        page: of a PDF or a picture of several, from 0.
        form: "rgb", "png" or "sixel".

    Raises:
        Refused: it is damaged, protected, too large, or took too long.
    """
    asked = {
        "path": str(path), "type": media_type, "page": page, "width": width, "height": height, "form": form,
        "memory": MEMORY, "seconds": SECONDS, "pixels": MOST_PIXELS, "text": LARGEST_TEXT,
    }  # fmt: skip
    child = [sys.executable, "-I", "-S", str(Path(__file__).with_name("preview_child.py")), json.dumps(sys.path)]
    try:
        done = subprocess.run(
            child, input=json.dumps(asked).encode(), capture_output=True, timeout=SECONDS + 5, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(_("The file took too long to read."), _("Save it, and look at it elsewhere.")) from None
    first, _line_end, content = done.stdout.partition(b"\n")
    try:
        facts = json.loads(first)
    except ValueError:
        facts = {"trouble": "broken"}
    if trouble := facts.get("trouble"):
        raise Refused(_(TROUBLES.get(trouble, TROUBLES["broken"])), _("Save it, and look at it elsewhere."))
    return Preview(
        facts["width"], facts["height"], tuple(facts["whole"]), facts["page"], facts["pages"], facts["text"], content
    )
