"""Who is at the keyboard, and who else works here.

Every command begins here, so what only an admin needs is imported where it is used.
"""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import dataclass, replace

from easir_tui import clock, text
from easir_tui.data.sqlite import row, rows, value, writing
from easir_tui.errors import Invalid, Refused
from easir_tui.language import N_, _


@dataclass(frozen=True)
class Me:
    """The person a session belongs to."""

    user_id: int
    login: str
    full_name: str
    initials: str
    role: str
    zone: str
    language: str
    first_start: bool = False

    @property
    def is_admin(self) -> bool:
        """Whether this person may do what only an admin may."""
        return self.role == "admin"


@dataclass(frozen=True)
class Person:
    """A colleague, as a picker shows them."""

    user_id: int
    full_name: str
    initials: str
    active: bool


def os_login() -> str:
    """The login name of the process's owner, which nothing in the environment can change."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def log_in(login: str | None = None) -> Me:
    """The user behind an OS login; the first one ever to come becomes the admin.

    Raises:
        Refused: this login is not enrolled, or no longer active.
    """
    name = login or os_login()
    found = _user(name) or _first(name)
    if found is None:
        raise Refused(
            _("{login} is not enrolled here.").format(login=name),
            _("Ask an admin of EASI'R to add you, then start again."),
        )
    take_up_company()
    return found


def _first(login: str) -> Me | None:
    """The first person ever to come, enrolled as the admin; None where somebody is here already."""
    first = False
    if value("SELECT 1 FROM app_user LIMIT 1") is None:
        with writing():
            first = value("SELECT 1 FROM app_user LIMIT 1") is None
            if first:
                _enrol_first(login)
    # Looked up again: another session of the same person may have been first, a moment ago.
    made = _user(login)
    return replace(made, first_start=first) if made is not None else None


def take_up_company() -> None:
    """From here on the relations paths that the company set in the database hold for this process."""
    from easir_tui import relations

    found = value("SELECT value FROM company_setting WHERE key = ? AND deleted_at IS NULL", relations.SETTING)
    relations.use_company(json.loads(found) if found else None)


def role_now(me: Me) -> str:
    """The role the database gives this person at this moment, whatever it was when the session began; or ""."""
    return value("SELECT role FROM app_user WHERE id = ? AND active = 1 AND deleted_at IS NULL", me.user_id) or ""


def require_admin(me: Me) -> None:
    """Go on only if the database says at this moment that this person is an admin.

    Raises:
        Refused: they are not, or no longer.
    """
    if role_now(me) != "admin":
        raise Refused(_("Only an admin can do that."))


def enrol(me: Me, login: str, full_name: str = "", role: str = "user") -> int:
    """Add a user by OS login and return their id; without a full name it is the one the operating system knows.

    Raises:
        Invalid: there is no login.
        Refused: only an admin may, or the login is there already.
    """
    if role_now(me) != "admin":
        raise Refused(_("Only an admin can add users."))
    login = text.accept(login, newlines=False)
    if not login:
        raise Invalid("login", _("Write the name the colleague logs in with."))
    full_name = text.accept(full_name, newlines=False) or _real_name(login)
    from easir_tui.data.journal import step
    from easir_tui.data.models import User

    with step(me, N_("added the user {name}"), {"name": full_name}, shown=False) as adding:
        if value("SELECT 1 FROM app_user WHERE login = ?", login):
            raise Refused(_("{login} is enrolled already.").format(login=login))
        return adding.add(User, login=login, full_name=full_name, initials=text.initials(full_name), role=role)


def people(me: Me) -> list[Person]:
    """Everybody who may be given a contact, a case or a task, by name."""
    del me
    found = rows("SELECT id, full_name, initials, active FROM app_user WHERE active = 1 AND deleted_at IS NULL")
    return sorted((Person(one[0], one[1], one[2], bool(one[3])) for one in found),
                  key=lambda one: text.sort_key(one.full_name))  # fmt: skip


def _user(login: str) -> Me | None:
    found = row(
        "SELECT id, login, full_name, initials, role, zone, locale FROM app_user "
        "WHERE login = ? AND active = 1 AND deleted_at IS NULL", login,
    )  # fmt: skip
    return Me(*found) if found else None


def _enrol_first(login: str) -> None:
    from easir_tui.data.columns import insert

    now = clock.now()
    full_name = _real_name(login)
    insert("app_user", {
        "login": login, "full_name": full_name, "initials": text.initials(full_name), "role": "admin",
        "created_at": now, "updated_at": now,
    })  # fmt: skip


def _real_name(login: str) -> str:
    """The full name the operating system keeps for a login, else the login itself."""
    try:
        written = pwd.getpwnam(login).pw_gecos.split(",")[0].strip()
    except KeyError:
        written = ""
    return text.accept(written) or login.capitalize()
