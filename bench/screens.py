"""What a person sees: start, memory, a key in the list, opening a contact, bytes on the line."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from bench.report import Line, compare, median, percentile
from bench.terminal import Terminal
from bench.world import EASIR, World

BARE = [sys.executable, "-m", "bench.bare"]


def _start(command: list[str], world: World, content: str, footer: str) -> tuple[float, float]:
    """Milliseconds from the start of the process to the first content and to the footer."""
    with Terminal(command, world.environment()) as terminal:
        terminal.wait_for(content)
        first = (time.perf_counter() - terminal.begun) * 1000
        terminal.wait_for(footer)
        return first, (time.perf_counter() - terminal.begun) * 1000


def start(world: World, times: int = 20) -> Iterator[Line]:
    """Bar 1: from the start of the process to what can be read; the two in turns, because machines are noisy."""
    name = top_name()
    ours, bare = [], []
    for _ in range(times):
        bare.append(_start([*BARE, "list"], world, "BareList", "Helpful"))
        ours.append(_start([EASIR], world, name, "Help"))
    yield compare("1", "start → first frame with content", [one[0] for one in ours], [one[0] for one in bare], 1.5)
    yield compare("1", "start → footer complete", [one[1] for one in ours], [one[1] for one in bare], 2.0)


def top_name() -> str:
    """The family name of the first contact of the list, which only the painted list can hold."""
    from easir_tui.crm import contact_list
    from easir_tui.crm.users import log_in

    return contact_list.page(log_in(), "name", 0, 1)[0].name.split()[0]


def memory(world: World) -> Iterator[Line]:
    """Bar 2: what the program holds after five contacts, and what a thousand more add."""
    with Terminal([*BARE, "list"], world.environment()) as terminal:
        terminal.settle(1.0)
        bare = terminal.resident
    with Terminal([EASIR], world.environment()) as terminal:
        terminal.settle(1.0)
        for _ in range(5):
            terminal.press("\r", 0.3)
            terminal.press("\x1b", 0.5)
            terminal.press("j", 0.1)
        five = terminal.resident
        ratio, ours, reference = five / bare, f"{five:.1f} MiB", f"{bare:.1f} MiB"
        yield Line("2", "resident memory after five contacts", ours, reference, ratio, "≤ 1.6 ×", ratio <= 1.6)
        terminal.press("\r", 0.5)
        for _ in range(1000):
            terminal.press(">", 0.015)
        terminal.settle(1.0)
        more = terminal.resident - five
        yield Line("2", "after a thousand more", f"{more:+.1f} MiB", "", None, "< 5 MiB", more < 5)


def _presses(terminal: Terminal, keys: str, times: int) -> tuple[list[float], list[int]]:
    """Milliseconds and bytes of each of many presses of one key."""
    taken, received = [], []
    for _ in range(times):
        seconds, count = terminal.press(keys)
        taken.append(seconds * 1000)
        received.append(count)
    return taken, received


def keys(world: World, times: int = 30) -> Iterator[Line]:
    """Bars 5, 6 and 8: keys until they are painted, and what they send."""
    with Terminal([*BARE, "table"], world.environment()) as terminal:
        terminal.settle(0.8)
        bare, _ = _presses(terminal, "\x1b[B", times)
    with Terminal([EASIR], world.environment()) as terminal:
        terminal.settle(1.0)
        full = len(terminal.output)
        terminal.press("j")
        top, bytes_top = _presses(terminal, "j", times)
        yield compare("6", "cursor down in the list, at the top", top, bare, 1.3)
        terminal.press("G", 0.5)
        for _ in range(times + 5):
            terminal.press("k", 0.02)
        end, _ = _presses(terminal, "j", times)
        yield compare("6", "cursor down in the list, near the last row", end, bare, 1.3)
        yield Line("8", "bytes of a cursor move", f"{median(bytes_top):.0f}", f"{full} to paint it all", None, "≤ 700",
                   median(bytes_top) <= 700)  # fmt: skip
        terminal.press("\x1b[H", 0.5)
        for _ in range(60):
            terminal.press("j", 0.02)
        _, scrolled = _presses(terminal, "j", 20)
        yield Line(
            "8", "bytes of a key that scrolls", f"{max(scrolled)}", "", None, "≤ 10,000", max(scrolled) <= 10_000
        )
    yield from _opening(world, times)


def _opening(world: World, times: int) -> Iterator[Line]:
    with (
        Terminal([*BARE, "push"], world.environment()) as bare,
        Terminal([EASIR], world.environment()) as terminal,
    ):
        bare.settle(1.0)
        terminal.settle(1.0)
        pushes, opened, received, whole = [], [], [], []
        for _ in range(times):
            pushes.append(bare.press("p")[0] * 1000)
            bare.press("\x1b", 0.2)
            seconds, count = terminal.press("\r", 0.12)
            opened.append(seconds * 1000)
            received.append(count)
            whole.append(terminal.repaint())
            terminal.press("\x1b", 0.25)
            terminal.press("j", 0.05)
        yield compare("5", "opening a contact: key → painted", opened[1:], pushes, 4.0, 100.0)
        yield from _places(terminal, pushes)
        yield Line("5", "… the first one of a session", f"{opened[0]:.0f} ms", "", None, "", None)
        ratio = median(one / all_of_it for one, all_of_it in zip(received, whole, strict=True))
        yield Line("8", "bytes of opening a contact", f"{median(received):.0f}", f"{median(whole):.0f} to paint it all",
                   ratio, "≤ 1.1 ×", ratio <= 1.1)  # fmt: skip
        yield from _typing(terminal)
        terminal.idle(8)  # until messages that show for a while are gone
        quiet = terminal.idle(60)
        yield Line("8", "bytes in an idle minute", str(quiet), "", None, "0", quiet == 0)


PLACES = {
    "Today": "\x1bOQ", "the accounts": "\x1bOS", "the cases": "\x1b[15~", "the leads": "\x1b[17~",
    "the tasks": "\x1b[18~",
}  # fmt: skip
"""Places and the function keys that go there."""

CONTACTS = "\x1bOR"


def _places(terminal: Terminal, pushes: list[float], times: int = 8) -> Iterator[Line]:
    """The lists around the contact page: from the contacts to each, once it was there before."""
    for name, key in PLACES.items():
        taken = []
        for _ in range(times + 1):
            taken.append(terminal.press(key, 0.25)[0] * 1000)
            terminal.press(CONTACTS, 0.25)
        yield compare("5", f"going to {name}: key → painted", taken[1:], pushes, 4.0, 100.0)


def _typing(terminal: Terminal) -> Iterator[Line]:
    """A character in a one-line field and in the text of a note."""
    terminal.press("N", 0.6)
    terminal.settle()
    _, received = _presses(terminal, "a", 20)
    yield _bytes("a character in a field", received, 300)
    terminal.press("\x1b", 0.5)
    terminal.settle()
    terminal.press("\r", 0.4)
    terminal.press("n", 0.6)
    terminal.settle()
    _, received = _presses(terminal, "a", 20)
    yield _bytes("a character in the note text", received, 1500)
    terminal.press("\x1b", 0.5)
    terminal.settle()


def _bytes(what: str, received: list[int], most: int) -> Line:
    """How many bytes a key sends; the goal holds for nineteen of twenty."""
    ours = f"{median(received):.0f}, at most {max(received)}"
    return Line("8", f"bytes of {what}", ours, "", None, f"≤ {most:,}", percentile(received, 0.95) <= most)
