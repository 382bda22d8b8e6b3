"""Contacts that turned out to be one person, pairs that somebody said are two, and people who were erased."""

from __future__ import annotations

from typing import Any

STATEMENTS = """
ALTER TABLE contact ADD COLUMN merged_into INTEGER REFERENCES contact(id);
CREATE INDEX contact_merged ON contact(merged_into) WHERE merged_into IS NOT NULL;
CREATE TABLE not_same (
  id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact(id),
  other_id INTEGER NOT NULL REFERENCES contact(id), user_id INTEGER NOT NULL REFERENCES app_user(id),
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, created_by INTEGER REFERENCES app_user(id),
  updated_at INTEGER NOT NULL, updated_by INTEGER REFERENCES app_user(id),
  deleted_at INTEGER, CHECK (contact_id < other_id)
) STRICT;
CREATE INDEX not_same_pair ON not_same(contact_id, other_id) WHERE deleted_at IS NULL;
CREATE INDEX not_same_other ON not_same(other_id);
CREATE TABLE erased (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


def up(migrator: Any, db: Any) -> None:
    """Add the column and the table."""
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
