"""May this person be contacted, by which channel, who heard it and when.

Consent is a ledger: every statement is a row of its own that is never changed, so that "what was true on that
day, and who recorded it" can always be answered (faults 10). What holds now is the newest statement of a
channel. A channel nobody asked about is `not_asked`, which is neither yes nor no (V14). No other module writes
here, and nothing written elsewhere touches what stands here (faults 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import JOIN, SQL, fn

from easir_tui import text
from easir_tui.crm.consent_states import CHANNELS, ConsentState, of
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, require_contact
from easir_tui.data import journal
from easir_tui.data.journal import Step
from easir_tui.data.models import Consent, User
from easir_tui.data.sqlite import rows
from easir_tui.errors import Conflict, Invalid
from easir_tui.language import N_, _

__all__ = [
    "CHANNELS",
    "MEANT",
    "STATES",
    "ConsentState",
    "ledger",
    "of",
    "record",
    "record_many",
    "state",
    "withdraw_in",
]

STATES = ("given", "refused", "not_asked")
"""What a person may have said; `not_asked` takes a statement back."""

MEANT = {
    ("phone", "given"): N_("recorded consent to phone: given"),
    ("phone", "refused"): N_("recorded consent to phone: refused"),
    ("phone", "not_asked"): N_("recorded consent to phone: not asked"),
    ("email", "given"): N_("recorded consent to e-mail: given"),
    ("email", "refused"): N_("recorded consent to e-mail: refused"),
    ("email", "not_asked"): N_("recorded consent to e-mail: not asked"),
    ("letter", "given"): N_("recorded consent to letter: given"),
    ("letter", "refused"): N_("recorded consent to letter: refused"),
    ("letter", "not_asked"): N_("recorded consent to letter: not asked"),
    ("sms", "given"): N_("recorded consent to SMS: given"),
    ("sms", "refused"): N_("recorded consent to SMS: refused"),
    ("sms", "not_asked"): N_("recorded consent to SMS: not asked"),
}
"""What the journal says a statement was."""

LEDGER_LIMIT = 200
"""Statements of a ledger that are read to be shown."""


def state(me: Me, contact_id: int, channel: str) -> ConsentState:
    """What holds now for one channel."""
    row = (
        _statements()
        .where(
            Consent.contact_id == contact_id,
            Consent.channel == channel,
            Consent.deleted_at.is_null(),
            SQL(on_contact(me, "t1.contact_id")),
        )
        .order_by(Consent.id.desc())
        .tuples()
        .first()
    )
    return ConsentState(*row) if row else ConsentState(channel)


def ledger(me: Me, contact_id: int, channel: str | None = None) -> tuple[ConsentState, ...]:
    """Every statement, the newest first, of one channel or of all (faults 10)."""
    query = (
        _statements()
        .where(Consent.contact_id == contact_id, Consent.deleted_at.is_null(), SQL(on_contact(me, "t1.contact_id")))
        .order_by(Consent.id.desc())
        .limit(LEDGER_LIMIT)
    )
    if channel is not None:
        query = query.where(Consent.channel == channel)
    return tuple(ConsentState(*row) for row in query.tuples())


def record(me: Me, contact_id: int, channel: str, state: str, source: str = "") -> int:
    """Add one statement, dated now. See `record_many`."""
    return record_many(me, contact_id, {channel: (state, source)})


def record_many(
    me: Me,
    contact_id: int,
    said: Mapping[str, tuple[str, str]],
    seen: Mapping[str, int | None] | None = None,
) -> int:
    """Add what a person has said, as one step that can be undone; says how many statements were new.

    A statement that repeats what holds already, with nothing new about how it was obtained, writes nothing.

    Args:
        said: channel to (state, how it was obtained).
        seen: channel to the id of the statement the person saw when they began; None overrules knowingly.

    Raises:
        Conflict: somebody else recorded another state for the same channel meanwhile (V17).
        Invalid: a channel or a state nobody knows.
        NotFound: the contact is gone.
    """
    for channel, (stated, _source) in said.items():
        if channel not in CHANNELS:
            raise Invalid("channel", _("There is no channel called “{name}”.").format(name=channel))
        if stated not in STATES:
            raise Invalid(channel, _("There is no consent called “{name}”.").format(name=stated))
    cleaned = {channel: (stated, text.accept(source, newlines=False)) for channel, (stated, source) in said.items()}
    with journal.step(me, N_("recorded consents"), contact_id=contact_id) as step:
        require_contact(me, contact_id)
        now = {held.channel: held for held in of(me, contact_id)}
        new = {
            channel: (stated, source)
            for channel, (stated, source) in cleaned.items()
            if stated != now[channel].state or (source and source != now[channel].source)
        }
        if not new:
            return 0
        if seen is not None:
            _refuse_clash(contact_id, now, new, seen)
        if len(new) == 1:
            ((channel, (stated, _source)),) = new.items()
            step.what = MEANT[channel, stated]
        step.params = {"consents": [[channel, now[channel].state, *told] for channel, told in new.items()]}
        for channel, (stated, source) in new.items():
            _state(step, me, contact_id, channel, stated, source)
    return len(new)


def move_in(step: Step, stays_id: int, goes_id: int) -> None:
    """Put one contact's ledger beside another's, who are the same person; every statement stays as it was made."""
    for (row_id,) in rows("SELECT id FROM consent WHERE contact_id = ? AND deleted_at IS NULL ORDER BY id", goes_id):
        step.change(Consent, row_id, None, contact_id=stays_id)


def state_in(step: Step, me: Me, contact_id: int, channel: str, stated: str, source: str) -> None:
    """Add a statement as a part of a step that does more."""
    _state(step, me, contact_id, channel, stated, text.accept(source, newlines=False))


def withdraw_in(step: Step, me: Me, contact_id: int, channel: str, source: str) -> None:
    """Record a refusal as a part of a step that does more, which then bears its name and is shown for it."""
    held = next(one for one in of(me, contact_id) if one.channel == channel)
    if held.state == "refused":
        return
    said = text.accept(source, newlines=False)
    step.what, step.shown = MEANT[channel, "refused"], True
    step.params = {"consents": [[channel, held.state, "refused", said]]}
    _state(step, me, contact_id, channel, "refused", said)


def _state(step: Step, me: Me, contact_id: int, channel: str, stated: str, source: str) -> None:
    step.add(
        Consent, contact_id=contact_id, channel=channel, state=stated, source=source, at=step.at, user_id=me.user_id
    )


def _refuse_clash(
    contact_id: int,
    now: Mapping[str, ConsentState],
    new: Mapping[str, tuple[str, str]],
    seen: Mapping[str, int | None],
) -> None:
    """Raise a Conflict for the channels where somebody recorded another state since it was looked at."""
    moved = {channel for channel in new if now[channel].id != seen.get(channel)}
    if not moved:
        return
    latest = max((now[channel] for channel in moved), key=lambda held: held.at or 0)
    began = [seen[channel] for channel in moved if seen.get(channel)]
    earlier = {row[6]: row[1] for row in _statements().where(Consent.id.in_(began)).tuples()}
    raise Conflict(
        _("{who} recorded this while you were editing it.").format(who=latest.who or _("The program")),
        hint=_("Choose for each channel which of the two stays."),
        entity="consent",
        row_id=contact_id,
        theirs={channel: now[channel].state for channel in moved},
        mine={channel: new[channel][0] for channel in moved},
        original={channel: earlier.get(seen.get(channel), "not_asked") for channel in moved},
        who=latest.who,
        at=latest.at or 0,
        version=0,
    )


def _statements() -> Any:
    return Consent.select(
        Consent.channel,
        Consent.state,
        Consent.source,
        Consent.at,
        Consent.user_id,
        fn.coalesce(User.full_name, ""),
        Consent.id,
    ).join(User, JOIN.LEFT_OUTER, on=(Consent.user_id == User.id))
