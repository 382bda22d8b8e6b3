"""Peewee models, one for each concept of the product; the migrations make their tables.

A model is for writing and for queries of this floor and of the rules above it. What goes to a screen is a small
frozen dataclass, never one of these. Times are UTC epoch seconds, whole days are ISO text, and a list or a
mapping is stored as JSON text.
"""

from __future__ import annotations

import json
from typing import Any

from peewee import DeferredForeignKey, ForeignKeyField, IntegerField, Model, TextField

from easir_tui.data.sqlite import database

PRIVATE_ACCOUNT = 1
"""The id of the one account that holds all private customers (V2)."""


class JsonField(TextField):  # type: ignore[misc]
    """A list or mapping kept as JSON text, keys in order, letters as they are."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class Stored(Model):  # type: ignore[misc]
    """Anything in the database."""

    class Meta:
        database = database
        legacy_table_names = False


class User(Stored):
    """A person who may log in; `login` is the name the operating system knows them by."""

    login = TextField()
    full_name = TextField()
    initials = TextField(default="")
    email = TextField(default="")
    phone = TextField(default="")
    locale = TextField(default="")
    zone = TextField(default="Europe/Copenhagen")
    role = TextField(default="user")
    active = IntegerField(default=1)
    signature = TextField(default="")
    from_name = TextField(default="")
    from_address = TextField(default="")
    version = IntegerField(default=1)
    created_at = IntegerField()
    created_by = IntegerField(null=True)
    updated_at = IntegerField()
    updated_by = IntegerField(null=True)
    deleted_at = IntegerField(null=True)

    class Meta:
        table_name = "app_user"


class Record(Stored):
    """A stored concept: a version that rises with each save (V17), who and when, and the trash (V15)."""

    version = IntegerField(default=1)
    created_at = IntegerField()
    created_by = ForeignKeyField(User, null=True, column_name="created_by", backref="+")
    updated_at = IntegerField()
    updated_by = ForeignKeyField(User, null=True, column_name="updated_by", backref="+")
    deleted_at = IntegerField(null=True)


class Team(Record):
    """A group of users with an address, opening hours (weekday → spans), a letterhead, and what it does with leads.

    `holidays` are ISO days on which it is closed, besides those of `holiday_calendar` ("DK" or ""); a lead is to be
    accepted within `accept_minutes` of opening hours and acted on within `act_minutes`, None being no limit;
    `takes` are the words in a lead that say it is for this team.
    """

    name = TextField()
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    phone = TextField(default="")
    email = TextField(default="")
    opening_hours = JsonField(default=dict)
    letterhead = TextField(default="")
    zone = TextField(default="Europe/Copenhagen")
    holidays = JsonField(default=list)
    holiday_calendar = TextField(default="DK")
    accept_minutes = IntegerField(null=True)
    act_minutes = IntegerField(null=True)
    escalate_to = TextField(default="")
    takes = JsonField(default=list)


class Membership(Record):
    """A user in a team."""

    user = ForeignKeyField(User, backref="+")
    team = ForeignKeyField(Team, backref="+")


class Account(Record):
    """A company, or the one private account."""

    kind = TextField()
    name = TextField()
    name_key = TextField()
    cvr = TextField(default="")
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    country = TextField(default="")
    phone = TextField(default="")
    email = TextField(default="")
    website = TextField(default="")
    note = TextField(default="")
    responsible = ForeignKeyField(User, null=True, backref="+")
    external_ids = JsonField(default=dict)


class Contact(Record):
    """A person.

    `emails` is a list of `{"label", "address"}` and `phones` of `{"label", "number", "raw", "extension"}`,
    the first being the primary one. `name` to `last_contact_at`, and `audience`, are derived (see `derived`).
    Without a `team` it is everybody's.
    """

    kind = TextField()
    first_name = TextField(default="")
    last_name = TextField(default="")
    title = TextField(default="")
    job_title = TextField(default="")
    account = ForeignKeyField(Account, backref="+")
    emails = JsonField(default=list)
    phones = JsonField(default=list)
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    country = TextField(default="")
    website = TextField(default="")
    birthday = TextField(default="")
    language = TextField(default="")
    responsible = ForeignKeyField(User, backref="+")
    origin = TextField(default="manual")
    custom = JsonField(default=dict)
    external_ids = JsonField(default=dict)
    card = TextField(null=True)
    name = TextField()
    name_key = TextField()
    email = TextField(default="")
    phone = TextField(default="")
    status = TextField(default="lead")
    next_step_at = IntegerField(null=True)
    next_step_day = TextField(null=True)
    last_contact_at = IntegerField(null=True)
    team = ForeignKeyField(Team, null=True, backref="+")
    audience = IntegerField(default=0)
    merged_into = ForeignKeyField("self", null=True, backref="+", column_name="merged_into")


class NotSame(Record):
    """Two contacts that look like one person and are two; the lower id first."""

    contact = ForeignKeyField(Contact, backref="+")
    other = ForeignKeyField(Contact, backref="+")
    user = ForeignKeyField(User, backref="+")

    class Meta:
        table_name = "not_same"


class Consent(Record):
    """One dated statement about a channel; the newest living one counts, all are kept (V14, faults 10)."""

    contact = ForeignKeyField(Contact, backref="+")
    channel = TextField()
    state = TextField()
    source = TextField(default="")
    at = IntegerField()
    user = ForeignKeyField(User, backref="+")


class Lead(Record):
    """An enquiry from outside (V9); the message as it came is a `LeadFile`.

    `contact_data` and `account_data` are what it says of the person and the company, `comments` a list of
    `{"at", "who", "text"}`, `plans` of `{"type", "at" or "day", "note"}`, `consents` of `{"channel", "state", "text"}`.
    It is to be accepted before `due_at` and acted on before `act_by_at`; `acted_at` and `audience` are derived.
    """

    contact_data = JsonField(default=dict)
    account_data = JsonField(default=dict)
    interest = TextField(default="")
    product = TextField(default="")
    source = TextField(default="")
    type = TextField(default="")
    received_at = IntegerField()
    expires_at = IntegerField(null=True)
    team = ForeignKeyField(Team, null=True, backref="+")
    status = TextField(default="assigned")
    raw = TextField(default="")
    external_id = TextField(default="")
    digest = TextField(default="")
    format = TextField(default="")
    name = TextField(default="")
    company = TextField(default="")
    email = TextField(default="")
    phone = TextField(default="")
    city = TextField(default="")
    comments = JsonField(default=list)
    plans = JsonField(default=list)
    consents = JsonField(default=list)
    audience = IntegerField(default=0)
    due_at = IntegerField(null=True)
    act_by_at = IntegerField(null=True)
    acted_at = IntegerField(null=True)
    accepted_at = IntegerField(null=True)
    accepted_by = ForeignKeyField(User, null=True, column_name="accepted_by", backref="+")
    rejected_at = IntegerField(null=True)
    rejected_by = ForeignKeyField(User, null=True, column_name="rejected_by", backref="+")
    reason = TextField(default="")
    escalated_at = IntegerField(null=True)
    act_escalated_at = IntegerField(null=True)
    mailed_at = IntegerField(null=True)
    contact = ForeignKeyField(Contact, null=True, backref="+")
    account = ForeignKeyField(Account, null=True, backref="+")
    case = DeferredForeignKey("Case", null=True, backref="+")


class LeadFile(Record):
    """A file of a lead: the message as it came (`raw`), or something attached to it; bytes as with `Attachment`."""

    lead = ForeignKeyField(Lead, backref="+")
    name = TextField()
    media_type = TextField()
    size = IntegerField()
    sha256 = TextField()
    origin = TextField(default="file")

    class Meta:
        table_name = "lead_file"


class Case(Record):
    """A sale in progress; `path` and `milestone` are keys of the relations paths, `value` is in minor units.

    `audience` to `last_activity_at` are derived; without a `team` whoever sees the contact sees it.
    """

    contact = ForeignKeyField(Contact, backref="+")
    account = ForeignKeyField(Account, backref="+")
    title = TextField()
    manager = ForeignKeyField(User, backref="+")
    path = TextField()
    milestone = TextField(default="")
    status = TextField(default="open")
    outcome = TextField(default="")
    reason = TextField(default="")
    product = TextField(default="")
    value = IntegerField(null=True)
    currency = TextField(default="DKK")
    chance = IntegerField(null=True)
    expected_close = TextField(null=True)
    opened_at = IntegerField()
    closed_at = IntegerField(null=True)
    lead = ForeignKeyField(Lead, null=True, backref="+")
    team = ForeignKeyField(Team, null=True, backref="+")
    audience = IntegerField(default=0)
    next_step_at = IntegerField(null=True)
    next_step_day = TextField(null=True)
    last_activity_at = IntegerField(null=True)

    class Meta:
        table_name = "sales_case"


class Activity(Record):
    """Something that happened; its note text is the note in the notes pane.

    `recipients` is `{"to": [], "cc": [], "bcc": []}`, `milestones` a list of keys of the case's path,
    `minutes` the duration, `consent_override` why a refused channel was used all the same.
    """

    contact = ForeignKeyField(Contact, backref="+")
    account = ForeignKeyField(Account, backref="+")
    case = ForeignKeyField(Case, null=True, backref="+")
    kind = TextField()
    direction = TextField(default="")
    at = IntegerField()
    minutes = IntegerField(null=True)
    user = ForeignKeyField(User, backref="+")
    subject = TextField(default="")
    note = TextField(default="")
    body = TextField(default="")
    place = TextField(default="")
    number = TextField(default="")
    outcome = TextField(default="")
    state = TextField(default="")
    recipients = JsonField(default=dict)
    milestones = JsonField(default=list)
    consent_override = TextField(default="")
    source = TextField(default="user")


class Task(Record):
    """A planned next step: an instant `starts_at`, or a whole `day`; `sort_at` orders both."""

    contact = ForeignKeyField(Contact, backref="+")
    account = ForeignKeyField(Account, backref="+")
    case = ForeignKeyField(Case, null=True, backref="+")
    type = TextField()
    note = TextField(default="")
    assignee = ForeignKeyField(User, backref="+")
    starts_at = IntegerField(null=True)
    ends_at = IntegerField(null=True)
    day = TextField(null=True)
    sort_at = IntegerField()
    status = TextField(default="open")
    completed_at = IntegerField(null=True)
    completed_by = ForeignKeyField(User, null=True, column_name="completed_by", backref="+")
    activity = ForeignKeyField(Activity, null=True, backref="+")


class Attachment(Record):
    """A file of a contact; the bytes are in the files folder under their SHA-256."""

    contact = ForeignKeyField(Contact, backref="+")
    case = ForeignKeyField(Case, null=True, backref="+")
    activity = ForeignKeyField(Activity, null=True, backref="+")
    name = TextField()
    media_type = TextField()
    size = IntegerField()
    sha256 = TextField()
    origin = TextField(default="upload")


class Mail(Record):
    """What is known on the wire of an e-mail activity, sent or received; with each contact it concerns it is one row.

    `refs` are the ids of the thread before it, oldest first, `thread` the id of its first message. Of one that goes
    out, `state` is queued, sending, sent, partly, refused or uncertain, `said` what the server said, `try_at` when it
    is tried next and `filed` whether it lies among the sent mail. Of one that came in, `quoted_from` is where its text
    begins to quote. `calendar` and `method` are an invitation that goes along.
    """

    activity = ForeignKeyField(Activity, backref="+")
    contact = ForeignKeyField(Contact, backref="+")
    user = ForeignKeyField(User, backref="+")
    direction = TextField()
    message_id = TextField()
    in_reply_to = TextField(default="")
    refs = JsonField(default=list)
    thread = TextField()
    from_name = TextField(default="")
    from_address = TextField(default="")
    reply_to = JsonField(default=list)
    state = TextField(default="")
    tries = IntegerField(default=0)
    try_at = IntegerField(null=True)
    said = TextField(default="")
    sent_at = IntegerField(null=True)
    filed = IntegerField(default=0)
    calendar = TextField(default="")
    method = TextField(default="")
    quoted_from = IntegerField(null=True)


class MailKeptOut(Record):
    """A contact, or an address, whose mail in one user's mailbox is not taken in."""

    user = ForeignKeyField(User, backref="+")
    contact = ForeignKeyField(Contact, null=True, backref="+")
    address = TextField(default="")

    class Meta:
        table_name = "mail_kept_out"


class SavedView(Record):
    """A filter and an order that a user gave a name; `place` is the list it belongs to."""

    user = ForeignKeyField(User, backref="+")
    place = TextField()
    name = TextField()
    filter = TextField(default="")
    sort = TextField(default="")

    class Meta:
        table_name = "saved_view"


class Template(Record):
    """A text to begin an e-mail, a letter or a note with: the company's, a team's, or one user's own."""

    kind = TextField()
    path = TextField(default="")
    milestone = TextField(default="")
    language = TextField(default="")
    team = ForeignKeyField(Team, null=True, backref="+")
    user = ForeignKeyField(User, null=True, backref="+")
    title = TextField()
    subject = TextField(default="")
    body = TextField(default="")


class CompanySetting(Record):
    """One thing that is set for everybody who uses this database."""

    key = TextField()
    value = JsonField(null=True)

    class Meta:
        table_name = "company_setting"


class Event(Stored):
    """One meaningful act of a person: who, when, and what was meant, as a message id and its parameters."""

    at = IntegerField()
    user = ForeignKeyField(User, null=True, backref="+")
    what = TextField()
    params = JsonField(default=dict)
    kind = TextField(default="change")
    contact = ForeignKeyField(Contact, null=True, backref="+")
    account = ForeignKeyField(Account, null=True, backref="+")
    case = ForeignKeyField(Case, null=True, backref="+")
    shown = IntegerField(default=1)
    parent = ForeignKeyField("self", null=True, backref="+")
    undoes = ForeignKeyField("self", null=True, backref="+")
    undone_by = ForeignKeyField("self", null=True, column_name="undone_by_id", backref="+")


class Change(Stored):
    """What an event did to one row (or, when many were added at once, to the rows `row_id` to `last_id`)."""

    event = ForeignKeyField(Event, backref="+")
    entity = TextField()
    row_id = IntegerField()
    last_id = IntegerField()
    op = TextField()
    version = IntegerField()
    contact_id = IntegerField(null=True)
    before = JsonField(null=True)
    after = JsonField(null=True)


class Draft(Stored):
    """Text somebody has typed and not saved; `left` is 1 when they left the form on purpose."""

    user = ForeignKeyField(User, backref="+")
    key = TextField()
    kind = TextField()
    contact = ForeignKeyField(Contact, null=True, backref="+")
    body = JsonField(default=dict)
    left = IntegerField(default=0)
    updated_at = IntegerField()


RECORDS: tuple[type[Stored], ...] = (
    User, Team, Membership, Account, Contact, NotSame, Consent, Lead, LeadFile, Case, Activity, Task, Attachment,
    Mail, MailKeptOut, SavedView, Template, CompanySetting,
)  # fmt: skip
"""Every model the journal writes, in an order in which rows can be added."""

ENTITIES: dict[str, type[Stored]] = {model._meta.table_name: model for model in RECORDS}
"""Table name → model, as the journal names them."""
