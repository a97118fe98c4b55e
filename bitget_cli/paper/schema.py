"""The tables of the paper exchange's file, as the steps that lead to them."""

from __future__ import annotations

# Each step brings the file from one schema version to the next; `user_version` counts the steps done.
STEPS = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE opening (coin TEXT PRIMARY KEY, amount TEXT NOT NULL) WITHOUT ROWID;",
    # The trading floor: what it remembers as JSON beside what it is looked up by, and money by pot.
    "CREATE TABLE records (kind TEXT NOT NULL, id INTEGER NOT NULL, live INTEGER NOT NULL, product TEXT NOT NULL,"
    " symbol TEXT NOT NULL, client_oid TEXT NOT NULL, parent INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (kind, id)) WITHOUT ROWID;"
    "CREATE INDEX records_live ON records (kind) WHERE live;"
    "CREATE INDEX records_named ON records (client_oid) WHERE client_oid <> '';"
    "CREATE INDEX records_of_parent ON records (parent) WHERE parent <> 0;"
    "CREATE TABLE pots (name TEXT NOT NULL, coin TEXT NOT NULL, available TEXT NOT NULL, frozen TEXT NOT NULL,"
    " PRIMARY KEY (name, coin)) WITHOUT ROWID;"
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE faults (id INTEGER PRIMARY KEY, fault TEXT NOT NULL, path TEXT NOT NULL, left INTEGER NOT NULL,"
    " amount INTEGER NOT NULL);"
    "CREATE TABLE late (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,"
    " body BLOB NOT NULL)",
    # What private streams tell of. Unlike plain row ids, these are never given twice, not even after a reset.
    "CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, kind TEXT NOT NULL,"
    " product TEXT NOT NULL, body TEXT NOT NULL)",
    # Opening balances of any account. Where something has happened under settings nobody ever wrote down, they were
    # those that every exchange began with then.
    "CREATE TABLE openings (account TEXT NOT NULL, coin TEXT NOT NULL, amount TEXT NOT NULL,"
    " PRIMARY KEY (account, coin)) WITHOUT ROWID;"
    "INSERT INTO openings SELECT 'spot', coin, amount FROM opening;"
    "DROP TABLE opening;"
    "ALTER TABLE openings RENAME TO opening;"
    "INSERT INTO opening SELECT 'spot', column1, column2 FROM"
    " (VALUES ('USDT', '100000'), ('USDC', '10000'), ('BTC', '1'))"
    " WHERE EXISTS (SELECT 1 FROM settings) AND NOT EXISTS (SELECT 1 FROM meta);"
    "INSERT INTO meta SELECT column1, column2 FROM"
    " (VALUES ('seed', '1'), ('clock_paper', '0'), ('clock_wall', '0'), ('clock_speed', '1'))"
    " WHERE EXISTS (SELECT 1 FROM settings) AND NOT EXISTS (SELECT 1 FROM meta)",
)
# What a reset empties.
HAPPENED = ("records", "pots", "settings", "faults", "late", "events")
