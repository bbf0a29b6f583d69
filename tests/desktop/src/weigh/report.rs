//! What is written down: every figure beside its goal, and the machine it was taken on.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use prilavok_protocol::time::Time;

use crate::glass::Area;
use crate::hands::Scrolled;
use crate::weight::total;

/// How the part of the document begins that people write.
const ANALYSIS: &str = "## What stands in the way";

/// One program on the scales.
#[derive(Debug, Default)]
pub struct Weighed {
    pub name: &'static str,
    pub place: Area,
    pub open: Vec<(String, f64)>,
    pub tray: Vec<(String, f64)>,
    pub idle: f64,
    pub idle_in_tray: Option<f64>,
    pub starts: Vec<Duration>,
}

impl Weighed {
    /// In a few words, for whoever watches.
    pub fn told(&self) -> String {
        format!("{:.0} МБ, в покое {:.2} %", total(&self.open), self.idle)
    }

    fn start_ms(&self) -> u128 {
        middle(&self.starts)
    }
}

/// All of it.
#[derive(Debug)]
pub struct Report {
    pub weighed: Vec<Weighed>,
    pub reopened: Vec<Duration>,
    /// The same of the empty window.
    pub reopened_empty: Vec<Duration>,
    pub typing: Vec<f64>,
    pub scrolling: Scrolled,
    began: String,
    loads: Vec<String>,
}

impl Report {
    pub fn begin() -> Self {
        let mut report = Self {
            weighed: Vec::new(),
            reopened: Vec::new(),
            reopened_empty: Vec::new(),
            typing: Vec::new(),
            scrolling: Scrolled::default(),
            began: Time::now().to_string(),
            loads: Vec::new(),
        };
        report.note_load();
        report
    }

    /// How busy the machine is with other things.
    pub fn note_load(&mut self) {
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        self.loads.push(load.split(' ').next().unwrap_or_default().to_owned());
    }

    pub fn end(&mut self) {
        self.note_load();
    }

    /// Writes `docs/performance-desktop.md`, or wherever it is wanted.
    pub fn write(&self, file: &Path) -> Result<()> {
        let [ours, empty, chromium] = &self.weighed[..] else {
            anyhow::bail!("three programs are weighed");
        };
        let mut text = String::from(
            "# What the desktop weighs\n\nWritten by `cargo xtask bench desktop`: release builds, one run, real windows in a \
             virtual screen, looked at from outside. The figures drift with whatever else the machine does: read the ratios.\n\n",
        );
        writeln!(
            text,
            "{}. {}. Load average in the course of it: {}.\n",
            self.began,
            machine(),
            self.loads.join(", ")
        )?;
        text.push_str(&self.goals(ours, empty));
        text.push_str("\n## Beside an empty window and Chromium\n\n");
        text.push_str(
            "| | start to painted, ms (median; all) | open, MB PSS | idle, % of a core |\n|---|---|---|---|\n",
        );
        for each in [ours, empty, chromium] {
            let all: Vec<String> = each.starts.iter().map(|start| start.as_millis().to_string()).collect();
            let (name, start, open) = (each.name, each.start_ms(), total(&each.open));
            writeln!(
                text,
                "| {name} | {start} ({}) | {open:.0} | {:.2} |",
                all.join(", "),
                each.idle
            )?;
        }
        text.push_str("\n## Where the memory is, MB PSS\n\n");
        for each in [ours, empty, chromium] {
            writeln!(text, "- {}, open: {}", each.name, parts(&each.open))?;
        }
        writeln!(text, "- {}, in the tray: {}", ours.name, parts(&ours.tray))?;
        // What was found out by other means stays.
        let before = fs::read_to_string(file).unwrap_or_default();
        if let Some((_, analysis)) = before.split_once(ANALYSIS) {
            write!(text, "\n{ANALYSIS}{analysis}")?;
        }
        fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
    }

    fn goals(&self, ours: &Weighed, empty: &Weighed) -> String {
        let allowed = 1.3 * total(&empty.open) + 60.0;
        let start = ours.start_ms() as f64;
        let ratio = start / empty.start_ms().max(1) as f64;
        let again = middle(&self.reopened);
        let empty_again = middle(&self.reopened_empty);
        let all = |times: &[Duration]| -> String {
            let all: Vec<String> = times.iter().map(|took| took.as_millis().to_string()).collect();
            all.join(", ")
        };
        let (all_again, all_empty) = (all(&self.reopened), all(&self.reopened_empty));
        let frame = |share: f64| at(&self.typing, share);
        let rows = [
            (
                "start to painted list, 100,000 messages kept".to_owned(),
                format!("{start:.0} ms, {ratio:.1} × the empty window"),
                "≤ 1000 ms".to_owned(),
                start <= 1000.0,
            ),
            (
                "opened again from the tray, to painted list".to_owned(),
                format!(
                    "{again} ms (median of {all_again}); the empty window alone: {empty_again} ms (of {all_empty})"
                ),
                "≤ 400 ms".to_owned(),
                again <= 400,
            ),
            (
                "memory in the tray".to_owned(),
                format!("{:.0} MB", total(&ours.tray)),
                "≤ 60 MB".to_owned(),
                total(&ours.tray) <= 60.0,
            ),
            (
                "memory, open".to_owned(),
                format!("{:.0} MB", total(&ours.open)),
                format!("≤ 1.3 × {:.0} + 60 = {allowed:.0} MB", total(&empty.open)),
                total(&ours.open) <= allowed,
            ),
            (
                "idle processor, open and in the tray".to_owned(),
                format!("{:.2} %, {:.2} %", ours.idle, ours.idle_in_tray.unwrap_or_default()),
                "< 0.5 %".to_owned(),
                ours.idle < 0.5 && ours.idle_in_tray.unwrap_or_default() < 0.5,
            ),
            (
                "key to the end of the frame with its letter, over 10,000 messages".to_owned(),
                format!(
                    "median {:.1}, p95 {:.1}, longest {:.1} ms",
                    frame(0.5),
                    frame(0.95),
                    frame(1.0)
                ),
                "≤ 16.7 ms (median)".to_owned(),
                frame(0.5) <= 16.7,
            ),
            (
                "scrolling 100,000 messages: longest blank".to_owned(),
                format!(
                    "{:.0} ms ({} blank of {} frames; longest frame {:.0} ms)",
                    self.scrolling.blank_ms,
                    self.scrolling.blank,
                    self.scrolling.frames.len(),
                    at(&self.scrolling.frames, 1.0)
                ),
                "≤ 100 ms".to_owned(),
                self.scrolling.blank_ms <= 100.0,
            ),
        ];
        let mut table = String::from("| | measured | goal | |\n|---|---|---|---|\n");
        for (what, measured, goal, is_met) in rows {
            let mark = if is_met { "✓" } else { "✗" };
            table.push_str(&format!("| {what} | {measured} | {goal} | {mark} |\n"));
        }
        table
    }
}

/// The median, in milliseconds.
fn middle(times: &[Duration]) -> u128 {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() / 2).map_or(0, Duration::as_millis)
}

/// The value below which this share of the sorted ones lies.
fn at(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place).or(sorted.last()).copied().unwrap_or(0.0)
}

fn parts(parts: &[(String, f64)]) -> String {
    let told: Vec<String> = parts.iter().map(|(name, size)| format!("{name} {size:.0}")).collect();
    format!("{:.0} = {}", total(parts), told.join(" + "))
}

fn machine() -> String {
    let read = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(':')
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{}, {cores} cores, {} of memory, Linux {}",
        read("/proc/cpuinfo", "model name"),
        read("/proc/meminfo", "MemTotal"),
        kernel.trim()
    )
}
