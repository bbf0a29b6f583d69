//! The rules by name, and what a check has found.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Sentences kept for one rule; when one breaks for everybody, the first ones say why.
const KEPT: usize = 20;

/// What must not happen. Each has a sentence in `docs/delivery.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// An acknowledged message is not there.
    Lost,
    /// A message is there twice.
    Doubled,
    /// A message is there that nobody sent.
    Phantom,
    /// A message is there with another text or sender than it was sent with.
    Altered,
    /// A message is there at another place than was acknowledged.
    AckedElsewhere,
    /// A refused send is there after all.
    RefusedStored,
    /// A message that was taken back is there after all.
    CancelledSent,
    /// `seq` is not 1, 2, 3 … in a thread.
    SeqHole,
    /// A send that began after an acknowledgement has a lower `seq` than the acknowledged one.
    AckOrder,
    /// Two messages of one sender stand in the wrong order.
    SenderOrder,
    /// A device was not told the entry that comes next: one is missing, or one came again.
    PosHole,
    /// Two devices of a party were told different entries at one position.
    TwoLogs,
    /// A cursor went back.
    CursorBack,
    /// A cursor is further than the log.
    BeyondHead,
    /// The server says that the log goes further than what a live device was told.
    Missed,
    /// The history's id changed though no backup was restored.
    EpochChanged,
    /// A message was shown before its sending began.
    ShownEarly,
    /// A message was shown and is not there: it was told before it was durable.
    ShownLost,
    /// A message was shown twice.
    ShownTwice,
    /// A message was shown after a later one.
    ShownOutOfOrder,
    /// A page was not shown a message between two that it was shown.
    ShownHole,
    /// A message was shown with another text, place or sender than it has.
    ShownDiffers,
    /// A client's thread is not the server's.
    ThreadDiffers,
    /// A client's thread ends before the server's.
    Behind,
    /// A read or delivered marker went back.
    MarkBack,
    /// A marker stands past the newest message.
    MarkBeyondHead,
    /// A read marker that was taken by the server is gone.
    MarkLost,
    /// A counter of unread messages is not what the messages and the marker say.
    Unread,
    /// A snapshot is not the earlier one and the events between them.
    SnapshotDiffers,
    /// Somebody saw what was not theirs.
    Leak,
}

/// One thing that must not have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Against which rule.
    pub rule: Rule,
    /// In a sentence, with the ids.
    pub text: String,
}

/// What a check has found, and how much it has looked at.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The first sentences of each rule.
    pub violations: Vec<Violation>,
    /// How often each rule was broken.
    pub broken: BTreeMap<Rule, u64>,
    /// Messages whose sending began.
    pub sent: u64,
    /// Messages that were acknowledged.
    pub acked: u64,
    /// Messages that were refused for good.
    pub refused: u64,
    /// Messages that were never answered.
    pub unknown: u64,
    /// Messages that are there.
    pub stored: u64,
    /// Entries of logs that came.
    pub events: u64,
    /// Messages on screens.
    pub shown: u64,
    /// Snapshots that were compared with their events.
    pub snapshots: u64,
    /// Snapshots between which nobody was told all events, so that they could not be compared.
    pub snapshots_unchecked: u64,
    /// Threads of clients that were compared with the server's.
    pub threads: u64,
    /// Canaries that were seen where they belong.
    pub canaries: u64,
    /// Times that sockets broke.
    pub cuts: u64,
}

impl Report {
    /// Nothing happened that must not.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.broken.is_empty()
    }

    /// How often one of these rules was broken.
    #[must_use]
    pub fn count(&self, rules: &[Rule]) -> u64 {
        rules.iter().filter_map(|rule| self.broken.get(rule)).sum()
    }

    /// Acknowledged or shown messages that are not there.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.count(&[Rule::Lost, Rule::ShownLost, Rule::Missed, Rule::Behind, Rule::MarkLost])
    }

    /// Messages that are there, or were told, more than once.
    #[must_use]
    pub fn doubled(&self) -> u64 {
        self.count(&[Rule::Doubled, Rule::ShownTwice])
    }

    /// What stands or came in the wrong order.
    #[must_use]
    pub fn reordered(&self) -> u64 {
        use Rule::{AckOrder, AckedElsewhere, PosHole, SenderOrder, SeqHole, ShownHole, ShownOutOfOrder};
        self.count(&[
            AckOrder,
            AckedElsewhere,
            PosHole,
            SenderOrder,
            SeqHole,
            ShownHole,
            ShownOutOfOrder,
        ])
    }

    /// What was seen by others.
    #[must_use]
    pub fn leaked(&self) -> u64 {
        self.count(&[Rule::Leak])
    }

    /// Everything else that must not happen.
    #[must_use]
    pub fn other(&self) -> u64 {
        self.broken.values().sum::<u64>() - self.lost() - self.doubled() - self.reordered() - self.leaked()
    }

    pub(super) fn add(&mut self, rule: Rule, text: impl FnOnce() -> String) {
        let times = self.broken.entry(rule).or_default();
        *times += 1;
        if *times <= KEPT as u64 {
            self.violations.push(Violation { rule, text: text() });
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sent, acked, stored, ..
        } = self;
        writeln!(f, "{sent} sent, {acked} acked, {stored} stored, {} events", self.events)?;
        for (rule, times) in &self.broken {
            writeln!(f, "{rule:?}: {times} times")?;
        }
        for Violation { rule, text } in &self.violations {
            writeln!(f, "- {rule:?}: {text}")?;
        }
        Ok(())
    }
}
