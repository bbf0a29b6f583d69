//! What the window itself does for the person's comfort: how large it draws, and whether it underlines misspelt words.
//!
//! The spelling is WebKitGTK's own, which asks the system's dictionaries. Other systems' webviews bring theirs.
//!
//! Reading the two dictionaries takes a quarter of a second of the main thread, which the page needs for its commands, and
//! 24 MB: it waits until the first page has painted, and for nothing where nobody wants it. WebKit keeps them for the
//! windows that follow.

use prilavok_client::Settings;
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::accounts::Accounts;
use crate::life::Life;
use crate::window;

/// The sizes that a person can choose, in percent.
const ZOOM: std::ops::RangeInclusive<u16> = 50..=200;

/// Brings a window to the settings as they are; a fresh one before the engine is open waits for [`settle`].
pub(crate) fn begin(window: &WebviewWindow) {
    if let Some(client) = window.state::<Accounts>().ready() {
        zoom(window, &client.settings());
    }
}

/// Brings the open window, if there is one, to new settings.
pub(crate) fn settle(app: &AppHandle, settings: &Settings) {
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return;
    };
    zoom(&window, settings);
    if app.state::<Life>().has_painted() {
        spell(&window, settings);
    }
}

/// The page has painted: what takes longer follows.
pub(crate) fn painted(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(window::LABEL)
        && let Some(client) = app.state::<Accounts>().ready()
    {
        spell(&window, &client.settings());
    }
}

fn zoom(window: &WebviewWindow, settings: &Settings) {
    let zoom = settings.zoom.clamp(*ZOOM.start(), *ZOOM.end());
    if let Err(error) = window.set_zoom(f64::from(zoom) / 100.0) {
        tracing::warn!(%error, "The window's zoom could not be set.");
    }
}

fn spell(window: &WebviewWindow, settings: &Settings) {
    if let Err(error) = spelling::check(window, settings.spelling) {
        tracing::warn!(%error, "The window's spelling could not be set.");
    }
}

/// Of `ru` and `en`, those whose dictionary is installed.
pub(crate) async fn dictionaries(app: &AppHandle) -> Vec<&'static str> {
    match app.get_webview_window(window::LABEL) {
        Some(window) => spelling::dictionaries(&window).await,
        None => Vec::new(),
    }
}

#[cfg(target_os = "linux")]
mod spelling {
    use tauri::WebviewWindow;
    use webkit2gtk::{WebContext, WebContextExt, WebViewExt};

    /// Ours, and what dictionaries call them.
    const LANGUAGES: [(&str, &str); 2] = [("ru", "ru_RU"), ("en", "en_US")];

    pub(super) fn check(window: &WebviewWindow, is_wanted: bool) -> tauri::Result<()> {
        window.with_webview(move |view| {
            if let Some(context) = view.inner().context() {
                if is_wanted {
                    read(&context);
                }
                context.set_spell_checking_enabled(is_wanted);
            }
        })
    }

    pub(super) async fn dictionaries(window: &WebviewWindow) -> Vec<&'static str> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let asked = window.with_webview(move |view| {
            let found = view.inner().context().map(|context| installed(&context));
            // Whoever asked may be gone.
            let _ = tell.send(found.unwrap_or_default());
        });
        match asked {
            Ok(()) => told.await.unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }

    /// Nothing is read twice while WebKit has it.
    fn read(context: &WebContext) {
        context.set_spell_checking_languages(&LANGUAGES.map(|(_, dictionary)| dictionary));
    }

    /// WebKit keeps of the wanted languages only those for which it finds a dictionary.
    fn installed(context: &WebContext) -> Vec<&'static str> {
        read(context);
        let kept = context.spell_checking_languages();
        let is_kept = |dictionary: &str| kept.iter().any(|each| each.as_str() == dictionary);
        let languages = LANGUAGES.into_iter().filter(|(_, dictionary)| is_kept(dictionary));
        languages.map(|(language, _)| language).collect()
    }
}

#[cfg(not(target_os = "linux"))]
mod spelling {
    use tauri::WebviewWindow;

    /// These webviews check by the system's own setting.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
    pub(super) fn check(_window: &WebviewWindow, _is_wanted: bool) -> tauri::Result<()> {
        Ok(())
    }

    pub(super) async fn dictionaries(_window: &WebviewWindow) -> Vec<&'static str> {
        vec!["ru", "en"]
    }
}
