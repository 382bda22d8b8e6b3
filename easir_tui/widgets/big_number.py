"""A telephone number in letters three lines high, to be read from a distance while dialling."""

from __future__ import annotations

_GLYPHS = {
    "0": ("█▀█", "█ █", "▀▀▀"), "1": ("▀█ ", " █ ", "▀▀▀"), "2": ("▀▀█", "█▀▀", "▀▀▀"), "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"), "5": ("█▀▀", "▀▀█", "▀▀▀"), "6": ("█▀▀", "█▀█", "▀▀▀"), "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"), "9": ("█▀█", "▀▀█", "▀▀▀"), "+": ("   ", "▄█▄", " ▀ "), " ": (" ", " ", " "),
}  # fmt: skip
_ASCII = {
    "0": ("###", "# #", "###"), "1": (" # ", " # ", " # "), "2": ("## ", " # ", " ##"), "3": ("###", " ##", "###"),
    "4": ("# #", "###", "  #"), "5": (" ##", " # ", "## "), "6": ("#  ", "###", "###"), "7": ("###", "  #", "  #"),
    "8": ("###", "###", "###"), "9": ("###", "###", "  #"), "+": ("   ", " + ", "   "), " ": (" ", " ", " "),
}  # fmt: skip


def big(number: str, width: int, ascii_only: bool = False) -> tuple[str, ...]:
    """Three lines, or the number itself where they do not fit or it holds other signs."""
    glyphs = _ASCII if ascii_only else _GLYPHS
    if not number or any(sign not in glyphs for sign in number):
        return (number,)
    rows = tuple(" ".join(glyphs[sign][at] for sign in number) for at in range(3))
    return rows if len(rows[0]) <= width else (number,)
