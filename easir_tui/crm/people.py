"""Who works here: the list of users, their roles, leaving and coming back, and what they say of themselves.

Only an admin changes who may do what. A user with open cases is not deactivated before somebody else has these
(V10), and there is always one admin left. Nobody is ever removed: what they did stays theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from easir_tui import clock, text
from easir_tui.crm.users import Me, require_admin, role_now
from easir_tui.crm.visibility import team_for
from easir_tui.data.journal import step
from easir_tui.data.models import Case, Contact, Task, User
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NeedsConfirmation, NotFound, Refused
from easir_tui.language import LANGUAGES, N_, _, ngettext, number

ROLES: dict[str, str] = {"user": N_("User"), "team_admin": N_("Team admin"), "admin": N_("Admin")}
"""The roles; a team admin also manages the members and settings of their own teams."""

PROFILE = ("full_name", "initials", "email", "phone", "locale", "zone", "signature", "from_name", "from_address")
"""What a user says of themselves, and may change."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user in the list; `teams` are the names of their teams, `open_cases` how many cases they manage now."""

    id: int
    version: int
    login: str
    full_name: str
    initials: str
    email: str
    role: str
    active: bool
    teams: str
    open_cases: int
    open_tasks: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a user says of themselves."""

    id: int
    version: int
    login: str
    role: str
    full_name: str
    initials: str
    email: str
    phone: str
    locale: str
    zone: str
    signature: str
    from_name: str
    from_address: str


_LIST = """
SELECT u.id, u.version, u.login, u.full_name, u.initials, u.email, u.role, u.active,
  coalesce((SELECT group_concat(t.name, ', ') FROM membership m JOIN team t ON t.id = m.team_id
    WHERE m.user_id = u.id AND m.deleted_at IS NULL AND t.deleted_at IS NULL), ''),
  (SELECT count(*) FROM sales_case s WHERE s.manager_id = u.id AND s.status = 'open' AND s.deleted_at IS NULL),
  (SELECT count(*) FROM task k WHERE k.assignee_id = u.id AND k.status = 'open' AND k.deleted_at IS NULL)
FROM app_user u WHERE u.deleted_at IS NULL
"""


def listed(me: Me) -> list[UserRow]:
    """Every user, those who work here first, by name; how much they have open is for admins to see."""
    found: list[UserRow] = []
    for one in rows(_LIST):
        cases, tasks = one[9:] if me.is_admin else (0, 0)
        found.append(UserRow(*(*one[:7], bool(one[7]), one[8], cases, tasks)))
    return sorted(found, key=lambda one: (not one.active, text.sort_key(one.full_name)))


def of_login(me: Me, login: str) -> int:
    """The id behind a login.

    Raises:
        NotFound: nobody has it.
    """
    found = value("SELECT id FROM app_user WHERE login = ? AND deleted_at IS NULL", login)
    if found is None:
        raise NotFound(_("There is no user {login}.").format(login=login))
    return int(found)


def profile(me: Me, user_id: int | None = None) -> Profile:
    """What a user says of themselves; mine unless another is named.

    Raises:
        NotFound: there is no such user.
    """
    found = row(
        f"SELECT id, version, login, role, {', '.join(PROFILE)} FROM app_user WHERE id = ? AND deleted_at IS NULL",
        user_id or me.user_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such user."))
    return Profile(*found)


def change_profile(me: Me, /, user_id: int, version: int | None, **fields: str) -> None:
    """Change what a user says of themselves: one's own, or as an admin anybody's.

    Raises:
        Invalid: a name that is empty, an address or a zone that is none.
        Refused: it is somebody else's.
        Conflict: somebody changed the same field since `version`.
    """
    if user_id != me.user_id and role_now(me) != "admin":
        raise Refused(_("Only an admin changes somebody else's profile."))
    wanted: dict[str, Any] = {}
    for name, given in fields.items():
        if name not in PROFILE:
            raise KeyError(f"a user has no field {name} to change")
        wanted[name] = text.accept(given, newlines=name == "signature")
    if wanted.get("full_name") == "":
        raise Invalid("full_name", _("Write a name."))
    if "zone" in wanted:
        clock.zone(wanted["zone"])
    if wanted.get("locale") not in (None, "", *LANGUAGES):
        raise Invalid("locale", _("en, da or empty"))
    _check_addresses(wanted)
    who = value("SELECT full_name FROM app_user WHERE id = ?", user_id)
    with step(me, N_("changed the profile of {name}"), {"name": who}, shown=False) as work:
        work.change(User, user_id, version, **wanted)


def _check_addresses(wanted: dict[str, Any]) -> None:
    from easir_tui.crm.contact_values import email_problem, plain_address

    for name in ("email", "from_address"):
        if wanted.get(name):
            wanted[name] = plain_address(wanted[name])
            problem = email_problem(wanted[name])
            if problem:
                raise Invalid(name, problem)


def set_role(me: Me, user_id: int, role: str) -> None:
    """Let a user be something else.

    Raises:
        Refused: only an admin may, or it is the last one.
    """
    require_admin(me)
    if role not in ROLES:
        raise Invalid("role", _("It can be: {choices}.").format(choices=", ".join(ROLES)))
    held = profile(me, user_id)
    with step(me, N_("made {name} {role}"), {"name": held.full_name, "role": role}, shown=False) as work:
        if role != "admin":
            _keep_an_admin(user_id)
        work.change(User, user_id, None, role=role)


def deactivate(me: Me, user_id: int, to_id: int | None = None) -> int:
    """Let a user in no longer; what they have open goes to `to_id`. Says how many cases that were.

    Raises:
        NeedsConfirmation: they have open cases, contacts or tasks, and nobody is named to take them (V10).
        Refused: only an admin may, not oneself, not the last admin.
    """
    require_admin(me)
    if user_id == me.user_id:
        raise Refused(_("You cannot deactivate yourself."), _("Another admin can."))
    held = profile(me, user_id)
    with step(me, N_("deactivated {name}"), {"name": held.full_name}, shown=False) as work:
        _keep_an_admin(user_id)
        cases, contacts, tasks = _holds(user_id)
        if (cases or tasks or contacts) and to_id is None:
            raise NeedsConfirmation(_holding(held.full_name, len(cases), len(contacts), len(tasks)))
        if to_id is not None:
            _heir(user_id, to_id)
            for case_id, team_id in cases:
                work.change(Case, case_id, None, manager_id=to_id, team_id=team_for(to_id, team_id))
            for contact_id, team_id in contacts:
                work.change(Contact, contact_id, None, responsible_id=to_id, team_id=team_for(to_id, team_id))
            for task_id in tasks:
                work.change(Task, task_id, None, assignee_id=to_id)
        work.change(User, user_id, None, active=0)
    return len(cases)


def reactivate(me: Me, user_id: int) -> None:
    """Let a user in again.

    Raises:
        Refused: only an admin may.
    """
    require_admin(me)
    held = profile(me, user_id)
    with step(me, N_("let {name} in again"), {"name": held.full_name}, shown=False) as work:
        work.change(User, user_id, None, active=1)


def reassign(me: Me, from_id: int, to_id: int) -> int:
    """Give everything a user has open to another; says how many cases that were.

    Raises:
        Refused: only an admin may.
    """
    require_admin(me)
    giver, taker = profile(me, from_id), profile(me, to_id)
    with step(me, N_("gave what {name} had open to {who}"), {"name": giver.full_name, "who": taker.full_name},
              shown=False) as work:  # fmt: skip
        _heir(from_id, to_id)
        cases, contacts, tasks = _holds(from_id)
        for case_id, team_id in cases:
            work.change(Case, case_id, None, manager_id=to_id, team_id=team_for(to_id, team_id))
        for contact_id, team_id in contacts:
            work.change(Contact, contact_id, None, responsible_id=to_id, team_id=team_for(to_id, team_id))
        for task_id in tasks:
            work.change(Task, task_id, None, assignee_id=to_id)
    return len(cases)


def _holds(user_id: int) -> tuple[list[tuple[int, int | None]], list[tuple[int, int | None]], list[int]]:
    """The open cases, the contacts and the open tasks of a user."""
    cases = rows("SELECT id, team_id FROM sales_case WHERE manager_id = ? AND status = 'open' AND deleted_at IS NULL",
                 user_id)  # fmt: skip
    contacts = rows("SELECT id, team_id FROM contact WHERE responsible_id = ? AND deleted_at IS NULL", user_id)
    tasks = rows("SELECT id FROM task WHERE assignee_id = ? AND status = 'open' AND deleted_at IS NULL", user_id)
    return [(one[0], one[1]) for one in cases], [(one[0], one[1]) for one in contacts], [one[0] for one in tasks]


def _holding(name: str, cases: int, contacts: int, tasks: int) -> str:
    parts = [
        ngettext("{n} open case", "{n} open cases", cases).format(n=number(cases)),
        ngettext("{n} contact", "{n} contacts", contacts).format(n=number(contacts)),
        ngettext("{n} planned task", "{n} planned tasks", tasks).format(n=number(tasks)),
    ]
    return _("{name} has {what}. Choose who takes them over.").format(name=name, what=", ".join(parts))


def _heir(from_id: int, to_id: int) -> None:
    working = value("SELECT 1 FROM app_user WHERE id = ? AND active = 1 AND deleted_at IS NULL", to_id)
    if to_id == from_id or working is None:
        raise Invalid("to", _("Choose a colleague who works here."))


def _keep_an_admin(user_id: int) -> None:
    """Refuse what would leave nobody who may let people in."""
    others = value(
        "SELECT count(*) FROM app_user WHERE role = 'admin' AND active = 1 AND deleted_at IS NULL AND id <> ?", user_id
    )
    if not others:
        raise Refused(_("That is the last admin."), _("Make somebody else admin first."))


def keep_an_admin() -> None:
    """Refuse what has just left nobody who may let people in; the caller's transaction goes with it.

    Raises:
        Refused: there is no active admin.
    """
    _keep_an_admin(0)
