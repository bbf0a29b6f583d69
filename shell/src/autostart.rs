//! Starting with the person's session, without a window: an entry that the system reads.
//!
//! The entry itself is the truth: a person who removes it with the system's own tools sees the switch off.

#[cfg(not(any(target_os = "macos", windows)))]
mod entry;

use std::io;
use std::path::{Path, PathBuf};

use crate::place::{Place, asked};

/// How the entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The session starts this program.
    On,
    /// There is none, or it was switched off.
    Off,
    /// It starts another program: this one was moved, or is a second copy.
    Elsewhere(String),
}

/// Whether the entry is there and starts this program.
pub(crate) fn is_on(place: &Place) -> bool {
    standing(place) == Standing::On
}

/// What the entry does.
pub(crate) fn standing(place: &Place) -> Standing {
    let found = file(place).and_then(|file| std::fs::read_to_string(file).ok());
    match (found, program()) {
        (Some(entry), Ok(program)) => judged(&entry, &program),
        _ => Standing::Off,
    }
}

/// An AppImage runs from a folder that is gone after the run.
fn program() -> io::Result<PathBuf> {
    match asked("APPIMAGE") {
        Some(image) => Ok(PathBuf::from(image)),
        None => std::env::current_exe(),
    }
}

/// Writes the entry, or takes it away.
pub(crate) fn set(place: &Place, is_on: bool) -> io::Result<()> {
    let file = file(place).ok_or_else(|| io::Error::other("the person has no home folder"))?;
    if !is_on {
        return match std::fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let program = program()?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, text(place, &program, asked("PRILAVOK_DATA_DIR").as_deref()))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn file(place: &Place) -> Option<PathBuf> {
    let folders = directories::BaseDirs::new()?;
    Some(
        folders
            .config_dir()
            .join("autostart")
            .join(format!("{}.desktop", place.name)),
    )
}

#[cfg(not(any(target_os = "macos", windows)))]
fn judged(text: &str, program: &Path) -> Standing {
    if !entry::is_enabled(text) {
        return Standing::Off;
    }
    if entry::starts(text, program) {
        return Standing::On;
    }
    Standing::Elsewhere(told(&entry::program_of(text).unwrap_or_default()))
}

/// A path to be read, and perhaps sent on: the person's name is often a part of their home.
#[cfg(not(any(target_os = "macos", windows)))]
fn told(program: &Path) -> String {
    let folders = directories::BaseDirs::new();
    let inside = folders.and_then(|folders| program.strip_prefix(folders.home_dir()).map(Path::to_owned).ok());
    inside.map_or_else(
        || program.display().to_string(),
        |inside| Path::new("~").join(inside).display().to_string(),
    )
}

/// Whether the person has put the app among the session's programs by the desktop's own tools: those copy its entry under
/// its own name.
#[cfg(not(any(target_os = "macos", windows)))]
pub(crate) fn is_on_by_desktop(name: &str) -> bool {
    let copy = || {
        let folder = directories::BaseDirs::new()?.config_dir().join("autostart");
        let text = std::fs::read_to_string(folder.join(format!("{name}.desktop"))).ok()?;
        Some(judged(&text, &program().ok()?))
    };
    copy() == Some(Standing::On)
}

#[cfg(not(any(target_os = "macos", windows)))]
fn text(_place: &Place, program: &Path, data_dir: Option<&str>) -> String {
    let mut command = String::new();
    if let Some(folder) = data_dir {
        command = format!("env {} ", quoted(&format!("PRILAVOK_DATA_DIR={folder}")));
    }
    let program = quoted(&program.to_string_lossy());
    format!(
        "[Desktop Entry]\nType=Application\nName=Прилавок\nExec={command}{program} --hidden\nTerminal=false\n\
         X-GNOME-Autostart-enabled=true\n"
    )
}

/// One argument of `Exec`, as the desktop entry specification wants it: quoted, and escaped once more as a string.
#[cfg(not(any(target_os = "macos", windows)))]
fn quoted(argument: &str) -> String {
    let mut inner = String::from("\"");
    for letter in argument.chars() {
        match letter {
            '"' | '`' | '$' | '\\' => inner.extend(['\\', letter]),
            '%' => inner.push_str("%%"),
            '\n' => inner.push(' '),
            other => inner.push(other),
        }
    }
    inner.push('"');
    inner.replace('\\', "\\\\")
}

#[cfg(target_os = "macos")]
fn file(place: &Place) -> Option<PathBuf> {
    let folders = directories::BaseDirs::new()?;
    Some(
        folders
            .home_dir()
            .join("Library/LaunchAgents")
            .join(format!("{}.plist", place.name)),
    )
}

#[cfg(target_os = "macos")]
fn judged(_text: &str, _program: &Path) -> Standing {
    Standing::On
}

#[cfg(target_os = "macos")]
fn text(place: &Place, program: &Path, _data_dir: Option<&str>) -> String {
    let safe = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>Label</key><string>{}</string>\
         <key>ProgramArguments</key><array><string>{}</string><string>--hidden</string></array>\
         <key>RunAtLoad</key><true/></dict></plist>\n",
        safe(&place.name),
        safe(&program.to_string_lossy())
    )
}

#[cfg(windows)]
fn file(place: &Place) -> Option<PathBuf> {
    let startup = r"Microsoft\Windows\Start Menu\Programs\Startup";
    let roaming = PathBuf::from(asked("APPDATA")?);
    Some(roaming.join(startup).join(format!("{}.cmd", place.name)))
}

#[cfg(windows)]
fn judged(_text: &str, _program: &Path) -> Standing {
    Standing::On
}

#[cfg(windows)]
fn text(_place: &Place, program: &Path, _data_dir: Option<&str>) -> String {
    format!(
        "@start \"\" \"{}\" --hidden\r\n",
        program.to_string_lossy().replace('%', "%%")
    )
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_entry_starts_this_profile_without_a_window() {
        let place = Place::of("ru.prilavok.buyer", None);
        let plain = text(&place, Path::new("/usr/bin/prilavok-buyer"), None);
        assert!(
            plain.contains("\nExec=\"/usr/bin/prilavok-buyer\" --hidden\n"),
            "{plain}"
        );
        let odd = text(&place, Path::new("/opt/100% $a/b\"c"), Some("/tmp/мой профиль"));
        let exec = "\nExec=env \"PRILAVOK_DATA_DIR=/tmp/мой профиль\" \"/opt/100%% \\\\$a/b\\\\\"c\" --hidden\n";
        assert!(odd.contains(exec), "{odd}");
        // And it is read as it was written.
        let judge = |text: &str| judged(text, Path::new("/opt/100% $a/b\"c"));
        assert_eq!(judge(&odd), Standing::On);
        assert_eq!(judge(&plain), Standing::Elsewhere("/usr/bin/prilavok-buyer".into()));
        assert_eq!(judge(&format!("{odd}Hidden=true\n")), Standing::Off);
    }
}
