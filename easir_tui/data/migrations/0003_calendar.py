"""Who was invited to which meeting, what a calendar server holds of one's tasks, and this installation's name."""

from __future__ import annotations

from typing import Any

STATEMENTS = """
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL REFERENCES task(id),
  user_id INTEGER NOT NULL REFERENCES app_user(id),
  sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
  organizer_name TEXT NOT NULL DEFAULT '', organizer TEXT NOT NULL CHECK (organizer <> ''),
  title TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '',
  starts_at INTEGER, ends_at INTEGER, day TEXT, zone TEXT NOT NULL,
  guests TEXT NOT NULL DEFAULT '[]', cancelled_at INTEGER, updated_at INTEGER NOT NULL,
  CHECK ((starts_at IS NULL) <> (day IS NULL))
) STRICT;
CREATE UNIQUE INDEX invitation_task ON invitation(task_id);
CREATE INDEX invitation_user ON invitation(user_id, id) WHERE cancelled_at IS NULL;
CREATE TABLE calendar_server (
  user_id INTEGER PRIMARY KEY REFERENCES app_user(id), url TEXT NOT NULL, token TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE calendar_item (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES app_user(id), task_id INTEGER REFERENCES task(id),
  uid TEXT NOT NULL, href TEXT NOT NULL, etag TEXT NOT NULL DEFAULT '', base TEXT NOT NULL DEFAULT '{}',
  trouble TEXT NOT NULL DEFAULT '' CHECK (trouble IN ('', 'conflict', 'gone', 'deleted'))
) STRICT;
CREATE UNIQUE INDEX calendar_item_uid ON calendar_item(user_id, uid);
CREATE INDEX calendar_item_task ON calendar_item(task_id) WHERE task_id IS NOT NULL;
INSERT INTO company_setting (key, value, created_at, updated_at)
  VALUES ('installation', '"' || lower(hex(randomblob(8))) || '"', unixepoch(), unixepoch());
"""


def up(migrator: Any, db: Any) -> None:
    """Add the tables, and a random name by which what this installation sends out is known as its own."""
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
