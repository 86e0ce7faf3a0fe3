"""The Forge sources of the repository that the compiler parses, and what the compiler makes of them."""

import os
import pathlib
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["stdlib", "clusters", "examples", "benches", "lang", "tests", "fuzz", "docs", "editors"]
PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs", "tests/spec", "editors"]
IGNORED = {"target", "node_modules", "corpus"}

# An item that is not allowed where it is: the parser reads it, but leaves it out of the tree.
MISPLACED = "F0203"


@dataclass
class Source:
    """One file or one `forge` block of a page."""

    name: str
    text: bytes
    # `line:column Kind text`, the columns in characters.
    tokens: list[str]
    # The compiler's tree; `None` where it left misplaced items out.
    tree: str | None


def walk(folder: pathlib.Path, suffix: str):
    if folder.is_file():
        yield folder
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - IGNORED)
        yield from (pathlib.Path(path, file) for file in sorted(files) if file.endswith(suffix))


def blocks(page: pathlib.Path):
    """The `forge` blocks of a page: line and text, as tests/runner/page.rs finds them."""
    lines = iter(enumerate(page.read_text().split("\n"), 1))
    for number, line in lines:
        fence = re.match(r"(`{3,})\s*(\S*)", line)
        if not fence:
            continue
        block = []
        for _, inner in lines:
            if re.fullmatch(r"`{%d,}\s*" % len(fence[1]), inner):
                break
            block.append(inner + "\n")
        if fence[2] == "forge":
            yield number, "".join(block)


def candidates():
    """Name and text of every file and block."""
    for folder in FOLDERS:
        for path in walk(ROOT / folder, ".forge"):
            yield str(path.relative_to(ROOT)), path.read_bytes()
    for page in PAGES:
        for path in walk(ROOT / page, ".md"):
            for line, text in blocks(path):
                yield f"{path.relative_to(ROOT)}:{line}", text.encode()


def forgec() -> pathlib.Path:
    """The compiler: the newest that was built."""
    given = os.environ.get("FORGEC")
    built = [ROOT / "target" / profile / "forgec" for profile in ("release", "debug")]
    found = [pathlib.Path(given)] if given else [path for path in built if path.exists()]
    if not found:
        raise SystemExit("there is no forgec: run `cargo build -p forgec`, or name one with FORGEC")
    return max(found, key=lambda path: path.stat().st_mtime)


def parsed(compiler: pathlib.Path, path: pathlib.Path, name: str, text: bytes) -> Source | None:
    """What the compiler makes of a source; `None` if it rejects it."""
    def debug(stage: str):
        command = [compiler, "debug", stage, path.name]
        return subprocess.run(command, cwd=path.parent, capture_output=True, env={**os.environ, "NO_COLOR": "1"})

    tree = debug("ast")
    errors = set(re.findall(r"^error\[(F\d+)\]", tree.stderr.decode(), re.M))
    if errors - {MISPLACED}:
        return None
    tokens = debug("tokens").stdout.decode().splitlines()
    return Source(name, text, tokens, None if errors else tree.stdout.decode())


def read() -> tuple[list[Source], int]:
    """The sources that the compiler parses, and how many it rejects."""
    compiler = forgec()
    folder = ROOT / "target" / "editors" / "sources"
    folder.mkdir(parents=True, exist_ok=True)

    def one(numbered):
        number, (name, text) = numbered
        # Each in a folder of its own, which is then the package.
        path = folder / str(number) / "main.forge"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
        return parsed(compiler, path, name, text)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(one, enumerate(candidates())))
    sources = [source for source in found if source]
    return sources, len(found) - len(sources)
