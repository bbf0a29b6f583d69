//! Whoever was shut out a moment ago writes nothing more, at any door and by any rule: each of them asks at the moment of
//! the write. Nothing watches and nothing is checked by a timer here, so that each write stands for itself.

use std::collections::BTreeSet;
use std::time::Duration;

use prilavok_protocol::command::Command;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{AccountId, BuyerId, DeviceId, DraftVersion, MessageId, Pos, SellerId, Seq, ThreadId};
use prilavok_server::accounts::{self, Signed};
use prilavok_server::chat::{self, Draft};
use prilavok_tests::wire::Wire;
use prilavok_tests::world::{Guest, World};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// Every route, in the words of the server.
const ROUTES: &str = include_str!("../../server/src/http.rs");

/// What two people, their shop and their devices are to the store.
type State = (Vec<String>, Vec<String>, Vec<String>);

struct Story {
    world: World,
    anna: Guest,
    owner: Guest,
    thread: Uuid,
    another_shop: SellerId,
}

impl Story {
    async fn new() -> Self {
        let world = World::with(|config| {
            // One for each command.
            config.limits.sockets_per_account = 20;
            config.sockets.access_check = Duration::from_secs(3600);
            config.sockets.revocation_check = Duration::from_secs(3600);
            config.sockets.leave_grace = Duration::from_secs(3600);
        })
        .await;
        let (anna, owner, thread) = world.pair().await;
        owner.says(thread, "Здравствуйте!").await;
        let other = world.seller("Другая лавка").await;
        let another_shop = other.tokens.account.seller_id.expect("a shop");
        Self {
            world,
            anna,
            owner,
            thread,
            another_shop,
        }
    }

    /// Of the two, by one's party.
    fn ids(&self) -> (BuyerId, SellerId) {
        let (anna, owner) = (&self.anna.tokens.account, &self.owner.tokens.account);
        (anna.buyer_id.expect("a buyer"), owner.seller_id.expect("a shop"))
    }

    /// All that a write could change.
    async fn state(&self) -> State {
        let store = &self.world.app().store;
        let mut logs = Vec::new();
        for party in [self.anna.party(), self.owner.party()] {
            let events = store.events_after(party, Pos(0), 1000).await.expect("the log");
            logs.extend(events.into_iter().map(|entry| format!("{entry:?}")));
            let threads = store.snapshot(party).await.expect("a snapshot").threads;
            logs.extend(threads.into_iter().map(|thread| format!("{thread:?}")));
        }
        let mut sessions = Vec::new();
        for guest in [&self.anna, &self.owner] {
            let now = self.world.app().clock.now();
            let open = store
                .sessions(guest.tokens.account.id, now)
                .await
                .expect("the sessions");
            sessions.extend(open.into_iter().map(|session| session.id.to_string()));
        }
        let agents = store.agents(self.ids().1).await.expect("the agents");
        let agents = agents.into_iter().map(|agent| agent.id.to_string()).collect();
        (logs, sessions, agents)
    }

    /// As another process does it: no hub hears of it.
    async fn ends(&self, signed: &Signed) {
        let store = &self.world.app().store;
        let ended = store.end_session(signed.account.into(), signed.session).await;
        ended.expect("it is ended");
    }

    fn draft() -> Draft {
        Draft {
            id: MessageId::mint(),
            text: "поздно".into(),
            product_id: None,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_rule_writes_for_a_session_that_was_ended_a_moment_ago() {
    let story = Story::new().await;
    let app = story.world.app();
    let (_, buyer) = story.world.another_device(&story.anna).await;
    let (other, agent) = story.world.another_device(&story.owner).await;
    let thread = ThreadId(story.thread);
    let member = chat::member(app, &buyer, thread).await.expect("she is a member");
    let colleague = AccountId::mint();
    story.ends(&buyer).await;
    story.ends(&agent).await;
    let (before, kept) = (story.state().await, other.tokens.account.id);
    let outcomes = [
        (
            "start",
            chat::start_thread(app, &buyer, story.another_shop, None)
                .await
                .map(drop),
        ),
        (
            "start again",
            chat::start_thread(app, &buyer, story.ids().1, None).await.map(drop),
        ),
        ("send", chat::send_as(app, &member, Story::draft()).await.map(drop)),
        (
            "send in a room",
            chat::repeat_or_send(app, &member, Story::draft()).await.map(drop),
        ),
        ("read", chat::mark_read(app, &buyer, thread, None).await.map(drop)),
        (
            "read to here",
            chat::mark_read(app, &buyer, thread, Some(Seq(1))).await.map(drop),
        ),
        ("delivered", chat::mark_delivered(app, &buyer, Pos(2)).await),
        ("typing", chat::may_type(app, &buyer, thread).await.map(drop)),
        ("sign one out", accounts::end_session(app, &buyer, buyer.session).await),
        ("sign all out", accounts::end_sessions(app, &buyer).await),
        ("invite", accounts::invite(app, &agent).await.map(drop)),
    ];
    for (what, outcome) in outcomes {
        let refused = outcome.expect_err(what);
        assert_eq!(refused.code(), ErrorCode::Unauthorized, "{what}: {refused}");
    }
    assert_eq!(story.state().await, before);
    // There is nobody else to remove; who asks is looked at first all the same.
    let refused = app
        .store
        .remove_agent(agent.acting(), colleague)
        .await
        .expect_err("she is out");
    assert!(
        matches!(refused, prilavok_server::store::Error::SessionEnded),
        "{refused}"
    );
    let refused = app
        .store
        .remove_agent(agent.acting(), kept)
        .await
        .expect_err("she is out");
    assert!(
        matches!(refused, prilavok_server::store::Error::SessionEnded),
        "{refused}"
    );
    assert_eq!(story.state().await, before);
}

/// Every route that can change something: the method, its path in the server's words, the path that is called, the body.
fn writes(story: &Story, (id, session): (Uuid, Uuid)) -> Vec<(Method, &'static str, String, Value)> {
    let (buyer, seller) = story.ids();
    let (thread, shop) = (story.thread, story.another_shop);
    let start = json!({"buyer_id": buyer, "seller_id": shop});
    let message = json!({"id": MessageId::mint(), "message": "поздно", "thread_id": thread, "buyer_id": buyer});
    let read = format!("/chat-messages/{thread}/mark-read?user_id={buyer}&user_type=buyer");
    let register = json!({"email": "", "password": "", "name": "", "role": "buyer"});
    let login = json!({"email": "nobody@example.ru", "password": "не тот пароль"});
    let person = json!({"name": "Подмена"});
    let product = json!({"title": "Подмена", "price": 1.0, "seller_id": seller});
    let call =
        |method: &Method, route: &'static str, path: String, body: &Value| (method.clone(), route, path, body.clone());
    let plain = |method: &Method, route: &'static str, body: &Value| call(method, route, route.to_owned(), body);
    let (post, put, delete, nothing) = (&Method::POST, &Method::PUT, &Method::DELETE, &Value::Null);
    vec![
        plain(post, "/chat-threads/start-with-seller", &start),
        plain(post, "/chat-messages", &message),
        call(&Method::PATCH, "/chat-messages/{id}/mark-read", read, nothing),
        plain(post, "/auth/register", &register),
        plain(post, "/auth/login", &login),
        plain(post, "/auth/refresh", &json!({"refresh_token": "нет такого"})),
        plain(post, "/auth/logout", &json!({"everywhere": true})),
        plain(delete, "/auth/sessions", nothing),
        call(
            delete,
            "/auth/sessions/{id}",
            format!("/auth/sessions/{session}"),
            nothing,
        ),
        plain(post, "/auth/ws-ticket", nothing),
        plain(post, "/auth/invitations", nothing),
        call(delete, "/auth/agents/{id}", format!("/auth/agents/{id}"), nothing),
        plain(
            post,
            "/sellers",
            &json!({"id": seller, "keycloak_uuid": buyer, "is_online": true}),
        ),
        call(
            put,
            "/catalogue/sellers/{id}",
            format!("/catalogue/sellers/{seller}"),
            &person,
        ),
        call(
            put,
            "/catalogue/buyers/{id}",
            format!("/catalogue/buyers/{buyer}"),
            &person,
        ),
        call(
            put,
            "/catalogue/products/{id}",
            format!("/catalogue/products/{}", Uuid::now_v7()),
            &product,
        ),
    ]
}

/// Those that the server has: each verb other than `get` beside its path.
fn routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for route in ROUTES.split(".route(").skip(1) {
        let route = route.split(".route(").next().unwrap_or_default();
        let path = route.split('"').nth(1).expect("a path").to_owned();
        for verb in ["post", "put", "patch", "delete"] {
            let is_there = [" ", ".", "("]
                .iter()
                .any(|before| route.contains(&format!("{before}{verb}(")));
            if is_there {
                found.insert((verb.to_uppercase(), path.clone()));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn no_endpoint_writes_for_who_was_shut_out_a_moment_ago() {
    let story = Story::new().await;
    let store = &story.world.app().store;
    let (signed_out, buyer) = story.world.another_device(&story.anna).await;
    let (_, still_in) = story.world.another_device(&story.anna).await;
    let colleague = story.world.new_agent(&story.owner, "Маша").await;
    let (removed, agent) = story.world.another_device(&colleague).await;
    let rooted = (story.owner.tokens.account.id.0, still_in.session.0);
    let writes = writes(&story, rooted);
    let tested = writes
        .iter()
        .map(|(method, route, ..)| (method.to_string(), (*route).to_owned()));
    assert_eq!(
        tested.collect::<BTreeSet<_>>(),
        routes(),
        "each route that writes is tested here"
    );
    story.ends(&buyer).await;
    store
        .remove_agent(agent.account.into(), agent.account)
        .await
        .expect("she is removed");
    let before = story.state().await;
    for (who, guest) in [("signed out", &signed_out), ("removed", &removed)] {
        let refresh = json!({"refresh_token": guest.tokens.refresh_token});
        assert_eq!(guest.post("/auth/refresh", refresh).await.0, 401, "{who}");
        for (method, route, path, body) in &writes {
            let body = (!body.is_null()).then_some(body);
            let (status, answer) = guest.call(method.clone(), path, body).await;
            // These ask for no session: what they are given here is wrong in itself.
            let wanted = match *route {
                "/auth/register" => 422,
                "/sellers" => 405,
                _ => 401,
            };
            assert_eq!(status, wanted, "{who}, {method} {route}: {answer}");
        }
    }
    assert_eq!(story.state().await, before);
    assert_eq!(store.seller(story.ids().1).await.expect("the shop").name, "Чайная гора");
}

/// One of each command. A new kind does not compile here until it is among them.
fn commands(story: &Story) -> Vec<Command> {
    let thread_id = ThreadId(story.thread);
    let commands = vec![
        Command::Send {
            thread_id,
            message_id: MessageId::mint(),
            message: "поздно".into(),
            product_id: None,
        },
        Command::Start {
            seller_id: story.another_shop,
            product_id: None,
        },
        Command::Read {
            thread_id,
            up_to_seq: Seq(1),
        },
        Command::Typing {
            thread_id,
            is_typing: true,
        },
        Command::Alerted {
            thread_id,
            up_to_seq: Seq(1),
        },
        Command::SetDraft {
            thread_id,
            base: DraftVersion(0),
            message: "поздно".into(),
        },
        Command::Drafts { after: DraftVersion(0) },
    ];
    let is_listed = |command: &Command| match command {
        Command::Send { .. }
        | Command::Start { .. }
        | Command::Read { .. }
        | Command::Typing { .. }
        | Command::SetDraft { .. }
        | Command::Drafts { .. }
        | Command::Alerted { .. } => true,
        // Of a later version.
        Command::Unknown => false,
    };
    assert!(commands.iter().all(is_listed));
    commands
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_on_a_socket_of_either_door_has_an_effect_after_its_session_ended() {
    let story = Story::new().await;
    let (anna, signed) = story.world.another_device(&story.anna).await;
    let mut other = story.owner.live().await;
    let commands = commands(&story);
    let mut sockets: Vec<Wire> = Vec::new();
    for _ in &commands {
        sockets.push(anna.live().await);
    }
    let (mut applying, _) = anna.session(DeviceId::mint(), None).await;
    applying.hear_type("live").await;
    let frames = [
        json!({"type": "message", "message": "поздно", "message_id": MessageId::mint()}),
        json!({"type": "typing", "is_typing": true}),
    ];
    let mut pages = [anna.room(story.thread).await, anna.room(story.thread).await];
    for page in &mut pages {
        page.rest_of_room().await;
    }
    other.rest_of_session().await;
    story.ends(&signed).await;
    let before = story.state().await;

    for (socket, command) in sockets.iter_mut().zip(&commands) {
        socket
            .say(json!({"type": "command", "id": 7, "command": command}))
            .await;
        let (code, _, heard) = socket.closed_with().await;
        assert_eq!(code, 4009, "{command:?}: {heard:#?}");
        assert!(
            heard.iter().all(|frame| frame["type"] != "reply"),
            "{command:?}: {heard:#?}"
        );
    }
    for (page, frame) in pages.iter_mut().zip(&frames) {
        page.say(frame.clone()).await;
        assert_eq!(page.closed().await, 4009, "{frame}");
    }
    // What a device has stored is collected for a moment, and written at the end of its socket at the latest.
    applying.say(json!({"type": "applied", "pos": 2})).await;
    applying
        .say(json!({"type": "command", "id": 8, "command": &commands[0]}))
        .await;
    assert_eq!(applying.closed().await, 4009);

    let told = other.rest_of_session().await;
    let is_of_her = |frame: &&Value| frame["type"] == "event" || frame["signal"]["kind"] == "typing";
    assert_eq!(told.iter().find(is_of_her), None, "the other side hears nothing of it");
    assert_eq!(story.state().await, before);
}
