//! Sessions and the chains of their refresh tokens. An ended session leaves nothing behind but a line in [`super::revocations`].

use prilavok_protocol::ids::{AccountId, SessionId};
use prilavok_protocol::rest::Session;
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{blob, id_of, time};
use super::{accounts, revocations};
use crate::store::accounts::{NewSession, Rotation, SecretHash, Why};
use crate::store::{Error, Result};

/// Never used: one that was given for the token that was used last.
const FRESH: i64 = 0;
/// Used last. It may be used again, for its reply may have got lost, until one of the fresh ones is.
const USED_LAST: i64 = 1;
/// Whoever presents it has stolen it, or it was stolen.
const SPENT: i64 = 2;

/// Opens a session; `NotFound` when the account is gone or closed.
pub(super) fn open(db: &Connection, new: &NewSession) -> Result<()> {
    let account: i64 = db
        .query_row(
            "select key from accounts where id = ?1 and is_disabled = 0 and is_removed = 0",
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
               where r.hash = ?1 and s.expires_at > ?2 and a.is_disabled = 0 and a.is_removed = 0";
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
        revocations::note(db, &[found.id], Why::SignedOut)?;
        return Ok(Rotation::Reused { session: found.id });
    }
    // The one used last comes again when a reply got lost, however many do: nobody has used what was given for it. Which
    // of those replies arrives is not known here, so each of them stays good until one is used.
    if found.state == FRESH {
        db.execute(
            "update refresh_tokens set state = ?2 where session = ?1 and state <> ?2",
            params![found.session, SPENT],
        )?;
        db.execute(
            "update refresh_tokens set state = ?2 where hash = ?1",
            params![used, USED_LAST],
        )?;
    }
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
    db.execute(sql, params![hash, session, FRESH])?;
    Ok(())
}

pub(super) fn is_open(db: &Connection, id: SessionId, at: Time) -> Result<bool> {
    let sql = "select 1 from sessions s join accounts a on a.key = s.account \
               where s.id = ?1 and s.expires_at > ?2 and a.is_disabled = 0 and a.is_removed = 0";
    Ok(db.prepare_cached(sql)?.exists(params![blob(&id.0), at.millis()])?)
}

/// When an open session expires; `None` when it is over.
pub(super) fn open_until(db: &Connection, id: SessionId) -> Result<Option<Time>> {
    let sql = "select s.expires_at from sessions s join accounts a on a.key = s.account \
               where s.id = ?1 and a.is_disabled = 0 and a.is_removed = 0";
    Ok(db
        .prepare_cached(sql)?
        .query_row([blob(&id.0)], |row| time(row, 0))
        .optional()?)
}

/// `SessionEnded` when whoever writes does so in a session that is over. Asked inside the writing transaction: what is
/// committed after a session's end does not come from it.
pub(super) fn must_be_open(db: &Connection, session: Option<SessionId>, at: Time) -> Result<()> {
    match session {
        Some(session) if !is_open(db, session, at)? => Err(Error::SessionEnded),
        _ => Ok(()),
    }
}

/// The same for writes that have no date: whether the session has expired is for the door, and for the next check.
pub(super) fn must_not_have_ended(db: &Connection, session: Option<SessionId>) -> Result<()> {
    must_be_open(db, session, Time::from_millis(0))
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
    if db.execute(sql, params![blob(&account.0), blob(&id.0)])? == 0 {
        return Err(Error::NotFound);
    }
    revocations::note(db, &[id], Why::SignedOut)
}

pub(super) fn end_all(db: &Connection, account: AccountId, why: Why) -> Result<Vec<SessionId>> {
    let sql = "delete from sessions where account = (select key from accounts where id = ?1) returning id";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([blob(&account.0)], |row| Ok(SessionId(id_of(row, 0)?)))?;
    let ended: Vec<SessionId> = rows.collect::<rusqlite::Result<_>>()?;
    revocations::note(db, &ended, why)?;
    Ok(ended)
}
