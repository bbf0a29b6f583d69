//! What goes wrong inside an app: it says so, and it goes on.

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, kill, until};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
/// Keeps the last place that the shell has been told and has taken.
const LISTEN: &str = "const ask = window.fetch; window.fetch = async (...asked) => { const answer = await ask(...asked); \
    if (String(asked[0]).includes('keep_place')) window.said = new TextDecoder().decode(await new Response(asked[1].body).arrayBuffer()); \
    return answer; };";
const COMPOSER: &str = "[data-testid='composer']";
const BAR: &str = "[data-testid='crash']";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_dies_is_built_anew_where_it_was() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("page-dies")?).await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    // What the page says of its place passes by here, whenever it says it.
    buyer.run(LISTEN, Vec::new()).await?;
    buyer.click("[data-testid='nav-settings']").await?;
    buyer.wait_text("main", "Запускать вместе").await?;
    stage.desktop.bring_to_front(buyer.side.any_title()).await?;
    let before = buyer.still(&stage).await?;
    let is_page = |name: &str| name.starts_with("WebKitWebProces");
    let page = || anyhow::Ok(buyer.processes()?.into_iter().find(|process| is_page(&process.name)));
    until("the page has said where it is", || async {
        let said = buyer.run("return window.said ?? ''", Vec::new()).await?;
        Ok(said
            .as_str()
            .is_some_and(|place| place.contains("settings"))
            .then_some(()))
    })
    .await?;
    let first = page()?.context("the page has a process")?;
    kill(&first).await?;
    until("another process draws the page", || async {
        Ok(page()?.filter(|other| other.id != first.id).map(drop))
    })
    .await?;
    until("the window is there", || async {
        Ok(stage.desktop.window(buyer.side.any_title()).await.ok())
    })
    .await?;
    // First with the sentence that says what happened, then without.
    buyer.wait_alike(&stage, &before).await?;
    stage.picture("снова").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_after_a_crash_says_so_and_shows_the_report() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("crash-report")?).await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    ensure!(buyer.count(BAR).await? == 0, "nothing has crashed");
    let reports = buyer.data("reports");
    std::fs::create_dir_all(&reports)?;
    let report = format!(
        "buyer-app 0.1.0\nPlace: client/src/sync.rs:1:1\n{}",
        "at some::function\n".repeat(200)
    );
    std::fs::write(reports.join("crash-0000000000001.txt"), &report)?;

    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait_text(BAR, "из-за ошибки").await?;
    buyer.click("[data-testid='crash-show']").await?;
    buyer
        .wait_text("[data-testid='crash-text']", "client/src/sync.rs:1:1")
        .await?;
    buyer.photograph(&stage, "отчёт").await?;
    buyer.press("body", "\u{e00c}").await?;
    buyer.click("[data-testid='crash-dismiss']").await?;
    buyer.wait_gone(BAR).await?;
    // Told once; the report is still there for sending.
    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait(ONLINE).await?;
    ensure!(buyer.count(BAR).await? == 0, "it was told already");
    ensure!(std::fs::read_dir(&reports)?.count() == 1, "the report is kept");
    Ok(())
}

/// Where SQLite's header says whose file it is.
const APPLICATION_ID: u64 = 68;

#[tokio::test(flavor = "multi_thread")]
async fn a_spoilt_cache_is_set_aside_and_built_anew_and_what_was_not_sent_goes_out_of_it() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("cache-spoilt")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    anna.send(thread, "Это было раньше").await?;
    let row = format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0);
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.click(&row).await?;
    buyer
        .wait_bubble("Это было раньше", &["sent", "delivered", "read"])
        .await?;
    stage.server.kill();
    buyer.wait_gone(ONLINE).await?;
    buyer.write(COMPOSER, "Не успело уйти").await?;
    buyer.click("[data-testid='send']").await?;
    buyer
        .wait_bubble("Не успело уйти", &["queued", "sending", "unconfirmed"])
        .await?;
    buyer.write(COMPOSER, "Недописанное").await?;
    // Quit, so that all of it is in the one file.
    buyer.quit_by(&stage, "ctrl+q").await?;
    let accounts = std::fs::read_dir(buyer.data("accounts"))?;
    let account = accounts.flatten().next().context("somebody is signed in")?.path();
    let cache = std::fs::File::options()
        .write(true)
        .open(account.join("cache.sqlite"))?;
    std::os::unix::fs::FileExt::write_all_at(&cache, b"junk", APPLICATION_ID)?;
    drop(cache);

    stage.server.start_again().await?;
    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait_text("body", "Память приложения была повреждена").await?;
    buyer.photograph(&stage, "память-повреждена").await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.click(&row).await?;
    buyer
        .wait_bubble("Это было раньше", &["sent", "delivered", "read"])
        .await?;
    buyer
        .wait_bubble("Не успело уйти", &["sent", "delivered", "read"])
        .await?;
    until("the draft is in its field", || async {
        Ok(buyer
            .texts(COMPOSER)
            .await?
            .contains(&"Недописанное".to_owned())
            .then_some(()))
    })
    .await?;
    let history = anna.history(thread).await?;
    let count = history.iter().filter(|it| it.message == "Не успело уйти").count();
    ensure!(count == 1, "it arrived {count} times");
    let aside = std::fs::read_dir(&account)?
        .flatten()
        .any(|entry| entry.path().extension().is_some_and(|end| end == "broken"));
    ensure!(aside, "the spoilt file is kept");
    Ok(())
}
