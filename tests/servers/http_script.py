"""An HTTP server that says what a test tells it to, for servers that no real one can be made to be."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers.certificates import Certificate


@dataclass
class Scripted:
    """Where it is, and the requests it got: head and body as they came."""

    port: int
    scheme: str = "http"
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/"


@contextmanager
def http_script(answers: Sequence[bytes], certificate: Certificate | None = None) -> Iterator[Scripted]:
    """Give one answer to each request and hang up; the last one over and over, an empty one never comes."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = Scripted(listener.getsockname()[1], "https" if certificate else "http")
    context = certificate.context() if certificate else None
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            with suppress(OSError):
                plain, _address = listener.accept()
                with plain, context.wrap_socket(plain, server_side=True) if context else plain as client:
                    client.settimeout(5)
                    found.requests.append(_request(client))
                    answer = answers[min(len(found.requests), len(answers)) - 1]
                    if answer:
                        client.sendall(answer.replace(b"{port}", str(found.port).encode()))
                    else:
                        done.wait(5)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", found.port), 1).close()
        listener.close()
        thread.join(5)


def _request(client: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read and (piece := client.recv(65_536)):
        read += piece
    head, _gap, body = read.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-len")), 0
    )
    while len(body) < length and (piece := client.recv(65_536)):
        body += piece
    return head + b"\r\n\r\n" + body


def answer(status: str, body: bytes = b"", *head: str) -> bytes:
    """The bytes of an answer that is whole."""
    lines = [f"HTTP/1.1 {status}", *head, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def multistatus(*responses: str, token: str = "") -> bytes:
    """A 207 with these parts."""
    end = f"<d:sync-token>{token}</d:sync-token>" if token else ""
    body = f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">{"".join(responses)}{end}</d:multistatus>'
    return answer("207 Multi-Status", body.encode(), "Content-Type: application/xml")
