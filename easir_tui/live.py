"""What colleagues save while one looks: screens are told, clocks run, mail comes and goes, a new day begins."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from textual.screen import Screen

from easir_tui import clock
from easir_tui.data.changes import Changes, Feed
from easir_tui.errors import Refused
from easir_tui.postman import Postman
from easir_tui.screens.commanded import Commanded
from easir_tui.widgets.terminal_app import TerminalApp

LOOK_EVERY = 1.0
"""Seconds between two looks at what colleagues saved."""

CLOCKS_EVERY = 60
"""Looks between two runs of the clocks of leads, and of the drop folder."""


class LiveApp(TerminalApp):
    """An application that stays true to its database; whose `me`, `store` and `settings` are set before it is made."""

    last_words: str
    """What to say on the terminal after the end."""

    def __init__(self) -> None:
        self._kept: dict[str, Screen[Any]] = {}
        """The screens of the places that were gone to, by name."""
        self._feed = Feed(self.me.user_id)
        self._looking = asyncio.Lock()
        self._day = clock.today(self.zone)
        self._watch: asyncio.Task[None] | None = None
        self.postman = Postman(self.store.path, self.ask, partial(self.say, bad=True))
        self._missed: dict[Screen[Any], Changes] = {}
        """What was saved while a screen was hidden."""
        self._stale: set[Screen[Any]] = set()
        """Screens that are to read everything again."""
        super().__init__()

    def begin_watching(self) -> None:
        """Look for changes from now on, for as long as the application runs."""
        self._watch = asyncio.create_task(self._watch_changes())

    async def on_unmount(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()

    async def _watch_changes(self) -> None:
        stumbled = False
        looks = 0
        while True:
            try:
                await self.look_for_changes()
                if looks % CLOCKS_EVERY == 0:
                    await self._run_clocks()
                await self.postman.look(looks)
                looks += 1
            except Refused:
                pass  # busy or full for a moment: the next look says the same and more
            except Exception as error:  # noqa: BLE001 - one bad look must not end the watching
                if not stumbled:
                    self.stumble(error)
                stumbled = True
            await asyncio.sleep(LOOK_EVERY)

    async def _run_clocks(self) -> None:
        """Mark leads that wait too long, and take in what lies in the drop folder."""
        from easir_tui.crm import lead_clocks

        if await self.ask(lead_clocks.has_run_out):
            await self.tell(lead_clocks.escalate)
        if self.settings.lead_folder:
            from easir_tui.crm import lead_drop

            folder = Path(self.settings.lead_folder).expanduser()
            for taken in await self.store.tell(partial(lead_drop.take_all, folder)):
                if taken.problem:
                    self.say(f"{taken.name}: {taken.problem}", bad=True)

    async def look_for_changes(self) -> None:
        """Tell the screens what was saved since the last look; those that are hidden hear it when they are shown."""
        async with self._looking:
            changes = await self.store.ask(self._feed.news)
        tables = changes.tables if changes is not None else frozenset()
        new_day = self._midnight()
        if "company_setting" in tables:
            await self._take_up_company()
        if new_day or "company_setting" in tables:
            self._begin_anew()
        for screen in reversed(list(self.screen_stack)):
            if isinstance(screen, Commanded) and screen.is_mounted:
                if changes is not None:
                    self._missed[screen] = _joined(self._missed.get(screen), changes)
                if self._is_seen(screen):
                    await self.catch_up(screen)
        if tables & {"app_user", "membership"}:
            await self._look_at_me()
        if new_day or tables & {"task", "contact", "lead", "membership", "mail"}:
            await self.count()

    async def _take_up_company(self) -> None:
        """What an admin set for everybody holds here too."""
        from easir_tui.crm import users

        await self.store.ask(users.take_up_company)

    async def _look_at_me(self) -> None:
        """A change of role or team counts at once; who is let in no longer is shown out, what they typed kept."""
        from easir_tui.crm import users

        try:
            self.me = await self.store.ask(partial(users.log_in, self.me.login))
        except Refused as error:
            self.last_words = str(error)
            await self.leave()

    def _midnight(self) -> bool:
        """Whether a new day has begun: what was today is overdue or yesterday, on every screen (faults 59)."""
        day, self._day = self._day, clock.today(self.zone)
        return day != self._day

    def _begin_anew(self) -> None:
        """What stands on every screen reads otherwise from now on, though nobody changed a record."""
        self._stale = {*self.screen_stack, *self._kept.values()}

    def _anew(self) -> Changes:
        """News that lets a screen read everything again, and names nobody."""
        shown = (getattr(screen, "contact_id", None) for screen in (*self.screen_stack, *self._kept.values()))
        tables = frozenset({"task", "contact", "account", "activity", "sales_case", "lead"})
        return Changes(tables, frozenset(filter(None, shown)), rows=frozenset(), users=frozenset(), own=True)

    def _is_seen(self, screen: Screen[Any]) -> bool:
        stack = self.screen_stack
        at = stack.index(screen)
        return all(above.is_modal for above in stack[at + 1 :])

    async def _tell_screen(self, screen: Commanded[Any], changes: Changes) -> None:
        try:
            await screen.changed(changes)
        except Refused as error:
            self.report(error)
        except Exception as error:  # noqa: BLE001 - a screen that cannot refresh must not stop the others
            if self.is_running and screen.is_attached:  # Else it was closed while it asked, with all that is on it.
                self.stumble(error)

    async def catch_up(self, screen: Screen[Any]) -> None:
        """A screen is shown again: tell it what it missed."""
        if not isinstance(screen, Commanded):
            return
        missed, stale = self._missed.pop(screen, None), screen in self._stale
        self._stale.discard(screen)
        if missed is not None:
            await self._tell_screen(screen, missed)
        if stale:
            await self._tell_screen(screen, self._anew())

    async def fetch_mail(self) -> dict[str, Any] | None:
        """Look for new mail now, and wait for it."""
        found = await self.postman.fetch()
        await self.look_for_changes()
        return found

    async def count(self) -> None:
        """How much waits at each place, shown in the top bars."""
        from easir_tui.crm import counts

        self.counts = await self.ask(counts.waiting)
        for screen in self.screen_stack:
            if isinstance(screen, Commanded):
                screen.show_counts(self.counts)


def _joined(first: Changes | None, second: Changes) -> Changes:
    if first is None:
        return second
    return Changes(
        tables=first.tables | second.tables,
        contacts=first.contacts | second.contacts,
        rows=first.rows | second.rows,
        users=first.users | second.users,
        since=min(first.since, second.since),
        own=first.own and second.own,
    )
