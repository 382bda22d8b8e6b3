"""Commands of forms and dialogs: they work while a field has the focus."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Forms")

SAVE = Command("form.save", "ctrl+s,f10", N_("Save"), N_("Save and close"), "save", GROUP, True)
CANCEL = Command("form.cancel", "escape", N_("Leave"), N_("Leave; what is typed stays as a draft"), "back", GROUP, True)
CLOSE = Command("dialog.close", "escape", N_("Leave"), N_("Close this; nothing is changed"), "back", GROUP, True)
EDITOR = Command(
    "form.editor", "ctrl+e", N_("Editor"), N_("Write this text in your own editor"), "focused.external_editor", GROUP
)

CHOOSE = Command(
    "field.choose", "enter,space", N_("Choose"), N_("Show what can be chosen; tick or untick"), "focused.choose", GROUP
)
CHOICE_NEXT = Command(
    "field.next", "right", N_("Next choice"), N_("The next value of this field"), "focused.choice_next", GROUP
)
CHOICE_PREVIOUS = Command(
    "field.previous", "left", N_("Previous choice"), N_("The value before"), "focused.choice_previous", GROUP
)
YES = Command("answer.yes", "y,j", N_("Yes"), N_("Answer yes"), "yes", GROUP, True)
NO = Command("answer.no", "n,escape", N_("No"), N_("Answer no; nothing happens"), "no", GROUP, True)
ACCEPT = Command("answer.accept", "enter", N_("Choose"), N_("Take what is under the cursor"), "accept", GROUP, True)
MINE = Command("conflict.mine", "m", N_("Keep mine"), N_("Save my value of this field"), "mine", GROUP, True)
THEIRS = Command("conflict.theirs", "t", N_("Take theirs"), N_("Keep the value now stored"), "theirs", GROUP, True)

SERVICE = Command(
    "activity.service_message",
    "f9,ctrl+g",
    N_("Save as service message"),
    N_("Save although the contact has refused this channel: a message they must have"),
    "service_message",
    GROUP,
    True,
    allowed=lambda screen: getattr(screen, "refused", None) is not None,
)
DIAL = Command(
    "activity.dial",
    "ctrl+r",
    N_("Dial"),
    N_("Dial the number with the configured command, or copy it"),
    "dial",
    GROUP,
    True,
    allowed=lambda screen: getattr(screen, "kind", "") == "call",
)

FIELDS = (CHOOSE, CHOICE_NEXT, CHOICE_PREVIOUS, EDITOR)
"""What the fields of a form answer to."""

ACTIVITY = (SERVICE, DIAL)
"""What the activity form does besides."""

ALL = (SAVE, CANCEL, *FIELDS)
"""The commands of a form screen."""

ANSWERS = (CLOSE, YES, NO, ACCEPT, MINE, THEIRS)
"""The commands of dialogs, for the table."""
