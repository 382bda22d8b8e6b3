"""Pictures of files, made by a process that may do nothing else: small, right side up, and none that hurts."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from easir_tui.channels import preview as previews
from easir_tui.channels.letter_pdf import FORMS
from easir_tui.channels.preview import preview
from easir_tui.errors import Refused
from easir_tui.widgets.graphics import BLOCKS, KITTY, SIXEL, cell_size, kitty, kitty_away, protocol

assert FORMS


def picture(path: Path, size: tuple[int, int] = (400, 200), form: str = "PNG", **more: Any) -> Path:
    """Red on the left, blue on the right."""
    made = Image.new("RGB", size, "#ff0000")
    made.paste((0, 0, 255), (size[0] // 2, 0, size[0], size[1]))
    made.save(path, form, **more)
    return path


PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 40>>stream
BT /F 18 Tf 20 40 Td (Hej Ole) Tj ET    
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
6 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]>>endobj
trailer<</Root 1 0 R>>
"""


@pytest.mark.parametrize(
    ("form", "kind"),
    [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "bmp"), ("TIFF", "tiff")],
)
def test_a_picture_of_each_kind(tmp_path: Path, form: str, kind: str) -> None:
    shown = preview(picture(tmp_path / "a", form=form), f"image/{kind}", width=100, height=90)
    assert (shown.width, shown.height, shown.whole, shown.pages) == (100, 50, (400, 200), 1)
    left, right = shown.content[:3], shown.content[99 * 3 : 100 * 3]
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_a_small_one_is_not_made_larger(tmp_path: Path) -> None:
    shown = preview(picture(tmp_path / "a.png", (8, 4)), "image/png", width=100, height=100)
    assert (shown.width, shown.height) == (8, 4)


def test_a_photograph_is_the_right_way_up(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = preview(picture(tmp_path / "a.jpg", form="JPEG", exif=exif), "image/jpeg", width=100, height=100)
    assert (shown.width, shown.height) == (50, 100)


def test_transparent_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert preview(tmp_path / "a.png", "image/png", width=4, height=4).content == b"\xff" * 48


def test_the_pages_of_a_pdf_and_their_words(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PAGE)
    first = preview(tmp_path / "a.pdf", "application/pdf", width=100, height=100)
    assert (first.width, first.height, first.pages, first.text.strip()) == (100, 50, 2, "Hej Ole")
    assert min(first.content) < 100, "something is written on it"
    second = preview(tmp_path / "a.pdf", "application/pdf", page=1, width=100, height=100)
    assert (second.width, second.height, second.page, second.text) == (50, 100, 1, "")
    assert preview(tmp_path / "a.pdf", "application/pdf", page=99, width=10, height=10).page == 1


def test_sixels_hold_the_picture(tmp_path: Path) -> None:
    shown = preview(picture(tmp_path / "a.png"), "image/png", width=60, height=60, form="sixel")
    codes = shown.content.decode("ascii")
    assert codes.startswith('\x1bP0;1q"1;1;60;30')
    assert codes.endswith("\x1b\\")
    body = codes[codes.index("q") + 1 : -2]
    for band in body.split("-")[:-1]:
        for line in re.findall(r"#\d+(?!;)([!?-~\d]*)\$", band):
            assert sum(int(many or 1) for many, _sign in re.findall(r"(?:!(\d+))?([?-~])", line)) <= 60
    assert body.count("-") == 5


def test_a_png_for_terminals_that_take_one(tmp_path: Path) -> None:
    shown = preview(picture(tmp_path / "a.png"), "image/png", width=100, height=100, form="png")
    assert Image.open(io.BytesIO(shown.content)).size == (100, 50)
    codes = kitty(shown.content * 40, 12, 6)
    assert codes.startswith("\x1b_Ga=T,f=100,i=4711,c=12,r=6,C=1,q=2,m=1;")
    assert all(len(one) <= 4096 for one in re.findall(r";([A-Za-z0-9+/=]*)\x1b", codes))
    assert "m=0;" in codes.rpartition("\x1b_G")[2]
    assert "d=I" in kitty_away()


def bomb(path: Path) -> Path:
    """A picture of 900 million pixels in a hundred kilobytes."""
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    Image.new("1", (30_000, 30_000)).save(path)
    Image.MAX_IMAGE_PIXELS = limit
    return path


def test_what_is_damaged_or_a_bomb_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too large"):
        preview(bomb(tmp_path / "bomb.png"), "image/png", width=10, height=10)
    whole = picture(tmp_path / "a.png").read_bytes()
    for content, kind in (
        (whole[: len(whole) // 2], "image/png"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-1.7", "application/pdf"),
        (b"%PDF-1.7\n" + b"\xff" * 5000, "application/pdf"), (b"GIF89a" + b"\0" * 50, "image/gif"),
    ):  # fmt: skip
        (tmp_path / "b").write_bytes(content)
        with pytest.raises(Refused):
            preview(tmp_path / "b", kind, width=10, height=10)
    with pytest.raises(Refused):
        preview(tmp_path / "is not there", "image/png", width=10, height=10)


def test_a_child_that_eats_or_sleeps_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = picture(tmp_path / "a.png", (5_000, 5_000))
    monkeypatch.setattr(previews, "MEMORY", 30_000_000)
    with pytest.raises(Refused):
        preview(big, "image/png", width=10, height=10)


def test_how_a_terminal_is_given_pictures() -> None:
    assert protocol("sixel", {}) == SIXEL
    assert protocol("", {"TERM": "xterm-kitty"}) == KITTY
    assert protocol("", {"TERM": "foot"}) == SIXEL
    assert protocol("", {"TERM": "xterm-256color"}) == BLOCKS
    assert protocol("", {"TERM": "xterm-kitty", "TMUX": "x"}) == BLOCKS
    assert protocol("kitty", {"TMUX": "x"}) == KITTY
    assert protocol("", {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}) == KITTY
    assert min(cell_size()) > 3
