"""The mail account that settings and profile come to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from easir_tui import config
from easir_tui.channels.mail_account import NONE, STARTTLS, TLS, MailServer
from easir_tui.crm import mail_accounts, people
from easir_tui.crm.users import Me
from easir_tui.errors import Invalid, Refused


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Writes one's own settings and the company's."""
    monkeypatch.setenv("EASIR_CONFIG", str(tmp_path / "own.toml"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'nowhere'}:{tmp_path / 'company'}")

    def written(own: str, company: str = "") -> None:
        (tmp_path / "own.toml").write_text(own, encoding="utf-8")
        shared = tmp_path / "company/easir/settings.toml"
        shared.parent.mkdir(parents=True, exist_ok=True)
        shared.write_text(company, encoding="utf-8")

    return written


def profile(me: Me, **fields: str) -> None:
    people.change_profile(me, me.user_id, people.profile(me).version, **fields)


def test_without_a_table_there_is_no_account(me: Me, write: Callable[[str, str], None]) -> None:
    """And the sentence says where to write one."""
    write("", "")
    with pytest.raises(Refused, match="name no mail server") as refused:
        mail_accounts.account(me)
    assert str(config.settings_path()) in str(refused.value)


def test_ones_own_table_stands_over_the_company_s(me: Me, write: Callable[[str, str], None]) -> None:
    """Key by key; the login name fills in what the company writes for everybody."""
    write(
        '[mail]\nimap = "none://localhost:1143"\nfolders = "INBOX, Køb & salg"\n',
        '[mail]\naddress = "{login}@nordlys.dk"\nuser = "{login}"\nsmtp = "starttls://smtp.nordlys.dk"\n'
        'imap = "imap.nordlys.dk"\npassword_command = "cat ~/.mail"\n',
    )
    account = mail_accounts.account(me)
    assert account.address == f"{me.login}@nordlys.dk"
    assert account.user == me.login
    assert account.smtp == MailServer("smtp.nordlys.dk", 587, STARTTLS)
    assert account.imap == MailServer("localhost", 1143, NONE)
    assert account.password_command == "cat ~/.mail"
    assert account.folders == ("INBOX", "Køb & salg")


def test_without_an_address_it_is_the_one_of_the_profile(me: Me, write: Callable[[str, str], None]) -> None:
    """The sender's before the person's; without any, what to do is said."""
    write('[mail]\nsmtp = "smtp.nordlys.dk"\n', "")
    with pytest.raises(Refused, match="Your own e-mail address is not known"):
        mail_accounts.account(me)
    profile(me, email="anna@nordlys.dk")
    assert mail_accounts.account(me).address == "anna@nordlys.dk"
    profile(me, from_address="salg@nordlys.dk", from_name="Nordlys Biler")
    assert mail_accounts.account(me).address == "salg@nordlys.dk"
    assert (mail_accounts.sender(me).name, mail_accounts.sender(me).address) == ("Nordlys Biler", "salg@nordlys.dk")


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("smtp", "mail.dk", MailServer("mail.dk", 465, TLS)),
        ("imap", " tls://mail.dk/ ", MailServer("mail.dk", 993, TLS)),
        ("imap", "starttls://mail.dk", MailServer("mail.dk", 143, STARTTLS)),
        ("smtp", "none://127.0.0.1", MailServer("127.0.0.1", 25, NONE)),
        ("smtp", "mail.dk:2525", MailServer("mail.dk", 2525, TLS)),
        ("smtp", "none://[::1]:25", MailServer("[::1]", 25, NONE)),
        ("smtp", "none://[::1]", MailServer("[::1]", 25, NONE)),
        ("smtp", "", None),
    ],
)
def test_a_server_on_one_line(kind: str, written: str, expected: MailServer | None) -> None:
    """Security, name and port, the usual ones where they are left out."""
    assert mail_accounts.server(kind, written) == expected


@pytest.mark.parametrize("written", ["smtps://mail.dk", "tls://", "mail.dk:", "mail.dk:²", "mail.dk:123456", "a b"])
def test_what_names_no_server_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        mail_accounts.server("smtp", written)


def test_no_encryption_only_on_this_machine() -> None:
    """A setting cannot make a password travel in clear."""
    with pytest.raises(Invalid, match="unencrypted"):
        mail_accounts.server("smtp", "none://mail.dk")


def test_a_key_that_is_not_known_is_named(me: Me, write: Callable[[str, str], None]) -> None:
    write("", '[mail]\npasword_command = "x"\n')
    with pytest.raises(Invalid, match="password_command"):
        mail_accounts.account(me)
