"""Columns and indexes that follow from other values: written here, in the transaction of the save, by nobody else.

A contact's shown name, sort key, primary e-mail and phone follow from its own fields; its status, next step and
last contact from its cases, tasks and activities; the search index and the exact-match keys from its text. None
of them raises the version of a record, so that planning a task is no conflict for the one who edits the phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from easir_tui import phones, text
from easir_tui.data import search
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import row, rows, run, run_many, value

CONTACT_TEXT = frozenset(
    {"first_name", "last_name", "emails", "phones", "city", "account_id", "external_ids", "deleted_at"}
)
"""Fields of a contact that its name, keys or search index are made of."""


def email_key(address: str) -> str:
    """The form in which two spellings of one e-mail address are equal (faults 13)."""
    return address.strip().strip("<>").casefold()


def display_name(first: str, last: str, company: str, emails: list[Any], phone_list: list[Any]) -> str:
    """What a contact is called on screen: the name, else the company, the e-mail, the number (faults 47)."""
    name = f"{first.strip()} {last.strip()}".strip()
    if name:
        return name
    if company:
        return company
    if emails:
        return str(emails[0]["address"])
    if phone_list:
        return str(phone_list[0].get("number") or phone_list[0].get("raw") or "?")
    return "?"


def contact_columns(fields: Mapping[str, Any], company: str) -> dict[str, Any]:
    """The derived columns of a contact from its own fields (`emails` and `phones` as lists)."""
    emails, numbers = fields["emails"], fields["phones"]
    name = display_name(fields["first_name"], fields["last_name"], company, emails, numbers)
    primary = numbers[0] if numbers else {}
    return {
        "name": name,
        "name_key": text.sort_key(name),
        "email": emails[0]["address"] if emails else "",
        "phone": primary.get("number") or primary.get("raw") or "",
    }


def account_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The derived columns of an account."""
    return {"name_key": text.sort_key(fields["name"])}


class Company(NamedTuple):
    """What a contact takes from its account; empty for the private account, which says nothing about a person."""

    name: str = ""
    city: str = ""


def company(account_id: int) -> Company:
    """The company of an account."""
    found = row("SELECT name, city FROM account WHERE id = ?", account_id) if account_id != PRIVATE_ACCOUNT else None
    return Company(*found) if found else Company()


def companies(account_ids: Iterable[int]) -> dict[int, Company]:
    """The same for many accounts at once, by id."""
    wanted = sorted(set(account_ids))
    found = dict.fromkeys(wanted, Company())
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        for account_id, name, city in rows(
            f"SELECT id, name, city FROM account WHERE id IN ({', '.join('?' * len(some))})", *some
        ):
            found[account_id] = Company(name, city)
    return found | {PRIVATE_ACCOUNT: Company()}


def contact_keys(contact_id: int, fields: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """The exact-match keys of a contact: e-mail addresses, phone numbers, ids in other systems."""
    keys = {("email", email_key(item["address"])) for item in fields["emails"]}
    keys |= {("phone", phones.key(item.get("number") or item.get("raw") or "")) for item in fields["phones"]}
    keys |= {(f"id:{system}", str(other)) for system, other in fields["external_ids"].items()}
    return [(kind, key, contact_id) for kind, key in sorted(keys) if key]


def index_contact(contact_id: int, fields: Mapping[str, Any], company: Company, *, new: bool) -> None:
    """Write the search row and the keys of a living contact, or take both away from a deleted one."""
    if not new:
        search.forget("search_contact", contact_id)
        run("DELETE FROM contact_key WHERE contact_id = ?", contact_id)
    if fields.get("deleted_at") is None:
        search.put_contact(contact_id, fields, *company)
        run_many(
            "INSERT INTO contact_key (kind, key, contact_id) VALUES (?, ?, ?)",
            contact_keys(contact_id, fields),
        )


_FOLLOW = """
UPDATE contact SET
  status = CASE
    WHEN EXISTS (SELECT 1 FROM sales_case c WHERE c.contact_id = contact.id AND c.status = 'closed'
                 AND c.outcome = 'won' AND c.deleted_at IS NULL) THEN 'customer'
    WHEN EXISTS (SELECT 1 FROM sales_case c WHERE c.contact_id = contact.id AND c.status = 'open'
                 AND c.deleted_at IS NULL) THEN 'opportunity'
    ELSE 'lead' END,
  (next_step_at, next_step_day) = (SELECT t.sort_at, t.day FROM task t WHERE t.contact_id = contact.id
    AND t.status = 'open' AND t.deleted_at IS NULL ORDER BY t.sort_at, t.id LIMIT 1),
  last_contact_at = (SELECT a.at FROM activity a WHERE a.contact_id = contact.id AND a.deleted_at IS NULL
    ORDER BY a.at DESC, a.id DESC LIMIT 1)
"""


def follow_contacts(contact_ids: Iterable[int]) -> None:
    """Bring status, next step and last contact of these contacts up to what is stored around them.

    Their cases follow their own tasks and activities, and a lead's first answer the activities of its case.
    """
    ids = [(contact_id,) for contact_id in contact_ids]
    run_many(_FOLLOW + " WHERE id = ?", ids)
    run_many(_FOLLOW_CASES + " WHERE contact_id = ? AND deleted_at IS NULL", ids)
    run_many(_FOLLOW_LEADS + " AND contact_id = ?", ids)


def follow_all_contacts() -> None:
    """The same for every contact; after a bulk load."""
    run(_FOLLOW)
    run(_FOLLOW_CASES)
    run(_FOLLOW_LEADS)


_FOLLOW_CASES = """
UPDATE sales_case SET
  (next_step_at, next_step_day) = (SELECT t.sort_at, t.day FROM task t WHERE t.case_id = sales_case.id
    AND t.status = 'open' AND t.deleted_at IS NULL ORDER BY t.sort_at, t.id LIMIT 1),
  last_activity_at = (SELECT a.at FROM activity a WHERE a.case_id = sales_case.id AND a.deleted_at IS NULL
    ORDER BY a.at DESC, a.id DESC LIMIT 1)
"""

_FOLLOW_LEADS = """
UPDATE lead SET acted_at = (SELECT min(a.created_at) FROM activity a WHERE a.case_id = lead.case_id
  AND a.deleted_at IS NULL AND a.source <> 'lead' AND a.created_at >= lead.accepted_at)
WHERE case_id IS NOT NULL
"""


# Who sees what: an audience is a set of teams, kept once under a number; 0 is everybody.


def audience(teams: Iterable[int | None]) -> int:
    """The number of a set of teams, which is given one if it has none yet; no team at all is everybody."""
    wanted = sorted({team for team in teams if team is not None})
    if not wanted:
        return 0
    key = ",".join(map(str, wanted))
    known = value("SELECT id FROM audience WHERE teams = ?", key)
    if known is not None:
        return int(known)
    run("INSERT INTO audience (teams) VALUES (?)", key)
    made = int(value("SELECT id FROM audience WHERE teams = ?", key))
    run_many("INSERT INTO audience_team (audience_id, team_id) VALUES (?, ?)", [(made, team) for team in wanted])
    return made


def contact_audience(contact_id: int | None, team_id: int | None) -> int:
    """Who sees a contact: its own team and the teams of its cases; everybody if it has no team."""
    if team_id is None:
        return 0
    others = rows(
        "SELECT DISTINCT team_id FROM sales_case WHERE contact_id = ? AND team_id IS NOT NULL AND deleted_at IS NULL",
        contact_id,
    ) if contact_id is not None else []  # fmt: skip
    return audience([team_id, *(found for (found,) in others)])


def case_audience(contact_id: int, team_id: int | None) -> int:
    """Who sees a case: its own team, else whoever's the contact is."""
    if team_id is None:
        team_id = value("SELECT team_id FROM contact WHERE id = ?", contact_id)
    return audience([team_id])


def settle_audiences(contact_ids: Iterable[int]) -> None:
    """Bring the audiences of these contacts and of their cases up to their teams."""
    for contact_id in contact_ids:
        team_id = value("SELECT team_id FROM contact WHERE id = ?", contact_id)
        seen = contact_audience(contact_id, team_id)
        run("UPDATE contact SET audience = ? WHERE id = ? AND audience <> ?", seen, contact_id, seen)
        cases = rows(
            "SELECT id, team_id, audience FROM sales_case WHERE contact_id = ? AND deleted_at IS NULL", contact_id
        )
        for case_id, own, held in cases:
            wanted = audience([own if own is not None else team_id])
            if wanted != held:
                run("UPDATE sales_case SET audience = ? WHERE id = ?", wanted, case_id)


_TEAMS_OF_CONTACT = """(SELECT group_concat(team, ',') FROM (
  SELECT contact.team_id AS team UNION SELECT s.team_id FROM sales_case s
  WHERE s.contact_id = contact.id AND s.team_id IS NOT NULL AND s.deleted_at IS NULL ORDER BY 1))"""


def settle_all_audiences() -> None:
    """The same for every contact and every case; after a bulk load."""
    for (team,) in rows("SELECT id FROM team"):
        audience([team])
    for (key,) in rows(f"SELECT DISTINCT {_TEAMS_OF_CONTACT} FROM contact WHERE team_id IS NOT NULL"):
        audience([int(team) for team in key.split(",")])
    run(
        "UPDATE sales_case SET audience = coalesce((SELECT a.id FROM audience a WHERE a.teams = CAST(coalesce("
        "sales_case.team_id, (SELECT c.team_id FROM contact c WHERE c.id = sales_case.contact_id)) AS TEXT)), 0)"
    )
    run(
        f"UPDATE contact SET audience = (SELECT a.id FROM audience a WHERE a.teams = {_TEAMS_OF_CONTACT}) "
        "WHERE team_id IS NOT NULL"
    )


def contacts_of_company(account_id: int) -> list[int]:
    """Living contacts of a company, whose search rows hold its name and city."""
    if account_id == PRIVATE_ACCOUNT:
        return []
    return [found[0] for found in rows(
        "SELECT id FROM contact WHERE account_id = ? AND deleted_at IS NULL", account_id
    )]  # fmt: skip
