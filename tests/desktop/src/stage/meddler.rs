//! A line to the server on which answers are replaced by whatever a test thinks up: the rest passes as it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Stage;

/// Longer heads nobody sends.
const HEAD: usize = 64 * 1024;

/// What the line does to the requests whose path begins with this.
#[derive(Debug, Clone)]
pub struct Meddling {
    /// The beginning of the path.
    pub path: &'static str,
    /// What is said.
    pub saying: Saying,
}

/// How an answer is replaced.
#[derive(Debug, Clone)]
pub enum Saying {
    /// These bytes instead of the answer, head and all; then the line is cut.
    Instead(Arc<Vec<u8>>),
    /// These bytes after the answer's head, which is the server's own; then the line is cut.
    After(Arc<Vec<u8>>),
}

#[derive(Default)]
struct Plan {
    meddlings: Mutex<Vec<Meddling>>,
    /// How often something was said by this plan.
    said: AtomicUsize,
}

/// The line; it ends with the value.
pub struct Meddler {
    address: String,
    plan: Arc<Plan>,
    door: tokio::task::JoinHandle<()>,
}

impl Stage {
    /// A line to the stage's server.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn meddler(&self) -> Result<Meddler> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let server = self.server.address().replace("http://", "");
        let plan = Arc::new(Plan::default());
        let known = plan.clone();
        let door = tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                let (server, plan) = (server.clone(), known.clone());
                // A line that breaks is what the app has to live with.
                tokio::spawn(async move { carry(guest, &server, &plan).await });
            }
        });
        Ok(Meddler { address, plan, door })
    }
}

impl Meddler {
    /// What the app takes for the server's address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What is said from now on, and on new lines only.
    pub fn says(&self, meddling: Vec<Meddling>) {
        *self.plan.meddlings.lock().expect("nobody panics while planning") = meddling;
        self.plan.said.store(0, Ordering::SeqCst);
    }

    /// Whether what was planned last has been said.
    #[must_use]
    pub fn has_said(&self) -> bool {
        self.plan.said.load(Ordering::SeqCst) > 0
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.door.abort();
    }
}

/// One request: the server ends each line after its answer, so that every request meets the plan.
async fn carry(mut guest: TcpStream, server: &str, plan: &Plan) -> Result<()> {
    let (head, body) = head(&mut guest).await?;
    let path = head.split(' ').nth(1).context("a request has a path")?.to_owned();
    let planned = plan.meddlings.lock().expect("nobody panics while planning").clone();
    let saying = planned
        .into_iter()
        .find(|meddling| path.starts_with(meddling.path))
        .map(|meddling| meddling.saying);
    if let Some(Saying::Instead(bytes)) = &saying {
        guest.write_all(bytes).await?;
        plan.said.fetch_add(1, Ordering::SeqCst);
        return Ok(guest.shutdown().await?);
    }
    let mut far = TcpStream::connect(server).await?;
    let is_upgrade = head.to_ascii_lowercase().contains("upgrade: websocket");
    let head = if is_upgrade {
        head
    } else {
        head.replacen("\r\n", "\r\nconnection: close\r\n", 1)
    };
    far.write_all(head.as_bytes()).await?;
    far.write_all(&body).await?;
    if let Some(Saying::After(bytes)) = &saying {
        let (head, _) = self::head(&mut far).await?;
        guest.write_all(head.as_bytes()).await?;
        guest.write_all(bytes).await?;
        plan.said.fetch_add(1, Ordering::SeqCst);
        return Ok(guest.shutdown().await?);
    }
    tokio::io::copy_bidirectional(&mut guest, &mut far).await?;
    Ok(())
}

/// Reads up to the empty line; what came behind it already belongs to the body.
async fn head(line: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if line.read_buf(&mut bytes).await? == 0 || bytes.len() > HEAD {
            bail!("the line ended before the head did");
        }
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Ok((String::from_utf8(bytes)?, body));
        }
    }
}
