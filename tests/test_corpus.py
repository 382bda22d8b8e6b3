"""Files of real programs and public test suites, where they lie beside the repository: all of them import.

No crash, no letter lost, nobody doubled by a second run, and undo takes all of it back. The files are not ours to
ship, so without them these tests are skipped and say so.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import vobject

from easir_tui.channels.address_file import open_address_file, records
from easir_tui.channels.content_lines import read_cards
from easir_tui.channels.encodings import LOST
from easir_tui.channels.records import ContactRecord, Unreadable
from easir_tui.channels.vcard import lines_of, parse, write
from easir_tui.crm import contacts, imports, undo
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import rows, value

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
FILES = sorted([*CORPUS.glob("vcard/*.vcf"), *CORPUS.glob("csv/*.csv")])
WITHOUT_ANYBODY = {"vobject--issue64.vcf"}
"""A card that holds a picture and nothing else."""

pytestmark = pytest.mark.skipif(not FILES, reason=f"there are no files in {CORPUS.parent.name}/{CORPUS.name}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_imports(path: Path, me: Me) -> None:
    """Created, then unchanged; everything stored can be opened and saved; undone without a rest."""
    file = open_address_file(path)
    first = imports.run(me, [file])
    assert first.counts.created or path.name in WITHOUT_ANYBODY
    assert first.counts.created + first.counts.skipped == first.counts.records
    stored = (
        repr(rows("SELECT * FROM contact")) + repr(rows("SELECT * FROM account")) + repr(rows("SELECT * FROM activity"))
    )
    assert LOST not in stored
    for (contact_id,) in rows("SELECT id FROM contact"):
        one = contacts.show(me, contact_id)
        assert one.name not in ("", "?")
        assert "=C3" not in one.name
        contacts.change(
            me, one.id, one.version, emails=one.emails, phones=one.phones, custom=one.custom, birthday=one.birthday,
            street=one.street, city=one.city, first_name=one.first_name, last_name=one.last_name,
        )  # fmt: skip
    again = imports.run(me, [file])
    assert (again.counts.created, again.counts.updated) == (0, 0)
    assert again.counts.unchanged == first.counts.created
    if first.event_id is not None:
        undo.undo(me, first.event_id)
    assert value("SELECT count(*) FROM contact WHERE deleted_at IS NULL") == 0


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".vcf"], ids=lambda path: path.name)
def test_a_card_is_kept_whole(path: Path) -> None:
    """Byte for byte, and what is written of it reads back the same."""
    file = open_address_file(path)
    with path.open("rb") as opened:
        assert b"".join(card.source() for card in read_cards(lines_of(opened, file.encoding))) == path.read_bytes()
    for _bytes, record in records(file):
        if isinstance(record, Unreadable):
            assert path.name in WITHOUT_ANYBODY
            continue
        again = parse(write(record))
        assert isinstance(again, ContactRecord)
        for name in (
            "first_name",
            "last_name",
            "company",
            "emails",
            "phones",
            "addresses",
            "note",
            "birthday",
            "custom",
        ):
            assert getattr(again, name) == getattr(record, name), name


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".vcf"], ids=lambda path: path.name)
def test_another_reader_agrees(path: Path) -> None:
    """vobject finds the same names, addresses and numbers in the cards it can read at all."""
    try:
        others = list(vobject.readComponents(path.read_text(encoding="utf-8"), allowQP=True))
    except (vobject.base.ParseError, UnicodeDecodeError, ValueError) as error:
        pytest.skip(f"vobject cannot read it: {error}")
    with path.open("rb") as opened:
        ours = list(read_cards(lines_of(opened, open_address_file(path).encoding)))
    for card, other in zip(ours, others, strict=False):
        if card.version == "2.1":
            continue
        for name in ("fn", "email", "tel", "uid", "note"):
            if name == "fn" and any(b"," in line.raw.replace(b"\\,", b"") for line in card.all("FN")):
                continue  # It ends a name at a comma without a backslash.
            theirs = [str(line.value).replace("\\:", ":").strip() for line in other.contents.get(name, [])]
            assert [line.text().strip() for line in card.all(name.upper())] == theirs, name


def test_all_of_them_at_once(me: Me) -> None:
    """Where several files hold one person, a second run still changes nothing."""
    files = [open_address_file(path) for path in FILES]
    first = imports.run(me, files)
    again = imports.run(me, files)
    assert (again.counts.created, again.counts.updated, again.counts.skipped) == (0, 0, first.counts.skipped)
    looked = imports.preview(me, files)
    assert looked.counts == again.counts


def test_names_come_out_right(me: Me) -> None:
    """Letters of every file that has some."""
    imports.run(me, [open_address_file(path) for path in FILES])
    names = {name for (name,) in rows("SELECT name FROM contact")} | {
        name for (name,) in rows("SELECT name FROM account")
    }
    assert {"John Doë", "Jörg Müller", "최유림", "Ñ Ñ Ñ Ñ", "Frank Dawson", "Wile E. Coyote", "ACME Inc."} <= names
    assert "Ñ" * 44 in names
