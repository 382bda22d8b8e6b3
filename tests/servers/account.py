"""The mail account in a settings file, pointing at the servers of a test."""

from __future__ import annotations

from pathlib import Path

from easir_tui.channels.mail_account import MailServer
from tests.servers.certificates import Authority
from tests.servers.smtp_server import PASSWORD, USER


def written(server: MailServer) -> str:
    """A server as the settings have it."""
    return f"{server.security}://{server.host}:{server.port}"


def write_account(
    tmp_path: Path,
    authority: Authority,
    smtp_server: MailServer | None = None,
    imap_server: MailServer | None = None,
    password: str = PASSWORD,
    **more: str,
) -> None:
    """Write Anna's account into the settings file of the test's home."""
    (tmp_path / "secret").write_text(f"{password}\n", encoding="utf-8")
    held = {
        "address": "anna@nordlys.dk", "user": USER, "password_command": f"cat {tmp_path / 'secret'}",
        "smtp": written(smtp_server) if smtp_server else "", "imap": written(imap_server) if imap_server else "",
        "ca_file": str(authority.file),
    } | more  # fmt: skip
    path = tmp_path / "home/.config/easir/settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[mail]\n" + "".join(f'{key} = "{value}"\n' for key, value in held.items()), encoding="utf-8")
