"""The README says what is true: its key table is the program's, its pictures are there, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

from tools import readme


def test_the_key_table_is_the_programs() -> None:
    text = readme.README.read_text(encoding="utf-8")
    assert readme.written(text) == text, "run: python tools/readme.py"


def test_pictures_and_make_targets_exist() -> None:
    text = readme.README.read_text(encoding="utf-8")
    root = readme.README.parent
    pictures = re.findall(r"\]\((docs/pictures/[^)]+)\)", text)
    assert len(pictures) == 6
    for picture in pictures:
        assert (root / picture).is_file(), picture
    makefile = Path(root / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile, target
