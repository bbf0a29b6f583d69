//! How text is made comparable for search and sorting: lower case, ё as е, letters and digits only.

/// Lower case, with ё as е; the composed letters that keyboards of some systems send in two parts are joined first.
pub(super) fn fold(text: &str) -> String {
    let text = text.to_lowercase();
    text.replace("е\u{308}", "е").replace("и\u{306}", "й").replace('ё', "е")
}

/// The words of a text, as the index stores them.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(String::from)
        .collect()
}

/// A full-text query in which every word must be there and the last may be unfinished; `None` without any word.
pub(super) fn full_text_query(text: &str) -> Option<String> {
    let words = words(text);
    if words.is_empty() {
        return None;
    }
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    Some(format!("{}*", quoted.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::{fold, full_text_query, words};

    #[test]
    fn case_and_yo_do_not_matter() {
        assert_eq!(fold("ЁЛКА"), "елка");
        assert_eq!(fold("Е\u{308}лка"), "елка");
        assert_eq!(words("Брус  100×150, «сухой»"), ["брус", "100", "150", "сухой"]);
    }

    #[test]
    fn a_query_is_words_and_never_syntax() {
        for (text, expected) in [
            ("Доска обр", Some("\"доска\" \"обр\"*")),
            ("доска\" OR *", Some("\"доска\" \"or\"*")),
            (" -!*\"( ", None),
            ("", None),
        ] {
            assert_eq!(full_text_query(text).as_deref(), expected, "{text}");
        }
    }
}
