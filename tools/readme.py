"""Write the key table of README.md from the one table of commands, so that the two cannot differ."""

from __future__ import annotations

from pathlib import Path

from easir_tui import commands
from easir_tui.language import activate

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys: made by tools/readme.py from the one table of commands -->", "<!-- /keys -->"


def key_table() -> str:
    """The table as Markdown: one row a command, by group."""
    activate("en")
    lines = ["| where | key | | what it does |", "|---|---|---|---|"]
    group = ""
    for one in commands.table():
        keys = " ".join(f"`{commands.sign(key)}`" for key in commands.key_list(one.keys)[:4]).replace("`^", "`Ctrl+")
        if not keys and one.typed:
            keys = f"`{one.typed}`"
        lines.append(f"| {one.group if one.group != group else ''} | {keys} | {one.title} | {one.tooltip} |")
        group = one.group
    return "\n".join(lines)


def written(text: str) -> str:
    """README's text with the table in its place."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{key_table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
