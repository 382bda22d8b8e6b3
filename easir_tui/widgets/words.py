"""What kinds, channels, states and origins are called on screen."""

from __future__ import annotations

from easir_tui.language import N_, _

KINDS: dict[str, str] = {
    "note": N_("Note"),
    "meeting": N_("Meeting"),
    "email": N_("E-mail"),
    "call": N_("Call"),
    "letter": N_("Letter"),
    "remind": N_("Reminder"),
}
"""Kinds of activity and types of task."""

DIRECTIONS: dict[tuple[str, str], str] = {
    ("call", "in"): N_("Call in"),
    ("call", "out"): N_("Call out"),
    ("email", "in"): N_("E-mail in"),
    ("email", "out"): N_("E-mail out"),
    ("letter", "in"): N_("Letter in"),
    ("letter", "out"): N_("Letter"),
}
"""Kinds that have a direction, short enough for a column."""

CHANNELS: dict[str, str] = {"phone": N_("Phone"), "email": N_("E-mail"), "letter": N_("Letter"), "sms": N_("SMS")}
"""Channels of consent."""

CONSENTS: dict[str, str] = {"given": N_("given"), "refused": N_("refused"), "not_asked": N_("not asked")}
"""What a person may have said."""

CONSENT_ROLES: dict[str, str] = {"given": "good", "refused": "bad", "not_asked": "dim"}
"""How what they said looks; a sign and a word go with it."""

STATUSES: dict[str, str] = {"lead": N_("lead"), "opportunity": N_("opportunity"), "customer": N_("customer")}
"""What a contact is to us, told by their cases."""

CONTACT_KINDS: dict[str, str] = {"private": N_("Private contact"), "business": N_("Business contact")}

CONTACT_ORIGINS: dict[str, str] = {
    "manual": N_("typed in"),
    "lead": N_("from a lead"),
    "import": N_("imported"),
    "sync": N_("synchronised"),
}

FILE_ORIGINS: dict[str, str] = {
    "upload": N_("uploaded"),
    "mail_in": N_("mail in"),
    "mail_out": N_("mail out"),
    "letter": N_("letter"),
}

MAIL_STATES: dict[str, str] = {
    "to_send": N_("to be sent"),
    "queued": N_("to be sent"),
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "partly": N_("not sent to all"),
    "refused": N_("not sent: refused"),
    "uncertain": N_("not certain, look in Sent"),
    "unread": N_("unread"),
}
"""How far an e-mail is."""

MAIL_ROLES: dict[str, str] = {
    "to_send": "warn", "queued": "warn", "sending": "warn", "partly": "bad", "refused": "bad", "uncertain": "bad",
    "unread": "strong",
}  # fmt: skip
"""How the state of an e-mail looks; a word goes with it."""

CASE_STATUSES: dict[str, str] = {"open": N_("open"), "closed": N_("closed"), "rejected": N_("rejected")}

OUTCOMES: dict[str, str] = {"won": N_("won"), "lost": N_("lost")}

EVENTS: dict[str, str] = {
    "consent": N_("Consent"),
    "change": N_("Changed"),
    "undo": N_("Undone"),
    "import": N_("Import"),
}
"""Rows of history that are no activity."""

EVENT_WORDS: dict[str, str] = {
    "created": N_("Created"),
    "added": N_("Created"),
    "imported": N_("Import"),
    "planned": N_("Planned"),
    "set": N_("Planned"),
    "snoozed": N_("Planned"),
    "completed": N_("Done"),
    "reopened": N_("Reopened"),
    "attached": N_("File"),
    "opened": N_("Case"),
    "closed": N_("Case"),
    "rejected": N_("Case"),
    "deleted": N_("Deleted"),
    "removed": N_("Deleted"),
    "moved": N_("Moved"),
    "merged": N_("Merged"),
}
"""One word for an event, by the first word of the message it was recorded with."""

LANGUAGES: dict[str, str] = {
    "": N_("not known"),
    "da": N_("Danish"),
    "en": N_("English"),
    "de": N_("German"),
    "sv": N_("Swedish"),
    "nb": N_("Norwegian"),
    "fo": N_("Faroese"),
    "kl": N_("Greenlandic"),
    "pl": N_("Polish"),
    "uk": N_("Ukrainian"),
    "ar": N_("Arabic"),
    "tr": N_("Turkish"),
}
"""Languages by their ISO code."""

FIELDS: dict[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "title": N_("Title"),
    "job_title": N_("Job title"),
    "account_id": N_("Account"),
    "kind": N_("Kind"),
    "emails": N_("E-mails"),
    "phones": N_("Phones"),
    "street": N_("Street"),
    "postcode": N_("Postcode"),
    "city": N_("City"),
    "country": N_("Country"),
    "website": N_("Website"),
    "birthday": N_("Birthday"),
    "language": N_("Language"),
    "responsible_id": N_("Responsible user"),
    "custom": N_("Further facts"),
    "name": N_("Name"),
    "note": N_("Note"),
    "subject": N_("Subject"),
    "body": N_("Text"),
    "place": N_("Where"),
    "number": N_("Number"),
    "outcome": N_("Outcome"),
    "minutes": N_("Minutes"),
    "at": N_("When"),
    "status": N_("Status"),
    "milestone": N_("Milestone"),
    "value": N_("Value"),
    "product": N_("Product"),
    "manager_id": N_("Case manager"),
    "chance": N_("Chance"),
    "expected_close": N_("Expected close"),
    "reason": N_("Reason"),
    "type": N_("Type"),
    "day": N_("Day"),
    "starts_at": N_("Starts"),
    "ends_at": N_("Ends"),
    "assignee_id": N_("Assignee"),
}
"""Fields of records, as the reading of an event names them."""

LABELS: dict[str, str] = {
    "work": N_("work"),
    "home": N_("home"),
    "mobile": N_("mobile"),
    "cell": N_("mobile"),
    "main": N_("main number"),
    "direct": N_("direct"),
    "switchboard": N_("switchboard"),
    "private": N_("private"),
    "fax": N_("fax"),
    "work fax": N_("fax at work"),
    "home fax": N_("fax at home"),
    "pager": N_("pager"),
    "car": N_("car"),
    "assistant": N_("assistant"),
    "other": N_("other"),
}
"""What e-mail addresses and phone numbers are for, as stored; any other label is shown as it was typed."""


def label_text(label: str) -> str:
    """A stored label in the user's language."""
    known = LABELS.get(label.lower())
    return _(known) if known else label


def label_of(typed: str) -> str:
    """A typed label as it is stored: a known one in any language becomes its key."""
    for key, title in LABELS.items():
        if typed.lower() in (key, title, _(title).lower()):
            return key
    return typed
