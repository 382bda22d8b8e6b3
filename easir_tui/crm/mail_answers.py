"""What an answer to an e-mail, or passing it on, begins with: to whom, about what, the quoted text, the files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from easir_tui import clock, config
from easir_tui.clock import When
from easir_tui.crm import activity_page
from easir_tui.crm.activity_page import ActivityInFull
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, value
from easir_tui.errors import Refused
from easir_tui.language import _

QUOTED = 50_000
"""Characters of a text that are quoted; what is longer is cut, for the whole is in the thread."""

_PREFIX = re.compile(r"^\s*(?:(?:re|sv|aw|vs|fwd?|vb|wg|vl|tr)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
"""What mail programs of the countries around put before a subject when they answer or pass on."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the form of an e-mail begins with. `answers` is the activity it replies to, None when it passes one on."""

    contact_id: int
    case_id: int | None
    answers: int | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str
    milestones: tuple[str, ...] = ()
    """Where on its case the e-mail stands."""
    files: tuple[tuple[int, str, int], ...] = ()
    """Files that may go along: attachment id, name, size in bytes."""


def answer(me: Me, activity_id: int, everybody: bool = False) -> Beginning:
    """An answer to an e-mail: to where it asks for answers, with `everybody` to all others who got it as well.

    Raises:
        NotFound: it is gone, or not for these eyes.
        Refused: it is no e-mail.
    """
    held = _email(me, activity_id)
    own = _own_addresses(me)
    people = held.recipients
    if held.direction == "in":
        to = held.answer_to or _address_of(held)
        others = [*people.get("to", ()), *people.get("cc", ())]
    else:
        to = tuple(people.get("to", ()))
        others = list(people.get("cc", ()))
    taken = {one.casefold() for one in to} | own
    cc = tuple(dict.fromkeys(one for one in others if one.casefold() not in taken)) if everybody else ()
    return Beginning(
        held.contact_id, _open_case(held), activity_id, to, cc, "Re: " + plain_subject(held.subject),
        "\n\n" + _quoted(me, held), held.milestones,
    )  # fmt: skip


def forward(me: Me, activity_id: int) -> Beginning:
    """An e-mail passed on, with its files; it begins a thread of its own.

    Raises:
        NotFound: it is gone, or not for these eyes.
        Refused: it is no e-mail.
    """
    held = _email(me, activity_id)
    facts = [
        (_("From"), held.sender or held.who),
        (_("Date"), clock.say_when(When(at=held.at), clock.zone(me.zone))),
        (_("Subject"), held.subject),
        (_("To"), ", ".join(held.recipients.get("to", ()))),
    ]
    head = "\n".join(f"{title}: {words}" for title, words in facts if words)
    mark, title = "-" * 8, _("Forwarded message")
    body = f"\n\n{mark} {title} {mark}\n{head}\n\n{_cut(held.body)}\n"
    return Beginning(
        held.contact_id, _open_case(held), None, (), (), "Fwd: " + plain_subject(held.subject), body,
        held.milestones, held.files,
    )  # fmt: skip


def plain_subject(subject: str) -> str:
    """A subject without the Re:, SV: or Fwd: of those who answered before."""
    return _PREFIX.sub("", subject).strip()


def _email(me: Me, activity_id: int) -> ActivityInFull:
    held = activity_page.activity(me, activity_id)
    if held.kind != "email":
        raise Refused(_("Only an e-mail can be answered or passed on."))
    return held


def _own_addresses(me: Me) -> set[str]:
    found = row("SELECT email, from_address FROM app_user WHERE id = ?", me.user_id) or ("", "")
    own = (*found, config.mail().get("address", "").replace("{login}", me.login))
    return {one.casefold() for one in own if one}


def _address_of(held: ActivityInFull) -> tuple[str, ...]:
    """Where a contact is written to whose e-mail was only noted."""
    found = value("SELECT email FROM contact WHERE id = ?", held.contact_id)
    return (str(found),) if found else ()


def _open_case(held: ActivityInFull) -> int | None:
    if held.case_id is None:
        return None
    return held.case_id if value("SELECT status FROM sales_case WHERE id = ?", held.case_id) == "open" else None


def _quoted(me: Me, held: ActivityInFull) -> str:
    """The text of an e-mail as an answer quotes it."""
    when = clock.say_when(When(at=held.at), clock.zone(me.zone))
    said = _("On {when}, {who} wrote:").format(when=when, who=held.sender or held.who)
    lines = _cut(held.body).rstrip().split("\n")
    return said + "\n" + "\n".join(f"> {one}".rstrip() for one in lines) + "\n"


def _cut(body: str) -> str:
    return body if len(body) <= QUOTED else body[:QUOTED].rpartition("\n")[0] + "\n…"
