"""An open database of two users for the tests of the data floor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from easir_tui.crm.users import Me, enrol, log_in
from easir_tui.data.database import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "easir.db")
    yield opened
    opened.close()


@pytest.fixture
def anna(store: Store) -> Me:
    return log_in("anna")


@pytest.fixture
def jens(anna: Me) -> Me:
    enrol(anna, "jens", "Jens Bæk")
    return log_in("jens")
