-- Whose file this is: that of another account would be resumed as one's own.
create table owner (
    only integer primary key check (only = 1),
    account text not null
) strict;

-- Kept from a history that the server has left; it has yet to say whether it still knows the message.
alter table message add column is_doubtful integer not null default 0;
