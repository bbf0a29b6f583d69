//! The disk fails a sync under the real server: it ends with a failure and one sentence, and the next start serves all
//! that was acknowledged. The apps wait for it.

use std::process::Stdio;

use prilavok_client::MessageState;
use prilavok_protocol::ids::{MessageId, Role};
use prilavok_tests::person::{Device, Person};
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::Guest;
use prilavok_tests::world::process::{Process, Program};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tokio::time::timeout;

/// More than a start needs.
const A_FEW: u32 = 40;
/// More than are synced before the fault.
const MANY: usize = 200;

/// A server on a disk whose sync fails after so many good ones, on its own port and in its own folder.
fn on_a_failing_disk(good: u32) -> (Process, Child) {
    let mut server = Process::waiting(Program::Faulty);
    let folder = server.folder().to_str().expect("a name").to_owned();
    server.set("SYNCS_FOLDER", &folder);
    let listen = server.address.to_string();
    let settings = server.folder().join("settings.toml");
    let hasty = "[limits]\nsend_burst = 1000\nsends_per_minute = 60000\n";
    std::fs::write(&settings, hasty).expect("the settings are written");
    let child = server
        .command(&["serve", "--listen", &listen], "")
        .arg("--config")
        .arg(&settings)
        .env("SYNCS_GOOD", good.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    (server, child)
}

async fn is_ready(child: &mut Child) {
    let mut lines = BufReader::new(child.stdout.as_mut().expect("it is piped")).lines();
    let line = timeout(DEADLINE, lines.next_line()).await.expect("it is ready in time");
    line.expect("it can be read").expect("it says that it is ready");
}

/// Waits until it has ended badly, and returns what it said then to whoever started it.
async fn ends(mut child: Child) -> String {
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("it is piped");
    let told = timeout(DEADLINE * 2, stderr.read_to_string(&mut said)).await;
    told.expect("it ends in time").expect("it can be read");
    let end = timeout(DEADLINE, child.wait())
        .await
        .expect("it ends")
        .expect("it can be waited for");
    assert_eq!(end.code(), Some(1), "{said}");
    let last: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("prilavok-server: "))
        .collect();
    assert_eq!(last.len(), 1, "one sentence: {said}");
    assert_eq!(said.lines().last(), last.first().copied(), "and it is the last: {said}");
    last[0].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_sync_ends_with_a_failure_and_a_sentence_and_the_next_serves_all_that_was_acked() {
    let (mut server, mut child) = on_a_failing_disk(A_FEW);
    is_ready(&mut child).await;
    let (anna, shop) = (
        Guest::register(server.address, "Анна", Role::Buyer).await,
        Guest::register(server.address, "Чайная гора", Role::Seller).await,
    );
    let thread = anna.start(&shop).await;
    let mut acked = Vec::new();
    let unknown = loop {
        let id = MessageId::mint();
        let (status, answer) = anna.post_message(thread, id, "подтверждено?").await;
        if status != 201 {
            assert_eq!((status, &answer["code"]), (503, &json!("unavailable")), "{answer}");
            break id;
        }
        acked.push(id);
        assert!(acked.len() < MANY, "the sync does not fail");
    };
    assert!(!acked.is_empty(), "it served for a while");
    let sentence = ends(child).await;
    assert!(
        sentence.contains("could not make what was written durable") && sentence.contains("start it again"),
        "{sentence}"
    );

    server.start().await;
    let history = shop.history(thread).await;
    let stored = |id: &MessageId| history.iter().filter(|message| message["id"] == json!(id)).count();
    assert!(
        acked.iter().all(|id| stored(id) == 1),
        "each acknowledged one is there once"
    );
    assert!(stored(&unknown) <= 1);
    let (status, answer) = anna.post_message(thread, unknown, "подтверждено?").await;
    assert!(matches!(status, 200 | 201), "{answer}");
    let seqs: Vec<u64> = shop
        .history(thread)
        .await
        .iter()
        .filter_map(|message| message["seq"].as_u64())
        .collect();
    let all = u64::try_from(acked.len()).expect("it is small") + 1;
    assert_eq!(seqs, (1..=all).rev().collect::<Vec<_>>());
    assert!(server.terminate().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_waits_for_a_server_that_could_not_sync_and_what_was_written_goes_once() {
    let (mut server, mut child) = on_a_failing_disk(A_FEW);
    is_ready(&mut child).await;
    let mut anna = Device::new(server.address, Role::Buyer).await.joins("Анна").await;
    let mut shop = Person::new(server.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    let ended = tokio::spawn(ends(child));
    let mut written = Vec::new();
    while !ended.is_finished() {
        let said = anna.says(thread, &format!("{}", written.len())).await;
        anna.waits("sent, or offline", |screen| {
            let is_sent = screen
                .messages
                .get(&said.id)
                .is_some_and(|item| item.state == MessageState::Sent);
            let is_online = screen.connection == prilavok_client::Connection::Online;
            (is_sent || !is_online).then_some(())
        })
        .await;
        written.push(said);
        assert!(written.len() < MANY, "the sync does not fail");
        if anna.looks().connection != prilavok_client::Connection::Online {
            break;
        }
    }
    ended.await.expect("it ends as it should");
    anna.is_offline().await;
    written.push(anna.says(thread, "пока сервера нет").await);

    server.start().await;
    anna.comes_back().await;
    shop.comes_back().await;
    for item in &written {
        anna.sees(item.id, MessageState::Sent).await;
        shop.hears(&item.message).await;
    }
    let texts: Vec<&str> = written.iter().map(|item| item.message.as_str()).collect();
    assert_eq!(anna.texts(thread).await, texts, "each once, in the order of writing");
    assert_eq!(shop.texts(thread).await, texts);
    assert!(server.terminate().await);
}
