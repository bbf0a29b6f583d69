//! The engine both apps run.

pub mod update;
