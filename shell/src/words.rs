//! The shell's own few sentences, in the person's language, from the same Fluent files as the screen's.
//!
//! Text that came from people is cleaned before it gets here: isolation marks are off, because notification daemons
//! draw them as boxes.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

const RUSSIAN: &str = include_str!("../../locales/ru/notices.ftl");
const ENGLISH: &str = include_str!("../../locales/en/notices.ftl");

/// The sentence `key` in `language` (`ru` or `en`; anything else is Russian).
pub(crate) fn say(language: &str, key: &str, args: &FluentArgs<'_>) -> String {
    let (source, code) = match language {
        "en" => (ENGLISH, "en"),
        _ => (RUSSIAN, "ru"),
    };
    // A broken line leaves the good ones usable; the tests below keep both files whole.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(whole) => whole,
        Err((usable, _errors)) => usable,
    };
    let locale = code.parse().expect("both codes are valid language tags");
    let mut bundle = FluentBundle::new(vec![locale]);
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "A sentence is missing from notices.ftl.");
        return key.to_owned();
    };
    bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned()
}

/// The system's language, for the first start: English if the system says so, otherwise Russian.
pub(crate) fn of_system() -> String {
    let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match spoken {
        Some(value) if value.starts_with("en") => "en".to_owned(),
        _ => "ru".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_everything_the_shell_asks_for() {
        for source in [RUSSIAN, ENGLISH] {
            FluentResource::try_new(source.to_owned()).expect("the file has no broken line");
        }
        let mut args = FluentArgs::new();
        args.set("title", "Чайная гора");
        args.set("body", "Здравствуйте");
        args.set("count", 2);
        for language in ["ru", "en"] {
            for key in [
                "notice-title",
                "notice-body-count",
                "notice-hidden",
                "notice-open",
                "notice-reply",
                "notice-reply-placeholder",
                "notice-reply-submit",
                "notice-read",
                "notice-trial-title",
                "notice-trial-body",
                "answer-title",
                "tray-hint-title",
                "tray-hint-body",
                "tray-open",
                "tray-quit",
                "window-title-buyer",
                "window-title-seller",
            ] {
                assert_ne!(say(language, key, &args), key, "{language} lacks {key}");
            }
        }
    }

    #[test]
    fn russian_counts_have_three_forms() {
        let hidden = |count: u32| {
            let mut args = FluentArgs::new();
            args.set("count", count);
            say("ru", "notice-hidden", &args)
        };
        assert_eq!(hidden(1), "1 новое сообщение");
        assert_eq!(hidden(3), "3 новых сообщения");
        assert_eq!(hidden(11), "11 новых сообщений");
    }
}
