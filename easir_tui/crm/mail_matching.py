"""Whose contact a message is about: by its addresses, and by nothing else.

The addresses of our own users never match, for then every mail of a colleague would be everybody's to read
(faults 54). What somebody keeps out stays out of what is fetched from their mailbox.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from easir_tui import clock, config
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.channels.mail_bounce import may_be_one
from easir_tui.channels.mail_read import MailHead
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_contact, seen_by
from easir_tui.data.derived import email_key
from easir_tui.data.sqlite import rows

MOST_CONTACTS = 20
"""Contacts of one message; what goes to more of them is a circular."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A message by its heading: which contacts it is about, and which user of ours sent it, None for a stranger."""

    contacts: tuple[int, ...]
    from_user: int | None
    is_answer: bool
    """Whether somebody wrote it who was invited to a meeting."""
    is_report: bool = False
    """Whether a mail server wrote it, perhaps to say that one of ours did not arrive."""


class Matching:
    """What is known about addresses, read once for a batch of messages."""

    def __init__(self, me: Me, address: str) -> None:
        self._me = me
        self._own = _addresses_of_users() | {email_key(address): me.user_id}
        self._out_addresses, self._out_contacts = _kept_out(me)
        self._guests = _guests(me)

    def match(self, head: MailHead) -> Matched:
        """Which contacts a message is about, its sender first."""
        sender = email_key(head.sender.address) if head.sender else ""
        from_user = self._own.get(sender)
        keys = [sender, *(email_key(one.address) for one in (*head.to, *head.cc, *head.bcc))]
        if from_user is None and sender in self._out_addresses:
            return Matched((), None, False)
        strangers = [key for key in dict.fromkeys(keys) if key and key not in self._own and self._is_let_in(key)]
        contacts = tuple(one for one in self._contacts(strangers) if one not in self._out_contacts)
        return Matched(contacts[:MOST_CONTACTS], from_user, sender in self._guests, may_be_one(sender))

    def _is_let_in(self, key: str) -> bool:
        return key not in self._out_addresses

    def _contacts(self, keys: list[str]) -> list[int]:
        """The living contacts of these addresses, those of the first address first."""
        found: dict[str, list[int]] = {}
        for start in range(0, len(keys), 200):
            some = keys[start : start + 200]
            marks = ", ".join("?" * len(some))
            for key, contact_id in rows(
                f"SELECT k.key, c.id FROM contact_key k JOIN contact c ON c.id = k.contact_id WHERE k.kind = 'email' "
                f"AND k.key IN ({marks}) AND c.deleted_at IS NULL AND {seen_by(self._me, 'c.audience')} ORDER BY c.id",
                *some,
            ):
                found.setdefault(key, []).append(contact_id)
        return list(dict.fromkeys(one for key in keys for one in found.get(key, ())))


def colleagues_of(me: Me, contact_id: int) -> tuple[str, ...]:
    """The addresses of a contact that are a colleague's: mail of theirs is never taken in as the contact's."""
    require_contact(me, contact_id)
    own = _addresses_of_users()
    found = rows("SELECT key FROM contact_key WHERE contact_id = ? AND kind = 'email' ORDER BY key", contact_id)
    return tuple(key for (key,) in found if key in own)


def _addresses_of_users() -> dict[str, int]:
    pattern = config.mail().get("address", "")
    found: dict[str, int] = {}
    for user_id, login, *addresses in rows("SELECT id, login, email, from_address FROM app_user"):
        if pattern and "{login}" in pattern:
            addresses.append(pattern.replace("{login}", login))
        for one in addresses:
            if one:
                found.setdefault(email_key(one), user_id)
    return found


def _kept_out(me: Me) -> tuple[set[str], set[int]]:
    found = rows("SELECT address, contact_id FROM mail_kept_out WHERE user_id = ? AND deleted_at IS NULL", me.user_id)
    return {email_key(one) for one, _contact in found if one}, {contact for _one, contact in found if contact}


def _guests(me: Me) -> set[str]:
    """Everybody who was invited to a meeting that is not over for long, and may still answer."""
    since = clock.now() - 7 * 24 * 3600
    found = rows(
        "SELECT guests FROM invitation WHERE user_id = ? AND coalesce(ends_at, starts_at, ?) >= ?",
        me.user_id, since, since,
    )  # fmt: skip
    return {email_key(guest["address"]) for (guests,) in found for guest in json.loads(guests)}


def addresses(people: tuple[NamedAddress, ...]) -> list[str]:
    """Only the addresses of people."""
    return [one.address for one in people]
