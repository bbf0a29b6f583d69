//! A planted bug: whoever waits is answered before the commit. A kill in between loses what was acknowledged.

use super::{Job, Thread};
use crate::faults;

/// As `commit_all`, in the wrong order.
pub(super) fn answer_before_commit(thread: &mut Thread, mut jobs: Vec<Box<dyn Job>>) {
    let writing = &mut thread.writing;
    writing.db.execute_batch("begin immediate").expect("nobody else writes");
    writing.counters.begin(&writing.db).expect("the file can be read");
    for job in &mut jobs {
        job.run(writing);
    }
    writing.counters.tail.announce(&thread.lagging);
    for job in jobs {
        job.answer(None);
    }
    faults::point("planted.answered");
    faults::point("writer.full");
    writing.db.execute_batch("commit").expect("nothing is in the way");
}
