"""The queries of Helix and Zed, which follow from those of the grammar: they only name some captures differently.

Writes them; with `--check`, reports those that are stale.
"""

import re
import sys

from sources import ROOT

EDITORS = ROOT / "editors"
GRAMMAR = EDITORS / "tree-sitter-forge" / "queries"
HEADER = "; Derived from editors/tree-sitter-forge/queries by editors/test/derive_queries.py.\n\n"

HELIX = {
    "property": "variable.other.member",
    "module": "namespace",
    "type.definition": "type",
    "function.call": "function",
    "function.method.call": "function.method",
    "string.escape": "constant.character.escape",
    "number": "constant.numeric.integer",
    "number.float": "constant.numeric.float",
    "boolean": "constant.builtin.boolean",
    "comment": "comment.line",
    "comment.documentation": "comment.line.documentation",
    "keyword.import": "keyword.control.import",
    "keyword.type": "keyword.storage.type",
    "keyword.modifier": "keyword.storage.modifier",
    "keyword.conditional": "keyword.control.conditional",
    "keyword.repeat": "keyword.control.repeat",
    "local.definition.import": "local.definition.variable",
    "local.definition.var": "local.definition.variable",
    "local.definition.parameter": "local.definition.variable.parameter",
    "local.definition.field": "local.definition.variable.other.member",
}

ZED = {
    "module": "namespace",
    "type.definition": "type",
    "function.call": "function",
    "function.method.call": "function.method",
    "comment.documentation": "comment.doc",
    "number.float": "number",
    "variable.builtin": "variable.special",
}

DERIVED = [
    ("highlights.scm", HELIX, "helix/queries/forge"),
    ("injections.scm", HELIX, "helix/queries/forge"),
    ("locals.scm", HELIX, "helix/queries/forge"),
    ("highlights.scm", ZED, "zed/languages/forge"),
    ("injections.scm", ZED, "zed/languages/forge"),
]


def derived(text: str, names: dict[str, str]) -> str:
    def rename(capture):
        return "@" + names.get(capture[1], capture[1])

    return HEADER + re.sub(r"@([a-z]\w*(?:\.\w+)*)", rename, text)


def main():
    stale = []
    for name, names, folder in DERIVED:
        path = EDITORS / folder / name
        text = derived((GRAMMAR / name).read_text(), names)
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(str(path.relative_to(ROOT)))
    if stale:
        raise SystemExit(f"stale: {', '.join(stale)}; run editors/test/derive_queries.py")


if __name__ == "__main__":
    main()
