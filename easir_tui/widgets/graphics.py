"""How a terminal is given a picture: by the protocol of Kitty, as sixels, or in half blocks of two colours.

Which of them it knows is told by its name (TERM, which ssh passes on) or by the settings. The terminal is not asked:
over a slow line the answer comes when the person has gone on, and would be taken for keys.
"""

from __future__ import annotations

import base64
import fcntl
import os
import struct
import sys
import termios
from collections.abc import Mapping

KITTY, SIXEL, BLOCKS = "kitty", "sixel", "blocks"

_KITTY_TERMS = ("xterm-kitty", "xterm-ghostty", "ghostty")
_SIXEL_TERMS = ("foot", "foot-extra", "mlterm", "contour", "yaft-256color", "xterm-sixel")
_PROGRAMS = {"WezTerm": KITTY, "ghostty": KITTY, "contour": SIXEL}

PICTURE_ID = 4711
"""The id of our picture in a Kitty terminal; there is one at a time."""

_CHUNK = 4096
_USUAL_CELL = (8, 16)


def protocol(wished: str, environment: Mapping[str, str] | None = None) -> str:
    """The way pictures are shown here: `wished` if it is one, else what is known of the terminal."""
    known = os.environ if environment is None else environment
    if wished in (KITTY, SIXEL, BLOCKS):
        return wished
    if known.get("TMUX") or known.get("STY"):
        return BLOCKS  # what stands between passes no pictures on
    term = known.get("TERM", "")
    if term in _KITTY_TERMS or known.get("KITTY_WINDOW_ID"):
        return KITTY
    if term in _SIXEL_TERMS:
        return SIXEL
    return _PROGRAMS.get(known.get("TERM_PROGRAM", ""), BLOCKS)


def cell_size() -> tuple[int, int]:
    """Width and height of a cell in pixels, as the terminal says, else as small as they come."""
    for stream in (sys.__stderr__, sys.__stdout__):
        try:
            assert stream is not None
            rows, columns, width, height = struct.unpack(
                "HHHH", fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
            )
        except (OSError, ValueError, AssertionError):
            continue
        if rows and columns and width >= columns * 4 and height >= rows * 4:
            return width // columns, height // rows
    return _USUAL_CELL


def kitty(png: bytes, columns: int, rows: int) -> str:
    """The codes that show a PNG over so many cells, without moving the cursor or waiting for an answer."""
    encoded = base64.b64encode(png).decode("ascii")
    pieces = [encoded[at : at + _CHUNK] for at in range(0, len(encoded), _CHUNK)] or [""]
    codes = []
    for number, piece in enumerate(pieces):
        more = int(number < len(pieces) - 1)
        head = f"a=T,f=100,i={PICTURE_ID},c={columns},r={rows},C=1,q=2," if number == 0 else ""
        codes.append(f"\x1b_G{head}m={more};{piece}\x1b\\")
    return "".join(codes)


def kitty_away() -> str:
    """The codes that take it away."""
    return f"\x1b_Ga=d,d=I,i={PICTURE_ID},q=2\x1b\\"
