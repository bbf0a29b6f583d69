//! The operator shuts somebody out on the command line while the server runs: their sockets close within a second, and
//! nothing more is taken from them at once.

use std::time::{Duration, Instant};

use prilavok_protocol::ids::{MessageId, Role};
use prilavok_server::config::Sockets;
use prilavok_tests::world::Guest;
use prilavok_tests::world::logged::Logged;
use prilavok_tests::world::process::binary;
use serde_json::json;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use uuid::Uuid;

/// From the command's answer to the closed socket.
const AT_ONCE: Duration = Duration::from_secs(1);
/// Everywhere, by whatever means the session was ended, when nobody watches.
const EVERYWHERE: Duration = Duration::from_secs(5);

#[test]
fn looks_are_frequent_and_the_checks_behind_them_leave_a_second_for_the_closing() {
    let sockets = Sockets::default();
    assert!(sockets.revocation_check * 3 <= AT_ONCE);
    assert!(sockets.access_check + AT_ONCE <= EVERYWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_account_is_closed_on_the_command_line_is_out_within_a_second() {
    is_out(&["user", "disable"], 4004).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_is_removed_on_the_command_line_is_out_within_a_second() {
    is_out(&["user", "remove"], 4003).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_a_new_password_on_the_command_line_is_out_within_a_second() {
    is_out(&["user", "password"], 4009).await;
}

async fn is_out(command: &[&str], code: u16) {
    // No socket looks by itself: what is seen here is seen by the one task that watches for all.
    let server = Logged::start(1024, "[sockets]\naccess_check = \"1h\"\n").await;
    let anna = server.register("Анна", Role::Buyer).await;
    // On a machine that is busy with other tests one may take longer.
    let mut took = Vec::new();
    while took.len() < 3 && took.last().is_none_or(|took| *took >= AT_ONCE) {
        took.push(one_is_out(&server, &anna, (command, code)).await);
    }
    assert!(took.last() < Some(&AT_ONCE), "they took {took:?}");
}

async fn one_is_out(server: &Logged, anna: &Guest, (command, code): (&[&str], u16)) -> Duration {
    let shop = server.register("Чайная гора", Role::Seller).await;
    let thread = anna.start(&shop).await;
    let (mut agent, mut page, mut buyer) = (shop.live().await, shop.room(thread).await, anna.live().await);
    let email = email_of(server, &shop).await;
    operator(server, &[command, &[&email]].concat()).await;
    let answered = Instant::now();
    assert_eq!(
        shop.post_message(thread, MessageId::mint(), "поздно").await.0,
        401,
        "at once"
    );
    assert_eq!((agent.closed().await, page.closed().await), (code, code));
    let took = answered.elapsed();
    is_not_let_in(&shop, thread).await;
    // The buyer goes on, in the shop's absence.
    anna.says(thread, "есть кто?").await;
    buyer
        .hear_where("the own message", |frame| {
            frame["event"]["message"]["message"] == "есть кто?"
        })
        .await;
    took
}

/// Neither by the access token nor by the refresh token, nor by either socket.
async fn is_not_let_in(shop: &Guest, thread: Uuid) {
    for path in ["/ws/session".to_owned(), shop.room_path(thread)] {
        let mut again = shop.dial(&path).await.expect("it is accepted first");
        assert_eq!(again.closed().await, 4001);
    }
    let refresh = json!({"refresh_token": shop.tokens.refresh_token});
    assert_eq!(shop.post("/auth/refresh", refresh).await.0, 401);
    assert_eq!(shop.post("/auth/ws-ticket", json!({})).await.0, 401);
}

async fn email_of(server: &Logged, guest: &Guest) -> String {
    let list = operator(server, &["user", "list"]).await;
    let id = guest.tokens.account.id.to_string();
    let line = list
        .lines()
        .find(|line| line.contains(&id))
        .expect("the account is listed");
    let email = line.split_whitespace().find(|word| word.contains('@'));
    email.expect("its address").to_owned()
}

/// Runs a command beside the running server; what it says.
async fn operator(server: &Logged, arguments: &[&str]) -> String {
    let mut command = Command::new(binary())
        .args(arguments)
        .arg("--data-dir")
        .arg(server.data_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = command.stdin.take().expect("it is piped");
    // Most commands read nothing, and may be gone by now.
    let _ = input.write_all("другой-пароль\n".as_bytes()).await;
    drop(input);
    let output = command.wait_with_output().await.expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
