//! What was measured on: figures without it mean nothing.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use prilavok_protocol::time::Time;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Syncs that the median is of.
const SYNCS: usize = 200;

/// The machine, the day and the disk, as sentences.
///
/// # Errors
/// When the disk refuses.
pub fn describe(folder: &Path) -> Result<String> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cores = std::thread::available_parallelism()?;
    let processor = field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown processor".into());
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let kib: u64 = memory
        .split_whitespace()
        .next()
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0);
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("?");
    let day: String = Time::now().to_string().chars().take(10).collect();
    let sync = median_sync(folder)?.as_secs_f64() * 1_000.0;
    Ok(format!(
        "{day} · {cores} cores of {processor} · {} GiB · Linux {} · `fdatasync` of 4 KiB: {sync:.2} ms · load when it began: {load}",
        (kib + 524_288) / 1_048_576,
        kernel.trim(),
    ))
}

fn median_sync(folder: &Path) -> Result<Duration> {
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[7; 4_096])?;
        let began = Instant::now();
        file.sync_data()?;
        took.push(began.elapsed());
    }
    fs::remove_file(path)?;
    took.sort();
    Ok(took[SYNCS / 2])
}

/// As many open files as may be; the servers inherit it.
pub fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    // A smaller crowd fits even when it is refused.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            ..limit
        },
    );
}
