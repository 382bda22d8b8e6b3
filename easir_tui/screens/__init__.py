"""Screens: one file a screen, its stylesheet beside it."""
