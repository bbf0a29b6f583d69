//! Search within a thread: by REST and by the engine, with the server well, killed, and away.

use prilavok_protocol::ids::Role;
use prilavok_tests::person::Person;
use prilavok_tests::world::World;
use prilavok_tests::world::guest::Guest;
use prilavok_tests::world::process::Process;
use prilavok_tests::world::settings::generous;
use uuid::Uuid;

/// The status, the places of the hits, and how many there are in all.
async fn found(who: &Guest, thread: Uuid, query: &str) -> (u16, Vec<u64>, u64) {
    let (status, answer) = who
        .get(&format!("/chat-messages/by-thread/{thread}/search?{query}"))
        .await;
    let hits = answer["data"].as_array().into_iter().flatten();
    let seqs = hits.filter_map(|message| message["seq"].as_u64()).collect();
    (status, seqs, answer["pagination"]["total"].as_u64().unwrap_or(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_searched_in_any_word_form_by_its_two_sides_only() {
    let world = World::with(generous).await;
    let (anna, shop, thread) = world.pair().await;
    for line in [
        "Сколько стоит доставка?",
        "Доставку посчитаем, заказ №1042",
        "Ёлка будет?",
    ] {
        anna.says(thread, line).await;
    }
    for who in [&anna, &shop] {
        for (query, seqs) in [
            ("text=доставкой", vec![2, 1]),
            ("text=дост&limit=1", vec![2]),
            ("text=дост&before_seq=2", vec![1]),
            ("text=104", vec![2]),
            ("text=ЕЛКИ", vec![3]),
            ("text=%22стоит+доставка%22", vec![1]),
            ("text=", vec![]),
            ("", vec![]),
            ("text=%22+OR+*", vec![]),
        ] {
            let (status, hits, _) = found(who, thread, query).await;
            assert_eq!((status, hits), (200, seqs), "{query}");
        }
    }
    assert_eq!(
        found(&anna, thread, "text=дост&limit=1").await.2,
        2,
        "the total counts all"
    );
    // What was answered a moment ago is found now, whatever the index has taken in.
    for number in 10_000..10_050 {
        anna.says(thread, &format!("счёт {number}")).await;
        let (_, hits, _) = found(&shop, thread, &format!("text={number}")).await;
        assert_eq!(hits.len(), 1, "{number}");
    }

    let stranger = world.buyer("Маша").await;
    let path = format!("/chat-messages/by-thread/{thread}/search?text=доставка");
    let (status, foreign) = stranger.get(&path).await;
    assert_eq!(status, 404, "{foreign}");
    let nowhere = path.replace(&thread.to_string(), &Uuid::now_v7().to_string());
    let (status, missing) = stranger.get(&nowhere).await;
    assert_eq!(
        (status, &missing["detail"]),
        (404, &foreign["detail"]),
        "they look the same"
    );
    assert_eq!(found(&anna, thread, &format!("text={}", "я".repeat(201))).await.0, 422);
    assert_eq!(found(&anna, thread, "text=чай&limit=101").await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_log_and_index_hides_nothing() {
    let mut server = Process::new(&[]).await;
    let (anna, shop) = (server.buyer("Анна").await, server.seller("Чайная гора").await);
    let thread = anna.start(&shop).await;
    for round in 1..=3_u64 {
        anna.says(thread, "Когда ждать доставку?").await;
        server.kill().await;
        server.start().await;
        let (status, hits, total) = found(&shop, thread, "text=доставка").await;
        assert_eq!((status, total), (200, round));
        assert_eq!(hits, (1..=round).rev().collect::<Vec<_>>());
    }
    let index = index_of(&server);
    assert!(index.exists(), "the server keeps one");
    server.kill().await;
    std::fs::write(&index, "not a database at all".repeat(500)).expect("written");
    server.start().await;
    assert_eq!(
        found(&shop, thread, "text=доставка").await.2,
        3,
        "a damaged index is made anew"
    );
}

fn index_of(server: &Process) -> std::path::PathBuf {
    let mut folders = vec![server.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.ends_with("store.sqlite-search") {
                return path;
            }
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    server.folder().join("store.sqlite-search")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_asks_the_server_and_without_it_searches_what_it_holds() {
    let mut world = World::with(generous).await;
    let anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.client.start(shop.seller_id(), None).await.expect("it starts");
    let mut anna = anna;
    anna.says(thread, "🚚 Доставка по городу есть?").await;
    shop.hears("🚚 Доставка по городу есть?").await;
    let online = shop.client.search(thread, "доставку", None).await.expect("an answer");
    assert_eq!((online.total, online.is_partial), (1, false));
    assert_eq!(online.hits[0].marks, [(3, 11)], "as a page counts");
    let older = shop.client.search(thread, "доставку", Some(online.hits[0].seq)).await;
    assert_eq!(older.expect("an answer").hits, []);
    world.stop().await;
    shop.is_offline().await;
    let offline = shop.client.search(thread, "ДОСТАВКОЙ", None).await.expect("an answer");
    assert_eq!(
        (offline.hits, offline.total, offline.is_partial),
        (online.hits, 1, true)
    );
    let none = shop.client.search(thread, "  ", None).await.expect("an answer");
    assert_eq!(none.total, 0);
}
