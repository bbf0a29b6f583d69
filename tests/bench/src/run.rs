//! Which scenarios, in which order, how often.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::drive::crowd::{come_back, gather};
use crate::drive::large::fill;
use crate::drive::pages::{Page, ask};
use crate::drive::talk::{Pace, Scene, talk};
use crate::reference::disk::index;
use crate::report::Report;
use crate::socket::Door;
use crate::town::{Kind, Shape, Town};
use crate::{document, machine};

/// What is wanted.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Only these scenarios
    #[arg(value_enum)]
    only: Vec<Scenario>,
    /// Rounds; figures are medians over them
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each loop
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The closed loops: pairs × messages in flight a pair
    #[arg(long, value_delimiter = ',', value_parser = closed_loop, default_value = "50x1,50x16,500x16")]
    loops: Vec<(usize, u64)>,
    /// Messages a second of the open loops
    #[arg(long, value_delimiter = ',', default_value = "500,5000")]
    rates: Vec<f64>,
    /// Sockets of the idle crowds
    #[arg(long, value_delimiter = ',', default_value = "1000,9000,18000")]
    crowds: Vec<usize>,
    /// Buyers of the busy shop
    #[arg(long, default_value_t = 2_000)]
    buyers: usize,
    /// Messages in the large stores
    #[arg(long, value_delimiter = ',', default_value = "100000,1000000")]
    stores: Vec<u64>,
    /// Only these kinds
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "relay,relay-store,prilavok"
    )]
    kinds: Vec<Kind>,
    /// The document that gets the tables and plots
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// So many pairs, so many messages in flight
    Closed,
    /// A fixed rate
    Open,
    /// The same through the pages' socket, and through POST
    Doors,
    /// Thousands of buyers of one shop
    Shop,
    /// History and thread lists
    Pages,
    /// Idle sockets, and all of them coming back
    Crowd,
    /// Start and pages of a large store
    Store,
}

/// `50x16`
fn closed_loop(text: &str) -> Result<(usize, u64)> {
    let (pairs, window) = text.split_once('x').context("as in 50x16")?;
    Ok((pairs.parse()?, window.parse()?))
}

/// The agents of the busy shop, and what its buyers write a second, all together.
const SHOP: (usize, f64) = (5, 500.0);
/// Threads of the shop in the large stores.
const THREADS: usize = 500;

/// Runs what is wanted, and prints or writes the tables.
///
/// # Errors
/// When a server fails.
pub async fn run(wanted: Wanted) -> Result<()> {
    machine::raise_limit();
    let machine = machine::describe(tempfile::tempdir()?.path())?;
    let mut run = Run {
        report: Report::default(),
        wanted,
    };
    for round in 0..run.wanted.rounds {
        for kind in run.wanted.kinds.clone() {
            eprintln!("round {} of {}: {}", round + 1, run.wanted.rounds, kind.name());
            run.pairs(kind).await?;
            run.shop(kind).await?;
            run.stores(kind).await?;
        }
    }
    println!("{machine}\n{}", run.report.tables());
    if let Some(out) = run.wanted.out {
        let arguments: Vec<String> = std::env::args()
            .skip(2)
            .take_while(|argument| argument != "--out")
            .collect();
        let command = format!("cargo xtask bench server {}", arguments.join(" "));
        document::write(&out, command.trim(), &machine, &run.report)?;
    }
    Ok(())
}

struct Run {
    wanted: Wanted,
    report: Report,
}

impl Run {
    fn wants(&self, scenario: Scenario) -> bool {
        self.wanted.only.is_empty() || self.wanted.only.contains(&scenario)
    }

    fn during(&self) -> Duration {
        Duration::from_secs(self.wanted.seconds)
    }

    async fn pairs(&mut self, kind: Kind) -> Result<()> {
        let is_any = [
            Scenario::Closed,
            Scenario::Open,
            Scenario::Doors,
            Scenario::Pages,
            Scenario::Crowd,
        ];
        if !is_any.into_iter().any(|scenario| self.wants(scenario)) {
            return Ok(());
        }
        let loops = self.wanted.loops.iter().filter(|_| self.wants(Scenario::Closed));
        let pairs = loops.map(|(pairs, _)| *pairs).fold(50, usize::max);
        let mut town = Town::found(kind, Shape::Pairs(pairs)).await?;
        let scene = Scene {
            pairs: 50,
            agents: 0,
            door: Door::Session,
            pace: Pace::Closed(16),
            during: self.during(),
        };
        if self.wants(Scenario::Closed) {
            for (pairs, window) in self.wanted.loops.clone() {
                let name = format!("closed loop, {pairs} pairs × {window} in flight");
                let pace = Pace::Closed(window);
                self.talk(&town, &name, Scene { pairs, pace, ..scene }).await?;
            }
        }
        if self.wants(Scenario::Open) {
            for rate in self.wanted.rates.clone() {
                let pace = Pace::Open(rate);
                self.talk(
                    &town,
                    &format!("open loop, {rate} a second, 50 pairs"),
                    Scene { pace, ..scene },
                )
                .await?;
            }
        }
        if self.wants(Scenario::Doors) && kind == Kind::Prilavok {
            let door = Door::Room;
            for pace in [Pace::Closed(1), Pace::Closed(16), Pace::Posted] {
                let how = match pace {
                    Pace::Closed(window) => format!("{window} in flight"),
                    Pace::Posted | Pace::Open(_) => "1 POST".into(),
                };
                self.talk(
                    &town,
                    &format!("pages, 50 pairs × {how}"),
                    Scene { door, pace, ..scene },
                )
                .await?;
            }
        }
        if kind == Kind::RelayStore {
            index(town.folder.path())?;
        }
        if self.wants(Scenario::Pages) && kind != Kind::Relay {
            let during = Duration::from_secs(2);
            talk(&town, Scene { during, ..scene }).await?;
            self.pages(&town, "").await?;
        }
        if self.wants(Scenario::Crowd) {
            for sockets in self.wanted.crowds.clone() {
                town = self.crowd(town, sockets).await?;
            }
        }
        town.stop().await.map(drop)
    }

    async fn crowd(&mut self, town: Town, sockets: usize) -> Result<Town> {
        let (kind, town) = (town.kind, town.restart().await?);
        let (crowd, idle) = gather(&town, sockets).await?;
        let back = come_back(&town, crowd).await?;
        for (figure, value) in [
            ("KiB PSS a socket", idle.kib_per_socket),
            ("CPU seconds a minute", idle.cpu_per_minute),
            ("all back after s", back.all.as_secs_f64()),
            ("CPU s for it", back.cpu.as_secs_f64()),
            ("lost", back.lost as f64),
        ] {
            self.report
                .note(&format!("{sockets} idle sockets"), figure, kind, value);
        }
        Ok(town)
    }

    async fn shop(&mut self, kind: Kind) -> Result<()> {
        if !self.wants(Scenario::Shop) {
            return Ok(());
        }
        let (buyers, (agents, rate)) = (self.wanted.buyers, SHOP);
        let town = Town::found(kind, Shape::Shop(buyers)).await?;
        let scene = Scene {
            pairs: buyers,
            agents,
            door: Door::Session,
            pace: Pace::Open(rate),
            during: self.during(),
        };
        let name = format!("a shop of {buyers} buyers and {agents} agents, {rate} a second");
        self.talk(&town, &name, scene).await?;
        if kind == Kind::Prilavok {
            self.pages(&town, &format!(", a shop of {buyers} threads")).await?;
        }
        town.stop().await.map(drop)
    }

    async fn stores(&mut self, kind: Kind) -> Result<()> {
        if !self.wants(Scenario::Store) || kind != Kind::Prilavok {
            return Ok(());
        }
        let mut town = Town::found(kind, Shape::Shop(THREADS)).await?;
        let mut there = 0;
        for messages in self.wanted.stores.clone() {
            town = fill(town, messages.saturating_sub(there)).await?.restart().await?;
            there = messages;
            let name = format!("a store of {messages} messages");
            let ready = town.process.ready_after.as_secs_f64() * 1_000.0;
            self.report.note(&name, "ready after ms", kind, ready);
            self.pages(&town, &format!(", {messages} messages in the store"))
                .await?;
        }
        town.stop().await.map(drop)
    }

    async fn pages(&mut self, town: &Town, of: &str) -> Result<()> {
        for (page, name) in [
            (Page::History, "history, 50 messages"),
            (Page::Threads, "thread list, 50 threads"),
        ] {
            let asked = ask(town, page, self.during()).await?;
            for (figure, value) in [("pages/s", asked.rate), ("p50 ms", asked.p50), ("p99 ms", asked.p99)] {
                self.report.note(&format!("{name}{of}"), figure, town.kind, value);
            }
        }
        Ok(())
    }

    async fn talk(&mut self, town: &Town, name: &str, scene: Scene) -> Result<()> {
        eprintln!("  {name}");
        let talked = talk(town, scene).await?;
        for (figure, value) in [
            ("acknowledged/s", talked.rate),
            ("deliver p50 ms", talked.p50),
            ("deliver p99 ms", talked.p99),
            ("deliver p99.9 ms", talked.p999),
            ("messages per server CPU-second", talked.per_cpu_second),
            ("server PSS MiB", talked.pss_kib as f64 / 1024.0),
            ("lost", talked.lost as f64),
            ("doubled", talked.doubled as f64),
            ("out of order", talked.disordered as f64),
            ("refused", talked.refused as f64),
        ] {
            self.report.note(name, figure, town.kind, value);
        }
        Ok(())
    }
}
