//! Signing up, in, out, and staying signed in; sessions, invitations, the marketplace's own token.

use http::Method;
use prilavok_tests::world::{Guest, SERVICE_TOKEN, World};
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

/// A request of a stranger: the status and the answer.
async fn stranger(world: &World, path: &str, body: Value) -> (u16, Value) {
    let answer = Client::new()
        .post(world.api(path))
        .json(&body)
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

fn person(email: &str) -> Value {
    json!({"email": email, "password": "достаточно длинный", "name": "Анна", "role": "buyer"})
}

fn guest(world: &World, answer: &Value) -> Guest {
    world.guest(serde_json::from_value(answer["data"].clone()).expect("tokens"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_registers_once_and_signs_in_whatever_the_case() {
    let world = World::new().await;
    let (status, made) = stranger(&world, "/auth/register", person("Anna@Example.ru")).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["data"]["account"]["role"], "buyer");
    assert!(made["data"]["account"]["buyer_id"].is_string() && made["data"]["account"].get("seller_id").is_none());
    let (status, taken) = stranger(&world, "/auth/register", person(" anna@example.RU")).await;
    assert_eq!((status, &taken["code"]), (409, &json!("email_taken")));
    let login = json!({"email": "ANNA@example.ru", "password": "достаточно длинный"});
    let (status, tokens) = stranger(&world, "/auth/login", login).await;
    assert_eq!(status, 200, "{tokens}");
    let (_, me) = guest(&world, &tokens).get("/auth/me").await;
    assert_eq!(me["data"], made["data"]["account"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_and_a_wrong_password_get_one_answer() {
    let world = World::new().await;
    stranger(&world, "/auth/register", person("anna@example.ru")).await;
    let mut answers = Vec::new();
    for email in ["anna@example.ru", "nobody@example.ru", "not an address"] {
        let (status, mut answer) = stranger(&world, "/auth/login", json!({"email": email, "password": "не тот"})).await;
        answer["request_id"] = Value::Null;
        answers.push((status, answer));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guesser_is_slowed_down_and_the_others_sign_in() {
    let world = World::new().await;
    stranger(&world, "/auth/register", person("anna@example.ru")).await;
    stranger(&world, "/auth/register", person("boris@example.ru")).await;
    let guess = json!({"email": "anna@example.ru", "password": "не тот"});
    let mut statuses = Vec::new();
    while statuses.last() != Some(&429) {
        assert!(statuses.len() < 100, "nobody slows the guesser down");
        statuses.push(stranger(&world, "/auth/login", guess.clone()).await.0);
    }
    let login = json!({"email": "boris@example.ru", "password": "достаточно длинный"});
    assert_eq!(stranger(&world, "/auth/login", login).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_refresh_token_ends_its_whole_family() {
    let world = World::new().await;
    let (_, first) = stranger(&world, "/auth/register", person("anna@example.ru")).await;
    let refresh = async |of: &Value| {
        stranger(
            &world,
            "/auth/refresh",
            json!({"refresh_token": of["data"]["refresh_token"]}),
        )
        .await
    };
    let (status, second) = refresh(&first).await;
    assert_eq!(status, 200, "{second}");
    let (status, third) = refresh(&second).await;
    assert_eq!(status, 200, "{third}");
    let (status, reused) = refresh(&first).await;
    assert_eq!((status, &reused["code"]), (401, &json!("token_reused")));
    assert_eq!(refresh(&third).await.0, 401, "the family has ended");
    assert_eq!(guest(&world, &third).get("/auth/me").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_signs_out_and_then_all_of_them() {
    let world = World::new().await;
    stranger(&world, "/auth/register", person("anna@example.ru")).await;
    let sign_in = async |device: &str| {
        let body = json!({"email": "anna@example.ru", "password": "достаточно длинный", "device_name": device});
        guest(&world, &stranger(&world, "/auth/login", body).await.1)
    };
    let (phone, laptop) = (sign_in("телефон").await, sign_in("ноутбук").await);
    let (_, sessions) = phone.get("/auth/sessions").await;
    let sessions = sessions["data"].as_array().expect("a list").clone();
    assert_eq!(sessions.len(), 3);
    let other = sessions
        .iter()
        .find(|session| session["device_name"] == "ноутбук")
        .expect("it is listed");
    assert_eq!(other["is_current"], false);
    let path = format!("/auth/sessions/{}", other["id"].as_str().expect("an id"));
    assert_eq!(
        phone.call(Method::DELETE, &path, None).await,
        (200, json!({"data": null}))
    );
    assert_eq!(laptop.get("/auth/me").await.0, 401);
    assert_eq!(
        phone
            .call(Method::DELETE, &format!("/auth/sessions/{}", Uuid::now_v7()), None)
            .await
            .0,
        404
    );
    let tablet = sign_in("планшет").await;
    assert_eq!(phone.post("/auth/logout", json!({"everywhere": true})).await.0, 200);
    assert_eq!(tablet.get("/auth/me").await.0, 401);
    assert_eq!(phone.get("/auth/me").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_agent_joins_the_shop_and_the_invitation_is_good_once() {
    let world = World::new().await;
    let (shop, buyer) = (world.seller("Чайная гора").await, world.buyer("Борис").await);
    assert_eq!(buyer.call(Method::POST, "/auth/invitations", None).await.0, 403);
    let (status, made) = shop.call(Method::POST, "/auth/invitations", None).await;
    assert_eq!(status, 201, "{made}");
    let invited = |email: &str| {
        json!({"email": email, "password": "достаточно длинный", "name": "Вера", "role": "seller",
               "invitation": made["data"]["invitation"]})
    };
    let (status, agent) = stranger(&world, "/auth/register", invited("vera@example.ru")).await;
    assert_eq!(status, 201, "{agent}");
    assert_eq!(agent["data"]["account"]["seller_id"], json!(shop.party().id));
    assert_eq!(agent["data"]["account"]["name"], "Вера");
    let (status, again) = stranger(&world, "/auth/register", invited("nina@example.ru")).await;
    assert_eq!((status, &again["errors"][0]["pointer"]), (422, &json!("/invitation")));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_marketplace_changes_the_catalogue() {
    let world = World::new().await;
    let shop = world.seller("Чайная гора").await;
    let path = format!("/catalogue/products/{}", Uuid::now_v7());
    let body = json!({"title": "Чай", "price": 450.5, "seller_id": shop.party().id, "description": "Листовой"});
    let put = async |token: &str, body: &Value| {
        let answer = Client::new()
            .put(world.api(&path))
            .bearer_auth(token)
            .json(body)
            .send()
            .await
            .expect("an answer");
        answer.status().as_u16()
    };
    assert_eq!(put("guessed", &body).await, 401);
    assert_eq!(put(&shop.tokens.access_token, &body).await, 403);
    assert_eq!(put(SERVICE_TOKEN, &body).await, 200);
    for (key, value) in [
        ("price", json!(-1)),
        ("image_url", json!("javascript:1")),
        ("title", json!(" ")),
        ("price", json!("450")),
    ] {
        let mut bad = body.clone();
        bad[key] = value;
        assert_eq!(put(SERVICE_TOKEN, &bad).await, 422, "{bad}");
    }
    let (_, product) = shop.get(&path.replace("/catalogue", "")).await;
    assert_eq!(
        (&product["data"]["descrioption"], &product["data"]["description"]),
        (&json!("Листовой"), &json!("Листовой"))
    );
}
