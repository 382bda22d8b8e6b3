"""Reading a mailbox: what is new since last time, headers first, and whole messages only of those that are asked for.

    with Mailbox(account) as box:
        for folder in box.to_read():
            for batch in box.changes(folder.name, bookmarks[folder.name]):
                chosen = [head.uid for head in batch.heads if known(head)]
                for uid, raw in box.messages(folder.name, batch.bookmark.uidvalidity, chosen): ...
                # store both, and batch.bookmark, in one transaction

A bookmark counts for nothing until it is stored, and stands exactly behind its batch: whoever is killed at any point
and starts from the last one stored gets everything else once (faults 50). Reading marks nothing as read, and nothing
here deletes, moves or creates a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from easir_tui.channels.imap_connection import ANSWER, CONNECT, HungUp, connect, hang_up, understood
from easir_tui.channels.imap_folders import Folder, found_folders, wanted
from easir_tui.channels.mail_account import MailAccount, MailServer
from easir_tui.channels.mail_trouble import Fate, MailTrouble
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imapclient import IMAPClient

BATCH = 500
"""Messages of a batch: their numbers fit in a command of 8,000 bytes, which any server takes (RFC 7162, section 4)."""

_WINDOW = 20_000
"""Messages whose numbers are asked for at once; imaplib takes no line of more than 1,000,000 bytes."""

_TOGETHER = 4_000_000
"""Bytes of messages fetched by one command; a larger one comes alone."""

_MOST_HANG_UPS = 40
"""Times a server may hang up over a message before it is taken to mean something else; finding one costs ten."""

_GOODBYE = 5.0
"""Seconds a server gets for saying goodbye."""

HEADERS = "FROM SENDER REPLY-TO TO CC BCC MESSAGE-ID IN-REPLY-TO REFERENCES DATE"
"""All that is read of a message before anyone has decided that it concerns the firm; not even what it is about."""

_SUMMARY = ("FLAGS", "RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[HEADER.FIELDS ({HEADERS})]")
_FILED = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far a folder has been read: its UIDVALIDITY, the last UID, and the HIGHESTMODSEQ flags are known up to.

    All 0 before the first time; `modseq` stays 0 where the server counts none (CONDSTORE, RFC 7162).
    """

    uidvalidity: int = 0
    uid: int = 0
    modseq: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """A message by its headers: `header` are the bytes of those in `HEADERS`, `received_at` UTC epoch seconds."""

    uid: int
    flags: frozenset[str]
    size: int
    received_at: int
    header: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of what changed, oldest first; storing `bookmark` with it makes it done.

    `flags` are those of messages known before. `unreadable` are new ones the server has but cannot show. With
    `renewed`, the server has numbered the folder anew and everything in it comes again: what is known of it is to be
    found by message id, and its old numbers mean nothing any more.
    """

    bookmark: Bookmark
    heads: tuple[Head, ...] = ()
    flags: Mapping[int, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    unreadable: tuple[int, ...] = ()
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a message lies on the server; `uid` is 0 when the server does not say."""

    uidvalidity: int
    uid: int


class FolderRenewed(Refused):
    """The numbers that were meant belong to an earlier life of the folder (UIDVALIDITY); read its changes first."""


@dataclass(frozen=True, slots=True)
class _Opened:
    name: str
    writable: bool
    uidvalidity: int
    exists: int
    modseq: int


class Mailbox:
    """A mailbox on its server, for as long as the `with` lasts. One thread at a time.

    Every method raises MailTrouble, with a sentence and the server's own words, for whatever goes wrong there.
    """

    def __init__(self, account: MailAccount, connect_within: float = CONNECT, answer_within: float = ANSWER) -> None:
        self._account = account
        self._patience = (connect_within, answer_within)
        self._connected: IMAPClient | None = None
        self._opened: _Opened | None = None
        self._hang_ups = 0

    def __enter__(self) -> Self:
        self._connected = connect(self._account, *self._patience)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        client = self._client
        self._connected = self._opened = None
        if kind is None:
            with suppress(OSError, client.Error):
                client.socket().settimeout(_GOODBYE)
                client.logout()
                return
        hang_up(client)

    def _reconnect(self) -> None:
        """Call again a server that hung up over a message, as Dovecot does over a broken one."""
        self._hang_ups += 1
        hang_up(self._client)
        self._opened = None
        self._connected = connect(self._account, *self._patience)

    @property
    def _client(self) -> IMAPClient:
        if self._connected is None:
            raise RuntimeError("a Mailbox is used inside its with block")
        return self._connected

    @property
    def _server(self) -> MailServer:
        assert self._account.imap is not None
        return self._account.imap

    # Folders ---------------------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """Every folder that can hold messages."""
        with understood(self._server):
            return found_folders(self._client.list_folders())

    def to_read(self) -> list[Folder]:
        """The folders the account names, else the inbox and the sent mail.

        Raises:
            Refused: a named one does not exist.
        """
        return wanted(self.folders(), self._account.folders)

    def _open(self, folder: str, writable: bool = False, anew: bool = False) -> _Opened:
        """Select a folder, read-only unless asked otherwise, if it is not selected already."""
        known = self._opened
        if known and known.name == folder and (known.writable or not writable) and not anew:
            return known
        self._opened = None
        with understood(self._server):
            facts = self._client.select_folder(folder, readonly=not writable)
            opened = _Opened(
                folder,
                writable,
                int(facts[b"UIDVALIDITY"]),
                int(facts.get(b"EXISTS", 0)),
                int(facts.get(b"HIGHESTMODSEQ", 0)),
            )
        self._opened = opened
        return opened

    def _open_same(self, folder: str, uidvalidity: int, writable: bool = False) -> None:
        """The same, if it is still the folder whose numbers are meant."""
        if self._open(folder, writable).uidvalidity != uidvalidity:
            raise FolderRenewed(
                _("The server has numbered the folder {folder} anew.").format(folder=clean(folder)),
                _("It is read again from the start."),
            )

    # What changed ----------------------------------------------------------------------------------

    def changes(self, folder: str, since: Bookmark | None = None) -> Iterator[Batch]:
        """What is new since a bookmark, and changed flags of what is not, in batches of at most `BATCH` messages.

        Flags come first, and all of them again if one is killed among them. The last batch may be empty and only
        move the bookmark. Other methods may be called between batches.
        """
        opened = self._open(folder, anew=True)
        at = since or Bookmark()
        renewed = at.uidvalidity not in (0, opened.uidvalidity)
        begin = at if at.uidvalidity == opened.uidvalidity else Bookmark(opened.uidvalidity)
        last = replace(begin, modseq=opened.modseq)
        if 0 < begin.modseq < opened.modseq and begin.uid:
            for flags in self._changed_flags(opened, begin):
                yield Batch(begin, flags=flags)
        told = at
        for uids in self._new_uids(opened, begin.uid):
            last = replace(last, uid=uids[-1])
            heads, unreadable = self._heads(opened, uids)
            yield Batch(last, heads, unreadable=unreadable, renewed=renewed)
            renewed, told = False, last
        if told != last:
            yield Batch(last, renewed=renewed)

    def _changed_flags(self, opened: _Opened, since: Bookmark) -> Iterator[Mapping[int, frozenset[str]]]:
        for low, high in self._windows(opened, 0, since.uid):
            self._open_same(opened.name, opened.uidvalidity)
            with understood(self._server):
                uids = self._client.search(["UID", f"{low}:{high}", "MODSEQ", str(since.modseq + 1)])
            for some in _batches(sorted(uid for uid in uids if uid <= since.uid)):
                found, _unreadable = self._fetched(opened, some, ("FLAGS",))
                yield {uid: _flags(facts) for uid, facts in found.items()}

    def _new_uids(self, opened: _Opened, after: int) -> Iterator[list[int]]:
        for low, high in self._windows(opened, after, 0):
            self._open_same(opened.name, opened.uidvalidity)
            with understood(self._server):
                uids = self._client.search(["UID", f"{low}:{high}"])
            # 999:* names the last message even where that is an older one (RFC 9051, section 9).
            yield from _batches(sorted(uid for uid in uids if uid >= low))

    def _windows(self, opened: _Opened, after: int, until: int) -> list[tuple[int, str]]:
        """Ranges of UIDs from behind `after` to `until` (0: the end), none with much more than `_WINDOW` messages.

        Their edges are where every 20,000th message lies now. Together they leave nothing out whatever happens
        meanwhile, for they are ranges of UIDs, which stay.
        """
        edges: list[int] = []
        for position in range(opened.exists - _WINDOW, 0, -_WINDOW):
            with understood(self._server):
                found = self._client.search([str(position)])
            if found and found[0] <= after:
                break
            edges += [uid for uid in found[:1] if not until or uid < until]
        lows = [after + 1, *(edge + 1 for edge in reversed(edges))]
        highs = [*(str(edge) for edge in reversed(edges)), str(until) if until else "*"]
        return list(zip(lows, highs, strict=True))

    def _heads(self, opened: _Opened, uids: list[int]) -> tuple[tuple[Head, ...], tuple[int, ...]]:
        found, unreadable = self._fetched(opened, uids, _SUMMARY)
        return tuple(_head(uid, found[uid]) for uid in uids if uid in found), unreadable

    def _fetched(
        self, opened: _Opened, uids: Sequence[int], items: Sequence[str]
    ) -> tuple[dict[int, dict[bytes, Any]], tuple[int, ...]]:
        """What the server says of messages, and those it cannot show; one such does not hide the others."""
        self._open_same(opened.name, opened.uidvalidity)
        try:
            with understood(self._server):
                return dict(self._client.fetch(list(uids), list(items))), ()
        except HungUp:
            if self._hang_ups >= _MOST_HANG_UPS:
                raise
            self._reconnect()
        except MailTrouble as trouble:
            if trouble.fate is not Fate.REFUSED:
                raise
        if len(uids) == 1:
            return {}, tuple(uids)
        middle = len(uids) // 2
        first, first_lost = self._fetched(opened, uids[:middle], items)
        second, second_lost = self._fetched(opened, uids[middle:], items)
        return first | second, first_lost + second_lost

    # Whole messages --------------------------------------------------------------------------------

    def messages(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The chosen messages whole, a few at a time; those that are gone are left out.

        Raises:
            FolderRenewed: the numbers belong to an earlier life of the folder.
        """
        for some in _batches(sorted(set(uids))):
            self._open_same(folder, uidvalidity)
            with understood(self._server):
                sizes = self._client.fetch(some, ["RFC822.SIZE"])
            measured = [(uid, int(sizes[uid].get(b"RFC822.SIZE", 0))) for uid in some if uid in sizes]
            for together in _by_size(measured):
                self._open_same(folder, uidvalidity)
                with understood(self._server):
                    found = self._client.fetch(together, ["BODY.PEEK[]"])
                for uid in together:
                    raw = found.pop(uid, {}).get(b"BODY[]")
                    if raw is not None:
                        yield uid, bytes(raw)

    # What is written -------------------------------------------------------------------------------

    def find(self, folder: str, message_id: str) -> Filed | None:
        """A message of a folder by its id, `<…>`; the last if there are several."""
        opened = self._open(folder, anew=True)
        with understood(self._server):
            uids = self._client.search(["HEADER", "Message-ID", message_id])
        return Filed(opened.uidvalidity, max(uids)) if uids else None

    def append(self, folder: str, raw: bytes) -> Filed:
        """File a message one has sent, as read. One that lies there already, by its id, is not filed twice."""
        if (message_id := _message_id(raw)) and (known := self.find(folder, message_id)):
            return known
        with understood(self._server):
            said = self._client.append(folder, raw, ("\\Seen",))
        filed = _FILED.search(said if isinstance(said, bytes) else str(said).encode())
        return Filed(int(filed[1]), int(filed[2])) if filed else Filed(0, 0)

    def mark_seen(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> None:
        """Mark messages as read, as any mail program does.

        Raises:
            FolderRenewed: the numbers belong to an earlier life of the folder.
        """
        for some in _batches(sorted(set(uids))):
            self._open_same(folder, uidvalidity, writable=True)
            with understood(self._server):
                self._client.add_flags(some, ["\\Seen"], silent=True)


def _batches(uids: list[int]) -> Iterator[list[int]]:
    return (uids[start : start + BATCH] for start in range(0, len(uids), BATCH))


def _by_size(measured: list[tuple[int, int]]) -> Iterator[list[int]]:
    """Messages in groups of at most `_TOGETHER` bytes."""
    group: list[int] = []
    held = 0
    for uid, size in measured:
        if group and held + size > _TOGETHER:
            yield group
            group, held = [], 0
        group.append(uid)
        held += size
    if group:
        yield group


def _flags(facts: Mapping[bytes, Any]) -> frozenset[str]:
    """Its flags but \\Recent, which says something of the connection and nothing of the message."""
    said = (flag.decode("ascii", "replace") for flag in facts.get(b"FLAGS", ()) if isinstance(flag, bytes))
    return frozenset(flag for flag in said if flag.lower() != "\\recent")


def _head(uid: int, facts: Mapping[bytes, Any]) -> Head:
    header = next((value for name, value in facts.items() if name.startswith(b"BODY[HEADER")), None)
    arrived = facts.get(b"INTERNALDATE")
    return Head(
        uid,
        _flags(facts),
        int(facts.get(b"RFC822.SIZE", 0)),
        int(arrived.timestamp()) if arrived is not None else 0,
        bytes(header or b""),
    )


def _message_id(raw: bytes) -> str:
    """The id of a message of our own making, or "" """
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = re.search(rb"(?im)^Message-ID:\s*(<[\x21-\x7e]+>)", head)
    return found[1].decode("ascii") if found else ""
