//! A notice in the words of Windows: the toast's XML. Names and messages are other people's text, so nothing in them may
//! become markup.

use std::fmt::Write as _;

use super::centre::{READ, REPLY};
use super::order::Show;

/// The name of the toast's field.
pub(super) const FIELD: &str = "text";

/// The toast.
pub(super) fn xml(show: &Show) -> String {
    let words = &show.words;
    let mut xml = String::from(r#"<toast launch="open"><visual><binding template="ToastGeneric">"#);
    let _ = write!(
        xml,
        "<text>{}</text><text>{}</text>",
        safe(&words.title),
        safe(&words.body)
    );
    xml.push_str("</binding></visual>");
    if show.is_of_thread {
        let (placeholder, submit) = (safe(&words.placeholder), safe(&words.submit));
        let _ = write!(
            xml,
            r#"<actions><input id="{FIELD}" type="text" placeHolderContent="{placeholder}"/><action content="{submit}" arguments="{REPLY}" hint-inputId="{FIELD}"/><action content="{}" arguments="{READ}"/></actions>"#,
            safe(&words.read),
        );
    }
    if !show.sounds {
        xml.push_str(r#"<audio silent="true"/>"#);
    }
    xml.push_str("</toast>");
    xml
}

/// As text or as the value of an attribute. What XML has no place for at all is left out.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            other if other.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use super::*;

    fn show(title: &str, body: &str) -> Show {
        let mut words = text::trial("ru");
        title.clone_into(&mut words.title);
        body.clone_into(&mut words.body);
        Show {
            is_of_thread: true,
            ..Show::of_no_thread(words, true)
        }
    }

    #[test]
    fn a_toast_has_a_field_and_what_people_write_is_no_markup() {
        let xml = xml(&show("Лавка «A & B»", "<audio src=\"x\"/>\u{0}\n'ещё'"));
        assert!(xml.contains("<text>Лавка «A &amp; B»</text>"), "{xml}");
        assert!(
            xml.contains("<text>&lt;audio src=&quot;x&quot;/&gt;&#10;&apos;ещё&apos;</text>"),
            "{xml}"
        );
        assert!(xml.contains(r#"arguments="reply" hint-inputId="text"/>"#), "{xml}");
        assert!(
            xml.contains(r#"arguments="read"/>"#) && !xml.contains("<audio"),
            "{xml}"
        );
    }

    #[test]
    fn a_toast_that_only_tries_has_no_field_and_a_silent_one_says_so() {
        let xml = xml(&Show {
            sounds: false,
            is_of_thread: false,
            ..show("Проверка", "Видно?")
        });
        assert!(
            !xml.contains("<actions>") && xml.contains(r#"<audio silent="true"/>"#),
            "{xml}"
        );
    }
}
