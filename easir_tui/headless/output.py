"""What the commands print: JSON that is exact, and text that a terminal may be given.

JSON holds the stored text unchanged, with control characters escaped as JSON does. Everything else passes
`text.clean`. On a terminal a list is aligned and cut to its width, the least important columns left out where
they do not fit; into a pipe or a file it is whole, a tab between columns, so that nothing is lost to scripts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

_UNSAFE = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
}
"""What JSON lets through and a terminal would obey: C1 controls and direction marks. They only occur in strings."""


def facts(record: Any) -> dict[str, Any]:
    """A frozen dataclass as what JSON can hold."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def print_json(data: Any) -> None:
    """One JSON value, indented, keys in the order they came."""
    import json

    print(json.dumps(data, ensure_ascii=False, indent=2).translate(_UNSAFE))


def print_json_list(many: Iterable[dict[str, Any]]) -> None:
    """A JSON array written as it is read, one object on a line, so that a long list needs no memory."""
    import json

    opening = "["
    for one in many:
        sys.stdout.write(f"{opening}\n  {json.dumps(one, ensure_ascii=False).translate(_UNSAFE)}")
        opening = ","
    print("[]" if opening == "[" else "\n]")


def say(sentence: str) -> None:
    """A sentence for the person, on standard output."""
    from easir_tui import text

    print(text.clean(sentence))


def say_text(written: str) -> None:
    """A text of several lines, on standard output."""
    from easir_tui import text

    print(text.clean(written, newlines=True))


def warn(sentence: str) -> None:
    """A sentence that must not mix with the data, on standard error."""
    from easir_tui import text

    print(text.clean(sentence), file=sys.stderr)


def print_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values under one another; a value of several lines keeps them, indented."""
    from easir_tui import text

    kept = [(name, value) for name, value in pairs if value]
    width = max((text.cells(name) for name, _ in kept), default=0)
    for name, value in kept:
        first, *rest = text.clean(value, newlines=True).split("\n")
        print(f"{text.pad(name, width)}  {first}".rstrip())
        for line in rest:
            print(f"{' ' * width}  {line}".rstrip())
