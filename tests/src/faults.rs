//! What goes wrong between an app and its server, on purpose.

pub mod proxy;
