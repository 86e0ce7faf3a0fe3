#!/bin/sh
# Generates src/parser.c from grammar.js. Needs Node and `cargo install tree-sitter-cli --version 0.27.1 --locked`.
set -eu
cd "$(dirname "$0")"
# Version 14 of the interface is what Neovim 0.7 to 0.10 and all later ones read.
tree-sitter generate --abi 14 "$@"
sha256sum grammar.js >src/grammar.js.sha256
