"""Users and teams: who works here and in which role, who is in which team, and when a team is open."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui.commands import Command, cases_list, lists, people_list
from easir_tui.crm import people, teams, users
from easir_tui.crm.people import ROLES, UserRow
from easir_tui.errors import NeedsConfirmation, Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.signs import sign


class PeopleScreen(EasirScreen[None]):
    """Two lists under one heading; 1 and 2 change between them."""

    PLACE = "people"
    CSS_PATH = "people.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        cases_list.footer(lists.NEW),
        people_list.EDIT,
        people_list.ROLE,
        people_list.LEAVE,
        people_list.GIVE,
        *cases_list.VIEWS[:2],
        lists.DELETE,
        *lists.MOVES,
    )

    app = getters.app(Host)
    users = getters.query_one("#users", RecordList)
    teams = getters.query_one("#teams", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.shows_teams = False
        self.known: dict[int, UserRow] = {}

    def compose_body(self) -> ComposeResult:
        """The heading and both lists, one of them shown."""
        yield Static(id="people-head")
        yield RecordList(
            (
                Column(_("Name"), min=18, share=2), Column(_("Login"), min=8, drop=2), Column(_("Role"), width=12),
                Column(_("Teams"), min=14, share=2, drop=1), Column(_("Cases"), width=6, align="right", drop=3),
                Column(_("Tasks"), width=6, align="right", drop=4), Column(_("State"), width=10),
            ),
            empty="",
            id="users",
        )  # fmt: skip
        yield RecordList(
            (
                Column(_("Team"), min=18, share=2), Column(_("City"), min=10, drop=1),
                Column(_("Members"), width=8, align="right"), Column(_("Accept within"), width=14, align="right"),
                Column(_("Act within"), width=12, align="right"),
            ),
            empty=_("There are no teams: everybody sees everything.\n\nN  makes the first one"),
            id="teams",
        )  # fmt: skip

    async def on_mount(self) -> None:
        """The users first."""
        await self.read()
        await self.action_view(1)

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Users and teams")

    async def read(self) -> None:
        """Both lists as they are now."""
        found = await self.app.ask(people.listed)
        groups = await self.app.ask(teams.listed)
        if not self.is_attached:
            return
        self.known = {one.id: one for one in found}
        ascii_only = self.app.settings.ascii
        here, gone = _("active"), _("left")
        self.users.set_rows([Row(one.id, (
            (one.full_name, "strong" if one.active else "dim"), one.login, _(ROLES[one.role]), one.teams or "–",
            str(one.open_cases or ""), str(one.open_tasks or ""),
            (f"{sign('given', ascii_only)} {here}", "good") if one.active
            else (f"{sign('refused', ascii_only)} {gone}", "dim"),
        )) for one in found])  # fmt: skip
        self.teams.set_rows([Row(one.id, (
            (one.name, "strong"), one.city, str(one.members), self._minutes(one.accept_minutes),
            self._minutes(one.act_minutes),
        )) for one in groups])  # fmt: skip
        self.show_head()

    def _minutes(self, minutes: int | None) -> str:
        return _("no clock") if minutes is None else _("{n} min").format(n=minutes)

    def show_head(self) -> None:
        """Which of the two lists is shown."""
        parts: list[tuple[str, str]] = []
        for number, title, here in ((1, _("Users"), not self.shows_teams), (2, _("Teams"), self.shows_teams)):
            parts += [("  " if parts else "", ""), (f"{number} ", "key"),
                      (f"[{title}]", "title") if here else (title, "dim")]  # fmt: skip
        if not self.app.me.is_admin:
            parts += [("   ", ""), (_("Only an admin changes who may do what."), "dim")]
        self.query_one("#people-head", Static).update(line(*parts))

    async def changed(self, changes: Changes) -> None:
        """Somebody came, left, or changed teams."""
        if changes.tables & {"app_user", "team", "membership", "sales_case", "task"}:
            await self.read()

    async def action_view(self, at: int) -> None:
        """Users or teams."""
        self.shows_teams = int(at) == 2
        self.users.display, self.teams.display = not self.shows_teams, self.shows_teams
        (self.teams if self.shows_teams else self.users).focus()
        self.show_head()
        self.refresh_commands()

    @on(RecordList.Opened)
    def opened(self) -> None:
        """Enter on a row."""
        self.perform(self.action_edit)

    # -- users ------------------------------------------------------------------------------------------

    def _user(self) -> UserRow:
        found = self.known.get(self.users.current_id or 0)
        if found is None or self.shows_teams:
            raise Refused(_("Put the cursor on a user first."), _("1 shows the users."))
        return found

    async def action_new(self) -> None:
        """A colleague, or a team."""
        if self.shows_teams:
            await self.app.show("team_edit")
            return
        groups = await self.app.ask(teams.listed)

        async def save(changed: dict[str, Any], _version: int | None) -> None:
            user_id = await self.app.tell(
                users.enrol, changed.get("login", ""), changed.get("full_name", ""), changed.get("role", "user")
            )
            if changed.get("teams"):
                await self.app.tell(teams.set_teams, user_id, changed["teams"])
            self.app.say(_("{login} may come in.").format(login=changed["login"]), undo=True)

        await self.app.show(EditPanel(_("New user"), [
            Field("login", _("Login"), hint=_("the name the operating system knows"), required=True),
            Field("full_name", _("Name"), hint=_("else the machine's own")),
            Field("role", _("Role"), "choice", value="user", choices=[(key, _(title)) for key, title in ROLES.items()]),
            Field("teams", _("Teams"), "checks", value=(), choices=[(one.id, one.name) for one in groups]),
        ], save=save))  # fmt: skip

    async def action_edit(self) -> None:
        """The profile and teams of a user, or all of a team."""
        if self.shows_teams:
            team_id = self.teams.current_id
            if team_id is not None:
                await self.app.show("team_edit", team_id=team_id)
            return
        user = self._user()
        held = await self.app.ask(people.profile, user.id)
        groups = await self.app.ask(teams.listed)
        mine = await self.app.ask(teams.teams_of, user.id)

        async def save(changed: dict[str, Any], version: int | None) -> None:
            wanted = changed.pop("teams", None)
            if changed:
                await self.app.tell(people.change_profile, user.id, version or held.version, **changed)
            if wanted is not None:
                await self.app.tell(teams.set_teams, user.id, wanted)

        await self.app.show(EditPanel(user.full_name, [
            Field("full_name", _("Name"), value=held.full_name, required=True),
            Field("initials", _("Initials"), value=held.initials),
            Field("email", _("E-mail"), value=held.email),
            Field("phone", _("Phone"), value=held.phone),
            Field("teams", _("Teams"), "checks", value=mine, choices=[(one.id, one.name) for one in groups]),
        ], save=save))  # fmt: skip

    async def action_role(self) -> None:
        """Let the user be something else."""
        user = self._user()
        keys = (("u", "user"), ("t", "team_admin"), ("a", "admin"))
        items = [MenuItem(key, _(ROLES[name]), name) for key, name in keys]
        chosen = await self.app.show(MenuScreen(_("Role of {name}").format(name=user.full_name), items))
        if chosen is not None and chosen != user.role:
            await self.app.tell(people.set_role, user.id, chosen)
            self.app.say(_("{name} is {role} now.").format(name=user.full_name, role=_(ROLES[chosen])), undo=True)

    async def action_leave_team(self) -> None:
        """Let the user in no longer, or again; what they have open is given to somebody first (V10)."""
        user = self._user()
        if not user.active:
            await self.app.tell(people.reactivate, user.id)
            self.app.say(_("{name} may come in again.").format(name=user.full_name), undo=True)
            return
        try:
            await self.app.tell(people.deactivate, user.id)
        except NeedsConfirmation as holds:
            heir = await self._somebody(user, str(holds.sentence))
            if heir is None:
                return
            await self.app.tell(people.deactivate, user.id, heir)
        self.app.say(_("{name} may come in no longer.").format(name=user.full_name), undo=True)

    async def action_give(self) -> None:
        """Give what the user has open to a colleague."""
        user = self._user()
        heir = await self._somebody(user, _("Give what {name} has open to").format(name=user.full_name))
        if heir is not None:
            await self.app.tell(people.reassign, user.id, heir)
            self.app.say(_("What {name} had open is given away.").format(name=user.full_name), undo=True)

    async def _somebody(self, user: UserRow, question: str) -> int | None:
        others = [one for one in await self.app.ask(users.people) if one.user_id != user.id]
        items = [MenuItem(str(at) if at < 10 else " ", one.full_name, one.user_id) for at, one in enumerate(others, 1)]
        chosen: int | None = await self.app.show(MenuScreen(question, items))
        return chosen

    async def action_delete(self) -> None:
        """Put a team away that nothing belongs to."""
        team_id = self.teams.current_id
        if not self.shows_teams or team_id is None:
            raise Refused(_("Users are not deleted: what they did stays theirs."), _("X lets one in no longer."))
        await self.app.tell(teams.remove, team_id)
        self.app.say(_("The team is gone."), undo=True)
