"""Commands of the screen of users and teams."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Users and teams")


def _may(screen: object) -> bool:
    return not getattr(screen, "shows_teams", False)


EDIT = Command("people.edit", "E", N_("Edit"), N_("Change the profile of a user, or a team"), "edit", GROUP, True)
ROLE = Command("people.role", "r", N_("Role"), N_("Let the user be something else"), "role", GROUP, True, _may)
LEAVE = Command(
    "people.leave", "X", N_("Let out"), N_("Let the user in no longer, or again"), "leave_team", GROUP, True, _may
)
GIVE = Command(
    "people.give", "v", N_("Give away"), N_("Give what the user has open to a colleague"), "give", GROUP, True, _may
)

ALL = (EDIT, ROLE, LEAVE, GIVE)
