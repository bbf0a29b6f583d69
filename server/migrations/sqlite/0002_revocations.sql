-- Agents leave a shop, and whatever ends a session is written down for every process that serves this file.

-- Somebody who left the shop keeps the row, so that signing in can say why not.
alter table accounts add column is_removed integer not null default 0;

-- Who issued it: an invitation goes with the agent. Without one it goes with any agent of the shop.
alter table invitations add column account integer references accounts (key) on delete cascade;

-- why: 0 signed out, 1 account closed, 2 left the shop. Only the newest rows are kept; the newest one always is.
create table revocations (
    key integer primary key,
    session blob not null check (length(session) = 16),
    why integer not null check (why in (0, 1, 2))
) strict;
