"""The looks: one dark theme, one light, and one that uses the terminal's own sixteen colours.

One accent, and brightness for what matters now: chrome is darker than labels, labels darker than facts.
Red, yellow, blue and green are kept for overdue, today, later and done, always beside a word or a sign.

Surfaces are greys of a saturation below 15 %: at 256 colours, the usual case over SSH, Rich then finds them in
the grey ramp, where they stay distinct; bluer ones all become black.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="easir-dark",
    dark=True,
    primary="#7aa7e8",
    secondary="#5b6b7c",
    accent="#63cbb9",
    warning="#e6c15c",
    error="#ef7d7d",
    success="#93cb6b",
    foreground="#c6ced6",
    background="#121417",
    surface="#1a1d21",
    panel="#24282e",
    variables={
        "text": "#e9eef3",
        "text-muted": "#7f8b97",
        "text-disabled": "#55606b",
        "border": "#63cbb9",
        "border-blurred": "#3b434c",
        "cursor-row": "#24483f",
        "cursor-row-blurred": "#2a2f35",
        "marked-row": "#33363e",
        "field": "#21252a",
        "field-focus": "#2d333a",
        "scrollbar": "#3a4653",
        "scrollbar-hover": "#4c5a69",
        "scrollbar-active": "#63cbb9",
        "scrollbar-background": "#1a1d21",
        "scrollbar-background-hover": "#1a1d21",
        "scrollbar-background-active": "#1a1d21",
        "scrollbar-corner-color": "#1a1d21",
        "input-cursor-background": "#e9eef3",
        "input-cursor-foreground": "#121417",
        "input-selection-background": "#63cbb9 35%",
        "block-cursor-background": "#24483f",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
    },
)

LIGHT = Theme(
    name="easir-light",
    dark=False,
    primary="#1f5fae",
    secondary="#6b7884",
    accent="#00786a",
    warning="#8a6100",
    error="#b3261e",
    success="#3c7a1b",
    foreground="#29323a",
    background="#fbfaf8",
    surface="#f0f0ee",
    panel="#e4e3e0",
    variables={
        "text": "#10161b",
        "text-muted": "#66717b",
        "text-disabled": "#9aa3ab",
        "border": "#00786a",
        "border-blurred": "#cfcbc2",
        "cursor-row": "#b5e6dc",
        "cursor-row-blurred": "#e2e1de",
        "marked-row": "#e2e4f2",
        "field": "#ecebe8",
        "field-focus": "#e0eeea",
        "scrollbar": "#c4bfb4",
        "scrollbar-hover": "#a9a498",
        "scrollbar-active": "#00786a",
        "scrollbar-background": "#f0f0ee",
        "scrollbar-background-hover": "#f0f0ee",
        "scrollbar-background-active": "#f0f0ee",
        "scrollbar-corner-color": "#f0f0ee",
        "input-cursor-background": "#10161b",
        "input-cursor-foreground": "#fbfaf8",
        "input-selection-background": "#00786a 25%",
        "block-cursor-background": "#b5e6dc",
        "block-cursor-foreground": "#10161b",
        "block-cursor-text-style": "bold",
    },
)

ANSI = Theme(
    name="easir-ansi",
    dark=True,
    ansi=True,
    primary="ansi_bright_blue",
    secondary="ansi_white",
    accent="ansi_bright_cyan",
    warning="ansi_bright_yellow",
    error="ansi_bright_red",
    success="ansi_bright_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "text-disabled": "ansi_white",
        "input-cursor-background": "ansi_bright_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_blue",
        "screen-selection-foreground": "ansi_black",
        "text": "ansi_bright_white",
        "text-muted": "ansi_white",
        "border": "ansi_bright_cyan",
        "border-blurred": "ansi_white",
        "cursor-row": "ansi_cyan",
        "cursor-row-blurred": "ansi_default",
        "marked-row": "ansi_blue",
        "field": "ansi_default",
        "field-focus": "ansi_default",
    },
)

THEMES = {"dark": DARK, "light": LIGHT, "ansi": ANSI}
"""The names a person may write in the settings file."""
