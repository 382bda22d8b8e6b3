"""The signs of the program, each one cell wide in every terminal, and the letters that stand for them.

With `ascii = true` in the settings the letters are shown. A sign never stands alone where a word fits.
"""

from __future__ import annotations

SIGNS: dict[str, tuple[str, str]] = {
    "note": ("≡", "n"),
    "meeting": ("⚑", "m"),
    "email": ("✉", "@"),
    "call": ("☎", "T"),
    "letter": ("▤", "L"),
    "remind": ("○", "o"),
    "sms": ("✆", "S"),
    "change": ("◆", "*"),
    "consent": ("◆", "*"),
    "import": ("◆", "*"),
    "undo": ("↶", "<"),
    "given": ("✔", "+"),
    "refused": ("✘", "x"),
    "not_asked": ("·", "."),
    "status": ("●", "*"),
    "files": ("⎘", "&"),
    "live": ("⟳", "~"),
    "overdue": ("!", "!"),
    "today": ("•", "-"),
    "later": (" ", " "),
    "arrow": ("→", "->"),
    "pen": ("✎", "="),
}
"""Name of a sign: (the sign, its letters)."""


def sign(name: str, ascii_only: bool = False) -> str:
    """The sign of that name, as this terminal is to show it."""
    return SIGNS[name][ascii_only]
