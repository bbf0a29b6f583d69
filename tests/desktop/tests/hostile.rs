//! A server that says anything: the window answers, nothing crashes, a sentence is shown, and all is well afterwards.

use std::sync::Arc;

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Comer, Meddler, Meddling, Saying, Side, Stage, Window, until};
use serde_json::{Value, json};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const SOCKET: &str = "/ws/session";
/// More than the engine takes in one answer.
const HUGE: usize = 33 << 20;
/// Threads of a party that never ends; what the engine takes in one answer holds no more of them.
const THREADS: usize = 20_000;
/// A name that turns what stands beside it around, and hides letters.
const BIDI: &str = "\u{202e}\u{2066}Лавка\u{2069}\u{200f}\u{0000}\u{feff}\u{2028} <img src=x>";

fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

fn good(body: &str) -> Vec<u8> {
    answer("200 OK", "application/json", body)
}

fn instead(meddler: &Meddler, path: &'static str, bytes: Vec<u8>) {
    let saying = Saying::Instead(Arc::new(bytes));
    meddler.says(vec![Meddling { path, saying }]);
}

/// The page runs what it is told, draws, and its engine answers.
async fn is_alive(window: &Window) -> Result<()> {
    let ask = "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => \
        window.__TAURI_INTERNALS__.invoke('identity').then((it) => done(it.account?.name ?? 'nobody'), (it) => done(it)));";
    let name = window.run_async(ask, Vec::new()).await?;
    ensure!(name == json!("Анна Соколова"), "the engine answers {name}");
    Ok(())
}

/// Answers to a page, and a part of the sentence that the person reads.
fn answers() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let unclear = "Сервер ответил непонятно";
    vec![
        ("garbage", good("\u{0}{]"), unclear),
        ("wrong types", good(r#"{"data":{"a":1},"pagination":[]}"#), unclear),
        ("half a document", good(r#"{"data":[{"id":"01"#), unclear),
        ("too deep", good(&"[".repeat(200_000)), unclear),
        ("too long", good(&" ".repeat(HUGE)), unclear),
        (
            "a page of the server's own",
            answer("500 Oops", "text/html", "<html><script>alert(1)</script>"),
            "На сервере произошла ошибка",
        ),
        (
            "led around in circles",
            b"HTTP/1.1 302 Found\r\nlocation: /api/v1/sellers\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                .to_vec(),
            "отвечает не Прилавок",
        ),
        (
            "cut off",
            b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n{\"data\":".to_vec(),
            "Нет соединения с сервером",
        ),
        (
            "an absurd length",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}".to_vec(),
            "отвечает не Прилавок",
        ),
        (
            "no HTTP at all",
            b"\x16\x03\x01 SSH-2.0-OpenSSH\r\n".to_vec(),
            "отвечает не Прилавок",
        ),
    ]
}

/// What is said on an open socket, as bytes of its frames, and a part of the sentence that the person reads.
fn frames() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |text: &str| {
        let mut frame = vec![0x81, 126];
        frame.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
        frame.extend(text.as_bytes());
        frame
    };
    let (stranger, silence) = ("отвечает не Прилавок", "Нет соединения");
    vec![
        ("no JSON", text("{\"type\":"), stranger),
        (
            "wrong types",
            text(r#"{"type":"welcome","version":"seven","party":[]}"#),
            stranger,
        ),
        ("half a frame", vec![0x81, 126, 0x10, 0x00, b'{'], silence),
        (
            "an absurd length",
            vec![0x81, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, b'{'],
            silence,
        ),
        ("no letters", vec![0x81, 2, 0xff, 0xfe], silence),
        ("a frame that cannot be", vec![0xff, 0xff, 0xff, 0xff, 0xff], silence),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_server_says_the_window_answers_and_a_sentence_is_shown() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("hostile")?).await?;
    let meddler = stage.meddler().await?;
    let buyer = stage.open_to(Side::Buyer, Comer::Over(ANNA, meddler.address())).await?;
    buyer.wait(ONLINE).await?;

    for (what, bytes, sentence) in answers() {
        instead(&meddler, "/api/v1/sellers", bytes);
        buyer.click("[data-testid='nav-sellers']").await?;
        let said = buyer.wait_text("main [role='alert']", sentence).await?;
        stage.artefacts.say(&format!("{what}: {}", said.replace('\n', " ")));
        is_alive(&buyer).await?;
        buyer.click("[data-testid='nav-chats']").await?;
        buyer.wait_gone("main [role='alert']").await?;
    }
    for (what, bytes, sentence) in frames() {
        let saying = Saying::After(Arc::new(bytes));
        meddler.says(vec![Meddling { path: SOCKET, saying }]);
        stage.server.kill();
        stage.server.start_again().await?;
        reconnects(&buyer, || async { Ok(meddler.has_said()) }).await?;
        let bar = "[data-testid='offline-bar'][data-state='offline']";
        let said = buyer.wait_text(bar, sentence).await?;
        stage.artefacts.say(&format!("{what}: {}", said.replace('\n', " ")));
        is_alive(&buyer).await?;
        meddler.says(Vec::new());
        reconnects(&buyer, || async { Ok(buyer.count(ONLINE).await? == 1) }).await?;
    }
    buyer.click("[data-testid='nav-sellers']").await?;
    buyer.wait_text("main", "Чайная гора").await?;
    ensure!(!buyer.data("reports").exists(), "something has crashed");
    Ok(())
}

/// Presses «now» until it is so: by itself the app waits longer each time.
async fn reconnects<Asking: Future<Output = Result<bool>>>(buyer: &Window, is_so: impl Fn() -> Asking) -> Result<()> {
    let again = "window.__TAURI_INTERNALS__.invoke('reconnect_now')";
    until("the app has dialled again", || async {
        if is_so().await? {
            return Ok(Some(()));
        }
        buyer.run(again, Vec::new()).await?;
        Ok(None)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_an_end_with_hostile_names_is_shown_and_the_window_answers() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("hostile-list")?).await?;
    let meddler = stage.meddler().await?;
    let anna = stage.visitor(ANNA).await?;
    let snapshot: Value = anna.snapshot().await?;
    instead(
        &meddler,
        "/api/v1/sync/snapshot",
        good(&json!({ "data": endless(snapshot, THREADS) }).to_string()),
    );
    let buyer = stage.open_to(Side::Buyer, Comer::Over(ANNA, meddler.address())).await?;
    buyer.wait(ONLINE).await?;
    buyer.click("[data-testid='nav-chats']").await?;
    let said = buyer.wait_text("[data-testid='thread-row']", "Лавка").await?;
    ensure!(said.contains("<img"), "markup is text: {said}");
    is_alive(&buyer).await?;
    let drawn = buyer.count("[data-testid='thread-row']").await?;
    ensure!(drawn < 100, "{drawn} rows are drawn of {THREADS}");
    // To the end of it, and into a thread that the server has never heard of.
    let end = "const list = document.querySelector('[role=listbox]'); list.scrollTop = list.scrollHeight;";
    buyer.run(end, Vec::new()).await?;
    is_alive(&buyer).await?;
    buyer.click("[data-testid='thread-row']").await?;
    buyer.wait("[data-testid='chat-header']").await?;
    is_alive(&buyer).await?;
    buyer.photograph(&stage, "без-конца").await?;
    ensure!(!buyer.data("reports").exists(), "something has crashed");
    Ok(())
}

/// The snapshot with its first thread so many times, each time another one.
fn endless(mut snapshot: Value, count: usize) -> Value {
    let mut thread = snapshot["threads"][0].take();
    thread["counterpart"]["name"] = json!(BIDI);
    thread["last_message"] = json!(BIDI.repeat(5));
    let all = (0..count).map(|number| {
        let mut thread = thread.clone();
        thread["id"] = json!(format!("01998f4e-0000-7000-8000-{number:012x}"));
        thread
    });
    snapshot["threads"] = all.collect();
    snapshot
}
