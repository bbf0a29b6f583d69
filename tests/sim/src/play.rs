//! One run: everybody arrives, lives through the weather, waits, and is judged. All of it follows from the seed.

use std::rc::Rc;
use std::time::Duration;

use rand::Rng;
use rand::rngs::SmallRng;
use turmoil::{Builder, Sim};

use crate::server::HOST;
use crate::verdict;
use crate::weather::Weather;
use crate::world::{Act, World};
use crate::{person, server};

/// The grain of simulated time.
const TICK: Duration = Duration::from_millis(10);
/// Between two decisions of the weather.
const DECISION: Duration = Duration::from_millis(500);
/// Signing in and starting threads takes some seconds.
const ARRIVING: Duration = Duration::from_secs(120);
/// How long everybody lives in bad weather: some lines die and are missed, and some backoffs grow long.
const LIVING: Duration = Duration::from_secs(90);
/// A dead line is noticed within a minute and redialled within half of one; twice that, and then some.
const WAITING: Duration = Duration::from_secs(240);

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The trace as one number.
    pub hash: u64,
    /// Its lines.
    pub lines: Vec<String>,
    /// Messages that somebody wrote.
    pub written: usize,
}

/// Runs the seed.
///
/// # Errors
/// What went wrong, with the end of the trace.
pub fn play(seed: u64) -> Result<Outcome, String> {
    let world = World::new(seed);
    let done = run(&world).map_err(|wrong| format!("{wrong}\n{}", world.trace.end()));
    // The hosts are gone: so must the engines be, before their folders go.
    for device in &world.devices {
        device.client.take();
    }
    world.server.take();
    done?;
    let written = world.written.borrow().len();
    Ok(Outcome {
        hash: world.trace.hash(),
        lines: world.trace.lines(),
        written,
    })
}

fn run(world: &Rc<World>) -> Result<(), String> {
    let mut sim = build(world);
    until(&mut sim, world, ARRIVING, |_, world| {
        world.devices.iter().all(|device| device.is_settled.get()) && verdict::unrest(world).is_none()
    })?;
    world.act.set(Act::Living);
    let mut weather = Weather::new(world.seed);
    let end = sim.elapsed() + LIVING;
    while sim.elapsed() < end {
        weather.change(&mut sim, world);
        pass(&mut sim, DECISION)?;
    }
    weather.clear(&mut sim, world);
    world.act.set(Act::Waiting);
    world.trace.note_at(sim.elapsed(), "weather", "is good from now on");
    // Whatever a person was in the middle of ends first.
    pass(&mut sim, DECISION * 2)?;
    until(&mut sim, world, WAITING, |_, world| verdict::unrest(world).is_none())?;
    verdict::judge(world)
}

fn build(world: &Rc<World>) -> Sim<'static> {
    let mut chance: SmallRng = rand::SeedableRng::seed_from_u64(world.seed);
    let mut sim = Builder::new()
        .rng_seed(world.seed)
        .tick_duration(TICK)
        .simulation_duration(ARRIVING + LIVING + WAITING * 2)
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(chance.random_range(5..200)))
        .tcp_capacity(4_096)
        .build();
    let (folder, seed, slot) = (world.server_folder(), world.seed, Rc::clone(&world.server));
    sim.host(HOST, move || server::serve(folder.clone(), seed, Rc::clone(&slot)));
    for device in &world.devices {
        let (world, device) = (Rc::clone(world), Rc::clone(device));
        let name = device.name.clone();
        sim.host(name, move || person::live(Rc::clone(&world), Rc::clone(&device)));
    }
    sim
}

fn pass(sim: &mut Sim<'_>, time: Duration) -> Result<(), String> {
    let end = sim.elapsed() + time;
    while sim.elapsed() < end {
        sim.step().map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn until(
    sim: &mut Sim<'_>,
    world: &Rc<World>,
    most: Duration,
    is_so: impl Fn(&Sim<'_>, &World) -> bool,
) -> Result<(), String> {
    let end = sim.elapsed() + most;
    while !is_so(sim, world) {
        if sim.elapsed() >= end {
            let why = verdict::unrest(world).unwrap_or_else(|| "somebody has not arrived".into());
            return Err(format!("no rest after {most:?}: {why}"));
        }
        pass(sim, DECISION)?;
    }
    Ok(())
}
