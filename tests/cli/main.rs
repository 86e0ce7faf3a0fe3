//! The command line as users meet it: arguments, output, exit codes.
