//! The program: reads its arguments, runs the command, says in one sentence what went wrong.

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    prilavok_server::cli::main()
}
