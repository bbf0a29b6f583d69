//! The line breaks at each byte: of a `send` and of its answers on the session socket, of a POST and of its response.
//! Whatever had passed, the message is there exactly once after it was repeated, and both sides saw it once and in order.

use std::net::SocketAddr;
use std::time::Duration;

use prilavok_protocol::ids::MessageId;
use prilavok_server::config::Config;
use prilavok_tests::faults::proxy::{End, Plan, Proxy};
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::wire::follower::Follower;
use prilavok_tests::world::settings::generous;
use prilavok_tests::world::{Guest, World};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use uuid::Uuid;

/// Which direction is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// What the client says.
    Up,
    /// What the server answers.
    Down,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_breaks_at_each_of_its_bytes_arrives_once() {
    breaks_on_the_socket(Side::Up).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_whose_answers_break_at_each_of_their_bytes_arrives_once() {
    breaks_on_the_socket(Side::Down).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_breaks_at_each_of_its_bytes_leaves_nothing_half_stored() {
    breaks_over_rest(Side::Up).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_whose_response_breaks_at_each_of_its_bytes_can_be_repeated() {
    breaks_over_rest(Side::Down).await;
}

async fn breaks_on_the_socket(side: Side) {
    let world = World::with(patient).await;
    let (anna, shop, thread) = world.pair().await;
    let proxy = Proxy::to(world.address).await;
    let mut device = Follower::of(anna.by_way_of(proxy.address())).await;
    let mut other = Follower::of(shop).await;
    let mut said = Vec::new();
    let passed = || match side {
        Side::Up => proxy.socket().up.passed(),
        Side::Down => proxy.socket().down.passed(),
    };

    // The shortest of three: who is there is told once, at any time, and would be measured too.
    let mut length = u64::MAX;
    for number in 0..3 {
        let before = passed();
        device.sends(thread, MessageId::mint(), &text(number)).await;
        length = length.min(passed() - before);
        said.push(text(number));
    }
    assert!(length > 100, "the frames were measured: {length}");
    for (byte, end) in each(length) {
        let (id, text) = (MessageId::mint(), text(said.len()));
        let socket = proxy.socket();
        match side {
            Side::Up => socket.up.break_after(byte, end),
            Side::Down => socket.down.break_after(byte, end),
        }
        device.tries_to_send(thread, id, &text).await;
        if side == Side::Down {
            // An answer may be some bytes shorter than the first one was, by the digits of its time: the pong fills up.
            device.pings().await;
        }
        device.falls().await;
        device.comes_back().await;
        let stored = device.sends(thread, id, &text).await;
        assert_eq!(stored["seq"], said.len() + 1, "{byte} {end:?}: exactly once");
        said.push(text);
    }
    assert_eq!(device.texts(), said);
    other.hears(&said[said.len() - 1]).await;
    assert_eq!(other.texts(), said);
}

/// The other side only listens in the end, which is more than a minute later where the machine is busy.
fn patient(config: &mut Config) {
    generous(config);
    config.sockets.silence = Duration::from_secs(600);
}

/// Each byte, both ways to break there.
fn each(length: u64) -> impl Iterator<Item = (u64, End)> {
    (0..=length).flat_map(|byte| [(byte, End::Cut), (byte, End::Reset)])
}

/// Always as long.
fn text(round: usize) -> String {
    format!("раунд {round:05}")
}

async fn breaks_over_rest(side: Side) {
    let world = World::with(patient).await;
    let (anna, shop, thread) = world.pair().await;
    let proxy = Proxy::to(world.address).await;
    let mut other = Follower::of(shop).await;

    let whole = post(&proxy, (&anna, world.address), (thread, MessageId::mint(), &text(0))).await;
    assert!(whole.starts_with("HTTP/1.1 201"), "{whole}");
    let first = proxy.connection(0).await;
    let length = match side {
        Side::Up => first.up.passed(),
        Side::Down => first.down.passed(),
    };
    assert!(length > 300, "it was measured: {length}");
    let mut said = vec![text(0)];
    for (round, (byte, end)) in each(length).enumerate() {
        let (id, text) = (MessageId::mint(), text(round + 1));
        let breaks = Some((byte, end));
        proxy.plan(|plan| match side {
            Side::Up => plan.up.breaks = breaks,
            Side::Down => plan.down.breaks = breaks,
        });
        let answer = post(&proxy, (&anna, world.address), (thread, id, &text)).await;
        proxy.plan(|plan| *plan = Plan::default());
        // Even a whole answer may be followed by a reset that spoils it.
        assert!(byte == length || answer.len() < whole.len(), "{byte} {end:?}: {answer}");
        let (status, stored) = anna.post_message(thread, id, &text).await;
        match side {
            Side::Up if byte < length => assert_eq!(status, 201, "{byte} {end:?}: nothing was stored"),
            // All of it had passed; whether the server came to read it before the end is its affair.
            Side::Up => assert!(matches!(status, 200 | 201), "{status}"),
            Side::Down => assert_eq!(status, 200, "{byte} {end:?}: it was stored before it was answered"),
        }
        assert_eq!(stored["data"]["seq"], said.len() + 1, "{byte} {end:?}: exactly once");
        said.push(text);
    }
    other.hears(&said[said.len() - 1]).await;
    assert_eq!(other.texts(), said);
}

/// Posts a message by hand, and reads what comes until the connection ends.
async fn post(
    proxy: &Proxy,
    (guest, host): (&Guest, SocketAddr),
    (thread, id, text): (Uuid, MessageId, &str),
) -> String {
    let body = json!({"id": id, "message": text, "thread_id": thread, "buyer_id": guest.party().id}).to_string();
    let request = format!(
        "POST /api/v1/chat-messages HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        guest.tokens.access_token,
        body.len()
    );
    let talk = async {
        let mut stream = TcpStream::connect(proxy.address()).await.expect("the proxy is there");
        let mut answer = Vec::new();
        if stream.write_all(request.as_bytes()).await.is_ok() {
            // A reset is one of the ways in which it ends.
            let _ = stream.read_to_end(&mut answer).await;
        }
        String::from_utf8_lossy(&answer).into_owned()
    };
    timeout(DEADLINE, talk).await.expect("it ends in time")
}
