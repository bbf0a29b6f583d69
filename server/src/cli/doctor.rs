//! `doctor`: looks at everything that a server needs and says what is wrong, each in one sentence.

use std::path::Path;

use anyhow::{Result, bail};
use tokio::net::TcpListener;

use super::backup::existing;
use crate::config::Config;
use crate::home::{Home, Unusable, database_in};

/// Below it a busy day may fill the disk.
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;

pub async fn run(config: Config) -> Result<()> {
    let mut findings = Findings::default();
    findings.good("the configuration is fine");
    let is_running = directory(&config.data_dir, &mut findings);
    space(&config.data_dir, &mut findings);
    database(&config.data_dir, &mut findings).await;
    port(&config, is_running, &mut findings).await;
    match findings.problems {
        0 => Ok(()),
        1 => bail!("1 problem was found"),
        problems => bail!("{problems} problems were found"),
    }
}

#[derive(Default)]
struct Findings {
    problems: usize,
}

impl Findings {
    fn good(&self, sentence: &str) {
        println!("ok       {sentence}");
    }

    fn bad(&mut self, sentence: &str) {
        self.problems += 1;
        println!("problem  {sentence}");
    }
}

/// Whether a server is running on it.
fn directory(path: &Path, findings: &mut Findings) -> bool {
    match Home::open(path).and_then(|home| home.token_key().map(drop)) {
        Ok(()) => findings.good(&format!("the data directory {} can be written", path.display())),
        Err(Unusable::Taken(_)) => {
            findings.good(&format!("a server is running on the data directory {}", path.display()));
            return true;
        }
        Err(error) => findings.bad(&error.to_string()),
    }
    false
}

fn space(path: &Path, findings: &mut Findings) {
    let Some(free) = free_bytes(path) else {
        findings.bad("the free space of the data directory cannot be read");
        return;
    };
    let mib = free / 1024 / 1024;
    if free < LITTLE_SPACE {
        findings.bad(&format!("only {mib} MiB are free in the data directory"));
    } else {
        findings.good(&format!("{mib} MiB are free in the data directory"));
    }
}

fn free_bytes(path: &Path) -> Option<u64> {
    let output = std::process::Command::new("df")
        .args(["-P", "-k"])
        .arg(path)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib * 1024)
}

async fn database(data_dir: &Path, findings: &mut Findings) {
    if !database_in(data_dir).exists() {
        findings.good("there is no database yet; the first start makes it");
        return;
    }
    let store = match existing(data_dir) {
        Ok(store) => store,
        Err(error) => return findings.bad(&format!("{error:#}")),
    };
    match store.check().await {
        Ok(report) if report.problems.is_empty() => findings.good(&format!(
            "the database is whole: threads {}, messages {}",
            report.threads, report.messages
        )),
        Ok(report) => report.problems.iter().for_each(|problem| findings.bad(problem)),
        Err(error) => findings.bad(&format!("the database cannot be read: {error}")),
    }
    store.close().await;
}

async fn port(config: &Config, is_running: bool, findings: &mut Findings) {
    let address = config.http.listen;
    match TcpListener::bind(address).await {
        Ok(_) => findings.good(&format!("the address {address} is free")),
        Err(_) if is_running => findings.good(&format!(
            "the address {address} is in use, by the running server it seems"
        )),
        Err(error) => findings.bad(&format!("the address {address} cannot be listened on: {error}")),
    }
}
