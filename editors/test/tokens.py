"""Writes the tokens of all sources for the test of the TextMate grammar: what the tree says each of them is."""

import json
import sys

import parser as generated
import sources

NUMBERS = ("integer", "float", "quantity", "duration")
COMMENTS = ("comment", "doc_comment", "module_comment")


def classify(node):
    """The class of a token that is compared; `None` for others."""
    kind = node.type
    if kind in COMMENTS:
        return "comment"
    if kind in NUMBERS:
        return "number"
    if kind == "string_content":
        return "string"
    if kind == "escape_sequence":
        return "escape"
    if kind in ("self", "super", "null"):
        return "keyword"
    if not node.is_named:
        if kind == '"':
            return "string"
        if node.parent and node.parent.type == "interpolation" and kind in ("\\(", ")"):
            return "interpolation"
        if node.parent and node.parent.type == "check_argument" and kind.isalpha():
            return "name"
        return "keyword" if kind.isalpha() else None
    if kind in ("identifier", "property", "parameter"):
        return "name"
    return None


def leaves(node):
    if node.child_count and node.type not in ("boolean", "null"):
        for child in node.children:
            yield from leaves(child)
    else:
        yield node


def tokens(root, source: bytes):
    """Start, end and class, in units of UTF-16."""
    found = [(leaf.start_byte, leaf.end_byte, kind) for leaf in leaves(root) if (kind := classify(leaf))]
    units, count = [], 0
    for byte in source:
        units.append(count)
        # A character beyond the first plane begins with 0xf0 and counts twice.
        count += 0 if byte & 0xC0 == 0x80 else 2 if byte >= 0xF0 else 1
    units.append(count)
    return [[units[start], units[end], kind] for start, end, kind in found if end > start]


def main():
    parser = generated.parser()
    found, _ = sources.read()
    dump = [
        {"name": source.name, "text": source.text.decode(), "tokens": tokens(parser.parse(source.text).root_node, source.text)}
        for source in found
    ]
    with open(sys.argv[1], "w") as file:
        json.dump(dump, file)


if __name__ == "__main__":
    main()
