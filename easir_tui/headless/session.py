"""Opening the database for one command: the file, the language and the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from easir_tui.crm.users import Me


def begin() -> Me:
    """Open the database this person uses and say who they are; the first person ever becomes its admin.

    Raises:
        Refused: the file cannot be used, or the person is not enrolled.
    """
    from easir_tui import config
    from easir_tui.data.database import open_store

    config.settings()
    open_store(config.database_path())
    from easir_tui.crm import users

    return users.log_in()
