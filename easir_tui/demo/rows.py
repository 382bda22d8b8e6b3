"""The shapes of the demonstration's rows, and of the people and files its story is told with."""

from __future__ import annotations

from typing import NamedTuple

ACTIVITY = (
    "id", "contact_id", "account_id", "case_id", "kind", "direction", "at", "minutes", "user_id", "subject", "note",
    "body", "place", "number", "outcome", "recipients", "milestones", "created_at", "created_by", "updated_at",
    "updated_by",
)  # fmt: skip
CASE = (
    "id", "contact_id", "account_id", "title", "manager_id", "path", "milestone", "status", "outcome", "reason",
    "product", "value", "chance", "expected_close", "opened_at", "closed_at", "created_at", "created_by",
    "updated_at", "updated_by", "team_id",
)  # fmt: skip
TASK = (
    "contact_id", "account_id", "case_id", "type", "note", "assignee_id", "starts_at", "ends_at", "day", "sort_at",
    "status", "completed_at", "completed_by", "activity_id", "created_at", "created_by", "updated_at", "updated_by",
)  # fmt: skip
CONSENT = ("contact_id", "channel", "state", "source", "at", "user_id", "created_at", "created_by", "updated_at",
           "updated_by")  # fmt: skip
ATTACHMENT = ("contact_id", "case_id", "activity_id", "name", "media_type", "size", "sha256", "origin", "created_at",
              "created_by", "updated_at", "updated_by")  # fmt: skip


class Seller(NamedTuple):
    """A user of the dealership, as the story needs them."""

    id: int
    first_name: str
    full_name: str
    email: str
    team_id: int


class Filed(NamedTuple):
    """An attachment's bytes that are already in the files folder."""

    name: str
    media_type: str
    size: int
    sha256: str
    origin: str


class Told(NamedTuple):
    """The contact being told about."""

    id: int
    account_id: int
    seller: Seller
    email: str
    phone: str


class OpenCase(NamedTuple):
    """A case that is still open, and the car it is about."""

    case_id: int
    car: str
