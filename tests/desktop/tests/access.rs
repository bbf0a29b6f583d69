//! What a screen reader finds in the real windows, by the accessibility bus: every control has a name, and a message that
//! comes is said.

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::screens::Place;
use prilavok_desktop_tests::stage::{ANNA, Comer, LINEN, Side, Stage, TEA, Thing, Window, until};

/// What a person can do something with, or must know by name.
const NAMED: [&str; 19] = [
    "button",
    "checkbox",
    "combobox",
    "complementary",
    "dialog",
    "heading",
    "img",
    "link",
    "listbox",
    "log",
    "menu",
    "menuitem",
    "navigation",
    "option",
    "radio",
    "region",
    "searchbox",
    "separator",
    "switch",
];
/// Tags of controls, and how many of each the page shows: the tree must have as many.
const COUNTED: &str = "const seen = (css) => [...document.querySelectorAll(css)].filter((it) => it.checkVisibility() \
    && !it.closest('[aria-hidden=true], [inert]') \
    && (!document.querySelector('dialog[open]') || it.closest('dialog[open]'))).length; \
    return ['button', 'select', 'input', 'textarea', 'dialog'].map((tag) => [tag, seen(tag)]);";

fn faults(place: &str, things: &[Thing]) -> Vec<String> {
    let wants_name = |thing: &&Thing| NAMED.contains(&thing.role.as_str()) || thing.is_focusable();
    let told = |thing: &Thing| {
        format!(
            "{place}: no name for {} {:?} in {}",
            thing.role, thing.attributes, thing.way
        )
    };
    let nameless = things
        .iter()
        .filter(wants_name)
        .filter(|thing| thing.name.trim().is_empty());
    let mut faults: Vec<String> = nameless.map(told).collect();
    for thing in things.iter().filter(|thing| thing.role == "option") {
        let who = thing.name.split(',').next().unwrap_or_default();
        if thing.name.matches(who).count() > 1 {
            faults.push(format!("{place}: said twice, «{}»", thing.name));
        }
    }
    let mains = things.iter().filter(|thing| thing.role == "main").count();
    let is_in_dialog = things.iter().any(|thing| thing.role == "dialog");
    if mains != 1 && !is_in_dialog {
        faults.push(format!("{place}: {mains} main parts"));
    }
    faults
}

/// The tree, as soon as it has what the page shows.
async fn tree(stage: &Stage, window: &Window) -> Result<Vec<Thing>> {
    until("the accessibility tree has what the page shows", || async {
        let shown: Vec<(String, usize)> = serde_json::from_value(window.run(COUNTED, Vec::new()).await?)?;
        let things = stage.assistive()?.page(window.side).await?;
        for (tag, count) in shown {
            let is_it = |thing: &&Thing| thing.attributes.get("tag") == Some(&tag);
            let found = things.iter().filter(is_it).count();
            ensure!(found == count, "the page shows {count} of {tag}, the tree has {found}");
        }
        Ok(Some(things))
    })
    .await
}

async fn every_control_has_a_name(side: Side, account: &str) -> Result<()> {
    let stage = Stage::set_for_listening(Artefacts::of_test(&format!("access-{side:?}"))?).await?;
    let mut faults = Vec::new();
    let guest = stage.open_to(side, Comer::Stranger).await?;
    faults.extend(look(&stage, &guest, "server", &["textbox"]).await?);
    guest
        .write("[data-testid='server-address']", &stage.server.address())
        .await?;
    guest.click("[data-testid='server-submit']").await?;
    for place in [Place::SignIn, Place::SignUp] {
        place.enter(&guest).await?;
        faults.extend(look(&stage, &guest, &format!("{place:?}"), &["textbox", "button"]).await?);
    }
    guest.close().await;

    let window = stage.open(side, Some(account)).await?;
    window.resize(&stage, 1280, 900).await?;
    for place in Place::of(side) {
        place.enter(&window).await?;
        let must = match place {
            Place::Threads => ["listbox", "option"].as_slice(),
            Place::Thread => &["log", "textbox", "option"],
            Place::Info => &["complementary", "log"],
            Place::Settings => &["switch", "radio", "button"],
            _ => &["button", "main"],
        };
        faults.extend(look(&stage, &window, &format!("{place:?}"), must).await?);
    }
    Place::Settings.enter(&window).await?;
    window.click("[data-testid='sign-out']").await?;
    faults.extend(look(&stage, &window, "sign out", &["dialog", "button"]).await?);
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    Ok(())
}

/// The faults of what is in front now; it must have things of these roles, or this has looked at nothing.
async fn look(stage: &Stage, window: &Window, place: &str, must: &[&str]) -> Result<Vec<String>> {
    let things = tree(stage, window).await.with_context(|| place.to_owned())?;
    let focusable = things.iter().filter(|thing| thing.is_focusable()).count();
    stage
        .artefacts
        .say(&format!("{place}: {} вещей, {focusable} для клавиатуры", things.len()));
    for role in must {
        ensure!(things.iter().any(|thing| thing.role == *role), "{place} has no {role}");
    }
    Ok(faults(place, &things))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_control_of_the_buyer_has_a_name_on_the_accessibility_bus() -> Result<()> {
    every_control_has_a_name(Side::Buyer, ANNA).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_control_of_the_seller_has_a_name_on_the_accessibility_bus() -> Result<()> {
    every_control_has_a_name(Side::Seller, TEA).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_is_said_and_old_ones_are_not() -> Result<()> {
    let stage = Stage::set_for_listening(Artefacts::of_test("access-live")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let shop = anna.shop("Льняной двор").await?;
    let thread = anna.start(shop.id).await?;
    let seller = stage.visitor(LINEN).await?;
    seller.send(thread, "Здравствуйте! Это было раньше.").await?;
    let window = stage.open(Side::Buyer, Some(ANNA)).await?;
    window.resize(&stage, 1280, 900).await?;
    window.click("[data-testid='nav-chats']").await?;
    let row = format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0);
    window.click(&row).await?;
    window.wait_bubble("Это было раньше", &["received"]).await?;
    // Only what is in the tree is told of: somebody must have looked.
    tree(&stage, &window).await?;
    let before = spoken(&stage).await?;
    ensure!(before.is_empty(), "old messages are said: {before:?}");
    for text in ["Отрез льна отложила до вечера.", "И второй тоже!", "И второй тоже!"]
    {
        seller.send(thread, text).await?;
        let said = until(&format!("«{text}» is said"), || async {
            let said = spoken(&stage).await?;
            Ok((!said.is_empty()).then_some(said))
        })
        .await?;
        ensure!(
            said == [format!("Льняной двор: {text}")],
            "it is said once, but: {said:?}"
        );
    }
    Ok(())
}

/// What a screen reader has said since the last time: what came into a part of the page that is to be said when it changes.
async fn spoken(stage: &Stage) -> Result<Vec<String>> {
    let ears = stage.assistive()?;
    let mut said = Vec::new();
    for word in ears.heard() {
        let Some(child) = word.child.filter(|_| word.detail == "add") else {
            continue;
        };
        let region = ears.thing(&word.from).await?;
        if region.is_some_and(|it| it.attributes.get("live").is_some_and(|live| live == "polite")) {
            said.push(ears.text(&child).await?.trim().to_owned());
        }
    }
    Ok(said)
}
