//! Type inference of bodies and expressions, and their elaboration into [`hir`](crate::hir).
//!
//! Checking is bidirectional: [`InferCx::check`](cx::InferCx::check) checks an expression against an expected type, [`InferCx::infer`](cx::InferCx::infer) infers
//! its type. Both report an error once and continue; [`Ty::Error`](crate::Ty::Error) then suppresses follow-up errors.

mod access_path;
mod block;
mod body;
mod call;
mod checks;
mod coerce;
mod constant;
mod cx;
pub(crate) mod db;
mod duplicate;
mod expr;
mod flow;
mod function;
mod generic;
mod index;
mod known;
mod list;
mod member;
mod method;
pub(crate) mod module;
mod name;
mod object;
mod operator;
mod output;
mod pattern;
pub(crate) mod query;
mod record;
mod scope;
mod string;
mod suggest_path;
