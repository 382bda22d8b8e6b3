"""The five actions and planning, on whatever a screen says they are about."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import getters

from easir_tui.commands import Command
from easir_tui.screens.base import EasirScreen
from easir_tui.widgets.host import Host


class FiveActions(EasirScreen[None]):
    """A screen with the keys of `commands.contact_page.ACTIVITIES` and `PLAN`."""

    COMMANDS: ClassVar[tuple[Command, ...]] = ()

    app = getters.app(Host)

    @abstractmethod
    async def about(self) -> tuple[int, int | None] | None:
        """The contact and the case an action is about now; None when the person did not want to say.

        Raises:
            Refused: there is no contact.
        """

    async def action_note(self) -> None:
        """Write a note with the activity form."""
        await self._record("note")

    async def action_meeting(self) -> None:
        """Record a meeting; a milestone chosen there moves the case on."""
        await self._record("meeting")

    async def action_email(self) -> None:
        """Write an e-mail."""
        await self._record("email")

    async def action_call(self) -> None:
        """Call, or record a call."""
        await self._record("call")

    async def action_letter(self) -> None:
        """Write a letter."""
        await self._record("letter")

    async def _record(self, kind: str) -> int | None:
        """Show the form; the activity's id, or None when nothing was saved."""
        about = await self.about()
        if about is None:
            return None
        made: int | None = await self.app.show("activity", kind=kind, contact_id=about[0], case_id=about[1])
        return made

    async def action_plan(self) -> None:
        """Plan a task."""
        about = await self.about()
        if about is not None:
            await self.app.show("task", contact_id=about[0], case_id=about[1])
