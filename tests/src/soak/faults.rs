//! What goes wrong in a soak, one after another.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;

use super::disk::Disk;
use super::server::Server;
use crate::crowd::orders::{Orders, Trouble};
use crate::history::{Scribe, What};

/// How long readers stall: long enough that their queues fill.
const STALL: Duration = Duration::from_secs(4);
/// How long the disk stays full.
const FULL: Duration = Duration::from_secs(2);

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// `kill -9`, and a start.
    Kill,
    /// All lines are cut.
    Cut,
    /// SIGTERM, and a start.
    Restart,
    /// Half of the lines are reset.
    Reset,
    /// A fifth of the clients does not read.
    Stall,
    /// The disk is full for a while.
    FullDisk,
}

/// In this order, again and again.
const ALL: [Fault; 6] = [
    Fault::Kill,
    Fault::Cut,
    Fault::FullDisk,
    Fault::Restart,
    Fault::Reset,
    Fault::Stall,
];

/// The faults of one run.
pub struct Faults {
    scribe: Scribe,
    next: usize,
    /// How often each has struck.
    pub struck: BTreeMap<Fault, u64>,
}

impl Faults {
    /// None yet.
    #[must_use]
    pub fn new(scribe: Scribe) -> Self {
        Self {
            scribe,
            next: 0,
            struck: BTreeMap::new(),
        }
    }

    /// The next one. Near the end the server is spared, so that the last process gets old enough to show what it keeps.
    pub async fn strike(&mut self, server: &mut Server, on: (&Disk, &Orders), is_server_spared: bool) -> Result<Fault> {
        let (disk, orders) = on;
        let fault = loop {
            let fault = ALL[self.next % ALL.len()];
            self.next += 1;
            match fault {
                Fault::Kill | Fault::Restart if is_server_spared => {}
                Fault::FullDisk if !disk.can_be_full() => {}
                fault => break fault,
            }
        };
        let name = format!("{fault:?}");
        self.scribe.note(What::Fault { name });
        match fault {
            Fault::Kill => {
                server.kill().await?;
                server.restart().await?;
            }
            Fault::Restart => {
                server.terminate().await?;
                server.restart().await?;
            }
            Fault::Cut => orders.hurt(Trouble::Cut, 100),
            Fault::Reset => orders.hurt(Trouble::Reset, 50),
            Fault::Stall => orders.hurt(Trouble::Stall(STALL), 20),
            Fault::FullDisk => {
                disk.fill()?;
                tokio::time::sleep(FULL).await;
                disk.free()?;
                // Whoever cannot sync its log any more ends by itself rather than say what is not so.
                if server.has_died()? {
                    server.restart().await?;
                }
            }
        }
        *self.struck.entry(fault).or_default() += 1;
        Ok(fault)
    }
}
