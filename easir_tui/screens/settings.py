"""One's own settings: what colleagues and customers see of a person, and how the program looks on this login."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from textual.content import Content
from textual.widgets import Static

from easir_tui import clock, config
from easir_tui.commands.everywhere import PLACE_COMMANDS
from easir_tui.config import HOMES, Settings
from easir_tui.crm import people
from easir_tui.language import _
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line, lines
from easir_tui.widgets.fields import Field, Form

LOOKS = ("language", "theme", "home", "ascii", "mouse")
"""Fields that live in the settings file; the others are the person's profile in the database."""


class SettingsScreen(FormScreen):
    """`app.show("settings")`; dismissed with the person's id."""

    KIND = "settings"
    contact_id = None

    def draft_key(self) -> str:
        """One for each person."""
        return "settings"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {}

    async def build(self) -> Form:
        """The profile and the settings as they are now."""
        held = await self.app.ask(people.profile)
        self.version = held.version
        self.query_one("#form-head", Static).update(line((_("Settings"), "title"), "  ", (held.login, "strong")))
        info = self.query_one("#form-info", Static)
        info.display = True
        file = _("Looks and own keys: {file}").format(file=_short(str(config.settings_path())))
        info.update(lines(line((file, "dim")), self._elsewhere()))
        says = asdict(held)
        profile = [
            Field("full_name", _("Name"), required=True),
            Field("initials", _("Initials")),
            Field("email", _("E-mail")),
            Field("phone", _("Phone")),
            Field("zone", _("Time zone"), hint=clock.DEFAULT_ZONE, required=True),
            Field("from_name", _("Mail is from"), hint=held.full_name),
            Field("from_address", _("Mail address"), hint=held.email or _("an e-mail address")),
            Field("signature", _("Signature"), "long", rows=3, hint=_("stands under every mail")),
        ]
        profile = [replace(field, value=says[field.name]) for field in profile]
        return Form([*profile, *_looks(self.app.settings)], id="form")

    def _elsewhere(self) -> Content:
        """Where the rest is set up: a command and its keys, for each of those places."""
        parts: list[tuple[str, str]] = []
        for command in PLACE_COMMANDS:
            if command.id in ("go.keys", "go.people", "go.paths", "go.templates"):
                parts += [("  " if parts else "", ""), (self.signs_of(command), "key"), (" ", ""),
                          (_(command.title), "dim")]  # fmt: skip
        return line(*parts)

    async def save(self) -> int | None:
        """The file first, which can be written twice; then the profile, which somebody may have changed."""
        assert self.form is not None
        values = self.form.changed()
        if values is None:
            return None
        looks = {name: values.pop(name) for name in LOOKS if name in values}
        settings = config.update_settings(**looks) if looks else self.app.settings
        me = self.app.me.user_id
        if values:
            await self.app.tell(people.change_profile, me, self.version, **values)
        await self.forget()
        self.app.say(_("Your settings are saved."), undo=bool(values))
        if looks:
            self.app.call_later(self.app.follow, settings)
        return me


def _looks(settings: Settings) -> list[Field]:
    """How the program looks and begins."""
    themes = (("", _("as the terminal can")), ("dark", _("dark")), ("light", _("light")), ("ansi", _("the terminal's")))
    homes = {"today": _("Today"), "contacts": _("Contacts"), "accounts": _("Accounts"), "cases": _("Cases"),
             "leads": _("Leads"), "tasks": _("Tasks")}  # fmt: skip
    languages = (("", _("as the system")), ("en", "English"), ("da", "Dansk"))
    return [
        Field("language", _("Language"), "choice", value=settings.language, choices=languages),
        Field("theme", _("Colours"), "choice", value=settings.theme, choices=themes),
        Field("home", _("Begin with"), "choice", value=settings.home, choices=[(one, homes[one]) for one in HOMES]),
        Field("ascii", _("Letters for signs"), "yes", value=settings.ascii),
        Field("mouse", _("Mouse"), "yes", value=settings.mouse),
    ]


def _short(path: str) -> str:
    """A path as a person says it."""
    from pathlib import Path

    home = str(Path.home())
    return "~" + path[len(home) :] if path.startswith(home + "/") else path
