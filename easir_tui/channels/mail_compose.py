"""A message as it goes out: what a person wrote, the same as simple HTML, an invitation, the files.

Everything a person typed is content and nothing is syntax: a line end in a name or a subject is a blank, one in an
address or an id is refused, and there is no header for blind copies at all; who gets one stands in the envelope only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from easir_tui.channels.mail_address import NamedAddress, ids_header, people_header, stored_id, text_header
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.text import accept, clean

_TYPE = re.compile(r"([A-Za-z0-9][\w.+-]{0,60})/([A-Za-z0-9][\w.+-]{0,80})", re.ASCII)
_LINK = re.compile(r"""(?i)\b(?:https?://|www\.)[^\s<>"]+[^\s<>".,;:!?)\]}'’]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+""")
_MOST_REFERENCES = 20
"""Of a long thread the first id and the last ones go along (RFC 5537, section 3.4.4)."""

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go along; its bytes arrive as they are."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Invitation:
    """An iCalendar object and its method (RFC 6047): REQUEST, CANCEL, REPLY, …"""

    content: bytes
    method: str = "REQUEST"


def compose(
    *,
    sender: NamedAddress,
    to: Sequence[NamedAddress],
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    cc: Sequence[NamedAddress] = (),
    reply_to: NamedAddress | None = None,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    invitation: Invitation | None = None,
) -> bytes:
    """The bytes of a message, 7-bit but for addresses with letters before the @, with CRLF line ends.

    `date` knows its zone. `in_reply_to` is the message this answers, `references` the thread before it, oldest first.

    Raises:
        Invalid: an address, an id or the method of the invitation is none.
    """
    head = [people_header("From", [sender])]
    for title, people in (("To", to), ("Cc", cc), ("Reply-To", (reply_to,) if reply_to else ())):
        if people:
            head.append(people_header(title, people))
    head += [text_header("Subject", subject), f"Date: {_date(date)}\r\n", ids_header("Message-ID", [message_id])]
    if in_reply_to:
        head.append(ids_header("In-Reply-To", [in_reply_to]))
    if thread := _thread(references, in_reply_to):
        head.append(ids_header("References", thread))
    return "".join(head).encode("utf-8") + _body(text, attachments, invitation).as_bytes()


def _date(date: datetime) -> str:
    from email.utils import format_datetime

    if date.tzinfo is None:
        raise ValueError("the date of a message knows its zone")
    return format_datetime(date)


def _thread(references: Sequence[str], in_reply_to: str) -> list[str]:
    """The ids before this message, each once, the one it answers last."""
    ids = list(dict.fromkeys(stored_id(one, "references") for one in references))
    if in_reply_to:
        answered = stored_id(in_reply_to, "in_reply_to")
        ids = [*(one for one in ids if one != answered), answered]
    return ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]]


# The body ------------------------------------------------------------------------------------------


def _body(text: str, attachments: Sequence[Attachment], invitation: Invitation | None) -> EmailMessage:
    from email.policy import SMTP

    text = accept(text) + "\n"
    body = EmailMessage(policy=SMTP)
    body.set_content(text, cte="quoted-printable")
    body.add_alternative(as_html(text), subtype="html", cte="quoted-printable")
    if invitation is not None:
        if not re.fullmatch(r"[A-Za-z-]{1,20}", invitation.method):
            raise Invalid("method", _("“{text}” is no kind of invitation.").format(text=clean(invitation.method)))
        part = EmailMessage(policy=SMTP)
        method = invitation.method.upper()
        params = {"charset": "utf-8", "method": method}
        part.set_content(invitation.content, maintype="text", subtype="calendar", cte="base64", params=params)
        del part["MIME-Version"]
        body.attach(part)
    for number, file in enumerate(attachments, start=1):
        main, sub = _media_type(file.media_type)
        body.add_attachment(file.content, maintype=main, subtype=sub, filename=_file_name(file.name, number))
    return body


def _media_type(text: str) -> tuple[str, str]:
    """A media type; what is none, or would have to be read as a message of its own, is plain bytes."""
    found = _TYPE.fullmatch(text.strip().lower())
    if found is None or found[1] in ("message", "multipart"):
        return "application", "octet-stream"
    return found[1], found[2]


def _file_name(name: str, number: int) -> str:
    """The last part of a name, short enough for any mail program; its ending stays."""
    name = accept(name, newlines=False).replace("\\", "/").rpartition("/")[2].replace("=?", "= ?")
    stem, dot, ending = name.rpartition(".")
    if len(name) > _LONGEST_NAME:
        name = stem[: _LONGEST_NAME - 12] + dot + ending[:11] if dot else name[:_LONGEST_NAME]
    return name or f"file-{number}"


def as_html(text: str) -> str:
    """A plain text as HTML that looks the same: its signs escaped, line ends kept, links and addresses to click on."""
    pieces: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        pieces.append(html.escape(text[end : link.start()]))
        shown = html.escape(link[0])
        scheme = "" if "://" in link[0] else "mailto:" if "@" in link[0] else "https://"
        pieces.append(f'<a href="{scheme}{shown}">{shown}</a>')
        end = link.end()
    pieces.append(html.escape(text[end:]))
    body = re.sub("(?m)^ +| {2,}", lambda blanks: "&nbsp;" * len(blanks[0]), "".join(pieces).strip("\n"))
    paragraphs = (one.replace("\n", "<br>\n") for one in re.split(r"\n{2,}", body))
    written = "\n".join(f"<p>{one}</p>" for one in paragraphs)
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n<body>\n{written}\n</body></html>\n'
