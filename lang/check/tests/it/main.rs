//! Programs that are checked as a whole.

mod fixture;
mod messages;
mod programs;
mod robust;
mod slips;
mod types;
