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
pub(super) const DESCRIPTORS: u64 = 16;
/// Memory that may stay: what an allocator keeps. A leak of a kibibyte a message would be a gibibyte.
const MEMORY: u64 = 256 * 1024;

impl Findings {
    /// Nothing was lost, doubled, reordered, leaked or kept, and the server ended by itself for its disk alone.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.report.is_good() && self.kept().is_empty()
    }

    /// What was not as before when all had left, and deaths that nothing explains; each in a sentence.
    #[must_use]
    pub fn kept(&self) -> Vec<String> {
        let [before, _, after] = self.usage;
        let times = |fault| self.faults.get(&fault).copied().unwrap_or_default();
        let mut kept = Vec::new();
        if after == Usage::default() {
            kept.push("the server was not there to be measured when all had left".to_owned());
        }
        if times(Fault::Ended) > times(Fault::FullDisk) {
            let (ended, full) = (times(Fault::Ended), times(Fault::FullDisk));
            kept.push(format!(
                "the server ended {ended} times by itself, and its disk was full {full} times"
            ));
        }
        if after.descriptors > before.descriptors + DESCRIPTORS {
            let (before, after) = (before.descriptors, after.descriptors);
            kept.push(format!("{after} descriptors are open, {before} were"));
        }
        if after.memory > before.memory + MEMORY {
            let (before, after) = (before.memory / 1024, after.memory / 1024);
            kept.push(format!("{after} MiB of memory are taken, {before} were"));
        }
        kept
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
        for sentence in self.kept() {
            writeln!(f, "\n**Not as before**: {sentence}.")?;
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
            Self::Ended => "server ended by itself",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Rule;

    /// Memory in MiB and descriptors, before, at the highest and after.
    fn findings(usage: [(u64, u64); 3]) -> Findings {
        Findings {
            report: Report::default(),
            clients: 60,
            talked: Duration::from_secs(45),
            returns: Vec::new(),
            faults: BTreeMap::from([(Fault::Kill, 2), (Fault::FullDisk, 1)]),
            usage: usage.map(|(memory, descriptors)| Usage {
                memory: memory * 1024,
                descriptors,
            }),
            age: Duration::from_secs(9),
            checked: (1, Duration::ZERO),
            about: ["command", "date", "machine", "shared by"].map(|name| (name, String::new())),
        }
    }

    /// The one sentence about what was kept, which the page says too.
    fn sentence(findings: &Findings) -> String {
        assert!(!findings.is_good());
        let [sentence] = findings.kept().try_into().expect("one sentence");
        let page = findings.to_string();
        assert!(page.contains("**broken**") && page.contains(&sentence), "{page}");
        sentence
    }

    #[test]
    fn what_comes_back_to_where_it_was_is_good_however_high_it_rose() {
        let good = findings([(12, 25), (594, 338), (268, 41)]);
        assert!(good.is_good(), "{good}");
        assert!(good.to_string().contains("**kept**"));
    }

    #[test]
    fn a_descriptor_or_a_mebibyte_more_than_may_stay_is_named() {
        let descriptors = findings([(12, 25), (594, 338), (114, 42)]);
        assert_eq!(sentence(&descriptors), "42 descriptors are open, 25 were");
        let memory = findings([(12, 25), (594, 338), (269, 25)]);
        assert_eq!(sentence(&memory), "269 MiB of memory are taken, 12 were");
        let both = findings([(12, 25), (594, 338), (300, 300)]);
        assert_eq!(both.kept().len(), 2);
    }

    #[test]
    fn a_server_that_cannot_be_measured_or_ended_for_no_reason_is_named() {
        let gone = findings([(12, 25), (594, 338), (0, 0)]);
        assert!(sentence(&gone).contains("not there"), "{gone}");
        let mut ended = findings([(12, 25), (594, 338), (12, 25)]);
        ended.faults.insert(Fault::Ended, 1);
        assert!(ended.is_good(), "its disk was full once");
        ended.faults.insert(Fault::Ended, 2);
        assert!(sentence(&ended).contains("ended 2 times"), "{ended}");
    }

    #[test]
    fn a_broken_contract_is_not_good_whatever_the_machine_says() {
        let mut lost = findings([(12, 25), (12, 25), (12, 25)]);
        lost.report.broken.insert(Rule::Lost, 1);
        assert!(!lost.is_good() && lost.kept().is_empty(), "{lost}");
    }
}
