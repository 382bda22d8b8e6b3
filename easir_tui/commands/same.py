"""Contacts that may be one person: deciding pairs one after another, and merging field by field."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Duplicates")

MERGE = Command("contacts.merge", "M", N_("Merge"), N_("Make one of the marked contacts"), "merge", GROUP)
MERGE_THIS = Command(
    "contact.merge",
    "M",
    N_("Merge"),
    N_("Make one of this contact and another that is the same person"),
    "merge",
    GROUP,
)
LEFT = Command("same.left", "1,left", N_("Left stays"), N_("One person: the left one stays"), "keep(0)", GROUP, True)
RIGHT = Command(
    "same.right", "2,right", N_("Right stays"), N_("One person: the right one stays"), "keep(1)", GROUP, True
)
BOTH = Command("same.both", "b", N_("Both are real"), N_("Two people: never ask again"), "both", GROUP, True)
LATER = Command("same.later", "n", N_("Not now"), N_("Put the pair off"), "later", GROUP, True)
BY_FIELD = Command(
    "same.by_field", "f", N_("By field"), N_("Choose field by field what stands"), "by_field", GROUP, True
)
OPEN = Command("same.open", "o", N_("Contact"), N_("Open the left contact"), "contact", GROUP)

TAKE_LEFT = Command(
    "merge.left", "left", N_("To the left"), N_("Take what the one to the left says"), "take(-1)", GROUP
)
TAKE_RIGHT = Command(
    "merge.right", "right", N_("To the right"), N_("Take what the one to the right says"), "take(1)", GROUP, True
)
STAYS = Command(
    "merge.stays", "w", N_("Who stays"), N_("Let the next of them be the one who stays"), "stays", GROUP, True
)

ALL = (MERGE, MERGE_THIS, LEFT, RIGHT, BOTH, LATER, BY_FIELD, OPEN, TAKE_LEFT, TAKE_RIGHT, STAYS)
