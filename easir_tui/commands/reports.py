"""Commands of the reports."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Reports")

VIEWS = tuple(
    Command(f"reports.{number}", str(number), N_("Report"), N_("Show the report with this number"), f"view({number})",
            GROUP)
    for number in range(1, 5)
)  # fmt: skip
EXPORT = Command(
    "reports.export", "x", N_("As a file"), N_("Save the report as a CSV file for a spreadsheet"), "export", GROUP, True
)

ALL = (*VIEWS, EXPORT)
