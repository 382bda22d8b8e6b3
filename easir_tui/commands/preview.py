"""Looking into a file, and the keys there."""

from __future__ import annotations

from typing import Any

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Preview")


def _has_pages(screen: Any) -> bool:
    return bool(getattr(screen, "pages", 0) > 1)


def _has_both(screen: Any) -> bool:
    return bool(getattr(screen, "has_both", False))


VIEW = Command("file.view", "V", N_("Preview"), N_("Look into the file without saving it"), "view_file", GROUP)
NEXT = Command(
    "preview.next",
    "greater_than_sign,right",
    N_("Next page"),
    N_("The next page"),
    "next_page",
    GROUP,
    True,
    _has_pages,
)
PREVIOUS = Command(
    "preview.previous", "less_than_sign,left", N_("Previous page"), N_("The page before"), "previous_page", GROUP, True,
    _has_pages,
)  # fmt: skip
TEXT = Command(
    "preview.text", "t", N_("Text or picture"), N_("Show the page as text, or as a picture"), "as_text", GROUP, True,
    _has_both,
)  # fmt: skip
SAVE = Command("preview.save", "s", N_("Save it"), N_("Save the file to a folder"), "save_file", GROUP, True)
FETCH = Command("preview.fetch", "y", N_("Fetch"), N_("Copy the command that fetches the file"), "fetch", GROUP, True)

ALL = (VIEW, NEXT, PREVIOUS, TEXT, SAVE, FETCH)
