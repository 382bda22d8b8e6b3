"""What holds now of a contact's consents; how it came to be, and how it changes, is in `consent`.

Apart from the rest so that a command that only shows a contact loads nothing that writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact
from easir_tui.data.sqlite import rows

CHANNELS = ("phone", "email", "letter", "sms")
"""The channels, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What holds for one channel, or one line of its ledger."""

    channel: str
    state: str = "not_asked"
    source: str = ""
    at: int | None = None
    """When it was recorded, UTC epoch seconds; None when nobody ever asked."""
    user_id: int | None = None
    who: str = ""
    id: int | None = None


def of(me: Me, contact_id: int) -> tuple[ConsentState, ...]:
    """What holds now, always for all four channels in the order of `CHANNELS`: the newest statement of each."""
    found = {each[0]: ConsentState(*each) for each in rows(
        "SELECT c.channel, c.state, c.source, c.at, c.user_id, coalesce(u.full_name, ''), c.id FROM consent c "
        "LEFT JOIN app_user u ON u.id = c.user_id WHERE c.id IN "
        "(SELECT max(id) FROM consent WHERE contact_id = ? AND deleted_at IS NULL GROUP BY channel) "
        f"AND {on_contact(me, 'c.contact_id')}", contact_id,
    )}  # fmt: skip
    return tuple(found.get(channel, ConsentState(channel)) for channel in CHANNELS)
