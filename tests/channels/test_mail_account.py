"""Accounts that cannot be right are refused; a secret comes from its command and goes nowhere else."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from easir_tui.channels.mail_account import MailAccount, MailServer, is_loopback, secret
from easir_tui.errors import Invalid, Refused
from tests.channels.conftest import printing


@pytest.mark.parametrize(
    ("host", "port", "security", "field"),
    [
        ("", 465, "tls", "host"),
        ("mail.nordlys.dk\r\nX", 465, "tls", "host"),
        ("mail nordlys.dk", 465, "tls", "host"),
        ("x" * 64 + ".dk", 465, "tls", "host"),
        ("mail..dk", 465, "tls", "host"),
        ("mail.nordlys.dk", 0, "tls", "port"),
        ("mail.nordlys.dk", 65_536, "tls", "port"),
        ("mail.nordlys.dk", 465, "ssl", "security"),
        ("mail.nordlys.dk", 25, "none", "security"),
        ("192.168.1.5", 25, "none", "security"),
        ("localhost.nordlys.dk", 25, "none", "security"),
        ("127.0.0.1.nordlys.dk", 25, "none", "security"),
    ],
)
def test_servers_that_cannot_be(host: str, port: int, security: str, field: str) -> None:
    """Unencrypted is for this machine alone, by names and numbers no name service decides about."""
    with pytest.raises(Invalid) as caught:
        MailServer(host, port, security)
    assert caught.value.field == field


def test_this_machine() -> None:
    for host in ("localhost", "LOCALHOST.", "127.0.0.1", "127.8.8.8", "::1", "[::1]"):
        assert is_loopback(host)
        MailServer(host, 25, "none")
    assert not is_loopback("0.0.0.0")


@pytest.mark.parametrize("values", [{"address": "anna"}, {"address": "anna@x\n"}, {"address": "@"}, {"user": "a\0b"}])
def test_accounts_that_cannot_be(values: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        MailAccount(**({"address": "anna@nordlys.dk"} | values))
    assert caught.value.field == next(iter(values))
    assert MailAccount("anna@nordlys.dk").login == "anna@nordlys.dk"


def test_the_first_line_is_the_secret(tmp_path: Path, python_command: Callable[[str], str]) -> None:
    assert secret(printing(tmp_path, "pæsse ord ")) == "pæsse ord "
    assert secret(printing(tmp_path, "første\nurl: https://x.dk")) == "første"
    assert secret(python_command("print('dos\\r')")) == "dos"


def test_there_is_no_shell(tmp_path: Path) -> None:
    """What a shell would run is only text; a home folder is one's own."""
    assert secret("echo $HOME; touch x `id` > y | cat") == "$HOME; touch x `id` > y | cat"
    assert not Path("x").exists()
    folder = Path(os.environ["HOME"])
    (folder / "word").write_text("hemmelig\n")
    assert secret("cat ~/word") == "hemmelig"


@pytest.mark.parametrize(
    "program",
    [
        "import sys; print('hemmelig'); sys.exit(3)",
        "import sys; print('hemmelig', file=sys.stderr)",
        "print()",
        "print('\\x1bhemmelig')",
        "print('hemmelig\\0x')",
        "import sys; sys.stdout.buffer.write(b'hemmelig\\xff')",
        "print('hemmelig' * 100_000)",
    ],
)
def test_what_is_no_secret(
    python_command: Callable[[str], str], program: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with pytest.raises(Refused) as caught:
        secret(python_command(program))
    assert "hemmelig" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caplog.text}"


@pytest.mark.parametrize("command", ["", "   ", "cat 'hemmelig", "/no/such/program hemmelig", "cat\0 x", "/ hemmelig"])
def test_commands_that_cannot_be_run(command: str) -> None:
    with pytest.raises(Refused) as caught:
        secret(command)
    assert "hemmelig" not in str(caught.value)


def test_a_command_that_does_not_end(tmp_path: Path, python_command: Callable[[str], str]) -> None:
    """It is ended in time with all it has started, even what holds on to the output after it is gone itself."""
    start = time.monotonic()
    mark = str(tmp_path / "child")
    child = f"import time, os; open({mark!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    for wait in ("time.sleep(60)", "time.sleep(0.3)"):
        with pytest.raises(Refused, match="in time"):
            secret(
                python_command(
                    "import subprocess, sys, time\n"
                    f"subprocess.Popen([sys.executable, '-c', {child!r}])\n"
                    f"print('hemmelig', flush=True)\n{wait}\n"
                ),
                patience=1.5,
            )
        time.sleep(0.2)
        assert not _lives(int(Path(mark).read_text()))
    assert time.monotonic() - start < 10


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_secret_is_in_no_process_list(tmp_path: Path, python_command: Callable[[str], str]) -> None:
    """Neither in the arguments nor in the environment of anything that runs while it is fetched."""
    kept = tmp_path / "word"
    kept.write_text("meget-hemmeligt-ord\n")
    command = python_command(
        "import glob, sys\n"
        "word = open(sys.argv[1]).read().strip().encode()\n"
        "seen = 0\n"
        "for path in glob.glob('/proc/[0-9]*/cmdline') + glob.glob('/proc/[0-9]*/environ'):\n"
        "    try: seen += word in open(path, 'rb').read()\n"
        "    except OSError: pass\n"
        "print(seen)\n"
    )
    assert secret(f"{command} {shlex.quote(str(kept))}") == "0"


def test_an_account_shows_no_command() -> None:
    account = MailAccount("anna@nordlys.dk", password_command="echo hemmelig", token_command="echo hemmelig")
    assert "hemmelig" not in f"{account!r} {account}"
