//! What is true of all pages and messages: the index of the specification, links, and wording.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod index;
mod links;
mod waivers;
mod wording;
