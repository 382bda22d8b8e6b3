"""What the program refuses, as sentences.

Every error a person may meet is one of these. It carries the sentence to show, already in the user's
language, and where it helps a hint that says what to press or do next; screens and commands only show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A rule said no.

    Args:
        sentence: what happened, in the user's language.
        hint: what to do about it; may be empty.
    """

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class Invalid(Refused):
    """A value of one field cannot be saved; `field` names it as the model does."""

    def __init__(self, field: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.field = field


class NotFound(Refused):
    """The record does not exist, is in the trash, or is not for this user: all three read the same."""


class NeedsConfirmation(Refused):
    """The act is allowed after a second confirmation that shows this sentence (V16)."""


class Conflict(Refused):
    """Somebody else changed the same field since it was read (V17, faults 73 and 74).

    Args:
        entity: table name of the record.
        row_id: its id.
        theirs: the values now stored, of the fields in dispute.
        mine: the values that were to be saved.
        original: the values both started from.
        who: full name of the other person.
        at: when they saved, UTC epoch seconds.
        version: the version now stored; saving again with it overwrites knowingly.
    """

    def __init__(
        self,
        sentence: str,
        *,
        entity: str,
        row_id: int,
        theirs: Mapping[str, Any],
        mine: Mapping[str, Any],
        original: Mapping[str, Any],
        who: str,
        at: int,
        version: int,
        hint: str = "",
    ) -> None:
        super().__init__(sentence, hint)
        self.entity = entity
        self.row_id = row_id
        self.theirs = dict(theirs)
        self.mine = dict(mine)
        self.original = dict(original)
        self.who = who
        self.at = at
        self.version = version


class StoreProblem(Refused):
    """The database file cannot be used: broken, read-only, full, or from a newer program."""
