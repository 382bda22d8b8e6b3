"""E-mails on the wire: what is to go out and what became of it, what came in, and how far each mailbox was read."""

from __future__ import annotations

from typing import Any

STATEMENTS = """
CREATE TABLE mail (
  id INTEGER PRIMARY KEY, activity_id INTEGER NOT NULL REFERENCES activity(id),
  contact_id INTEGER NOT NULL REFERENCES contact(id), user_id INTEGER NOT NULL REFERENCES app_user(id),
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  message_id TEXT NOT NULL CHECK (message_id LIKE '<_%>'), in_reply_to TEXT NOT NULL DEFAULT '',
  refs TEXT NOT NULL DEFAULT '[]', thread TEXT NOT NULL,
  from_name TEXT NOT NULL DEFAULT '', from_address TEXT NOT NULL DEFAULT '', reply_to TEXT NOT NULL DEFAULT '[]',
  state TEXT NOT NULL DEFAULT ''
    CHECK (state IN ('', 'queued', 'sending', 'sent', 'partly', 'refused', 'uncertain')),
  tries INTEGER NOT NULL DEFAULT 0, try_at INTEGER, said TEXT NOT NULL DEFAULT '', sent_at INTEGER,
  filed INTEGER NOT NULL DEFAULT 0, calendar TEXT NOT NULL DEFAULT '', method TEXT NOT NULL DEFAULT '',
  quoted_from INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, created_by INTEGER REFERENCES app_user(id),
  updated_at INTEGER NOT NULL, updated_by INTEGER REFERENCES app_user(id),
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX mail_message ON mail(message_id, contact_id);
CREATE INDEX mail_activity ON mail(activity_id);
CREATE INDEX mail_contact ON mail(contact_id, id);
CREATE INDEX mail_thread ON mail(thread, id);
CREATE INDEX mail_unsent ON mail(user_id, state, try_at)
  WHERE state IN ('queued', 'sending', 'partly', 'refused', 'uncertain') AND deleted_at IS NULL;
CREATE INDEX mail_to_file ON mail(user_id, sent_at) WHERE filed = 0 AND sent_at IS NOT NULL;
CREATE TABLE mail_folder (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES app_user(id), account TEXT NOT NULL, name TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT '', uidvalidity INTEGER NOT NULL DEFAULT 0, uid INTEGER NOT NULL DEFAULT 0,
  modseq INTEGER NOT NULL DEFAULT 0, passed_over INTEGER NOT NULL DEFAULT 0, read_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX mail_folder_name ON mail_folder(user_id, account, name);
CREATE TABLE mail_copy (
  message_id TEXT NOT NULL, user_id INTEGER NOT NULL REFERENCES app_user(id),
  thread TEXT NOT NULL, at INTEGER NOT NULL, incoming INTEGER NOT NULL,
  folder_id INTEGER REFERENCES mail_folder(id), uid INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0, to_mark INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_copy_thread ON mail_copy(user_id, thread, at, incoming, unread);
CREATE INDEX mail_copy_unread ON mail_copy(user_id, thread) WHERE unread = 1;
CREATE INDEX mail_copy_place ON mail_copy(folder_id, uid) WHERE folder_id IS NOT NULL;
CREATE INDEX mail_copy_to_mark ON mail_copy(user_id) WHERE to_mark = 1;
CREATE TABLE mail_kept_out (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES app_user(id),
  contact_id INTEGER REFERENCES contact(id), address TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, created_by INTEGER REFERENCES app_user(id),
  updated_at INTEGER NOT NULL, updated_by INTEGER REFERENCES app_user(id),
  deleted_at INTEGER, CHECK ((contact_id IS NULL) <> (address = ''))
) STRICT;
CREATE INDEX mail_kept_out_user ON mail_kept_out(user_id) WHERE deleted_at IS NULL;
"""


def up(migrator: Any, db: Any) -> None:
    """Add the tables; an e-mail that was only noted as to be sent stays a note and never goes out by itself."""
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
