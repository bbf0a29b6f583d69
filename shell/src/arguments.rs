//! What a start of the program asks for: `--hidden` (from the autostart entry) and an address to follow.

/// The wish of one start, the second ones included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// No window, only the icon beside the clock.
    pub(crate) is_hidden: bool,
    /// Whatever was given as an address; not checked yet.
    pub(crate) link: Option<String>,
}

impl Wish {
    /// Reads the arguments after the program's name. Unknown options are passed over: desktops and tools add their own.
    pub(crate) fn of(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut wish = Self::default();
        for argument in arguments.into_iter().skip(1) {
            if argument == "--hidden" {
                wish.is_hidden = true;
            } else if !argument.starts_with('-') && !argument.is_empty() {
                wish.link = Some(argument);
            }
        }
        wish
    }
}

#[cfg(test)]
mod tests {
    use super::Wish;

    #[test]
    fn a_start_says_what_it_wants() {
        let wish = |given: &[&str]| Wish::of(given.iter().map(|word| (*word).to_owned()));
        let plain = Wish::default();
        assert_eq!(wish(&["prilavok-buyer"]), plain);
        assert_eq!(wish(&["prilavok-buyer", "--display=:1", ""]), plain);
        assert!(wish(&["prilavok-buyer", "--hidden"]).is_hidden);
        let link = wish(&["prilavok-buyer", "prilavok://thread/x"]).link;
        assert_eq!(link.as_deref(), Some("prilavok://thread/x"));
    }
}
