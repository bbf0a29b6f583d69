//! Stopping, starting again, and being killed in the middle of a sentence.

use std::time::Duration;

use prilavok_protocol::ids::{DeviceId, MessageId};
use prilavok_tests::world::World;
use prilavok_tests::world::process::Process;
use serde_json::{Value, json};
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_tells_every_socket_to_come_back_and_waits_for_them() {
    let mut world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut device, mut page) = (anna.live().await, shop.room(thread).await);
    page.rest_of_room().await;
    let stop = async {
        let mut quiet = anna.dial("/ws/session").await.expect("it opens");
        tokio::join!(world.stop(), async {
            let going = device.hear_type("going_away").await;
            assert_eq!(going["spread_ms"], 5_000);
            assert_eq!(device.closed().await, 1012);
            assert_eq!(page.closed().await, 1012);
            assert_eq!(quiet.closed().await, 1012, "also one that has not said hello");
        });
    };
    timeout(Duration::from_secs(20), stop).await.expect("it stops in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_on_after_a_restart_from_the_cursor() {
    let mut world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let device = DeviceId::mint();
    let (mut wire, welcome) = shop.session(device, None).await;
    wire.hear_type("live").await;
    let id = MessageId::mint();
    anna.post_message(thread, id, "до").await;
    let seen = wire
        .hear_where("the message", |frame| frame["event"]["kind"] == "message")
        .await["pos"]
        .clone();
    world.stop().await;
    world.start().await;
    assert_eq!(
        anna.post_message(thread, id, "до").await.0,
        200,
        "a repeat is known after the restart"
    );
    anna.says(thread, "после").await;
    let (mut wire, again) = shop
        .session(device, Some(json!({"epoch": welcome["epoch"], "pos": seen})))
        .await;
    assert_eq!(again["epoch"], welcome["epoch"], "a restart keeps the history");
    let missed = wire.until("live").await;
    let texts: Vec<_> = missed
        .iter()
        .filter_map(|frame| frame["event"]["message"]["message"].as_str())
        .collect();
    assert_eq!(texts, ["после"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn acked_messages_survive_kill_9_exactly_once_and_resume_is_exact() {
    let mut server = Process::new(&[]).await;
    let (anna, shop) = (server.buyer("Анна").await, server.seller("Чайная гора").await);
    let thread = anna.start(&shop).await;
    let (mut listening, welcome) = shop.session(DeviceId::mint(), None).await;
    let mut pos = listening.hear_type("live").await["pos"].clone();
    let mut acked: Vec<MessageId> = Vec::new();
    let mut heard: Vec<Value> = Vec::new();
    for round in 0..3 {
        let mut device = anna.live().await;
        let ids: Vec<MessageId> = (0..3).map(|_| MessageId::mint()).collect();
        // All are on their way when the first answer comes; then there is no server any more.
        for (index, id) in ids.iter().enumerate() {
            let command = send(thread, *id, round, index);
            device
                .say(json!({"type": "command", "id": index, "command": command}))
                .await;
        }
        let reply = device.hear_type("reply").await;
        assert_eq!(reply["done"]["message"]["id"], json!(ids[0]), "{reply}");
        acked.push(ids[0]);
        server.kill().await;
        // What was heard before the end is heard; the rest must come after the cursor.
        for event in listening
            .closed_with()
            .await
            .2
            .into_iter()
            .filter(|frame| frame["type"] == "event")
        {
            pos = event["pos"].clone();
            heard.push(event);
        }
        server.start().await;
        let mut device = anna.live().await;
        for (index, id) in ids.iter().enumerate() {
            let reply = device.ask(index as u64, send(thread, *id, round, index)).await;
            assert_eq!(
                reply["done"]["message"]["id"],
                json!(id),
                "the answer was unknown, the repeat tells: {reply}"
            );
        }
        acked.extend(&ids[1..]);
        listening = shop
            .session(DeviceId::mint(), Some(json!({"epoch": welcome["epoch"], "pos": pos})))
            .await
            .0;
        let missed = listening.until("live").await;
        pos = missed.last().map_or(pos, |frame| frame["pos"].clone());
        heard.extend(missed);
    }
    let mut stored = shop.history(thread).await;
    stored.reverse();
    let ids: Vec<&Value> = stored.iter().map(|message| &message["id"]).collect();
    assert_eq!(ids.len(), acked.len(), "each exactly once");
    assert!(
        acked.iter().all(|id| ids.contains(&&json!(id))),
        "nothing acked is lost"
    );
    let seqs: Vec<_> = stored.iter().filter_map(|message| message["seq"].as_u64()).collect();
    assert_eq!(seqs, (1..=acked.len() as u64).collect::<Vec<_>>(), "without holes");
    let told: Vec<&Value> = heard
        .iter()
        .filter(|frame| frame["event"]["kind"] == "message")
        .map(|frame| &frame["event"]["message"]["id"])
        .collect();
    assert_eq!(told, ids, "the other side was told each once, in order");
    assert!(server.terminate().await, "it ends well when it is asked to");
}

fn send(thread: uuid::Uuid, id: MessageId, round: usize, index: usize) -> Value {
    json!({"kind": "send", "thread_id": thread, "message_id": id, "message": format!("круг {round}, номер {index}")})
}
