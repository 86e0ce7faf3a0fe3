#!/bin/sh
# Fills the corpora of all targets with the Forge programs of this repository.
set -eu
cd "$(dirname "$0")"
for target in parse format evaluate; do
    mkdir -p "corpus/$target"
    find ../stdlib ../clusters ../examples ../benches -name '*.forge' 2>/dev/null | while read -r file; do
        cp "$file" "corpus/$target/$(echo "$file" | tr '/.' '__')"
    done
    # Each `forge` block of the specification is a program.
    find ../tests/spec -name '*.md' | while read -r page; do
        awk -v base="corpus/$target/$(echo "$page" | tr '/.' '__')" '
            /^```forge/ { inside = 1; n++; next }
            /^```/ { inside = 0 }
            inside { print > (base "_" n) }' "$page"
    done
done
