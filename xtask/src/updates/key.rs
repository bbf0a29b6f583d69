//! The keys of those who make the apps. Both halves come as `tauri signer generate` writes them or as minisign does: Tauri
//! wraps minisign's file once more in Base64.

use std::env;
use std::fs;
use std::io::Cursor;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::{PublicKeyBox, SecretKeyBox};

use crate::process;

/// The half that everybody may know.
pub struct PublicKey(minisign::PublicKey);

impl PublicKey {
    /// Reads a key, or the file of that name.
    pub fn read(given: &str) -> Result<Self> {
        let given = given.trim();
        let parsed = parse_public(given).or_else(|| {
            let text = fs::read_to_string(process::root().join(given)).ok()?;
            parse_public(text.trim())
        });
        let key = parsed.with_context(|| format!("neither a public key nor the file of one: {given}"))?;
        Ok(Self(key))
    }

    /// As Tauri's configuration wants it.
    pub fn of_tauri(&self) -> String {
        let plain = self.0.to_base64();
        STANDARD.encode(format!("untrusted comment: minisign public key\n{plain}\n"))
    }
}

/// In one of three dresses: the bare key, minisign's file, or Tauri's.
fn parse_public(text: &str) -> Option<minisign::PublicKey> {
    if let Ok(key) = minisign::PublicKey::from_base64(text) {
        return Some(key);
    }
    let key = PublicKeyBox::from_string(&unwrapped(text)?).ok()?;
    key.into_public_key().ok()
}

/// minisign's file out of Tauri's, or as it is.
fn unwrapped(text: &str) -> Option<String> {
    if text.starts_with("untrusted comment:") {
        return Some(text.to_owned());
    }
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

/// The half that signs.
pub struct SecretKey(minisign::SecretKey);

impl SecretKey {
    /// Read from where Tauri's own tools read it, so that one secret serves both.
    pub fn of_environment() -> Result<Self> {
        let given = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        let text = match (
            given("TAURI_SIGNING_PRIVATE_KEY"),
            given("TAURI_SIGNING_PRIVATE_KEY_PATH"),
        ) {
            (Some(text), _) => text,
            (None, Some(path)) => {
                let path = process::root().join(path);
                fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?
            }
            (None, None) => anyhow::bail!(
                "there is no key to sign with: set TAURI_SIGNING_PRIVATE_KEY, or TAURI_SIGNING_PRIVATE_KEY_PATH to its file"
            ),
        };
        let password = env::var("TAURI_SIGNING_PRIVATE_KEY_PASSWORD").unwrap_or_default();
        Self::parse(&text, password)
    }

    /// `password` is that of the key; a key without one does not look at it. No error here repeats a word of the key.
    fn parse(text: &str, password: String) -> Result<Self> {
        let text = unwrapped(text.trim()).context("the private key is not what `tauri signer generate` writes")?;
        let boxed = || SecretKeyBox::from_string(&text).context("the private key cannot be read");
        if let Ok(key) = boxed()?.into_unencrypted_secret_key() {
            return Ok(Self(key));
        }
        let key = boxed()?.into_secret_key(Some(password)).ok();
        key.map(Self)
            .context("the private key does not open with this password")
    }

    /// Signs a bundle for one version, the way `tauri signer sign --app-version` does.
    pub fn sign(&self, public: &PublicKey, bytes: &[u8], file: &str, version: &str) -> Result<String> {
        ensure!(
            !file.contains(['\t', '\n']) && !version.contains(['\t', '\n']),
            "a name that would break the signed line: {file}"
        );
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let trusted = format!("timestamp:{now}\tfile:{file}\tversion:{version}");
        let comment = Some("signature from tauri secret key");
        let signature = minisign::sign(None, &self.0, Cursor::new(bytes), Some(&trusted), comment)
            .with_context(|| format!("{file} cannot be signed"))?;
        minisign::verify(&public.0, &signature, Cursor::new(bytes), true, false, false)
            .with_context(|| format!("{file}: the apps' public key is not the other half of the private one"))?;
        Ok(STANDARD.encode(signature.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use minisign::KeyPair;

    use super::*;

    fn published(keys: &KeyPair) -> PublicKey {
        PublicKey(keys.pk.clone())
    }

    #[test]
    fn a_bundle_is_signed_for_its_version_and_only_for_the_key_that_the_apps_know() {
        let pair = || KeyPair::generate_unencrypted_keypair().expect("there is randomness");
        let (makers, others) = (pair(), pair());
        let file = makers.sk.to_box(None).expect("a key has a file").into_string();
        let key = SecretKey::parse(&STANDARD.encode(file), String::new()).expect("as Tauri writes it");
        let public = published(&makers);
        let signature = key
            .sign(&public, b"a bundle", "app.exe", "1.2.3")
            .expect("it is the pair");
        assert!(key.sign(&published(&others), b"a bundle", "app.exe", "1.2.3").is_err());
        assert!(key.sign(&public, b"a bundle", "a\tversion:9.0.0", "1.2.3").is_err());

        // With the very crate that is inside the apps.
        let known = minisign_verify::PublicKey::decode(&unwrapped(&public.of_tauri()).expect("Base64")).expect("a key");
        let signature = unwrapped(&signature).expect("Base64");
        let signature = minisign_verify::Signature::decode(&signature).expect("a signature");
        known.verify(b"a bundle", &signature, false).expect("what was signed");
        assert!(known.verify(b"another", &signature, false).is_err());
        let words: Vec<_> = signature.trusted_comment().split('\t').collect();
        assert_eq!(words[1..], ["file:app.exe", "version:1.2.3"]);
    }

    #[test]
    fn a_key_of_tauri_opens_with_its_password_and_no_error_tells_any_of_it() {
        // Made by `tauri signer generate` for this test, with the password below; it signs nothing else.
        let key = "dW50cnVzdGVkIGNvbW1lbnQ6IHJzaWduIGVuY3J5cHRlZCBzZWNyZXQga2V5ClJXUlRZMEl5WjBwK3NJZnFST1pZdmhEQTlRM3JpMFpOOEY2VFlCSHZUeUJ6OXF6VzJQa0FBQkFBQUFBQUFBQUFBQUlBQUFBQVcwa205STBraTdnc1hzZkRCMkorNjRhTTJ6c1R0Mlk0d1kwb3RkcEFiYVM3Y1FoK0t4RjVrWEpRc05UbFMzeUUxVXRaakt6bzFFdzdnM3dTYXY2V3VJZEVud1IvbGdOOXdiRUpNQTIrNHF6U25FeVUvSHNWS3ZUbzlyTWxLOWtVM1ZpVU84MndndXc9Cg==";
        let public = PublicKey::read("RWS89rAZHE3AVZUDjv0fCgW6QkVoFIwRnVT7k4I7IJ+MllVJF5A9met2").expect("its half");
        let opened = SecretKey::parse(key, "пароль 1".to_owned()).expect("it is the password");
        assert!(opened.sign(&public, b"a bundle", "app.exe", "1.2.3").is_ok());
        // Trying a wrong password takes as long as the right one: seconds of a debug build. These fail before.
        for broken in [&key[..80], "§", &key[80..]] {
            let refused = SecretKey::parse(broken, "пароль 1".to_owned()).err();
            let told = format!("{:#}", refused.expect("it does not open"));
            assert!(!told.contains("RWRT") && !told.contains("dW50"), "{told}");
        }
    }
}
