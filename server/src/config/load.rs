//! Reads the configuration: file ← environment ← flags. One clear sentence for whatever is wrong, with the file, the
//! line and the key. An unknown key is a mistake, never a wish granted silently.

use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Provider};
use secrecy::ExposeSecret;
use serde::Serialize;

use super::{Config, is_loopback_origin};

/// Variables start with it; `__` stands for the dot: `PRILAVOK_HTTP__LISTEN`.
const PREFIX: &str = "PRILAVOK_";

/// Something is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

/// Where settings come from.
#[derive(Debug, Default)]
pub struct Sources {
    /// The file that was asked for.
    pub file: Option<PathBuf>,
    /// What the flags say, as `("http.listen", value)`.
    pub flags: Vec<(&'static str, Value)>,
}

/// Reads everything, and checks it.
///
/// # Errors
/// One sentence.
pub fn load(sources: &Sources) -> Result<Config, Wrong> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = &sources.file {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Wrong(format!("the configuration {} cannot be read: {error}", file.display())))?;
        refuse_unknown_keys(file, &text)?;
        figment = figment.merge(Toml::string(&text));
    }
    let is_setting = |key: &figment::value::UncasedStr| {
        known_keys()
            .iter()
            .any(|known| key.as_str().eq_ignore_ascii_case(&known.replace('.', "__")))
    };
    refuse_unknown_variables(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
    figment = figment.merge(Env::prefixed(PREFIX).filter(is_setting).split("__"));
    if let Ok(token) = std::env::var("PRILAVOK_SERVICE_TOKEN") {
        figment = figment.merge(("auth.service_token", token));
    }
    for (key, value) in &sources.flags {
        figment = figment.merge((*key, value.clone()));
    }
    let mut config: Config = figment
        .extract()
        .map_err(|error| sentence(&error, sources.file.as_deref()))?;
    // An empty token would let anybody in.
    config.auth.service_token = config
        .auth
        .service_token
        .filter(|token| !token.expose_secret().is_empty());
    check(&config)?;
    Ok(config)
}

/// Values that parse but cannot work.
fn check(config: &Config) -> Result<(), Wrong> {
    let wrong = |text: &str| Err(Wrong(text.to_owned()));
    for origin in &config.http.origins {
        let is_origin = url::Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
        if !is_origin && !is_loopback_origin(origin.as_bytes()) {
            return Err(Wrong(format!(
                "`http.origins`: \"{origin}\" is not an origin such as https://shop.example"
            )));
        }
    }
    let (limits, sockets) = (&config.limits, &config.sockets);
    if limits.text_chars == 0 || limits.sends_per_minute == 0 || limits.send_burst == 0 {
        return wrong("`limits`: text_chars, sends_per_minute and send_burst must be at least 1");
    }
    if limits.frame_bytes < 1024 {
        return wrong("`limits.frame_bytes` must be at least 1024");
    }
    if limits.queue_events == 0 || limits.queue_bytes < limits.frame_bytes {
        return wrong("`limits`: queue_events must be at least 1, and queue_bytes at least frame_bytes");
    }
    if sockets.heartbeat.is_zero() || sockets.silence <= sockets.heartbeat {
        return wrong("`sockets.silence` must be longer than `sockets.heartbeat`, and neither may be zero");
    }
    if config.http.connections == 0 || config.http.connections_per_address == 0 {
        return wrong("`http.connections` and `http.connections_per_address` must be at least 1");
    }
    if sockets.frame_burst == 0 || sockets.frames_per_second == 0 {
        return wrong("`sockets.frame_burst` and `sockets.frames_per_second` must be at least 1");
    }
    if config.auth.access.is_zero() || config.auth.session <= config.auth.access {
        return wrong("`auth.session` must be longer than `auth.access`, and neither may be zero");
    }
    Ok(())
}

/// Every key, with dots.
fn known_keys() -> Vec<String> {
    let defaults = Serialized::defaults(Config::default()).data().unwrap_or_default();
    let mut keys = Vec::new();
    for dict in defaults.values() {
        collect(dict, "", &mut keys);
    }
    // Not among the defaults, since it is never written anywhere.
    keys.push("auth.service_token".into());
    keys.push("metrics.listen".into());
    keys
}

fn collect(dict: &Dict, prefix: &str, keys: &mut Vec<String>) {
    for (key, value) in dict {
        let key = format!("{prefix}{key}");
        match value {
            Value::Dict(_, dict) => {
                keys.push(key.clone());
                collect(dict, &format!("{key}."), keys);
            }
            _ => keys.push(key),
        }
    }
}

fn refuse_unknown_keys(file: &Path, text: &str) -> Result<(), Wrong> {
    let data = Toml::string(text)
        .data()
        .map_err(|error| sentence(&error, Some(file)))?;
    let mut written = Vec::new();
    for dict in data.values() {
        collect(dict, "", &mut written);
    }
    let known = known_keys();
    match written.into_iter().find(|key| !known.contains(key)) {
        None => Ok(()),
        Some(key) => {
            let line = line_of(text, &key)
                .map(|line| format!(", line {line}"))
                .unwrap_or_default();
            let meant = nearest(&key, &known)
                .map(|known| format!("; did you mean `{known}`?"))
                .unwrap_or_default();
            Err(Wrong(format!("{}{line}: unknown key `{key}`{meant}", file.display())))
        }
    }
}

/// Refuses what names one of our sections and none of its keys. Other variables with our prefix belong to the apps.
fn refuse_unknown_variables(mut names: impl Iterator<Item = String>) -> Result<(), Wrong> {
    let known = known_keys();
    let unknown = names.find_map(|name| {
        let key = name.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
        let (section, _) = key.split_once('.')?;
        let is_ours = known.iter().any(|known| known == section);
        (is_ours && !known.contains(&key)).then_some((name, key))
    });
    let Some((name, key)) = unknown else { return Ok(()) };
    let meant = nearest(&key, &known)
        .map(|known| {
            format!(
                "; did you mean `{PREFIX}{}`?",
                known.to_ascii_uppercase().replace('.', "__")
            )
        })
        .unwrap_or_default();
    Err(Wrong(format!("the environment: unknown variable `{name}`{meant}")))
}

/// The line where a key is written, by its section and its last part.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[') {
            section = name
                .trim_start_matches('[')
                .split(']')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned();
            if section == key {
                return Some(index + 1);
            }
        } else if let Some((name, _)) = line.split_once('=') {
            let name = name.trim().trim_matches('"');
            let full = if section.is_empty() {
                name.to_owned()
            } else {
                format!("{section}.{name}")
            };
            if full == key || key.starts_with(&format!("{full}.")) {
                return Some(index + 1);
            }
        }
    }
    None
}

/// The known key that differs least, if it differs by a slip of the finger only.
fn nearest<'a>(key: &str, known: &'a [String]) -> Option<&'a str> {
    let best = known
        .iter()
        .map(|candidate| (distance(key, candidate), candidate))
        .min()?;
    (best.0 <= 3).then_some(best.1.as_str())
}

fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.chars().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (above + 1).min(row[j] + 1).min(diagonal + usize::from(from != to));
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn sentence(error: &figment::Error, file: Option<&Path>) -> Wrong {
    let first = error.clone().into_iter().next().unwrap_or_else(|| error.clone());
    let key = first.path.join(".");
    let kind = first.kind.to_string();
    let is_file = first
        .metadata
        .as_ref()
        .is_some_and(|metadata| metadata.name.contains("TOML"));
    let is_variable = first
        .metadata
        .as_ref()
        .is_some_and(|metadata| metadata.name.contains("environment"));
    let place = match file {
        Some(file) if is_file || key.is_empty() => {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let line = line_of(&text, &key)
                .map(|line| format!(", line {line}"))
                .unwrap_or_default();
            format!("{}{line}: ", file.display())
        }
        _ if is_variable => format!("{PREFIX}{}: ", key.to_uppercase().replace('.', "__")),
        _ => String::new(),
    };
    // A broken line comes with its own picture of several lines; its first and last say it all.
    let lines: Vec<&str> = kind.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let kind = match (lines.first(), lines.last()) {
        (Some(first), Some(last)) if lines.len() > 1 => format!("{first}: {last}"),
        _ => kind.trim().to_owned(),
    };
    if key.is_empty() {
        Wrong(format!("{place}{kind}"))
    } else {
        Wrong(format!("{place}`{key}`: {kind}"))
    }
}

/// A flag's value.
pub fn flag(value: impl Serialize) -> Value {
    Value::serialize(value).expect("flags are plain values")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let file = dir.path().join("server.toml");
        std::fs::write(&file, text).expect("written");
        load(&Sources {
            file: Some(file),
            flags: Vec::new(),
        })
        .map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn an_empty_file_means_the_defaults_and_a_full_one_is_read() {
        assert_eq!(read("").expect("fine").http.listen.to_string(), "127.0.0.1:8000");
        let config =
            read("name = \"Лавка\"\n[http]\nlisten = \"[::1]:9000\"\n[sockets]\ntyping = \"250ms\"\n").expect("fine");
        assert_eq!(config.http.listen.to_string(), "[::1]:9000");
        assert_eq!(config.sockets.typing.as_millis(), 250);
        assert_eq!(config.name, "Лавка");
    }

    #[test]
    fn a_misspelt_variable_is_a_mistake_and_those_of_others_are_not() {
        let names = |names: &[&str]| refuse_unknown_variables(names.iter().map(|name| (*name).to_owned()));
        let fine = [
            "PRILAVOK_HTTP__LISTEN",
            "PRILAVOK_SERVICE_TOKEN",
            "PRILAVOK_OTHER__THING",
            "PATH",
            "HTTP__LISEN",
        ];
        assert!(names(&fine).is_ok());
        let wrong = names(&["PATH", "PRILAVOK_HTTP__LISEN"])
            .expect_err("a slip")
            .to_string();
        assert!(
            wrong.contains("`PRILAVOK_HTTP__LISEN`; did you mean `PRILAVOK_HTTP__LISTEN`?"),
            "{wrong}"
        );
    }

    #[test]
    fn flags_win_over_the_file() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let file = dir.path().join("server.toml");
        std::fs::write(&file, "[http]\nlisten = \"127.0.0.1:1\"\n").expect("written");
        let flags = vec![("http.listen", flag("127.0.0.1:2"))];
        let config = load(&Sources {
            file: Some(file),
            flags,
        })
        .expect("fine");
        assert_eq!(config.http.listen.port(), 2);
    }

    #[test]
    fn each_mistake_is_one_sentence_with_its_line() {
        for (text, parts) in [
            (
                "name = \"a\"\n[http]\nlisen = \"x\"\n",
                &["server.toml", "line 3", "`http.lisen`", "`http.listen`"][..],
            ),
            ("[htttp]\nlisten = \"x\"\n", &["line 1", "`htttp`"]),
            (
                "[http]\nlisten = \"nowhere\"\n",
                &["server.toml", "line 2", "`http.listen`"],
            ),
            ("[sockets]\n\nheartbeat = 25\n", &["line 3", "`sockets.heartbeat`"]),
            ("[sockets]\nheartbeat = \"25 weeks\"\n", &["line 2", "25 weeks", "30s"]),
            ("[auth]\nmode = \"trust\"\n", &["line 2", "`auth.mode`", "trusted-ids"]),
            ("[http\n", &["server.toml", "line 1"]),
            (
                "[http]\norigins = [\"shop.example\"]\n",
                &["`http.origins`", "shop.example"],
            ),
            ("[limits]\nframe_bytes = 10\n", &["`limits.frame_bytes`"]),
            ("[limits]\ntext_chars = -1\n", &["line 2", "`limits.text_chars`"]),
        ] {
            let sentence = read(text).expect_err(text);
            assert!(!sentence.contains('\n'), "{sentence}");
            for part in parts {
                assert!(sentence.contains(part), "{part} is missing: {sentence}");
            }
        }
    }

    #[test]
    fn the_example_is_read_and_shows_every_key_with_its_default() {
        let example = include_str!("../../server.example.toml");
        let uncommented: String = example
            .lines()
            .filter_map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = "))
                    .or(line.strip_prefix('[').map(|_| line))
            })
            .map(|line| format!("{line}\n"))
            .collect();
        let config = read(&uncommented).expect("the example is fine");
        for key in known_keys() {
            let name = key.rsplit('.').next().unwrap_or_default();
            assert!(
                example.contains(&format!("{name} = ")) || example.contains(&format!("[{name}]")),
                "{key} is missing"
            );
        }
        let figures = |config: &Config| {
            let mut value = serde_json::to_value(config).expect("plain data");
            value["data_dir"] = serde_json::Value::Null;
            value["metrics"] = serde_json::Value::Null;
            value
        };
        assert_eq!(
            figures(&config),
            figures(&Config::default()),
            "the example must show the defaults"
        );
        let as_it_is = read(example).expect("the example is fine as it is");
        assert_eq!(figures(&as_it_is), figures(&Config::default()));
    }
}
