//! The operator closes an account on the command line while the server runs: it is honoured within five seconds, at the
//! latest; at once for whatever would be written.

use std::time::{Duration, Instant};

use prilavok_protocol::ids::{MessageId, Role};
use prilavok_server::config::Sockets;
use prilavok_tests::world::logged::Logged;
use prilavok_tests::world::process::binary;
use tokio::process::Command;

/// Everywhere, by whatever means the session was ended.
const EVERYWHERE: Duration = Duration::from_secs(5);

#[test]
fn the_check_that_is_not_shortened_leaves_a_second_for_the_closing() {
    assert!(Sockets::default().access_check + Duration::from_secs(1) <= EVERYWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_account_is_closed_on_the_command_line_is_out_within_five_seconds() {
    let server = Logged::start(1024, "[sockets]\naccess_check = \"1s\"\n").await;
    let (anna, shop) = (
        server.register("Анна", Role::Buyer).await,
        server.register("Чайная гора", Role::Seller).await,
    );
    let thread = anna.start(&shop).await;
    let (mut agent, mut page, mut buyer) = (shop.live().await, shop.room(thread).await, anna.live().await);
    let list = operator(&server, &["user", "list"]).await;
    let id = shop.tokens.account.id.to_string();
    let line = list
        .lines()
        .find(|line| line.contains(&id))
        .expect("the account is listed");
    let email = line
        .split_whitespace()
        .find(|word| word.contains('@'))
        .expect("its address")
        .to_owned();

    let began = Instant::now();
    operator(&server, &["user", "disable", &email]).await;
    let answered = Instant::now();
    assert_eq!(
        shop.post_message(thread, MessageId::mint(), "поздно").await.0,
        401,
        "at once"
    );
    assert_eq!((agent.closed().await, page.closed().await), (4004, 4004));
    assert!(
        answered.elapsed() < EVERYWHERE,
        "{:?} after {:?}",
        answered.elapsed(),
        began.elapsed()
    );
    let mut again = shop.dial("/ws/session").await.expect("it is accepted first");
    assert_eq!(again.closed().await, 4001);
    // The buyer goes on, in the shop's absence.
    anna.says(thread, "есть кто?").await;
    buyer
        .hear_where("the own message", |frame| {
            frame["event"]["message"]["message"] == "есть кто?"
        })
        .await;
}

/// Runs a command beside the running server; what it says.
async fn operator(server: &Logged, arguments: &[&str]) -> String {
    let output = Command::new(binary())
        .args(arguments)
        .arg("--data-dir")
        .arg(server.data_dir())
        .output()
        .await
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
