"""Mail while the application is open: what is due goes out, what has come is fetched, by programs of their own.

A run of `easir mail send` or `easir mail fetch` shares nothing with the screens but the database, so that no server,
however slow or strange, can hold up a key, and what has begun goes on when the application is left.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from easir_tui import config
from easir_tui.crm import unsent
from easir_tui.crm.users import Me

SEND_EVERY = 3
"""Looks between two at what is due."""

FETCH_EVERY = 120
"""Looks between two fetches."""

Ask = Callable[[Callable[[Me], bool]], Awaitable[bool]]


class Postman:
    """Sends and fetches beside the application.

    Args:
        database: the file.
        ask: asks the database something.
        say: tells the person, in a sentence, what keeps their mail.
    """

    def __init__(self, database: Path, ask: Ask, say: Callable[[str], None]) -> None:
        self._database = database
        self._ask = ask
        self._say = say
        self._runs: dict[str, asyncio.Task[dict[str, Any]]] = {}
        self._told: dict[str, str] = {}

    async def look(self, number: int) -> None:
        """The look of this number: begin what is due."""
        if number % SEND_EVERY and number % FETCH_EVERY:
            return
        held = config.mail()
        if number % SEND_EVERY == 0 and held.get("smtp") and await self._ask(unsent.waits):
            self._begin("send", "--due")
        if number % FETCH_EVERY == 0 and held.get("imap"):
            self._begin("fetch")

    async def fetch(self) -> dict[str, Any] | None:
        """Look for new mail now: what came of it, as the command says; None where there is no mailbox."""
        if not config.mail().get("imap"):
            return None
        return await self._begin("fetch")

    def _begin(self, action: str, *more: str) -> asyncio.Task[dict[str, Any]]:
        running = self._runs.get(action)
        if running is None or running.done():
            running = self._runs[action] = asyncio.create_task(self._run(action, *more))
        return running

    async def _run(self, action: str, *more: str) -> dict[str, Any]:
        process = await asyncio.create_subprocess_exec(
            *_command(action, "--json", *more), env=_environment(self._database), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        said, refused = await process.communicate()
        answer: dict[str, Any] = {}
        with suppress(ValueError):
            answer = json.loads(said or b"{}")
        answer["trouble"] = trouble = str(answer.get("trouble") or refused.decode("utf-8", "replace").strip())
        if trouble and trouble != self._told.get(action):
            self._say(trouble)
        self._told[action] = trouble
        return answer


def send_off(database: Path, me: Me) -> None:
    """The application is left: what was saved a moment ago goes out now, for nobody can take it back any more."""
    if config.mail().get("smtp") and any(one.state == "queued" and not one.tries for one in unsent.listed(me)):
        subprocess.Popen(
            _command("send"), env=_environment(database), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _command(action: str, *more: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "easir_tui", "mail", action, *more)


def _environment(database: Path) -> dict[str, str]:
    return {**os.environ, "EASIR_DB": str(database)}
