//! The palette before the first paint: a window that flashes white at night is a bad greeting.
//!
//! The engine's settings are read after the window is up, so the chosen theme is also kept in a one-word file.

use std::path::{Path, PathBuf};

use prilavok_client::Theme;

/// Remembers the theme for the next start.
pub(crate) fn remember(data_dir: &Path, theme: Theme) {
    let written = std::fs::create_dir_all(data_dir).and_then(|()| std::fs::write(file(data_dir), word(theme)));
    if let Err(error) = written {
        tracing::warn!(%error, "The theme could not be remembered for the next start.");
    }
}

/// The theme of the last start.
pub(crate) fn remembered(data_dir: &Path) -> Theme {
    match std::fs::read_to_string(file(data_dir)).unwrap_or_default().trim() {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    }
}

/// Sets `data-theme` on the page before anything is drawn.
pub(crate) fn script(theme: Theme) -> String {
    let chosen = word(theme);
    format!(
        "(() => {{ const chosen = '{chosen}'; \
         const dark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches); \
         const set = () => document.documentElement.setAttribute('data-theme', dark ? 'dark' : 'light'); \
         if (document.documentElement) set(); else document.addEventListener('readystatechange', set, {{ once: true }}); }})();"
    )
}

fn word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("theme")
}

#[cfg(test)]
mod tests {
    use super::{Theme, remember, remembered};

    #[test]
    fn the_theme_is_there_at_the_next_start() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(remembered(folder.path()), Theme::System);
        for theme in [Theme::Dark, Theme::Light, Theme::System] {
            remember(folder.path(), theme);
            assert_eq!(remembered(folder.path()), theme);
        }
    }
}
