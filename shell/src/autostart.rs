//! Starting with the person's session, without a window: an entry that the system reads.
//!
//! The entry itself is the truth: a person who removes it with the system's own tools sees the switch off.

use std::io;
use std::path::{Path, PathBuf};

use crate::place::{Place, asked};

/// Whether the entry is there and holds.
pub(crate) fn is_on(place: &Place) -> bool {
    file(place)
        .and_then(|file| std::fs::read_to_string(file).ok())
        .is_some_and(|entry| holds(&entry))
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
    // An AppImage runs from a folder that is gone after the run.
    let program = match asked("APPIMAGE") {
        Some(image) => PathBuf::from(image),
        None => std::env::current_exe()?,
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, entry(place, &program, asked("PRILAVOK_DATA_DIR").as_deref()))
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

/// A desktop entry; desktops switch it off by a line in it.
#[cfg(not(any(target_os = "macos", windows)))]
fn holds(entry: &str) -> bool {
    let says = |wanted: &str| {
        entry
            .lines()
            .any(|line| line.replace(' ', "").eq_ignore_ascii_case(wanted))
    };
    !says("Hidden=true") && !says("X-GNOME-Autostart-enabled=false")
}

#[cfg(not(any(target_os = "macos", windows)))]
fn entry(_place: &Place, program: &Path, data_dir: Option<&str>) -> String {
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
fn holds(_entry: &str) -> bool {
    true
}

#[cfg(target_os = "macos")]
fn entry(place: &Place, program: &Path, _data_dir: Option<&str>) -> String {
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
fn holds(_entry: &str) -> bool {
    true
}

#[cfg(windows)]
fn entry(_place: &Place, program: &Path, _data_dir: Option<&str>) -> String {
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
        let plain = entry(&place, Path::new("/usr/bin/prilavok-buyer"), None);
        assert!(
            plain.contains("\nExec=\"/usr/bin/prilavok-buyer\" --hidden\n"),
            "{plain}"
        );
        let odd = entry(&place, Path::new("/opt/100% $a/b\"c"), Some("/tmp/мой профиль"));
        let exec = "\nExec=env \"PRILAVOK_DATA_DIR=/tmp/мой профиль\" \"/opt/100%% \\\\$a/b\\\\\"c\" --hidden\n";
        assert!(odd.contains(exec), "{odd}");
        assert!(holds(&plain));
    }

    #[test]
    fn an_entry_that_was_switched_off_elsewhere_is_off() {
        assert!(!holds("[Desktop Entry]\nHidden=true\n"));
        assert!(!holds("[Desktop Entry]\nX-GNOME-Autostart-enabled = false\n"));
    }
}
