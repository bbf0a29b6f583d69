-- The first schema. Ids are 16-byte blobs, times are milliseconds since 1970, roles are 0 buyer and 1 seller.
-- `log` is the truth, in commit order; by_thread, by_client and by_party are narrow indexes that point into it.
-- The tables that a message touches carry no foreign keys: only the writer fills them, and `doctor` recounts them.

pragma application_id = 1347570774;

create table meta (
    name text primary key,
    value blob not null
) strict, without rowid;

create table parties (
    key integer primary key,
    role integer not null check (role in (0, 1)),
    id blob not null check (length(id) = 16),
    head integer not null default 0,
    applied integer not null default 0,
    unique (role, id)
) strict;

create table buyers (
    key integer primary key references parties (key),
    name text not null,
    avatar_url text,
    created_at integer not null,
    updated_at integer not null
) strict;

create table sellers (
    key integer primary key references parties (key),
    name text not null,
    name_folded text not null,
    avatar_url text,
    description text,
    rating real,
    replies_in integer,
    created_at integer not null,
    updated_at integer not null
) strict;

create index sellers_by_name on sellers (name_folded);

create table products (
    key integer primary key,
    id blob not null unique check (length(id) = 16),
    seller integer not null references sellers (key),
    title text not null,
    title_folded text not null,
    description text not null default '',
    price real not null,
    volume real,
    delivery_possible integer not null default 0,
    pickup_location text,
    wood_type_id blob,
    image_url text,
    currency text not null default 'RUB',
    in_stock integer not null default 1,
    created_at integer not null,
    updated_at integer not null
) strict;

create index products_by_created on products (created_at);
create index products_by_price on products (price);
create index products_by_title on products (title_folded);
create index products_by_seller on products (seller);

create virtual table product_words using fts5 (
    words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);

create table accounts (
    key integer primary key,
    id blob not null unique check (length(id) = 16),
    email text not null unique,
    password_hash text not null,
    name text not null,
    party integer not null references parties (key),
    is_disabled integer not null default 0,
    created_at integer not null
) strict;

create index accounts_by_party on accounts (party);

create table sessions (
    key integer primary key,
    id blob not null unique check (length(id) = 16),
    account integer not null references accounts (key) on delete cascade,
    device_name text,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null
) strict;

create index sessions_by_account on sessions (account);
create index sessions_by_expiry on sessions (expires_at);

-- state: 0 the newest, 1 the one before it (forgiven once), 2 spent
create table refresh_tokens (
    hash blob primary key check (length(hash) = 32),
    session integer not null references sessions (key) on delete cascade,
    state integer not null check (state in (0, 1, 2))
) strict, without rowid;

create index refresh_tokens_by_session on refresh_tokens (session);

create table invitations (
    secret blob primary key check (length(secret) = 32),
    seller integer not null references sellers (key),
    expires_at integer not null
) strict, without rowid;

create table threads (
    key integer primary key,
    id blob not null unique check (length(id) = 16),
    buyer integer not null,
    seller integer not null,
    product_id blob,
    created_at integer not null,
    head_seq integer not null default 0,
    buyer_read_seq integer not null default 0,
    seller_read_seq integer not null default 0,
    buyer_delivered_seq integer not null default 0,
    seller_delivered_seq integer not null default 0,
    last_log integer not null default 0,
    activity integer not null,
    buyer_has_unread integer not null generated always as (head_seq > buyer_read_seq) virtual,
    seller_has_unread integer not null generated always as (head_seq > seller_read_seq) virtual,
    unique (buyer, seller)
) strict;

create index threads_of_buyer on threads (buyer, buyer_has_unread, activity);
create index threads_of_seller on threads (seller, seller_has_unread, activity);

-- kind: 0 message, 1 read, 2 delivered, 3 thread started; side: who sent, read or received
create table log (
    id integer primary key,
    kind integer not null,
    thread integer not null,
    side integer not null,
    seq integer not null,
    at integer not null,
    client_id blob,
    product_id blob,
    text text
) strict;

create table by_thread (
    thread integer not null,
    seq integer not null,
    log integer not null,
    primary key (thread, seq)
) strict, without rowid;

create table by_client (
    thread integer not null,
    client_id blob not null,
    log integer not null,
    primary key (thread, client_id)
) strict, without rowid;

create table by_party (
    party integer not null,
    pos integer not null,
    log integer not null,
    primary key (party, pos)
) strict, without rowid;
