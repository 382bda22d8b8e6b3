"""E-mails on their way out: queued with the activity, handed to the server once, and what became of each.

A message is queued in the transaction that saves its activity, with the id it will have on the wire. Just before it
leaves, a transaction marks it as `sending`, and fails if it was undone, corrected or taken by another process
meanwhile; so no message goes out twice. Who finds one that is `sending` while holding the lock of its sender knows
that the process which sent it has died, and that nobody can tell whether the server got it: it becomes `uncertain`
and is never sent again by itself. Reading the sent mail may find it there and settle the matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from easir_tui import clock
from easir_tui.channels.mail_address import new_message_id, stored_id
from easir_tui.channels.mail_trouble import Fate
from easir_tui.crm import mail_accounts, outbox_message
from easir_tui.crm.outbox_message import Message
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data import connection
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Mail
from easir_tui.data.sqlite import row, rows, run, value, writing
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _
from easir_tui.session import only_one

if TYPE_CHECKING:
    from easir_tui.channels.mail_account import MailAccount
    from easir_tui.channels.mail_bounce import Bounce
    from easir_tui.channels.smtp import Outcome, Sender

GRACE = 10
"""Seconds a queued e-mail waits before the application sends it, so that undo can still take it back."""

PAUSES = (60, 300, 900, 3600, 4 * 3600)
"""Seconds until the next try after the first, second, … failure; the last one over and over."""

GIVE_UP = 2 * 24 * 3600
"""Seconds after which a message that still was not taken counts as refused (RFC 5321 section 4.5.4.1 asks for days)."""

FILE_WITHIN = 7 * 24 * 3600
"""Seconds in which a sent message that is not among the sent mail yet is still put there."""

BECAME = {
    "sent": N_("has been sent"),
    "partly": N_("has been sent to some"),
    "refused": N_("was refused"),
    "uncertain": N_("may have been sent, or not"),
    "queued": N_("is to be sent"),
    "came_back": N_("came back"),
}
"""What the journal says an e-mail became."""

_OF_THE_ACCOUNT = frozenset({
    Fate.NO_SERVER, Fate.PASSWORD, Fate.SECRET, Fate.UNPROTECTED, Fate.UNTRUSTED, Fate.EXPIRED, Fate.WRONG_NAME,
})  # fmt: skip
"""Troubles of the account, which are the same for every message and no message's fault."""


@dataclass
class Sent:
    """What one run did. `trouble` is what kept it from doing more; `busy` means another process is at it."""

    busy: bool = False
    trouble: Refused | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    """State → how many messages came to it."""

    @property
    def count(self) -> int:
        """How many messages were tried."""
        return sum(self.outcomes.values())


# Into the outbox -----------------------------------------------------------------------------------


def queue_in(
    work: Step, me: Me, activity_id: int, contact_id: int, *, answers: int | None = None, calendar: str = "",
    method: str = "",
) -> int:  # fmt: skip
    """Queue the e-mail of an activity within a step that saves it; returns the id of its row.

    Args:
        answers: the activity whose e-mail this is a reply to; the thread goes on.
        calendar, method: an invitation that goes along.

    Raises:
        NotFound: there is no such e-mail to answer, or it is not for these eyes.
    """
    message_id = new_message_id(_own_address(me))
    in_reply_to, refs, thread = "", [], message_id
    if answers is not None:
        found = row(
            "SELECT m.message_id, m.refs, m.thread FROM mail m JOIN activity a ON a.id = m.activity_id "
            f"WHERE m.activity_id = ? AND {of_parts(me, 'a')}", answers,
        )  # fmt: skip
        if found is not None:
            in_reply_to, refs, thread = found[0], [*json.loads(found[1]), found[0]], found[2]
    return work.add(
        Mail, activity_id=activity_id, contact_id=contact_id, user_id=me.user_id, direction="out",
        message_id=message_id, in_reply_to=in_reply_to, refs=refs, thread=thread, state="queued",
        try_at=work.at + GRACE, calendar=calendar, method=method,
    )  # fmt: skip


def _own_address(me: Me) -> str:
    """An address whose domain the id of a message may have; there is one even before anybody has written theirs."""
    try:
        return mail_accounts.sender(me).address
    except Refused:
        return f"{me.user_id}@easir.invalid"


# Out of it -----------------------------------------------------------------------------------------


def send_due(me: Me, *, at_once: bool = False, told: Callable[[str, str], None] | None = None) -> Sent:
    """Send this person's queued e-mails that are due, file them among the sent mail, and say what became of them.

    Nothing about the network or the server is an error; it is an outcome, and its words are kept with the message.

    Args:
        at_once: whether those that wait for a later try are tried now.
        told: called with each message's subject and the state it came to.

    Raises:
        StoreProblem: the database cannot be written; a message that may have gone out stays `sending`.
    """
    result = Sent()
    with only_one(Path(connection.path()), f"mail-{me.user_id}") as mine:
        if not mine:
            result.busy = True
            return result
        _settle_leftovers(me)
        due = _due(me, at_once)
        if not due and not _unfiled(me):
            return result
        try:
            account = mail_accounts.account(me)
        except Refused as refused:
            result.trouble = refused
            _hold(due, refused, result)
            return result
        _send_all(me, account, due, result, told)
        if result.trouble is None:
            _file_all(me, account)
    return result


def _settle_leftovers(me: Me) -> None:
    left = "SELECT id FROM mail WHERE user_id = ? AND state = 'sending' AND deleted_at IS NULL"
    for (mail_id,) in rows(left, me.user_id):
        _note(mail_id, "uncertain", said=_("The program ended before the server had answered."))


def _due(me: Me, at_once: bool) -> list[int]:
    until = 2**62 if at_once else clock.now()
    return [found for (found,) in rows(
        "SELECT id FROM mail WHERE user_id = ? AND state = 'queued' AND deleted_at IS NULL AND try_at <= ? "
        "ORDER BY try_at, id", me.user_id, until,
    )]  # fmt: skip


def _send_all(
    me: Me, account: MailAccount, due: Sequence[int], result: Sent, told: Callable[[str, str], None] | None
) -> None:
    from easir_tui.channels.smtp import Sender

    with Sender(account) as sender:
        for place, mail_id in enumerate(due):
            try:
                message = outbox_message.read(me, mail_id)
                state, result.trouble = _send_one(me, account, sender, message)
            except _Overtaken:
                continue
            result.outcomes[state] = result.outcomes.get(state, 0) + 1
            if told is not None:
                told(message.subject, state)
            if result.trouble is not None:
                _hold(due[place + 1 :], result.trouble, result)
                return


class _Overtaken(Exception):
    """The message was undone, corrected or sent by somebody else between looking and sending."""


def _send_one(me: Me, account: MailAccount, sender: Sender, message: Message) -> tuple[str, Refused | None]:
    """Send one message; the state it came to, and the trouble if the next one would meet the same."""
    try:
        raw = outbox_message.composed(me, account, message)
        recipients = [*message.to, *message.cc, *message.bcc]
        outcome = sender.send(raw, account.address, recipients, lambda: _begin(message))
    except NotFound as gone:
        raise _Overtaken from gone
    except Invalid as invalid:
        # Nothing of it can go on the wire as it is: an address no server can read, a file that is gone.
        return _note(message.id, "refused", said=str(invalid)), None
    return _came_to(message, outcome)


def _begin(message: Message) -> None:
    """Mark a message as leaving, if it still is what was read."""
    with step(None, N_("is being sent"), contact_id=message.contact_id, shown=False) as work:
        same = value(
            "SELECT 1 FROM mail m JOIN activity a ON a.id = m.activity_id WHERE m.id = ? AND m.version = ? AND "
            "m.state = 'queued' AND m.deleted_at IS NULL AND a.version = ? AND a.deleted_at IS NULL",
            message.id, message.version, message.activity_version,
        )  # fmt: skip
        if same is None:
            raise _Overtaken
        work.change(Mail, message.id, message.version, state="sending", sent_at=clock.now())


def _came_to(message: Message, outcome: Outcome) -> tuple[str, Refused | None]:
    match outcome.fate:
        case Fate.ACCEPTED:
            whole = not outcome.refused
            return _note(
                message.id, "sent" if whole else "partly", said=outcome.words if whole else outcome.sentence
            ), None
        case Fate.REFUSED:
            return _note(message.id, "refused", said=outcome.sentence), None
        case Fate.UNCERTAIN:
            return _note(message.id, "uncertain", said=outcome.sentence), None
    # Without a number it was no answer to this message: the server is not there, and the next one would find the same.
    everybody = outcome.fate in _OF_THE_ACCOUNT or not outcome.code
    return (
        _later(message.id, outcome.sentence, gives_up=outcome.fate not in _OF_THE_ACCOUNT),
        Refused(outcome.sentence, outcome.hint) if everybody else None,
    )


def _hold(waiting: Sequence[int], trouble: Refused, result: Sent) -> None:
    """Keep all that wait for another try, because of a trouble that is no message's own."""
    for mail_id in waiting:
        _later(mail_id, trouble.sentence, gives_up=False)
    if waiting:
        result.outcomes["queued"] = result.outcomes.get("queued", 0) + len(waiting)


def _later(mail_id: int, said: str, gives_up: bool) -> str:
    """Keep a message for another try, after a pause that grows; after two days of failures it counts as refused."""
    tries, queued_at = row("SELECT tries + 1, created_at FROM mail WHERE id = ?", mail_id) or (1, clock.now())
    if gives_up and clock.now() - queued_at > GIVE_UP:
        return _note(mail_id, "refused", said=said)
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    return _note(mail_id, "queued", said=said, tries=tries, try_at=clock.now() + pause)


def _note(mail_id: int, state: str, **facts: Any) -> str:
    """Write down what became of a message."""
    if state != "queued":
        facts["try_at"] = None
    if state in ("refused", "queued"):
        facts["sent_at"] = None
    contact_id = value("SELECT contact_id FROM mail WHERE id = ?", mail_id)
    with step(None, BECAME[state], contact_id=contact_id, shown=False) as work:
        work.change(Mail, mail_id, None, state=state, **facts)
    return state


# Among the sent mail -------------------------------------------------------------------------------


def _unfiled(me: Me) -> list[int]:
    return [found for (found,) in rows(
        "SELECT id FROM mail WHERE user_id = ? AND filed = 0 AND sent_at > ? AND state IN ('sent', 'partly') "
        "ORDER BY id", me.user_id, clock.now() - FILE_WITHIN,
    )]  # fmt: skip


def _file_all(me: Me, account: MailAccount) -> None:
    """Put what was sent among the sent mail of the server; what cannot be is tried at the next occasion."""
    unfiled = _unfiled(me)
    if not unfiled or account.imap is None:
        return
    from easir_tui.channels.imap import Mailbox
    from easir_tui.channels.imap_folders import SENT

    try:
        with Mailbox(account) as box:
            folder = next((one.name for one in box.folders() if one.role == SENT), None)
            for mail_id in unfiled:
                if folder is not None:
                    box.append(folder, outbox_message.composed(me, account, outbox_message.read(me, mail_id)))
                with writing():
                    run("UPDATE mail SET filed = 1 WHERE id = ?", mail_id)
    except (Refused, NotFound):
        return


# What a person does --------------------------------------------------------------------------------


def again(me: Me, activity_id: int) -> None:
    """Send an e-mail once more that was refused, is not certain, or waits for its next try.

    Raises:
        Refused: it has been sent, or is somebody else's.
    """
    mail_id, version, state, contact_id = _own(me, activity_id)
    if state not in ("refused", "uncertain", "queued"):
        raise Refused(_("This e-mail has been sent."))
    with step(me, N_("sent an e-mail again"), contact_id=contact_id, shown=False) as work:
        work.change(Mail, mail_id, version, state="queued", tries=0, try_at=work.at, said="", sent_at=None)


def settle(me: Me, activity_id: int) -> None:
    """Say that an e-mail did arrive, whose fate is not certain, or that enough got one that some were refused.

    Raises:
        Refused: there is nothing to settle.
    """
    mail_id, version, state, contact_id = _own(me, activity_id)
    if state not in ("uncertain", "partly"):
        raise Refused(_("There is nothing to settle about this e-mail."))
    with step(me, N_("took an e-mail as sent"), contact_id=contact_id, shown=False) as work:
        work.change(Mail, mail_id, version, state="sent", try_at=None)


def found_sent(work: Step, message_id: str) -> bool:
    """A message was found among the sent mail: one whose fate was not certain has been sent."""
    known = rows("SELECT id, state FROM mail WHERE message_id = ? AND direction = 'out'", stored_id(message_id))
    for mail_id, state in known:
        if state == "uncertain":
            work.change(Mail, mail_id, None, state="sent", filed=1)
        else:
            run("UPDATE mail SET filed = 1 WHERE id = ?", mail_id)
    return bool(known)


def bounced(me: Me, bounce: Bounce) -> bool:
    """An e-mail of this person came back: it did not arrive, or not everywhere, and waits for them to do something."""
    for message_id in bounce.message_ids:
        found = row(
            "SELECT m.id, m.contact_id, m.state, a.recipients FROM mail m JOIN activity a ON a.id = m.activity_id "
            "WHERE m.message_id = ? AND m.user_id = ? AND m.direction = 'out' AND m.deleted_at IS NULL",
            message_id, me.user_id,
        )  # fmt: skip
        if found is None or found[2] not in ("sent", "partly", "uncertain"):
            continue
        people = [one for many in json.loads(found[3]).values() for one in many]
        lost = {one.casefold() for one in bounce.recipients}
        state = "refused" if all(one.casefold() in lost for one in people) else "partly"
        said = _("It came back from {who}: {words}").format(who=", ".join(bounce.recipients[:5]), words=bounce.words)
        with step(None, BECAME["came_back"], contact_id=found[1], shown=False) as work:
            work.change(Mail, found[0], None, state=state, said=said, try_at=None)
        return True
    return False


def withdraw_in(work: Step, activity_id: int) -> None:
    """With an activity that is deleted, its e-mail does not go out any more; one that has gone stays known."""
    for mail_id in [found for (found,) in rows(
        "SELECT id FROM mail WHERE activity_id = ? AND deleted_at IS NULL AND state IN ('queued', 'refused')",
        activity_id,
    )]:  # fmt: skip
        work.remove(Mail, mail_id)


def is_fixed(activity_id: int) -> bool:
    """Whether what an e-mail says can be changed no more, because others have it."""
    return value(
        "SELECT 1 FROM mail WHERE activity_id = ? AND (direction = 'in' OR state NOT IN ('queued', 'refused'))",
        activity_id,
    ) is not None  # fmt: skip


def _own(me: Me, activity_id: int) -> tuple[int, int, str, int]:
    found = row(
        "SELECT m.id, m.version, m.state, m.contact_id, m.user_id FROM mail m JOIN activity a ON a.id = m.activity_id "
        f"WHERE m.activity_id = ? AND m.direction = 'out' AND m.deleted_at IS NULL AND {of_parts(me, 'a')}",
        activity_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such e-mail."))
    if found[4] != me.user_id:
        raise Refused(_("This e-mail is a colleague's."), _("Only its sender can send it again."))
    return int(found[0]), int(found[1]), str(found[2]), int(found[3])
