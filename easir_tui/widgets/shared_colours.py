"""A repair of Textual 8.2: the colours of a widget's border are remembered by colours alone.

Textual remembers them by the widget's style cache too, as `lru_cache` on a method does, and so keeps the painted
lines of a thousand widgets that are long gone: some fifty megabytes after forty opened contacts.
"""

from __future__ import annotations

from functools import lru_cache, partial

from textual._styles_cache import StylesCache


def share_colours() -> None:
    """Let all style caches share one memory of colours; does nothing where Textual no longer needs it."""
    remembered = StylesCache.__dict__.get("get_inner_outer")
    plain = None if isinstance(remembered, staticmethod) else getattr(remembered, "__wrapped__", None)
    if plain is not None:
        StylesCache.get_inner_outer = staticmethod(lru_cache(1024)(partial(plain, StylesCache)))  # type: ignore[method-assign,assignment]
