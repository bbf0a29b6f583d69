//! Where the sign-in key lies: in a real keychain, or, said openly, in a private file.

use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Keyring, PASSWORD, Side, Stage, Window, until};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const IN_KEYCHAIN: &str = "В системном хранилище паролей";
const IN_FILE: &str = "В файле на этом компьютере";
const FILE_IS_PRIVATE: &str = "Системное хранилище паролей недоступно. Файл может прочитать только ваш пользователь.";

async fn keys(keyring: &Keyring) -> Result<usize> {
    let items = keyring.items().await?;
    let is_key = |value: &String| value.starts_with("refresh http://127.0.0.1");
    Ok(items.iter().filter(|item| item.values().any(is_key)).count())
}

/// What the settings say about it.
async fn settings_say(window: &Window, words: &str) -> Result<()> {
    window.click("[data-testid='nav-settings']").await?;
    window.wait_text("main", words).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_key_lies_in_the_keychain_and_survives_a_restart() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("keychain")?).await?;
    let keyring = stage.keyring().await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    settings_say(&buyer, IN_KEYCHAIN).await?;
    buyer.picture("в-хранилище").await?;
    ensure!(
        keys(&keyring).await? == 1,
        "the keychain has the key: {:?}",
        keyring.items().await?
    );
    ensure!(!buyer.data("secrets.json").exists(), "no key lies in a file as well");

    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait(ONLINE).await?;
    settings_say(&buyer, IN_KEYCHAIN).await?;

    buyer.click_text("button", "Выйти").await?;
    buyer.click_text("dialog[open] button", "Выйти").await?;
    buyer.wait("[data-testid='sign-in-email']").await?;
    until("the key is gone from the keychain", || async {
        Ok((keys(&keyring).await? == 0).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_the_key_lies_in_a_private_file_and_the_settings_say_so() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("keychain-absent")?).await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    settings_say(&buyer, IN_FILE).await?;
    settings_say(&buyer, FILE_IS_PRIVATE).await?;
    let mode = std::fs::metadata(buyer.data("secrets.json"))
        .context("the key lies in the file")?
        .permissions()
        .mode();
    ensure!(
        mode & 0o777 == 0o600,
        "only this user may read the file, but its mode is {mode:o}"
    );

    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait(ONLINE).await?;

    // A keychain comes later: the key moves in.
    let keyring = stage.keyring().await?;
    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait(ONLINE).await?;
    settings_say(&buyer, IN_KEYCHAIN).await?;
    ensure!(keys(&keyring).await? == 1, "the key has moved into the keychain");
    let left = std::fs::read_to_string(buyer.data("secrets.json"))?;
    ensure!(left.trim() == "{}", "nothing is left in the file");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keychain_is_told_of_and_needs_no_new_sign_in_once_it_is_open() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("keychain-locked")?).await?;
    let keyring = stage.keyring().await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    keyring.lock().await?;

    let buyer = buyer.crash_and_start_again(&stage).await?;
    // What is on this device is there all the same.
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.wait("[data-testid='thread-row']").await?;
    buyer.picture("заперто").await?;
    buyer.wait_text("[data-testid='offline-bar']", "заблокировано").await?;

    // Unlocked while the app runs: it comes back by itself, without a password.
    keyring.unlock().await?;
    buyer.wait(ONLINE).await?;
    settings_say(&buyer, IN_KEYCHAIN).await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_locked_keychain_one_can_sign_in_anew() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("keychain-locked-first")?).await?;
    let keyring = stage.keyring().await?;
    keyring.lock().await?;
    let buyer = stage.open(Side::Buyer, None).await?;
    buyer.write("[data-testid='sign-in-email']", ANNA).await?;
    buyer.write("[data-testid='sign-in-password']", PASSWORD).await?;
    buyer.click("[data-testid='sign-in-submit']").await?;
    buyer.wait(ONLINE).await?;
    settings_say(&buyer, FILE_IS_PRIVATE).await?;
    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait(ONLINE).await.map(drop)
}
