//! Order: an acknowledgement before another send began implies the lower `seq`, and one sender's order is kept.

use std::collections::HashMap;

use super::index::Index;
use super::report::{Report, Rule};
use crate::history::{Record, What};

/// Checks the order.
pub fn check(records: &[Record], index: &Index<'_>, report: &mut Report) {
    // Which send began at which record. A send that never was invoked begins nowhere.
    let mut begins = vec![None; records.len()];
    for send in &index.sends {
        begins[send.began] = Some(send);
    }
    // Per thread the highest acknowledged place so far; per sender and thread the place of the last send.
    let (mut floors, mut last) = (HashMap::new(), HashMap::new());
    for (at, record) in records.iter().enumerate() {
        match &record.what {
            What::Restored => {
                floors.clear();
                last.clear();
            }
            What::Acked { thread, id, seq } => {
                let floor = floors.entry(*thread).or_insert((*seq, *id));
                if *seq > floor.0 {
                    *floor = (*seq, *id);
                }
            }
            _ => {}
        }
        let Some(send) = begins[at] else { continue };
        let (thread, id) = send.key;
        let Some(row) = index.row.get(&send.key) else { continue };
        if let Some((seq, earlier)) = floors.get(&thread)
            && row.seq <= *seq
        {
            report.add(Rule::AckOrder, || {
                format!(
                    "in thread {thread}, {earlier} was acknowledged at {seq} before the send of {id} began (record {at}), \
                     which stands at {}",
                    row.seq
                )
            });
        }
        // Who was told to come later may have been passed by the next one.
        if send.is_deferred {
            continue;
        }
        if let Some((seq, earlier)) = last.insert((send.who, thread), (row.seq, id))
            && row.seq <= seq
        {
            report.add(Rule::SenderOrder, || {
                let name = index.name(send.who);
                format!(
                    "in thread {thread}, {name} sent {earlier} ({seq}) before {id} ({})",
                    row.seq
                )
            });
        }
    }
}
