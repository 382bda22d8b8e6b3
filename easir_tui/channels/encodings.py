"""How the bytes of somebody else's file become letters.

No detector gets short Danish files right, so this is a ladder: a byte-order mark, then strict UTF-8, then
UTF-16 by its NULs, then UTF-8 with a few foreign bytes in it, and last the old 8-bit sets, of which
Windows-1252 wins unless another makes clearly more Danish letters (faults 34, 35). Nothing here ever makes
a `�`.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from easir_tui.errors import Refused
from easir_tui.language import N_, _

BLOCK = 1 << 18
"""Bytes read at a time."""

LOST = "\N{REPLACEMENT CHARACTER}"
"""The mark another program left where it lost a letter; it is never stored."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FORMATS = (
    (b"PK\x03\x04", N_("a spreadsheet or ZIP file")),
    (b"\xd0\xcf\x11\xe0", N_("an old Office file")),
    (b"%PDF", N_("a PDF")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"\x1f\x8b", N_("a compressed file")),
    (b"SQLite format 3\0", N_("a database")),
    (b"\x7fELF", N_("a program")),
)
EIGHT_BIT = ("cp1252", "mac_roman", "cp865")
"""The old sets Danish files come in; the first is the usual one."""

_HIGH = bytes(range(128, 256))
_SAMPLE = 1 << 22
_DANISH = frozenset("æøåÆØÅéöäüÖÄÜÉ")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The set a file is read in; `name` is one Python knows, `sure` is False where it was the best guess."""

    name: str
    sure: bool


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8, in a text that otherwise is, as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return decode_8bit(error.object[error.start : error.end]), error.end


codecs.register_error("easir-strays", _stray)


def decode_8bit(raw: bytes, name: str = "cp1252") -> str:
    """`raw` in an 8-bit set; a byte the set does not define is left out."""
    return raw.decode(name, "ignore")


def decode(raw: bytes, declared: str = "") -> str:
    """One value whose set is not sure: UTF-8 if it is UTF-8, else the declared set, else Windows-1252.

    UTF-8 comes first even when something else is declared, because programs declare one thing and write
    another, and no sentence in an 8-bit set happens to be UTF-8. Only the Asian sets, where it may, are
    believed.
    """
    if raw.isascii() and not (declared and declared.lower().startswith(("iso-2022", "utf-16", "utf-7", "hz"))):
        return raw.decode("ascii")
    names = ["utf-8", declared] if _is_8bit(declared) else [declared, "utf-8"]
    for name in names:
        try:
            return raw.decode(name or "utf-8")
        except (LookupError, ValueError):
            continue
    letters, strays = _counted(raw)
    return raw.decode("utf-8", "ignore") if letters >= strays else decode_8bit(raw)


def _counted(raw: bytes) -> tuple[int, int]:
    """How many letters beyond ASCII there are in UTF-8, and how many bytes that are no part of any."""
    letters = "".join(letter for letter in raw.decode("utf-8", "ignore") if letter > "\x7f")
    return len(letters), len(raw) - len(raw.translate(None, _HIGH)) - len(letters.encode())


def _is_8bit(name: str) -> bool:
    return not name.lower().startswith(("gb", "big5", "shift", "sjis", "euc", "iso-2022", "hz", "cp93", "utf-16"))


def check_readable(path: Path) -> None:
    """See that `path` is a file with letters in it.

    Raises:
        Refused: it is missing, a folder, not readable, empty, or in a format that is not text.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise Refused(_("{file} is no file on a disk; save it as one first.").format(file=path))
        with path.open("rb") as file:
            head = file.read(BLOCK)
    except FileNotFoundError:
        raise Refused(_("There is no file {file}.").format(file=path)) from None
    except IsADirectoryError:
        raise Refused(_("{file} is a folder; name the files in it.").format(file=path)) from None
    except PermissionError:
        raise Refused(_("You may not read {file}.").format(file=path)) from None
    except OSError as error:
        raise Refused(_("{file} cannot be read: {why}.").format(file=path, why=error.strerror)) from error
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise Refused(_("{file} is empty; there is nothing to import.").format(file=path))
    for magic, kind in _OTHER_FORMATS:
        if head.startswith(magic):
            raise Refused(
                _("{file} is not an address file but {kind}.").format(file=path, kind=_(kind)),
                _("Save it as CSV or vCard, and import that."),
            )
    wide = _wide(head) or _marked(head)
    controls = len(_CONTROLS.findall(head)) + (0 if wide else head.count(0))
    if controls > 8 and controls * 20 > len(head) and wide != "utf-16":
        raise Refused(
            _("{file} is not an address file: it holds no text.").format(file=path),
            _("Save it as CSV or vCard, and import that."),
        )


def find_encoding(path: Path) -> Encoding:
    """The set a file is written in, after reading it through once."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
        if name := _marked(head):
            return Encoding(name, True)
        if name := _wide(head):
            return Encoding(name, True)
    if _is_utf8(path):
        return Encoding("utf-8", True)
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    letters, strays = _counted(sample)
    if strays * 20 < letters:
        return Encoding("utf-8", False)
    return Encoding(_best_8bit(sample), False)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _marked(head: bytes) -> str:
    """The set a byte-order mark tells, or nothing."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: more than a fifth NULs, all on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if (even + odd) * 5 < len(head) or not head:
        return ""
    if odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd else ""


def _best_8bit(raw: bytes) -> str:
    """The 8-bit set that makes the most Danish letters; Windows-1252 unless another makes twice as many."""

    def danish(name: str) -> int:
        return sum(1 for letter in decode_8bit(raw, name) if letter in _DANISH)

    usual = danish("cp1252")
    best = max(EIGHT_BIT[1:], key=danish)
    return best if danish(best) > 2 * usual + 1 else "cp1252"


def text_blocks(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """The text of a file, a block at a time, without its byte-order mark and without NULs."""
    errors = "easir-strays" if encoding.name.startswith("utf-8") else "ignore"
    decoder = codecs.getincrementaldecoder(encoding.name)(errors)
    while block := file.read(BLOCK):
        yield decoder.decode(block).replace("\0", "")
    yield decoder.decode(b"", True).replace("\0", "")


def repaired(text: str) -> str:
    """`text` with letters that were read in the wrong set on their way here put right: "JÃ¸rgen" is Jørgen.

    Only when the whole of it can be: then it is no accident, for no name looks like that.
    """
    if text.isascii() or not any(sign in text for sign in "ÃÂâ"):
        return text
    try:
        again = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
    return again if again != text else text
