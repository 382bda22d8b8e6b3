"""A mail that came back: which of ours, to whom it did not get, and what the server there said (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from easir_tui.channels import mail_words
from easir_tui.text import accept

LARGEST = 30_000_000
"""Bytes of a report that are looked through."""

_SENDERS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon")
"""Who sends reports, before the @."""

_REPORT = re.compile(rb"(?im)^content-type:\s*message/(?:global-)?delivery-status\b")
_ID = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]{1,960}>)")
_FIELD = re.compile(
    rb"(?im)^(action|final-recipient|original-recipient|diagnostic-code|status):[ \t]*(.*(?:\r?\n[ \t]+.*)*)"
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_ids` are those of the messages it is about, `<id>`; `recipients` whom they did not reach; `words` are
    the server's."""

    message_ids: tuple[str, ...]
    recipients: tuple[str, ...]
    words: str


def may_be_one(address: str) -> bool:
    """Whether a sender is one of those who send reports."""
    return address.partition("@")[0].lower() in _SENDERS


def read_bounce(raw: bytes) -> Bounce | None:
    """What a report says; None of one that is none, or that only says it takes longer. Never raises."""
    raw = raw[:LARGEST]
    report = _REPORT.search(raw)
    if report is None:
        return None
    own = _ID.search(raw)
    ids = [one.decode("ascii", "ignore") for one in _ID.findall(raw)]
    first = own[1].decode("ascii", "ignore") if own and own.start() < report.start() else ""
    recipients: list[str] = []
    words: list[str] = []
    failed, who = False, ""
    for name, held in _FIELD.findall(raw, report.start()):
        said = accept(mail_words.in_letters(b" ".join(held.split())), newlines=False)
        match name.lower():
            case b"final-recipient" | b"original-recipient":
                who = said.partition(";")[2].strip(" <>") or who
            case b"action":
                failed = said.lower().startswith("failed")
                if failed and who and who not in recipients:
                    recipients.append(who)
            case b"diagnostic-code" if failed:
                words.append(said.partition(";")[2].strip() or said)
            case b"status" if failed and not words:
                words.append(said)
    if not recipients:
        return None
    return Bounce(
        tuple(dict.fromkeys(one for one in ids if one != first)), tuple(recipients), next(reversed(words), "")[:1000]
    )
