"""Files of a contact: in, out, renamed, removed, brought back; one content stored once."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from easir_tui.crm import attachments, cases, timeline, undo
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.errors import Conflict, Invalid, NotFound, Refused
from tests.crm.made import a_colleague, a_contact

PDF = b"%PDF-1.4 a driving licence"


def test_a_file_without_a_case(me: Me, tmp_path: Path) -> None:
    """The scan of a driving licence: name, type, size, origin, when, who; the bytes come back as they were."""
    ole = a_contact(me)
    scan = tmp_path / "kørekort.pdf"
    scan.write_bytes(PDF)
    file_id = attachments.add_file(me, ole, scan)
    file = attachments.page(me, ole).rows[0]
    assert (file.id, file.name, file.media_type, file.size) == (file_id, "kørekort.pdf", "application/pdf", len(PDF))
    assert (file.origin, file.case_id, file.who) == ("upload", None, "Anna Holm")
    with attachments.open_bytes(me, file_id) as stream:
        assert stream.read() == PDF
    assert "attached kørekort.pdf" in [row.text for row in timeline.history(me, ole).rows]


def test_saving_out_never_overwrites(me: Me, tmp_path: Path) -> None:
    """Faults 46: complete before it has its name, and a name that is taken stays."""
    file_id = attachments.add(me, a_contact(me), io.BytesIO(PDF), "a.pdf")
    first = attachments.save(me, file_id, tmp_path)
    second = attachments.save(me, file_id, tmp_path / "a.pdf")
    assert (first.name, second.name) == ("a.pdf", "a (2).pdf")
    assert first.read_bytes() == second.read_bytes() == PDF
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".easir")] == []
    with pytest.raises(Refused, match="no folder"):
        attachments.save(me, file_id, tmp_path / "nowhere" / "x.pdf")


def test_one_content_is_stored_once_and_stays_for_the_other(me: Me) -> None:
    """Faults 81 and 82: removing one row leaves the bytes that another row, or undo, needs."""
    ole, bo = a_contact(me), a_contact(me, first_name="Bo")
    first = attachments.add(me, ole, io.BytesIO(PDF), "a.pdf")
    second = attachments.add(me, bo, io.BytesIO(PDF), "b.pdf")
    attachments.remove(me, first, 1)
    assert attachments.page(me, ole).rows == ()
    files.sweep(older_than=-1)
    with attachments.open_bytes(me, second) as stream:
        assert stream.read() == PDF
    undo.undo(me)
    with attachments.open_bytes(me, first) as stream:
        assert stream.read() == PDF


def test_what_cannot_be_attached(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, nothing, an empty file, too much: a sentence, and nothing stored."""
    ole = a_contact(me)
    (tmp_path / "empty").write_bytes(b"")
    for path in (tmp_path, tmp_path / "none", tmp_path / "empty"):
        with pytest.raises(Refused):
            attachments.add_file(me, ole, path)
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(Refused, match="larger"):
        attachments.add(me, ole, io.BytesIO(b"x" * 11), "big")
    with pytest.raises(NotFound):
        attachments.add(me, 999, io.BytesIO(b"x"), "x")
    other = cases.create(me, a_contact(me), "hers", path="new_car")
    with pytest.raises(NotFound):
        attachments.add(me, ole, io.BytesIO(b"x"), "x", other)
    assert attachments.page(me, ole).rows == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\bo\\Æblé.docx", "Æblé.docx"),
        ("a\x1b[31mb\x07.txt", "a[31mb.txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("[red]Ole[/red].txt", "red].txt"),
    ],
)
def test_names_lose_their_folders_and_control_characters(given: str, kept: str) -> None:
    """Faults 91."""
    assert attachments.file_name(given) == kept


@pytest.mark.parametrize("given", ["", "   ", "/", "..", "a/.."])
def test_a_file_needs_a_name(given: str) -> None:
    """With a sentence."""
    with pytest.raises(Invalid):
        attachments.file_name(given)


def test_safe_names_are_names_in_a_folder() -> None:
    """No separators, no leading dot, not too many bytes."""
    assert attachments.safe_name("..a/b\0c") == "a_b_c" or "/" not in attachments.safe_name("..a/b\0c")
    assert len(attachments.safe_name("æ" * 300 + ".pdf").encode()) <= 240
    assert attachments.safe_name("æ" * 300 + ".pdf").endswith(".pdf")


def test_a_pipe_is_no_file(me: Me, tmp_path: Path) -> None:
    """Reading one might never end, and hold up everything that waits to be saved."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null"), tmp_path / ("x" * 400)):
        with pytest.raises(Refused):
            attachments.add_file(me, a_contact(me), path)


def test_a_path_with_nobodys_home_is_only_a_path(me: Me, tmp_path: Path) -> None:
    file_id = attachments.add(me, a_contact(me), io.BytesIO(PDF), "a.pdf")
    for target in ("~no-such-person/x", str(tmp_path / ("x" * 400))):
        with pytest.raises(Refused):
            attachments.save(me, file_id, Path(target))
    assert attachments.completions("~no-such-person/x") == []


def test_rename_and_its_conflict(me: Me) -> None:
    """V17."""
    ole, jens = a_contact(me), a_colleague(me)
    file_id = attachments.add(me, ole, io.BytesIO(PDF), "a.pdf")
    attachments.rename(jens, file_id, 1, "his.pdf")
    with pytest.raises(Conflict):
        attachments.rename(me, file_id, 1, "hers.pdf")
    assert attachments.facts(me, file_id).name == "his.pdf"


def test_files_come_in_pages(me: Me) -> None:
    """None twice, none left out."""
    ole = a_contact(me)
    for n in range(7):
        attachments.add(me, ole, io.BytesIO(bytes([n + 1])), f"{n}")
    first = attachments.page(me, ole, size=4)
    rest = attachments.page(me, ole, first.next, size=4)
    assert [row.name for row in (*first.rows, *rest.rows)] == ["6", "5", "4", "3", "2", "1", "0"]
    assert rest.next is None


def test_paths_are_completed(tmp_path: Path) -> None:
    """Folders end in a slash, hidden names only when asked for, folded, hostile names as they are."""
    tmp_path = tmp_path / "papers"
    (tmp_path / "Ønsker").mkdir(parents=True)
    (tmp_path / "øre.txt").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "[b].txt").write_text("x")
    base = f"{tmp_path}/"
    assert attachments.completions(base + "oens") == [f"{base}Ønsker/"]
    assert set(attachments.completions(base)) == {f"{base}Ønsker/", f"{base}øre.txt", f"{base}[b].txt"}
    assert attachments.completions(base + ".h") == [f"{base}.hidden"]
    assert attachments.completions(f"{tmp_path}/none/x") == []
    assert attachments.completions(f"~/{base}oens") == [f"{base}Ønsker/"]


def test_a_disk_without_links_is_saved_to_all_the_same(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick in the FAT format; an existing file is still never written over."""

    def no_links(*_paths: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    file_id = attachments.add(me, a_contact(me), io.BytesIO(b"scan"), "licence.pdf")
    out = tmp_path / "out"
    out.mkdir()
    first, second = (attachments.save(me, file_id, out) for _number in range(2))
    assert (first.name, second.name) == ("licence.pdf", "licence (2).pdf")
    assert first.read_bytes() == second.read_bytes() == b"scan"
    assert sorted(path.name for path in out.iterdir()) == ["licence (2).pdf", "licence.pdf"]
