"""The program as its users meet it: through a real sshd, in a real terminal, over links that break."""

from __future__ import annotations

import json
import os
import pty
import pwd
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fcntl import ioctl
from pathlib import Path

import pytest

from easir_tui.data.database import open_store
from easir_tui.data.sqlite import rows, value

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
EASIR = Path(sys.executable).with_name("easir")

pytestmark = pytest.mark.skipif(
    not (Path(SSHD).exists() and shutil.which("ssh")), reason="openssh-server and openssh-client are not installed"
)


@dataclass
class Server:
    """An sshd of this test on a loopback port, which lets the user who runs the tests in by a key."""

    port: int
    folder: Path
    database: Path

    def command(self, *words: str, terminal: bool = False) -> list[str]:
        """The ssh command line that runs `words` on the server."""
        return [
            "ssh", "-F", "none", "-p", str(self.port), "-i", str(self.folder / "key"), "-tt" if terminal else "-T",
            "-o", f"UserKnownHostsFile={self.folder}/known_hosts", "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR",
            "-o", "BatchMode=yes", f"{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1", " ".join(words),
        ]  # fmt: skip

    def easir(self, *words: str) -> str:
        """The `easir` command on the server as a shell there runs it, on this test's database."""
        settings = self.folder / "settings.toml"
        settings.write_text('home = "contacts"\n')
        setting = f"EASIR_DB={self.database} EASIR_LANG=en LC_ALL=C.UTF-8 XDG_STATE_HOME={self.folder}/state"
        return f"EASIR_CONFIG={settings} {setting} {EASIR} {' '.join(words)}"

    def run(self, *words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        """Run `easir` without a terminal and wait for it."""
        command = self.command(self.easir(*words))
        return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload,no-any-return]


@dataclass
class Terminal:
    """A terminal with an ssh session in it."""

    process: int
    handle: int
    seen: bytearray = field(default_factory=bytearray)

    def wait_for(self, text: str, seconds: float = 20) -> str:
        """Read until `text` is on the wire; what came is returned."""
        return self._until(lambda: text.encode() in self.seen, seconds, f"{text!r} did not appear")

    def _until(self, true: object, seconds: float, complaint: str) -> str:
        until = time.monotonic() + seconds
        while not true():  # type: ignore[operator]
            if time.monotonic() > until:
                pytest.fail(f"{complaint}; the last bytes were {bytes(self.seen[-600:])!r}")
            ready, _w, _x = select.select([self.handle], [], [], 0.1)
            if ready:
                try:
                    self.seen += os.read(self.handle, 65536)
                except OSError:
                    break
        return self.seen.decode("utf-8", "replace")

    def drain(self, seconds: float) -> int:
        """Read for some seconds; how many bytes came."""
        before, until = len(self.seen), time.monotonic() + seconds
        while time.monotonic() < until:
            ready, _w, _x = select.select([self.handle], [], [], 0.05)
            if ready:
                self.seen += os.read(self.handle, 65536)
        return len(self.seen) - before

    def type(self, keys: str) -> None:
        """Press keys, one write each, as a person does."""
        for key in keys:
            os.write(self.handle, key.encode())
            time.sleep(0.03)

    def hang_up(self) -> None:
        """Lose the link: the client is killed, as when a laptop is closed for good."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.handle)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("sshd")
    folder.chmod(0o755)
    for name in ("host", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "key.pub", folder / "authorized_keys")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
        f"AuthorizedKeysFile {folder}/authorized_keys\nAcceptEnv LANG LC_* COLORTERM\nPrintMotd no\n",
        encoding="utf-8",
    )
    public = (folder / "host.pub").read_text(encoding="utf-8").split()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n", encoding="utf-8")
    log = (folder / "log").open("wb")
    daemon = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stdout=log, stderr=log)
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            assert time.monotonic() < until, (folder / "log").read_text(encoding="utf-8")
            time.sleep(0.05)
    yield Server(port, folder, folder / "easir.db")
    daemon.terminate()
    daemon.wait(10)
    log.close()


def open_terminal(command: list[str], width: int = 100, height: int = 30) -> Terminal:
    process, handle = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execvp(command[0], command)
    ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    return Terminal(process, handle)


def processes_of(database: Path) -> list[int]:
    """Living processes that work on a database, found by their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "environ").read_bytes()
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if f"EASIR_DB={database}".encode() in words and b"easir" in command and b"sh\0-c" not in command:
            found.append(int(place.name))
    return found


def test_commands_and_files_go_over_ssh_without_a_terminal(server: Server) -> None:
    added = server.run("contact", "add", "--first-name", "Søren", "--last-name", "Kjær", "--json")
    assert added.returncode == 0, added.stderr
    listed = json.loads(server.run("contact", "list", "--filter", "soren", "--json").stdout)
    assert [one["name"] for one in listed] == ["Søren Kjær"]
    content = os.urandom(300_000)
    kept = server.run("attachment", "add", str(listed[0]["id"]), "-", "--name", "licence.bin", "--json", input=content)
    assert kept.returncode == 0, kept.stderr
    got = server.run("attachment", "get", str(json.loads(kept.stdout)["id"]))
    assert got.stdout == content


def test_without_a_terminal_the_application_says_so_and_ends(server: Server) -> None:
    ended = server.run()
    assert ended.returncode == 2
    assert b"terminal" in ended.stderr
    assert processes_of(server.database) == []


def test_a_lost_link_ends_the_program_and_keeps_what_was_typed(server: Server) -> None:
    """Faults 95: the text is a draft, and the next start opens it where it was."""
    contact_id = json.loads(
        server.run("contact", "add", "--first-name", "Ida", "--last-name", "Ørsted", "--json").stdout
    )["id"]
    terminal = open_terminal(server.command(server.easir(), terminal=True))
    terminal.wait_for("Ørsted")
    terminal.type("/ida")
    time.sleep(0.7)
    os.write(terminal.handle, b"\r")
    time.sleep(0.5)
    os.write(terminal.handle, b"\r")
    terminal.wait_for("History")
    terminal.type("n")
    time.sleep(1.0)
    terminal.type("Vil have hvid ID.4")
    time.sleep(0.2)
    assert processes_of(server.database)
    terminal.hang_up()
    until = time.monotonic() + 10
    while processes_of(server.database) and time.monotonic() < until:
        time.sleep(0.1)
    assert processes_of(server.database) == []
    store = open_store(server.database)
    drafts = rows("SELECT contact_id, body FROM draft")
    assert value("PRAGMA integrity_check") == "ok"
    store.close()
    assert [one[0] for one in drafts] == [contact_id]
    assert "Vil have hvid ID.4" in drafts[0][1]
    again = open_terminal(server.command(server.easir(), terminal=True))
    again.wait_for("Vil have hvid ID.4")
    again.hang_up()


def test_a_resize_and_a_minute_of_nothing(server: Server) -> None:
    """Nothing is sent while nobody works (faults 99), and the screen follows the terminal's size."""
    quiet = replace(server, database=server.folder / "quiet.db")
    quiet.run("contact", "add", "--first-name", "Bo", "--last-name", "Ø")
    terminal = open_terminal(quiet.command(quiet.easir(), terminal=True), 120, 40)
    terminal.wait_for("EASI")
    terminal.drain(2.5)
    assert terminal.drain(5) == 0
    ioctl(terminal.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.kill(terminal.process, signal.SIGWINCH)
    assert terminal.drain(2) > 500
    terminal.hang_up()
