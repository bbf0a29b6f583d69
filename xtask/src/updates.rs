//! `cargo xtask updates`: what apps that renew themselves need: the configuration they are built with, and the lists of
//! versions that they ask for, with every bundle signed.
//!
//! [`key`] is about keys and signatures, [`list`] about which bundle is whose.

mod key;
mod list;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::process;
use key::{PublicKey, SecretKey};

/// Stands for `buyer` or `seller` in the address: both apps are built with the same words, and each has a list of its own.
const APP: &str = "{{app}}";

/// What can be made.
#[derive(Subcommand)]
pub enum Task {
    /// Print the configuration for `tauri build --config`.
    Config {
        /// Whose signature counts, and where versions are announced.
        #[command(flatten)]
        trust: Trust,
    },
    /// Sign the bundles of a folder, and write latest-buyer.json and latest-seller.json into it.
    ///
    /// The private key is read from TAURI_SIGNING_PRIVATE_KEY (the key itself) or TAURI_SIGNING_PRIVATE_KEY_PATH (a file),
    /// its password from TAURI_SIGNING_PRIVATE_KEY_PASSWORD.
    List {
        /// The public key that the apps were built with: a list that they would refuse is not written
        #[arg(long, value_name = "KEY")]
        update_key: String,
        /// Where the bundles will lie: the address of a folder
        #[arg(long, value_name = "URL")]
        from: String,
        /// The folder with the bundles, named prilavok-<app>_<version>_<system>
        folder: PathBuf,
    },
}

/// What an app is told when it is built.
#[derive(Args, Clone)]
pub struct Trust {
    /// Build apps that renew themselves: the public key of their makers, or the file with it
    #[arg(long, value_name = "KEY", requires = "update_url")]
    pub update_key: Option<String>,
    /// Where their versions are announced; {{app}} in it becomes buyer or seller
    #[arg(long, value_name = "URL", requires = "update_key")]
    pub update_url: Option<String>,
}

impl Trust {
    /// What Tauri merges into the configuration of an app; nothing when it was not asked for.
    pub fn config(&self) -> Result<Option<String>> {
        let (Some(key), Some(url)) = (&self.update_key, &self.update_url) else {
            return Ok(None);
        };
        let key = PublicKey::read(key)?.of_tauri();
        ensure!(
            url.starts_with("https://"),
            "the apps look at https addresses only: {url}"
        );
        ensure!(
            url.contains(APP),
            "the address needs {APP}, since each app has a list of its own: https://example.org/latest-{APP}.json"
        );
        let updater = json!({ "pubkey": key, "endpoints": [url] });
        Ok(Some(json!({ "plugins": { "updater": updater } }).to_string()))
    }
}

/// Does it.
pub fn run(task: &Task) -> Result<()> {
    match task {
        Task::Config { trust } => {
            let config = trust.config()?;
            println!("{}", config.context("--update-key and --update-url are missing")?);
            Ok(())
        }
        Task::List {
            update_key,
            from,
            folder,
        } => write_lists(&PublicKey::read(update_key)?, from, &process::root().join(folder)),
    }
}

fn write_lists(public: &PublicKey, from: &str, folder: &Path) -> Result<()> {
    // A trial on one machine has no certificate; what the app fetches counts by its signature alone.
    let is_fetchable = from.starts_with("https://") || from.starts_with("http://127.0.0.1:");
    ensure!(is_fetchable, "the bundles must lie at an https address: {from}");
    let secret = SecretKey::of_environment()?;
    let names = fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    let bundles = list::bundles(&names)?;
    if bundles.is_empty() {
        bail!("{} holds no bundle that an app could take", folder.display());
    }
    for app in list::APPS {
        let list = list::of(app, &bundles, from, |bundle| {
            let bytes =
                fs::read(folder.join(&bundle.file)).with_context(|| format!("{} cannot be read", bundle.file))?;
            secret.sign(public, &bytes, &bundle.file, &bundle.version)
        })?;
        let Some(list) = list else {
            println!("      prilavok-{app}: -");
            continue;
        };
        let path = folder.join(format!("latest-{app}.json"));
        fs::write(&path, list).with_context(|| format!("{} cannot be written", path.display()))?;
        println!("      {}", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Trust;
    use super::key::PublicKey;

    /// Made for this test; nobody has its other half.
    const KEY: &str = "RWS89rAZHE3AVZUDjv0fCgW6QkVoFIwRnVT7k4I7IJ+MllVJF5A9met2";

    fn trust(key: &str, url: &str) -> Trust {
        Trust {
            update_key: Some(key.to_owned()),
            update_url: Some(url.to_owned()),
        }
    }

    #[test]
    fn an_app_is_told_key_and_address_and_nothing_that_it_would_refuse() {
        let url = "https://example.org/latest-{{app}}.json";
        let config = trust(KEY, url)
            .config()
            .expect("both are good")
            .expect("both are given");
        let config: serde_json::Value = serde_json::from_str(&config).expect("it is JSON");
        let updater = &config["plugins"]["updater"];
        assert_eq!(updater["endpoints"], serde_json::json!([url]));
        let told = updater["pubkey"].as_str().expect("the key is a text");
        assert_eq!(told, PublicKey::read(KEY).expect("a key").of_tauri());
        // What was told can be told again.
        assert_eq!(PublicKey::read(told).expect("the same key").of_tauri(), told);

        for (key, url) in [
            (KEY, "http://example.org/latest-{{app}}.json"),
            (KEY, "https://example.org/latest.json"),
            ("RWS89rAZ", url),
            ("no/such/file.pub", url),
        ] {
            assert!(trust(key, url).config().is_err(), "{key} {url}");
        }
    }
}
