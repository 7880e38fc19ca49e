-- Mails to units: a row for every unit that a sending is about, written before anything is sent.
-- `state` is `waiting`, `sending` (begun, and not known to have ended), `sent`, `failed` or
-- `no-address`; `digest` is the SHA-256 of the address, the subject and the text, so that the same
-- letter is not sent twice.
CREATE TABLE mails (
    id INTEGER PRIMARY KEY,
    sending INTEGER NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    address TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    time TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX mails_of_a_sending ON mails (sending);
CREATE INDEX mails_by_digest ON mails (digest);

-- How many versions of a period's figures had been replaced when it was opened again; null where that
-- was not kept. One that was closed once more has replaced another one.
ALTER TABLE reopened ADD COLUMN replaced INTEGER;
