"""Addresses and message ids as they stand on the wire, and names as headers carry them.

The standard library folds a long display name so that it loses its quotation marks: measured on 3.11, the commas in it
then part it into addresses, and letters in the middle of a word get blanks (cpython#100884, #102498). So names and
subjects are encoded here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.text import accept, clean

WIDTH = 76
"""Letters of a header line before it is folded; RFC 5322 wants no more than 78."""

_LOCAL = re.compile(r"""[^\x00-\x20\x7f-\xa0()<>\[\]:;@\\,"\u2028\u2029]{1,64}""")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LITERAL = re.compile(r"\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]{2,45})\]")
_ID = re.compile(r"<?\s*([\x21-\x3b\x3d\x3f-\x7e]{1,960})\s*>?")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_Q_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")
"""What stands for itself in an encoded word of a phrase (RFC 2047, section 5, rule 3)."""

_WORD_ROOM = 64 - len("=?utf-8?q??=")
"""So that a line with the longest title before it stays within 76 signs (RFC 2047, section 2)."""


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """An e-mail address with the name beside it, which may be empty."""

    address: str
    name: str = ""


def wire_address(address: str, field: str = "address") -> str:
    """An address as servers take it: no blanks around it, its domain in ASCII (IDNA).

    Letters before the @ stay as they are; such an address needs a server that knows SMTPUTF8 (RFC 6531).

    Raises:
        Invalid: it is none, or holds what could be read as something else; `field` names it.
    """
    local, at, domain = address.strip(" ").rpartition("@")
    if at and _LOCAL.fullmatch(local):
        if _LITERAL.fullmatch(domain):
            return f"{local}@{domain}"
        try:
            wire = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
        except UnicodeError:
            wire = ""
        if len(wire) <= 253 and all(_LABEL.fullmatch(label) for label in wire.split(".")):
            return f"{local}@{wire}"
    raise Invalid(field, _("“{text}” is not an e-mail address.").format(text=clean(address)))


def stored_id(text: str, field: str = "message_id") -> str:
    """A message id in the one form it is stored and sent in, `<id>`, from `id`, `<id>` or ` <ID> ` (faults 49).

    Raises:
        Invalid: it is none.
    """
    found = _ID.fullmatch(" ".join(text.split()))
    if found is None:
        raise Invalid(field, _("“{text}” is not the id of a message.").format(text=clean(text)))
    return f"<{found[1]}>"


def new_message_id(address: str) -> str:
    """An id no other message has, in the domain of the sender; it tells nothing about this machine."""
    import secrets

    return f"<{secrets.token_hex(16)}@{wire_address(address).rpartition('@')[2].strip('[]').replace(':', '.')}>"


# Headers -------------------------------------------------------------------------------------------


def people_header(title: str, people: Iterable[NamedAddress]) -> str:
    """A header line of names and addresses, folded, with its CRLF; each address is one whatever its name holds."""
    pieces: list[str] = []
    for person in people:
        address = wire_address(person.address, title.lower())
        name = accept(person.name, newlines=False)
        if pieces:
            pieces[-1] += ","
        pieces += [*_phrase(name), f"<{address}>"] if name else [address]
    return _folded(title, pieces)


def text_header(title: str, text: str) -> str:
    """A header line of free text such as the subject, folded, with its CRLF; a line end in it is a blank."""
    text = " ".join(accept(text, newlines=False).splitlines())
    words = text.split(" ")
    plain = text.isascii() and "=?" not in text and all(words) and max(map(len, words)) < WIDTH - len(title)
    return _folded(title, words if plain else list(_encoded_words(text)))


def ids_header(title: str, ids: Iterable[str]) -> str:
    """A header line of message ids, folded, with its CRLF."""
    return _folded(title, [stored_id(one, title.lower()) for one in ids])


def _phrase(name: str) -> list[str]:
    """A display name: bare words, or one quoted text, or encoded words."""
    if name.isascii() and "=?" not in name and len(name) <= 60:
        if _ATOMS.fullmatch(name):
            return name.split(" ")
        escaped = re.sub(r'(["\\])', r"\\\1", name)
        return [f'"{escaped}"']
    return list(_encoded_words(name))


def _encoded_words(text: str) -> Iterator[str]:
    """A text as encoded words of at most 64 signs (RFC 2047); none parts a letter, and together they are the text."""
    all_q = sum(1 if byte in _Q_SAFE or byte == 0x20 else 3 for byte in text.encode())
    as_base64 = all_q > len(text.encode()) * 4 / 3
    word = ""
    for letter in text:
        if len(_encoded(word + letter, as_base64)) > _WORD_ROOM:
            yield f"=?utf-8?{'b' if as_base64 else 'q'}?{_encoded(word, as_base64)}?="
            word = ""
        word += letter
    if word:
        yield f"=?utf-8?{'b' if as_base64 else 'q'}?{_encoded(word, as_base64)}?="


def _encoded(word: str, as_base64: bool) -> str:
    raw = word.encode("utf-8")
    if as_base64:
        return base64.b64encode(raw).decode("ascii")
    return "".join(chr(byte) if byte in _Q_SAFE else "_" if byte == 0x20 else f"={byte:02X}" for byte in raw)


def _folded(title: str, pieces: list[str]) -> str:
    """The pieces with a blank between them, or a line end and a blank where a line would get too long."""
    lines = [f"{title}:"]
    for number, piece in enumerate(pieces):
        if number and len(lines[-1]) + 1 + len(piece) > WIDTH:
            lines.append(f" {piece}")
        else:
            lines[-1] += f" {piece}"
    return "\r\n".join(lines) + "\r\n"
