//! The store's four traits: each method picks the writer or a reader and names the function that does it.

mod accounts;
mod catalogue;
mod chat;
mod drafts;
