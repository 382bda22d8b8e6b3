"""`easir mail` in real processes, against real servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from easir_tui.channels.mail_account import MailServer
from easir_tui.crm import users
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.servers.account import write_account, written
from tests.servers.certificates import Authority
from tests.servers.pymap_server import pymap
from tests.servers.smtp_server import PASSWORD, USER, SmtpServer, smtp_server

from .command import easir

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@dataclass
class Servers:
    """A server to send by, one to read from, and who vouches for both."""

    smtp: SmtpServer
    imap: MailServer
    authority: Authority


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both, for all tests here."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    certificate = authority.certify("localhost")
    with smtp_server(certificate, "starttls") as sending, pymap(certificate, USER, PASSWORD) as reading:
        yield Servers(sending, reading, authority)


@pytest.fixture
def runner(store: Store, me: Me) -> Me:
    """The person who runs the tests."""
    users.enrol(me, users.os_login(), "Runner")
    return users.log_in(users.os_login())


def settings(tmp_path: Path, servers: Servers, password: str = PASSWORD, **more: str) -> None:
    """A settings file with this account."""
    write_account(tmp_path, servers.authority, servers.smtp.address, servers.imap, password, **more)


def test_an_account_that_works(tmp_path: Path, runner: Me, servers: Servers) -> None:
    """Both servers let one in, and nothing was sent."""
    settings(tmp_path, servers)
    done = easir("mail", "check", database=tmp_path / "easir.db")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == (
        "Address  anna@nordlys.dk\n"
        f"Sending  {written(servers.smtp.address)} · logged in\n"
        f"Reading  {written(servers.imap)} · logged in · reads INBOX, Sent\n"
    )
    assert servers.smtp.taken == []


def test_a_wrong_password_is_said_by_both_and_shown_nowhere(tmp_path: Path, runner: Me, servers: Servers) -> None:
    settings(tmp_path, servers, password="hemmelig-og-forkert")
    done = easir("mail", "check", "--json", database=tmp_path / "easir.db")
    assert done.returncode == 1
    told = json.loads(done.stdout)["servers"]
    assert [one["ok"] for one in told] == [False, False]
    assert all("does not accept the login of anna" in one["said"] for one in told)
    everything = done.stdout + done.stderr + b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "secret"
    )  # fmt: skip
    assert b"hemmelig-og-forkert" not in everything


def test_a_server_that_is_not_named_is_no_trouble(tmp_path: Path, runner: Me, servers: Servers) -> None:
    settings(tmp_path, servers, imap="")
    done = easir("mail", "check", database=tmp_path / "easir.db")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines()[-1] == "Reading  no server is named"


def test_no_account_says_where_to_write_one(tmp_path: Path, runner: Me) -> None:
    done = easir("mail", "check", database=tmp_path / "easir.db")
    assert done.returncode == 1
    assert b"The settings name no mail server." in done.stderr
    assert b"settings.toml" in done.stderr
