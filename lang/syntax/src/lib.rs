//! From text to tree: tokens, layout, token tree, grammar, AST and formatter.
//!
//! [`parse`] is the only door. It never fails: what cannot be read becomes a hole, and the messages come beside the tree.

pub mod ast;
