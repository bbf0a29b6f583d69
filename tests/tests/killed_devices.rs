//! The app dies between any two writes to its disk: what it has taken it sends once, and its cache equals the server.

use prilavok_client::faults;
use prilavok_tests::device::Device;
use prilavok_tests::world::{Guest, World};
use serde_json::{Value, json};
use uuid::Uuid;

/// A buyer at the server, and a shop's device.
struct Scene {
    world: World,
    anna: Guest,
    device: Device,
    thread: Uuid,
}

impl Scene {
    async fn new() -> Self {
        let world = World::with(|config| {
            config.limits.sends_per_minute = 60_000;
            config.limits.send_burst = 1_000;
        })
        .await;
        let anna = world.buyer("Анна").await;
        let mut device = Device::new(world.address, "seller");
        device.start("");
        let account = device.identity().await.expect("it signs in");
        assert!(
            device.is_online().await,
            "or else the thread comes with its first snapshot"
        );
        let pair = json!({"buyer_id": anna.party().id, "seller_id": account["seller_id"]});
        let (_, started) = anna.post("/chat-threads/start-with-seller", pair).await;
        let thread = started["data"]["id"].as_str().expect("an id").parse().expect("a UUID");
        let is_there = |line: &Value| (line["update"]["thread"]["id"] == json!(thread)).then_some(());
        device.hears("the thread", is_there).await.expect("it runs");
        assert!(!device.has_died().await);
        Self {
            world,
            anna,
            device,
            thread,
        }
    }

    /// Waits until the device shows that all of these are sent, and returns what it shows. The answer to a send may come
    /// before its entry of the log: the thread's head follows.
    async fn settles(&mut self, queued: &[Value]) -> Value {
        let on_its_way = ["queued", "sending", "unconfirmed"];
        loop {
            let updates = self.device.updates;
            let shown = self.device.shows(self.thread).await;
            let messages = shown["messages"].as_array().expect("a list");
            let is_sent = |id: &Value| {
                let mut same = messages.iter().filter(|message| message["id"] == *id);
                same.any(|message| !on_its_way.iter().any(|state| message["state"]["state"] == *state))
            };
            let last = messages.last().map_or(&Value::Null, |message| &message["seq"]);
            if queued.iter().all(is_sent) && shown["threads"][0]["head_seq"] == *last {
                return shown;
            }
            // What changed before the answer came is asked for again at once.
            if self.device.updates == updates {
                let is_told = |line: &Value| line.get("update").map(|_| ());
                self.device.hears("a change", is_told).await.expect("it runs");
            }
        }
    }

    /// What a device shows and the server does not have so, or the reverse.
    async fn differences(&self, shown: &Value, queued: &[Value]) -> Vec<String> {
        let mut stored = self.anna.history(self.thread).await;
        stored.reverse();
        let mut differences = Vec::new();
        let mut equal = |what: &str, device: Value, server: Value| {
            if device != server {
                differences.push(format!("{what}: the device has {device}, the server {server}"));
            }
        };
        let lines = |messages: &[Value]| -> Value {
            let line = |message: &Value| json!([message["seq"], message["id"], message["message"]]);
            messages.iter().map(line).collect()
        };
        let held = shown["messages"].as_array().expect("a list");
        equal("the messages", lines(held), lines(&stored));
        for id in queued {
            let times = stored.iter().filter(|message| message["id"] == *id).count();
            equal("what it took is stored once", json!(1), json!(times));
        }
        let is_own = |message: &&Value| message["sender_type"] == "seller";
        let unread = stored.iter().rev().take_while(|message| !is_own(message)).count();
        let thread = &shown["threads"][0];
        let last = stored.last().cloned().unwrap_or_default();
        equal("the thread's head", thread["head_seq"].clone(), last["seq"].clone());
        equal(
            "the last message",
            thread["last_message"].clone(),
            last["message"].clone(),
        );
        equal("unread in the list", thread["unread_count"].clone(), json!(unread));
        equal("unread in the title", shown["unread"].clone(), json!(unread));
        differences
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_dies_between_two_writes_sends_what_it_took_once_and_misses_nothing() {
    let mut scene = Scene::new().await;
    let (mut queued, mut deaths) = (Vec::new(), 0);
    for point in faults::POINTS {
        for passed in 0..14 {
            let round = format!("{point}, {passed}");
            scene.device.start(&format!("{point}={passed}*off->return"));
            scene.anna.says(scene.thread, &format!("вопрос: {round}")).await;
            let order = json!({"do": "send", "thread": scene.thread, "text": format!("ответ: {round}")});
            scene.device.tell(order).await;
            let taken = |line: &Value| line.get("queued").map(|message| message["id"].clone());
            queued.extend(scene.device.hears("the message", taken).await);
            let last = format!("и ещё: {round}");
            scene.anna.says(scene.thread, &last).await;
            let is_last = |line: &Value| (line["update"]["message"]["message"] == json!(last)).then_some(());
            scene.device.hears("the last question", is_last).await;
            deaths += usize::from(scene.device.has_died().await);
        }
    }
    assert!(deaths >= 15, "it died only {deaths} times");
    assert!(queued.len() >= 5, "it took only {} messages", queued.len());
    scene.device.start("");
    assert!(scene.device.is_online().await);
    let shown = scene.settles(&queued).await;
    assert_eq!(scene.differences(&shown, &queued).await, [""; 0]);
    assert!(!scene.device.has_died().await);
    scene.world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_moved_outside_the_transaction_is_caught() {
    for (bug, is_caught) in [
        ("bug.cursor_outside_transaction=return;cache.advanced=return", true),
        ("", false),
    ] {
        let mut scene = Scene::new().await;
        scene.device.start(bug);
        assert!(scene.device.is_online().await);
        scene.anna.says(scene.thread, "слышно?").await;
        let has_come = |line: &Value| line["update"].get("message").map(|_| ());
        let heard = scene.device.hears("the message, or the end", has_come).await;
        assert_eq!(heard.is_none(), is_caught);
        assert_eq!(scene.device.has_died().await, is_caught);
        scene.device.start("");
        assert!(scene.device.is_online().await);
        let shown = scene.device.shows(scene.thread).await;
        let differences = scene.differences(&shown, &[]).await;
        assert_eq!(!differences.is_empty(), is_caught, "{differences:?}");
        assert!(!scene.device.has_died().await);
    }
}
