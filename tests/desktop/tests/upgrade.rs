//! A new version of the app: taken when it is what its makers signed, and refused in every other case with a sentence.
//!
//! The app runs as one that replaces its own image; the place with the new versions is a server in this process, and the
//! keys are real.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::KeyPair;
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, Window, until};
use serde_json::json;

const WORDS: &str = "[data-testid='upgrade-words']";
const CHECK: &str = "[data-testid='upgrade-check']";
const INSTALL: &str = "[data-testid='upgrade-install']";
const BUSY: &str = "[data-testid^='upgrade-'][aria-busy='true']";
const GROUP: &str = "section, fieldset, body";
/// What an image of an app begins with, and something that tells it from others: long enough to be one.
const PACKAGE: &[u8] = b"\x7fELF the new version, which says more than fits into the head of a program";

/// Where new versions lie: what is published under which path.
struct Place {
    address: String,
    shelf: Arc<Mutex<HashMap<String, Vec<u8>>>>,
}

impl Place {
    fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let shelf = Arc::new(Mutex::new(HashMap::new()));
        let seen = shelf.clone();
        // Ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever hangs up has had enough.
                let _ = serve(stream, &seen);
            }
        });
        Ok(Self { address, shelf })
    }

    fn publish(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        let mut shelf = self.shelf.lock().expect("no test panics while it holds the shelf");
        shelf.insert(path.to_owned(), bytes.into());
    }

    /// A list with one version in it.
    fn announce(&self, version: &str, signature: &str) {
        let package = json!({ "url": format!("{}/package", self.address), "signature": signature });
        let platforms = json!({ "linux-x86_64": package, "linux-aarch64": package });
        let list = json!({ "version": version, "notes": "", "platforms": platforms });
        self.publish("/latest-buyer.json", list.to_string());
    }
}

/// What a release does: a folder with the bundle of a version, and the list that `cargo xtask updates` makes of it.
fn release(place: &Place, keys: &KeyPair) -> Result<()> {
    let folder = tempfile::tempdir()?;
    for machine in ["amd64", "aarch64"] {
        let name = format!("prilavok-buyer_9.0.0_{machine}.AppImage");
        std::fs::write(folder.path().join(&name), PACKAGE)?;
        place.publish(&format!("/{name}"), PACKAGE);
    }
    let mut xtask = Command::new(env!("CARGO"));
    xtask.args(["run", "--quiet", "--package=xtask", "--", "updates", "list"]);
    xtask
        .args(["--update-key", &public(keys)?, "--from", &place.address])
        .arg(folder.path());
    // Those of this crate would have build scripts run again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            xtask.env_remove(&name);
        }
    }
    let secret = keys.sk.to_box(None)?.into_string();
    xtask.env("TAURI_SIGNING_PRIVATE_KEY", STANDARD.encode(secret));
    let made = xtask.output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    place.publish(
        "/latest-buyer.json",
        std::fs::read(folder.path().join("latest-buyer.json"))?,
    );
    Ok(())
}

fn serve(mut stream: TcpStream, shelf: &Mutex<HashMap<String, Vec<u8>>>) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().context("nothing was asked")??;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let found = shelf
        .lock()
        .expect("no test panics while it holds the shelf")
        .get(path)
        .cloned();
    let (status, body) = found.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    Ok(())
}

/// As `tauri signer` writes it: the version stands where the signature covers it.
fn sign(keys: &KeyPair, package: &[u8], version: &str) -> Result<String> {
    let trusted = format!("timestamp:1800000000\tfile:Prilavok.AppImage\tversion:{version}");
    let signature = minisign::sign(Some(&keys.pk), &keys.sk, package, Some(&trusted), None)?;
    Ok(STANDARD.encode(signature.to_string()))
}

fn public(keys: &KeyPair) -> Result<String> {
    Ok(STANDARD.encode(keys.pk.to_box()?.to_string()))
}

/// What is said of versions, and whatever went wrong, in one.
async fn ask(buyer: &Window, button: &str, sentence: &str) -> Result<()> {
    buyer.click(button).await?;
    buyer.wait_gone(BUSY).await?;
    buyer.wait_text(GROUP, sentence).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_newer_version_that_its_makers_signed_is_installed_and_only_when_the_person_says_so() -> Result<()> {
    let mut stage = Stage::set(Artefacts::of_test("upgrade")?).await?;
    let (makers, others) = (
        KeyPair::generate_unencrypted_keypair()?,
        KeyPair::generate_unencrypted_keypair()?,
    );
    let place = Place::open()?;
    let folder = tempfile::tempdir()?;
    let image: PathBuf = folder.path().join("Prilavok.AppImage");
    std::fs::write(&image, "\x7fELF the old version")?;
    stage.tell("APPIMAGE", image.to_string_lossy());
    stage.tell("PRILAVOK_UPDATE_KEY", public(&makers)?);
    stage.tell(
        "PRILAVOK_UPDATE_URL",
        format!("{}/latest-{{{{app}}}}.json", place.address),
    );
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.click("[data-testid='nav-settings']").await?;
    buyer.wait_text(WORDS, "Раз в день").await?;

    // Lists that offer nothing.
    ask(&buyer, CHECK, "Сайт обновлений не отвечает").await?;
    place.publish(
        "/latest-buyer.json",
        "<!doctype html><title>Вход в сеть гостиницы</title>",
    );
    ask(&buyer, CHECK, "ответил непонятно").await?;
    place.announce("0.0.9", &sign(&makers, PACKAGE, "0.0.9")?);
    ask(&buyer, CHECK, "версия старее вашей").await?;
    ensure!(buyer.count(INSTALL).await? == 0, "nothing can be installed yet");

    // Packages that are not what was signed.
    place.publish("/package", PACKAGE);
    let refused = "Подпись обновления не сошлась";
    for (what, signature) in [
        ("another's key", sign(&others, PACKAGE, "9.0.0")?),
        ("an old package under a new number", sign(&makers, PACKAGE, "0.0.9")?),
        ("another package", sign(&makers, b"\x7fELF another", "9.0.0")?),
        ("no signature at all", STANDARD.encode("untrusted comment: none")),
    ] {
        place.announce("9.0.0", &signature);
        ask(&buyer, CHECK, "Вышла версия 9.0.0").await?;
        until("the last refusal is gone", || async {
            Ok((!buyer.texts(GROUP).await?.concat().contains(refused)).then_some(()))
        })
        .await?;
        ask(&buyer, INSTALL, refused).await.context(what)?;
        ensure!(
            std::fs::read(&image)?.ends_with(b"the old version"),
            "{what} was installed"
        );
    }
    buyer.photograph(&stage, "отказ").await?;

    // The real one, as releases make it: offered, and nothing happens until the person says so.
    release(&place, &makers)?;
    ask(&buyer, CHECK, "Вышла версия 9.0.0").await?;
    buyer.photograph(&stage, "предложение").await?;
    ensure!(
        std::fs::read(&image)?.ends_with(b"the old version"),
        "it was installed unasked"
    );
    buyer.click(INSTALL).await?;
    buyer.wait_text(WORDS, "при следующем запуске").await?;
    ensure!(
        std::fs::read(&image)? == PACKAGE,
        "what was installed is what was signed"
    );
    ensure!(
        buyer.count(CHECK).await? == 0,
        "there is nothing more to do in this run"
    );
    buyer.photograph(&stage, "установлено").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_does_not_know_where_to_look_says_so() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("upgrade-off")?).await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.click("[data-testid='nav-settings']").await?;
    buyer.wait_text(WORDS, "Обновления выключены в этой сборке").await?;
    ensure!(buyer.count(CHECK).await? == 0, "there is nothing to press");
    Ok(())
}
