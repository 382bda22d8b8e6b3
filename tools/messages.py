"""Keep the Danish catalog in step with the program.

    python tools/messages.py            collect every message, update the .po file, compile the .mo file
    python tools/messages.py --check    change nothing; exit 1 if the files are not what they would become

Messages are the first texts of `_`, `N_`, `ngettext` and `pgettext`. A translation is kept as long as its
English text is in the program, dropped with it, and never guessed from a similar one. The files hold no
dates and no line numbers, so that they change only when a text does. Needs babel, a test dependency.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "easir_tui"
PO = PACKAGE / "locale" / "da" / "LC_MESSAGES" / "easir.po"
MO = PO.with_suffix(".mo")

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def collect() -> Catalog:
    """Every message of the package, with the files it is in."""
    found = empty()
    for source in sorted(PACKAGE.rglob("*.py")):
        name = source.relative_to(ROOT).as_posix()
        for _line, message, _comments, context in extract_from_file("python", source, keywords=KEYWORDS):
            if message and message != ("", ""):
                found.add(message, locations=[(name, None)], context=context)
    return found


class DanishCatalog(Catalog):
    """A catalog whose header is the same whoever writes it, with whichever babel."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "EASI'R"),
            ("Language", "da"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def empty() -> Catalog:
    """A Danish catalog without messages."""
    return DanishCatalog(locale="da", header_comment="# The Danish texts of EASI'R.", fuzzy=False)


def merged() -> Catalog:
    """The messages of the program with the translations there are."""
    known = read_po(io.BytesIO(PO.read_bytes()), locale="da") if PO.exists() else empty()
    fresh = collect()
    for message in fresh:
        if message.id and (old := known.get(message.id, message.context)) and old.string and not old.fuzzy:
            same_kind = isinstance(old.string, tuple | list) == message.pluralizable
            if same_kind:
                message.string = old.string
    return fresh


def as_po(catalog: Catalog) -> bytes:
    """The text of the .po file."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The bytes of the .mo file, of the translated messages."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The English texts that have no Danish one, or only one of two forms."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not all(message.string if isinstance(message.string, tuple | list) else [message.string])
    ]


def main() -> int:
    """Update or check; prints the texts still to be translated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if something would change")
    arguments = parser.parse_args()
    catalog = merged()
    missing = untranslated(catalog)
    files = {PO: as_po(catalog), MO: as_mo(catalog)}
    stale = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    for text in missing:
        print(f"not translated: {text!r}")
    if arguments.check:
        for path in stale:
            print(f"out of date: {path.relative_to(ROOT)}; run python tools/messages.py")
        return 1 if stale or missing else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path])
    print(f"{len(catalog)} messages, {len(missing)} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
