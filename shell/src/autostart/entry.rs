//! What a desktop entry in the folder of autostart says, read as a desktop reads it.

use std::path::{Path, PathBuf};

/// Whether the entry begins something at all: desktops switch it off by a line in it.
pub(super) fn is_enabled(entry: &str) -> bool {
    let says = |key: &str, wanted: &str| value(entry, key).is_some_and(|said| said.eq_ignore_ascii_case(wanted));
    !says("Hidden", "true") && !says("X-GNOME-Autostart-enabled", "false")
}

/// Whether what it begins is this program, by whatever way it names it.
pub(super) fn starts(entry: &str, program: &Path) -> bool {
    let Some(named) = program_of(entry) else { return false };
    if named.components().count() == 1 {
        // Found on the path.
        return program.file_name() == Some(named.as_os_str());
    }
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(&named) == real(program)
}

/// The program that the entry starts.
pub(super) fn program_of(entry: &str) -> Option<PathBuf> {
    let arguments = arguments(&value(entry, "Exec")?);
    let mut words = arguments.into_iter();
    let first = words.next()?;
    if first != "env" && !first.ends_with("/env") {
        return Some(first.into());
    }
    words.find(|word| !word.contains('=')).map(PathBuf::from)
}

/// The value of a key in the entry's own group.
fn value(entry: &str, key: &str) -> Option<String> {
    let own = entry
        .lines()
        .skip_while(|line| line.trim() != "[Desktop Entry]")
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    // Of a key that is there twice desktops take the last.
    own.filter_map(|line| line.split_once('='))
        .filter(|(name, _)| name.trim() == key)
        .last()
        .map(|(_, value)| value.trim().replace("\\\\", "\\"))
}

/// The arguments of `Exec`, without the quoting.
fn arguments(exec: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut letters = exec.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => all.extend(word.take()),
            '\\' if is_quoted => word.get_or_insert_default().extend(letters.next()),
            '%' => word
                .get_or_insert_default()
                .extend(letters.next().filter(|next| *next == '%')),
            other => word.get_or_insert_default().push(other),
        }
    }
    all.extend(word);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(exec: &str) -> String {
        format!("[Desktop Entry]\nType=Application\nExec={exec}\nX-GNOME-Autostart-enabled=true\n")
    }

    #[test]
    fn the_program_is_found_behind_quotes_and_variables() {
        for (exec, program) in [
            ("/usr/bin/prilavok-buyer --hidden", "/usr/bin/prilavok-buyer"),
            ("prilavok-buyer %u", "prilavok-buyer"),
            (
                r#""/opt/мой чат/prilavok-buyer" --hidden"#,
                "/opt/мой чат/prilavok-buyer",
            ),
            (r#"env "A=b c" D=e /usr/bin/prilavok-buyer"#, "/usr/bin/prilavok-buyer"),
            (r#""/opt/100%% \\$a/b\\"c" --hidden"#, "/opt/100% $a/b\"c"),
        ] {
            assert_eq!(program_of(&entry(exec)), Some(program.into()), "{exec}");
        }
        assert_eq!(program_of("[Desktop Entry]\nName=a\n[Other]\nExec=b\n"), None);
    }

    #[test]
    fn an_entry_that_starts_something_else_is_not_ours() {
        let folder = tempfile::tempdir().expect("a folder");
        let (program, link) = (folder.path().join("prilavok-buyer"), folder.path().join("link"));
        std::fs::write(&program, "").expect("a program");
        std::os::unix::fs::symlink(&program, &link).expect("a link to it");
        let starts = |named: &Path| starts(&entry(&named.display().to_string()), &program);
        assert!(starts(&program) && starts(&link) && starts(Path::new("prilavok-buyer")));
        assert!(!starts(Path::new("prilavok-seller")));
        assert!(
            !starts(Path::new("/opt/old/prilavok-buyer")),
            "another copy, perhaps gone"
        );
        assert!(!super::starts("", &program));
    }

    #[test]
    fn an_entry_that_was_switched_off_elsewhere_is_off() {
        assert!(is_enabled(&entry("a")));
        for line in ["Hidden=true", "Hidden = True", "X-GNOME-Autostart-enabled = false"] {
            assert!(!is_enabled(&format!("{}{line}\n", entry("a"))), "{line}");
        }
        // Another group says nothing of this one.
        assert!(is_enabled(&format!("{}[Desktop Action a]\nHidden=true\n", entry("a"))));
    }
}
