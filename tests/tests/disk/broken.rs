//! A sync, and a sync that fails, under the whole server.

use prilavok_protocol::ids::MessageId;
use prilavok_test_vfs::{Disk, Fault, Kind};
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::World;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::block_in_place;
use uuid::Uuid;

/// A server on a disk that we hold in our hand.
pub async fn world_on_a_disk() -> (World, Disk) {
    let mut disk = None;
    let world = World::with(|config| disk = Some(Disk::mount(&config.data_dir))).await;
    (world, disk.expect("it was mounted"))
}

pub fn send(thread: Uuid, id: MessageId, text: &str) -> Value {
    json!({"kind": "send", "thread_id": thread, "message_id": id, "message": text})
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_message_before_it_is_durable() {
    let (world, disk) = world_on_a_disk().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut from, mut to) = (anna.live().await, shop.live().await);
    let gate = disk.gate();
    let id = MessageId::mint();
    from.say(json!({"type": "command", "id": 7, "command": send(thread, id, "Есть пуэр?")}))
        .await;
    block_in_place(|| gate.next(DEADLINE)).expect("the message is written and waits for its sync");
    let heard = to.rest_of_session().await;
    assert!(
        heard.iter().all(|frame| frame["type"] != "event"),
        "too early: {heard:#?}"
    );
    assert_eq!(shop.history(thread).await, [] as [Value; 0], "nor is it to be read");
    gate.pass();
    drop(gate);
    let reply = from.hear_type("reply").await;
    assert_eq!(reply["done"]["message"]["id"], json!(id));
    let event = to
        .hear_where("the message", |frame| frame["event"]["kind"] == "message")
        .await;
    assert_eq!(event["event"]["message"]["id"], json!(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_disk_fails_a_sync_acks_nothing_more_and_ends_with_an_error() {
    let (mut world, disk) = world_on_a_disk().await;
    let (anna, shop, thread) = world.pair().await;
    let mut device = anna.live().await;
    let (acked, unknown) = (MessageId::mint(), MessageId::mint());
    let reply = device.ask(1, send(thread, acked, "до")).await;
    assert_eq!(reply["done"]["message"]["seq"], 1, "{reply}");

    disk.fail(Fault::once(&[Kind::Sync], 1));
    let (status, problem) = anna.post_message(thread, unknown, "во время").await;
    let sentence = "Неизвестно, сохранено ли. Повторите тот же запрос.";
    assert_eq!((status, &problem["detail"]), (503, &json!(sentence)), "{problem}");
    let reason = world.fails().await.to_string();
    assert!(reason.contains("could not make what was written durable"), "{reason}");
    assert_eq!(device.closed().await, 1012, "devices come back later");
    TcpListener::bind(world.address)
        .await
        .expect("nobody listens there any more");

    // Somebody starts it again. What the disk holds decides about the unknown one; its repeat tells.
    world.start().await;
    let (status, again) = anna.post_message(thread, unknown, "во время").await;
    assert!(status == 200 || status == 201, "{status} {again}");
    let seqs: Vec<_> = shop
        .history(thread)
        .await
        .iter()
        .map(|message| message["seq"].clone())
        .collect();
    assert_eq!(seqs, [2, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_trust_its_disk_is_not_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::mount(folder.path());
    let config = prilavok_server::config::Config {
        data_dir: folder.path().to_owned(),
        ..Default::default()
    };
    let app = prilavok_server::build(config).await.expect("it is built");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let ready = format!("http://{}/readyz", listener.local_addr().expect("an address"));
    // Only the connections, without `run`, which would end them: what a probe sees in the last moments.
    let service = prilavok_server::http::service(app.clone());
    let accepting = tokio::spawn(prilavok_server::accept::serve(listener, app.clone(), service));
    let status = async || reqwest::get(&ready).await.expect("an answer").status().as_u16();
    assert_eq!(status().await, 200);
    disk.fail(Fault::once(&[Kind::Sync], 1));
    let store = &app.store;
    let put = prilavok_server::store::conformance::buyer(store, "Ольга").await;
    assert!(put.is_err(), "{put:?}");
    assert_eq!(status().await, 503);
    app.stopping.cancel();
    accepting.await.expect("it ends");
    app.database.close().await;
}
