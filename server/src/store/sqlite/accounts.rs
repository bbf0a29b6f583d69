//! Accounts and invitations.

use prilavok_protocol::ids::{AccountId, BuyerId, Party, Role, SellerId, SessionId};
use prilavok_protocol::rest::Account;
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::catalogue::{NewFace, introduce};
use super::rows::{blob, id_of, role};
use super::sessions;
use super::threads::key_of;
use crate::store::accounts::{AccountRecord, NewAccount, NewParty, SecretHash};
use crate::store::{Error, Result};

const COLUMNS: &str = "a.id, p.role, a.name, p.id, a.password_hash, a.is_disabled, a.email";
const TABLES: &str = "accounts a join parties p on p.key = a.party";

/// Makes an account, and its party where that is new.
pub(super) fn create(db: &Connection, new: &NewAccount) -> Result<AccountRecord> {
    if by_email(db, &new.email)?.is_some() {
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

/// Stores an invitation.
pub(super) fn invite(db: &Connection, seller: SellerId, secret: SecretHash, expires_at: Time) -> Result<()> {
    let seller = key_of(db, Party::seller(seller))?.ok_or(Error::NotFound)?;
    let sql = "insert into invitations (secret, seller, expires_at) values (?1, ?2, ?3)";
    db.execute(sql, params![secret, seller, expires_at.millis()])?;
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
    let rows = query.query_map([], |row| Ok((read(row)?, row.get(6)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn set_password(db: &Connection, id: AccountId, password_hash: &str) -> Result<()> {
    let changed = db.execute(
        "update accounts set password_hash = ?2 where id = ?1",
        params![blob(&id.0), password_hash],
    )?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Closing ends the sessions and returns them.
pub(super) fn set_disabled(db: &Connection, id: AccountId, is_disabled: bool) -> Result<Vec<SessionId>> {
    let changed = db.execute(
        "update accounts set is_disabled = ?2 where id = ?1",
        params![blob(&id.0), is_disabled],
    )?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    if is_disabled {
        sessions::end_all(db, id)
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
        is_disabled: row.get(5)?,
    })
}
