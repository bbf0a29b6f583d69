//! Found by attack: what looked like a message was none, what was handed out was not taken back, and a ticket opened
//! more than a socket.

use prilavok_protocol::ids::{MessageId, ProductId};
use prilavok_tests::world::guest::room_message;
use prilavok_tests::world::{SERVICE_TOKEN, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_invisible_characters_is_refused_at_both_doors() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let mut room = anna.room(thread).await;
    for text in [
        "\u{200b}",
        "\u{feff} \u{2060}\n",
        "\u{202e}\u{202c}",
        "\u{3164}",
        "\u{fe0f}",
    ] {
        let (status, problem) = anna.post_message(thread, MessageId::mint(), text).await;
        assert_eq!((status, &problem["code"]), (422, &json!("invalid")), "{text:?}");
        room.say(room_message(MessageId::mint(), text)).await;
        assert_eq!(room.hear_type("error").await["code"], "invalid", "{text:?}");
    }
    assert!(anna.history(thread).await.is_empty());
    // Joiners and selectors stay where they belong.
    for text in ["👩\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "не\u{ad}видимка"] {
        assert_eq!(anna.says(thread, text).await["message"], text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_was_handed_out_is_taken_back_with_both_spellings() {
    let world = World::new().await;
    let (anna, shop, _) = world.pair().await;
    let id = world.product(&shop, "Чайник").await;
    let path = format!("/products/{id}");
    let mut product = anna.get(&path).await.1["data"].take();
    product["description"] = json!("На двоих.");
    assert!(
        product["descrioption"].is_string(),
        "existing clients read it: {product}"
    );
    assert_eq!(put(&world, id, &product).await, 200);
    let stored = anna.get(&path).await.1["data"].take();
    assert_eq!(stored["description"], "На двоих.", "the right spelling wins");
    assert_eq!(stored["descrioption"], "На двоих.");
    product["price"] = json!("даром");
    assert_eq!(put(&world, id, &product).await, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_a_socket_and_nothing_else() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let ticket = anna.ticket().await;
    let offer = format!("prilavok.v1, ticket.{ticket}");
    for path in ["/auth/me", "/auth/sessions", &format!("/chat-threads/{thread}")] {
        let request = reqwest::Client::new()
            .get(world.api(path))
            .header("sec-websocket-protocol", &offer);
        assert_eq!(request.send().await.expect("an answer").status(), 401, "{path}");
    }
    let mut room = anna
        .dial_with_ticket(&anna.room_path(thread), &ticket)
        .await
        .expect("it was not used up");
    assert!(room.rest_of_room().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posted_message_about_a_product_is_repeated_over_the_socket_without_naming_it() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let product = world.product(&shop, "Чайник").await;
    let (mut page, mut other) = (anna.room(thread).await, shop.room(thread).await);
    let id = MessageId::mint();
    let body = json!({"id": id, "message": "Есть?", "thread_id": thread, "product_id": product});
    assert_eq!(anna.post("/chat-messages", body).await.0, 201);
    page.say(room_message(id, "Есть?")).await;
    assert_eq!(page.hear_type("ack").await["seq"], 1);
    for text in ["Нет?", "Есть? "] {
        page.say(room_message(id, text)).await;
        assert_eq!(page.hear_type("error").await["code"], "conflict", "{text}");
    }
    other.say(room_message(id, "Есть?")).await;
    assert_eq!(
        other
            .until("error")
            .await
            .iter()
            .filter(|frame| frame["type"] == "message")
            .count(),
        1
    );
}

/// As the marketplace does.
async fn put(world: &World, id: ProductId, product: &Value) -> u16 {
    let url = world.api(&format!("/catalogue/products/{id}"));
    let request = reqwest::Client::new().put(url).bearer_auth(SERVICE_TOKEN).json(product);
    request.send().await.expect("an answer").status().as_u16()
}
