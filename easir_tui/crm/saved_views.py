"""Views a user saved: a filter with a name, for one of the lists. They are their own; nobody else sees them."""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui import text
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import SavedView
from easir_tui.data.sqlite import row, rows
from easir_tui.errors import Invalid, NotFound
from easir_tui.language import N_, _

LONGEST = 40
"""Letters of a name."""


@dataclass(frozen=True, slots=True)
class OwnView:
    """A filter with a name."""

    id: int
    name: str
    filter: str


def views(me: Me, place: str) -> list[OwnView]:
    """My views of a list, in the order they were saved."""
    return [OwnView(*found) for found in rows(
        "SELECT id, name, filter FROM saved_view WHERE user_id = ? AND place = ? AND deleted_at IS NULL ORDER BY id",
        me.user_id, place,
    )]  # fmt: skip


def save(me: Me, place: str, name: str, filter: str) -> int:
    """Save a filter under a name, or change the filter of the view that has the name; returns its id.

    Raises:
        Invalid: no name, or a very long one.
    """
    name = text.accept(name, newlines=False)
    if not name:
        raise Invalid("name", _("Write a name."))
    if len(name) > LONGEST:
        raise Invalid("name", _("A name of at most {count} letters, please.").format(count=LONGEST))
    with step(me, N_("saved the view “{name}”"), {"name": name}, shown=False) as work:
        known = row(
            "SELECT id FROM saved_view WHERE user_id = ? AND place = ? AND name = ? AND deleted_at IS NULL",
            me.user_id, place, name,
        )  # fmt: skip
        if known is not None:
            work.change(SavedView, known[0], None, filter=filter)
            return int(known[0])
        return work.add(SavedView, user_id=me.user_id, place=place, name=name, filter=filter)


def drop(me: Me, view_id: int) -> None:
    """Forget a view of mine; undo brings it back.

    Raises:
        NotFound: there is none.
    """
    found = row("SELECT name FROM saved_view WHERE id = ? AND user_id = ? AND deleted_at IS NULL", view_id, me.user_id)
    if found is None:
        raise NotFound(_("There is no such view."))
    with step(me, N_("forgot the view “{name}”"), {"name": found[0]}, shown=False) as work:
        work.remove(SavedView, view_id)
