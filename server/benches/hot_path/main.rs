//! What each step of a message's way through the server costs, apart from the others.
//!
//! `cargo bench -p prilavok-server --bench hot_path` times them; `cargo xtask bench micro` also counts their instructions, which
//! do not depend on what else the machine does, and writes both down.

mod counts;
mod step;

use std::process::ExitCode;

use divan::Bencher;

use step::Steps;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        // Under valgrind: this and nothing else.
        ["--step", name, times] => counts::step(name, times),
        ["--count", ..] => counts::all(),
        _ => {
            divan::main();
            ExitCode::SUCCESS
        }
    }
}

#[divan::bench(args = step::NAMES)]
fn way_of_a_message(bencher: Bencher<'_, '_>, name: &str) {
    let mut steps = Steps::new();
    bencher.bench_local(|| steps.take(name));
}
