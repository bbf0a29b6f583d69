//! The marketplace API, row by row, as far as the chat goes.

use futures::future::join_all;
use prilavok_protocol::ids::MessageId;
use prilavok_tests::world::World;
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_made_once_and_found_afterwards() {
    let world = World::new().await;
    let (anna, shop) = (world.buyer("Анна").await, world.seller("Чайная гора").await);
    let body = json!({"buyer_id": anna.party().id, "seller_id": shop.party().id});
    let (status, made) = anna.post("/chat-threads/start-with-seller", body.clone()).await;
    assert_eq!(status, 201, "{made}");
    let (status, found) = anna.post("/chat-threads/start-with-seller", body).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(made["data"]["id"], found["data"]["id"]);
    assert_eq!(made["data"]["buyer_id"], json!(anna.party().id));
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_calls_get_one_thread() {
    let world = World::new().await;
    let (anna, shop) = (world.buyer("Анна").await, world.seller("Чайная гора").await);
    let ids = join_all((0..16).map(|_| anna.start(&shop))).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let (_, list) = shop.get(&format!("/chat-threads/by-seller/{}", shop.party().id)).await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_buyer_may_start_and_only_with_somebody_who_exists() {
    let world = World::new().await;
    let (anna, shop) = (world.buyer("Анна").await, world.seller("Чайная гора").await);
    let start = |buyer: Uuid, seller: Uuid| json!({"buyer_id": buyer, "seller_id": seller});
    let (buyer, seller) = (anna.party().id, shop.party().id);
    let path = "/chat-threads/start-with-seller";
    assert_eq!(shop.post(path, start(buyer, seller)).await.0, 403);
    assert_eq!(
        anna.post(path, start(Uuid::now_v7(), seller)).await.0,
        403,
        "in another's name"
    );
    assert_eq!(anna.post(path, start(buyer, Uuid::now_v7())).await.0, 404);
    let mut with_product = start(buyer, seller);
    with_product["product_id"] = json!(Uuid::now_v7());
    assert_eq!(anna.post(path, with_product).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_comes_newest_first_in_pages() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    for number in 1..=5 {
        let who = if number % 2 == 0 { &shop } else { &anna };
        who.says(thread, &format!("номер {number}")).await;
    }
    let path = format!("/chat-messages/by-thread/{thread}");
    for (query, expected) in [
        ("", vec![5, 4, 3, 2, 1]),
        ("?limit=2", vec![5, 4]),
        ("?limit=2&before_seq=4", vec![3, 2]),
        ("?limit=2&after_seq=1", vec![3, 2]),
        ("?limit=2&offset=3", vec![5, 4]),
    ] {
        let (status, answer) = anna.get(&format!("{path}{query}")).await;
        assert_eq!(status, 200, "{query}");
        let seqs: Vec<i64> = answer["data"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|message| message["seq"].as_i64())
            .collect();
        assert_eq!(seqs, expected, "{query}");
    }
    let (_, slashed) = anna.get(&format!("{path}/?limit=1")).await;
    let newest = &slashed["data"][0];
    assert_eq!(
        (&newest["buyer_id"], &newest["seller_id"]),
        (&json!(anna.party().id), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn idempotent_without_a_time_window() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let id = MessageId::mint();
    let (status, first) = anna.post_message(thread, id, "раз").await;
    assert_eq!(status, 201, "{first}");
    let (status, again) = anna.post_message(thread, id, "раз").await;
    assert_eq!((status, &again["data"]), (200, &first["data"]), "the original answer");
    let (status, problem) = anna.post_message(thread, id, "два").await;
    assert_eq!((status, &problem["code"]), (409, &json!("conflict")));
    assert_eq!(
        shop.post_message(thread, id, "раз").await.0,
        409,
        "from the other party"
    );
    let boris = world.buyer("Борис").await;
    let other = boris.start(&shop).await;
    assert_eq!(
        boris.post_message(other, id, "раз").await.0,
        201,
        "in another thread it is another message"
    );
    assert_eq!(anna.history(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_repeats_are_stored_once() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let id = MessageId::mint();
    let answers = join_all((0..16).map(|_| anna.post_message(thread, id, "раз"))).await;
    assert_eq!(
        answers.iter().filter(|(status, _)| *status == 201).count(),
        1,
        "{answers:?}"
    );
    assert!(
        answers
            .iter()
            .all(|(status, answer)| *status <= 201 && answer["data"]["seq"] == 1),
        "{answers:?}"
    );
    for number in 1..10 {
        assert_eq!(
            anna.post_message(thread, MessageId::mint(), &number.to_string())
                .await
                .0,
            201,
            "charged as one"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_generations_of_clients_are_understood_and_neither_outranks_the_token() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (buyer, seller) = (anna.party().id, shop.party().id);
    let old = json!({"id": MessageId::mint(), "message": "от старого", "thread_id": thread, "buyer_id": buyer,
        "seller_id": seller, "is_read_by_buyer": false, "is_read_by_seller": true});
    let (status, answer) = anna.post("/chat-messages", old).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(
        answer["data"]["sender_type"], "buyer",
        "the token's party sends, whatever the flags hint"
    );
    assert_eq!(
        (&answer["data"]["buyer_id"], &answer["data"]["seller_id"]),
        (&json!(buyer), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_counts_what_the_other_wrote_after_the_marker() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    for text in ["раз", "два", "три"] {
        anna.says(thread, text).await;
    }
    let id = shop.party().id;
    let unread = format!("/chat-messages/unread-count/{id}?user_type=seller");
    assert_eq!(shop.get(&unread).await, (200, json!({"data": 3})));
    let mark =
        |up_to: u64| format!("/chat-messages/{thread}/mark-read?user_id={id}&user_type=seller&up_to_seq={up_to}");
    assert_eq!(shop.patch(&mark(2)).await, (200, json!({"data": null})));
    assert_eq!(shop.get(&unread).await.1["data"], 1);
    assert_eq!(shop.patch(&mark(1)).await.0, 200, "idempotent");
    assert_eq!(shop.get(&unread).await.1["data"], 1, "a marker never goes back");
    assert_eq!(shop.patch(&mark(1_000)).await.0, 200);
    anna.says(thread, "четыре").await;
    assert_eq!(
        shop.get(&unread).await.1["data"],
        1,
        "a marker never goes past the head"
    );
    let all = format!("/chat-messages/{thread}/mark-read?user_id={id}&user_type=seller");
    assert_eq!(shop.patch(&all).await.0, 200);
    assert_eq!(shop.get(&unread).await.1["data"], 0);
    assert_eq!(
        shop.patch(&all.replace("user_type=seller", "user_type=admin")).await.0,
        400
    );
    let (_, list) = shop.get(&format!("/chat-threads/by-seller/{id}")).await;
    assert_eq!(
        (&list["data"][0]["unread_count"], &list["data"][0]["last_message"]),
        (&json!(0), &json!("четыре"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_thread_looks_exactly_like_one_that_never_existed() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    anna.says(thread, "не для всех").await;
    let boris = world.buyer("Борис").await;
    let own = boris.party().id;
    for path in ["/chat-threads/{}", "/chat-messages/by-thread/{}"] {
        let [foreign, nowhere] = [thread, Uuid::now_v7()].map(|id| path.replace("{}", &id.to_string()));
        let ((status, mut one), (_, mut other)) = (boris.get(&foreign).await, boris.get(&nowhere).await);
        (one["request_id"], other["request_id"]) = (Value::Null, Value::Null);
        assert_eq!(status, 404);
        assert_eq!(one, other, "{path}");
    }
    assert_eq!(boris.post_message(thread, MessageId::mint(), "впустите").await.0, 404);
    assert_eq!(
        boris
            .patch(&format!(
                "/chat-messages/{thread}/mark-read?user_id={own}&user_type=buyer"
            ))
            .await
            .0,
        404
    );
    let (status, _) = boris.get(&format!("/chat-threads/by-buyer/{}", anna.party().id)).await;
    assert!(matches!(status, 403 | 404), "another's list: {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_text_whatever_is_in_it() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    for text in [
        "<script>alert(1)</script>",
        "'; drop table message; --",
        "👩‍👩‍👧 ё й",
        "\u{202e}наоборот",
        "строка\n\tвторая",
    ] {
        anna.says(thread, text).await;
        assert_eq!(shop.history(thread).await[0]["message"], text);
    }
    let id = MessageId::mint();
    let (status, answer) = anna.post_message(thread, id, "звонок\u{7}\u{0}").await;
    assert_eq!(
        (status, &answer["data"]["message"]),
        (201, &json!("звонок")),
        "control characters go"
    );
    assert_eq!(
        anna.post_message(thread, id, "звонок\u{7}\u{0}").await.0,
        200,
        "and the repeat is a repeat"
    );
    for (text, code) in [("", "empty"), (" \n ", "empty"), (&*"ж".repeat(4097), "too_long")] {
        let (status, problem) = anna.post_message(thread, MessageId::mint(), text).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (422, &json!("/message"), &json!(code))
        );
    }
}
