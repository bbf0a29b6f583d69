//! Two devices of one account, apart and together again: every message once and in one order, and one truth about what
//! has been read.

use std::sync::{Arc, Mutex};

use prilavok_client::MessageItem;
use prilavok_protocol::ids::{Role, Seq, ThreadId};
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::person::screen::Screen;
use prilavok_tests::person::{Device, PASSWORD, Person};
use prilavok_tests::world::settings::generous;
use prilavok_tests::world::{Guest, World};
use serde_json::{Value, json};

/// Waits until everything that was written while they were apart has its place in the thread.
async fn has_all(person: &mut Person) {
    for device in ["телефон", "ноутбук"] {
        for text in (1..=3).map(|n| format!("{device} {n}")).chain(["вы где?".to_owned()]) {
            let is_it = |message: &&MessageItem| message.message == text && message.seq.is_some();
            let has_it = |screen: &Screen| screen.messages.values().find(is_it).map(drop);
            person.waits(&text, has_it).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_write_offline_is_there_once_and_in_one_order_whoever_comes_back_first() {
    for is_phone_first in [true, false] {
        let world = World::with(generous).await;
        let mut phone = Person::new(world.address, Role::Buyer, "Анна").await;
        let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
        let thread = phone.starts_with(&mut shop).await;
        phone.says(thread, "ноль").await;
        shop.hears("ноль").await;
        let mut laptop = phone.second_device(world.address).await;
        assert_eq!(laptop.texts(thread).await, ["ноль"]);
        phone.goes_offline().await;
        laptop.goes_offline().await;
        for n in 1..=3 {
            phone.says(thread, &format!("телефон {n}")).await;
            laptop.says(thread, &format!("ноутбук {n}")).await;
        }
        // One of them has its app killed on top.
        let mut laptop = laptop.crashes().starts().await;
        shop.says(thread, "вы где?").await;
        if is_phone_first {
            phone.comes_back().await;
            laptop.comes_back().await;
        } else {
            laptop.comes_back().await;
            phone.comes_back().await;
        }
        has_all(&mut phone).await;
        has_all(&mut laptop).await;
        has_all(&mut shop).await;
        let order = shop.texts(thread).await;
        assert_eq!(order.len(), 8, "each once: {order:?}");
        assert_eq!(phone.texts(thread).await, order);
        assert_eq!(laptop.texts(thread).await, order);
        for device in ["телефон", "ноутбук"] {
            let own: Vec<_> = order.iter().filter(|text| text.starts_with(device)).collect();
            let written: Vec<_> = (1..=3).map(|n| format!("{device} {n}")).collect();
            assert_eq!(
                own,
                written.iter().collect::<Vec<_>>(),
                "each device's own order is kept"
            );
        }
    }
}

/// The same account, over the marketplace API.
async fn guest(world: &World, person: &Person) -> Guest {
    let login = json!({"email": person.device().email(), "password": PASSWORD});
    let answer = reqwest::Client::new()
        .post(world.api("/auth/login"))
        .json(&login)
        .send()
        .await;
    let answer: Value = answer.expect("an answer").json().await.expect("JSON");
    world.guest(serde_json::from_value(answer["data"].clone()).expect("tokens"))
}

/// Waits until the shop sees that the buyer has read so far.
async fn has_read(shop: &mut Person, thread: ThreadId, up_to: Seq) {
    shop.waits("the mark", |screen| {
        (screen.threads.get(&thread)?.summary.thread.buyer_read_seq == up_to).then_some(())
    })
    .await;
}

async fn unread(person: &mut Person, total: u32) {
    let is_so = |screen: &Screen| (screen.unread == total).then_some(());
    person.waits(&format!("{total} unread"), is_so).await;
    assert_eq!(person.client.unread(), total);
    let threads = person.client.threads().await.expect("threads");
    assert_eq!(threads[0].summary.unread_count, total, "the list says the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_read_offline_only_moves_forward_and_is_counted_alike_everywhere() {
    let world = World::with(generous).await;
    let frames = Frames::to(world.address).await;
    let marks = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&marks);
    frames.rule(move |way, frame| {
        if way == Way::Down && frame["event"]["kind"] == "read" {
            told.lock()
                .expect("no test panics here")
                .push(frame["event"]["up_to_seq"].as_u64());
        }
        Fate::Carry
    });
    let mut phone = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut shop = Device::new(frames.address(), Role::Seller)
        .await
        .joins("Чайная гора")
        .await;
    let thread = phone.starts_with(&mut shop).await;
    let mut laptop = phone.second_device(world.address).await;
    for n in 1..=10 {
        shop.says(thread, &format!("новость {n}")).await;
    }
    for device in [&mut phone, &mut laptop] {
        device.hears("новость 10").await;
        unread(device, 10).await;
        device.goes_offline().await;
    }
    phone.client.mark_read(thread, Seq(4)).await.expect("on the disk");
    laptop.client.mark_read(thread, Seq(7)).await.expect("on the disk");
    unread(&mut phone, 6).await;
    unread(&mut laptop, 3).await;
    let guest = guest(&world, &phone).await;
    // The one that has read further comes back first: the other must not pull the mark back.
    laptop.comes_back().await;
    has_read(&mut shop, thread, Seq(7)).await;
    phone.comes_back().await;
    unread(&mut phone, 3).await;
    shop.says(thread, "новость 11").await;
    for device in [&mut phone, &mut laptop] {
        device.hears("новость 11").await;
        unread(device, 4).await;
    }
    let path = format!("/chat-messages/unread-count/{}?user_type=buyer", guest.party().id);
    assert_eq!(guest.get(&path).await.1["data"], 4, "and so does the server");
    phone.client.mark_read(thread, Seq(11)).await.expect("on the disk");
    unread(&mut laptop, 0).await;
    has_read(&mut shop, thread, Seq(11)).await;
    assert_eq!(guest.get(&path).await.1["data"], 0);
    let marks = marks.lock().expect("no test panics here");
    assert!(marks.is_sorted(), "the mark never goes back: {marks:?}");
    assert_eq!(*marks, [Some(7), Some(11)]);
}
