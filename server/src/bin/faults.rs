//! The server with points at which it dies and bugs to be found: for the fault suite alone.
//!
//! With `POWER_FOLDER` its databases there are on a disk that loses its power when the process dies at a point. What the
//! disk then holds is put into the folder `POWER_IMAGE`; `POWER_SEED` chooses among the possibilities.
//!
//! With `SYNCS_FOLDER` the databases there are on a disk whose sync number `SYNCS_GOOD` + 1 fails.

use std::path::PathBuf;
use std::process::ExitCode;

use prilavok_server::{cli, faults};
use prilavok_test_vfs::{Disk, Fault, Kind};

fn main() -> ExitCode {
    faults::arm();
    if let Some(folder) = variable("POWER_FOLDER") {
        let image = PathBuf::from(variable("POWER_IMAGE").expect("POWER_IMAGE goes with POWER_FOLDER"));
        let seed = variable("POWER_SEED").map_or(0, |seed| seed.parse().expect("POWER_SEED is a number"));
        let disk = Disk::mount(folder.as_ref());
        faults::at_death(move || {
            disk.cut_power();
            disk.image(seed, &image);
        });
    }
    let disk = variable("SYNCS_FOLDER").map(|folder| Disk::mount(folder.as_ref()));
    if let (Some(disk), Some(good)) = (&disk, variable("SYNCS_GOOD")) {
        let good: u64 = good.parse().expect("SYNCS_GOOD is a number");
        disk.fail(Fault::once(&[Kind::Sync], good + 1));
    }
    cli::main()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
