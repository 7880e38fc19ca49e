-- What was open in a submission: errors and warnings by form, sheet, cell and rule, a JSON list; null
-- where that was not kept.
ALTER TABLE submissions ADD COLUMN open_findings TEXT;
