//! What a soak has found, as a page.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

use super::faults::Fault;
use super::server::Usage;
use crate::checker::Report;

/// What a soak has found.
pub struct Findings {
    /// What the checker says.
    pub report: Report,
    /// Clients that took part.
    pub clients: usize,
    /// How long they talked.
    pub talked: Duration,
    /// How long each client took to be live again, the shortest first.
    pub returns: Vec<Duration>,
    /// How often each fault struck.
    pub faults: BTreeMap<Fault, u64>,
    /// The server before anybody came, at its highest, and after everybody had left.
    pub usage: [Usage; 3],
    /// How long the last server process ran.
    pub age: Duration,
    /// Records of the history, and how long checking them took.
    pub checked: (usize, Duration),
    /// The machine, the date, the command.
    pub about: [(&'static str, String); 4],
}

/// Descriptors that may stay open: those of a pool that has grown, never one per client.
const DESCRIPTORS: u64 = 16;
/// Memory that may stay: what an allocator keeps. A leak of a kibibyte a message would be a gibibyte.
const MEMORY: u64 = 256 * 1024;

impl Findings {
    /// Nothing was lost, doubled, reordered, leaked or kept.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let [before, _, after] = self.usage;
        self.report.is_good()
            && after.descriptors <= before.descriptors + DESCRIPTORS
            && after.memory <= before.memory + MEMORY
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &self.report;
        let verdict = if self.is_good() { "**kept**" } else { "**broken**" };
        writeln!(f, "# Soak\n\nThe delivery contract was {verdict}.\n")?;
        for (name, value) in &self.about {
            writeln!(f, "- {name}: {value}")?;
        }
        let talked = self.talked.as_secs();
        let rate = report.acked / talked.max(1);
        let faults: u64 = self.faults.values().sum();
        let each: String = self.faults.iter().fold(String::new(), |mut each, (fault, times)| {
            // Writing to a string cannot fail.
            let _ = write!(each, "{}{fault} {times}", if each.is_empty() { "" } else { ", " });
            each
        });
        let disk = if self.faults.contains_key(&Fault::FullDisk) {
            ""
        } else {
            " The disk was never full: only root may make one of its own."
        };
        writeln!(
            f,
            "\n{} clients talked for {talked} s while {faults} faults struck: {each}.{disk}\n",
            self.clients
        )?;
        writeln!(f, "| | |\n|---|---:|")?;
        let rows = [
            ("messages acknowledged", report.acked),
            ("a second, faults included", rate),
            ("**lost**", report.lost()),
            ("**doubled**", report.doubled()),
            ("**reordered**", report.reordered()),
            ("**leaked**", report.leaked()),
            ("**anything else against the contract**", report.other()),
            ("refused, as they must be", report.refused),
            ("never answered", report.unknown),
            ("events told to devices", report.events),
            ("messages on screens", report.shown),
            ("sockets that broke", report.cuts),
            (
                "snapshots equal to the one before and the events between",
                report.snapshots,
            ),
            ("snapshots that could not be compared", report.snapshots_unchecked),
            ("threads of clients equal to the server's by hash", report.threads),
            ("records checked", self.checked.0 as u64),
        ];
        for (name, value) in rows {
            writeln!(f, "| {name} | {value} |")?;
        }
        writeln!(f, "\nTo be live again after a break, {} times:\n", self.returns.len())?;
        writeln!(f, "| p50 | p99 | longest |\n|---:|---:|---:|")?;
        let [half, most, all] = [50, 99, 100].map(|percent| self.back(percent));
        writeln!(f, "| {half} ms | {most} ms | {all} ms |")?;
        writeln!(f, "\nThe server (its last process ran for {} s):\n", self.age.as_secs())?;
        writeln!(f, "| | memory, MiB | descriptors |\n|---|---:|---:|")?;
        for (when, usage) in ["before anybody came", "at its highest", "after all had left"]
            .iter()
            .zip(self.usage)
        {
            writeln!(f, "| {when} | {} | {} |", usage.memory / 1024, usage.descriptors)?;
        }
        if !report.is_good() {
            writeln!(f, "\n```text\n{report}```")?;
        }
        Ok(())
    }
}

impl Findings {
    fn back(&self, percent: usize) -> u128 {
        let last = self.returns.len().saturating_sub(1);
        self.returns.get(last * percent / 100).map_or(0, Duration::as_millis)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kill => "`kill -9` of the server",
            Self::Cut => "all lines cut",
            Self::Restart => "SIGTERM and a start",
            Self::Reset => "half of the lines reset",
            Self::Stall => "a fifth of the readers stalled for 4 s",
            Self::FullDisk => "disk full for 2 s",
        })
    }
}
