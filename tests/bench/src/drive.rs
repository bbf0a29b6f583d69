//! What is measured.

pub mod crowd;
pub mod large;
pub mod pages;
pub mod post;
pub mod talk;
