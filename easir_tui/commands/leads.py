"""Commands of the list of leads and of the page of one."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Leads")


def _waits(screen: object) -> bool:
    return bool(getattr(screen, "waits", True))


def _became(screen: object) -> bool:
    return getattr(screen, "case_id", None) is not None


ACCEPT = Command(
    "lead.accept", "a", N_("Accept"), N_("Accept the lead: company, contact, case"), "accept", GROUP, True, _waits
)
REJECT = Command(
    "lead.reject", "r", N_("Reject"), N_("Reject the lead for the whole team, with a reason"), "reject", GROUP, True,
    _waits,
)  # fmt: skip
RAW = Command("lead.raw", "o", N_("Message"), N_("The message as it came"), "raw", GROUP, True)
CASE = Command("lead.case", "enter", N_("Case"), N_("Open the case the lead has become"), "case", GROUP, True, _became)

LIST = (ACCEPT, REJECT)
PAGE = (ACCEPT, REJECT, RAW, CASE)
ALL = (*PAGE,)
