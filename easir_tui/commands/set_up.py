"""Commands of the screens on which the program is set up: relations paths, templates, own keys."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

PATHS = N_("Relations paths")
EDIT_PATH = Command("paths.edit", "E", N_("Edit"), N_("Change the path, or the milestone"), "edit", PATHS, True)
EARLIER = Command(
    "paths.earlier", "minus,shift+up", N_("Earlier"), N_("Move the milestone up"), "move(-1)", PATHS, True
)
LATER = Command("paths.later", "plus,shift+down", N_("Later"), N_("Move the milestone down"), "move(1)", PATHS, True)

TEMPLATES = N_("Templates")
EDIT_TEMPLATE = Command("templates.edit", "E", N_("Edit"), N_("Change the template"), "edit", TEMPLATES, True)
FIELD = Command(
    "template.field", "f9,ctrl+g", N_("Field"), N_("Put in a field, such as the first name of the contact"), "field",
    TEMPLATES, True,
)  # fmt: skip

KEYS = N_("Own keys")
OTHER_KEY = Command("keys.other", "E", N_("Other key"), N_("Give the command another key"), "other", KEYS, True)
FURTHER_KEY = Command("keys.further", "N", N_("Further key"), N_("Give it one more key"), "further", KEYS, True)
OUR_KEYS = Command("keys.ours", "d", N_("As it was"), N_("Give it back the keys it came with"), "ours", KEYS, True)

ALL = (EDIT_PATH, EARLIER, LATER, EDIT_TEMPLATE, FIELD, OTHER_KEY, FURTHER_KEY, OUR_KEYS)
