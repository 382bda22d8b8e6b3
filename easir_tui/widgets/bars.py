"""Bars of a report: a share as a row of blocks, to an eighth of a cell, with a fallback of plain letters."""

from __future__ import annotations

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int, ascii_only: bool = False) -> str:
    """At most `width` cells for a share of 0 to 1; what is more than nothing is never drawn as nothing."""
    share = min(1.0, max(0.0, share))
    if ascii_only:
        full = round(share * width)
        return "#" * (full or int(share > 0 and width > 0))
    eighths = round(share * width * 8)
    if share > 0 and width > 0:
        eighths = max(1, eighths)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")
