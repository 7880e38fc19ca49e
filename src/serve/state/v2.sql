-- People of the office. Of a password only what argon2id makes of it and its salt is kept.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    -- As it is typed, in lower case.
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    -- Was the password given by somebody else, and is to be changed?
    given INTEGER NOT NULL,
    created TEXT NOT NULL,
    disabled TEXT
) STRICT;

-- Who is signed in. The secret of the cookie is nowhere: only its SHA-256. Seconds since 1970.
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    begun INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The account that did it; none for units, for programs and before there were accounts.
ALTER TABLE events ADD COLUMN actor TEXT;

-- More time than the campaign gives, for one unit.
CREATE TABLE extensions (
    unit TEXT PRIMARY KEY,
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the office says to a unit (`return`, `message`) or keeps for itself (`note`). A return is of
-- the workbooks whose hashes it names, a JSON list, and is over when another one counts.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL,
    time TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL
) STRICT;
CREATE INDEX notes_of_a_unit ON notes (unit, id);

-- When a closed period was opened again; it is open until it is closed once more.
CREATE TABLE reopened (
    period TEXT PRIMARY KEY,
    time TEXT NOT NULL
) STRICT, WITHOUT ROWID;
