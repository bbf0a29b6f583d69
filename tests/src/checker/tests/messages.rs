//! Messages: what is stored, in which order, and what was shown of it.

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{MessageId, Seq};

use super::{breaks, is_message, is_stored, nth, of};
use crate::checker::Rule;
use crate::history::{Kind, Record, What};

#[test]
fn what_is_wrong_with_stored_messages_is_named() {
    breaks(Rule::Lost, |records| {
        let last = records
            .iter()
            .rposition(|record| is_stored(&record.what))
            .expect("a row");
        records.remove(last);
    });
    breaks(Rule::Doubled, |records| {
        let at = nth(records, 0, |record| is_stored(&record.what));
        records.insert(at, records[at].clone());
    });
    breaks(Rule::SeqHole, |records| {
        let at = nth(records, 1, |record| is_stored(&record.what));
        records.remove(at);
    });
    breaks(Rule::Phantom, |records| {
        let What::Stored(line) = of(records, Kind::Server, 0, is_stored) else {
            return;
        };
        line.id = MessageId::mint();
    });
    breaks(Rule::Altered, |records| {
        let What::Stored(line) = of(records, Kind::Server, 0, is_stored) else {
            return;
        };
        line.hash += 1_000;
    });
    breaks(Rule::Altered, |records| {
        let What::Stored(line) = of(records, Kind::Server, 0, is_stored) else {
            return;
        };
        line.sender = line.sender.other();
    });
    breaks(Rule::AckedElsewhere, |records| {
        let What::Acked { seq, .. } = of(records, Kind::Rest, 0, |what| matches!(what, What::Acked { .. })) else {
            return;
        };
        *seq = Seq(2);
    });
    // The refused one is there after all.
    breaks(Rule::RefusedStored, |records| {
        let at = nth(records, 0, |record| matches!(record.what, What::Acked { .. }));
        let What::Acked { thread, id, .. } = records[at].what else {
            return;
        };
        let (hash, code) = (1, ErrorCode::Forbidden);
        records[at].what = What::Refused { thread, id, hash, code };
    });
    breaks(Rule::CancelledSent, |records| {
        let at = nth(records, 0, |record| matches!(record.what, What::Acked { .. }));
        let What::Acked { thread, id, .. } = records[at].what else {
            return;
        };
        records[at].what = What::Cancelled { thread, id };
    });
}

#[test]
fn the_wrong_order_is_named() {
    let swap_rows = |records: &mut Vec<Record>, n: usize| {
        let (one, two) = (
            nth(records, n, |record| is_stored(&record.what)),
            nth(records, n + 1, |record| is_stored(&record.what)),
        );
        let (What::Stored(mut a), What::Stored(mut b)) = (records[one].what.clone(), records[two].what.clone()) else {
            return;
        };
        std::mem::swap(&mut a.seq, &mut b.seq);
        (records[one].what, records[two].what) = (What::Stored(b), What::Stored(a));
    };
    // The first two are of one sender, and the second began after the first was acknowledged.
    breaks(Rule::SenderOrder, |records| swap_rows(records, 0));
    breaks(Rule::AckOrder, |records| swap_rows(records, 0));
    // The second and the third are of two senders.
    breaks(Rule::AckOrder, |records| swap_rows(records, 1));
}

#[test]
fn what_is_wrong_on_screens_is_named() {
    let is_shown = |what: &What| matches!(what, What::Shown(_));
    breaks(Rule::ShownEarly, |records| {
        let at = nth(records, 3, |record| is_shown(&record.what));
        let record = records.remove(at);
        let first = nth(records, 0, |record| matches!(record.what, What::Invoked { .. }));
        records.insert(first, record);
    });
    breaks(Rule::ShownLost, |records| {
        let last = records
            .iter()
            .rposition(|record| is_stored(&record.what))
            .expect("a row");
        records.remove(last);
    });
    for kind in [Kind::Room, Kind::Engine] {
        breaks(Rule::ShownTwice, |records| {
            let shown = of(records, kind, 0, is_shown).clone();
            let at = nth(records, 0, |record| record.what == shown);
            records.insert(at, records[at].clone());
        });
    }
    breaks(Rule::ShownTwice, |records| {
        // The log itself holds a message twice, at two positions.
        let at = nth(records, 0, |record| is_message(&record.what));
        let who = records[at].who;
        let mut again = records[at].clone();
        let What::Event { pos, .. } = &mut again.what else {
            return;
        };
        pos.0 += 1;
        for record in records[at + 1..].iter_mut().filter(|record| record.who == who) {
            if let What::Event { pos, .. } | What::Head { pos } = &mut record.what {
                pos.0 += 1;
            }
        }
        records.insert(at + 1, again);
    });
    breaks(Rule::ShownOutOfOrder, |records| {
        let one = nth(records, 0, |record| is_shown(&record.what));
        let who = records[one].who;
        let two = nth(records, 1, |record| is_shown(&record.what) && record.who == who);
        records.swap(one, two);
    });
    breaks(Rule::ShownHole, |records| {
        let who = records[nth(records, 0, |record| is_shown(&record.what))].who;
        let at = nth(records, 1, |record| is_shown(&record.what) && record.who == who);
        records.remove(at);
    });
    breaks(Rule::ShownDiffers, |records| {
        let What::Shown(line) = of(records, Kind::Room, 0, is_shown) else {
            return;
        };
        line.hash += 1_000;
    });
}
