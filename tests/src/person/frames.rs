//! A line that knows what it carries: it reads every frame of the session socket and does with it what a story says.
//!
//! It stands before a server as that server's address. Requests over HTTP pass as they are, unless a story wants the
//! answer to one of them to be lost.

mod codec;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::wire::DEADLINE;
use codec::Frame;

/// Which way a frame goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the device to the server.
    Up,
    /// From the server to the device.
    Down,
}

/// What becomes of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// It arrives.
    Carry,
    /// It is lost, and nobody notices.
    Lose,
    /// These texts arrive in its place.
    Say(Vec<String>),
    /// It arrives as a close frame with this code, and the connection ends.
    Close(u16),
    /// So many bytes of it arrive, then the connection breaks. More than it has: it arrives, and then it breaks.
    CutAfter(usize),
}

/// Decides; it sees each text frame that is JSON.
type Rule = Box<dyn FnMut(Way, &Value) -> Fate + Send>;

/// A line that knows what it carries.
pub struct Frames {
    address: SocketAddr,
    inner: Arc<Inner>,
    _end: DropGuard,
}

struct Inner {
    server: SocketAddr,
    rule: Mutex<Rule>,
    /// The request whose answer is to be lost, and how often still.
    lost: Mutex<(String, usize)>,
    /// Nothing is carried at all.
    is_dead: AtomicBool,
    /// How many answers have been lost, and how many frames have met another fate than to be carried.
    done: watch::Sender<usize>,
}

impl Frames {
    /// A line to this server that carries everything.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::new(Inner {
            server,
            rule: Mutex::new(Box::new(|_, _| Fate::Carry)),
            lost: Mutex::default(),
            is_dead: AtomicBool::new(false),
            done: watch::Sender::new(0),
        });
        let end = CancellationToken::new();
        let (stop, shared) = (end.clone(), Arc::clone(&inner));
        tokio::spawn(async move {
            let accept = async {
                while let Ok((app, _)) = listener.accept().await {
                    if shared.is_dead.load(Ordering::SeqCst) {
                        continue;
                    }
                    let carry = carry(app, Arc::clone(&shared));
                    tokio::spawn(stop.child_token().run_until_cancelled_owned(carry));
                }
            };
            stop.run_until_cancelled(accept).await;
        });
        Self {
            address,
            inner,
            _end: end.drop_guard(),
        }
    }

    /// What a device takes for the server's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on each frame meets this fate.
    pub fn rule(&self, rule: impl FnMut(Way, &Value) -> Fate + Send + 'static) {
        *self.inner.rule.lock().expect("no rule panics") = Box::new(rule);
    }

    /// The dead line lives again. What was said into it until now is lost, also what it had not picked up yet.
    pub async fn revives(&self) {
        // Connections are picked up in their order: once this one has ended, so have those before it.
        let mut last = TcpStream::connect(self.address).await.expect("the line is there");
        let ended = timeout(DEADLINE, last.read(&mut [0])).await.expect("it ends in time");
        assert!(!matches!(ended, Ok(1)), "a dead line says nothing");
        self.inner.is_dead.store(false, Ordering::SeqCst);
    }

    /// From now on every frame arrives.
    pub fn carries_all(&self) {
        self.rule(|_, _| Fate::Carry);
    }

    /// The server gets the next such request, its answer is lost, and from then on nothing is carried.
    pub fn dies_before_the_answer(&self, request: &str) {
        self.loses_answers(request, usize::MAX);
    }

    /// The server gets the next `times` requests whose first line contains this, and the answers are lost.
    pub fn loses_answers(&self, request: &str, times: usize) {
        *self.inner.lost.lock().expect("nobody panics") = (request.to_owned(), times);
    }

    /// Waits until so many frames and answers have met a fate other than to be carried.
    pub async fn has_struck(&self, times: usize) {
        let mut done = self.inner.done.subscribe();
        let struck = timeout(DEADLINE, done.wait_for(|done| *done >= times)).await;
        struck.expect("the fault happens in time").expect("the line is there");
    }
}

impl Inner {
    fn fate(&self, way: Way, frame: &Frame) -> Fate {
        let Some(value) = frame.text().and_then(|text| serde_json::from_slice(&text).ok()) else {
            return Fate::Carry;
        };
        (self.rule.lock().expect("no rule panics"))(way, &value)
    }

    fn is_lost(&self, first_line: &str) -> bool {
        let mut lost = self.lost.lock().expect("nobody panics");
        let is_lost = lost.1 > 0 && first_line.contains(&lost.0);
        lost.1 -= usize::from(is_lost);
        is_lost
    }

    fn lose(&self) {
        let mut lost = self.lost.lock().expect("nobody panics");
        if lost.1 > usize::MAX / 2 {
            lost.1 = 0;
            self.is_dead.store(true, Ordering::SeqCst);
        }
        drop(lost);
        self.strike();
    }

    fn strike(&self) {
        self.done.send_modify(|done| *done += 1);
    }
}

/// One connection of a device, until either side or a rule ends it.
async fn carry(app: TcpStream, inner: Arc<Inner>) {
    let Ok(server) = TcpStream::connect(inner.server).await else {
        return;
    };
    let (app_read, app_write) = app.into_split();
    let (server_read, server_write) = server.into_split();
    let mut ends = Ends {
        app: BufReader::new(app_read),
        to_app: app_write,
        server: BufReader::new(server_read),
        to_server: server_write,
    };
    // An error is the end of the connection: the story sees it in what the device does.
    let _ = serve(&mut ends, &inner).await;
}

struct Ends {
    app: BufReader<OwnedReadHalf>,
    to_app: OwnedWriteHalf,
    server: BufReader<OwnedReadHalf>,
    to_server: OwnedWriteHalf,
}

async fn serve(ends: &mut Ends, inner: &Inner) -> std::io::Result<()> {
    let request = codec::head(&mut ends.app).await?;
    let first_line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let first_line = String::from_utf8_lossy(first_line).into_owned();
    ends.to_server.write_all(&request).await?;
    if !first_line.contains("/ws/session") {
        return plain(ends, inner, first_line).await;
    }
    let answer = codec::head(&mut ends.server).await?;
    ends.to_app.write_all(&answer).await?;
    let up = stream(Way::Up, &mut ends.app, &mut ends.to_server, inner);
    let down = stream(Way::Down, &mut ends.server, &mut ends.to_app, inner);
    tokio::select! {
        ended = up => ended,
        ended = down => ended,
    }
}

/// Requests over HTTP, one after the other on a connection that is kept.
async fn plain(ends: &mut Ends, inner: &Inner, mut first_line: String) -> std::io::Result<()> {
    let (mut up, mut down) = ([0; 8192], [0; 8192]);
    let mut is_lost = inner.is_lost(&first_line);
    loop {
        tokio::select! {
            read = ends.app.read(&mut up) => {
                let read = &up[..read?];
                if read.is_empty() {
                    return Ok(());
                }
                if let Some(at) = read.iter().position(|byte| *byte == b'\r').filter(|_| read.starts_with(b"POST ") || read.starts_with(b"GET ")) {
                    first_line = String::from_utf8_lossy(&read[..at]).into_owned();
                    is_lost |= inner.is_lost(&first_line);
                }
                ends.to_server.write_all(read).await?;
            }
            read = ends.server.read(&mut down) => {
                let read = &down[..read?];
                if is_lost {
                    inner.lose();
                    return Ok(());
                }
                if read.is_empty() {
                    return Ok(());
                }
                ends.to_app.write_all(read).await?;
            }
        }
    }
}

/// One way of a WebSocket, frame by frame.
async fn stream(
    way: Way,
    from: &mut BufReader<OwnedReadHalf>,
    to: &mut OwnedWriteHalf,
    inner: &Inner,
) -> std::io::Result<()> {
    loop {
        let frame = codec::frame(from).await?;
        let fate = inner.fate(way, &frame);
        match &fate {
            Fate::Carry => to.write_all(&frame.bytes).await?,
            Fate::Lose => {}
            Fate::Say(texts) => {
                for text in texts {
                    to.write_all(&codec::text(text, way == Way::Up)).await?;
                }
            }
            Fate::Close(code) => to.write_all(&codec::close(*code, way == Way::Up)).await?,
            Fate::CutAfter(bytes) => to.write_all(&frame.bytes[..frame.bytes.len().min(*bytes)]).await?,
        }
        if fate != Fate::Carry {
            inner.strike();
        }
        if matches!(fate, Fate::Close(_) | Fate::CutAfter(_)) {
            to.shutdown().await?;
            return Ok(());
        }
    }
}
