//! What a notification says: pure. Names and messages are other people's text, so nothing in them may steer the daemon.

use fluent_bundle::FluentArgs;
use prilavok_client::Notice;

use crate::words;

/// Longer than any daemon shows; keeps one message from filling the bus.
pub(crate) const BODY_LIMIT: usize = 300;
/// Shop names are shorter; a longer one is somebody playing.
pub(crate) const TITLE_LIMIT: usize = 80;

/// How the person wants to be told.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// `ru` or `en`.
    pub(crate) language: String,
    /// The account for which it is, where there are several.
    pub(crate) addressee: Option<String>,
    /// Whether the message itself may be seen by whoever stands behind the person.
    pub(crate) shows_text: bool,
}

/// Title and body, ready for a daemon that takes plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) body: String,
    /// What a click does.
    pub(crate) open: String,
    /// The button that leads to a field.
    pub(crate) reply: String,
    /// What stands in the empty field.
    pub(crate) placeholder: String,
    /// The field's own button.
    pub(crate) submit: String,
    /// The button for having read it.
    pub(crate) read: String,
}

/// Puts a notice into words.
pub(crate) fn put(notice: &Notice, manner: &Manner) -> Words {
    let mut args = FluentArgs::new();
    args.set("body", clean(&notice.body, BODY_LIMIT, true));
    args.set("count", notice.count);
    let say = |key| words::say(&manner.language, key, &args);
    let body = match (manner.shows_text, notice.count) {
        (false, _) => say("notice-hidden"),
        (true, 0 | 1) => clean(&notice.body, BODY_LIMIT, true),
        (true, _) => say("notice-body-count"),
    };
    with_buttons(&manner.language, title(&notice.title, manner), body)
}

/// Who wrote, and to which of the accounts where there are several.
pub(crate) fn title(from: &str, manner: &Manner) -> String {
    let mut args = FluentArgs::new();
    args.set("title", clean(from, TITLE_LIMIT, false));
    let Some(addressee) = &manner.addressee else {
        return words::say(&manner.language, "notice-title", &args);
    };
    args.set("account", addressee.as_str());
    words::say(&manner.language, "notice-title-for", &args)
}

/// The notice by which the person sees whether notices come.
pub(crate) fn trial(language: &str) -> Words {
    let say = |key| words::say(language, key, &FluentArgs::new());
    with_buttons(language, say("notice-trial-title"), say("notice-trial-body"))
}

/// Where the app is once its window has been closed, and how it is quit.
pub(crate) fn of_tray(language: &str) -> Words {
    let say = |key| words::say(language, key, &FluentArgs::new());
    Words {
        open: say("tray-open"),
        ..with_buttons(language, say("tray-hint-title"), say("tray-hint-body"))
    }
}

fn with_buttons(language: &str, title: String, body: String) -> Words {
    let say = |key| words::say(language, key, &FluentArgs::new());
    Words {
        title,
        body,
        open: say("notice-open"),
        reply: say("notice-reply"),
        placeholder: say("notice-reply-placeholder"),
        submit: say("notice-reply-submit"),
        read: say("notice-read"),
    }
}

/// Escapes text for daemons that read markup in the body (they announce `body-markup`).
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Without control characters and direction tricks, and not longer than `limit` characters.
pub(crate) fn clean(text: &str, limit: usize, keeps_lines: bool) -> String {
    let mut kept: String = text
        .chars()
        .filter_map(|letter| match letter {
            '\n' if keeps_lines => Some('\n'),
            '\n' | '\t' => Some(' '),
            _ if letter.is_control() || steers_direction(letter) => None,
            _ => Some(letter),
        })
        .take(limit + 1)
        .collect();
    if kept.chars().count() > limit {
        kept.pop();
        kept.push('…');
    }
    kept.trim().to_owned()
}

/// Marks, embeddings, overrides and isolates: they can make a name read backwards.
fn steers_direction(letter: char) -> bool {
    matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use prilavok_protocol::ids::{Seq, ThreadId};

    use super::*;

    fn notice(title: &str, body: &str, count: u32) -> Notice {
        Notice {
            thread_id: ThreadId::mint(),
            title: title.to_owned(),
            body: body.to_owned(),
            count,
            up_to_seq: Seq(1),
            is_again: false,
        }
    }

    fn russian(shows_text: bool) -> Manner {
        Manner {
            language: "ru".to_owned(),
            addressee: None,
            shows_text,
        }
    }

    #[test]
    fn one_message_is_shown_as_it_is() {
        let words = put(&notice("Анна", "Здравствуйте!", 1), &russian(true));
        assert_eq!((words.title.as_str(), words.body.as_str()), ("Анна", "Здравствуйте!"));
    }

    #[test]
    fn among_several_accounts_the_title_says_for_which_it_is() {
        let manner = Manner {
            addressee: Some("Чайная гора".to_owned()),
            ..russian(true)
        };
        let words = put(&notice("Анна", "Здравствуйте!", 1), &manner);
        assert_eq!(words.title, "Анна → Чайная гора");
    }

    #[test]
    fn several_messages_add_their_number() {
        let words = put(&notice("Анна", "И ещё вопрос", 3), &russian(true));
        assert_eq!(words.body, "И ещё вопрос\n3 непрочитанных сообщения");
    }

    #[test]
    fn hidden_text_stays_hidden() {
        let words = put(&notice("Анна", "секрет", 2), &russian(false));
        assert_eq!(words.body, "2 новых сообщения");
    }

    #[test]
    fn direction_tricks_and_control_characters_vanish() {
        let words = put(
            &notice("Магазин\u{202E}gnp.exe", "а\u{0007}б\u{2066}в\u{2069}\u{200F}", 1),
            &russian(true),
        );
        assert_eq!((words.title.as_str(), words.body.as_str()), ("Магазинgnp.exe", "абв"));
    }

    #[test]
    fn a_title_is_one_line_and_a_body_is_not_endless() {
        let words = put(&notice("a\nb", &"я".repeat(1000), 1), &russian(true));
        assert_eq!(words.title, "a b");
        assert_eq!(words.body.chars().count(), BODY_LIMIT + 1);
        assert!(words.body.ends_with('…'));
    }

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escape("<b>&'\"</b>"), "&lt;b&gt;&amp;&#39;&quot;&lt;/b&gt;");
    }
}
