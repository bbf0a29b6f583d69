//! The drafts' rows, and how far this device knows the account's drafts.

use prilavok_protocol::draft::Draft;
use prilavok_protocol::ids::{DeviceId, DraftVersion, Epoch, ThreadId};
use rusqlite::{OptionalExtension, Row, Transaction};

use super::{Cache, id, number, threads};
use crate::drafts::{self, DraftChoice, Local, Other};
use crate::error::Error;
use crate::update::{ThreadItem, Unsent};

/// What stands in a field, and which filling of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub text: String,
    pub caret: u32,
    pub filled: u64,
}

/// What is to be set on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub thread: ThreadId,
    pub base: DraftVersion,
    pub text: String,
}

/// News of the server.
#[derive(Debug, Clone)]
pub(crate) struct News {
    /// This device, whose own words are no news.
    pub me: DeviceId,
    pub drafts: Vec<Draft>,
    /// How far they bring the device.
    pub version: DraftVersion,
    /// What the person has in front of them.
    pub looked_at: Option<ThreadId>,
}

/// The server's answer to what was set.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub me: DeviceId,
    pub set: String,
    pub draft: Draft,
    pub is_kept: bool,
}

impl Cache {
    /// What stands in the field. Empty: nothing.
    pub(crate) async fn write_draft(&self, thread: ThreadId, field: Field) -> Result<Option<ThreadItem>, Error> {
        self.change_draft(thread, move |local| {
            drafts::typed(local, &field.text, field.caret, field.filled)
        })
        .await
    }

    /// The person has decided about the text of another device.
    pub(crate) async fn choose_draft(
        &self,
        thread: ThreadId,
        choice: DraftChoice,
    ) -> Result<Option<ThreadItem>, Error> {
        self.change_draft(thread, move |local| drafts::chosen(local, choice))
            .await
    }

    async fn change_draft(
        &self,
        thread: ThreadId,
        change: impl FnOnce(&Local) -> Local + Send + 'static,
    ) -> Result<Option<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let before = of(tx, thread)?;
            let after = change(&before);
            if after == before {
                return Ok(None);
            }
            put(tx, thread, &after)?;
            threads::item(tx, me, thread)
        })
        .await
    }

    /// What stood in the field.
    pub(crate) async fn draft(&self, thread: ThreadId) -> Result<Option<String>, Error> {
        let local = self.run(move |tx| of(tx, thread)).await?;
        Ok(Some(local.text).filter(|text| !text.is_empty()))
    }

    /// How far this device knows the account's drafts. In another history of the server it starts over.
    pub(crate) async fn draft_cursor(&self, epoch: Epoch) -> Result<DraftVersion, Error> {
        self.run(move |tx| {
            if let Some((_, version)) = cursor(tx)?.filter(|(known, _)| *known == epoch) {
                return Ok(version);
            }
            for (thread, local) in those(tx, "")? {
                put(tx, thread, &drafts::started_over(&local))?;
            }
            set_cursor(tx, epoch, DraftVersion(0))?;
            Ok(DraftVersion(0))
        })
        .await
    }

    /// Takes in what changed on the server. Answers the threads that look different now.
    pub(crate) async fn heard_drafts(&self, news: News) -> Result<Vec<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let mut items = Vec::new();
            for draft in &news.drafts {
                let thread = draft.thread_id;
                let before = of(tx, thread)?;
                let after = drafts::heard(&before, news.me, draft, news.looked_at == Some(thread));
                put(tx, thread, &after)?;
                if (&before.text, &before.other) != (&after.text, &after.other) {
                    items.extend(threads::item(tx, me, thread)?);
                }
            }
            if let Some((epoch, known)) = cursor(tx)? {
                set_cursor(tx, epoch, known.max(news.version))?;
            }
            Ok(items)
        })
        .await
    }

    /// Takes in the server's answer. Answers the thread when it looks different now, and how far this device knows the
    /// account's drafts.
    pub(crate) async fn answered_draft(&self, answer: Answer) -> Result<(Option<ThreadItem>, DraftVersion), Error> {
        let me = self.role;
        self.run(move |tx| {
            let thread = answer.draft.thread_id;
            let before = of(tx, thread)?;
            let after = drafts::answered(&before, answer.me, &answer.set, (&answer.draft, answer.is_kept));
            put(tx, thread, &after)?;
            let Some((epoch, mut known)) = cursor(tx)? else {
                return Ok((None, DraftVersion(0)));
            };
            if answer.draft.version == known.next() {
                known = answer.draft.version;
                set_cursor(tx, epoch, known)?;
            }
            let is_shown = (&before.text, &before.other) != (&after.text, &after.other);
            let item = if is_shown { threads::item(tx, me, thread)? } else { None };
            Ok((item, known))
        })
        .await
    }

    /// What the server does not have yet.
    pub(crate) async fn wanted_drafts(&self, text_chars: u32) -> Result<Vec<Wanted>, Error> {
        self.run(move |tx| {
            let rows = those(tx, "where is_dirty = 1")?
                .into_iter()
                .filter_map(|(thread, local)| {
                    let text = drafts::wanted(&local, text_chars)?.to_owned();
                    let base = local.base;
                    Some(Wanted { thread, base, text })
                });
            Ok(rows.collect())
        })
        .await
    }

    /// What a person who signs out leaves behind.
    pub(crate) async fn unsent_work(&self) -> Result<Unsent, Error> {
        self.run(|tx| {
            let messages = tx.query_row("select count(*) from outbox", [], |row| row.get(0))?;
            let drafts = tx.query_row(
                "select count(*) from draft where message <> '' or other is not null",
                [],
                |row| row.get(0),
            )?;
            Ok(Unsent { messages, drafts })
        })
        .await
    }
}

const COLUMNS: &str = "thread_id, message, caret, base, filled, is_dirty, other, other_version";

/// A draft, or that there is none.
pub(super) fn of(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Local> {
    let found = tx
        .prepare_cached(&format!("select {COLUMNS} from draft where thread_id = ?1"))?
        .query_row([thread.to_string()], local)
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn those(tx: &Transaction<'_>, which: &str) -> rusqlite::Result<Vec<(ThreadId, Local)>> {
    let mut rows = tx.prepare_cached(&format!("select {COLUMNS} from draft {which}"))?;
    rows.query_map([], |row| Ok((id(row, 0)?, local(row)?)))?.collect()
}

fn local(row: &Row<'_>) -> rusqlite::Result<Local> {
    let version = |column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)?.unsigned_abs());
    let other: Option<String> = row.get(6)?;
    Ok(Local {
        text: row.get(1)?,
        caret: row.get(2)?,
        base: DraftVersion(version(3)?),
        filled: version(4)?,
        is_dirty: row.get(5)?,
        other: match other {
            Some(text) => Some(Other {
                version: DraftVersion(version(7)?),
                text,
            }),
            None => None,
        },
    })
}

/// An empty row stays: it knows the version that the next text is made from.
pub(super) fn put(tx: &Transaction<'_>, thread: ThreadId, local: &Local) -> rusqlite::Result<()> {
    let other = local.other.as_ref();
    tx.prepare_cached(
        "insert or replace into draft (thread_id, message, caret, base, filled, is_dirty, other, other_version)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        thread.to_string(),
        &local.text,
        local.caret,
        number(local.base.0),
        number(local.filled),
        local.is_dirty,
        other.map(|other| &other.text),
        number(other.map_or(0, |other| other.version.0)),
    ))?;
    Ok(())
}

/// The text was sent.
pub(super) fn sent(tx: &Transaction<'_>, thread: ThreadId, text: &str) -> rusqlite::Result<()> {
    let before = of(tx, thread)?;
    let after = drafts::sent(&before, text);
    if after == before {
        Ok(())
    } else {
        put(tx, thread, &after)
    }
}

/// A message that could not be sent goes back into the field.
pub(super) fn take_back(tx: &Transaction<'_>, thread: ThreadId, text: &str) -> rusqlite::Result<()> {
    put(tx, thread, &drafts::taken_back(&of(tx, thread)?, text))
}

/// What was written in a lost thread goes on in its successor.
pub(super) fn inherit(tx: &Transaction<'_>, old: ThreadId, heir: ThreadId) -> rusqlite::Result<()> {
    let left = of(tx, old)?;
    tx.execute("delete from draft where thread_id = ?1", [old.to_string()])?;
    if left.text.is_empty() && left.other.is_none() {
        return Ok(());
    }
    put(tx, heir, &drafts::inherited(&of(tx, heir)?, &left))
}

fn cursor(tx: &Transaction<'_>) -> rusqlite::Result<Option<(Epoch, DraftVersion)>> {
    tx.prepare_cached("select epoch, version from draft_cursor")?
        .query_row([], |row| {
            Ok((id(row, 0)?, DraftVersion(row.get::<_, i64>(1)?.unsigned_abs())))
        })
        .optional()
}

fn set_cursor(tx: &Transaction<'_>, epoch: Epoch, version: DraftVersion) -> rusqlite::Result<()> {
    tx.prepare_cached("insert or replace into draft_cursor (only, epoch, version) values (1, ?1, ?2)")?
        .execute((epoch.to_string(), number(version.0)))?;
    Ok(())
}
