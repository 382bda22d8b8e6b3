"""The folders of a mailbox and what they are for, by what the server says (RFC 6154), else by their usual names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.text import clean

INBOX, SENT = "inbox", "sent"

_BY_FLAG = {
    "\\sent": SENT, "\\drafts": "drafts", "\\trash": "trash", "\\junk": "junk", "\\archive": "archive", "\\all": "all",
}  # fmt: skip
_EMPTY = {"\\noselect", "\\nonexistent"}

_SENT_NAMES = (
    "sent", "sent items", "sent messages", "sent mail", "sendt", "sendt post", "sendte elementer", "sendte mails",
    "sendt mail", "sendte", "gesendet", "gesendete elemente", "gesendete objekte", "skickat", "skickade objekt",
)  # fmt: skip
"""As mail programs name it here and next door; the first that is there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by the name the server knows it by, to be given back as it is and cleaned before it is shown.

    `role` is inbox, sent, drafts, trash, junk, archive, all, or "".
    """

    name: str
    role: str = ""


def found_folders(listed: Iterable[tuple[Sequence[bytes], bytes | None, str]]) -> list[Folder]:
    """The folders of a LIST answer (flags, delimiter, name) that can hold messages; one at most is the sent mail."""
    folders: list[Folder] = []
    last_parts: list[str] = []
    for flags, delimiter, name in listed:
        said = {flag.decode("ascii", "replace").lower() for flag in flags if isinstance(flag, bytes)}
        if said & _EMPTY:
            continue
        role = INBOX if name.upper() == "INBOX" else next((_BY_FLAG[flag] for flag in said if flag in _BY_FLAG), "")
        folders.append(Folder(name, role))
        mark = delimiter.decode("ascii", "replace") if delimiter else ""
        last_parts.append((name.rpartition(mark)[2] if mark else name).casefold())
    if not any(folder.role == SENT for folder in folders):
        for usual in _SENT_NAMES:
            if usual in last_parts and not folders[place := last_parts.index(usual)].role:
                folders[place] = replace(folders[place], role=SENT)
                break
    return folders


def wanted(folders: list[Folder], names: Sequence[str]) -> list[Folder]:
    """The folders of those names, else the inbox and the sent mail.

    Raises:
        Refused: a named one does not exist.
    """
    if not names:
        return sorted((one for one in folders if one.role in (INBOX, SENT)), key=lambda one: one.role)
    by_name = {folder.name: folder for folder in folders}
    for name in names:
        if name not in by_name:
            raise Refused(
                _("There is no mail folder {name}.").format(name=clean(name)),
                _("There are: {names}.").format(names=", ".join(clean(folder.name) for folder in folders[:20])),
            )
    return [by_name[name] for name in names]
