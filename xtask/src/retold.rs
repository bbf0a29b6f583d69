//! Tests that fail are told once more at the end: what stood in the middle of thousands of lines is what one looks for.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// The last lines of what a failed test says: its panic is there.
const LINES: usize = 40;
/// A step in which everything fails is no longer told test by test.
const TESTS: usize = 8;

/// Runs tests; its output goes where ours does. The error says what the failed ones said.
pub fn run(mut tests: Command) -> Result<()> {
    let line = process::line(&tests);
    let cannot = || process::cannot_start(&line);
    let mut child = tests.stdout(Stdio::piped()).spawn().with_context(cannot)?;
    let mut output = child.stdout.take().context("the output is piped")?;
    let (mut failures, mut rest, mut chunk) = (Failures::default(), Vec::new(), vec![0; 16 * 1024]);
    let mut ours = std::io::stdout().lock();
    loop {
        let read = output.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        // At once and unchanged, so that one sees which test runs.
        ours.write_all(&chunk[..read])?;
        ours.flush()?;
        rest.extend_from_slice(&chunk[..read]);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let whole: Vec<u8> = rest.drain(..=end).collect();
            failures.line(String::from_utf8_lossy(&whole).trim_end());
        }
    }
    drop(ours);
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}`: {status}{}", failures.told());
    }
    Ok(())
}

/// What the failed tests said, read from the output of the test programs.
#[derive(Default)]
struct Failures {
    tests: Vec<Vec<String>>,
    is_inside: bool,
    is_backtrace: bool,
}

impl Failures {
    fn line(&mut self, line: &str) {
        if line.starts_with("---- ") && line.ends_with(" ----") {
            self.tests.push(vec![line.to_owned()]);
            (self.is_inside, self.is_backtrace) = (true, false);
            return;
        }
        if line == "failures:" || line.starts_with("test result: ") {
            self.is_inside = false;
        }
        if line == "stack backtrace:" {
            self.is_backtrace = true;
        }
        let is_backtrace = self.is_backtrace;
        if line.starts_with("note: ") {
            self.is_backtrace = false;
        }
        if self.is_inside
            && !is_backtrace
            && !line.is_empty()
            && let Some(test) = self.tests.last_mut()
        {
            if test.len() > LINES {
                test.remove(1);
            }
            test.push(line.to_owned());
        }
    }

    fn told(&self) -> String {
        let mut told = String::new();
        for line in self.tests.iter().take(TESTS).flatten() {
            told.push('\n');
            told.push_str(line);
        }
        if self.tests.len() > TESTS {
            told.push_str(&format!("\n… + {}", self.tests.len() - TESTS));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::{Failures, LINES};

    #[test]
    fn what_failed_tests_say_is_kept_without_their_backtraces() {
        let mut failures = Failures::default();
        let output = "running 2 tests\ntest good ... ok\ntest bad ... FAILED\n\nfailures:\n\n---- bad stdout ----\n\
                      thread 'bad' panicked at a.rs:1:2:\nno such shop\nstack backtrace:\n   0: begin\n\
                      note: Some details are omitted\n\n\nfailures:\n    bad\n\ntest result: FAILED. 1 passed";
        output.lines().for_each(|line| failures.line(line));
        assert_eq!(
            failures.told(),
            "\n---- bad stdout ----\nthread 'bad' panicked at a.rs:1:2:\nno such shop"
        );
    }

    #[test]
    fn of_a_long_story_the_end_is_kept() {
        let mut failures = Failures::default();
        failures.line("---- long stdout ----");
        for number in 0..1000 {
            failures.line(&format!("line {number}"));
        }
        let told = failures.told();
        assert!(told.ends_with("line 999"));
        assert_eq!(told.lines().skip(1).count(), LINES + 1, "{told}");
    }
}
