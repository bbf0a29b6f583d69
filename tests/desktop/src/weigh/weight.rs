//! What a program and everything it started weighs: its share of the memory, and the processor time it used.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// `sysconf(_SC_CLK_TCK)` on every Linux that the apps run on.
const TICKS_A_SECOND: f64 = 100.0;

/// A process and its descendants.
pub fn family(root: u32) -> Result<Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // It may end while it is looked at.
        if let Some(parent) = stat(id).and_then(|fields| fields.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut all = vec![root];
    let mut at = 0;
    while let Some(id) = all.get(at) {
        all.extend(children.get(id).into_iter().flatten().copied().collect::<Vec<u32>>());
        at += 1;
    }
    Ok(all)
}

/// The fields of `/proc/<id>/stat` from the state on; the name before them may hold anything.
fn stat(id: u32) -> Option<Vec<String>> {
    let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let rest = line.rsplit_once(')')?.1;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// Those whose name begins so.
pub fn named(root: u32, beginning: &str) -> Result<Vec<u32>> {
    let mut family = family(root)?;
    family.retain(|id| {
        let name = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        name.starts_with(beginning)
    });
    Ok(family)
}

/// The proportional share of the memory, in MB, by process name.
pub fn memory(root: u32) -> Result<Vec<(String, f64)>> {
    let mut parts: Vec<(String, f64)> = Vec::new();
    for id in family(root)? {
        let Ok(rollup) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else {
            continue;
        };
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kilobytes: f64 = line
            .and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok())
            .context("the kernel says how large a process is")?;
        let name = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        let (name, size) = (name.trim().to_owned(), kilobytes / 1000.0);
        match parts.iter_mut().find(|part| part.0 == name) {
            Some(part) => part.1 += size,
            None => parts.push((name, size)),
        }
    }
    ensure!(!parts.is_empty(), "the program has ended");
    Ok(parts)
}

/// All of it.
pub fn total(parts: &[(String, f64)]) -> f64 {
    parts.iter().map(|part| part.1).sum()
}

/// Processor time used so far.
pub fn processor(root: u32) -> Result<Duration> {
    let times = family(root)?.into_iter().filter_map(stat).map(|fields| {
        let field = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        field(11) + field(12)
    });
    Ok(Duration::from_secs_f64(times.sum::<f64>() / TICKS_A_SECOND))
}
