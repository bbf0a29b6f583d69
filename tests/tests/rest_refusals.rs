//! What the marketplace API answers to bad requests: the right status and a problem document, whatever was sent.

use http::Method;
use prilavok_tests::world::World;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// Checks a problem document and returns it.
async fn problem(answer: Response, status: u16) -> Value {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let problem: Value = answer.json().await.expect("JSON");
    assert_eq!(problem["status"], status);
    for key in ["type", "title", "detail", "code", "request_id"] {
        assert!(
            problem[key].as_str().is_some_and(|text| !text.is_empty()),
            "{key} is missing: {problem}"
        );
    }
    problem
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_body_gets_its_status_and_its_pointer() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let send = async |kind: &str, body: Vec<u8>| {
        let request = Client::new()
            .post(world.api("/chat-messages"))
            .bearer_auth(&anna.tokens.access_token);
        request
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .expect("an answer")
    };
    for (body, status) in [
        (&b"{"[..], 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"{\"id\": \"\\ud800\"}", 400),
        (&[b'['; 5000], 400),
        (b"[]", 422),
        (b"null", 422),
        (b"5", 422),
        (b"{}", 422),
        (&[b' '; 70_000], 413),
    ] {
        problem(send("application/json", body.to_vec()).await, status).await;
    }
    problem(send("text/plain", b"{}".to_vec()).await, 415).await;
    let body = json!({"id": Uuid::now_v7(), "thread_id": thread, "message": 5});
    let answer = problem(
        send("application/json; charset=utf-8", body.to_string().into_bytes()).await,
        422,
    )
    .await;
    assert_eq!(answer["errors"][0]["pointer"], "/message");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_parameters_are_told_and_stray_ones_tolerated() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let (id, other) = (anna.party().id, Uuid::now_v7());
    for (path, status) in [
        (format!("/chat-messages/by-thread/{thread}?limit=0"), 422),
        (format!("/chat-messages/by-thread/{thread}?limit=101"), 422),
        (format!("/chat-messages/by-thread/{thread}?limit=many"), 422),
        (
            format!("/chat-messages/by-thread/{thread}/?limit=100&offset=7&page=2"),
            200,
        ),
        (format!("/chat-messages/by-thread/{thread}?before_seq=-1"), 422),
        (
            format!("/chat-messages/by-thread/{thread}?before_seq=18446744073709551615"),
            200,
        ),
        ("/chat-messages?offset=-1".into(), 422),
        ("/chat-messages/?offset=0&limit=1".into(), 200),
        ("/products/?limit=100".into(), 200),
        ("/products/search?price_min=NaN".into(), 422),
        ("/products/search?seller_ids=5".into(), 422),
        ("/products/search?sort_by=colour".into(), 422),
        ("/products/search?search_query=%22%27*()%3A-%20AND%00%ff".into(), 200),
        (format!("/chat-threads/by-buyer/{id}?cursor=rubbish"), 422),
        (format!("/chat-threads/by-buyer/{other}"), 404),
        (format!("/chat-threads/by-seller/{id}"), 404),
        (format!("/chat-messages/unread-count/{id}?user_type=buyer"), 200),
        (format!("/chat-messages/unread-count/{id}?user_type=admin"), 400),
        (format!("/chat-messages/unread-count/{other}?user_type=buyer"), 404),
        ("/chat-threads/not-an-id".into(), 422),
        (format!("/sellers/{other}"), 404),
        ("/nowhere".into(), 404),
    ] {
        let (got, answer) = anna.get(&path).await;
        assert_eq!(got, status, "{path}: {answer}");
    }
    let mark = async |query: String| {
        anna.patch(&format!("/chat-messages/{thread}/mark-read?{query}"))
            .await
            .0
    };
    assert_eq!(mark(format!("user_id={id}&user_type=buyer")).await, 200);
    assert_eq!(mark(format!("user_id={id}&user_type=admin")).await, 400);
    assert_eq!(mark(format!("user_id={other}&user_type=buyer")).await, 403);
    assert_eq!(anna.call(Method::DELETE, "/chat-messages", None).await.0, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_token() {
    let world = World::new().await;
    for path in [
        "/auth/me",
        "/sellers",
        "/products/search",
        "/chat-messages",
        "/sync/snapshot",
        "/auth/sessions",
    ] {
        problem(reqwest::get(world.api(path)).await.expect("an answer"), 401).await;
    }
    assert_eq!(
        reqwest::get(world.api("/health"))
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text"),
        "true"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_speak_the_language_that_was_asked_for() {
    let world = World::new().await;
    let ask = async |language: &str| {
        let request = Client::new()
            .get(world.api("/auth/me"))
            .header("accept-language", language);
        problem(request.send().await.expect("an answer"), 401).await["detail"].clone()
    };
    assert_eq!(ask("en-GB,en;q=0.8,ru;q=0.1").await, "Please sign in.");
    assert_eq!(ask("ru").await, "Нужно войти.");
    assert_eq!(ask("de").await, "Нужно войти.");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_listed_pages_may_call() {
    let world = World::with(|config| config.http.origins = vec!["https://shop.example".into()]).await;
    for (origin, is_allowed) in [
        ("https://shop.example", true),
        ("https://shop.example.evil", false),
        ("http://shop.example", false),
    ] {
        let answer = Client::new()
            .get(world.api("/health"))
            .header("origin", origin)
            .send()
            .await
            .expect("an answer");
        let allowed = answer
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().expect("text"));
        assert_eq!(allowed, is_allowed.then_some(origin));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_told_how_long_to_wait_and_a_repeat_never_is() {
    let world = World::with(|config| config.limits.send_burst = 2).await;
    let (anna, _, thread) = world.pair().await;
    let message = |id: Uuid| json!({"id": id, "message": "привет", "thread_id": thread});
    let first = Uuid::now_v7();
    assert_eq!(anna.post("/chat-messages", message(first)).await.0, 201);
    assert_eq!(anna.post("/chat-messages", message(Uuid::now_v7())).await.0, 201);
    let request = Client::new()
        .post(world.api("/chat-messages"))
        .bearer_auth(&anna.tokens.access_token);
    let answer = request.json(&message(Uuid::now_v7())).send().await.expect("an answer");
    let wait: u32 = answer.headers()["retry-after"]
        .to_str()
        .expect("text")
        .parse()
        .expect("seconds");
    assert!((1..=2).contains(&wait), "{wait}");
    problem(answer, 429).await;
    assert_eq!(
        anna.post("/chat-messages", message(first)).await.0,
        200,
        "a repeat is never refused"
    );
}
