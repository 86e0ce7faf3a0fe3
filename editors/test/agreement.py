"""The tree of the grammar in the form of `forgec debug ast`, and its tokens in that of `forgec debug tokens`.

Left out on both sides: what is written in strings and comments (the tokens compare that), and the values of numbers
other than whole ones.
"""

import re

STRING = '"…"'
NUMBERS = ("integer", "float", "quantity", "duration")
NAMES = ("identifier", "type_identifier", "quoted_identifier", "property", "parameter")


# The compiler's tree


def read_tree(text: str):
    """Nested lists from what `forgec debug ast` prints."""
    stack = [[]]
    for word in re.findall(r'"(?:\\.|[^"\\])*"|[()]|[^\s()]+', text):
        if word == "(":
            stack.append([])
        elif word == ")":
            done = simplify(stack.pop())
            if done is not None:
                stack[-1].append(done)
        else:
            stack[-1].append(leaf(word))
    return stack[0][0]


def leaf(word: str):
    if word.startswith('"'):
        return STRING
    if re.fullmatch(r"-?(\d+\.\d+([eE]-?\d+)?|\d+[eE]-?\d+)", word):
        return "<float>"
    return word


def simplify(node: list):
    match node:
        case ["doc", *_]:
            return None
        case ["quantity" | "duration", _]:
            return f"<{node[0]}>"
        case ["str", *parts]:
            return ["str", *(part for part in parts if part != STRING)]
    return node


# The tree of the grammar


def children(node, *kinds):
    return [child for child in node.named_children if child.type in kinds]


def field(node, name):
    return node.child_by_field_name(name)


def content(node):
    """The named children except comments."""
    return [child for child in node.named_children if "comment" not in child.type]


def name(node) -> str:
    return node.text.decode().strip("`")


def string(node):
    parts = [expression(content(part)[0]) for part in children(node, "interpolation")]
    return ["str", *(part for part in parts if part != STRING)] if parts else STRING


def number(node, sign=""):
    if node.type != "integer":
        return f"<{node.type}>"
    text = node.text.decode().replace("_", "")
    value = int(text, 0) if text[:2] in ("0x", "0o") else int(text)
    return f"{sign}{value}" if value else "0"


def optional(node, field_name, convert):
    found = field(node, field_name)
    return [convert(found)] if found else []


def items(node) -> list:
    """The items of a body, annotations with the item that they precede."""
    found, annotations = [], []
    for child in content(node):
        if child.type == "annotation":
            given = field(child, "arguments")
            annotations.append(["@" + name(field(child, "name")), *(arguments(given) if given else [])])
        else:
            found.append(item(child) + annotations)
            annotations = []
    return found


def body(node):
    return ["body", *items(node)]


def key(node):
    match node.type:
        case "string":
            return string(node)
        case "integer":
            return number(node)
        case "negative_integer":
            return number(content(node)[0], "-")
        case "tuple":
            return ["tuple", *map(expression, content(node))]
    return name(node)


def target(node):
    path = field(node, "path")
    keys = content(path) if path else [field(node, "name")]
    return ["path", *map(key, keys)]


def import_item(node):
    module = field(node, "module")
    # Dots between names are not those before the path.
    dots = "".join(child.text.decode() for child in node.children if not child.is_named and set(child.type) == {"."})
    names = field(node, "names")
    path = ".".join(map(name, content(module))) if module else ""
    if module and names:
        dots = dots[:-1]
    result = [node.type, dots + path]
    if field(node, "alias"):
        result.append(["as", name(field(node, "alias"))])
    for one in content(names) if names else []:
        alias = field(one, "alias")
        result.append(["as", name(field(one, "name")), name(alias)] if alias else name(field(one, "name")))
    return result


def let(node):
    return ["let", name(field(node, "name")), *optional(node, "type", lambda t: [":", type_(t)]),
            expression(field(node, "value"))]


def parameter(node):
    if node.type == "parameter" and not node.child_count:
        return name(node)
    if node.type in NAMES and node.type != "parameter":
        return name(node)
    rest = [*optional(node, "type", lambda t: [":", type_(t)]), *optional(node, "default", lambda v: ["=", expression(v)])]
    return [name(field(node, "name")), *rest] if rest else name(field(node, "name"))


def type_parameter(node):
    bound = optional(node, "bound", lambda b: [":", type_(b)])
    return [name(field(node, "name")), *bound] if bound else name(field(node, "name"))


def for_head(node):
    variables = [name(child) for child in node.children_by_field_name("variable")]
    return [variables, expression(field(node, "iterable")), *optional(node, "guard", lambda g: ["guard", expression(g)])]


def if_item(node):
    result = ["if", expression(field(node, "condition")), body(field(node, "then"))]
    otherwise = field(node, "else")
    if otherwise:
        result.append(["body", if_item(otherwise)] if otherwise.type == "if_item" else body(otherwise))
    return result


def item(node) -> list:
    value = field(node, "value")
    match node.type:
        case "import" | "export":
            return import_item(node)
        case "type_declaration":
            return ["type", name(field(node, "name")), type_(field(node, "type"))]
        case "schema_declaration":
            flags = [child.type for child in node.children if child.type in ("abstract", "open")]
            parent = optional(node, "parent", lambda p: ["extends", [name(part) for part in content(p)]])
            return ["schema", *sorted(flags), name(field(node, "name")), *parent, body(field(node, "body"))]
        case "function_declaration":
            generics = optional(node, "type_parameters",
                                lambda g: ["generics", *map(type_parameter, content(g))])
            params = ["params", *map(parameter, content(field(node, "parameters")))]
            result = optional(node, "result", lambda t: ["ret", type_(t)])
            return ["fn", name(field(node, "name")), *generics, params, *result, *optional(node, "body", expression)]
        case "let_declaration":
            return let(node)
        case "input_declaration":
            return ["input", name(field(node, "name")), type_(field(node, "type")), *optional(node, "default", expression)]
        case "test_declaration":
            return ["test", string(field(node, "name")), body(field(node, "body"))]
        case "field_declaration":
            late = [child.type for child in node.children if child.type == "late"]
            return ["declare", *late, key(field(node, "name")), type_(field(node, "type")), *([expression(value)] if value else [])]
        case "assignment":
            return ["set", target(node), expression(value)]
        case "append":
            return ["append", target(node), expression(value)]
        case "refinement":
            return ["refine", target(node), body(field(node, "body"))]
        case "typed_refinement":
            return ["refine", target(node), type_(field(node, "type")), body(field(node, "body"))]
        case "each_item":
            return ["each", body(field(node, "body"))]
        case "delete_item":
            return ["delete", target(node)]
        case "spread":
            return ["spread", expression(content(node)[0])]
        case "if_item":
            return if_item(node)
        case "for_item":
            return ["for", *for_head(node), body(field(node, "body"))]
        case "check_item" | "warn_item" | "assert_item":
            arguments = [["=", field(child, "name").text.decode(), expression(field(child, "value"))]
                         for child in content(node) if child.type == "check_argument"]
            return [node.type.split("_")[0], expression(field(node, "condition")), *optional(node, "message", expression),
                    *arguments]
        case "fails_item":
            return ["fails", expression(value), *optional(node, "message", expression)]
        case "snapshot_item":
            return ["snapshot", expression(value)]
    return ["?", node.type]


def arguments(node) -> list:
    result = []
    for child in content(node):
        if child.type == "named_argument":
            result.append(["=", name(field(child, "name")), expression(field(child, "value"))])
        else:
            result.append(expression(child))
    return result


def block(node):
    """`let`s and a value; a value alone is not wrapped."""
    if node.type != "block":
        return expression(node)
    found = [let(child) if child.type == "let_declaration" else expression(child) for child in content(node)]
    return found[0] if len(found) == 1 else ["block", *found]


def element(node):
    match node.type:
        case "let_declaration":
            return let(node)
        case "spread":
            return ["spread", expression(content(node)[0])]
        case "for_expression":
            return ["for-elements", *for_head(node), *map(element, content(field(node, "body")))]
        case "if_expression":
            result = ["if-elements", expression(field(node, "condition")),
                      ["then", *map(element, content(field(node, "then")))]]
            otherwise = field(node, "else")
            if otherwise:
                inner = [otherwise] if otherwise.type == "if_expression" else content(otherwise)
                if inner:
                    result.append(["else", *map(element, inner)])
            return result
    return expression(node)


def pattern(node):
    match node.type:
        case "is_pattern":
            return ["is", type_(content(node)[0])]
        case "range_pattern":
            start, end = content(node)
            return [node.children[1].type, expression(start), expression(end)]
    if node.type in NAMES:
        return "_" if name(node) == "_" else ["bind", name(node)]
    return expression(node)


def arm(node):
    patterns = [pattern(child) for child in node.children_by_field_name("pattern")]
    guard = optional(node, "guard", lambda g: ["guard", expression(g)])
    return ["arm", *patterns, *guard, "=>", block(field(node, "body"))]


def unary(node):
    sign, operand = field(node, "operator").type, field(node, "operand")
    if sign == "-" and operand.type in NUMBERS:
        return number(operand, "-")
    return [sign, expression(operand)]


def expression(node):
    kind = node.type
    value = field(node, "value")
    if kind in NAMES or kind in ("self", "super", "boolean", "null"):
        return name(node)
    if kind in NUMBERS:
        return number(node)
    match kind:
        case "string":
            return string(node)
        case "list":
            return ["list", *map(element, content(node))]
        case "object":
            return ["object", *items(node)]
        case "parenthesized_expression":
            return expression(content(node)[0])
        case "block":
            # After `=`, the compiler makes it a `match` of one arm.
            return ["match", "null", ["arm", "_", "=>", block(node)]]
        case "if_expression":
            otherwise = field(node, "else")
            return ["if", expression(field(node, "condition")), block(field(node, "then")),
                    block(otherwise) if otherwise else "_hole_"]
        case "match_expression":
            return ["match", expression(value), *map(arm, children(node, "match_arm"))]
        case "member_expression":
            return [node.children[1].type, expression(value), name(field(node, "name"))]
        case "index_expression":
            return ["index", *map(expression, content(node))]
        case "call_expression":
            return ["call", expression(field(node, "function")), *arguments(field(node, "arguments"))]
        case "derived_object":
            return ["derive", expression(field(node, "base")), body(field(node, "body"))]
        case "unary_expression":
            return unary(node)
        case "binary_expression":
            return [field(node, "operator").type, expression(field(node, "left")), expression(field(node, "right"))]
        case "range_expression":
            return [field(node, "operator").type, expression(field(node, "start")), expression(field(node, "end"))]
        case "is_expression":
            return ["is", expression(value), type_(field(node, "type"))]
        case "as_expression":
            return ["as", expression(value), type_(field(node, "type"))]
        case "non_null_expression":
            return ["non-null", expression(value)]
        case "lambda":
            given = field(node, "parameters")
            params = content(given) if given.type == "parameters" else [given]
            return ["lambda", list(map(parameter, params)), block(field(node, "body"))]
    return ["?", kind]


def type_(node):
    inner = content(node)
    match node.type:
        case "type_name":
            return ".".join(map(name, inner))
        case "literal_type":
            return key(inner[0])
        case "optional_type":
            return ["?", type_(inner[0])]
        case "union_type":
            return ["|", *map(type_, inner)]
        case "list_type":
            keys = [name(child) for child in node.children_by_field_name("key") if child.is_named]
            inner = type_(field(node, "element"))
            return ["keyed", inner, keys] if keys else ["list-of", inner]
        case "map_type":
            return ["map", type_(field(node, "key")), type_(field(node, "value"))]
        case "record_type":
            return ["record", *([name(field(one, "name")), type_(field(one, "type"))] for one in inner)]
        case "parenthesized_type":
            return type_(inner[0])
        case "function_type":
            return ["->", list(map(type_, content(field(node, "parameters")))), type_(field(node, "result"))]
        case "constrained_type":
            return ["where", type_(field(node, "type")), expression(field(node, "condition"))]
    return ["?", node.type]


def tree(root):
    return ["module", *items(root)]


def difference(ours, theirs, path=()):
    """Where two trees differ first."""
    if isinstance(ours, list) and isinstance(theirs, list):
        for index, (a, b) in enumerate(zip(ours, theirs)):
            found = difference(a, b, (*path, index))
            if found:
                return found
        if len(ours) == len(theirs):
            return None
    elif ours == theirs:
        return None
    return f"at {'/'.join(map(str, path))}: the grammar has {str(ours)[:200]}, the compiler {str(theirs)[:200]}"


# Tokens

KINDS = {
    "comment": "Comment",
    "doc_comment": "DocComment",
    "module_comment": "ModuleDoc",
    "integer": "Int",
    "float": "Float",
    "quantity": "Quantity",
    "duration": "Duration",
}
COMPARED = {*KINDS.values(), "StrOpen", "StrText", "StrClose", "InterpOpen", "InterpClose"}


def compilers_tokens(lines: list[str], text: str) -> list:
    """Offset, length and kind of the tokens that are compared."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for entry in lines:
        place, kind, *_ = entry.split(" ", 2)
        line, column = map(int, place.split(":"))
        if kind in COMPARED:
            found.append((starts[line - 1] + column - 1, kind))
    return found


def grammars_tokens(root, source: bytes) -> list:
    """The same of the grammar's tree. Pieces of one text become one."""
    found = []

    def add(node, kind):
        found.append((node.start_byte, kind))

    def walk(node):
        if node.type in KINDS:
            return add(node, KINDS[node.type])
        if node.type == "string":
            after_text = False
            for index, child in enumerate(node.children):
                if child.type in ("string_content", "escape_sequence"):
                    if not after_text:
                        add(child, "StrText")
                    after_text = True
                    continue
                after_text = False
                if child.type == "interpolation":
                    add(child.children[0], "InterpOpen")
                    for inner in child.children[1:-1]:
                        walk(inner)
                    add(child.children[-1], "InterpClose")
                elif index == 0:
                    add(child, "StrOpen")
                else:
                    add(child, "StrClose")
            return None
        for child in node.children:
            walk(child)
        return None

    walk(root)
    characters = offsets(source)
    return [(characters[start], kind) for start, kind in sorted(found)]


def offsets(source: bytes) -> list[int]:
    """The index of the character at each byte."""
    found, count = [], 0
    for byte in source:
        if byte & 0xC0 != 0x80:
            count += 1
        found.append(count - 1)
    return [*found, count]
