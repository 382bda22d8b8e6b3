"""Mail: fetching and filing beside parsing alone, from the queue to the server, and the first look into a scan."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

from bench.report import Line, median, milliseconds, timed
from bench.world import EASIR, World
from easir_tui.channels.mail_account import MailServer
from easir_tui.crm import activities, mail_in
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.users import Me, log_in
from easir_tui.data.sqlite import rows, run, value, writing

MESSAGES = 1000
"""Of which every second one is about a contact."""


def mail(world: World) -> Iterator[Line]:
    """A mailbox read from its beginning, and one e-mail sent."""
    from tests.servers.certificates import Authority
    from tests.servers.smtp_server import PASSWORD, USER, smtp_server

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        authority = Authority(folder)
        certificate = authority.certify("localhost")
        (folder / "secret").write_text(PASSWORD + "\n", encoding="utf-8")
        me = log_in()
        raws = _messages()
        with _imap(certificate, folder, raws) as (imap, user, word), smtp_server(certificate) as smtp:
            (folder / "imap-secret").write_text(word + "\n", encoding="utf-8")
            with _settings(folder, authority.file, imap, user, "imap-secret"):
                yield from _fetching(me, raws)
            with _settings(folder, authority.file, smtp.address, USER, "secret", "smtp"):
                yield from _sending(me, world)


def _messages() -> list[bytes]:
    addresses = [one for (one,) in rows("SELECT email FROM contact WHERE email <> '' AND deleted_at IS NULL LIMIT 500")]
    made = []
    start = datetime(2026, 11, 1, 8, tzinfo=UTC)
    for number in range(MESSAGES):
        message = EmailMessage()
        known = number % 2 == 0
        message["From"] = addresses[number // 2 % len(addresses)] if known else f"nobody{number}@elsewhere.example"
        message["To"] = "anna@nordlys.dk"
        message["Subject"] = f"Spørgsmål nummer {number} om prøvetur, levering og æøå"
        message["Date"] = start + timedelta(minutes=number)
        message["Message-ID"] = f"<bench-{os.getpid()}-{number}@elsewhere.example>"
        message.set_content("Kære Anna\n\nHvad koster den med træk?\n\n" + "Vi tænker på en rød. " * 60)
        message.add_alternative("<p>Kære Anna</p>" + "<p>Vi tænker på en <b>rød</b>.</p>" * 40, subtype="html")
        if number % 10 == 0:
            message.add_attachment(os.urandom(40_000), "application", "pdf", filename="Købsaftale.pdf")
        made.append(message.as_bytes())
    return made


@contextmanager
def _imap(certificate: object, folder: Path, raws: list[bytes]) -> Iterator[tuple[MailServer, str, str]]:
    """A mailbox with these messages: Dovecot where it is installed, else pymap."""
    import ssl

    from tests.servers.dovecot import USERS, dovecot, why_not
    from tests.servers.pymap_server import pymap
    from tests.servers.smtp_server import PASSWORD, USER

    context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    if why_not():
        with pymap(certificate, USER, PASSWORD) as server:  # type: ignore[arg-type]
            client = IMAPClient(server.host, server.port, ssl=False)
            client.starttls(context)
            _fill(client, USER, PASSWORD, raws)
            yield server, USER, PASSWORD
        return
    with dovecot(certificate) as running:  # type: ignore[arg-type]
        client = IMAPClient(running.tls.host, running.tls.port, ssl=True, ssl_context=context)
        _fill(client, "anna", USERS["anna"], raws)
        yield running.tls, "anna", USERS["anna"]


def _fill(client: IMAPClient, user: str, word: str, raws: list[bytes]) -> None:
    client.plain_login(user, word)
    for raw in raws:
        client.append("INBOX", raw)
    client.logout()


@contextmanager
def _settings(
    folder: Path, authority: Path, server: MailServer, user: str, secret: str, kind: str = "imap"
) -> Iterator[None]:
    path = folder / f"{kind}.toml"
    path.write_text(
        f'[mail]\naddress = "anna@nordlys.dk"\n{kind} = "{server.security}://{server.host}:{server.port}"\n'
        f'user = "{user}"\npassword_command = "cat {folder / secret}"\nca_file = "{authority}"\nfolders = "INBOX"\n',
        encoding="utf-8",
    )
    before = os.environ.get("EASIR_CONFIG")
    os.environ["EASIR_CONFIG"] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ["EASIR_CONFIG"]
        else:
            os.environ["EASIR_CONFIG"] = before


def _fetching(me: Me, raws: list[bytes]) -> Iterator[Line]:
    def parse() -> None:
        for raw in raws[::2]:
            for part in message_from_bytes(raw, policy=policy.default).walk():
                if not part.is_multipart():
                    part.get_content()

    reference = timed(parse, 3, 1)
    taken = []
    for _again in range(3):
        with writing():
            run("DELETE FROM mail_folder WHERE id NOT IN (SELECT folder_id FROM mail_copy WHERE folder_id IS NOT NULL)")
            run("UPDATE mail SET message_id = '<old-' || id || '@x>' WHERE message_id LIKE '<bench-%'")
            run("DELETE FROM mail_copy")
            run("DELETE FROM mail_folder")
        begun = time.perf_counter()
        result = mail_in.fetch(me)
        taken.append((time.perf_counter() - begun) * 1000)
        assert result.trouble is None, result.trouble
        assert result.new == MESSAGES // 2, result
    rate = MESSAGES * 1000 / median(taken)
    what = f"{MESSAGES} messages fetched, {MESSAGES // 2} filed, {rate:.0f}/s; parsing them"
    yield Line("", what, milliseconds(taken), milliseconds(reference), median(taken) / median(reference), "", None)


def _sending(me: Me, world: World) -> Iterator[Line]:
    contact = int(value("SELECT min(id) FROM contact WHERE email <> '' AND deleted_at IS NULL"))
    environment = {**world.environment(), "EASIR_CONFIG": os.environ["EASIR_CONFIG"]}

    def send() -> None:
        email = Email(("ole@example.dk",), subject="Tilbud", body="Kære Ole\n\nHer er det.\n")
        activities.record(me, ActivityInput(contact, "email", email=email, consent_override="service message"))
        done = subprocess.run([EASIR, "mail", "send"], env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    whole = timed(send, 15, 1)
    yield Line(
        "", "an e-mail from the form to the server, a process of its own", milliseconds(whole), "", None, "", None
    )


_BARE = """
import sys
from PIL import Image
with Image.open(sys.argv[1]) as opened:
    opened.draft("RGB", (156, 64))
    opened.thumbnail((156, 64))
    sys.stdout.buffer.write(opened.convert("RGB").tobytes())
"""


def preview(world: World) -> Iterator[Line]:
    """The first look into a scan of 12 megapixels, beside a process that only makes it small with Pillow."""
    from PIL import Image

    from easir_tui.channels.preview import preview as look

    scan = world.folder / "scan.jpg"
    if not scan.exists():
        Image.effect_noise((4000, 3000), 60).convert("RGB").save(scan, quality=90)
    ours = timed(lambda: look(scan, "image/jpeg", width=156, height=64), 15, 1)
    reference = timed(
        lambda: subprocess.run([sys.executable, "-c", _BARE, str(scan)], capture_output=True, check=True), 15, 1
    )
    what = "the first preview of a scan of 12 megapixels; Pillow alone"
    yield Line("", what, milliseconds(ours), milliseconds(reference), median(ours) / median(reference), "", None)
