//! What a message's text may be. It is text, never markup: nothing is escaped or cut, only control characters go.

use prilavok_protocol::error::ErrorCode;

use crate::error::Error;

/// The text as it is stored: control characters other than line feed and tab are gone, line ends are `\n`.
/// Refused when nothing visible is left, or when there are more than `max_chars` Unicode scalar values.
pub fn check(text: &str, max_chars: u32) -> Result<String, Error> {
    let clean = clean(text);
    if !clean.chars().any(is_visible) {
        return Err(refusal(
            "empty",
            "Сообщение пустое.".into(),
            "The message is empty.".into(),
        ));
    }
    if clean.chars().count() > max_chars as usize {
        let russian = format!("Сообщение длиннее {max_chars} знаков.");
        let english = format!("The message is longer than {max_chars} characters.");
        return Err(refusal("too_long", russian, english));
    }
    Ok(clean)
}

fn refusal(code: &'static str, russian: String, english: String) -> Error {
    Error::new(ErrorCode::Invalid)
        .say(russian.clone(), english.clone())
        .field("/message", code, russian, english)
}

fn clean(text: &str) -> String {
    let is_clean = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    // As nearly all texts are.
    if text.chars().all(is_clean) {
        return text.to_owned();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| is_clean(*c)).collect()
}

/// Whether a character leaves anything on the screen by itself: no blanks, no joiners, marks of direction, fillers,
/// variation selectors or tags (Unicode: `White_Space` and `Default_Ignorable_Code_Point`, and the empty Braille cell).
pub(crate) fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{check, clean};

    #[test]
    fn control_characters_go_and_everything_else_stays() {
        for (written, stored) in [
            ("привет", "привет"),
            ("a\u{0}b\u{7}c\u{7f}\u{85}", "abc"),
            ("раз\r\nдва\rтри\n\tчетыре", "раз\nдва\nтри\n\tчетыре"),
            ("  <b>👩‍👩‍👧</b> \u{202e}", "  <b>👩‍👩‍👧</b> \u{202e}"),
        ] {
            assert_eq!(clean(written), stored);
        }
    }

    #[test]
    fn the_limit_counts_unicode_scalars_not_bytes() {
        assert!(check("жжжж", 4).is_ok());
        assert!(check("👍👍👍👍", 4).is_ok());
        assert!(check("ж1234", 4).is_err());
    }

    #[test]
    fn nothing_but_blanks_is_no_message() {
        for blank in [
            "",
            "   ",
            "\n\t\r\n",
            "\u{0}\u{1}",
            "\u{3000}",
            "\u{200b}",
            "\u{feff}\u{202e} \u{2060}",
            "\u{3164}",
        ] {
            assert!(check(blank, 4096).is_err(), "{blank:?}");
        }
    }
}
