//! The disk under the store: it loses power, fails, cannot sync, fills up. What was acknowledged stays, exactly once.
//!
//! - [`power`] a power cut at every change of the files; [`errors`] an error at every operation
//! - [`broken`] a failed sync ends the server; [`full`] a full disk does not
//! - [`script`] what people do meanwhile, from a seed; [`ledger`] what they were told, and whether it is true

mod broken;
mod errors;
mod full;
mod ledger;
mod power;
mod script;
