//! What a person writes outlives the app, and what two devices wrote apart stands side by side until the person chooses.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::screens::{HEIGHT, Language, see};
use prilavok_desktop_tests::stage::{ANNA, Crashed, Side, Stage, Window, until};
use prilavok_protocol::ids::ThreadId;

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const COMPOSER: &str = "[data-testid='composer']";
const BAR: &str = "[data-testid='other-draft']";
const UNSENT: [&str; 2] = ["Не ушло первое", "Не ушло второе"];

fn row(thread: ThreadId) -> String {
    format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0)
}

async fn written(window: &Window) -> Result<String> {
    Ok(window.texts(COMPOSER).await?.concat())
}

/// Waits until so much stands in the field.
async fn shows(window: &Window, length: usize) -> Result<String> {
    until("the words come into the field", || async {
        let shown = written(window).await?;
        Ok((shown.len() >= length).then_some(shown))
    })
    .await
}

/// Words one after the other, each once.
fn word(number: usize) -> String {
    format!("slovo{number} ")
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_a_person_types_the_app_has_the_words_again_and_what_was_not_sent() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("draft-killed")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Льняной двор").await?.id).await?;
    let mut buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.click(&row(thread)).await?;
    buyer.wait(COMPOSER).await?;
    stage.server.kill();
    buyer.wait_gone(ONLINE).await?;
    for text in UNSENT {
        buyer.write(COMPOSER, text).await?;
        buyer.click("[data-testid='send']").await?;
        buyer.wait_bubble(text, &["queued", "sending", "unconfirmed"]).await?;
    }

    let mut before = String::new();
    for kill in 1..=2 {
        stage.desktop.bring_to_front(buyer.side.title()).await?;
        buyer.press(COMPOSER, "\u{E010}").await?;
        let (seen, crashed) = dies_while_typing(&stage, buyer, &before).await?;
        buyer = crashed.start(&stage).await?;
        buyer.click("[data-testid='nav-chats']").await?;
        buyer.click(&row(thread)).await?;
        let kept = until("the words stand in the field again", || async {
            let kept = written(&buyer).await?;
            ensure!(kept.starts_with(&seen), "seen were «{seen}», kept are «{kept}»");
            Ok(Some(kept))
        })
        .await?;
        let typed = (0..100).fold(before.clone(), |typed, number| typed + &word(number));
        ensure!(typed.starts_with(&kept), "nobody typed «{kept}»");
        stage.artefacts.say(&format!(
            "Падение {kill}: видели {} знаков, сохранено {}",
            seen.len(),
            kept.len()
        ));
        for text in UNSENT {
            buyer.wait_bubble(text, &["queued", "sending", "unconfirmed"]).await?;
        }
        buyer.photograph(&stage, &format!("после-падения-{kill}")).await?;
        // The next words are typed behind these.
        before = kept;
    }

    stage.server.start_again().await?;
    for text in UNSENT {
        buyer.wait_bubble(text, &["sent", "delivered", "read"]).await?;
    }
    let history = anna.history(thread).await?;
    for text in UNSENT {
        let count = history.iter().filter(|message| message.message == text).count();
        ensure!(count == 1, "«{text}» arrived {count} times");
    }
    ensure!(
        written(&buyer).await? == before,
        "sending the one has changed the other"
    );
    Ok(())
}

/// Types until the app is killed in the middle of it; gives back what the page had shown a while before that.
async fn dies_while_typing(stage: &Stage, buyer: Window, before: &str) -> Result<(String, Crashed)> {
    let is_dead = AtomicBool::new(false);
    let typing = async {
        for number in 0.. {
            if is_dead.load(Ordering::Acquire) {
                break;
            }
            stage.desktop.type_text(&word(number)).await?;
        }
        anyhow::Ok(())
    };
    let watching = async {
        let seen = shows(&buyer, before.len() + 40).await;
        // Typing them takes two seconds and more; only the last instant may be lost.
        let later = shows(&buyer, before.len() + 140).await;
        let crashed = buyer.crash();
        is_dead.store(true, Ordering::Release);
        later?;
        anyhow::Ok((seen?, crashed))
    };
    let (typed, watched) = tokio::join!(typing, watching);
    typed?;
    watched
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_two_devices_stand_side_by_side_in_every_width_until_the_person_chooses() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("draft-other")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Льняной двор").await?.id).await?;
    let (phone, tablet) = (
        stage.device(Side::Buyer, ANNA, "phone").await?,
        stage.device(Side::Buyer, ANNA, "tablet").await?,
    );
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.click(&row(thread)).await?;
    buyer.wait(COMPOSER).await?;
    stage.server.kill();
    buyer.wait_gone(ONLINE).await?;
    let here = "Здравствуйте! Мне нужен отрез льна на две скатерти";
    buyer.write(COMPOSER, here).await?;
    buyer.click("[data-testid='nav-settings']").await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.click(&row(thread)).await?;
    let crashed = buyer.crash();

    stage.server.start_again().await?;
    let there = "Добрый день! Подскажите, пожалуйста, сколько метров льна осталось\nи можно ли забрать сегодня?";
    until("the phone knows the thread", || async {
        Ok(phone.client.thread(thread).await?)
    })
    .await?;
    phone.client.set_draft(thread, there).await?;
    // When the tablet has it, the server has it.
    tablet.wait_draft(thread, there).await?;

    let buyer = crashed.start(&stage).await?;
    let mut faults = Vec::new();
    for language in [Language::Russian, Language::English] {
        language.choose(&buyer).await?;
        buyer.resize(&stage, 1280, HEIGHT).await?;
        buyer.click("[data-testid='nav-chats']").await?;
        buyer.click(&row(thread)).await?;
        buyer.wait_text(BAR, "Подскажите").await?;
        for width in [400, 800, 1280] {
            buyer.resize(&stage, width, HEIGHT).await?;
            faults.extend(see(&stage, &buyer, &format!("draft-{language:?}"), width).await?);
        }
        ensure!(written(&buyer).await? == here, "nothing is overwritten");
        buyer.resize(&stage, 1280, HEIGHT).await?;
    }
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));

    buyer.click(&format!("{BAR} [data-choice='append']")).await?;
    buyer.wait_gone(BAR).await?;
    let both = format!("{here}\n{there}");
    until("both stand in the field", || async {
        Ok((written(&buyer).await? == both).then_some(()))
    })
    .await?;
    // And the other devices hear of it.
    phone.wait_draft(thread, &both).await
}
