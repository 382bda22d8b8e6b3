"""The focus moved at once, so that keys typed ahead go where they were meant.

`Widget.focus` puts the move off until the messages already waiting are handled. Over a slow link several keys
arrive together, and of a "/kjær" typed fast the letters would still be commands of the list: up, down, delete.
"""

from __future__ import annotations

from textual.dom import DOMNode
from textual.widget import Widget


def focus_now(widget: Widget) -> None:
    """Give `widget` the focus before the next key is handled; a class just set that shows it counts already."""
    around = [node for node in widget.ancestors_with_self if isinstance(node, DOMNode)]
    widget.app.stylesheet.update_nodes([node for node in around if node.is_attached and node is not widget.app])
    widget.screen.set_focus(widget)
