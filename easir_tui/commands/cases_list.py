"""Commands of the list of cases and of the pipeline."""

from __future__ import annotations

from dataclasses import replace

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("List of cases")

VIEWS = tuple(
    Command(f"views.{number}", str(number), N_("View"), N_("Show the view with this number"), f"view({number})", GROUP)
    for number in range(1, 10)
)
REASSIGN = Command(
    "cases.reassign", "r", N_("Reassign"), N_("Give the marked cases to a colleague"), "reassign", GROUP, True
)
CLOSE = Command("cases.close", "C", N_("Close"), N_("Close the marked cases as won or lost"), "close_cases", GROUP)
SAVE_VIEW = Command(
    "cases.save_view", "V", N_("Save view"), N_("Give the filter on screen a name"), "save_view", GROUP, True
)
DROP_VIEW = Command("cases.drop_view", "X", N_("Forget view"), N_("Forget one of my views"), "drop_view", GROUP)

PIPELINE = N_("Pipeline")
COLUMN_LEFT = Command("pipeline.left", "left", N_("Left"), N_("To the column before"), "column(-1)", PIPELINE)
COLUMN_RIGHT = Command("pipeline.right", "right", N_("Right"), N_("To the next column"), "column(1)", PIPELINE)
CONTACT = Command("pipeline.contact", "O", N_("Contact"), N_("Open the contact of the case"), "contact", PIPELINE)
PATH = Command("pipeline.path", "w", N_("Path"), N_("Choose the relations path"), "path", PIPELINE, True)
WHOSE = Command("pipeline.whose", "f", N_("Whose"), N_("My cases, or everybody's"), "whose", PIPELINE, True)
LIST = Command(
    "pipeline.list", "o", N_("As a list"), N_("Show the cases of this column as a list"), "as_list", PIPELINE, True
)


def footer(command: Command) -> Command:
    """The command, shown in the key line."""
    return replace(command, footer=True)


ALL = (
    *VIEWS, REASSIGN, CLOSE, SAVE_VIEW, DROP_VIEW, COLUMN_LEFT, COLUMN_RIGHT, CONTACT, PATH, WHOSE, LIST,
)  # fmt: skip
