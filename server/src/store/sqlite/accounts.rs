//! Accounts and invitations.

use prilavok_protocol::ids::{AccountId, BuyerId, Party, Role, SellerId, SessionId};
use prilavok_protocol::rest::Account;
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::catalogue::{NewFace, introduce};
use super::rows::{blob, id_of, role};
use super::threads::key_of;
use super::{drafts, sessions};
use crate::store::accounts::{AccountRecord, NewAccount, NewParty, SecretHash, Standing, Why};
use crate::store::{Error, Result};

const COLUMNS: &str = "a.id, p.role, a.name, p.id, a.password_hash, a.is_disabled, a.is_removed, a.email";
const TABLES: &str = "accounts a join parties p on p.key = a.party";

/// Makes an account, and its party where that is new.
pub(super) fn create(db: &Connection, new: &NewAccount) -> Result<AccountRecord> {
    let before = by_email(db, &new.email)?;
    if before
        .as_ref()
        .is_some_and(|record| record.standing != Standing::Removed)
    {
        return Err(Error::EmailTaken);
    }
    let face = NewFace {
        name: &new.name,
        at: new.at,
    };
    let party = match new.party {
        NewParty::Buyer(id) => {
            let party = introduce(db, Party::buyer(id), face)?;
            // A buyer is one person; a shop may have many agents.
            if db
                .prepare_cached("select 1 from accounts where party = ?1")?
                .exists([party])?
            {
                return Err(Error::Conflict);
            }
            party
        }
        NewParty::Seller(id) => introduce(db, Party::seller(id), face)?,
        NewParty::Invited(secret) => accept(db, secret, new.at)?,
    };
    if let Some(before) = before {
        db.execute("delete from accounts where id = ?1", [blob(&before.account.id.0)])?;
    }
    let sql =
        "insert into accounts (id, email, password_hash, name, party, created_at) values (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![
        blob(&new.id.0),
        new.email,
        new.password_hash,
        new.name,
        party,
        new.at.millis()
    ];
    db.execute(sql, values)?;
    by_id(db, new.id)?.ok_or_else(|| Error::Internal("a new account is missing".into()))
}

/// Uses up an invitation and yields its shop.
fn accept(db: &Connection, secret: SecretHash, at: Time) -> Result<i64> {
    let sql = "delete from invitations where secret = ?1 and expires_at > ?2 returning seller";
    db.query_row(sql, params![secret, at.millis()], |row| row.get(0))
        .optional()?
        .ok_or(Error::NotFound)
}

/// Stores an invitation to the shop of this agent.
pub(super) fn invite(db: &Connection, by: AccountId, secret: SecretHash, expires_at: Time) -> Result<()> {
    let sql = "insert into invitations (secret, seller, account, expires_at) \
               select ?2, s.key, a.key, ?3 from accounts a join sellers s on s.key = a.party \
               where a.id = ?1 and a.is_disabled = 0 and a.is_removed = 0";
    let stored = db.execute(sql, params![blob(&by.0), secret, expires_at.millis()])?;
    if stored == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Who works in a shop, the oldest account first.
pub(super) fn agents(db: &Connection, seller: SellerId) -> Result<Vec<Account>> {
    let Some(shop) = key_of(db, Party::seller(seller))? else {
        return Ok(Vec::new());
    };
    let sql = format!("select {COLUMNS} from {TABLES} where a.party = ?1 and a.is_removed = 0 order by a.key");
    let mut query = db.prepare_cached(&sql)?;
    let rows = query.query_map([shop], |row| Ok(read(row)?.account))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes an agent out of the shop of another, or out of their own.
pub(super) fn remove(db: &Connection, by: AccountId, id: AccountId) -> Result<Vec<SessionId>> {
    let sql = "update accounts set is_removed = 1 where id = ?2 and is_removed = 0 \
               and party = (select a.party from accounts a join sellers s on s.key = a.party \
                            where a.id = ?1 and a.is_removed = 0)";
    if db.execute(sql, params![blob(&by.0), blob(&id.0)])? == 0 {
        return Err(Error::NotFound);
    }
    take_back_invitations(db, id)?;
    drafts::erase(db, id)?;
    sessions::end_all(db, id, Why::Removed)
}

/// Or else they would come back by their own invitation.
fn take_back_invitations(db: &Connection, id: AccountId) -> Result<()> {
    let sql = "delete from invitations where account = (select key from accounts where id = ?1) \
               or account is null and seller = (select party from accounts where id = ?1)";
    db.execute(sql, [blob(&id.0)])?;
    Ok(())
}

pub(super) fn by_email(db: &Connection, email: &str) -> Result<Option<AccountRecord>> {
    let sql = format!("select {COLUMNS} from {TABLES} where a.email = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([email], read).optional()?)
}

pub(super) fn by_id(db: &Connection, id: AccountId) -> Result<Option<AccountRecord>> {
    let sql = format!("select {COLUMNS} from {TABLES} where a.id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([blob(&id.0)], read).optional()?)
}

pub(super) fn by_key(db: &Connection, key: i64) -> Result<AccountRecord> {
    let sql = format!("select {COLUMNS} from {TABLES} where a.key = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([key], read)?)
}

pub(super) fn all(db: &Connection) -> Result<Vec<(AccountRecord, String)>> {
    let sql = format!("select {COLUMNS} from {TABLES} order by a.email");
    let mut query = db.prepare_cached(&sql)?;
    let rows = query.query_map([], |row| Ok((read(row)?, row.get(7)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn set_password(db: &Connection, id: AccountId, password_hash: &str) -> Result<()> {
    let changed = db.execute(
        "update accounts set password_hash = ?2 where id = ?1",
        params![blob(&id.0), password_hash],
    )?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Closing ends the sessions, which are returned, and takes the invitations back.
pub(super) fn set_disabled(db: &Connection, id: AccountId, is_disabled: bool) -> Result<Vec<SessionId>> {
    let changed = db.execute(
        "update accounts set is_disabled = ?2 where id = ?1",
        params![blob(&id.0), is_disabled],
    )?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    if is_disabled {
        take_back_invitations(db, id)?;
        sessions::end_all(db, id, Why::Closed)
    } else {
        Ok(Vec::new())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<AccountRecord> {
    let role = role(row, 1)?;
    let party = id_of(row, 3)?;
    Ok(AccountRecord {
        account: Account {
            id: AccountId(id_of(row, 0)?),
            role,
            name: row.get(2)?,
            buyer_id: (role == Role::Buyer).then_some(BuyerId(party)),
            seller_id: (role == Role::Seller).then_some(SellerId(party)),
        },
        password_hash: row.get(4)?,
        standing: match (row.get(5)?, row.get(6)?) {
            (_, true) => Standing::Removed,
            (true, false) => Standing::Closed,
            (false, false) => Standing::Open,
        },
    })
}
