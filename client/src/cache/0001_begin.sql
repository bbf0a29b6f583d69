create table cursor (
    only integer primary key check (only = 1),
    epoch text not null,
    pos integer not null
) strict;

-- `body` is the summary as JSON, with this device's own read mark applied.
create table thread (
    id text primary key,
    body text not null,
    counterpart text not null,
    unread integer not null default 0,
    waiting_ms integer
) strict, without rowid;

create index thread_counterpart on thread (counterpart);

create table message (
    thread_id text not null,
    id text not null,
    seq integer not null,
    message text not null,
    sender text not null,
    created_ms integer not null,
    product_id text,
    primary key (thread_id, id),
    unique (thread_id, seq)
) strict;

create table outbox (
    place integer primary key autoincrement,
    thread_id text not null,
    id text not null unique,
    message text not null,
    product_id text,
    created_ms integer not null,
    stage text not null default 'queued',
    reason text not null default '',
    is_uncertain integer not null default 0
) strict;

create table draft (
    thread_id text primary key,
    message text not null
) strict, without rowid;

-- Own read marks that the server has not confirmed.
create table read_mark (
    thread_id text primary key,
    up_to integer not null
) strict, without rowid;

-- Shops, buyers and products that this device has seen.
create table seen (
    kind text not null,
    id text not null,
    body text not null,
    primary key (kind, id)
) strict, without rowid;
