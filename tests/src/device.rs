//! A device whose app runs in a process of its own, so that it can die between any two writes to its disk.

use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use uuid::Uuid;

use crate::person::PASSWORD;
use crate::wire::DEADLINE;
use crate::world::process::{ABORTED, Program, binary_of};

/// A device; its app may run or not.
pub struct Device {
    folder: TempDir,
    server: SocketAddr,
    role: &'static str,
    email: String,
    /// How many times it has told its screen something.
    pub updates: usize,
    running: Option<Running>,
}

struct Running {
    child: Child,
    orders: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Device {
    /// A new one, of a `buyer` or a `seller`. Its app does not run yet.
    #[must_use]
    pub fn new(server: SocketAddr, role: &'static str) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            server,
            role,
            email: format!("{}@example.ru", Uuid::now_v7().simple()),
            updates: 0,
            running: None,
        }
    }

    /// Starts the app, with these faults.
    pub fn start(&mut self, faults: &str) {
        let mut child = Command::new(binary_of(Program::FaultyDevice))
            .arg(self.folder.path())
            .args([&self.server.to_string(), self.role, &self.email, PASSWORD])
            .env("FAILPOINTS", faults)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the app starts");
        let orders = child.stdin.take().expect("it is piped");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        self.running = Some(Running { child, orders, lines });
    }

    /// Tells it what to do; an app that has just died does not hear it.
    pub async fn tell(&mut self, order: Value) {
        let running = self.running.as_mut().expect("it runs");
        let _ = running.orders.write_all(format!("{order}\n").as_bytes()).await;
    }

    /// The next line that fits, or `None` when the app has died.
    pub async fn hears<T>(&mut self, what: &str, fits: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let running = self.running.as_mut().expect("it runs");
        let mut passed = Vec::new();
        let wanted = async {
            while let Ok(Some(line)) = running.lines.next_line().await {
                let line: Value = serde_json::from_str(&line).expect("the app says JSON");
                self.updates += usize::from(line.get("update").is_some());
                if let Some(found) = fits(&line) {
                    return Some(found);
                }
                passed.push(line);
            }
            None
        };
        let found = timeout(DEADLINE, wanted).await;
        found.unwrap_or_else(|_| panic!("no {what} in time; heard {passed:#?}"))
    }

    /// The account, once it is signed in.
    pub async fn identity(&mut self) -> Option<Value> {
        self.hears("identity", |line| {
            line.get("identity").map(|identity| identity["account"].clone())
        })
        .await
    }

    /// Whether the app has come so far as to be online.
    pub async fn is_online(&mut self) -> bool {
        let online = json!("online");
        self.hears("online", |line| {
            (line["update"]["connection"]["state"] == online).then_some(())
        })
        .await
        .is_some()
    }

    /// All that the screen would show of a thread.
    pub async fn shows(&mut self, thread: Uuid) -> Value {
        self.tell(json!({"do": "show", "thread": thread})).await;
        self.hears("screen", |line| line.get("shown").cloned())
            .await
            .expect("it runs")
    }

    /// Waits until the app ends, and returns how.
    pub async fn wait(&mut self) -> ExitStatus {
        let mut running = self.running.take().expect("it was started");
        // Nobody tells it anything any more: an app that lives closes.
        drop(running.orders);
        let end = async {
            // It says its last words before it ends.
            while let Ok(Some(_)) = running.lines.next_line().await {}
            running.child.wait().await.expect("it can be waited for")
        };
        timeout(DEADLINE * 2, end).await.expect("it ends in time")
    }

    /// Waits until it ends; true when it died at a point, false when it closed well.
    pub async fn has_died(&mut self) -> bool {
        let end = self.wait().await;
        assert!(
            end.success() || end.signal() == Some(ABORTED),
            "it neither closed nor died at a point: {end}"
        );
        !end.success()
    }
}
