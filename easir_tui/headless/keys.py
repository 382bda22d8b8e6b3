"""`easir keys`: every command of the program with its keys, as the screens have them."""

from __future__ import annotations

import argparse
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `keys` to the parser."""
    keys = commands.add_parser("keys", parents=[common], help=_("every key and what it does"))
    keys.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the table of commands; a key of the person's own settings stands in place of ours."""
    from easir_tui import commands, config
    from easir_tui.headless import output, table

    own = config.settings().keymap
    all_keys = [(one, own.get(one.id, one.keys)) for one in commands.table()]
    if args.json:
        output.print_json_list(
            {"id": one.id, "keys": list(commands.key_list(keys)), "title": _(one.title), "tooltip": _(one.tooltip),
             "group": _(one.group)}
            for one, keys in all_keys
        )  # fmt: skip
        return 0
    columns = [
        table.Column(_("Key"), 12), table.Column(_("Command"), 20), table.Column(_("What it does"), 0),
        table.Column(_("Where"), 18, 2), table.Column("id", 22, 3),
    ]  # fmt: skip
    table.print_table(columns, (
        (commands.signs(keys) or one.typed, _(one.title), _(one.tooltip), _(one.group), one.id)
        for one, keys in all_keys
    ))  # fmt: skip
    return 0
