//! Which language the runner speaks: Russian where the system does, English elsewhere.

use std::sync::OnceLock;

/// The sentence in the person's language.
pub fn say<'a>(russian: &'a str, english: &'a str) -> &'a str {
    static IS_RUSSIAN: OnceLock<bool> = OnceLock::new();
    let is_russian =
        IS_RUSSIAN.get_or_init(|| is_russian(["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok())));
    if *is_russian { russian } else { english }
}

/// The first variable that is set decides, as everywhere in POSIX.
fn is_russian(variables: [Option<String>; 3]) -> bool {
    variables
        .into_iter()
        .flatten()
        .find(|value| !value.is_empty())
        .is_some_and(|value| value.starts_with("ru"))
}

#[cfg(test)]
mod tests {
    use super::is_russian;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let some = |text: &str| Some(text.to_owned());
        assert!(is_russian([None, None, some("ru_RU.UTF-8")]));
        assert!(is_russian([some("ru_RU.UTF-8"), None, some("C")]));
        assert!(!is_russian([some("C.UTF-8"), None, some("ru_RU.UTF-8")]));
        assert!(is_russian([some(""), some("ru"), some("en_GB")]));
        assert!(!is_russian([None, None, None]));
    }
}
