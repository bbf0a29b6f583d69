-- Up to which entry of the log the tables that are derived from it stand: by_thread, by_client, by_party and the counters of
-- threads and parties. A commit appends to the log; they follow in one step, and a start takes up what they had not reached.
create table indexed (
    one integer primary key check (one = 1),
    log integer not null
) strict;

insert into indexed (one, log) select 1, coalesce(max(id), 0) from log;
