"""Widgets that two screens or more are built of; they know neither screens nor commands."""
