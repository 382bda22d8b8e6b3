"""The lines a vCard is made of, read so that they can be written back byte for byte.

A card is a list of content lines in the order they came; each keeps the bytes it was made from, however it
was folded, encoded and misspelt. Values are decoded only when somebody asks. What is changed is written
anew, and nothing else is, so that a card edited here loses nothing another program put in it (faults 43).
Reads 2.1, 3.0 and 4.0 (RFC 2426, 6350, 6868) and what telephones make of them: quoted-printable with soft
line breaks, base64 up to a blank line, nested cards, cards without an end. One bad card never takes the
others with it.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from easir_tui.channels.encodings import decode

_HEAD = re.compile(rb'((?:[^":]|"[^"]*")*):')
_PLAIN = re.compile(rb"([A-Za-z0-9-]+)((?:;[^:\"\s][^:\"]*)?):")
_BOUNDARY = (b"B", b"b", b"E", b"e", b" ")
_NAME = re.compile(rb"(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)\Z")
_PARAMETER = re.compile(r';([^=;:"]*)(?:=((?:"[^"]*"|[^;"])*))?')
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+\Z")
_LEFT_OVER = re.compile(r"=(?:[89A-F][0-9A-F]|0[AD]|20|3D)")
_CARET = {"^n": "\n", "^N": "\n", "^^": "^", "^'": '"'}
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"}
FOLD = 75
"""The longest line a writer may make, in bytes and without its end (RFC 6350 section 3.2)."""


@dataclass(slots=True)
class ContentLine:
    """One property: `item1.TEL;TYPE=CELL:+45 20 30 40 50`.

    `source` is what stood in the file, ends of line and folds included; `raw` the unfolded value as bytes.
    A line that is no property has an empty name, and is kept for its `source`.
    """

    name: str
    raw: bytes
    source: bytes
    group: str = ""
    head: bytes = b""

    @property
    def parameters(self) -> Mapping[str, list[str]]:
        """Upper-case name → values. A bare word of vCard 2.1 is a TYPE, or an ENCODING where it is one."""
        return _parameters_of(self.head)

    @property
    def types(self) -> list[str]:
        """The TYPE values in small letters, also those written `TYPE="work,voice"`."""
        values = self.parameters.get("TYPE", ())
        return [word.strip().lower() for value in values for word in value.split(",") if word.strip()]

    def parameter(self, name: str) -> str:
        """The first value of a parameter, or nothing."""
        values = self.parameters.get(name, ()) if self.head else ()
        return values[0] if values else ""

    @property
    def encoded(self) -> str:
        """`QUOTED-PRINTABLE`, `BASE64` or nothing."""
        word = self.parameter("ENCODING").upper()
        return "BASE64" if word == "B" else word if word in ("QUOTED-PRINTABLE", "BASE64") else ""

    def decoded(self, raw: bytes | None = None) -> str:
        """The value, or a piece of it, as text, with its escapes still in it."""
        raw = self.raw if raw is None else raw
        if not self.head:
            return decode(raw)
        quoted, charset = _letters_of(self.head)
        if quoted and b"=" in raw:
            raw = quopri.decodestring(raw)
        return decode(raw, charset)

    def without_charset(self) -> None:
        """Forget the set a value is said to be in, after the whole card was decoded."""
        self.head = b"".join(
            piece for piece in re.split(rb"(?=;)", self.head) if not piece.upper().startswith(b";CHARSET=")
        )

    def text(self) -> str:
        """The value as one text."""
        raw = self.raw
        if raw.isascii() and b"\\" not in raw and (not self.head or _is_plain(self.head)):
            return raw.decode()
        return unescaped(self.decoded())

    def parts(self) -> list[str]:
        """A value of several fields (N, ORG, ADR), split at its semicolons."""
        if b"\\" not in self.raw and b"=" not in self.raw:
            return self.text().split(";")
        pieces = split(self.raw)
        if len(pieces) == 1 and b"=3B" in self.raw.upper() and self.encoded == "QUOTED-PRINTABLE":
            return [unescaped(piece.decode()) for piece in split(self.decoded().encode())]
        return [unescaped(self.decoded(piece)) for piece in pieces]


@dataclass(slots=True)
class Card:
    """One vCard, its lines in order; `line` is where it starts, counted from 1, `complete` is False without END."""

    line: int
    lines: list[ContentLine] = field(default_factory=list)
    complete: bool = False

    def source(self) -> bytes:
        """The card as bytes: as it came, but for the lines that were changed."""
        return b"".join(line.source for line in self.lines)

    def all(self, *names: str) -> list[ContentLine]:
        """The lines of these properties, in order."""
        return [line for line in self.lines if line.name in names]

    def first(self, name: str) -> ContentLine | None:
        """The first line of a property."""
        return next((line for line in self.lines if line.name == name), None)

    @property
    def version(self) -> str:
        """`2.1`, `3.0` or `4.0`, as the card says."""
        line = self.first("VERSION")
        return line.text().strip() if line else ""

    def set_text(self, name: str, text: str) -> None:
        """Give a property a value, or take it away with an empty one; every other line stays as it came."""
        old = self.all(name)
        new = make_line(name, text, self.version) if text else None
        for line in old[1 if new else 0 :]:
            self.lines.remove(line)
        if new and old:
            self.lines[self.lines.index(old[0])] = new
        elif new:
            at = len(self.lines) - (1 if self.complete else 0)
            self.lines.insert(at, new)


def read_cards(source: Iterable[bytes], before: int = 0) -> Iterator[Card]:
    """The cards in the lines of a file, each with its end of line still on it.

    What stands outside BEGIN:VCARD and END:VCARD is passed over. `before` is how many lines came before
    these.
    """
    card: Card | None = None
    nested: list[bytes] = []
    depth = agent_at = 0
    for start, pieces in _unfolded(source):
        first = pieces[0]
        mark = first.strip().upper() if first[:1] in _BOUNDARY and len(first) < 40 else b""
        if card is None:
            if mark == b"BEGIN:VCARD":
                card = Card(before + start, [_parsed(pieces)])
            continue
        last = card.lines[-1]
        if depth or (mark == b"BEGIN:VCARD" and last.name == "AGENT" and not last.raw.strip()):
            agent_at = agent_at if depth else start - 1
            nested += pieces
            depth += {b"BEGIN:VCARD": 1, b"END:VCARD": -1}.get(mark, 0)
            if not depth:
                last.raw = b"".join(nested)
                last.source += last.raw
                nested = []
            continue
        if mark == b"BEGIN:VCARD":
            yield card
            card = Card(before + start)
        card.lines.append(_parsed(pieces))
        if mark == b"END:VCARD":
            card.complete = True
            yield card
            card = None
    if card is not None:
        yield card
    if nested:
        yield from read_cards(nested, before + agent_at)


def read_lines(source: Iterable[bytes]) -> Iterator[tuple[int, ContentLine]]:
    """Every content line of a file, of whatever is written in them, and where it starts, counted from 1."""
    for start, pieces in _unfolded(source):
        yield start, _parsed(pieces)


def _unfolded(source: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """The physical lines that make one content line, and the number of the first of them."""
    pieces: list[bytes] = []
    start = number = 0
    quoted = base64 = False
    for number, line in enumerate(source, 1):
        if pieces and (quoted or base64 or not line[:1].isalpha()):
            bare = line.rstrip(b"\r\n")
            soft = quoted and pieces[-1].rstrip().endswith(b"=") and not _is_boundary(bare)
            if soft or line[:1] in (b" ", b"\t") or (base64 and bare.strip() and _BASE64.match(bare)):
                pieces.append(line)
                continue
            if not bare.strip():
                pieces.append(line)
                quoted = base64 = False
                continue
        if pieces:
            yield start, pieces
        pieces, start = [line], number
        head = line.partition(b":")[0].upper() if b";" in line else b""
        quoted = b"QUOTED-PRINTABLE" in head
        base64 = b"BASE64" in head or b"ENCODING=B" in head
    if pieces:
        yield start, pieces


def _is_boundary(line: bytes) -> bool:
    return line.strip().upper() in (b"END:VCARD", b"BEGIN:VCARD")


def _parsed(pieces: list[bytes]) -> ContentLine:
    """One content line of its physical lines."""
    source = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    whole = pieces[0].rstrip(b"\r\n")
    if len(pieces) > 1:
        whole = _joined(pieces)
    if plain := _PLAIN.match(whole):
        return ContentLine(_upper(plain[1]), whole[plain.end() :], source, "", plain[2])
    colon = whole.find(b":")
    if b'"' in whole[: colon + 1]:
        match = _HEAD.match(whole)
        colon = match.end(1) if match else -1
    if colon < 0:
        return ContentLine("", whole, source)
    head, semicolon, parameters = whole[:colon].strip().partition(b";")
    match = _NAME.match(head.strip())
    if not match:
        return ContentLine("", whole, source)
    return ContentLine(
        match[2].decode().upper(),
        whole[colon + 1 :],
        source,
        match[1].decode() if match[1] else "",
        semicolon + parameters,
    )


@lru_cache(maxsize=256)
def _upper(name: bytes) -> str:
    return name.decode().upper()


def _joined(pieces: list[bytes]) -> bytes:
    """Several physical lines as one: soft breaks and folds taken out."""
    head = pieces[0].partition(b":")[0].upper()
    quoted = b"QUOTED-PRINTABLE" in head
    parts = [pieces[0].rstrip(b"\r\n")]
    for line in pieces[1:]:
        bare = line.rstrip(b"\r\n")
        if quoted and parts[-1].rstrip().endswith(b"="):
            parts[-1] = parts[-1].rstrip()[:-1]
            parts.append(bare)
        elif bare[:1] in (b" ", b"\t"):
            parts.append(bare[1:])
        else:
            parts.append(bare.strip())
    if quoted and parts[-1].rstrip().endswith(b"="):
        parts[-1] = parts[-1].rstrip()[:-1]
    return b"".join(parts)


@lru_cache(maxsize=1024)
def _parameters_of(head: bytes) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for match in _PARAMETER.finditer(decode(head)):
        name, value = match[1].strip().upper(), match[2]
        if value is None:
            word = name
            name, value = ("ENCODING", word) if word in _ENCODINGS else ("TYPE", match[1].strip())
        if not name or not value:
            continue
        values = re.findall(r'"([^"]*)"|([^,"]+)', value)
        found.setdefault(name, []).extend(
            re.sub(r"\^[nN'^]", lambda caret: _CARET[caret[0]], quoted or plain.strip()) for quoted, plain in values
        )
    return found


@lru_cache(maxsize=1024)
def _letters_of(head: bytes) -> tuple[bool, str]:
    """Whether values under these parameters are quoted-printable, and the set they say they are in."""
    line = ContentLine("", b"", b"", head=head)
    return line.encoded == "QUOTED-PRINTABLE", line.parameter("CHARSET")


@lru_cache(maxsize=1024)
def _is_plain(head: bytes) -> bool:
    """Whether ASCII under these parameters is what it looks like."""
    quoted, charset = _letters_of(head)
    return not quoted and not charset


def split(raw: bytes, at: bytes = b";") -> list[bytes]:
    """`raw` in pieces, at a separator that has no backslash before it."""
    if b"\\" not in raw:
        return raw.split(at)
    pieces, current, i = [], bytearray(), 0
    while i < len(raw):
        if raw[i] == 0x5C and i + 1 < len(raw):
            current += raw[i : i + 2]
            i += 2
            continue
        if raw[i : i + 1] == at:
            pieces.append(bytes(current))
            current = bytearray()
        else:
            current.append(raw[i])
        i += 1
    return [*pieces, bytes(current)]


def unescaped(text: str) -> str:
    r"""A value without its backslashes: `\n` is a new line, and `\,` `\;` `\:` `\\` `\"` what follows."""
    if "\\" not in text:
        return text
    return re.sub(r'\\([nN,;:\\"])', lambda match: "\n" if match[1] in "nN" else match[1], text)


def escaped(text: str) -> str:
    r"""A text as a value of vCard 3.0 and 4.0 has it."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def looks_encoded(text: str) -> bool:
    """Whether `=C3=A6`-like signs are still in a value that should be plain (faults 42)."""
    return bool(_LEFT_OVER.search(text))


def make_line(name: str, text: str, version: str = "3.0") -> ContentLine:
    """A new property with a text as its value, written as this version of vCard has it."""
    if version == "2.1" and not (text.isascii() and "\n" not in text):
        head = b";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
        prefix = name.encode() + head + b":"
        rows = _quoted(text, FOLD - len(prefix))
        return ContentLine(name, b"".join(rows), prefix + b"=\r\n".join(rows) + b"\r\n", head=head)
    raw = escaped(text).encode()
    return ContentLine(name, raw, fold(name.encode() + b":" + raw))


def _quoted(text: str, room: int) -> list[bytes]:
    """A text as quoted-printable, in rows that fit with the soft break behind them."""
    rows = [bytearray()]
    for byte in text.replace("\n", "\r\n").encode():
        unit = b"%c" % byte if 32 < byte < 127 and byte != 0x3D else b"=%02X" % byte
        if len(rows[-1]) + len(unit) >= room:
            rows.append(bytearray())
            room = FOLD
        rows[-1] += unit
    return [bytes(row) for row in rows]


def fold(line: bytes) -> bytes:
    """A line with its end, in pieces of at most 75 bytes, never parted inside a character."""
    if len(line) <= FOLD:
        return line + b"\r\n"
    pieces = []
    room = FOLD
    while len(line) > room:
        cut = room
        while line[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(line[:cut])
        line = line[cut:]
        room = FOLD - 1
    pieces.append(line)
    return b"\r\n ".join(pieces) + b"\r\n"
