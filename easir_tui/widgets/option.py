"""One thing that can be chosen, and the wish for a new one: what pickers hand about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: `value` is what comes back, `label` what is read, `detail` a dim word beside it."""

    value: Any
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """The person wants a new record of this name instead of one of the options."""

    text: str


Search: TypeAlias = Callable[[str], Awaitable[Sequence[Option]]]
"""Options for what is typed so far; asked at every key, so it must have a limit (faults 65)."""
