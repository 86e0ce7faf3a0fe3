//! Arguments that are built only when their command is called: there are about a hundred, of which a build needs ten.

use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use crate::args::GlobalArgs;

/// The arguments `T` of a subcommand, and the global options after it.
#[derive(Debug)]
pub(crate) struct DeferredArgs<T> {
    pub(crate) global: GlobalArgs,
    args: T,
}

impl<T> Deref for DeferredArgs<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.args
    }
}

impl<T: FromArgMatches> FromArgMatches for DeferredArgs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(DeferredArgs { global: GlobalArgs::from_arg_matches(matches)?, args: T::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.global.update_from_arg_matches(matches)?;
        self.args.update_from_arg_matches(matches)
    }
}

impl<T: Args> Args for DeferredArgs<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(described::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        GlobalArgs::augment_args_for_update(T::augment_args_for_update(command))
    }
}

/// Adds the arguments but keeps the description of the subcommand.
fn described<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned();
    GlobalArgs::augment_args(T::augment_args(command)).about(about.unwrap_or_default())
}
