//! The list of an app's newest version, in Tauri's static form: for each system one bundle, its address and its signature.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

/// The apps, as they stand in the names of bundles and lists.
pub const APPS: [&str; 2] = ["buyer", "seller"];

/// How the name of a bundle ends, and the systems that it is for. The rest of what a release holds is installed by hand or
/// by the system: an image of a disk, a Debian package, an installer in another language.
const SYSTEMS: &[(&str, &str)] = &[
    ("x64-setup.exe", "windows-x86_64"),
    ("arm64-setup.exe", "windows-aarch64"),
    // An app that came by MSI is renewed by MSI: another installer would put a second one beside it.
    ("x64_ru-RU.msi", "windows-x86_64-msi"),
    ("arm64_ru-RU.msi", "windows-aarch64-msi"),
    ("x64.app.tar.gz", "darwin-x86_64"),
    ("aarch64.app.tar.gz", "darwin-aarch64"),
    ("amd64.AppImage", "linux-x86_64"),
    ("aarch64.AppImage", "linux-aarch64"),
];

/// A file that an app can take for its next version.
#[derive(Debug, PartialEq, Eq)]
pub struct Bundle {
    /// `buyer` or `seller`.
    app: &'static str,
    /// The system, as the app asks for it.
    system: &'static str,
    /// The version in the name, which is the one that is signed.
    pub version: String,
    /// The file's name.
    pub file: String,
}

/// The bundles among the files. One version for all of them: a list announces only one.
pub fn bundles(names: &[String]) -> Result<Vec<Bundle>> {
    let mut found: Vec<_> = names.iter().filter_map(|name| bundle(name)).collect();
    found.sort_by(|a, b| a.file.cmp(&b.file));
    for bundle in &found {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._+-".contains(letter);
        ensure!(
            bundle.file.chars().all(is_plain),
            "not a name for an address: {}",
            bundle.file
        );
        let first = &found[0];
        ensure!(
            bundle.version == first.version,
            "two versions in one folder: {} and {}",
            first.file,
            bundle.file
        );
    }
    Ok(found)
}

fn bundle(name: &str) -> Option<Bundle> {
    let (app, rest) = APPS
        .into_iter()
        .find_map(|app| Some((app, name.strip_prefix(&format!("prilavok-{app}_"))?)))?;
    let (version, ending) = rest.split_once('_')?;
    let (_, system) = SYSTEMS.iter().find(|(known, _)| *known == ending)?;
    Some(Bundle {
        app,
        system,
        version: version.to_owned(),
        file: name.to_owned(),
    })
}

/// The list of one app; nothing when no bundle is its own.
pub fn of(
    app: &str,
    bundles: &[Bundle],
    from: &str,
    sign: impl Fn(&Bundle) -> Result<String>,
) -> Result<Option<String>> {
    let mut platforms = BTreeMap::new();
    let mut version = None;
    for bundle in bundles.iter().filter(|bundle| bundle.app == app) {
        let url = format!("{}/{}", from.trim_end_matches('/'), bundle.file);
        platforms.insert(bundle.system, json!({ "url": url, "signature": sign(bundle)? }));
        version = Some(&bundle.version);
    }
    let Some(version) = version else { return Ok(None) };
    let platforms: Map<String, Value> = platforms.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
    let list = json!({ "version": version, "notes": "", "platforms": platforms });
    let list = serde_json::to_string_pretty(&list).context("a list is always JSON")?;
    Ok(Some(format!("{list}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn each_app_has_a_list_with_one_signed_bundle_for_each_system() {
        let bundles = bundles(&names(&[
            "SHA256SUMS",
            "prilavok-buyer_1.2.3_aarch64.app.tar.gz",
            "prilavok-buyer_1.2.3_aarch64.dmg",
            "prilavok-buyer_1.2.3_amd64.AppImage",
            "prilavok-buyer_1.2.3_amd64.deb",
            "prilavok-buyer_1.2.3_x64-setup.exe",
            "prilavok-buyer_1.2.3_x64_en-US.msi",
            "prilavok-buyer_1.2.3_x64_ru-RU.msi",
            "prilavok-seller_1.2.3_x64-setup.exe",
            "prilavok-server_1.2.3_amd64.deb",
        ]))
        .expect("one version, plain names");
        let list = |app: &str| {
            let sign = |bundle: &Bundle| Ok(format!("signed {}", bundle.file));
            let list = of(app, &bundles, "https://example.org/v1/", sign).expect("signing does not fail");
            serde_json::from_str::<Value>(&list.expect("it has bundles")).expect("a list is JSON")
        };
        let buyer = list("buyer");
        assert_eq!(buyer["version"], "1.2.3");
        let systems: Vec<_> = buyer["platforms"].as_object().expect("systems").keys().collect();
        assert_eq!(
            systems,
            ["darwin-aarch64", "linux-x86_64", "windows-x86_64", "windows-x86_64-msi"]
        );
        let file = "prilavok-buyer_1.2.3_x64_ru-RU.msi";
        let msi = json!({ "url": format!("https://example.org/v1/{file}"), "signature": format!("signed {file}") });
        assert_eq!(buyer["platforms"]["windows-x86_64-msi"], msi);
        let seller = list("seller");
        let url = &seller["platforms"]["windows-x86_64"]["url"];
        assert_eq!(url, "https://example.org/v1/prilavok-seller_1.2.3_x64-setup.exe");
        assert_eq!(
            seller["platforms"].as_object().map(Map::len),
            Some(1),
            "no bundle of the buyer's"
        );
    }

    #[test]
    fn versions_are_not_mixed_and_an_app_without_bundles_has_no_list() {
        let mixed = [
            "prilavok-buyer_1.2.3_x64-setup.exe",
            "prilavok-seller_1.2.4_x64-setup.exe",
        ];
        assert!(bundles(&names(&mixed)).is_err());
        let odd = ["prilavok-buyer_1.2.3 (1)_x64-setup.exe"];
        assert!(bundles(&names(&odd)).is_err());
        let one = bundles(&names(&mixed[..1])).expect("one version");
        let list = of("seller", &one, "https://example.org", |_| Ok(String::new())).expect("nothing is signed");
        assert!(list.is_none());
    }
}
