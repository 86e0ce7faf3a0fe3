#!/usr/bin/env python3
"""Writes lang/cli/layout.ld: which functions the linker puts side by side, because a small build runs them.

usage: layout.py FORGEC

A process is given its code in pieces of 64 KiB, so what lies scattered costs ten times the memory of what lies together, and a page
fault a piece. FORGEC is a release build with its symbols; valgrind tells which of its functions run. Names are written without the
compiler's hashes: the list serves later versions too, and what it misses is only slower by a page fault. It is worth renewing when the
number of page faults has grown (`perf stat -e page-faults`).
"""

import bisect
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUNS = [
    ["build", "benches/peers/forge/app.forge", "--input", "n=4"],
    ["build", "benches/peers/forge/typed.forge", "--input", "n=4"],
]


def symbols(binary):
    """Start, size and name of each function, in order."""
    listing = subprocess.run(["nm", "-S", "-n", binary], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 3) for line in listing.splitlines())
    return [(int(r[0], 16), int(r[1], 16), r[3]) for r in rows if len(r) == 4 and r[2] in "tTwW"]


def addresses(binary, args):
    """Where instructions were run. The program stands at fixed addresses, below those of all libraries."""
    with tempfile.NamedTemporaryFile() as out:
        command = ["valgrind", "--tool=callgrind", "--dump-instr=yes", f"--callgrind-out-file={out.name}", binary, *args]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = open(out.name).read().splitlines()
    at = 0
    for line in lines:
        position = re.match(r"(0x[0-9a-f]+|[+-]\d+|\*)\s", line)
        if position:
            text = position.group(1)
            at = int(text, 16) if text.startswith("0x") else at if text == "*" else at + int(text)
            yield at


def pattern(symbol):
    """The name with a star for each hash, and for the number of a copy."""
    symbol = re.sub(r"17h[0-9a-f]{16}E", "17h*", symbol)
    symbol = re.sub(r"Cs[0-9A-Za-z]+_", "Cs*_", symbol)
    return re.sub(r"(\.llvm)?\.\d+$", "*", symbol)


def main():
    binary = os.path.abspath(sys.argv[1])
    functions = symbols(binary)
    starts = [start for start, _, _ in functions]
    hot = set()
    for args in RUNS:
        for at in set(addresses(binary, args)):
            start, length, symbol = functions[max(bisect.bisect_right(starts, at) - 1, 0)]
            if start <= at < start + length:
                hot.add(symbol)
    chosen = {pattern(symbol) for symbol in hot}
    total = sum(length for _, length, symbol in functions if pattern(symbol) in chosen)
    with open(os.path.join(ROOT, "lang/cli/layout.ld"), "w") as out:
        out.write("/* What a small build runs stands together. Written by benches/layout/layout.py; see there. */\n")
        out.write("SECTIONS {\n  .text.startup : {\n")
        # Functions that are said to be rare have a section of another kind.
        out.writelines(f"    *(.text.{name} .text.unlikely.{name})\n" for name in sorted(chosen))
        out.write("  }\n}\nINSERT BEFORE .text;\n")
    print(f"{len(hot)} functions run; {len(chosen)} patterns hold {total >> 10} KiB of {sum(f[1] for f in functions) >> 10} KiB of code")


if __name__ == "__main__":
    main()
