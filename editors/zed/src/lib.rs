//! Starts the language server `forgec lsp` in Zed.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Forge;

impl zed::Extension for Forge {
    fn new() -> Self {
        Forge
    }

    /// The `forgec` on the path of the worktree's shell. Fails if there is none.
    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("forgec").ok_or("there is no `forgec` on the path")?;
        Ok(Command { command, args: vec![String::from("lsp")], env: worktree.shell_env() })
    }
}

zed::register_extension!(Forge);
