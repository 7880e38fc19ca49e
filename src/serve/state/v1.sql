-- Links of units. The token itself is nowhere: only its SHA-256.
CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created TEXT NOT NULL,
    revoked TEXT
) STRICT;
CREATE UNIQUE INDEX one_link_a_unit ON links (unit) WHERE revoked IS NULL;

-- A receipt: what a unit submitted at once.
CREATE TABLE submissions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    unit TEXT NOT NULL,
    time TEXT NOT NULL,
    verdict TEXT NOT NULL,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL
) STRICT;
CREATE INDEX submissions_of_a_unit ON submissions (unit, number);

-- The workbooks of a submission. A new one waits in the inbox under `waiting_path`, which no run
-- reads, and gets its name `stored_path` once its row is here; both are relative to the campaign.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    sent_name TEXT NOT NULL,
    waiting_path TEXT UNIQUE,
    stored_path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    saved_at TEXT,
    round INTEGER NOT NULL,
    -- Ids of the forms in it, a JSON list.
    forms TEXT NOT NULL
) STRICT;
CREATE INDEX files_of_a_submission ON files (submission);

-- What happened, in order. Rows are only ever added.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT,
    detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are only added'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are only added'); END;
