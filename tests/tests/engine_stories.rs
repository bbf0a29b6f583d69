//! Two engines and a real server: what a person is promised, whatever happens to lines, servers and processes.

use prilavok_client::{Connection, Error, Focus, MessageState, Stretch};
use prilavok_protocol::ids::{Role, Seq, ThreadId};
use prilavok_protocol::rest::ProductQuery;
use prilavok_tests::person::relay::Line;
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;

/// Anna, the tea shop, and their thread.
async fn pair(world: &World) -> (Person, Person, ThreadId) {
    let anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna
        .client
        .start(shop.seller_id(), None)
        .await
        .expect("the thread starts");
    (anna, shop, thread)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_writes_and_a_seller_answers() {
    let world = World::new().await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    let asked = anna.says(thread, "Есть ли улун?").await;
    assert_eq!(asked.state, MessageState::Queued);
    let heard = shop.hears("Есть ли улун?").await;
    assert_eq!(heard.seq, Some(Seq(1)));
    anna.sees(asked.id, MessageState::Delivered).await;

    let notice = shop
        .waits("a notice", |screen| screen.notices.get(&thread).cloned())
        .await;
    assert_eq!(
        (notice.title.as_str(), notice.body.as_str(), notice.count),
        ("Анна", "Есть ли улун?", 1)
    );
    assert_eq!(shop.client.unread(), 1);
    shop.waits("a waiting clock", |screen| screen.threads.get(&thread)?.waiting_since)
        .await;
    shop.reads(thread).await;
    anna.sees(asked.id, MessageState::Read).await;
    shop.waits("the notice to close", |screen| screen.notices.is_empty().then_some(()))
        .await;
    assert_eq!(shop.client.unread(), 0);

    shop.client.typing(thread, true).await.expect("the engine runs");
    anna.waits("typing", |screen| screen.typing.contains(&thread).then_some(()))
        .await;
    anna.client
        .look(Focus {
            thread: Some(thread),
            is_focused: true,
        })
        .await
        .expect("the engine runs");
    let answer = shop.says(thread, "Есть, тёмный").await;
    anna.hears("Есть, тёмный").await;
    anna.waits("no typing", |screen| screen.typing.is_empty().then_some(()))
        .await;
    shop.sees(answer.id, MessageState::Delivered).await;
    anna.reads(thread).await;
    shop.sees(answer.id, MessageState::Read).await;
    assert_eq!(anna.looks().raised, 0, "no notice for what is in front of one's eyes");
    assert_eq!(anna.texts(thread).await, shop.texts(thread).await);
    anna.closes().await;
    shop.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_offline_goes_once_and_in_order() {
    let world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    anna.says(thread, "ноль").await;
    shop.hears("ноль").await;
    anna.goes_offline().await;
    let mut last = None;
    for text in ["раз", "два", "три"] {
        last = Some(anna.says(thread, text).await);
    }
    let never = anna.says(thread, "никогда").await;
    assert_eq!(anna.client.cancel(never.id).await, Ok(true));
    anna.client.set_draft(thread, "черновик").await.expect("on the disk");
    assert_eq!(anna.texts(thread).await, ["ноль", "раз", "два", "три"]);

    // The app is closed and opened without a network: it paints from its cache.
    let device = anna.closes().await;
    let mut anna = device.starts().await;
    assert_eq!(anna.texts(thread).await, ["ноль", "раз", "два", "три"]);
    assert_eq!(anna.client.draft(thread).await.as_deref(), Ok("черновик"));
    assert!(anna.client.threads().await.expect("threads")[0].draft.is_some());

    anna.comes_back().await;
    let last = last.expect("three were written");
    anna.sees(last.id, MessageState::Delivered).await;
    shop.hears("три").await;
    assert_eq!(shop.texts(thread).await, ["ноль", "раз", "два", "три"]);
    assert_eq!(anna.texts(thread).await, ["ноль", "раз", "два", "три"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_and_starts_again_loses_nothing() {
    let mut world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    anna.says(thread, "до").await;
    shop.hears("до").await;
    world.stop().await;
    let reason = anna.is_offline().await;
    assert_eq!(reason, "restart", "the server said goodbye");
    shop.is_offline().await;
    let question = anna.says(thread, "во время").await;
    let answer = shop.says(thread, "и я").await;
    world.start().await;
    anna.client.reconnect_now().await.expect("the engine runs");
    anna.hears("и я").await;
    shop.hears("во время").await;
    anna.sees(question.id, MessageState::Sent).await;
    shop.sees(answer.id, MessageState::Sent).await;
    shop.reads(thread).await;
    anna.sees(question.id, MessageState::Read).await;
    assert_eq!(anna.texts(thread).await, shop.texts(thread).await);
    assert_eq!(anna.texts(thread).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_killed_in_the_middle_of_sending_sends_once() {
    let world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    // The message gets through and its answer does not.
    anna.device().line(Line::Deaf);
    let sent = anna.says(thread, "один раз").await;
    shop.hears("один раз").await;
    anna.sees(sent.id, MessageState::Sending).await;
    assert_eq!(anna.client.cancel(sent.id).await, Ok(false), "it may have arrived");
    let device = anna.crashes();
    let mut anna = device.starts().await;
    let page = anna.client.messages(thread, Stretch::Newest, 10).await.expect("a page");
    let states: Vec<_> = page
        .messages
        .iter()
        .map(|message| (message.id, &message.state))
        .collect();
    assert_eq!(states, [(sent.id, &MessageState::Unconfirmed)]);
    anna.device().line(Line::Cut);
    anna.is_offline().await;
    anna.comes_back().await;
    anna.sees(sent.id, MessageState::Delivered).await;
    anna.says(thread, "и ещё").await;
    shop.hears("и ещё").await;
    assert_eq!(shop.texts(thread).await, ["один раз", "и ещё"]);
    assert_eq!(anna.texts(thread).await, ["один раз", "и ещё"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_offline_is_read_once_the_line_is_back() {
    let world = World::new().await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    let asked = anna.says(thread, "читали?").await;
    shop.hears("читали?").await;
    shop.goes_offline().await;
    shop.reads(thread).await;
    assert_eq!(shop.client.unread(), 0);
    let device = shop.crashes();
    let mut shop = device.starts().await;
    assert_eq!(shop.client.unread(), 0);
    shop.comes_back().await;
    anna.sees(asked.id, MessageState::Read).await;
    assert_eq!(shop.client.unread(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_one_device_is_silent_on_the_other() {
    let world = World::new().await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    let mut second = shop.second_device(world.address).await;
    anna.says(thread, "кто-нибудь?").await;
    second
        .waits("a notice", |screen| screen.notices.get(&thread).map(drop))
        .await;
    shop.hears("кто-нибудь?").await;
    let device = second.closes().await;
    shop.reads(thread).await;
    anna.says(thread, "ещё").await;
    shop.hears("ещё").await;
    let mut second = device.starts().await;
    second.is_online().await;
    let notice = second
        .waits("a notice", |screen| screen.notices.get(&thread).cloned())
        .await;
    assert_eq!((notice.body.as_str(), notice.count), ("ещё", 1), "only what is unread");
    shop.reads(thread).await;
    second
        .waits("the notice to close", |screen| screen.notices.is_empty().then_some(()))
        .await;
    second
        .waits("nothing unread", |screen| (screen.unread == 0).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_fetches_the_history_that_it_looks_at() {
    let world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    for n in 1..=130 {
        anna.says(thread, &n.to_string()).await;
    }
    shop.hears("130").await;
    let second = shop.second_device(world.address).await;
    let numbers = async |stretch, limit| {
        let page = second.client.messages(thread, stretch, limit).await.expect("a page");
        assert!(!page.incomplete);
        let seqs: Vec<u64> = page
            .messages
            .iter()
            .filter_map(|message| message.seq)
            .map(|seq| seq.0)
            .collect();
        (
            seqs.first().copied(),
            seqs.last().copied(),
            seqs.len(),
            page.has_older,
            page.has_newer,
        )
    };
    assert_eq!(
        numbers(Stretch::Newest, 50).await,
        (Some(81), Some(130), 50, true, false)
    );
    assert_eq!(
        numbers(Stretch::Around { seq: Seq(20) }, 20).await,
        (Some(11), Some(30), 20, true, true)
    );
    assert_eq!(
        numbers(Stretch::Before { seq: Seq(81) }, 100).await,
        (Some(1), Some(80), 80, false, true)
    );
    assert_eq!(
        numbers(Stretch::After { seq: Seq(100) }, 10).await,
        (Some(101), Some(110), 10, true, true)
    );

    // What was fetched stays; what was not is known to be missing.
    let mut second = second.closes().await.starts().await;
    second.goes_offline().await;
    let page = second
        .client
        .messages(thread, Stretch::Before { seq: Seq(81) }, 80)
        .await
        .expect("a page");
    assert_eq!((page.messages.len(), page.incomplete), (80, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_is_waited_out_and_nothing_fails() {
    let world = World::with(|config| {
        config.limits.send_burst = 3;
        config.limits.sends_per_minute = 120;
    })
    .await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    let mut last = None;
    for n in 1..=6 {
        last = Some(anna.says(thread, &n.to_string()).await);
    }
    anna.sees(last.expect("six were written").id, MessageState::Sent).await;
    shop.hears("6").await;
    assert_eq!(shop.texts(thread).await, ["1", "2", "3", "4", "5", "6"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_elsewhere_says_so_and_keeps_what_was_written() {
    let world = World::new().await;
    let (anna, _shop, thread) = pair(&world).await;
    let mut second = anna.second_device(world.address).await;
    let sessions = anna.client.sessions().await.expect("sessions");
    let other = sessions
        .iter()
        .find(|session| !session.is_current)
        .expect("two devices");
    anna.client.end_session(other.id).await.expect("ended");
    let stopped = Connection::Stopped {
        reason: "signed_out".into(),
    };
    second
        .waits("stopped", |screen| (screen.connection == stopped).then_some(()))
        .await;
    second.says(thread, "позже").await;
    assert_eq!(second.texts(thread).await, ["позже"]);
    anna.client.sign_out(false).await.expect("signed out");
    assert_eq!(anna.client.connection(), Connection::Idle);
    assert_eq!(anna.client.threads().await, Err(Error::SignedOut));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_history_takes_a_snapshot_and_keeps_what_was_written() {
    let world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    anna.says(thread, "раз").await;
    shop.hears("раз").await;
    anna.goes_offline().await;
    let waiting = anna.says(thread, "два").await;
    let device = anna.closes().await;
    let file = rusqlite::Connection::open(device.cache_file()).expect("the cache");
    let changed = file.execute("update cursor set epoch = '00000000-0000-4000-8000-000000000000'", []);
    assert_eq!(changed, Ok(1));
    drop(file);
    device.line(Line::Open);
    let mut anna = device.starts().await;
    anna.is_online().await;
    anna.sees(waiting.id, MessageState::Sent).await;
    assert!(anna.looks().resets >= 2, "the screen was told to ask again");
    shop.hears("два").await;
    assert_eq!(anna.texts(thread).await, ["раз", "два"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_cache_is_replaced_and_what_was_written_is_sent() {
    let world = World::with(generous).await;
    let (mut anna, mut shop, thread) = pair(&world).await;
    anna.says(thread, "раз").await;
    shop.hears("раз").await;
    anna.goes_offline().await;
    anna.says(thread, "два").await;
    let device = anna.closes().await;
    // The root page of the index of threads becomes noise; the outbox lies elsewhere.
    let path = device.cache_file();
    let file = rusqlite::Connection::open(&path).expect("the cache");
    let page: i64 = file
        .query_row("select rootpage from sqlite_schema where name = 'thread'", [], |row| {
            row.get(0)
        })
        .expect("a table");
    drop(file);
    let mut bytes = std::fs::read(&path).expect("the cache");
    let start = usize::try_from((page - 1) * 4096).expect("a small file");
    bytes[start..start + 4096].fill(0xa5);
    std::fs::write(&path, bytes).expect("the cache");
    device.line(Line::Open);
    let mut anna = device.starts().await;
    anna.is_online().await;
    shop.hears("два").await;
    assert_eq!(anna.looks().warnings, ["cache"]);
    assert_eq!(anna.texts(thread).await, ["раз", "два"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_and_a_wrong_app_are_told_plainly() {
    let world = World::new().await;
    let anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    for (address, code) in [
        (nobody.to_string(), "refused"),
        ("https://nobody.invalid".to_owned(), "dns"),
        (format!("https://{}", world.address), "tls"),
        ("ftp://example.org".to_owned(), "bad_address"),
    ] {
        let error = anna.client.set_server(&address).await.expect_err("no server there");
        assert_eq!(error.code(), code, "{address}: {error}");
    }
    assert!(
        anna.client.identity().account.is_some(),
        "a wrong address changes nothing"
    );

    let shop = Device::new(world.address, Role::Seller).await.starts().await;
    assert_eq!(
        shop.client.sign_in("a@example.ru", "12345678").await,
        Err(Error::NoServer)
    );
    shop.client
        .set_server(&world.address.to_string())
        .await
        .expect("the server answers");
    let wrong = shop
        .client
        .sign_in("nobody@example.ru", "неверный пароль")
        .await
        .expect_err("unknown");
    assert_eq!(wrong.code(), "bad_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_that_was_seen_is_there_without_a_line() {
    let world = World::new().await;
    let guest = world.seller("Чайная гора").await;
    let tea = world.product(&guest, "Улун тёмный").await;
    world.product(&guest, "Пуэр").await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let query = ProductQuery {
        search_query: Some("улун темный".into()),
        ..ProductQuery::default()
    };
    let online = anna.client.products(query.clone()).await.expect("a page");
    assert_eq!(online.items.iter().map(|product| product.id).collect::<Vec<_>>(), [tea]);
    let shop = anna.client.sellers(0, 20).await.expect("a page").items.remove(0);
    assert_eq!(anna.client.seller(shop.id).await.expect("a shop").name, "Чайная гора");
    anna.goes_offline().await;
    assert_eq!(anna.client.products(query).await.expect("a page"), online);
    assert_eq!(anna.client.product(tea).await.expect("a product").title, "Улун тёмный");
    assert_eq!(anna.client.seller(shop.id).await.expect("a shop").name, "Чайная гора");
}
