//! Where this instance keeps its things, and by which name the desktop knows it.
//!
//! `PRILAVOK_DATA_DIR` gives a second, independent profile: own data, own secrets, own single instance.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

/// One profile of one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Everything local lives under it.
    pub(crate) data_dir: PathBuf,
    /// `ru.prilavok.buyer`, with a suffix for another profile. Names the instance on the bus and the secrets.
    pub(crate) name: String,
}

impl Place {
    /// The profile that the environment asks for, or the person's usual one.
    pub(crate) fn of(identifier: &str, asked: Option<PathBuf>) -> Self {
        if let Some(data_dir) = asked {
            let data_dir = std::path::absolute(&data_dir).unwrap_or(data_dir);
            let mut hasher = DefaultHasher::new();
            data_dir.hash(&mut hasher);
            // A name on the bus must not have a part that begins with a digit.
            let name = format!("{identifier}.p{:016x}", hasher.finish());
            return Self { data_dir, name };
        }
        let base = directories::BaseDirs::new().map(|dirs| dirs.data_local_dir().to_owned());
        let data_dir = base.unwrap_or_else(std::env::temp_dir).join(identifier);
        Self {
            data_dir,
            name: identifier.to_owned(),
        }
    }
}

/// A variable of the environment that is there and not empty.
pub(crate) fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn two_profiles_are_two_instances() {
        let usual = Place::of("ru.prilavok.buyer", None);
        let first = Place::of("ru.prilavok.buyer", Some("/tmp/a".into()));
        let second = Place::of("ru.prilavok.buyer", Some("/tmp/b".into()));
        assert_eq!(usual.name, "ru.prilavok.buyer");
        assert_ne!(first.name, second.name);
        assert_eq!(first.data_dir, std::path::Path::new("/tmp/a"));
    }
}
