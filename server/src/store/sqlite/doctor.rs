//! Examines a store: is the file whole, and does every counter equal what it counts?

use rusqlite::Connection;

use crate::store::Result;

/// What an examination found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Threads in the store.
    pub threads: u64,
    /// Messages in the store.
    pub messages: u64,
    /// What is wrong, each a sentence; empty when all is well.
    pub problems: Vec<String>,
}

/// Each query counts rows that should not be.
const RULES: &[(&str, &str)] = &[
    (
        "threads whose head is not their number of messages",
        "select count(*) from threads t where t.head_seq <> (select count(*) from by_thread b where b.thread = t.key) \
         or t.head_seq <> (select coalesce(max(b.seq), 0) from by_thread b where b.thread = t.key)",
    ),
    (
        "threads whose newest message is not the one that lists show",
        "select count(*) from threads t where t.last_log <> coalesce(\
         (select b.log from by_thread b where b.thread = t.key and b.seq = t.head_seq), 0)",
    ),
    (
        "threads whose unread counts are not what is unread",
        "select count(*) from threads t where \
         t.head_seq - t.buyer_read_seq <> (select count(*) from by_thread b join log l on l.id = b.log \
         where b.thread = t.key and b.seq > t.buyer_read_seq and l.side = 1) or \
         t.head_seq - t.seller_read_seq <> (select count(*) from by_thread b join log l on l.id = b.log \
         where b.thread = t.key and b.seq > t.seller_read_seq and l.side = 0)",
    ),
    (
        "threads whose markers are past their head, or read before delivered",
        "select count(*) from threads where buyer_read_seq > buyer_delivered_seq or buyer_delivered_seq > head_seq \
         or seller_read_seq > seller_delivered_seq or seller_delivered_seq > head_seq",
    ),
    (
        "messages that the indexes do not find",
        "select count(*) from log l where l.kind = 0 and l.id <= (select log from indexed) and not (\
         exists (select 1 from by_thread b where b.thread = l.thread and b.seq = l.seq and b.log = l.id) and \
         exists (select 1 from by_client b where b.thread = l.thread and b.client_id = l.client_id and b.log = l.id))",
    ),
    (
        "index entries that point to no message",
        "select (select count(*) from by_client) + (select count(*) from by_thread) \
         - 2 * (select count(*) from log where kind = 0 and id <= (select log from indexed))",
    ),
    (
        "parties whose head is not their number of events",
        "select count(*) from parties p where p.head <> (select count(*) from by_party b where b.party = p.key) \
         or p.head <> (select coalesce(max(b.pos), 0) from by_party b where b.party = p.key) or p.applied > p.head",
    ),
    (
        "events that are not in commit order",
        "select count(*) from (select log, lag(log) over (partition by party order by pos) as before from by_party) \
         where log <= before",
    ),
    (
        "events that point to nothing",
        "select count(*) from by_party b where not exists (select 1 from log l where l.id = b.log)",
    ),
    (
        "rows that refer to nothing",
        "select count(*) from pragma_foreign_key_check",
    ),
];

/// Examines the whole file; takes as long as reading it.
pub(super) fn examine(db: &Connection) -> Result<Report> {
    let mut problems = Vec::new();
    let mut check = db.prepare("pragma quick_check")?;
    let states = check.query_map([], |row| row.get::<_, String>(0))?;
    for state in states {
        let state = state?;
        if state != "ok" {
            problems.push(format!("the file is damaged: {state}"));
        }
    }
    for (what, sql) in RULES {
        let count: i64 = db.query_row(sql, [], |row| row.get(0))?;
        if count != 0 {
            problems.push(format!("{count} {what}"));
        }
    }
    let count = |sql| db.query_row(sql, [], |row| super::rows::count(row, 0));
    Ok(Report {
        threads: count("select count(*) from threads")?,
        messages: count("select coalesce(sum(head_seq), 0) from threads")?,
        problems,
    })
}
