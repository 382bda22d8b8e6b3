"""An IMAP server that says what a test tells it to, for what no real one does when asked: lies, silence, nonsense."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from easir_tui.channels.mail_account import MailServer
from tests.servers.certificates import Certificate

Answer = Callable[[str, str], "bytes | None"]
"""Of a tag and a command: what is sent, or None to cut the connection."""

CAPABILITIES = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"


def obliging(tag: str, command: str) -> bytes | None:
    """Lets everybody in and agrees with everything."""
    done = f"{tag} OK done\r\n".encode()
    if command.upper().startswith("CAPABILITY"):
        return CAPABILITIES + done
    if command.upper().startswith("AUTHENTICATE"):
        return b"+ \r\n"
    if command.upper().startswith(("EXAMINE", "SELECT")):
        return b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n" + done
    if command.upper().startswith("UID SEARCH"):
        return b"* SEARCH 1 2 3\r\n" + done
    return done


@contextmanager
def scripted_imap(
    answer: Answer = obliging,
    certificate: Certificate | None = None,
    security: str = "none",
    greeting: bytes = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n",
) -> Iterator[MailServer]:
    """A server on a free loopback port, with TLS from the first byte if there is a certificate."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if certificate is not None:
                connection = certificate.context().wrap_socket(connection, server_side=True)
            connection.sendall(greeting)
            pending = ""
            with connection.makefile("rb") as lines:
                for line in lines:
                    tag, _blank, command = line.decode("utf-8", "replace").strip().partition(" ")
                    if pending:  # the answer to a challenge
                        tag, command, pending = pending, "", ""
                    said = answer(tag, command)
                    if said is None:
                        return
                    if said.startswith(b"+"):
                        pending = tag
                    connection.sendall(said)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield MailServer("localhost", listening.getsockname()[1], security)
    finally:
        listening.close()
