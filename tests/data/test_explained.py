"""What goes wrong below, in words: what it is and what to do about it."""

from __future__ import annotations

import os
from types import SimpleNamespace

import apsw
import pytest

from easir_tui.crm import undo
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Contact
from easir_tui.data.sqlite import explained
from easir_tui.errors import StoreProblem


@pytest.mark.parametrize(("free", "said"), [(0, "The disk is full"), (1, "The disk did not answer")])
def test_a_disk_too_full_to_begin_on_is_called_full(
    me: Me, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    """SQLite calls it an input/output error when there is no room for its shared memory."""
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_bavail=free))
    with pytest.raises(StoreProblem, match=said), explained():
        raise apsw.IOError("disk I/O error")


@pytest.mark.parametrize(("writable", "said"), [(True, "^The file .*easir.db cannot"), (False, "^The folder of ")])
def test_a_file_of_another_owner_is_told_from_its_folder(
    me: Me, monkeypatch: pytest.MonkeyPatch, writable: bool, said: str
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: writable)
    with pytest.raises(StoreProblem, match=said), explained():
        raise apsw.ReadOnlyError("attempt to write a readonly database")


def test_counts_in_a_step_are_written_as_numbers(me: Me) -> None:
    counts = {"created": 19000, "updated": 0, "file": "{x}.csv"}
    with step(me, "imported {created} new and {updated} changed contacts from {file}", counts) as work:
        work.add(Contact, kind="private", account_id=1, first_name="Ole", responsible_id=me.user_id)
    assert undo.last_steps(me)[0].what == "imported 19,000 new and 0 changed contacts from {x}.csv"
