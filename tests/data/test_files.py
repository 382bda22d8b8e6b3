"""The bytes of attachments: once each, whole or not at all, and known by what they hold."""

from __future__ import annotations

import io
import os
import time

import pytest

from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.journal import step
from easir_tui.data.models import Attachment
from easir_tui.errors import NotFound, Refused

from .test_journal import person


def attach(me: Me, contact_id: int, content: bytes) -> str:
    kept = files.keep(io.BytesIO(content))
    with step(me, "attached a file", contact_id=contact_id) as adding:
        adding.add(Attachment, contact_id=contact_id, name="a.pdf", media_type=kept.media_type, size=kept.size,
                   sha256=kept.sha256)  # fmt: skip
    return kept.sha256


def test_the_same_bytes_are_stored_once_and_come_back(anna: Me) -> None:
    contact_id = person(anna)
    first = attach(anna, contact_id, b"%PDF-1.7 hello")
    assert attach(anna, contact_id, b"%PDF-1.7 hello") == first
    assert files.path_of(first).read_bytes() == b"%PDF-1.7 hello"
    assert len([place for place in files.folder().glob("*/*") if place.is_file()]) == 1


def test_sweeping_takes_only_what_no_row_points_at(anna: Me) -> None:
    """Faults 81 and 82: an abandoned upload of the same content does not take the kept one along."""
    contact_id = person(anna)
    kept = attach(anna, contact_id, b"kept")
    files.keep(io.BytesIO(b"kept"))
    lost = files.keep(io.BytesIO(b"abandoned")).sha256
    old = time.time() - 100_000
    for place in files.folder().glob("*/*"):
        os.utime(place, (old, old))
    assert files.sweep() == 1
    assert files.path_of(kept).is_file()
    with pytest.raises(NotFound):
        files.path_of(lost)


def test_nothing_and_too_much_are_refused_and_leave_nothing(anna: Me, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="empty"):
        files.keep(io.BytesIO(b""))
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(Refused, match="larger"):
        files.keep(io.BytesIO(b"x" * 11))
    assert [place for place in files.folder().glob("*/*") if place.is_file()] == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
        ("Kære Søren".encode(), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b"BEGIN:VCARD\r\n", "text/vcard"),
    ],
)
def test_a_file_is_what_it_holds(content: bytes, kind: str) -> None:
    assert files.media_type(content) == kind
