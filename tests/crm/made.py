"""Records that tests of the rules stand on, made straight through the journal."""

from __future__ import annotations

from typing import Any

from easir_tui import clock
from easir_tui.crm import users
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Consent, Contact, User


def a_contact(me: Me, **fields: Any) -> int:
    """A private contact with one e-mail address and one phone, unless told otherwise."""
    given = {
        "kind": "private",
        "first_name": "Ole",
        "last_name": "Hansen",
        "account_id": 1,
        "responsible_id": me.user_id,
        "emails": [{"label": "home", "address": "ole@example.dk"}],
        "phones": [{"label": "mobile", "number": "+4522419017", "raw": "22419017", "extension": ""}],
    }
    with step(me, "added the contact") as work:
        return work.add(Contact, **(given | fields))


def a_business_contact(me: Me, company: str = "Nordlys Biler A/S", **fields: Any) -> int:
    """A business contact of a company of its own."""
    with step(me, "added the account") as work:
        account_id = work.add(Account, kind="company", name=company)
    return a_contact(me, kind="business", account_id=account_id, **fields)


def a_colleague(me: Me, login: str = "jens", full_name: str = "Jens Holt", zone: str = "Europe/Copenhagen") -> Me:
    """Another user, as they are when they have logged in."""
    with step(me, "added a user", shown=False) as work:
        user_id = work.add(User, login=login, full_name=full_name, initials="JH", zone=zone)
    return Me(user_id, login, full_name, "JH", "user", zone, "en")


def an_admin(me: Me, login: str = "mette") -> Me:
    """A second admin, as they are when they have logged in."""
    users.enrol(me, login, "Mette Lund", "admin")
    return users.log_in(login)


def a_refusal(me: Me, contact_id: int, channel: str, source: str = "at the counter") -> None:
    """The contact has refused a channel."""
    with step(me, "recorded a refusal", contact_id=contact_id) as work:
        work.add(
            Consent,
            contact_id=contact_id,
            channel=channel,
            state="refused",
            source=source,
            at=clock.now(),
            user_id=me.user_id,
        )
