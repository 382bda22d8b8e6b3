"""A small WebDAV client: what keeping a calendar or an address book in step with a server takes, and no more.

Redirections are followed by hand and the password never leaves the server it is for. Everything a server sends is
bounded and read without entities; everything that goes wrong is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

from easir_tui.channels.mail_account import is_loopback
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _
from easir_tui.text import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    import httpx

D = "{DAV:}"
NAMESPACES = {"d": "DAV:", "c": "urn:ietf:params:xml:ns:caldav", "a": "urn:ietf:params:xml:ns:carddav"}

PATIENCE = 30.0
"""Seconds to wait for a server to say anything."""

LARGEST = 64 * 1024 * 1024
"""Bytes of one answer."""

AT_A_TIME = 100
"""Members asked for in one request."""

_REDIRECTIONS = 5


class DavTrouble(Refused):
    """The server cannot be reached, or said no; `status` is its HTTP status, 0 where it said nothing."""

    def __init__(self, sentence: str, hint: str = "", status: int = 0) -> None:
        super().__init__(sentence, hint)
        self.status = status


class Overtaken(DavTrouble):
    """Somebody else changed the member in the meantime: If-Match or If-None-Match failed (412)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer of a multistatus: its path on the server, its status (200 unless told otherwise), what was found."""

    href: str
    status: int
    found: dict[str, Element]

    @property
    def etag(self) -> str:
        """The entity tag, as it is to be sent back; empty where none was told."""
        return self.text(f"{D}getetag")

    @property
    def is_collection(self) -> bool:
        """Whether it is a folder of others, as far as its `d:resourcetype` was asked for."""
        kind = self.found.get(f"{D}resourcetype")
        return kind is not None and len(kind) > 0

    def text(self, name: str) -> str:
        """The text of a property, without blanks around it."""
        held = self.found.get(name)
        return (held.text or "").strip() if held is not None else ""

    def href_in(self, name: str) -> str:
        """The href inside of a property such as a principal; empty where there is none."""
        held = self.found.get(name)
        inner = held.find(f"{D}href") if held is not None else None
        return (inner.text or "").strip() if inner is not None else ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different in a collection: path → entity tag of what is new or changed, and the paths of what is gone.

    With `whole` it is everything the collection holds, and what is not among it is gone.
    """

    changed: dict[str, str]
    gone: tuple[str, ...]
    token: str
    whole: bool


@dataclass(frozen=True, slots=True)
class _Multistatus:
    resources: list[Resource] = field(default_factory=list)
    token: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server sent; the names of headers are in small letters."""

    status: int
    reason: str
    headers: dict[str, str]
    content: bytes


class Dav:
    """One server, logged in to; a context manager.

    Args:
        url: where to begin: `https`, or `http` on this machine.
        ca_file: the only authorities trusted (PEM); "" trusts those of the system.

    Raises:
        Invalid: the address is none, or would be spoken to unencrypted.
    """

    def __init__(self, url: str, user: str, password: str, ca_file: str = "", patience: float = PATIENCE) -> None:
        parts = _parts(url)
        if parts is None:
            raise Invalid("url", _("“{text}” is not the address of a server.").format(text=clean(url)))
        if parts[0] == "http" and not is_loopback(parts[1]):
            raise Invalid(
                "url",
                _("The password for {host} would travel unencrypted.").format(host=clean(parts[1])),
                _("Use an address that begins with https."),
            )
        self.url = url
        self._origin = parts
        self._client = _client(user, password, ca_file, patience, url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    # What is there ---------------------------------------------------------------------------------

    def properties(self, url: str, names: Iterable[str], depth: int = 0) -> list[Resource]:
        """Properties (such as `d:resourcetype`) of a resource, and with depth 1 of its members."""
        body = f"<d:propfind {_declared()}><d:prop>{''.join(f'<{one}/>' for one in names)}</d:prop></d:propfind>"
        return self._asked("PROPFIND", url, body, depth).resources

    def changes(self, url: str, token: str = "") -> Changes:
        """What changed in a collection since `token` (RFC 6578); everything where it is empty or no longer known.

        A server that keeps no record of changes is asked for all entity tags instead; the token is empty then.
        """
        body = (
            f"<d:sync-collection {_declared()}><d:sync-token>{escape(token)}</d:sync-token>"
            "<d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>"
        )
        try:
            answer = self._asked("REPORT", url, body, 0)
        except DavTrouble as trouble:
            if token and trouble.status in (403, 409, 410, 412, 507):
                return self.changes(url)
            if trouble.status in (400, 403, 405, 415, 501):
                return self._listed(url)
            raise
        own = _path(url)
        members = [one for one in answer.resources if one.href.rstrip("/") != own.rstrip("/")]
        if any(one.status == 507 for one in answer.resources):  # cut off: ask in the way that is never cut
            return self._listed(url)
        gone = tuple(one.href for one in members if one.status in (404, 410))
        held = {one.href: one.etag for one in members if one.status == 200}
        return Changes(held, gone, answer.token, not token)

    def _listed(self, url: str) -> Changes:
        found = self.properties(url, ("d:getetag", "d:resourcetype"), 1)
        held = {one.href: one.etag for one in found if one.etag and not one.is_collection}
        return Changes(held, (), "", True)

    def members(self, url: str, hrefs: Sequence[str], report: str, data: str) -> Iterator[tuple[Resource, bytes]]:
        """The content of members with their entity tags; those that are gone are left out.

        Args:
            report: `c:calendar-multiget` or `a:addressbook-multiget`.
            data: the property that holds the content, `c:calendar-data` or `a:address-data`.
        """
        prefix, _colon, name = data.partition(":")
        wanted = f"{{{NAMESPACES[prefix]}}}{name}"
        for start in range(0, len(hrefs), AT_A_TIME):
            asked = "".join(f"<d:href>{escape(one)}</d:href>" for one in hrefs[start : start + AT_A_TIME])
            body = f"<{report} {_declared()}><d:prop><d:getetag/><{data}/></d:prop>{asked}</{report}>"
            for one in self._asked("REPORT", url, body, 1).resources:
                held = one.found.get(wanted)
                if one.status == 200 and held is not None and held.text:
                    yield one, held.text.encode("utf-8")

    # What is changed -------------------------------------------------------------------------------

    def put(self, href: str, content: bytes, media_type: str, etag: str | None) -> str:
        """Store a member over the one with this entity tag, or a new one (None); returns the new tag, or "".

        Raises:
            Overtaken: somebody else changed it, or it is there already.
        """
        match = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        answer = self._request("PUT", href, content, {"Content-Type": f"{media_type}; charset=utf-8", **match})
        return answer.headers.get("etag", "")

    def delete(self, href: str, etag: str) -> None:
        """Remove a member that still has this entity tag; one that is gone already is fine.

        Raises:
            Overtaken: somebody else changed it.
        """
        try:
            self._request("DELETE", href, b"", {"If-Match": etag} if etag else {})
        except DavTrouble as trouble:
            if trouble.status not in (404, 410):
                raise

    # How it is asked -------------------------------------------------------------------------------

    def _asked(self, method: str, url: str, body: str, depth: int) -> _Multistatus:
        head = {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}
        answer = self._request(method, url, f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode(), head)
        if answer.status != 207:
            raise DavTrouble(_("{host} does not speak WebDAV at this address.").format(host=self._host), "",
                             answer.status)  # fmt: skip
        return self._read(answer.content)

    def _read(self, raw: bytes) -> _Multistatus:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring

        try:
            root = fromstring(raw)
        except (ParseError, DefusedXmlException, ValueError) as error:
            raise DavTrouble(_("{host} sent an answer that cannot be read.").format(host=self._host)) from error
        token = root.findtext(f"{D}sync-token") or ""
        return _Multistatus(list(_resources(root)), token.strip())

    def _request(self, method: str, url: str, body: bytes, head: dict[str, str]) -> _Answer:
        target = _joined(self.url, url)
        for _turn in range(_REDIRECTIONS):
            if _parts(target) != self._origin:
                raise DavTrouble(
                    _("{host} refers to another server, {other}, which was given no password.").format(
                        host=self._host, other=clean(urlsplit(target).netloc)
                    ),
                    _("If that is right, write its address into the settings."),
                )
            answer = self._sent(method, target, body, head)
            if answer.status in (301, 302, 307, 308) and "location" in answer.headers:
                target = _joined(target, answer.headers["location"])
                continue
            return self._checked(answer)
        raise DavTrouble(_("{host} refers from one address to the next without an end.").format(host=self._host))

    def _sent(self, method: str, target: str, body: bytes, head: dict[str, str]) -> _Answer:
        import httpx

        try:
            with self._client.stream(method, target, content=body, headers=head) as answer:
                pieces, size = [], 0
                for piece in answer.iter_bytes():
                    pieces.append(piece)
                    size += len(piece)
                    if size > LARGEST:
                        raise DavTrouble(_("{host} sent more than can be taken in.").format(host=self._host))
                return _Answer(answer.status_code, answer.reason_phrase, dict(answer.headers), b"".join(pieces))
        except httpx.TimeoutException as error:
            raise DavTrouble(_("{host} did not answer in time.").format(host=self._host)) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            if "CERTIFICATE_VERIFY" in str(error):
                raise DavTrouble(
                    _("The certificate of {host} is not valid, so the password was not sent.").format(host=self._host)
                ) from error
            raise DavTrouble(_("{host} cannot be reached.").format(host=self._host)) from error

    def _checked(self, answer: _Answer) -> _Answer:
        status = answer.status
        if status < 300:
            return answer
        if status == 412 and b"valid-sync-token" not in answer.content:
            raise Overtaken(_("Somebody else changed it at the same moment."), "", status)
        if status == 401:
            raise DavTrouble(_("{host} does not accept the user name or the password.").format(host=self._host), "",
                             status)  # fmt: skip
        said = _("{host} said no: {status} {reason}.").format(
            host=self._host, status=status, reason=clean(answer.reason)
        )
        raise DavTrouble(said, "", status)

    @property
    def _host(self) -> str:
        return clean(self._origin[1])


def _client(user: str, password: str, ca_file: str, patience: float, url: str) -> httpx.Client:
    import ssl

    import httpx

    try:
        trust: ssl.SSLContext | bool = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise Invalid("ca_file", _("The certificates in {file} cannot be read.").format(file=ca_file)) from error
    login: Any = (user.encode(), password.encode()) if user else None
    return httpx.Client(auth=login, verify=trust, timeout=patience, follow_redirects=False, trust_env=False)


def _parts(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None if it is none of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or " " in url:
        return None
    return parts.scheme, parts.hostname, port


def _joined(base: str, url: str) -> str:
    """An address as it is meant beside another; empty where it is none."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _path(url: str) -> str:
    """A path as hrefs are compared: its signs decoded and encoded again in one way, without a server before it."""
    try:
        return quote(unquote(urlsplit(url).path), safe="/@:!$&'()*+,;=~")
    except ValueError:
        return ""


def _declared() -> str:
    return " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())


def _resources(root: Element) -> Iterator[Resource]:
    for response in root.iter(f"{D}response"):
        href = (response.findtext(f"{D}href") or "").strip()
        status = _status(response.findtext(f"{D}status"))
        found: dict[str, Element] = {}
        for part in response.iter(f"{D}propstat"):
            if _status(part.findtext(f"{D}status")) == 200:
                for prop in part.iter(f"{D}prop"):
                    found.update((one.tag, one) for one in prop)
        if path := _path(href):
            yield Resource(path, status, found)


def _status(line: str | None) -> int:
    """The number in `HTTP/1.1 404 Not Found`; 200 where nothing is said."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 200
