"""Peewee's database over this process's connections; the models stand on it."""

from __future__ import annotations

from typing import Any

from playhouse.apsw_ext import APSWDatabase

from easir_tui.data import connection


class EasirDatabase(APSWDatabase):  # type: ignore[misc]
    """Takes over the connection its thread already has, when it is first needed there, and closes it for both."""

    def _connect(self) -> Any:
        here = connection.current()
        self._add_conn_hooks(here)
        return here

    def _close(self, conn: Any) -> None:
        connection.close()


database = EasirDatabase("easir", lock_type="IMMEDIATE")
"""The one database; which file it is, and whether it is open in a thread, `connection` knows."""
