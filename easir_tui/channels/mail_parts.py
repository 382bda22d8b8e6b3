"""The parts of a mail, walked in order: which are its text, which are files, which are meetings."""

from __future__ import annotations

import binascii
import mimetypes
import re
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from easir_tui.channels import mail_html, mail_tnef, mail_words
from easir_tui.channels.mail_read import MailHead, ReadPart, read_head
from easir_tui.language import _
from easir_tui.text import accept

DEEPEST = 40
"""Parts within parts."""

MOST_PARTS = 1_000
MOST_FILES = 500
LONGEST_NAME = 120

_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_CALENDARS = {"text/calendar", "application/ics"}
_UUENCODED = re.compile(r"(?m)^begin(?:-base64)? ([0-7]{3,4}) (.{1,200})\n((?:[^\n]{0,100}\n)*?)(?:end|====)\s*$")

_ENDINGS = {
    "image/jpeg": ".jpg", "text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml", "audio/mpeg": ".mp3",
    "application/octet-stream": ".bin",
}  # fmt: skip
"""Endings where those of the standard library are odd ones."""


class Reading:
    """What has been found of a message so far."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.files: list[ReadPart] = []
        self.calendars: list[bytes] = []
        self.warnings: list[str] = []
        self._parts = 0

    def warn(self, sentence: str) -> None:
        """Say that something could not be read as it should."""
        self.warnings.append(sentence)

    def say(self, words: str) -> None:
        """Add to the text."""
        if words := words.strip("\n"):
            self.texts.append(words)

    def keep(self, name: str, media_type: str, content: bytes, inline: bool = False, content_id: str = "") -> None:
        """Add a file."""
        if len(self.files) < MOST_FILES:
            self.files.append(ReadPart(name, media_type, content, inline, content_id))
        else:
            self.warn(_("It has more files than are taken in."))

    def text(self) -> str:
        """All that was said; where nothing was, the first file that is a text."""
        if not self.texts:
            for one in self.files:
                if one.media_type == "text/plain" and not one.inline:
                    return mail_words.in_letters(one.content)
                if one.media_type == "text/html" and not one.inline:
                    return mail_html.text_of(mail_words.in_letters(one.content))
        return "\n\n".join(self.texts)

    def named_files(self) -> Iterable[ReadPart]:
        """The files, each with a name that can be shown and stored, no two alike."""
        taken: set[str] = set()
        for number, one in enumerate(self.files, 1):
            name = file_name(one.name, one.media_type, number)
            stem, ending = _divided(name)
            again = 1
            while name.casefold() in taken:
                again += 1
                name = f"{stem} ({again}){ending}"
            taken.add(name.casefold())
            yield ReadPart(name, one.media_type, one.content, one.inline, one.content_id)

    # -- parts ----------------------------------------------------------------------------------------

    def read(self, part: Message, depth: int = 0) -> None:
        """A part and what is in it."""
        self._parts += 1
        if self._parts > MOST_PARTS or depth > DEEPEST:
            self.warn(_("It has more parts than are read."))
            return
        kind, parameters = mail_words.value_and_parameters(mail_words.header(part, "content-type") or "text/plain")
        if part.is_multipart() and kind != "message/rfc822" and not kind.startswith("message/"):
            self._read_many(kind, part, depth)
        elif kind in ("message/rfc822", "message/global", "message/news") and self._read_message(part, depth):
            pass
        elif kind in ("message/delivery-status", "message/disposition-notification", "message/feedback-report"):
            self.say(accept(_fields_of(part)))
        else:
            # Somebody says there are several parts, and there are none: it is a text.
            self._read_leaf("text/plain" if kind.startswith("multipart/") else kind, parameters, part)

    def _read_many(self, kind: str, part: Message, depth: int) -> None:
        inside = [one for one in part.get_payload() if isinstance(one, Message)]
        if kind == "multipart/alternative":
            self._read_alternatives(inside, depth)
            return
        if kind == "multipart/encrypted":
            self.warn(_("The message is encrypted; its content is among the files as it came."))
        for one in inside:
            self.read(one, depth + 1)

    def _read_alternatives(self, inside: list[Message], depth: int) -> None:
        """Of several wordings the plain one, unless it only says that there is another."""
        readings = []
        for one in inside:
            reading = Reading()
            reading._parts = self._parts
            reading.read(one, depth + 1)
            self._parts = reading._parts
            readings.append((mail_words.value_and_parameters(mail_words.header(one, "content-type"))[0], reading))
        texts = [(kind, "\n\n".join(reading.texts)) for kind, reading in readings]
        plain = next((words for kind, words in texts if kind in ("text/plain", "") and words.strip()), "")
        rich = max((words for kind, words in texts if kind not in ("text/plain", "")), key=len, default="")
        self.say(rich if not plain or (len(plain) < 300 and len(rich) > 5 * len(plain)) else plain)
        for _kind, reading in readings:
            self.files += reading.files
            self.calendars += reading.calendars
            self.warnings += reading.warnings

    def _read_message(self, part: Message, depth: int) -> bool:
        """A message within the message: its heading and text in its place, its files among the files."""
        inside = part.get_payload()
        inner = inside[0] if isinstance(inside, list) and inside else None
        if not isinstance(inner, Message):
            return False
        encoding = mail_words.header(part, "content-transfer-encoding").strip().lower()
        if encoding in ("base64", "quoted-printable") and not inner.keys():
            raw = _content(inner, encoding)
            inner = BytesParser(policy=compat32).parsebytes(raw)
        heading = b"".join(f"{name}: {held}\n".encode("utf-8", "surrogateescape") for name, held in inner.raw_items())
        self.say(_forwarded(read_head(heading)))
        self.read(inner, depth + 1)
        return True

    def _read_leaf(self, kind: str, parameters: dict[str, str], part: Message) -> None:
        disposition, more = mail_words.value_and_parameters(mail_words.header(part, "content-disposition"))
        name = more.get("filename") or parameters.get("name") or ""
        content_id = accept(mail_words.header(part, "content-id"), newlines=False).strip("<> ")
        content = _content(part)
        if kind in _CALENDARS or name.lower().endswith(".ics"):
            self.calendars.append(content)
        if kind in _SIGNATURES:
            return
        if kind in _TNEF or name.lower() == "winmail.dat":
            if self._unwrap(content):
                return
            self.warn(_("What Outlook wrapped in winmail.dat cannot be read."))
        if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            self.warn(_("The message is encrypted; its content is among the files as it came."))
        is_text = kind.startswith("text/") and kind not in _CALENDARS and kind not in ("text/vcard", "text/x-vcard")
        if is_text and disposition != "attachment" and not (name and kind != "text/html" and disposition != "inline"):
            self._read_text(kind, parameters, content, named=name)
        elif content or name:
            inline = disposition != "attachment" and bool(content_id) and kind.startswith("image/")
            self.keep(name, kind or "application/octet-stream", content, inline, content_id)

    def _read_text(self, kind: str, parameters: dict[str, str], content: bytes, named: str) -> None:
        if b"\x00" in content and named and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.keep(named, "application/octet-stream", content)
            return
        letters = mail_words.in_letters(content, parameters.get("charset", ""))
        if kind == "text/html":
            self.say(mail_html.text_of(letters))
        elif kind in ("text/enriched", "text/richtext"):
            self.say(re.sub(r"</?[A-Za-z-]{1,40}>", "", letters.replace("<<", "<")))
        else:
            letters = letters.replace("\r\n", "\n").replace("\r", "\n")
            if parameters.get("format", "").lower() == "flowed":
                letters = unflowed(letters, parameters.get("delsp", "").lower() == "yes")
            self.say(self._without_uuencoded(letters))

    def _without_uuencoded(self, letters: str) -> str:
        """A text without the files that old programs write into it."""

        def taken(match: re.Match[str]) -> str:
            try:
                lines = match[3].encode("ascii").splitlines()
                if match[0].startswith("begin-base64"):
                    content = mail_words.from_base64(b"".join(lines))
                else:
                    content = b"".join(_uu_line(one) for one in lines)
            except (UnicodeError, binascii.Error):
                return match[0]
            self.keep(match[2].strip(), "application/octet-stream", content)
            return ""

        return _UUENCODED.sub(taken, letters) if "\nend" in letters or "\n====" in letters else letters

    def _unwrap(self, content: bytes) -> bool:
        found = mail_tnef.unwrap(content)
        if found is None:
            return False
        if not self.texts:
            self.say(found.text or mail_html.text_of(found.html))
        for name, held in found.files:
            self.keep(name, mimetypes.guess_type(name)[0] or "application/octet-stream", held)
        return True


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # a program that counts the bytes of the last line wrong
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3 + 1]) if line else b""


def _content(part: Message, encoding: str = "") -> bytes:
    """The bytes of a part, out of whatever they were wrapped in for the way."""
    encoding = (
        encoding or mail_words.header(part, "content-transfer-encoding").partition(";")[0].strip(" \t\"'").lower()
    )
    raw = _as_it_came(part)
    match encoding:
        case "base64" | "b64":
            return mail_words.from_base64(raw)
        case "quoted-printable" | "quoted_printable" | "qp":
            return binascii.a2b_qp(raw)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            lines = raw.splitlines()
            begin = next((number for number, one in enumerate(lines) if one.startswith(b"begin ")), -1)
            inside = [one for one in lines[begin + 1 :] if one.strip() not in (b"end", b"`")]
            try:
                return b"".join(_uu_line(one) for one in inside)
            except binascii.Error:
                return raw
    return raw


def _as_it_came(part: Message) -> bytes:
    """The bytes of a part in their wrapping; the parser gives them as they are where it thinks there is none."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(one.as_bytes() for one in payload if isinstance(one, Message))
    del part["content-transfer-encoding"]
    held = part.get_payload(decode=True)
    return held if isinstance(held, bytes) else b""


def _fields_of(part: Message) -> str:
    payload = part.get_payload()
    if not isinstance(payload, list):
        return mail_words.in_letters(_content(part))
    return "\n\n".join(
        "\n".join(f"{name}: {mail_words.words(str(held))}" for name, held in one.raw_items())
        for one in payload if isinstance(one, Message)
    )  # fmt: skip


def _forwarded(head: MailHead) -> str:
    """The heading of a message within a message."""
    from datetime import UTC, datetime

    when = datetime.fromtimestamp(head.sent_at, UTC).strftime("%Y-%m-%d %H:%M UTC") if head.sent_at else ""
    people = ", ".join(f"{one.name} <{one.address}>" if one.name else one.address for one in head.to[:10])
    sender = head.sender
    facts = [
        (_("From"), (f"{sender.name} <{sender.address}>" if sender.name else sender.address) if sender else ""),
        (_("Date"), when), (_("Subject"), head.subject), (_("To"), people),
    ]  # fmt: skip
    mark = "-" * 8
    title = _("Forwarded message")
    return "\n".join([f"{mark} {title} {mark}", *(f"{t}: {w}" for t, w in facts if w)])


def unflowed(text: str, joins_words: bool = False) -> str:
    """Paragraphs whose lines were broken softly, each as one line (RFC 3676)."""
    made: list[str] = []
    open_depth = -1
    for one in text.split("\n"):
        depth = len(one) - len(one.lstrip(">"))
        content = one[depth:]
        content = content[1:] if content.startswith(" ") else content
        soft = content.endswith(" ") and content != "-- "
        if soft and joins_words:
            content = content[:-1]
        mark = ">" * depth + (" " if depth else "")
        if depth == open_depth and made and content != "-- ":
            made[-1] += content
        else:
            made.append(mark + content)
        open_depth = depth if soft else -1
    return "\n".join(one.rstrip() if one != "-- " else one for one in made)


def file_name(name: str, media_type: str = "", number: int = 1) -> str:
    """A name for a file that came by mail: no folders, nothing hidden, at most 120 letters, never empty."""
    name = re.split(r"[/\\]", accept(name, newlines=False))[-1].strip(" .\"'<>")
    name = re.sub(r'[\x00-\x1f<>:"|?*]', "_", name)
    if not name:
        ending = _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"
        name = _("file {n}").format(n=number) + ending
    stem, ending = _divided(name)
    return stem[: LONGEST_NAME - len(ending)] + ending


def _divided(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending}") if dot and stem and len(ending) <= 10 else (name, "")
