//! The steps of a task: `[3/7] Building the server…`, how long each took, and a table at the end.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::words::say;

/// The steps of one task.
pub struct Steps {
    total: usize,
    done: Vec<Step>,
}

struct Step {
    name: String,
    took: Duration,
    fault: Option<String>,
}

impl Steps {
    /// A task of so many steps.
    pub fn of(total: usize) -> Self {
        Self {
            total,
            done: Vec::new(),
        }
    }

    /// Does one step; when it fails, the task has failed.
    pub fn must(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.announce(name);
        let start = Instant::now();
        let outcome = work();
        self.note(name, start.elapsed(), outcome.as_ref().err());
        outcome
    }

    /// Does one step; when it fails, the task goes on and fails at its end.
    pub fn try_to(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        // The fault is kept and told by `finish`.
        let _ = self.must(name, work);
    }

    /// Prints the table; fails when any step failed.
    pub fn finish(self) -> Result<()> {
        for step in &self.done {
            let told = step.fault.as_deref().and_then(|fault| fault.split_once('\n'));
            if let Some((_, told)) = told {
                println!("\n✗ {}\n{told}", step.name);
            }
        }
        println!("\n{}", table(&self.done));
        let failed = self.done.iter().filter(|step| step.fault.is_some()).count();
        if failed > 0 {
            bail!("{}: {failed}", say("шагов с ошибкой", "steps that failed"));
        }
        Ok(())
    }

    fn announce(&self, name: &str) {
        println!("\n[{}/{}] {name}…", self.done.len() + 1, self.total);
    }

    fn note(&mut self, name: &str, took: Duration, fault: Option<&anyhow::Error>) {
        let fault = fault.map(|fault| format!("{fault:#}"));
        match &fault {
            None => println!("      ✓ {}", seconds(took)),
            Some(fault) => eprintln!(
                "      ✗ {} — {}",
                seconds(took),
                fault.lines().next().unwrap_or_default()
            ),
        }
        self.done.push(Step {
            name: name.to_owned(),
            took,
            fault,
        });
    }
}

fn table(steps: &[Step]) -> String {
    let width = steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0);
    let mut table = String::new();
    for step in steps {
        let mark = if step.fault.is_some() { '✗' } else { '✓' };
        let padding = width - step.name.chars().count();
        let fault = step
            .fault
            .as_deref()
            .map(|fault| format!("   {}", fault.lines().next().unwrap_or_default()))
            .unwrap_or_default();
        let took = seconds(step.took);
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{mark} {}{:padding$}  {took:>9}{fault}", step.name, "");
    }
    table
}

fn seconds(took: Duration) -> String {
    let unit = say("с", "s");
    format!("{:.1} {unit}", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn one_failed_step_fails_the_task_but_not_the_steps_after_it() {
        let mut steps = Steps::of(3);
        let mut went_on = false;
        steps.try_to("first", || anyhow::bail!("broken"));
        steps.try_to("second", || {
            went_on = true;
            Ok(())
        });
        assert!(went_on);
        assert!(steps.finish().is_err());

        let mut steps = Steps::of(1);
        assert!(steps.must("only", || Ok(())).is_ok());
        assert!(steps.finish().is_ok());
    }
}
