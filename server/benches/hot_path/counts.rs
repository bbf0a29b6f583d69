//! Instructions under callgrind: the same for the same program, whatever else the machine does. Preparing a step costs far more
//! than taking it, so each is taken a few times and many times, and the difference is what counts.

use std::process::{Command, ExitCode};

use super::step::{NAMES, Steps};

/// The step once, to have everything warm, and so many times more.
pub fn step(name: &str, times: &str) -> ExitCode {
    let Ok(times) = times.parse::<u32>() else {
        eprintln!("{times} is not a number");
        return ExitCode::FAILURE;
    };
    let mut steps = Steps::new();
    (0..=times).for_each(|_| steps.take(name));
    ExitCode::SUCCESS
}

/// A row for each step.
pub fn all() -> ExitCode {
    println!("| step | instructions |\n|---|---:|");
    for name in NAMES {
        // So often that what the store's own thread does meanwhile drowns in it.
        let (few, many) = match name {
            "append 64 in a batch" => (8, 40),
            "append one alone" => (64, 576),
            _ => (1_000, 21_000),
        };
        let counted = count(name, few).and_then(|few_cost| Ok((count(name, many)?, few_cost)));
        match counted {
            Ok((many_cost, few_cost)) => {
                let each = many_cost.saturating_sub(few_cost) / u64::from(many - few);
                println!("| {name} | {each} |");
            }
            Err(problem) => {
                eprintln!("{name}: {problem}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn count(name: &str, times: u32) -> Result<u64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args(["--step", name, &times.to_string()])
        .output()
        .map_err(|error| format!("valgrind does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let refs = said.lines().rev().find_map(|line| line.split_once("refs:"));
    match refs.and_then(|(_, number)| number.trim().replace(',', "").parse().ok()) {
        Some(number) if output.status.success() => Ok(number),
        _ => Err(said.into_owned()),
    }
}
