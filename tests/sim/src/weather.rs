//! What goes wrong, and when: drawn from the seed, one decision each half second.

use std::rc::Rc;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use turmoil::Sim;

use crate::server::HOST;
use crate::world::World;

/// Something that ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trouble {
    /// Nothing gets through between a device and the server; what was under way is lost, and nobody is told.
    Partition(usize),
    /// The same one way: what the server says is lost.
    Deaf(usize),
    /// Everything waits, and then arrives.
    Hold(usize),
    /// A device is off; its folder stays.
    Off(usize),
    /// The server is off; its folder stays.
    ServerOff,
}

/// The weather of a run.
pub struct Weather {
    chance: SmallRng,
    troubles: Vec<(Trouble, Duration)>,
}

impl Weather {
    /// Of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: SmallRng::seed_from_u64(seed ^ 0x57EA),
            troubles: Vec::new(),
        }
    }

    /// Ends what is over, and perhaps begins something.
    pub fn change(&mut self, sim: &mut Sim<'_>, world: &Rc<World>) {
        let now = sim.elapsed();
        let (over, lasting) = self.troubles.drain(..).partition(|(_, until)| *until <= now);
        self.troubles = lasting;
        for (trouble, _) in over {
            end(&trouble, sim, world);
        }
        if !self.chance.random_bool(0.3) {
            return;
        }
        let at = self.chance.random_range(0..world.devices.len());
        let (trouble, longest) = match self.chance.random_range(0..100) {
            0..=29 => (Trouble::Partition(at), 70_000),
            30..=44 => (Trouble::Deaf(at), 70_000),
            45..=64 => (Trouble::Hold(at), 5_000),
            65..=89 => (Trouble::Off(at), 15_000),
            _ => (Trouble::ServerOff, 8_000),
        };
        // Short ones are common: a line that breaks for a moment, an app that is started again.
        let share = self.chance.random_range(0.0f64..1.0).powi(3);
        let lasts = Duration::from_millis(100) + Duration::from_millis(longest).mul_f64(share);
        if self.troubles.iter().all(|(other, _)| place(other) != place(&trouble)) {
            self.begin(&trouble, sim, world);
            self.troubles.push((trouble, now + lasts));
        }
    }

    fn begin(&self, trouble: &Trouble, sim: &mut Sim<'_>, world: &Rc<World>) {
        note(trouble, "begins", sim, world);
        let name = |at: &usize| world.devices[*at].name.as_str();
        match trouble {
            Trouble::Partition(at) => sim.partition(name(at), HOST),
            Trouble::Deaf(at) => sim.partition_oneway(HOST, name(at)),
            Trouble::Hold(at) => sim.hold(name(at), HOST),
            Trouble::Off(at) => {
                world.devices[*at].client.take();
                crash(name(at), &[name(at)], sim);
            }
            Trouble::ServerOff => {
                world.server.take();
                let is_calm = |at: &usize| self.troubles.iter().all(|(other, _)| place(other) != *at);
                let calm: Vec<_> = (0..world.devices.len()).filter(is_calm).collect();
                let calm: Vec<_> = calm.iter().map(name).collect();
                crash(HOST, &calm, sim);
            }
        }
    }

    /// From now on the sun shines.
    pub fn clear(&mut self, sim: &mut Sim<'_>, world: &Rc<World>) {
        for (trouble, _) in std::mem::take(&mut self.troubles) {
            end(&trouble, sim, world);
        }
    }
}

/// One trouble a place at a time.
fn place(trouble: &Trouble) -> usize {
    match trouble {
        Trouble::Partition(at) | Trouble::Deaf(at) | Trouble::Hold(at) | Trouble::Off(at) => *at,
        Trouble::ServerOff => usize::MAX,
    }
}

/// Ends a host. The order in which its tasks are dropped is not the seed's, and neither is that of their last segments:
/// on held links it draws no chance, and no other host sees it.
fn crash(host: &str, devices: &[&str], sim: &mut Sim<'_>) {
    for device in devices {
        sim.hold(*device, HOST);
    }
    sim.crash(host);
    for device in devices {
        sim.release(*device, HOST);
    }
}

fn end(trouble: &Trouble, sim: &mut Sim<'_>, world: &Rc<World>) {
    note(trouble, "ends", sim, world);
    let name = |at: &usize| world.devices[*at].name.as_str();
    match trouble {
        Trouble::Partition(at) => sim.repair(name(at), HOST),
        Trouble::Deaf(at) => sim.repair_oneway(HOST, name(at)),
        Trouble::Hold(at) => sim.release(name(at), HOST),
        Trouble::Off(at) => sim.bounce(name(at)),
        Trouble::ServerOff => sim.bounce(HOST),
    }
}

fn note(trouble: &Trouble, what: &str, sim: &Sim<'_>, world: &Rc<World>) {
    world
        .trace
        .note_at(sim.elapsed(), "weather", &format!("{trouble:?} {what}"));
}
