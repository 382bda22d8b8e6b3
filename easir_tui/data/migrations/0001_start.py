"""The first schema: people, accounts, contacts, cases, what happened, what is planned, and the journal."""

from __future__ import annotations

from typing import Any

RECORD = """
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, created_by INTEGER REFERENCES app_user(id),
  updated_at INTEGER NOT NULL, updated_by INTEGER REFERENCES app_user(id),
  deleted_at INTEGER"""
"""What every record carries; `version` rises with each save (V17), `deleted_at` is the trash (V15)."""

TABLES = f"""
CREATE TABLE app_user (
  id INTEGER PRIMARY KEY, login TEXT NOT NULL, full_name TEXT NOT NULL, initials TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', locale TEXT NOT NULL DEFAULT '',
  zone TEXT NOT NULL DEFAULT 'Europe/Copenhagen',
  role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'team_admin', 'admin')),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),{RECORD}
) STRICT;
CREATE UNIQUE INDEX app_user_login ON app_user(login);

CREATE TABLE team (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, street TEXT NOT NULL DEFAULT '', postcode TEXT NOT NULL DEFAULT '',
  city TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
  opening_hours TEXT NOT NULL DEFAULT '{{}}', letterhead TEXT NOT NULL DEFAULT '',{RECORD}
) STRICT;

CREATE TABLE membership (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES app_user(id),
  team_id INTEGER NOT NULL REFERENCES team(id),{RECORD}
) STRICT;
CREATE UNIQUE INDEX membership_pair ON membership(user_id, team_id) WHERE deleted_at IS NULL;
CREATE INDEX membership_team ON membership(team_id);

CREATE TABLE account (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('private', 'company')),
  name TEXT NOT NULL CHECK (name <> ''), name_key TEXT NOT NULL, cvr TEXT NOT NULL DEFAULT '',
  street TEXT NOT NULL DEFAULT '', postcode TEXT NOT NULL DEFAULT '', city TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
  website TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  responsible_id INTEGER REFERENCES app_user(id), external_ids TEXT NOT NULL DEFAULT '{{}}',{RECORD},
  CHECK ((kind = 'private') = (id = 1)), CHECK (id <> 1 OR deleted_at IS NULL)
) STRICT;
CREATE INDEX account_name ON account(name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX account_cvr ON account(cvr) WHERE cvr <> '';
CREATE INDEX account_responsible ON account(responsible_id, name_key, id) WHERE deleted_at IS NULL;

CREATE TABLE contact (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('private', 'business')),
  first_name TEXT NOT NULL DEFAULT '', last_name TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '',
  job_title TEXT NOT NULL DEFAULT '', account_id INTEGER NOT NULL REFERENCES account(id),
  emails TEXT NOT NULL DEFAULT '[]', phones TEXT NOT NULL DEFAULT '[]',
  street TEXT NOT NULL DEFAULT '', postcode TEXT NOT NULL DEFAULT '', city TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '', website TEXT NOT NULL DEFAULT '', birthday TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '', responsible_id INTEGER NOT NULL REFERENCES app_user(id),
  origin TEXT NOT NULL DEFAULT 'manual' CHECK (origin IN ('manual', 'lead', 'import', 'sync')),
  custom TEXT NOT NULL DEFAULT '{{}}', external_ids TEXT NOT NULL DEFAULT '{{}}', card TEXT,
  name TEXT NOT NULL CHECK (name <> ''), name_key TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'lead' CHECK (status IN ('lead', 'opportunity', 'customer')),
  next_step_at INTEGER, next_step_day TEXT, last_contact_at INTEGER,{RECORD},
  CHECK ((kind = 'private') = (account_id = 1))
) STRICT;
CREATE INDEX contact_name ON contact(name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_account ON contact(account_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_responsible ON contact(responsible_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_next_step ON contact(next_step_at, id) WHERE deleted_at IS NULL AND next_step_at IS NOT NULL;
CREATE INDEX contact_last_contact ON contact(last_contact_at, id)
  WHERE deleted_at IS NULL AND last_contact_at IS NOT NULL;
CREATE INDEX contact_no_step ON contact(name_key, id) WHERE deleted_at IS NULL AND next_step_at IS NULL;
CREATE INDEX contact_no_contact ON contact(name_key, id) WHERE deleted_at IS NULL AND last_contact_at IS NULL;
CREATE INDEX contact_living ON contact(id, name_key) WHERE deleted_at IS NULL;

CREATE TABLE contact_key (
  kind TEXT NOT NULL, key TEXT NOT NULL, contact_id INTEGER NOT NULL REFERENCES contact(id),
  PRIMARY KEY (kind, key, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_key_contact ON contact_key(contact_id);

CREATE TABLE consent (
  id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact(id),
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'letter', 'sms')),
  state TEXT NOT NULL CHECK (state IN ('given', 'refused', 'not_asked')),
  source TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL, user_id INTEGER NOT NULL REFERENCES app_user(id),{RECORD}
) STRICT;
CREATE INDEX consent_contact ON consent(contact_id, channel, at, id);

CREATE TABLE lead (
  id INTEGER PRIMARY KEY, contact_data TEXT NOT NULL DEFAULT '{{}}', account_data TEXT NOT NULL DEFAULT '{{}}',
  interest TEXT NOT NULL DEFAULT '', product TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL DEFAULT '', received_at INTEGER NOT NULL, expires_at INTEGER,
  team_id INTEGER REFERENCES team(id),
  status TEXT NOT NULL DEFAULT 'assigned'
    CHECK (status IN ('assigned', 'accepted', 'rejected', 'escalated', 'expired')),
  raw TEXT NOT NULL DEFAULT '',{RECORD}
) STRICT;

CREATE TABLE sales_case (
  id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact(id),
  account_id INTEGER NOT NULL REFERENCES account(id), title TEXT NOT NULL CHECK (title <> ''),
  manager_id INTEGER NOT NULL REFERENCES app_user(id), path TEXT NOT NULL CHECK (path <> ''),
  milestone TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'rejected')),
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'won', 'lost')), reason TEXT NOT NULL DEFAULT '',
  product TEXT NOT NULL DEFAULT '', value INTEGER CHECK (value IS NULL OR value >= 0),
  currency TEXT NOT NULL DEFAULT 'DKK', chance INTEGER CHECK (chance IS NULL OR chance BETWEEN 0 AND 100),
  expected_close TEXT, opened_at INTEGER NOT NULL, closed_at INTEGER,
  lead_id INTEGER REFERENCES lead(id),{RECORD},
  CHECK ((status = 'open') = (closed_at IS NULL)), CHECK (outcome = '' OR status = 'closed')
) STRICT;
CREATE INDEX case_contact ON sales_case(contact_id, status, opened_at, id) WHERE deleted_at IS NULL;
CREATE INDEX case_account ON sales_case(account_id, status, opened_at, id) WHERE deleted_at IS NULL;
CREATE INDEX case_manager ON sales_case(manager_id, status, opened_at, id) WHERE deleted_at IS NULL;
CREATE INDEX case_status ON sales_case(status, opened_at, id) WHERE deleted_at IS NULL;
CREATE INDEX case_opened ON sales_case(opened_at, id) WHERE deleted_at IS NULL;

CREATE TABLE activity (
  id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact(id),
  account_id INTEGER NOT NULL REFERENCES account(id), case_id INTEGER REFERENCES sales_case(id),
  kind TEXT NOT NULL CHECK (kind IN ('note', 'meeting', 'email', 'call', 'letter')),
  direction TEXT NOT NULL DEFAULT '' CHECK (direction IN ('', 'in', 'out')),
  at INTEGER NOT NULL, minutes INTEGER, user_id INTEGER NOT NULL REFERENCES app_user(id),
  subject TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '', number TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT '' CHECK (state IN ('', 'to_send')),
  recipients TEXT NOT NULL DEFAULT '{{}}', milestones TEXT NOT NULL DEFAULT '[]',
  consent_override TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT 'user',{RECORD},
  CHECK ((case_id IS NULL) = (milestones = '[]')), CHECK (kind <> 'note' OR note <> '')
) STRICT;
CREATE INDEX activity_contact ON activity(contact_id, at, id) WHERE deleted_at IS NULL;
CREATE INDEX activity_account ON activity(account_id, at, id) WHERE deleted_at IS NULL;
CREATE INDEX activity_case ON activity(case_id, at, id) WHERE case_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX activity_user ON activity(user_id, at, id) WHERE deleted_at IS NULL;
CREATE INDEX activity_kind ON activity(contact_id, kind, at, id) WHERE deleted_at IS NULL;
CREATE INDEX activity_note ON activity(contact_id, at, id) WHERE note <> '' AND deleted_at IS NULL;

CREATE TABLE task (
  id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact(id),
  account_id INTEGER NOT NULL REFERENCES account(id), case_id INTEGER REFERENCES sales_case(id),
  type TEXT NOT NULL CHECK (type IN ('email', 'letter', 'call', 'meeting', 'remind')),
  note TEXT NOT NULL DEFAULT '', assignee_id INTEGER NOT NULL REFERENCES app_user(id),
  starts_at INTEGER, ends_at INTEGER, day TEXT, sort_at INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'completed')),
  completed_at INTEGER, completed_by INTEGER REFERENCES app_user(id),
  activity_id INTEGER REFERENCES activity(id),{RECORD},
  CHECK ((starts_at IS NULL) <> (day IS NULL)), CHECK (ends_at IS NULL OR ends_at > starts_at),
  CHECK ((status = 'completed') = (completed_at IS NOT NULL))
) STRICT;
CREATE INDEX task_contact_open ON task(contact_id, sort_at, id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX task_assignee_open ON task(assignee_id, sort_at, id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX task_open ON task(sort_at, id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX task_completed ON task(assignee_id, completed_at, id)
  WHERE status = 'completed' AND deleted_at IS NULL;
CREATE INDEX task_completed_by_all ON task(completed_at, id) WHERE status = 'completed' AND deleted_at IS NULL;
CREATE INDEX task_contact ON task(contact_id, sort_at, id) WHERE deleted_at IS NULL;
CREATE INDEX task_case ON task(case_id, sort_at, id) WHERE case_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact(id),
  case_id INTEGER REFERENCES sales_case(id), activity_id INTEGER REFERENCES activity(id),
  name TEXT NOT NULL CHECK (name <> ''), media_type TEXT NOT NULL, size INTEGER NOT NULL CHECK (size >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  origin TEXT NOT NULL DEFAULT 'upload' CHECK (origin IN ('upload', 'mail_in', 'mail_out', 'letter')),{RECORD}
) STRICT;
CREATE INDEX attachment_contact ON attachment(contact_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX attachment_case ON attachment(case_id) WHERE case_id IS NOT NULL;
CREATE INDEX attachment_activity ON attachment(activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX attachment_sha256 ON attachment(sha256);

CREATE TABLE event (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user_id INTEGER REFERENCES app_user(id),
  what TEXT NOT NULL, params TEXT NOT NULL DEFAULT '{{}}',
  kind TEXT NOT NULL DEFAULT 'change' CHECK (kind IN ('change', 'undo', 'import')),
  contact_id INTEGER REFERENCES contact(id), account_id INTEGER REFERENCES account(id),
  case_id INTEGER REFERENCES sales_case(id), shown INTEGER NOT NULL DEFAULT 1 CHECK (shown IN (0, 1)),
  parent_id INTEGER REFERENCES event(id), undoes_id INTEGER REFERENCES event(id),
  undone_by_id INTEGER REFERENCES event(id)
) STRICT;
CREATE INDEX event_contact ON event(contact_id, at, id) WHERE shown = 1 AND contact_id IS NOT NULL;
CREATE INDEX event_case ON event(case_id, at, id) WHERE shown = 1 AND case_id IS NOT NULL;
CREATE INDEX event_user ON event(user_id, id) WHERE parent_id IS NULL;
CREATE INDEX event_parent ON event(parent_id, id) WHERE parent_id IS NOT NULL;

CREATE TABLE change (
  id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES event(id), entity TEXT NOT NULL,
  row_id INTEGER NOT NULL, last_id INTEGER NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('add', 'change', 'remove', 'restore')), version INTEGER NOT NULL,
  contact_id INTEGER, before TEXT, after TEXT, CHECK (last_id >= row_id)
) STRICT;
CREATE INDEX change_row ON change(entity, row_id, id);
CREATE INDEX change_event ON change(event_id, id);

CREATE TABLE draft (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES app_user(id), key TEXT NOT NULL,
  kind TEXT NOT NULL, contact_id INTEGER REFERENCES contact(id), body TEXT NOT NULL DEFAULT '{{}}',
  "left" INTEGER NOT NULL DEFAULT 0 CHECK ("left" IN (0, 1)), updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX draft_key ON draft(user_id, key);
CREATE INDEX draft_contact ON draft(contact_id) WHERE contact_id IS NOT NULL;

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search_contact USING fts5(name, company, email, phone, city,
  content='', contentless_delete=1, detail=column, prefix='1 2 3 4', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE search_case USING fts5(owner, words,
  content='', contentless_delete=1, detail=column, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE search_note USING fts5(owner, words,
  content='', contentless_delete=1, detail=column, prefix='2 3', tokenize='unicode61 remove_diacritics 0');

INSERT INTO account (id, kind, name, name_key, created_at, updated_at)
  VALUES (1, 'private', 'Private customers', 'private customers', unixepoch(), unixepoch());
"""


def up(migrator: Any, db: Any) -> None:
    """Make every table, index and search index, and the one private account (V2)."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
