//! Writes the measured part of a document, between two marks; what people wrote around it stays.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::report::Report;

const BEGIN: &str = "<!-- measured -->";
const END: &str = "<!-- /measured -->";

/// Which figures are drawn, and the names of their files.
const PLOTS: [(&str, &str); 6] = [
    ("acknowledged/s", "rate"),
    ("deliver p99 ms", "deliver-p99"),
    ("messages per server CPU-second", "per-cpu"),
    ("KiB PSS a socket", "idle-memory"),
    ("all back after s", "reconnect"),
    ("pages/s", "pages"),
];

/// Puts tables and plots into the document.
///
/// # Errors
/// When a file cannot be written.
pub fn write(path: &Path, command: &str, machine: &str, report: &Report) -> Result<()> {
    let mut part = format!("`{command}`\n\n{machine}\n{}\n", report.tables());
    let folder = path.with_extension("");
    let name = folder
        .file_name()
        .context("the document has a name")?
        .to_string_lossy()
        .into_owned();
    for (figure, file) in PLOTS {
        let plot = report.plot(figure);
        if plot.is_empty() {
            continue;
        }
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{file}.svg")), plot.svg())?;
        part += &format!("![{figure}]({name}/{file}.svg)\n");
    }
    let old = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, between(&old, &part)).with_context(|| format!("{} cannot be written", path.display()))
}

fn between(old: &str, part: &str) -> String {
    let part = format!("{BEGIN}\n{}\n{END}", part.trim());
    match (old.find(BEGIN), old.find(END)) {
        (Some(begin), Some(end)) if begin < end => format!("{}{part}{}", &old[..begin], &old[end + END.len()..]),
        _ => format!("{old}{part}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays() {
        let first = between("# Speed\n\n", "a\n");
        assert_eq!(first, "# Speed\n\n<!-- measured -->\na\n<!-- /measured -->\n");
        assert_eq!(
            between(&format!("{first}end\n"), "b"),
            "# Speed\n\n<!-- measured -->\nb\n<!-- /measured -->\nend\n"
        );
    }
}
