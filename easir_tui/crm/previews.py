"""What there is to see in a file: what it is by its content, what is wrong with its name, its text if it is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from easir_tui.crm import attachments, file_kinds
from easir_tui.crm.attachments import AttachmentFacts
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.text import accept

LARGEST_TEXT = 500_000
"""Bytes of a text that are shown."""

LARGEST_MAIL = 30_000_000
"""Bytes of a message that is opened to be shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """A file, and where its bytes are. `media_type` is what they are, `lie` what is wrong with what it is called."""

    file: AttachmentFacts
    path: Path
    media_type: str
    lie: str
    text: str | None
    """What it says, where it is a text; None of pictures and of what cannot be shown."""
    is_cut: bool
    """Whether there is more of the text."""


def look(me: Me, attachment_id: int) -> Look:
    """A file as it can be shown.

    Raises:
        NotFound: it was removed, is not for these eyes, or its bytes are missing.
    """
    file = attachments.facts(me, attachment_id)
    path = files.path_of(file.sha256)
    with path.open("rb") as stream:
        start = stream.read(LARGEST_TEXT + 1)
    by_content = files.media_type(start[:4096])
    is_mail = file.media_type == "message/rfc822" or file.name.lower().endswith(".eml")
    said: str | None = None
    if is_mail and file.size <= LARGEST_MAIL:
        said = _mail(path)
    elif by_content == "text/html":
        from easir_tui.channels.mail_html import text_of

        said = text_of(_letters(start))
    elif by_content.startswith("text/") or by_content in ("application/xml", "image/svg+xml"):
        said = accept(_letters(start[:LARGEST_TEXT]))
    return Look(
        file,
        path,
        by_content,
        file_kinds.lie(file.name, by_content),
        said,
        said is not None and len(start) > LARGEST_TEXT,
    )


def _letters(raw: bytes) -> str:
    from easir_tui.channels.mail_words import in_letters

    return in_letters(raw)


def _mail(path: Path) -> str:
    from easir_tui.channels.mail_read import read_mail

    mail = read_mail(path.read_bytes())
    sender = mail.head.sender
    who = f"{sender.name} <{sender.address}>" if sender and sender.name else sender.address if sender else ""
    head = "\n".join(filter(None, (mail.head.subject, who)))
    return f"{head}\n\n{mail.text}".strip()
