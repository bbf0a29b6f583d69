//! Drafts of accounts, in a table of their own beside the log.

use prilavok_protocol::draft::Draft;
use prilavok_protocol::ids::{AccountId, DeviceId, DraftVersion, ThreadId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{blob, count, id_of, int, time};
use super::sessions;
use crate::store::drafts::{Kept, NewDraft};
use crate::store::{Error, Member, Result};

/// Removed drafts that are remembered for devices which have not heard of it. Whoever comes after that shows the old
/// text once more, and loses nothing.
const REMOVED: i64 = 1_000;

const COLUMNS: &str = "thread, version, device, at, text";

/// Sets a draft, unless another device was faster.
pub(super) fn set(db: &Connection, member: &Member, new: &NewDraft) -> Result<Kept> {
    sessions::must_be_open(db, member.session(), new.at)?;
    let account = key_of(db, new.account)?.ok_or(Error::NotFound)?;
    let thread = member.thread_id();
    let found = find(db, account, thread)?;
    let version = found.as_ref().map_or(DraftVersion(0), |draft| draft.version);
    if let Some(draft) = found.as_ref().filter(|draft| is_repeat(draft, new)) {
        return Ok(kept(draft.clone(), true));
    }
    if version != new.base {
        return Ok(kept(found.unwrap_or_else(|| none(thread, new)), false));
    }
    if found.is_none() && new.text.is_empty() {
        return Ok(kept(none(thread, new), true));
    }
    let is_one_more = !new.text.is_empty() && found.is_none_or(|draft| draft.message.is_empty());
    if is_one_more && held(db, account)? >= new.most {
        return Err(Error::Conflict);
    }
    let draft = Draft {
        thread_id: thread,
        version: newest(db, account)?.next(),
        device: new.device,
        at: new.at,
        message: new.text.clone(),
    };
    put(db, account, &draft)?;
    if draft.message.is_empty() {
        forget_old(db, account)?;
    }
    Ok(Kept {
        draft,
        is_kept: true,
        is_new: true,
    })
}

/// The answer to it was lost, and the device asks again.
fn is_repeat(draft: &Draft, new: &NewDraft) -> bool {
    draft.device == new.device && draft.message == new.text && draft.version > new.base
}

fn kept(draft: Draft, is_kept: bool) -> Kept {
    Kept {
        draft,
        is_kept,
        is_new: false,
    }
}

/// A draft that was never written.
fn none(thread_id: ThreadId, new: &NewDraft) -> Draft {
    Draft {
        thread_id,
        version: DraftVersion(0),
        device: new.device,
        at: new.at,
        message: String::new(),
    }
}

fn put(db: &Connection, account: i64, draft: &Draft) -> Result<()> {
    let sql = "insert into drafts (account, thread, version, device, at, text) values (?1, ?2, ?3, ?4, ?5, ?6) \
               on conflict (account, thread) do update set version = excluded.version, device = excluded.device, \
               at = excluded.at, text = excluded.text";
    let values = params![
        account,
        blob(&draft.thread_id.0),
        int(draft.version.0),
        blob(&draft.device.0),
        draft.at.millis(),
        draft.message
    ];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// The oldest removals go; the newest change is among them only when nothing else would be left, and then it stays.
fn forget_old(db: &Connection, account: i64) -> Result<()> {
    let sql = "delete from drafts where account = ?1 and text = '' and version <= (select version from drafts \
               where account = ?1 and text = '' order by version desc limit 1 offset ?2)";
    db.prepare_cached(sql)?.execute(params![account, REMOVED])?;
    Ok(())
}

/// What changed after a version.
pub(super) fn after(db: &Connection, account: AccountId, after: DraftVersion, limit: u32) -> Result<Vec<Draft>> {
    let Some(account) = key_of(db, account)? else {
        return Ok(Vec::new());
    };
    let sql = format!("select {COLUMNS} from drafts where account = ?1 and version > ?2 order by version limit ?3");
    let mut query = db.prepare_cached(&sql)?;
    let rows = query.query_map(params![account, int(after.0), limit], draft)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How far an account's changes have come.
pub(super) fn version(db: &Connection, account: AccountId) -> Result<Option<DraftVersion>> {
    key_of(db, account)?.map(|account| newest(db, account)).transpose()
}

/// Somebody left the shop for good: what they had begun to write is nobody's.
pub(super) fn erase(db: &Connection, account: AccountId) -> Result<()> {
    let sql = "delete from drafts where account = (select key from accounts where id = ?1)";
    db.execute(sql, [blob(&account.0)])?;
    Ok(())
}

fn find(db: &Connection, account: i64, thread: ThreadId) -> Result<Option<Draft>> {
    let sql = format!("select {COLUMNS} from drafts where account = ?1 and thread = ?2");
    Ok(db
        .prepare_cached(&sql)?
        .query_row(params![account, blob(&thread.0)], draft)
        .optional()?)
}

fn newest(db: &Connection, account: i64) -> Result<DraftVersion> {
    let sql = "select coalesce(max(version), 0) from drafts where account = ?1";
    Ok(DraftVersion(
        db.prepare_cached(sql)?.query_row([account], |row| count(row, 0))?,
    ))
}

fn held(db: &Connection, account: i64) -> Result<u32> {
    let sql = "select count(*) from drafts where account = ?1 and text <> ''";
    Ok(db.prepare_cached(sql)?.query_row([account], |row| row.get(0))?)
}

fn key_of(db: &Connection, account: AccountId) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached("select key from accounts where id = ?1")?
        .query_row([blob(&account.0)], |row| row.get(0))
        .optional()?)
}

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        thread_id: ThreadId(id_of(row, 0)?),
        version: DraftVersion(count(row, 1)?),
        device: DeviceId(id_of(row, 2)?),
        at: time(row, 3)?,
        message: row.get(4)?,
    })
}
