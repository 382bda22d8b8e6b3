"""winmail.dat, in which Outlook wraps what it sends (MS-OXTNEF): the text and the files in it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from easir_tui.channels.mail_words import in_letters
from easir_tui.text import accept

MOST = 200
"""Files of one wrapping that are taken out."""

SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """`html` and `text` are empty where there is none; `files` are names and bytes."""

    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]


def unwrap(raw: bytes) -> Unwrapped | None:
    """What is wrapped; None where it cannot be read. Never raises."""
    if not raw.startswith(SIGNATURE):
        return None
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    from tnefparse import TNEF

    try:
        held = TNEF(raw)
        files = tuple((_name(one), bytes(one.data or b"")) for one in held.attachments[:MOST] if one.data)
        return Unwrapped(_text(held.body), _text(held.htmlbody), files)
    except Exception:  # noqa: BLE001 - a damaged wrapping fails in as many ways as there are bytes in it
        return None


def _name(one: object) -> str:
    try:
        return accept(str(one.long_filename()).strip("\x00"), newlines=False)  # type: ignore[attr-defined]
    except (UnicodeError, AttributeError, TypeError):
        return ""


def _text(held: object) -> str:
    if isinstance(held, bytes):
        return in_letters(held.rstrip(b"\x00"))
    return held.rstrip("\x00") if isinstance(held, str) else ""
