"""A figure, its reference, and the goal; and the table of all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One measured thing. `goal` is in words; `met` says whether it was reached, None where there is no goal."""

    number: str
    what: str
    ours: str
    reference: str
    ratio: float | None
    goal: str
    met: bool | None


def median(values: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def timed(act: Callable[[], Any], times: int = 40, warm: int = 3) -> list[float]:
    """Milliseconds of each call, after some that do not count."""
    for _ in range(warm):
        act()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def milliseconds(values: Sequence[float]) -> str:
    """Median and p95."""
    return f"{median(values):.2f} ms (p95 {percentile(values, 0.95):.2f})"


def compare(
    number: str, what: str, ours: Sequence[float], reference: Sequence[float], most: float, p95: float | None = None
) -> Line:
    """Two series in milliseconds; the goal is a ratio of medians, and perhaps a p95 in milliseconds."""
    ratio = median(ours) / median(reference)
    late = percentile(ours, 0.95)
    goal = f"≤ {most:g} ×" + (f", p95 ≤ {p95:g} ms" if p95 is not None else "")
    met = ratio <= most and (p95 is None or late <= p95)
    return Line(number, what, milliseconds(ours), milliseconds(reference), ratio, goal, met)


def show(line: Line) -> None:
    """Print one line of the table."""
    sign = {True: "✔", False: "✘", None: " "}[line.met]
    ratio = f"{line.ratio:6.2f} ×" if line.ratio is not None else "        "
    print(
        f"{sign} {line.number:>3} {line.what:<58} {line.ours:<30} {line.reference:<30} {ratio} {line.goal}", flush=True
    )
