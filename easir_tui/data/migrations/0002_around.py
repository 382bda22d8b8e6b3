"""What stands around the contact page: who sees what, leads with their clocks, teams that open and close, saved
views, templates, the company's settings, and what the lists of accounts, cases and leads are read along."""

from __future__ import annotations

from typing import Any

RECORD = """
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, created_by INTEGER REFERENCES app_user(id),
  updated_at INTEGER NOT NULL, updated_by INTEGER REFERENCES app_user(id),
  deleted_at INTEGER"""

SEARCH = "content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0'"

STATEMENTS = f"""
CREATE TABLE audience (id INTEGER PRIMARY KEY, teams TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO audience (id, teams) VALUES (0, '');
CREATE TABLE audience_team (
  audience_id INTEGER NOT NULL REFERENCES audience(id), team_id INTEGER NOT NULL REFERENCES team(id),
  PRIMARY KEY (audience_id, team_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audience_team_team ON audience_team(team_id, audience_id);
CREATE VIEW sight (user_id, audience) AS
  SELECT m.user_id, t.audience_id FROM membership m JOIN audience_team t ON t.team_id = m.team_id
  WHERE m.deleted_at IS NULL
  UNION ALL SELECT id, 0 FROM app_user WHERE active = 1;
ALTER TABLE app_user ADD COLUMN signature TEXT NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN from_name TEXT NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN from_address TEXT NOT NULL DEFAULT '';
ALTER TABLE team ADD COLUMN zone TEXT NOT NULL DEFAULT 'Europe/Copenhagen';
ALTER TABLE team ADD COLUMN holidays TEXT NOT NULL DEFAULT '[]';
ALTER TABLE team ADD COLUMN holiday_calendar TEXT NOT NULL DEFAULT 'DK';
ALTER TABLE team ADD COLUMN accept_minutes INTEGER CHECK (accept_minutes IS NULL OR accept_minutes > 0);
ALTER TABLE team ADD COLUMN act_minutes INTEGER CHECK (act_minutes IS NULL OR act_minutes > 0);
ALTER TABLE team ADD COLUMN escalate_to TEXT NOT NULL DEFAULT '';
ALTER TABLE team ADD COLUMN takes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE contact ADD COLUMN team_id INTEGER REFERENCES team(id);
ALTER TABLE contact ADD COLUMN audience INTEGER NOT NULL DEFAULT 0;
DROP INDEX contact_name;
DROP INDEX contact_next_step;
DROP INDEX contact_last_contact;
DROP INDEX contact_no_step;
DROP INDEX contact_no_contact;
DROP INDEX contact_living;
CREATE INDEX contact_name ON contact(name_key, id, audience) WHERE deleted_at IS NULL;
CREATE INDEX contact_next_step ON contact(next_step_at, id, audience)
  WHERE deleted_at IS NULL AND next_step_at IS NOT NULL;
CREATE INDEX contact_last_contact ON contact(last_contact_at, id, audience)
  WHERE deleted_at IS NULL AND last_contact_at IS NOT NULL;
CREATE INDEX contact_no_step ON contact(name_key, id, audience) WHERE deleted_at IS NULL AND next_step_at IS NULL;
CREATE INDEX contact_no_contact ON contact(name_key, id, audience)
  WHERE deleted_at IS NULL AND last_contact_at IS NULL;
CREATE INDEX contact_living ON contact(id, name_key, audience) WHERE deleted_at IS NULL;
CREATE INDEX contact_audience ON contact(audience, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_team ON contact(team_id) WHERE team_id IS NOT NULL;
DROP INDEX contact_account;
CREATE INDEX contact_account ON contact(account_id, name_key, id, audience) WHERE deleted_at IS NULL;
CREATE INDEX account_newest ON account(id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX activity_deleted ON activity(contact_id) WHERE deleted_at IS NOT NULL;
CREATE INDEX task_deleted ON task(contact_id) WHERE deleted_at IS NOT NULL;
CREATE INDEX case_deleted ON sales_case(contact_id) WHERE deleted_at IS NOT NULL;
CREATE INDEX task_account_open ON task(account_id, sort_at, id) WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX activity_account_note ON activity(account_id, at, id) WHERE note <> '' AND deleted_at IS NULL;
UPDATE event SET account_id = (SELECT c.account_id FROM contact c WHERE c.id = event.contact_id)
  WHERE account_id IS NULL AND contact_id IS NOT NULL;
CREATE INDEX event_account ON event(account_id, at, id) WHERE shown = 1 AND account_id IS NOT NULL;
ALTER TABLE sales_case ADD COLUMN team_id INTEGER REFERENCES team(id);
ALTER TABLE sales_case ADD COLUMN audience INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sales_case ADD COLUMN next_step_at INTEGER;
ALTER TABLE sales_case ADD COLUMN next_step_day TEXT;
ALTER TABLE sales_case ADD COLUMN last_activity_at INTEGER;
CREATE INDEX case_no_step ON sales_case(opened_at, id, manager_id, audience)
  WHERE status = 'open' AND next_step_at IS NULL AND deleted_at IS NULL;
CREATE INDEX case_next_step ON sales_case(next_step_at, id, manager_id, audience)
  WHERE status = 'open' AND next_step_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX case_pipeline ON sales_case(path, milestone, audience, currency, value)
  WHERE status = 'open' AND deleted_at IS NULL;
CREATE INDEX case_lead ON sales_case(lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX case_team ON sales_case(team_id) WHERE team_id IS NOT NULL;
ALTER TABLE lead ADD COLUMN external_id TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN format TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN company TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN city TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN comments TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lead ADD COLUMN plans TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lead ADD COLUMN consents TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lead ADD COLUMN audience INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lead ADD COLUMN due_at INTEGER;
ALTER TABLE lead ADD COLUMN act_by_at INTEGER;
ALTER TABLE lead ADD COLUMN acted_at INTEGER;
ALTER TABLE lead ADD COLUMN accepted_at INTEGER;
ALTER TABLE lead ADD COLUMN accepted_by INTEGER REFERENCES app_user(id);
ALTER TABLE lead ADD COLUMN rejected_at INTEGER;
ALTER TABLE lead ADD COLUMN rejected_by INTEGER REFERENCES app_user(id);
ALTER TABLE lead ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN escalated_at INTEGER;
ALTER TABLE lead ADD COLUMN act_escalated_at INTEGER;
ALTER TABLE lead ADD COLUMN mailed_at INTEGER;
ALTER TABLE lead ADD COLUMN contact_id INTEGER REFERENCES contact(id);
ALTER TABLE lead ADD COLUMN account_id INTEGER REFERENCES account(id);
ALTER TABLE lead ADD COLUMN case_id INTEGER REFERENCES sales_case(id);
CREATE INDEX lead_status ON lead(status, due_at, id, audience) WHERE deleted_at IS NULL;
CREATE INDEX lead_received ON lead(received_at, id, status, audience) WHERE deleted_at IS NULL;
CREATE INDEX lead_case ON lead(case_id) WHERE case_id IS NOT NULL;
CREATE INDEX lead_contact ON lead(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX lead_account ON lead(account_id) WHERE account_id IS NOT NULL;
CREATE INDEX lead_team ON lead(team_id) WHERE team_id IS NOT NULL;
CREATE UNIQUE INDEX lead_digest ON lead(digest) WHERE digest <> '' AND deleted_at IS NULL;
CREATE INDEX lead_act_by ON lead(act_by_at, id) WHERE act_by_at IS NOT NULL AND acted_at IS NULL;
CREATE TABLE lead_file (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead(id),
  name TEXT NOT NULL CHECK (name <> ''), media_type TEXT NOT NULL, size INTEGER NOT NULL CHECK (size >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  origin TEXT NOT NULL DEFAULT 'file' CHECK (origin IN ('raw', 'file')),{RECORD}
) STRICT;
CREATE INDEX lead_file_lead ON lead_file(lead_id);
CREATE INDEX lead_file_sha256 ON lead_file(sha256);
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES app_user(id), place TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''), filter TEXT NOT NULL DEFAULT '', sort TEXT NOT NULL DEFAULT '',{RECORD}
) STRICT;
CREATE INDEX saved_view_user ON saved_view(user_id, place, id) WHERE deleted_at IS NULL;
CREATE TABLE template (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('email', 'letter', 'note')),
  path TEXT NOT NULL DEFAULT '', milestone TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',
  team_id INTEGER REFERENCES team(id), user_id INTEGER REFERENCES app_user(id),
  title TEXT NOT NULL CHECK (title <> ''), subject TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '',{RECORD}
) STRICT;
CREATE INDEX template_kind ON template(kind, path, milestone) WHERE deleted_at IS NULL;
CREATE INDEX template_team ON template(team_id) WHERE team_id IS NOT NULL;
CREATE INDEX template_user ON template(user_id) WHERE user_id IS NOT NULL;
CREATE TABLE company_setting (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL DEFAULT 'null',{RECORD}
) STRICT;
CREATE UNIQUE INDEX company_setting_key ON company_setting(key) WHERE deleted_at IS NULL;
CREATE TABLE seen (
  user_id INTEGER NOT NULL REFERENCES app_user(id), contact_id INTEGER NOT NULL REFERENCES contact(id),
  at INTEGER NOT NULL, PRIMARY KEY (user_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_latest ON seen(user_id, at);
CREATE INDEX seen_contact ON seen(contact_id);
CREATE VIRTUAL TABLE search_account USING fts5(words, {SEARCH});
CREATE VIRTUAL TABLE search_lead USING fts5(words, {SEARCH});
UPDATE sales_case SET
  (next_step_at, next_step_day) = (SELECT t.sort_at, t.day FROM task t WHERE t.case_id = sales_case.id
    AND t.status = 'open' AND t.deleted_at IS NULL ORDER BY t.sort_at, t.id LIMIT 1),
  last_activity_at = (SELECT a.at FROM activity a WHERE a.case_id = sales_case.id AND a.deleted_at IS NULL
    ORDER BY a.at DESC, a.id DESC LIMIT 1);
"""


def up(migrator: Any, db: Any) -> None:
    """Add the tables, columns and indexes, and index the accounts there are."""
    from easir_tui.data import search

    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
    found = db.execute_sql(
        "SELECT id, name, cvr, city, phone, email, website FROM account WHERE deleted_at IS NULL AND id <> 1"
    )
    many = (dict(zip(("id", *search.ACCOUNT_TEXT), one, strict=True)) for one in found.fetchall())
    search.put_plain_many("search_account", ((one["id"], search.account_words(one)) for one in many))
