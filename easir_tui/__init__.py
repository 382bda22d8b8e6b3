"""EASI'R: a CRM for salespeople who live in the keyboard, in a terminal."""

__version__ = "0.2.0"
