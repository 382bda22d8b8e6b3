"""The WebDAV client and calendars on a server: what real servers say, and what bad ones do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from easir_tui import clock
from easir_tui.channels import caldav, dav
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.channels.dav import Dav, DavTrouble, Overtaken
from easir_tui.errors import Invalid
from tests.servers.certificates import Authority, Certificate
from tests.servers.http_script import answer, http_script, multistatus
from tests.servers.radicale_server import PASSWORD, USER, Radicale, radicale

AT = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
CALL = CalendarEntry("task-1@x.easir", "todo", "Ring til Søren", end=AT, zone="Europe/Copenhagen")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        for name in ("work", "home"):
            url = f"{running.url}/{USER}/{name}/"
            httpx.request("MKCALENDAR", url, auth=(USER, PASSWORD), trust_env=False).raise_for_status()
        yield running


def test_a_real_calendar_is_found_and_changed(server: Radicale) -> None:
    with Dav(server.url, USER, PASSWORD) as client:
        assert [one.href for one in caldav.calendars(client)] == [f"/{USER}/home/", f"/{USER}/work/"]
    with Dav(f"{server.url}/{USER}/work/", USER, PASSWORD) as client:
        (found,) = caldav.calendars(client)
        assert found.kinds == {"event", "todo"}
        calendar = caldav.Calendar(client, found, clock.zone())
        begun = calendar.changes("")
        href = calendar.href_of(CALL.uid)
        etag = calendar.put(href, [CALL], None)
        with pytest.raises(Overtaken):
            calendar.put(href, [CALL], None)
        with pytest.raises(Overtaken):
            calendar.put(href, [CALL], '"stale"')
        after = calendar.changes(begun.token)
        assert (list(after.changed.values()), after.gone, after.whole) == ([etag], (), False)
        (member,) = calendar.members([*after.changed, f"/{USER}/work/none.ics"])
        assert member.entries == (CALL,)
        with pytest.raises(Overtaken):
            calendar.delete(member.href, '"stale"')
        calendar.delete(member.href, member.etag)
        calendar.delete(member.href, member.etag)
        assert calendar.changes(after.token).gone == (member.href,)
        assert calendar.changes("http://radicale.org/ns/sync/unknown").whole


def test_a_wrong_password_and_somebody_elses_calendar(server: Radicale) -> None:
    for user, password, url in ((USER, "wrong", server.url), ("bo", PASSWORD, f"{server.url}/{USER}/work/")):
        with Dav(url, user, password) as client, pytest.raises(DavTrouble):
            caldav.calendars(client)


@pytest.mark.parametrize("url", ["http://dav.example.dk/", "ftp://localhost/", "https://", "hej", "https://a:b@c.dk/",
                                 "https://[::1", "https://x:99999/"])  # fmt: skip
def test_an_address_that_is_none_or_would_give_the_password_away(url: str) -> None:
    with pytest.raises(Invalid):
        Dav(url, USER, PASSWORD)


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'

TROUBLES: dict[str, tuple[list[bytes], str]] = {
    "no WebDAV": ([answer("200 OK", b"<html>")], "does not speak WebDAV"),
    "no XML": ([answer("207 Multi-Status", b"<d:multi")], "cannot be read"),
    "entities": ([answer("207 Multi-Status", BOMB)], "cannot be read"),
    "an outside entity": ([answer("207 Multi-Status", BOMB.replace(b'"aaaa"', b'SYSTEM "file:///etc/passwd"'))],
                          "cannot be read"),
    "cut off": ([answer("207 Multi-Status", b"x" * 50)[:-20]], "cannot be reached"),
    "hangs up": ([b"\r\n"], "cannot be reached"),
    "no HTTP": ([b"SSH-2.0-OpenSSH\r\n"], "cannot be reached"),
    "never answers": ([b""], "did not answer in time"),
    "round and round": ([answer("301 Moved", b"", "Location: /")], "without an end"),
    "another server": ([answer("301 Moved", b"", "Location: https://evil.example/")], "was given no password"),
    "another port": ([answer("302 Found", b"", "Location: http://localhost:1/")], "was given no password"),
    "an address that is none": ([answer("302 Found", b"", "Location: http://[::1/")], "cannot be reached"),

    "full": ([answer("507 Insufficient Storage")], "507 Insufficient Storage"),
    "hostile words": ([answer("500 \x9b31mred")], "500"),
}  # fmt: skip


@pytest.mark.parametrize("name", TROUBLES)
def test_whatever_a_server_does_is_a_sentence(name: str) -> None:
    answers, said = TROUBLES[name]
    with http_script(answers) as bad, Dav(bad.url, USER, PASSWORD, patience=1) as client:
        with pytest.raises(DavTrouble) as trouble:
            client.properties(bad.url, ("d:resourcetype",))
        assert said in str(trouble.value)
        assert PASSWORD not in str(trouble.value)
        assert str(trouble.value).isprintable()


def test_more_than_can_be_taken_in_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dav, "LARGEST", 1000)
    large = answer("207 Multi-Status", b"x" * 2000)
    with (
        http_script([large]) as bad,
        Dav(bad.url, USER, PASSWORD) as client,
        pytest.raises(DavTrouble, match="more than can be taken in"),
    ):
        client.properties(bad.url, ("d:resourcetype",))


def test_a_member_whose_address_is_none_is_passed_over() -> None:
    nowhere = "<d:response><d:href>http://[::1</d:href></d:response>"
    with http_script([multistatus(nowhere, member("a.ics"))]) as odd, Dav(odd.url, USER, "") as client:
        assert [one.href for one in client.properties("/c/", ("d:getetag",))] == ["/c/a.ics"]
        with pytest.raises(DavTrouble):
            client.properties("http://[::1", ("d:getetag",))


def test_a_redirection_on_the_same_server_is_followed() -> None:
    moved = answer("301 Moved", b"", "Location: /there/")
    with http_script([moved, multistatus("<d:response><d:href>/there/</d:href></d:response>")]) as two:
        with Dav(two.url, USER, PASSWORD) as client:
            assert client.properties(two.url, ("d:resourcetype",))[0].href == "/there/"
        assert two.requests[1].startswith(b"PROPFIND /there/ ")


def test_a_certificate_of_nobody_gets_no_password(authority: Authority, certificate: Certificate) -> None:
    with http_script([multistatus()], certificate) as safe:
        with Dav(safe.url, USER, PASSWORD) as client, pytest.raises(DavTrouble, match="not valid"):
            client.properties(safe.url, ("d:resourcetype",))
        assert not any(b"Authorization" in one for one in safe.requests)
        with Dav(safe.url, USER, PASSWORD, str(authority.file)) as client:
            assert client.properties(safe.url, ("d:resourcetype",)) == []
    with pytest.raises(Invalid, match="cannot be read"):
        Dav("https://localhost/", USER, PASSWORD, "/none.pem")


def member(name: str, status: str = "", etag: str = '"1"') -> str:
    told = f"<d:status>HTTP/1.1 {status}</d:status>" if status else (
        f"<d:propstat><d:prop><d:getetag>{etag}</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    )  # fmt: skip
    return f"<d:response><d:href>/c/{name}</d:href>{told}</d:response>"


@pytest.mark.parametrize("unknown", ["403 Forbidden", "412 Precondition Failed", "409 Conflict"])
def test_a_token_that_is_no_longer_known_asks_for_everything(unknown: str) -> None:
    """Radicale says 403, xandikos 412."""
    said = answer(unknown, b'<d:error xmlns:d="DAV:"><d:valid-sync-token/></d:error>')
    with http_script([said, multistatus(member("a.ics"), token="new")]) as two, Dav(two.url, USER, "") as client:
        found = client.changes("/c/", "old")
        assert (found.changed, found.token, found.whole) == ({"/c/a.ics": '"1"'}, "new", True)


@pytest.mark.parametrize("first", [
    answer("501 Not Implemented"), answer("405 Method Not Allowed"), multistatus(member("", "507 Full"), token="x"),
])  # fmt: skip
def test_a_server_without_a_record_of_changes_is_listed(first: bytes) -> None:
    folder = (
        "<d:response><d:href>/c/</d:href><d:propstat><d:prop><d:getetag>x</d:getetag><d:resourcetype>"
        "<d:collection/></d:resourcetype></d:prop></d:propstat></d:response>"
    )
    with http_script([first, multistatus(folder, member("a%20b.ics"))]) as two, Dav(two.url, USER, "") as client:
        found = client.changes("/c/")
        assert (found.changed, found.token, found.whole) == ({"/c/a%20b.ics": '"1"'}, "", True)
