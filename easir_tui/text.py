"""Text: cleaned on its way in and out, folded for searching, keyed for Danish order, cut to cells.

`accept` is the door every typed, imported or piped text comes in through, `clean` the one place it passes
on its way to a terminal: control characters and direction marks become visible signs there, whatever wrote
the row (faults 91). Neither knows markup; text from people is never parsed as such (faults 89). Searching
and ordering work on forms of our own, because neither SQLite nor FTS5 knows Danish letters (faults 69, 70).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of what follows, and so can make a name read as another (faults 91)."""

_UNWANTED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")

_DROPPED_SIGNS = frozenset("\u00ad\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
"""Without a picture and without a width; a soft hyphen would have one in some terminals and not in others."""

_JOINERS = frozenset("\u200c\u200d")
"""Part of Persian words and of emoji families; harmless anywhere but in front."""

_STRAY_JOINER = re.compile(
    "(?<![\u2190-\u32ff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u32ff\U0001f000-\U0001faff])"
)
"""A zero-width joiner that joins no emoji; measured, it would swallow the cell of its neighbour."""


def accept(text: str, newlines: bool = True) -> str:
    """A text as it may be stored: NFC, `\\n` line ends, no control characters, no direction marks, no blank ends.

    Lone surrogates, which Python makes of bytes it could not decode, are read as Windows-1252, so that
    nothing stored can ever fail to print. Never raises. With `newlines=False` line ends become spaces.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    if _SURROGATES.search(text):
        text = _repaired(text)
    text = _LINE_ENDS.sub("\n", text)
    if not newlines:
        text = text.replace("\n", " ").replace("\t", " ")
    text = _UNWANTED.sub("", text)
    return unicodedata.normalize("NFC", text).strip()


def _repaired(text: str) -> str:
    """`text` with every surrogate resolved: pairs joined, escaped bytes decoded, the rest left out."""

    def decoded(match: re.Match[str]) -> str:
        raw = match[0].encode("utf-8", "surrogateescape")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", "ignore")

    joined = re.sub(
        "[\ud800-\udbff][\udc00-\udfff]",
        lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"),
        text,
    )
    return _SURROGATES.sub("", _ESCAPED_BYTES.sub(decoded, joined))


def clean(text: str, newlines: bool = False) -> str:
    """A text as a terminal may be given it: nothing in it can move the cursor, colour, retitle, reorder or reply.

    ESC and other controls show as their pictures (␛), C1 controls and direction marks as their numbers
    (‹202E›), a tab as a space, a line end as ⏎ unless `newlines`. Brackets stay as they are: the result is
    text, never markup (faults 89, 91).
    """
    if text.isprintable() and (not text or text[0] < "\u0300"):
        return text
    text = _STRAY_JOINER.sub("", _LINE_ENDS.sub("\n", text))
    shown: list[str] = []
    at_start = True
    for character in text:
        if character == "\n":
            shown.append("\n" if newlines else "⏎")
            at_start = newlines
            continue
        sign = character if character.isprintable() else _visible(character)
        if at_start and sign and (sign in _JOINERS or unicodedata.category(sign[0]) in ("Mn", "Me", "Mc")):
            sign = "" if sign in _JOINERS or "\ufe00" <= sign <= "\ufe0f" else "◌" + sign
        if sign:
            shown.append(sign)
            at_start = False
    return "".join(shown)


@lru_cache(maxsize=512)
def _visible(character: str) -> str:
    """What stands for one character that does not print."""
    code = ord(character)
    if character == "\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if character in _DROPPED_SIGNS or 0xE0000 <= code <= 0xE007F:
        return ""
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return f"‹{code:02X}›"
    return character


# Folding and searching -----------------------------------------------------------------------------

_WORDS = re.compile(r"[^\W_]+")
_INNER_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’´`](?=[^\W\d_])")
_SPELLED_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_][./]){1,4}[^\W\d_](?![^\W_])")

_SPELLED_OUT = str.maketrans(
    {"å": "aa", "ä": "ae", "æ": "ae", "ǽ": "ae", "ø": "oe", "ǿ": "oe", "ö": "oe", "œ": "oe", "ü": "ue"}
    | {"ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)
_LAZY = {"aa": "a", "å": "a", "ä": "a", "oe": "o", "ø": "o", "ö": "o", "œ": "o", "ü": "u"}
"""What people type who have, or use, no Danish keys: the letter without its ring, stroke or dots."""

_LAZY_SITE = re.compile("(" + "|".join(_LAZY) + ")")


def fold(text: str) -> str:
    """`text` without case and accents, Danish letters spelled out: æ ae, ø oe, å aa, ß ss (faults 69).

    Any beginning of `text` folds to a beginning of the fold, so a search as you type never loses a hit.
    """
    return _stripped(_composed(text))


def search_tokens(text: str) -> list[str]:
    """The words of `text` as the search index holds them: each as folded, and as people without Danish keys type it.

    "Nørgård" gives noergaard, norgaard, noergard and norgard. Words are runs of letters and digits; O'Brien
    gives obrien besides o and brien, H.C. gives hc besides h and c. No word twice.
    """
    composed = _composed(text)
    folded = _stripped(composed)
    tokens = dict.fromkeys(_WORDS.findall(folded))
    if _LAZY_SITE.search(composed):
        for word in _WORDS.findall(composed):
            pieces = _LAZY_SITE.split(word)
            if len(pieces) > 1:
                for form in _forms(pieces):
                    tokens.update(dict.fromkeys(_WORDS.findall(_stripped(form))))
    if _INNER_APOSTROPHE.search(folded):
        tokens.update(dict.fromkeys(_WORDS.findall(_INNER_APOSTROPHE.sub("", folded))))
    for spelled in _SPELLED_INITIALS.findall(folded):
        tokens[re.sub(r"[./]", "", spelled)] = None
    return list(tokens)


def _forms(pieces: list[str]) -> list[str]:
    """A word, parted at each letter that may be typed lazily, with every choice of those that are.

    Up to three such letters are chosen one by one (Aagaard, aagard, agaard, agard), more of them together.
    """
    if len(pieces) > 7:
        return ["".join(pieces), _lazy("".join(pieces))]
    forms = [""]
    for piece in pieces:
        choices = (piece, _LAZY[piece]) if piece in _LAZY else (piece,)
        forms = [form + choice for form in forms for choice in choices]
    return forms


def _lazy(composed: str) -> str:
    return _LAZY_SITE.sub(lambda site: _LAZY[site[0]], composed)


def query_words(text: str) -> list[tuple[str, ...]]:
    """The words of a typed query; each is a tuple of prefixes of which one must be in the index, and all words must be.

    The first is the folded word. A word of four letters or more with a Danish or foreign letter may also
    match its lazy form, so that "søren" finds a Soren; shorter ones may not, or "å" would find every a.
    Nothing typed is ever syntax (faults 71): marks only part the words.
    """
    words: list[tuple[str, ...]] = []
    for typed in _WORDS.findall(_composed(text)):
        full = _WORDS.findall(_stripped(typed))
        lazy = _WORDS.findall(_stripped(_lazy(typed)))
        for word, other in zip(full, lazy, strict=False):
            if other != word and len(word) >= 4 and not typed.isascii():
                words.append((word, other))
            else:
                words.append((word,))
    return words


def _composed(text: str) -> str:
    """Lower case (casefold: `lower` treats a final sigma by its neighbours) and NFC, without accents left over."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return _without_marks(composed) if max(composed) >= "\u0300" else composed


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) != "Mn")


def _stripped(composed: str) -> str:
    """`composed` with special letters spelled out and all other accents taken off."""
    if composed.isascii():
        return composed
    plain = composed.translate(_SPELLED_OUT)
    if plain.isascii():
        return plain
    return _without_marks(unicodedata.normalize("NFKD", plain)).casefold()


# Danish order --------------------------------------------------------------------------------------

_ORDER = str.maketrans(
    {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "œ": "|", "å": "}", "ü": "y", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"{": "(", "|": "!", "}": ")", "~": "-"}
)
_LEADING_SIGNS = re.compile(r"^[^\w{|}]+(?=[\w{|}])")


def sort_key(text: str) -> str:
    """A key whose bytes stand in Danish order: … z æ ø å, with aa as å (faults 70).

    æ, ø and å become `{`, `|` and `}`, which follow z in ASCII, so any database sorts them without a
    collation. ä counts as æ, ö as ø, ü as y; other accents, case and quotation marks in front do not count.
    Aa is å in every word, as in Aalborg; the rare Isaac is sorted with it.
    """
    key = " ".join(_composed(text).split()).replace("aa", "å").translate(_ORDER)
    if not key.isascii():
        key = _without_marks(unicodedata.normalize("NFKD", key)).casefold()
    return _LEADING_SIGNS.sub("", key)


# Cells ---------------------------------------------------------------------------------------------

_SIMPLE = re.compile("[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027‹›…⏎␛✉☎⚑◆✔✘•·●│─]*")
"""Text of one cell a character, by far the most; the rest is measured by the tables Textual uses."""


def cells(text: str) -> int:
    """How many terminal cells `text` takes; 2 for most CJK letters and emoji."""
    if _SIMPLE.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, ending in … if it was longer; letters keep their marks (faults 98)."""
    if width <= 0:
        return ""
    if cells(text) <= width:
        return text
    if _SIMPLE.fullmatch(text):
        return text[: width - 1] + "…"
    room = width - 1
    kept: list[str] = []
    for grapheme, wide in _graphemes(text):
        if wide > room:
            break
        kept.append(grapheme)
        room -= wide
    return "".join(kept) + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells: cut, or filled with spaces behind it (in front of it if `right`)."""
    text = cut(text, width)
    filling = " " * (width - cells(text))
    return filling + text if right else text + filling


def _graphemes(text: str) -> list[tuple[str, int]]:
    """What a reader takes for one letter each, with its cells; the two halves of a flag stay together."""
    from rich.cells import split_graphemes

    spans, _total = split_graphemes(text)
    found: list[tuple[str, int]] = []
    half_flag = False
    for start, end, wide in spans:
        piece = text[start:end]
        is_half = "\U0001f1e6" <= piece[0] <= "\U0001f1ff"
        if is_half and half_flag:
            before, before_wide = found.pop()
            found.append((before + piece, before_wide + wide))
            half_flag = False
        else:
            found.append((piece, wide))
            half_flag = is_half
    return found


# Small ones ----------------------------------------------------------------------------------------


def first_line(text: str) -> str:
    """The first line of `text` that says something, without blanks around it; "" if there is none."""
    for line in text.splitlines():
        if line.strip():
            return line.strip()
    return ""


def initials(name: str) -> str:
    """Up to three capitals for a name: the first two and the last of its words ("SKM" for Søren Kjær Mikkelsen)."""
    letters = [word[0].upper() for word in re.findall(r"[^\W\d_][^\s-]*", name)]
    if len(letters) > 3:
        letters = [*letters[:2], letters[-1]]
    return "".join(letters)
