-- A draft is shared by the account's devices. What was here before has yet to be told to the server.
alter table draft add column caret integer not null default 0;
alter table draft add column base integer not null default 0;
alter table draft add column filled integer not null default 0;
alter table draft add column is_dirty integer not null default 1;
alter table draft add column other text;
alter table draft add column other_version integer not null default 0;

-- How far this device knows the account's drafts, in which history of the server.
create table draft_cursor (
    only integer primary key check (only = 1),
    epoch text not null,
    version integer not null
) strict;
