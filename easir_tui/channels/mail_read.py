"""A mail as somebody sent it, made readable: its people, its text, its files.

    mail = read_mail(raw)              # never raises; what could not be read is said in `warnings`
    head = read_head(header)           # the same for the few headers that are looked at first

The text is the plain one where there is one, else that of the HTML; a forwarded message is opened in its place, its
files are files of this mail. Nothing is fetched from anywhere, and every text has passed `text.accept`.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from easir_tui.channels import mail_words
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.channels.mail_quotes import quoted_from
from easir_tui.language import N_, _, size
from easir_tui.text import accept

LARGEST = 150_000_000
"""Bytes of a message that is read; of a larger one only what stands above its first empty line."""

LONGEST_TEXT = 200_000
"""Letters of the text; what is longer is a file of the mail."""

UNREADABLE = N_("This message is built so strangely that only its beginning can be read.")


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A file of a mail. `media_type` is what the mail says it is; `inline` ones are shown in the text by others."""

    name: str
    media_type: str
    content: bytes
    inline: bool = False
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class MailHead:
    """Who a message is from and for, and what it follows; `sent_at` is UTC epoch seconds, None where it does not say.

    `message_id` and `in_reply_to` are `<id>` or ""; `references` begin with the oldest.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    sent_at: int | None
    sender: NamedAddress | None
    reply_to: tuple[NamedAddress, ...]
    to: tuple[NamedAddress, ...]
    cc: tuple[NamedAddress, ...]
    bcc: tuple[NamedAddress, ...]
    automatic: bool
    """Whether no person wrote it: an absence notice, a report of a mail server."""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A whole message. `calendars` are the bytes of its calendar parts; `quoted_from` is where `text` begins to quote
    what went before, None where it does not."""

    head: MailHead
    text: str
    attachments: tuple[ReadPart, ...]
    calendars: tuple[bytes, ...]
    quoted_from: int | None
    warnings: tuple[str, ...]


def read_head(header: bytes) -> MailHead:
    """The headers of a message, or only some of them, as bytes. Never raises."""
    try:
        parsed: Message = BytesParser(policy=compat32).parsebytes(header, headersonly=True)
    except Exception:  # noqa: BLE001 - whatever the bytes are
        parsed = Message(policy=compat32)
    return _head_of(parsed)


def read_mail(raw: bytes) -> ReadMail:
    """A message from its bytes. Never raises."""
    from easir_tui.channels.mail_parts import Reading

    reading = Reading()
    top = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:200_000] else b"\n\n")[0]
    if len(raw) > LARGEST:
        reading.warn(_("The message is larger than {limit}; only its heading is read.").format(limit=size(LARGEST)))
        return _made(read_head(top), reading)
    head = read_head(raw[: len(top) + 4])
    try:
        reading.read(BytesParser(policy=compat32).parsebytes(raw))
    except Exception:  # noqa: BLE001 - a message can be nested deeper than Python can follow, or be anything at all
        reading = Reading()
        reading.warn(_(UNREADABLE))
        reading.say(accept(mail_words.in_letters(raw[len(top) : len(top) + 50_000])))
        reading.keep("message.eml", "message/rfc822", raw)
    return _made(head, reading)


def _made(head: MailHead, reading: object) -> ReadMail:
    from easir_tui.channels.mail_parts import Reading

    assert isinstance(reading, Reading)
    whole = accept(reading.text())
    if len(whole) > LONGEST_TEXT:
        reading.keep(_("the whole text") + ".txt", "text/plain", whole.encode())
        whole = whole[:LONGEST_TEXT].rpartition("\n")[0] or whole[:LONGEST_TEXT]
        reading.warn(_("The text is very long; the whole of it is among the files."))
    return ReadMail(
        head, whole, tuple(reading.named_files()), tuple(reading.calendars), quoted_from(whole),
        tuple(dict.fromkeys(reading.warnings)),
    )  # fmt: skip


def _head_of(message: Message) -> MailHead:
    def every(name: str) -> list[str]:
        return mail_words.headers(message, name)[:50]

    def first(name: str) -> str:
        return next(iter(every(name)), "")

    senders = mail_words.people(every("from")) or mail_words.people(every("sender"))
    own, replied = mail_words.ids(first("message-id")), mail_words.ids(first("in-reply-to"))
    return MailHead(
        message_id=own[0] if own else "",
        in_reply_to=replied[0] if replied else "",
        references=mail_words.ids(" ".join(every("references"))),
        subject=mail_words.words(first("subject")),
        sent_at=mail_words.instant([*every("date"), *every("received"), *every("resent-date")]),
        sender=senders[0] if senders else None,
        reply_to=mail_words.people(every("reply-to")),
        to=mail_words.people(every("to")),
        cc=mail_words.people(every("cc")),
        bcc=mail_words.people(every("bcc")),
        automatic=_is_automatic(message),
    )


def _is_automatic(message: Message) -> bool:
    submitted = mail_words.header(message, "auto-submitted").partition(";")[0].strip().lower()
    kind = mail_words.header(message, "content-type").partition(";")[0].strip().lower()
    nobody = mail_words.header(message, "return-path").strip() == "<>"
    return submitted not in ("", "no") or kind == "multipart/report" or nobody
