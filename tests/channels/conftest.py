"""Certificates and mail accounts of the channel tests."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from easir_tui.channels.mail_account import MailAccount, MailServer
from tests.servers.certificates import Authority, Certificate
from tests.servers.dovecot import Dovecot, dovecot, why_not
from tests.servers.postfix import Postfix, postfix
from tests.servers.postfix import why_not as why_no_postfix
from tests.servers.pymap_server import pymap
from tests.servers.smtp_server import PASSWORD, USER


def printing(folder: Path, text: str) -> str:
    """A command that prints a text which is not among its arguments."""
    kept = folder / f"secret-{len(list(folder.iterdir()))}"
    kept.write_text(text + "\n", encoding="utf-8")
    return shlex.join(["cat", str(kept)])


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority tests trust."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> Certificate:
    """A good certificate for this machine."""
    return authority.certify("localhost")


@pytest.fixture
def account(authority: Authority, tmp_path: Path) -> MailAccount:
    """Anna's account, without servers yet."""
    return MailAccount(
        address="anna@nordlys.dk",
        user=USER,
        password_command=printing(tmp_path, PASSWORD),
        ca_file=str(authority.file),
    )


@pytest.fixture
def python_command(tmp_path: Path) -> Callable[[str], str]:
    """Makes a command line that runs a piece of Python."""

    def made(program: str) -> str:
        path = tmp_path / f"program-{len(list(tmp_path.iterdir()))}.py"
        path.write_text(program, encoding="utf-8")
        return shlex.join([sys.executable, str(path)])

    return made


@pytest.fixture(scope="session")
def dovecot_server(certificate: Certificate) -> Iterator[Dovecot]:
    """One Dovecot for all; each test uses folders of its own."""
    if reason := why_not():
        pytest.skip(reason)
    with dovecot(certificate) as running:
        yield running


@pytest.fixture(scope="session")
def pymap_server(certificate: Certificate) -> Iterator[MailServer]:
    """One pymap for all; each test uses folders of its own."""
    with pymap(certificate, USER, PASSWORD) as running:
        yield running


@pytest.fixture(params=["dovecot tls", "dovecot starttls", "pymap"])
def mailbox_account(request: pytest.FixtureRequest, account: MailAccount) -> MailAccount:
    """Anna's account on each kind of server."""
    if request.param == "pymap":
        return replace(account, imap=request.getfixturevalue("pymap_server"))
    running: Dovecot = request.getfixturevalue("dovecot_server")
    return replace(account, imap=running.tls if request.param.endswith(" tls") else running.starttls)


@pytest.fixture
def dovecot_account(account: MailAccount, dovecot_server: Dovecot) -> MailAccount:
    """Anna's account on Dovecot."""
    return replace(account, imap=dovecot_server.tls)


@pytest.fixture(scope="session")
def postfix_server(certificate: Certificate, dovecot_server: Dovecot) -> Iterator[Postfix]:
    """One Postfix for all, which delivers into that Dovecot."""
    if reason := why_no_postfix():
        pytest.skip(reason)
    with postfix(certificate, dovecot_server) as running:
        yield running
