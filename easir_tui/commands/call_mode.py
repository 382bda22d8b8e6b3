"""Commands of call mode: one key for each outcome."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Call mode")


REACHED = Command("calls.reached", "r", N_("Reached"), N_("We spoke; the call is recorded"), "reached", GROUP, True)
NO_ANSWER = Command("calls.no_answer", "n", N_("No answer"), N_("Nobody answered"), "no_answer", GROUP, True)
VOICEMAIL = Command("calls.voicemail", "v", N_("Voicemail"), N_("I left a message"), "voicemail", GROUP, True)
AGAIN = Command("calls.again", "b", N_("Call back"), N_("Call back at another time"), "again", GROUP, True)
REFUSED = Command("calls.refused", "x", N_("Do not call"), N_("Consent to calls is withdrawn"), "refused", GROUP, True)
DIAL = Command(
    "calls.dial", "enter", N_("Dial"), N_("Start the clock, and dial or copy the number"), "dial", GROUP, True
)
PLAN = Command(
    "calls.plan", "p", N_("Next step"), N_("Plan the next step of the person just reached"), "plan", GROUP, True
)
NOTE = Command("calls.note", "slash", N_("Note"), N_("Write what was said"), "write", GROUP)
NEXT = Command("calls.next", "j,down,right", N_("Next"), N_("The next person, this one stays"), "step(1)", GROUP)
BEFORE = Command("calls.before", "k,up,left", N_("Before"), N_("The person before"), "step(-1)", GROUP)
CONTACT = Command("calls.contact", "o", N_("Contact"), N_("Open the contact"), "contact", GROUP, True)

ALL = (REACHED, NO_ANSWER, VOICEMAIL, AGAIN, REFUSED, DIAL, PLAN, NOTE, NEXT, BEFORE, CONTACT)
