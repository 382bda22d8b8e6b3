"""What stands in the headers of other people's mail: words in any set, parameters, addresses, ids and dates.

Nothing here raises and nothing is believed: an encoded word that is none stays as it was written, an address without
an @ is left out, and whatever comes back has passed `text.accept`, so that no line end and no escape code is in it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from easir_tui.channels.encodings import decode, repaired
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.text import accept

LONGEST = 100_000
"""Letters of a header that are looked at."""

MOST_PEOPLE = 2_000
"""Addresses of a header that are looked at."""

_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ID = re.compile(r"<\s*([^<>]{1,960}?)\s*>")

_CHARSETS = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932",
    "tis-620": "cp874", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "utf8": "utf-8", "cp-850": "cp850",
    "macintosh": "mac_roman", "x-mac-roman": "mac_roman",
}  # fmt: skip
"""Sets that are said, and those that are meant: whoever says ISO 8859-1 writes Windows-1252."""

_NO_CHARSETS = {
    "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "undefined", "idna", "punycode",
    "mbcs", "oem", "palmos", "unicode_internal", "unicode-internal",
}  # fmt: skip
"""Sets of Python that no mail is written in, and that would make other letters of plain ones."""


def headers(message: Message, name: str) -> list[str]:
    """Every header of a name as it came; the parser's own way to give them loses bytes beyond ASCII."""
    return [str(held) for title, held in message.raw_items() if title.lower() == name]


def header(message: Message, name: str) -> str:
    """The first header of a name, or ""."""
    return next(iter(headers(message, name)), "")


def charset(name: str) -> str:
    """The set that is meant by a name, "" where it means none."""
    known = name.strip().strip("\"'").lower()
    return "" if known in _NO_CHARSETS else _CHARSETS.get(known, known)


def in_letters(raw: bytes, declared: str = "") -> str:
    """Bytes as letters, whatever set they are in; may hold control characters."""
    return decode(raw, charset(declared))


# Words ---------------------------------------------------------------------------------------------


def words(header: str) -> str:
    """The text of a header: encoded words read (RFC 2047), stray bytes too, on one line and clean.

    `header` is as the standard library's parser gives it, bytes beyond ASCII as surrogates.
    """
    return accept(" ".join(_decoded(header[:LONGEST]).split()), newlines=False)


def _decoded(header: str) -> str:
    """Encoded words next to each other are one text, for some programs part a letter between two of them."""
    if "=?" not in header:
        return _stray(header)
    header = _BETWEEN.sub(r"\1", header)
    found: list[str] = []
    waiting: list[bytes] = []
    set_of_waiting = ""
    end = 0
    for match in _ENCODED.finditer(header):
        name = match[1].partition("*")[0]  # a language may follow (RFC 2231, section 5)
        content = _word_bytes(match[2], match[3])
        if waiting and (match.start() > end or name.lower() != set_of_waiting.lower()):
            found.append(in_letters(b"".join(waiting), set_of_waiting))
            waiting = []
        found.append(_stray(header[end : match.start()]))
        waiting.append(content)
        set_of_waiting, end = name, match.end()
    if waiting:
        found.append(in_letters(b"".join(waiting), set_of_waiting))
    return "".join([*found, _stray(header[end:])])


def _word_bytes(kind: str, content: str) -> bytes:
    raw = content.encode("utf-8", "surrogateescape")
    if kind in "qQ":
        return binascii.a2b_qp(raw.replace(b"_", b"=20"), header=False)
    return from_base64(raw)


def _stray(part: str) -> str:
    if part.isascii():
        return part
    return repaired(in_letters(part.encode("utf-8", "surrogateescape")))


def from_base64(raw: bytes) -> bytes:
    """The bytes of base64 as it is met: with line ends, strange signs, no or too many `=`, several texts in a row."""
    found = bytearray()
    for piece in re.findall(rb"[A-Za-z0-9+/]+", re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)):
        piece = piece[: len(piece) - (len(piece) % 4 == 1)]
        found += base64.b64decode(piece + b"=" * (-len(piece) % 4))
    return bytes(found)


# Parameters ----------------------------------------------------------------------------------------

_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_NUMBERED = re.compile(r"([^*]+)\*(\d{1,4})(\*?)$")


def value_and_parameters(header: str) -> tuple[str, dict[str, str]]:
    """The value of a header such as Content-Type in small letters, and its parameters, read (RFC 2231, RFC 2047)."""
    header = header[:LONGEST]
    held: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(header.replace("\r", "").replace("\n", "")):
        name, content = match[1].lower(), match[2].strip()
        if content.startswith('"'):
            content = re.sub(r"\\(.)", r"\1", content.strip('"'))
        if numbered := _NUMBERED.match(name):
            pieces.setdefault(numbered[1], {})[int(numbered[2])] = (bool(numbered[3]), content)
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {})[-1] = (True, content)
        else:
            held.setdefault(name, words(content))
    for name, parts in pieces.items():
        held[name] = _joined(parts)
    return header.partition(";")[0].strip().strip("\"'").lower(), held


def _joined(parts: Mapping[int, tuple[bool, str]]) -> str:
    """A parameter that came in pieces, or with its set before it: `utf-8'da'R%C3%B8d`."""
    whole = {-1: parts[-1]} if -1 in parts else parts
    set_of_it, raw = "", b""
    for number, (encoded, content) in sorted(whole.items()):
        if encoded and number <= 0 and content.count("'") >= 2:
            set_of_it, _language, content = content.split("'", 2)
        piece = content.encode("utf-8", "surrogateescape")
        raw += unquote_to_bytes(piece) if encoded else piece
    found = in_letters(raw, set_of_it)
    return words(found) if "=?" in found else accept(found, newlines=False)


# People --------------------------------------------------------------------------------------------


def people(headers: Iterable[str]) -> tuple[NamedAddress, ...]:
    """The addresses of headers such as To, each once, with the names beside them."""
    found: dict[str, NamedAddress] = {}
    for header in headers:
        before = ""
        for piece in _pieces(header[:LONGEST]):
            # An unquoted comma in a name parts it: "Oster, Jorgen <j@example.dk>".
            one = _person(before + piece if "<" in piece else piece)
            before = f"{before}{piece}, " if one is None and piece and "@" not in piece else ""
            if one is not None:
                found.setdefault(one.address.casefold(), one)
            if len(found) >= MOST_PEOPLE:
                return tuple(found.values())
    return tuple(found.values())


def _pieces(header: str) -> Iterable[str]:
    """An address list cut at commas and semicolons that stand in no quotes, brackets or comments."""
    piece, quoted, depth, pointed = "", False, 0, False
    letters = iter(" ".join(header.split()))
    for letter in letters:
        if letter == "\\":
            piece += letter + next(letters, "")
            continue
        if letter == '"' and not depth:
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (letter == "(") - (letter == ")"))
            pointed = letter == "<" or (pointed and letter != ">")
            if letter in ",;" and not depth and not pointed:
                yield piece.strip()
                piece = ""
                continue
            if letter == ":" and not depth and not pointed and "@" not in piece:
                piece = ""  # the name of a group
                continue
        piece += letter
    if quoted and any(mark in piece for mark in ",;"):
        yield from re.split(r"[,;]", piece.replace('"', ""))  # a quotation mark nobody closed
    elif piece.strip():
        yield piece.strip()


def _without_comments(piece: str) -> tuple[str, list[str]]:
    """An address without what stands in parentheses, and that."""
    bare, comments, quoted = "", [""], False
    depth = 0
    letters = iter(piece)
    for letter in letters:
        if letter == "\\":
            letter += next(letters, "")
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
            continue
        elif letter == ")" and depth:
            depth -= 1
            if not depth:
                comments.append("")
            continue
        if depth:
            comments[-1] += letter
        else:
            bare += letter
    return bare, [one for one in comments if one.strip()]


def _person(piece: str) -> NamedAddress | None:
    bare, comments = _without_comments(piece)
    if pointed := re.search(r"<\s*(?:mailto:)?([^<>]*@[^<>]*)>", bare):
        address, name = pointed[1], bare[: pointed.start()]
        name = name if name.strip() or not comments else comments[0]
    else:
        found = re.search(r"[^\s<>\"',;]+@[^\s<>\"',;]+", bare)
        if found is None:
            return None
        address = found[0].removeprefix("mailto:")
        name = comments[0] if comments else bare[: found.start()]
    address = words("".join(address.split()))
    local, _at, domain = address.rpartition("@")
    if not local or not domain or " " in address:
        return None
    name = words(re.sub(r"\\(.)", r"\1", name.strip().strip('"'))).strip("\"' ")
    return NamedAddress(address, "" if name.casefold() == address.casefold() else name[:200])


# Ids and dates -------------------------------------------------------------------------------------


def ids(header: str) -> tuple[str, ...]:
    """The message ids of a header in the form they are stored in, `<id>`; of one without brackets its words."""
    header = accept(header[:LONGEST], newlines=False)
    found = _ID.findall(header) or [one for one in header.split() if "@" in one]
    return tuple(dict.fromkeys(f"<{''.join(one.split())}>" for one in found))


def instant(headers: Iterable[str]) -> int | None:
    """The first date of these headers that is one, UTC epoch seconds."""
    for header in headers:
        try:
            found = parsedate_to_datetime(accept(header.rpartition(";")[2], newlines=False))
            at = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
        if datetime(1980, 1, 1, tzinfo=UTC) <= at < datetime(2100, 1, 1, tzinfo=UTC):
            return int(at.timestamp())
    return None
