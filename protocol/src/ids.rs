//! Newtypes for every id and position, so that a thread can never be asked for with a buyer's id.
//!
//! On the wire ids are UUID strings of any version (ours are v7), positions are plain numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new, time-ordered id (UUID v7).
            #[must_use]
            pub fn mint() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// Somebody who signs in: a buyer, or one agent of a shop.
    AccountId
);
id!(
    /// A buyer: one person.
    BuyerId
);
id!(
    /// A seller: a shop, run by one or more accounts.
    SellerId
);
id!(
    /// A product of the catalogue.
    ProductId
);
id!(
    /// The one thread of a buyer and a seller.
    ThreadId
);
id!(
    /// A message, named by the device that wrote it. It lives in its thread.
    MessageId
);
id!(
    /// One installation of an app, chosen by itself at its first start.
    DeviceId
);
id!(
    /// A signed-in session: the family of one refresh token.
    SessionId
);
id!(
    /// The history that a position belongs to; it changes when a backup is restored.
    Epoch
);

macro_rules! position {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "schema", ts(type = "number"))] pub u64);

        impl $name {
            /// The position right after this one.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

position!(
    /// A message's place in its thread: 1, 2, 3 … without holes. 0 is "before the first".
    Seq
);
position!(
    /// An event's place in its party's log: 1, 2, 3 … without holes. 0 is "before the first".
    Pos
);
position!(
    /// The number of a change among all changes of an account's drafts. 0 is "before the first".
    DraftVersion
);

/// How far a device has applied its party's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Cursor {
    /// The history that `pos` counts in.
    pub epoch: Epoch,
    /// The last event applied.
    pub pos: Pos,
}

/// The two sides of a thread. The wire calls it `user_type` or `sender_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person who asks.
    Buyer,
    /// The shop that answers.
    Seller,
}

impl Role {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
        }
    }

    /// The other side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Buyer => Self::Seller,
            Self::Seller => Self::Buyer,
        }
    }
}

/// A buyer or a shop: whoever owns a log of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Party {
    /// Which side.
    pub role: Role,
    /// The buyer's or the seller's id.
    pub id: Uuid,
}

impl Party {
    /// A buyer as a party.
    #[must_use]
    pub fn buyer(id: BuyerId) -> Self {
        Self {
            role: Role::Buyer,
            id: id.0,
        }
    }

    /// A shop as a party.
    #[must_use]
    pub fn seller(id: SellerId) -> Self {
        Self {
            role: Role::Seller,
            id: id.0,
        }
    }
}
