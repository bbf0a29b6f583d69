//! What it means that a message is found: one rule for the server, for a device without a line, and for what is marked.
//!
//! Case, ё and е, and the forms of Russian and English words do not matter, and a word may be unfinished. Between
//! quotation marks the words must stand exactly so. All must be there; their order is free. Pure.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

/// Words of a query that count; the rest of a pasted letter would only cost time.
const WORDS: usize = 16;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// A part of a query; a message is found when it has them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A word in any of its forms, or the beginning of one.
    Word {
        /// As it was written, folded.
        folded: String,
        /// What its forms have in common.
        stem: String,
    },
    /// These folded words, one after the other.
    Phrase(Vec<String>),
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Lower case, ё as е, without accents.
    pub folded: String,
}

impl Query {
    /// What a person wrote into the field; `None` without any word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut terms = Vec::new();
        let mut left = WORDS;
        let parts: Vec<&str> = text.split(['"', '«', '»', '„', '“', '”']).collect();
        for (index, part) in parts.iter().enumerate() {
            // The last mark may be still to come; until then these are words like others.
            let is_quoted = index % 2 == 1 && index + 1 < parts.len();
            let words: Vec<String> = words(part).into_iter().map(|word| word.folded).take(left).collect();
            left -= words.len();
            if is_quoted && !words.is_empty() {
                terms.push(Term::Phrase(words));
                continue;
            }
            terms.extend(words.into_iter().map(|folded| Term::Word {
                stem: stem(&folded).into_owned(),
                folded,
            }));
        }
        (!terms.is_empty()).then_some(Self { terms })
    }

    /// Its parts.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Where the text says it, in bytes, in order; `None` when it does not.
    #[must_use]
    pub fn marks(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let words = words(text);
        let mut marks = Vec::new();
        for term in &self.terms {
            let before = marks.len();
            term.find(&words, &mut marks);
            if marks.len() == before {
                return None;
            }
        }
        marks.sort_by_key(|mark| (mark.start, mark.end));
        marks.dedup();
        Some(marks)
    }
}

impl Term {
    fn find(&self, words: &[Word], marks: &mut Vec<Range<usize>>) {
        match self {
            Self::Word { folded, stem: wanted } => {
                let is_it = |word: &&Word| word.folded.starts_with(folded.as_str()) || stem(&word.folded) == **wanted;
                marks.extend(words.iter().filter(is_it).map(|word| word.range.clone()));
            }
            Self::Phrase(wanted) => {
                let says = |window: &&[Word]| window.iter().zip(wanted).all(|(word, wanted)| word.folded == *wanted);
                for window in words.windows(wanted.len()).filter(says) {
                    marks.extend(window.iter().map(|word| word.range.clone()));
                }
            }
        }
    }
}

/// The words of a text: letters, digits and the marks upon them.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let ends = text.char_indices().map(Some).chain([None]);
    for place in ends {
        let (at, is_of_word) = match place {
            Some((at, letter)) => (at, letter.is_alphanumeric() || (start.is_some() && is_mark(letter))),
            None => (text.len(), false),
        };
        match start {
            None if is_of_word => start = Some(at),
            Some(from) if !is_of_word => {
                words.push(Word {
                    range: from..at,
                    folded: fold(&text[from..at]),
                });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The stems of a text, each once: what an index keeps.
#[must_use]
pub fn stems(text: &str) -> BTreeSet<String> {
    words(text).iter().map(|word| stem(&word.folded).into_owned()).collect()
}

/// What the forms of a folded word have in common.
#[must_use]
pub fn stem(folded: &str) -> Cow<'_, str> {
    let is_of = |letters: &[std::ops::RangeInclusive<char>]| {
        folded
            .chars()
            .all(|letter| letters.iter().any(|range| range.contains(&letter)))
    };
    if is_of(&['а'..='я']) {
        Stemmer::create(Algorithm::Russian).stem(folded)
    } else if is_of(&['a'..='z']) {
        Stemmer::create(Algorithm::English).stem(folded)
    } else {
        Cow::Borrowed(folded)
    }
}

/// Accents, breves and dots that some keyboards send after their letter, and the hyphen that is not seen.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}')
}

fn fold(word: &str) -> String {
    let word = word.to_lowercase().replace("и\u{306}", "й").replace('ё', "е");
    word.chars().filter(|letter| !is_mark(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::Query;

    fn found(query: &str, text: &str) -> Option<Vec<String>> {
        let marks = Query::parse(query)?.marks(text)?;
        Some(marks.into_iter().map(|mark| text[mark].to_owned()).collect())
    }

    #[test]
    fn forms_of_words_are_found() {
        for (query, text, expected) in [
            (
                "доставка",
                "Когда доставку ждать? Доставки нет",
                Some(vec!["доставку", "Доставки"]),
            ),
            ("ДОСТАВКОЙ", "доставка", Some(vec!["доставка"])),
            ("достав", "Доставили вчера", Some(vec!["Доставили"])),
            ("ёлка", "Е\u{308}лки, елку", Some(vec!["Е\u{308}лки", "елку"])),
            ("елку", "Ёлка!", Some(vec!["Ёлка"])),
            ("чай", "Чаи\u{306}", Some(vec!["Чаи\u{306}"])),
            ("чаи\u{306}", "Чай.", Some(vec!["Чай"])),
            ("shipping", "We shipped it", Some(vec!["shipped"])),
            ("shippi", "Free shipping", Some(vec!["shipping"])),
            (
                "доставка курьер",
                "курьером доставим, доставка",
                Some(vec!["курьером", "доставка"]),
            ),
            ("доставка почтой", "доставка курьером", None),
            ("123", "Заказ №12345-А", Some(vec!["12345"])),
            ("12345-а", "заказ 12345-А готов", Some(vec!["12345", "А"])),
            ("345", "Заказ 12345", None),
            ("", "что угодно", None),
            (" -!* ", "что угодно", None),
            ("к\u{301}от", "КОТ", Some(vec!["КОТ"])),
            ("😀", "😀", None),
        ] {
            let expected = expected.map(|words| words.into_iter().map(String::from).collect::<Vec<_>>());
            assert_eq!(found(query, text), expected, "{query} in {text}");
        }
    }

    #[test]
    fn between_quotation_marks_words_stand_exactly_so() {
        for (query, text, is_found) in [
            ("\"чай зелёный\"", "Чай, зеленый", true),
            ("«чай зелёный»", "зелёный чай", false),
            ("\"доставка\"", "доставку", false),
            ("\"доставка", "доставку", true),
            ("\"\"", "доставку", false),
            ("чай \"с мятой\"", "с мятой чая", true),
        ] {
            assert_eq!(found(query, text).is_some(), is_found, "{query} in {text}");
        }
    }

    #[test]
    fn a_long_query_counts_as_its_first_words() {
        let query = Query::parse(&"слово ".repeat(100)).expect("words");
        assert_eq!(query.terms().len(), 16);
    }
}
