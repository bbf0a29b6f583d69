//! Sessions and the chains of their refresh tokens. An ended session leaves nothing behind.

use prilavok_protocol::ids::{AccountId, SessionId};
use prilavok_protocol::rest::Session;
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, params};

use super::accounts;
use super::rows::{blob, id_of, time};
use crate::store::accounts::{NewSession, Rotation, SecretHash};
use crate::store::{Error, Member, Result};

const NEWEST: i64 = 0;
const BEFORE_NEWEST: i64 = 1;
const SPENT: i64 = 2;

/// Opens a session; `NotFound` when the account is gone or closed.
pub(super) fn open(db: &Connection, new: &NewSession) -> Result<()> {
    let account: i64 = db
        .query_row(
            "select key from accounts where id = ?1 and is_disabled = 0",
            [blob(&new.account_id.0)],
            |row| row.get(0),
        )
        .optional()?
        .ok_or(Error::NotFound)?;
    db.execute("delete from sessions where expires_at <= ?1", [new.at.millis()])?;
    let sql = "insert into sessions (id, account, device_name, created_at, last_seen_at, expires_at) \
               values (?1, ?2, ?3, ?4, ?4, ?5)";
    let values = params![
        blob(&new.id.0),
        account,
        new.device_name,
        new.at.millis(),
        new.expires_at.millis()
    ];
    db.execute(sql, values)?;
    insert_token(db, db.last_insert_rowid(), new.refresh_hash)
}

/// A refresh token as it is found.
struct Found {
    session: i64,
    id: SessionId,
    account: i64,
    state: i64,
}

/// Exchanges a refresh token.
pub(super) fn rotate(
    db: &Connection,
    used: SecretHash,
    new: SecretHash,
    at: Time,
    expires_at: Time,
) -> Result<Rotation> {
    let sql = "select s.key, s.id, s.account, r.state from refresh_tokens r \
               join sessions s on s.key = r.session join accounts a on a.key = s.account \
               where r.hash = ?1 and s.expires_at > ?2 and a.is_disabled = 0";
    let found = db
        .query_row(sql, params![used, at.millis()], |row| {
            Ok(Found {
                session: row.get(0)?,
                id: SessionId(id_of(row, 1)?),
                account: row.get(2)?,
                state: row.get(3)?,
            })
        })
        .optional()?;
    let Some(found) = found else {
        return Ok(Rotation::Refused);
    };
    if found.state == SPENT {
        db.execute("delete from sessions where key = ?1", [found.session])?;
        return Ok(Rotation::Reused { session: found.id });
    }
    // Presenting the one before the newest means that a reply was lost: the newest, never used, is spent instead.
    let state = if found.state == NEWEST { BEFORE_NEWEST } else { SPENT };
    db.execute(
        "update refresh_tokens set state = ?2 where session = ?1 and state <> ?2",
        params![found.session, SPENT],
    )?;
    db.execute(
        "update refresh_tokens set state = ?2 where hash = ?1",
        params![used, state],
    )?;
    insert_token(db, found.session, new)?;
    let sql = "update sessions set last_seen_at = ?2, expires_at = ?3 where key = ?1";
    db.execute(sql, params![found.session, at.millis(), expires_at.millis()])?;
    Ok(Rotation::Rotated {
        session: found.id,
        account: accounts::by_key(db, found.account)?,
    })
}

fn insert_token(db: &Connection, session: i64, hash: SecretHash) -> Result<()> {
    let sql = "insert into refresh_tokens (hash, session, state) values (?1, ?2, ?3)";
    db.execute(sql, params![hash, session, NEWEST])?;
    Ok(())
}

pub(super) fn is_open(db: &Connection, id: SessionId, at: Time) -> Result<bool> {
    let sql = "select 1 from sessions s join accounts a on a.key = s.account \
               where s.id = ?1 and s.expires_at > ?2 and a.is_disabled = 0";
    Ok(db.prepare_cached(sql)?.exists(params![blob(&id.0), at.millis()])?)
}

/// `SessionEnded` when whoever writes does so in a session that is over. Asked inside the writing transaction: what is
/// committed after a session's end does not come from it.
pub(super) fn must_be_open(db: &Connection, member: &Member, at: Time) -> Result<()> {
    match member.session() {
        Some(session) if !is_open(db, session, at)? => Err(Error::SessionEnded),
        _ => Ok(()),
    }
}

pub(super) fn of_account(db: &Connection, account: AccountId, at: Time) -> Result<Vec<Session>> {
    let sql = "select s.id, s.device_name, s.created_at, s.last_seen_at from sessions s \
               join accounts a on a.key = s.account where a.id = ?1 and s.expires_at > ?2 \
               order by s.last_seen_at desc, s.key desc";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map(params![blob(&account.0), at.millis()], |row| {
        Ok(Session {
            id: SessionId(id_of(row, 0)?),
            device_name: row.get(1)?,
            created_at: time(row, 2)?,
            last_seen_at: time(row, 3)?,
            is_current: false,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// `NotFound` when it is not theirs.
pub(super) fn end(db: &Connection, account: AccountId, id: SessionId) -> Result<()> {
    let sql = "delete from sessions where id = ?2 and account = (select key from accounts where id = ?1)";
    let ended = db.execute(sql, params![blob(&account.0), blob(&id.0)])?;
    if ended == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub(super) fn end_all(db: &Connection, account: AccountId) -> Result<Vec<SessionId>> {
    let sql = "delete from sessions where account = (select key from accounts where id = ?1) returning id";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([blob(&account.0)], |row| Ok(SessionId(id_of(row, 0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
