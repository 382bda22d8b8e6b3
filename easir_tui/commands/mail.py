"""Commands of e-mails: answering, passing on, filing, keeping out, and what to do about one that did not go out."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("E-mail")

REPLY = Command("mail.reply", "r", N_("Reply"), N_("Answer the e-mail, its text quoted"), "reply", GROUP, True)
REPLY_ALL = Command("mail.reply_all", "R", N_("Reply to all"), N_("Answer everybody who got it"), "reply_all", GROUP)
FORWARD = Command("mail.forward", "f", N_("Forward"), N_("Pass the e-mail on, with its files"), "forward", GROUP, True)
AGAIN = Command(
    "mail.again", "S", N_("Send again"), N_("Send an e-mail that did not go out once more"), "send_again", GROUP, True
)
SETTLE = Command(
    "mail.settle", "w", N_("It was sent"), N_("Take an e-mail as sent whose fate is not certain"), "settle", GROUP, True
)
CASE = Command("mail.case", "C", N_("To a case"), N_("File the e-mail to one of the contact's cases"), "file", GROUP)
LEAD = Command("mail.lead", "L", N_("New lead"), N_("Make a new lead of the e-mail"), "lead", GROUP)
KEEP_OUT = Command(
    "mail.keep_out", "X", N_("Keep out"), N_("Keep this message, its address or its contact out"), "keep_out", GROUP
)
UNREAD = Command("mail.unread", "v", N_("Unread"), N_("Mark the e-mail as unread, or as read"), "unread", GROUP)
CONTACT = Command("mail.contact", "o", N_("Contact"), N_("Open the contact of the e-mail"), "contact", GROUP, True)
OLDER = Command("mail.older", "less_than_sign", N_("Older"), N_("The e-mail before in this thread"), "older", GROUP)
NEWER = Command("mail.newer", "greater_than_sign", N_("Newer"), N_("The next e-mail of this thread"), "newer", GROUP)
FETCH = Command("mail.fetch", "F", N_("Fetch"), N_("Look for new mail now"), "fetch_mail", GROUP, True)
VIEWS = tuple(
    Command(f"mail.view_{name}", str(number), title, tooltip, f"view('{name}')", GROUP)
    for number, (name, title, tooltip) in enumerate(
        (
            ("all", N_("All"), N_("All threads with contacts, the unread first")),
            ("unread", N_("Unread"), N_("Only threads with something unread")),
            ("unsent", N_("Not sent"), N_("What has not gone out")),
        ),
        start=1,
    )
)

ALL = (
    REPLY, REPLY_ALL, FORWARD, AGAIN, SETTLE, CASE, LEAD, KEEP_OUT, UNREAD, CONTACT, OLDER, NEWER, FETCH, *VIEWS,
)  # fmt: skip
