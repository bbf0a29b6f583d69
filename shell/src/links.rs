//! Links leave the app through the system's browser or mail program, and only links.

use std::path::Path;

use prilavok_client::Error;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use url::Url;

/// Opens a link of a message. Anything but `http`, `https` and `mailto` is refused: a message must not start programs.
pub(crate) fn open(app: &AppHandle, link: &str) -> Result<(), Error> {
    let url = allowed(link).ok_or(Error::Invalid("only http, https and mailto links are opened"))?;
    app.opener().open_url(url.as_str(), None::<&str>).map_err(|error| {
        tracing::warn!(%error, "The system could not open a link.");
        Error::Invalid("the system could not open the link")
    })
}

/// Shows one of the app's own folders in the system's file manager.
pub(crate) fn open_folder(app: &AppHandle, folder: &Path) -> Result<(), Error> {
    let folder = folder.to_string_lossy();
    app.opener().open_path(folder, None::<&str>).map_err(|error| {
        tracing::warn!(%error, "The system could not open a folder.");
        Error::Invalid("the system could not open the folder")
    })
}

fn allowed(link: &str) -> Option<Url> {
    let url = Url::parse(link).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn only_web_and_mail_links_pass() {
        for link in [
            "https://prilavok.example/товар",
            "http://127.0.0.1:8000/",
            "mailto:anna@example.org",
        ] {
            assert!(allowed(link).is_some(), "{link}");
        }
        for link in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "smb://host/x",
            "/bin/sh",
            "",
        ] {
            assert!(allowed(link).is_none(), "{link}");
        }
    }
}
