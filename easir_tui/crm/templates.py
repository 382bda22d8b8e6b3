"""Templates: texts to begin an e-mail, a letter or a note with, for everybody, for a team, or one's own.

A template may belong to a milestone of a relations path, and is then offered as its content suggestion; one without
is offered always. What stands between `{{` and `}}` is a field (`crm.template_fields`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from easir_tui import clock, relations, text
from easir_tui.crm import teams, template_fields
from easir_tui.crm.users import Me, require_admin, role_now
from easir_tui.data.journal import step
from easir_tui.data.models import Template
from easir_tui.data.sqlite import row, rows
from easir_tui.errors import Invalid, NotFound
from easir_tui.language import LANGUAGES, N_, _, money

KINDS: dict[str, str] = {"email": N_("E-mail"), "letter": N_("Letter"), "note": N_("Note")}
"""What a template begins."""

LONGEST = 20_000
"""Letters of one template."""

Scope = Literal["own", "company"] | int
"""Whose a template is: one's own, everybody's, or that of the team with this id."""


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """One template; it is everybody's where it has neither team nor user."""

    id: int
    version: int
    kind: str
    title: str
    subject: str
    body: str
    language: str
    path: str
    milestone: str
    team_id: int | None
    team: str
    user_id: int | None

    @property
    def scope(self) -> Scope:
        """Whose it is."""
        return "own" if self.user_id is not None else self.team_id or "company"

    @property
    def whose(self) -> str:
        """Whose it is, in words."""
        return _("yourself") if self.user_id is not None else self.team or _("everybody")


_SELECT = """
SELECT t.id, t.version, t.kind, t.title, t.subject, t.body, t.language, t.path, t.milestone, t.team_id,
  coalesce(g.name, ''), t.user_id FROM template t LEFT JOIN team g ON g.id = t.team_id
WHERE t.deleted_at IS NULL AND (t.user_id IS NULL OR t.user_id = ?1) AND (t.team_id IS NULL OR ?2 OR t.team_id IN
  (SELECT m.team_id FROM membership m WHERE m.user_id = ?1 AND m.deleted_at IS NULL)) AND (?3 = '' OR t.kind = ?3)
"""


def listed(me: Me, kind: str = "") -> list[TemplateFacts]:
    """The templates this person may use: the company's, those of their teams, their own; by kind and title."""
    found = [TemplateFacts(*one) for one in rows(_SELECT, me.user_id, int(me.is_admin), kind)]
    return sorted(found, key=lambda one: (list(KINDS).index(one.kind), text.sort_key(one.title), one.id))


def facts(me: Me, template_id: int) -> TemplateFacts:
    """One template.

    Raises:
        NotFound: there is none, or it is another team's.
    """
    found = next((one for one in listed(me) if one.id == template_id), None)
    if found is None:
        raise NotFound(_("There is no such template."))
    return found


def scopes(me: Me) -> list[tuple[Scope, str]]:
    """Whom this person may make templates for: oneself, the teams one manages and, as an admin, everybody."""
    found: list[tuple[Scope, str]] = [("own", _("yourself"))]
    role = role_now(me)
    if role != "user":
        mine = teams.teams_of(me, me.user_id)
        found += [(one.id, one.name) for one in teams.listed(me) if role == "admin" or one.id in mine]
    return [*found, ("company", _("everybody"))] if role == "admin" else found


def add(me: Me, kind: str, title: str, /, *, scope: Scope = "own", **fields: str) -> int:
    """Make a template; says its id.

    Args:
        fields: subject, body, language, path, milestone.

    Raises:
        Invalid: no title, an unknown field in the text, a path or a milestone that is none.
        Refused: it would be for people this person does not manage.
    """
    values = _checked({"kind": kind, "title": title, **fields}, "")
    owner = _owner(me, scope)
    with step(me, N_("made the template {name}"), {"name": values["title"]}, shown=False) as work:
        return work.add(Template, **values, **owner)


def change(me: Me, template_id: int, version: int | None, /, *, scope: Scope | None = None, **fields: str) -> None:
    """Change a template: title, subject, body, kind, language, path, milestone, and for whom it is.

    With another path goes the milestone, unless one of the new path is named.

    Raises:
        Invalid: see `add`.
        Refused: it is not one's own to change.
        Conflict: somebody changed the same field since `version`.
    """
    held = facts(me, template_id)
    may_change(me, template_id)
    if fields.get("path", held.path) != held.path:
        fields.setdefault("milestone", "")
    values: dict[str, Any] = _checked(fields, held.path)
    if scope is not None:
        values |= _owner(me, scope)
    with step(me, N_("changed the template {name}"), {"name": held.title}, shown=False) as work:
        work.change(Template, template_id, version, **values)


def remove(me: Me, template_id: int) -> None:
    """Put a template away.

    Raises:
        Refused: it is not one's own to change.
    """
    held = facts(me, template_id)
    may_change(me, template_id)
    with step(me, N_("deleted the template {name}"), {"name": held.title}, shown=False) as work:
        work.remove(Template, template_id)


def may_change(me: Me, template_id: int) -> None:
    """Go on only where it is one's own, one's team's as its team admin, or as an admin.

    Raises:
        NotFound: it is somebody else's own, or there is none.
        Refused: one does not manage those it is for.
    """
    found = row("SELECT team_id, user_id FROM template WHERE id = ?", template_id)
    if found is None or found[1] not in (None, me.user_id):
        raise NotFound(_("There is no such template."))
    if found[1] is None:
        _may_manage(me, found[0])


def _may_manage(me: Me, team_id: int | None) -> None:
    """Go on only if this person may say what a team, or with None everybody, begins with."""
    if team_id is None:
        require_admin(me)
    else:
        teams.may_manage(me, team_id)


def _owner(me: Me, scope: Scope) -> dict[str, int | None]:
    """The columns that say whose it is.

    Raises:
        Refused: this person does not manage them.
    """
    if scope == "own":
        return {"team_id": None, "user_id": me.user_id}
    team_id = None if scope == "company" else int(scope)
    _may_manage(me, team_id)
    return {"team_id": team_id, "user_id": None}


def _checked(given: Mapping[str, str], path_now: str) -> dict[str, str]:
    """What was typed as it is stored; `path_now` is the path a milestone belongs to where no other is given."""
    values: dict[str, str] = {}
    for name, typed in given.items():
        if name not in ("kind", "title", "subject", "body", "language", "path", "milestone"):
            raise KeyError(f"a template has no field {name}")
        values[name] = text.accept(typed, newlines=name == "body")
    if values.get("kind", "note") not in KINDS:
        raise Invalid("kind", _("It can be: {choices}.").format(choices=", ".join(KINDS)))
    if values.get("title") == "":
        raise Invalid("title", _("Write a name."))
    if values.get("language", "") not in ("", *LANGUAGES):
        raise Invalid("language", _("en, da or empty"))
    for name in ("subject", "body"):
        said = values.get(name, "")
        if len(said) > LONGEST:
            raise Invalid(name, _("That is too long."))
        if strange := template_fields.unknown(said):
            raise Invalid(name, _("There is no field {name}.").format(name=strange[0]))
    path = values.get("path", path_now)
    known = relations.paths().get(path)
    if values.get("path") and known is None:
        raise Invalid("path", _("There is no relations path called “{name}”.").format(name=path))
    if values.get("milestone") and (known is None or known.milestone(values["milestone"]) is None):
        raise Invalid("milestone", _("There is no such milestone."))
    return values


def offered(held: Sequence[TemplateFacts], path: str, milestones: Sequence[str], language: str) -> list[TemplateFacts]:
    """Of these templates those that suit a case: of its milestones first, then of its path, then those for all.

    One in another language than the contact's comes last, so that it can be chosen all the same.
    """

    def rank(one: TemplateFacts) -> tuple[bool, int]:
        near = 0 if one.milestone else 1 if one.path else 2
        return bool(language and one.language and one.language != language), near

    suit = [
        one for one in held
        if (not one.path or one.path == path) and (not one.milestone or one.milestone in milestones)
    ]  # fmt: skip
    return sorted(suit, key=rank)


_WORDS = """
SELECT c.first_name, c.last_name, c.name, c.title, c.job_title, c.kind, c.street, c.postcode, c.city,
  a.name, a.cvr, a.street, a.postcode, a.city, u.full_name, u.phone, u.email, u.signature,
  t.name, t.phone, t.street, t.postcode, t.city
FROM contact c JOIN account a ON a.id = c.account_id JOIN app_user u ON u.id = ?2
LEFT JOIN team t ON t.id = (SELECT m.team_id FROM membership m JOIN team g ON g.id = m.team_id AND g.deleted_at IS NULL
  WHERE m.user_id = u.id AND m.deleted_at IS NULL ORDER BY m.id LIMIT 1)
WHERE c.id = ?1
"""


def values_for(me: Me, contact_id: int) -> dict[str, str]:
    """What the fields of a template stand for with this contact; those of a case come with the case."""
    found = row(_WORDS, contact_id, me.user_id)
    if found is None:
        return {}
    words = ["" if one is None else str(one) for one in found]
    business = words[5] == "business"
    street, postcode, city = words[11:14] if business else words[6:9]
    team_street, team_postcode, team_city = words[20:23]
    return {
        "contact.first_name": words[0], "contact.last_name": words[1], "contact.name": words[2],
        "contact.title": words[3], "contact.job_title": words[4], "contact.street": street,
        "contact.postcode": postcode, "contact.city": city,
        "account.name": words[9] if business else "", "account.cvr": words[10] if business else "",
        "user.name": words[14], "user.first_name": words[14].split(" ")[0], "user.phone": words[15],
        "user.email": words[16], "user.signature": words[17],
        "team.name": words[18], "team.phone": words[19],
        "team.address": ", ".join(filter(None, (team_street, f"{team_postcode} {team_city}".strip()))),
        "today": clock.date_long(clock.today(clock.zone(me.zone))),
    }  # fmt: skip


def case_values(title: str, product: str, worth: int | None, currency: str) -> dict[str, str]:
    """What the fields of a case stand for."""
    return {
        "case.title": title,
        "case.product": product,
        "case.value": money(worth, currency) if worth is not None else "",
    }
