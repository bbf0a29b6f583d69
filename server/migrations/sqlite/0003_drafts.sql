-- What accounts have begun to write: one row per account and thread, gone with the account. An empty text says that the
-- draft was sent or removed. `version` numbers all changes of an account; the newest is never deleted.
create table drafts (
    account integer not null references accounts (key) on delete cascade,
    thread blob not null check (length(thread) = 16),
    version integer not null,
    device blob not null check (length(device) = 16),
    at integer not null,
    text text not null,
    primary key (account, thread)
) strict, without rowid;

create unique index drafts_by_version on drafts (account, version);
