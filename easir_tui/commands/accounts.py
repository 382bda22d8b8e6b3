"""Commands of the list of accounts and of the account page."""

from __future__ import annotations

from typing import Any

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Accounts")


def _is_company(screen: Any) -> bool:
    """The private account is fixed (V2)."""
    return not getattr(screen, "is_private", False)


VIEW_1 = Command("accounts.all", "1", N_("All"), N_("All accounts"), "view('1')", GROUP)
VIEW_2 = Command("accounts.mine", "2", N_("Mine"), N_("The accounts I am responsible for"), "view('2')", GROUP)
EDIT = Command("accounts.edit", "E", N_("Edit"), N_("Change the account under the cursor"), "edit", GROUP, True)
GIVE = Command(
    "accounts.give", "R", N_("Responsible"), N_("Make a colleague responsible for the marked accounts"), "give", GROUP,
    True,
)  # fmt: skip
EDIT_ALL = Command(
    "account.edit", "W", N_("All facts"), N_("Change all facts of the account in one form"), "edit_all", GROUP, False,
    _is_company,
)  # fmt: skip
NEW = Command(
    "account.new",
    "N",
    N_("New contact"),
    N_("A new contact in this account; among its cases, a new case"),
    "new",
    GROUP,
)  # fmt: skip
DELETE = Command(
    "account.delete", "D", N_("Delete account"), N_("Delete the account; one with contacts stays"), "delete_account",
    GROUP, False, _is_company,
)  # fmt: skip
MERGE = Command(
    "account.merge", "M", N_("Merge"), N_("Merge another account that is the same company into this one"), "merge",
    GROUP, False, _is_company,
)  # fmt: skip
OF_CONTACT = Command(
    "contact.account", "A", N_("Account"), N_("Open the account of this contact"), "account", N_("Contact and case")
)

LIST = (VIEW_1, VIEW_2, EDIT, GIVE)
PAGE = (EDIT_ALL, NEW, MERGE, DELETE)
ALL = (*LIST, *PAGE, OF_CONTACT)
