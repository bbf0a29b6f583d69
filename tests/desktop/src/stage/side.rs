//! Which app a play is about, and who comes to it.

use prilavok_protocol::ids::Role;

/// Which app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The buyer's.
    Buyer,
    /// The seller's.
    Seller,
}

impl Side {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
        }
    }

    /// Who uses it.
    pub(crate) fn role(self) -> Role {
        match self {
            Self::Buyer => Role::Buyer,
            Self::Seller => Role::Seller,
        }
    }

    /// A part of the window's title that the other app does not have.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Buyer => "Прилавок — Покупатель",
            Self::Seller => "Прилавок — Продавец",
        }
    }

    /// The window's title in either language, as a pattern.
    #[must_use]
    pub fn any_title(self) -> &'static str {
        match self {
            Self::Buyer => "Прилавок — Покупатель|Prilavok — Buyer",
            Self::Seller => "Прилавок — Продавец|Prilavok — Seller",
        }
    }
}

/// Who comes to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comer<'a> {
    /// The app knows no server yet, and its hints were never seen. Comes once to a profile.
    Stranger,
    /// The app knows the server, and nobody is signed in unless the profile says so.
    Guest,
    /// Signed in with this account.
    Account(&'a str),
    /// The same, over a line with this address.
    Over(&'a str, &'a str),
}
