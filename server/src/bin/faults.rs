//! The server with points at which it dies and bugs to be found: for the fault suite alone.

use std::process::ExitCode;

fn main() -> ExitCode {
    prilavok_server::faults::arm();
    prilavok_server::cli::main()
}
