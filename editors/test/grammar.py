"""Tests of the tree-sitter grammar: its corpus, its queries, and that it reads what the compiler reads alike."""

import hashlib
import re
import sys

from tree_sitter import Query, QueryCursor

import agreement
import parser as generated
import sources
from sources import ROOT

EDITORS = ROOT / "editors"
GRAMMAR = generated.GRAMMAR

failures: list[str] = []
passed = 0


def check(name: str, problem: str | None):
    global passed
    if problem:
        failures.append(f"{name}: {problem}")
    else:
        passed += 1


def broken(root):
    """The first ERROR or MISSING node."""
    if not root.has_error:
        return None
    node = root
    while not (node.type == "ERROR" or node.is_missing):
        node = next((child for child in node.children if child.has_error or child.is_missing), None)
        if node is None:
            return "an error"
    line, column = node.start_point
    kind = f"MISSING {node.type}" if node.is_missing else "ERROR"
    return f"{kind} at {line + 1}:{column + 1}: {node.text.decode()[:60]!r}"


# The corpus, in the format of `tree-sitter test`


def cases(text: str):
    for case in re.split(r"^=+\n(?=[^\n]+\n=+\n)", text, flags=re.M)[1:]:
        title, _, rest = case.partition("\n")
        source, expected = re.split(r"^---+\n", rest.partition("\n")[2], maxsplit=1, flags=re.M)
        yield title, source[:-1], expected


def update_corpus(parser):
    """Writes the trees of all cases again, as `tree-sitter test --update` does."""
    for path in (GRAMMAR / "test" / "corpus").glob("*.txt"):
        text = ""
        for title, source, _ in cases(path.read_text()):
            bar = "=" * 80
            tree = indented(parser.parse(source.encode()).root_node)
            text += f"{bar}\n{title}\n{bar}\n{source}\n{'-' * 80}\n\n{tree}\n\n"
        path.write_text(text.rstrip("\n") + "\n")


def indented(node, indent="", label="") -> str:
    inner = "".join(
        "\n" + indented(child, indent + "  ", f"{name}: " if (name := node.field_name_for_child(index)) else "")
        for index, child in enumerate(node.children)
        if child.is_named
    )
    return f"{indent}{label}({node.type}{inner})"


def flat(tree: str) -> str:
    return re.sub(r"\s+(?=\))", "", re.sub(r"\s+", " ", tree)).strip()


def test_corpus(parser):
    for path in sorted((GRAMMAR / "test" / "corpus").glob("*.txt")):
        for title, source, expected in cases(path.read_text()):
            root = parser.parse(source.encode()).root_node
            given, wanted = flat(str(root)), flat(expected)
            check(f"{path.name}: {title}", None if given == wanted else f"\n  expected {wanted}\n  given    {given}")


# The repository


def test_sources(parser, found):
    for source in found:
        root = parser.parse(source.text).root_node
        problem = broken(root)
        check(f"{source.name}: tree", problem)
        if problem:
            continue
        text = source.text.decode()
        ours = agreement.grammars_tokens(root, source.text)
        theirs = agreement.compilers_tokens(source.tokens, text)
        wrong = next((pair for pair in zip(ours, theirs) if pair[0] != pair[1]), None)
        if wrong is None and len(ours) != len(theirs):
            wrong = (len(ours), len(theirs))
        at = f" {text[wrong[0][0]:][:30]!r}" if wrong and isinstance(wrong[0], tuple) else ""
        check(f"{source.name}: tokens", wrong and f"the grammar has {wrong[0]}, the compiler {wrong[1]}{at}")
        if source.tree is not None:
            compilers = agreement.read_tree(source.tree)
            check(f"{source.name}: structure", agreement.difference(agreement.tree(root), compilers))


# Queries


def test_queries(language):
    paths = [*(GRAMMAR / "queries").glob("*.scm"), *(EDITORS / "helix").rglob("*.scm"), *(EDITORS / "zed").rglob("*.scm")]
    for path in sorted(paths):
        try:
            Query(language, path.read_text())
            problem = None
        except Exception as error:
            problem = str(error)
        check(str(path.relative_to(ROOT)), problem)


def captures(language, parser, query: str, source: str):
    """Text and name of what a query captures."""
    return [(text, name) for _, _, text, name in ranked(language, parser, query, source)]


def last_captures(language, parser, query: str, source: str):
    """The same; of several captures of a node the one of the last pattern, which wins."""
    found = {(start, text): name for start, _, text, name in ranked(language, parser, query, source)}
    return [(text, name) for (_, text), name in found.items()]


def ranked(language, parser, query: str, source: str):
    """Offset, pattern, text and name of captures, in this order."""
    root = parser.parse(source.encode()).root_node
    cursor = QueryCursor(Query(language, (GRAMMAR / "queries" / query).read_text()))
    return sorted(
        (node.start_byte, index, node.text.decode(), name)
        for index, match in cursor.matches(root)
        for name, nodes in match.items()
        for node in nodes
    )


def test_every_keyword_is_highlighted(language, parser, found):
    """Each word that is a token of its own, not a name, has a capture of a keyword or constant."""
    query = Query(language, (GRAMMAR / "queries" / "highlights.scm").read_text())
    for source in found:
        root = parser.parse(source.text).root_node
        named = {}
        for name, nodes in QueryCursor(query).captures(root).items():
            for node in nodes:
                named.setdefault((node.start_byte, node.end_byte), []).append(name)
        problem = None
        for node in keywords(root):
            names = named.get((node.start_byte, node.end_byte), [])
            if not any(re.match(r"keyword|boolean|constant|variable", name) for name in names):
                problem = f"`{node.type}` at {node.start_point} has {names}"
        check(f"{source.name}: keywords", problem)


def keywords(node):
    if not node.child_count:
        if not node.is_named and node.type.isalpha():
            yield node
        return
    for child in node.children:
        yield from keywords(child)


HIGHLIGHTS = """\
/// A server.
schema Web extends base.Server {
  late cluster: Cluster
  port: Int where it > 0 = 80 // ports
  check port < 50, "\\(port) is\\n too large", code = "C01"
  fn url(host: String): String = host.upper()
}
import std.net as network
type = if web is Web { 5Gi } else { null }
each { match = true }
"""
EXPECTED_HIGHLIGHTS = [
    ("/// A server.", "comment.documentation"),
    ("schema", "keyword.type"),
    ("Web", "type.definition"),
    ("extends", "keyword.modifier"),
    ("base", "module"),
    ("Server", "type"),
    ("late", "keyword.modifier"),
    ("cluster", "property"),
    ("Int", "type.builtin"),
    ("where", "keyword"),
    ("it", "variable.builtin"),
    ("80", "number"),
    ("// ports", "comment"),
    ("check", "keyword"),
    ("\\n", "string.escape"),
    ("code", "variable.parameter"),
    ("fn", "keyword.function"),
    ("url", "function"),
    ("host", "variable.parameter"),
    ("upper", "function.method.call"),
    ("import", "keyword.import"),
    ("as", "keyword.import"),
    ("type", "property"),
    ("if", "keyword.conditional"),
    ("is", "keyword.operator"),
    ("5Gi", "number"),
    ("null", "constant.builtin"),
    ("each", "keyword"),
    ("match", "property"),
    ("true", "boolean"),
]


def test_highlights(language, parser):
    given = last_captures(language, parser, "highlights.scm", HIGHLIGHTS)
    for wanted in EXPECTED_HIGHLIGHTS:
        problem = None if wanted in given else f"has {[name for text, name in given if text == wanted[0]]}"
        check(f"highlight of `{wanted[0]}` as {wanted[1]}", problem)


INJECTIONS = '''\
// language: yaml
config = """
  a: \\(x)
  """
scripts = {
  "run.sh" = """
    echo 1
    """
  plain = """
    b: 1
    """
}
rules = [
  // language: promql
  "sum(up)"
]
let query: String = // language: sql
  "select 1"
'''
EXPECTED_INJECTIONS = [
    ("yaml", "\n  a: "),
    ("yaml", "\n  "),
    ("bash", "\n    echo 1\n    "),
    ("promql", "sum(up)"),
    ("sql", "select 1"),
]


def test_injections(language, parser):
    query = Query(language, (GRAMMAR / "queries" / "injections.scm").read_text())
    found = set()
    for index, match in QueryCursor(query).matches(parser.parse(INJECTIONS.encode()).root_node):
        injected = query.pattern_settings(index)["injection.language"]
        for node in match.get("injection.content", []):
            if node.type == "string_content":
                found.add((node.start_byte, injected, node.text.decode()))
    given = [entry[1:] for entry in sorted(found)]
    check("injections", None if given == EXPECTED_INJECTIONS else f"has {given}")


def test_tags_and_locals(language, parser):
    source = "import a.b\nschema A { f: Int }\nfn g(x: Int): Int = x\nc = 1\ntest \"t\" { assert g(c) == 1 }\n"
    tags = captures(language, parser, "tags.scm", source)
    names = [text for text, name in tags if name == "name"]
    for wanted in ["A", "f", "g", "c", "t"]:
        check(f"tag of `{wanted}`", None if wanted in names else f"only {names} are tagged")
    found = captures(language, parser, "locals.scm", source)
    for wanted in [("b", "local.definition.import"), ("x", "local.definition.parameter"), ("A", "local.definition.type")]:
        check(f"definition of `{wanted[0]}`", None if wanted in found else f"has {found}")


# What is generated


def test_generated():
    """The parser was generated from this grammar.js; generate.sh writes the checksum."""
    wanted = hashlib.sha256((GRAMMAR / "grammar.js").read_bytes()).hexdigest()
    given = (GRAMMAR / "src" / "grammar.js.sha256").read_text().split()[0]
    check("src/parser.c", None if given == wanted else "stale: run editors/tree-sitter-forge/generate.sh")


def main():
    language, parser = generated.language(), generated.parser()
    if "--update" in sys.argv:
        return update_corpus(parser)
    test_generated()
    test_corpus(parser)
    test_queries(language)
    test_highlights(language, parser)
    test_injections(language, parser)
    test_tags_and_locals(language, parser)
    found, rejected = sources.read()
    test_sources(parser, found)
    test_every_keyword_is_highlighted(language, parser, found)
    # A collection that finds nothing must not pass.
    check("sources", None if len(found) > 1000 else f"only {len(found)} found")
    compared = sum(source.tree is not None for source in found)
    print(f"{len(found)} sources of which {compared} compared with the compiler's tree; {rejected} are rejected by it")
    for failure in failures[:40]:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
