//! A soak: hundreds of clients talk for minutes, something breaks every few seconds, and in the end everything is checked.
//!
//! `cargo xtask soak --minutes N` runs it; the short form is a test. What it finds is a page of Markdown.

pub mod disk;
pub mod faults;
pub mod report;
pub mod server;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::{interval, interval_at, timeout};

use crate::checker;
use crate::crowd::{Crowd, Plan};
use crate::history::{self, History, Kind, Place};
use disk::Disk;
use faults::Faults;
use report::Findings;
use server::{Server, Usage};

/// How long descriptors may take to come back: the server drops a silent connection after a minute.
const SETTLE: Duration = Duration::from_secs(75);

/// How often one looks whether the server is there.
const REVIVE: Duration = Duration::from_millis(250);
/// How much of its log is told of a crowd that does not come to rest.
const LOG_LINES: usize = 20;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Soak {
    /// The server to be hurt.
    pub binary: PathBuf,
    /// Who talks.
    pub plan: Plan,
    /// How long at least.
    pub length: Duration,
    /// How many messages at least; given up at three times the length.
    pub messages: u64,
    /// Between two faults.
    pub every: Duration,
    /// How it was asked for.
    pub command: String,
}

/// Runs it.
///
/// # Errors
/// When it cannot be run, or does not come to rest.
pub async fn run(soak: Soak) -> Result<Findings> {
    let disk = Disk::new()?;
    let mut server = Server::start(&soak.binary, &disk.data()?, &disk.log()).await?;
    let before = server.usage();
    let history = History::new();
    let mut faults = Faults::new(history.join("chaos", Kind::Chaos, None));
    let crowd = Crowd::start(server.address, soak.plan, history.clone()).await;
    let clients = crowd.clients();
    println!("{clients} clients at {}", server.address);
    let begin = Instant::now();
    let mut most = Usage::default();
    let mut clock = interval_at((begin + soak.every).into(), soak.every);
    loop {
        clock.tick().await;
        let (acks, talked) = (crowd.orders.acks(), begin.elapsed());
        let now = server.usage();
        most.memory = most.memory.max(now.memory);
        most.descriptors = most.descriptors.max(now.descriptors);
        faults.revive(&mut server).await?;
        let is_enough = talked >= soak.length && acks >= soak.messages;
        if is_enough || talked >= soak.length * 3 {
            break;
        }
        let is_server_spared = talked * 5 > soak.length * 4;
        let fault = faults
            .strike(&mut server, (&disk, &crowd.orders), is_server_spared)
            .await?;
        println!(
            "{:>5} s  {acks:>8} acked  {:>5} MiB  {fault}",
            talked.as_secs(),
            now.memory / 1024
        );
    }
    let talked = begin.elapsed();
    let returns = crowd.orders.returns();
    println!("coming to rest");
    let history = stop(crowd, &mut faults, &mut server).await?;
    println!("at rest after {:.0?}", begin.elapsed());
    let after = settle(&server, before).await;
    println!("settled after {:.0?}", begin.elapsed());
    let age = server.age();
    server.terminate().await?;
    history.join("log", Kind::Log, None).sees(Place::Log, &server.log()?);

    let records = history.take();
    println!("checking {} records", records.len());
    let checking = Instant::now();
    let report = checker::check(&records);
    let findings = Findings {
        report,
        clients,
        talked,
        returns,
        faults: faults.struck,
        usage: [before, most, after],
        age,
        checked: (records.len(), checking.elapsed()),
        about: about(soak.command),
    };
    if !findings.report.is_good() {
        let file = history::keep_at("soak");
        history::save(&records, &file)?;
        println!("the history is kept in {}", file.display());
    }
    Ok(findings)
}

/// Lets the crowd come to rest. A disk that was full may end a server later still: somebody starts it again, as anywhere.
async fn stop(crowd: Crowd, faults: &mut Faults, server: &mut Server) -> Result<History> {
    let _told = LogOfPanic(server.log_file().to_owned());
    let (mut clock, mut stopping) = (interval(REVIVE), std::pin::pin!(crowd.stop()));
    loop {
        tokio::select! {
            history = &mut stopping => return Ok(history),
            _ = clock.tick() => faults.revive(server).await?,
        }
    }
}

/// Prints the end of the server's log when the crowd does not come to rest.
struct LogOfPanic(PathBuf);

impl Drop for LogOfPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = std::fs::read(&self.0).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let lines: Vec<&str> = log.lines().collect();
            println!("the server's log ends with");
            for line in &lines[lines.len().saturating_sub(LOG_LINES)..] {
                println!("  {line}");
            }
        }
    }
}

/// Waits until the server holds no more descriptors than before anybody came, or for long enough.
async fn settle(server: &Server, before: Usage) -> Usage {
    let settled = async {
        // A pool may have grown meanwhile, see `report`.
        while server.usage().descriptors > before.descriptors + report::DESCRIPTORS {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    };
    // What is left after that is told in the report.
    let _ = timeout(SETTLE, settled).await;
    server.usage()
}

/// The machine, the date, the command.
fn about(command: String) -> [(&'static str, String); 4] {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = format!("{}, {cores} cores", model.map_or("unknown processor", |(_, name)| name));
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok());
    let memory = memory.map_or(0, |kib: u64| kib / 1024 / 1024);
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let millis = seconds.map_or(0, |since| since.as_millis());
    let date = prilavok_protocol::time::Time::from_millis(i64::try_from(millis).unwrap_or_default());
    let date = serde_json::to_string(&date).unwrap_or_default();
    [
        ("command", format!("`{command}`")),
        ("date", date.trim_matches('"').to_owned()),
        ("machine", format!("{machine}, {memory} GiB, {}", std::env::consts::OS)),
        ("shared by", "the server, all clients and the checker".to_owned()),
    ]
}
