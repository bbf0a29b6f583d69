//! The server's disk was lost and an older backup restored. Devices take a snapshot of the new history, keep what only
//! they have, and say what the server has lost.

use prilavok_client::{Connection, MessageState, Stretch};
use prilavok_protocol::ids::{Role, Seq, ThreadId};
use prilavok_tests::person::screen::Screen;
use prilavok_tests::person::{PASSWORD, Person};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;

async fn pair(world: &World) -> (Person, Person, ThreadId) {
    let anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    (anna, shop, thread)
}

/// What stands in the thread, and how far each message got.
async fn shown(person: &Person, thread: ThreadId) -> Vec<(String, MessageState)> {
    let page = person
        .client
        .messages(thread, Stretch::Newest, 100)
        .await
        .expect("a page");
    assert!(!page.incomplete);
    page.messages
        .into_iter()
        .map(|message| (message.message, message.state))
        .collect()
}

/// Notices that the server has stopped, and comes back to the one that runs again.
async fn comes_back(person: &mut Person) {
    person.is_offline().await;
    person.client.reconnect_now().await.expect("the engine runs");
    person.is_online().await;
}

fn rolled_back() -> MessageState {
    MessageState::Failed {
        reason: "rolled_back".into(),
    }
}

/// Writes, and waits until both sides have it.
async fn talk(from: &mut Person, to: &mut Person, thread: ThreadId, text: &str) {
    let said = from.says(thread, text).await;
    to.hears(text).await;
    from.sees(said.id, MessageState::Delivered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_restored_server_lost_comes_back_as_failed_and_what_was_unsent_goes_once() {
    let mut world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    talk(&mut anna, &mut shop, thread, "до копии").await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.sqlite");
    world.backup(&backup).await;
    talk(&mut anna, &mut shop, thread, "после копии").await;
    talk(&mut shop, &mut anna, thread, "ответ после копии").await;
    anna.goes_offline().await;
    let unsent = anna.says(thread, "не отправлено").await;
    anna.client.set_draft(thread, "черновик").await.expect("on the disk");

    world.restore(&backup).await;
    anna.comes_back().await;
    anna.sees(unsent.id, MessageState::Sent).await;
    comes_back(&mut shop).await;
    for (person, lost) in [(&mut anna, "после копии"), (&mut shop, "ответ после копии")] {
        person
            .waits("a warning", |screen| {
                screen.warnings.contains(&"restored".to_owned()).then_some(())
            })
            .await;
        let page = shown(person, thread).await;
        assert!(
            page.contains(&(lost.to_owned(), rolled_back())),
            "it is kept and marked: {page:#?}"
        );
        assert_eq!(
            page.len(),
            3,
            "nothing that the server lost is shown as if it were there: {page:#?}"
        );
    }
    assert_eq!(anna.client.draft(thread).await.as_deref(), Ok("черновик"));

    // Each decides, and what is sent again arrives once.
    for (person, text, seq) in [
        (&mut anna, "после копии", Seq(3)),
        (&mut shop, "ответ после копии", Seq(4)),
    ] {
        let page = person
            .client
            .messages(thread, Stretch::Newest, 100)
            .await
            .expect("a page");
        let failed = page
            .messages
            .iter()
            .find(|message| message.message == text)
            .expect("it is there");
        person.client.retry(failed.id).await.expect("it is tried again");
        let is_placed = |screen: &Screen| (screen.messages.get(&failed.id)?.seq == Some(seq)).then_some(());
        person.waits("its new place", is_placed).await;
    }
    for (person, text, seq) in [
        (&mut shop, "после копии", Seq(3)),
        (&mut anna, "ответ после копии", Seq(4)),
    ] {
        let is_new = |screen: &Screen| screen.heard(text).filter(|message| message.seq == Some(seq)).map(drop);
        person.waits("it in its new place", is_new).await;
    }
    assert_eq!(
        anna.texts(thread).await,
        ["до копии", "не отправлено", "после копии", "ответ после копии"]
    );
    assert_eq!(anna.texts(thread).await, shop.texts(thread).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_history_as_long_as_the_lost_one_is_not_mistaken_for_it() {
    let mut world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    talk(&mut anna, &mut shop, thread, "общее").await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.sqlite");
    world.backup(&backup).await;
    talk(&mut anna, &mut shop, thread, "моё потерянное").await;
    talk(&mut shop, &mut anna, thread, "их потерянное").await;
    anna.goes_offline().await;
    world.restore(&backup).await;
    // While Anna is away the shop writes as much as was lost: the numbers say nothing any more.
    comes_back(&mut shop).await;
    let first = shop.says(thread, "новое раз").await;
    let second = shop.says(thread, "новое два").await;
    for said in [first, second] {
        shop.sees(said.id, MessageState::Sent).await;
    }
    anna.comes_back().await;
    let page = shown(&anna, thread).await;
    let expected = [
        ("общее".to_owned(), MessageState::Delivered),
        ("новое раз".to_owned(), MessageState::Received),
        ("новое два".to_owned(), MessageState::Received),
        ("моё потерянное".to_owned(), rolled_back()),
    ];
    assert_eq!(page[1..], expected[1..]);
    assert_eq!(page[0].0, expected[0].0);
    anna.waits("a warning", |screen| {
        screen.warnings.contains(&"restored".to_owned()).then_some(())
    })
    .await;
    let mine = anna
        .client
        .messages(thread, Stretch::Newest, 100)
        .await
        .expect("a page")
        .messages;
    let mine = mine.last().expect("it is there").clone();
    anna.client.retry(mine.id).await.expect("the engine knows it");
    shop.hears("моё потерянное").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_the_restored_server_never_had_keeps_ones_words_and_goes_on_when_it_is_started_again() {
    let mut world = World::with(generous).await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.sqlite");
    world.backup(&backup).await;
    let thread = anna.starts_with(&mut shop).await;
    talk(&mut anna, &mut shop, thread, "потеряно вместе с чатом").await;
    anna.goes_offline().await;
    anna.says(thread, "не отправлено").await;
    world.restore(&backup).await;
    anna.comes_back().await;
    anna.waits("a warning", |screen| {
        screen.warnings.contains(&"restored".to_owned()).then_some(())
    })
    .await;
    let not_found = MessageState::Failed {
        reason: "not_found".into(),
    };
    anna.waits("the refusal", |screen| {
        let refused = screen.messages.values().find(|message| message.state == not_found)?;
        (refused.message == "не отправлено").then_some(())
    })
    .await;
    assert_eq!(
        anna.client.threads().await.expect("threads").len(),
        1,
        "the thread does not vanish"
    );
    let mut words = anna.texts(thread).await;
    words.sort();
    assert_eq!(words, ["не отправлено", "потеряно вместе с чатом"]);

    let again = anna
        .client
        .start(shop.seller_id(), None)
        .await
        .expect("it starts again");
    assert_ne!(again, thread);
    assert_eq!(
        anna.client.threads().await.expect("threads").len(),
        1,
        "one thread a shop"
    );
    comes_back(&mut shop).await;
    let page = anna.client.messages(again, Stretch::Newest, 100).await.expect("a page");
    assert_eq!(page.messages.len(), 2);
    for message in page.messages {
        anna.client.retry(message.id).await.expect("the engine knows it");
        let is_same = |its: &&prilavok_client::MessageItem| its.id == message.id && its.thread_id == again;
        shop.waits("it in the new thread", |screen| {
            screen.messages.values().find(is_same).map(drop)
        })
        .await;
        anna.sees(message.id, MessageState::Sent).await;
    }
    assert_eq!(anna.texts(again).await, shop.texts(again).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_restored_server_does_not_know_is_said_and_nothing_unsent_is_lost() {
    // So short that each connection begins with a refresh.
    let mut world = World::with(|config| {
        generous(config);
        config.auth.access = std::time::Duration::from_secs(20);
    })
    .await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.sqlite");
    world.backup(&backup).await;
    // Her token is exchanged twice after the backup: the restored server has never seen the one that she holds.
    for _ in 0..2 {
        anna.goes_offline().await;
        anna.comes_back().await;
    }
    anna.goes_offline().await;
    anna.says(thread, "не отправлено").await;
    world.restore(&backup).await;
    anna.device().line(prilavok_tests::person::relay::Line::Open);
    anna.client.reconnect_now().await.expect("the engine runs");
    let stopped = Connection::Stopped {
        reason: "signed_out".into(),
    };
    anna.waits("the reason", |screen| (screen.connection == stopped).then_some(()))
        .await;
    assert_eq!(texts_offline(&anna, thread).await, ["не отправлено"]);
    let email = anna.device().email().to_owned();
    anna.client.sign_in(&email, PASSWORD).await.expect("signed in");
    shop.client.reconnect_now().await.expect("the engine runs");
    shop.hears("не отправлено").await;
}

async fn texts_offline(person: &Person, thread: ThreadId) -> Vec<String> {
    let page = person
        .client
        .messages(thread, Stretch::Newest, 100)
        .await
        .expect("a page");
    page.messages.into_iter().map(|message| message.message).collect()
}
