//! What may stand in a report: pure. Cuts rather too much than too little.

/// Longer than any sentence of ours.
const SAID_LIMIT: usize = 300;
/// Ids have 36 characters and names of functions have no digits between letters like these; keys and tokens are longer.
const TOKEN: usize = 40;

/// What a panic says, without what it quotes: that may be anything, a message's text too.
pub(super) fn panic(said: &str) -> String {
    let is_quote = |letter: char| matches!(letter, '`' | '"' | '\'' | '«' | '“');
    let cut = match (
        said.find(is_quote),
        said.rfind(|letter| is_quote(letter) || matches!(letter, '»' | '”')),
    ) {
        (Some(first), Some(last)) if last > first => {
            let rest = said[last..].chars().skip(1).collect::<String>();
            format!("{}‹…›{rest}", &said[..first])
        }
        (Some(first), _) => format!("{}‹…›", &said[..first]),
        _ => said.to_owned(),
    };
    line(&cut.chars().take(SAID_LIMIT).collect::<String>())
}

/// A line of the log without what looks like a person's address or a key. What is not ASCII was written by people.
pub(super) fn line(text: &str) -> String {
    let words: Vec<String> = text.split(' ').map(word).collect();
    words.join(" ")
}

fn word(word: &str) -> String {
    let is_token = word.len() >= TOKEN
        && !word.contains("::")
        && !word.contains('/')
        && word.bytes().any(|letter| letter.is_ascii_digit());
    let is_phone =
        word.starts_with('+') && word.len() > 6 && word[1..].starts_with(|letter: char| letter.is_ascii_digit());
    if word.contains('@') || is_token || is_phone {
        return "‹…›".to_owned();
    }
    word.replace(
        |letter: char| !letter.is_ascii() && !matches!(letter, '‹' | '›' | '…'),
        "·",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_panic_quotes_is_cut_out() {
        for (said, kept) in [
            (
                "index out of bounds: the len is 3 but the index is 5",
                "index out of bounds: the len is 3 but the index is 5",
            ),
            (
                "byte index 1 is not a char boundary; it is inside 'п' (bytes 0..2) of `привет \"Анна\" it's` here",
                "byte index 1 is not a char boundary; it is inside ‹…› here",
            ),
            (
                "called on Err: Refused { text: \"секрет\" }",
                "called on Err: Refused { text: ‹…› }",
            ),
            ("an open quote: \"секрет", "an open quote: ‹…›"),
            ("привет", "······"),
        ] {
            assert_eq!(panic(said), kept);
        }
        assert!(panic(&"a".repeat(5000)).len() <= SAID_LIMIT);
    }

    #[test]
    fn a_line_of_the_log_loses_addresses_and_keys() {
        let token = format!("eyJhbGciOiJFZERTQSJ9.{}", "a1".repeat(20));
        assert_eq!(
            line(&format!("INFO a: signed in who=anna@example.org key={token}")),
            "INFO a: signed in ‹…› ‹…›"
        );
        assert_eq!(line("call +79001234567 now"), "call ‹…› now");
        let id = "WARN prilavok_client::engine: thread=01998f4e-0000-7000-8000-00000000000a";
        assert_eq!(
            line(id),
            id.replace("thread=01998f4e-0000-7000-8000-00000000000a", "‹…›")
        );
    }
}
