"""What is known of a person's calendar on a server: its token, and of each entry its tag and what both sides had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from easir_tui.data.columns import as_json
from easir_tui.data.sqlite import row, rows, run, writing


@dataclass(frozen=True, slots=True)
class Item:
    """An entry on the server that is ours. `base` is what both sides had; `trouble` is "" or what is to be settled."""

    task_id: int | None
    uid: str
    href: str
    etag: str
    base: dict[str, Any]
    trouble: str


class Known:
    """What is known of the calendar at `url`; what was known of another one is forgotten when this one is begun.

    With `dry` nothing is ever written.
    """

    def __init__(self, user_id: int, url: str, dry: bool) -> None:
        self._user_id = user_id
        self._url = url
        self._dry = dry

    def begin(self) -> str:
        """The token of the last round; empty for a calendar that is new."""
        held = row("SELECT url, token FROM calendar_server WHERE user_id = ?", self._user_id)
        if held is not None and held[0] == self._url:
            return str(held[1])
        if not self._dry:
            with writing():
                run("DELETE FROM calendar_item WHERE user_id = ?", self._user_id)
                run("INSERT INTO calendar_server (user_id, url, token) VALUES (?, ?, '') ON CONFLICT (user_id) "
                    "DO UPDATE SET url = excluded.url, token = ''", self._user_id, self._url)  # fmt: skip
        return ""

    def end(self, token: str) -> None:
        """A whole round is done; the next one begins here."""
        if not self._dry:
            with writing():
                run("UPDATE calendar_server SET token = ? WHERE user_id = ?", token, self._user_id)

    def items(self) -> Iterator[Item]:
        """Every entry known of."""
        for task_id, uid, href, etag, held, trouble in rows(
            "SELECT i.task_id, i.uid, i.href, i.etag, i.base, i.trouble FROM calendar_item i "
            "JOIN calendar_server s ON s.user_id = i.user_id WHERE i.user_id = ? AND s.url = ? ORDER BY i.id",
            self._user_id, self._url,
        ):  # fmt: skip
            yield Item(task_id, uid, href, etag, json.loads(held), trouble)

    def remember(self, item: Item) -> None:
        """Write an entry down, in a step of its own or within a larger one."""
        if self._dry:
            return
        with writing():
            run(
                "INSERT INTO calendar_item (user_id, task_id, uid, href, etag, base, trouble) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, uid) DO UPDATE SET task_id = excluded.task_id, "
                "href = excluded.href, etag = excluded.etag, base = excluded.base, trouble = excluded.trouble",
                self._user_id, item.task_id, item.uid, item.href, item.etag, as_json(item.base), item.trouble,
            )  # fmt: skip

    def mark(self, uid: str, trouble: str) -> None:
        """An entry is to be looked at again in every round until it is settled."""
        if not self._dry:
            with writing():
                run("UPDATE calendar_item SET trouble = ? WHERE user_id = ? AND uid = ?", trouble, self._user_id, uid)

    def forget(self, uid: str) -> None:
        """An entry is no longer there."""
        if not self._dry:
            with writing():
                run("DELETE FROM calendar_item WHERE user_id = ? AND uid = ?", self._user_id, uid)
