//! Prints tokens and trees for people: one token a line, and nested S-expressions.

use std::fmt::Write;

use forge_base::SourceFile;

use crate::ast::*;
use crate::token::Tokens;

/// The tokens of `text`: position, kind and source, one per line.
pub fn debug_tokens(text: &str, tokens: &Tokens) -> String {
    let file = SourceFile::new(forge_base::FileId(0), Default::default(), text.into());
    let mut out = String::new();
    for token in &tokens.list {
        let at = file.line_column(token.start);
        let shown = token.text(text).escape_debug();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}:{} {:?} {shown}", at.line, at.column, token.kind);
    }
    out
}

/// The tree of a module: each node in parentheses, nested ones indented, short ones on one line.
pub fn debug_ast(module: &Module) -> String {
    let mut items: Vec<Node> = Vec::new();
    items.extend(doc(&module.doc));
    items.extend(module.items.iter().map(item));
    print(&Node::List(with("module", items)))
}

/// The tree of one expression.
pub fn debug_expr(value: &Expr) -> String {
    print(&expr(value))
}

/// A printed tree: a word or a list.
enum Node {
    Leaf(String),
    List(Vec<Node>),
}

const WIDTH: usize = 100;

fn print(node: &Node) -> String {
    let mut out = String::new();
    write_node(node, 0, &mut out);
    out.push('\n');
    out
}

/// The node on one line, unless it gets longer than `room`.
fn flat(node: &Node, room: usize) -> Option<String> {
    match node {
        Node::Leaf(text) => (text.len() <= room).then(|| text.clone()),
        Node::List(nodes) => {
            let mut out = String::from("(");
            for (index, node) in nodes.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(&flat(node, room.checked_sub(out.len())?)?);
            }
            out.push(')');
            (out.len() <= room).then_some(out)
        }
    }
}

fn write_node(node: &Node, indent: usize, out: &mut String) {
    if let Some(text) = flat(node, WIDTH.saturating_sub(indent)) {
        out.push_str(&text);
        return;
    }
    match node {
        Node::Leaf(text) => out.push_str(text),
        Node::List(nodes) => {
            out.push('(');
            for (index, node) in nodes.iter().enumerate() {
                if index > 0 {
                    out.push('\n');
                    out.push_str(&" ".repeat(indent + 2));
                }
                write_node(node, indent + 2, out);
            }
            out.push(')');
        }
    }
}

fn leaf(text: impl Into<String>) -> Node {
    Node::Leaf(text.into())
}

fn quoted(text: &str) -> Node {
    leaf(format!("{text:?}"))
}

fn with(head: &str, rest: Vec<Node>) -> Vec<Node> {
    let mut nodes = vec![leaf(head)];
    nodes.extend(rest);
    nodes
}

fn list(head: &str, rest: Vec<Node>) -> Node {
    Node::List(with(head, rest))
}

fn name(ident: &Ident) -> Node {
    leaf(if ident.name.as_str().is_empty() { "_missing_" } else { ident.name.as_str() })
}

fn maybe_name(ident: &Option<Ident>) -> Node {
    ident.as_ref().map_or_else(|| leaf("_missing_"), name)
}

fn names(idents: &[Ident]) -> Node {
    Node::List(idents.iter().map(name).collect())
}

fn doc(doc: &Option<Doc>) -> Option<Node> {
    doc.as_ref().map(|doc| list("doc", vec![quoted(&doc.text)]))
}

fn item(item: &Item) -> Node {
    let node = item_kind(&item.kind);
    let Node::List(mut nodes) = node else { return node };
    nodes.extend(doc(&item.doc));
    for annotation in &item.annotations {
        let args = annotation.args.iter().map(arg).collect();
        nodes.push(list(&format!("@{}", annotation.name.name), args));
    }
    Node::List(nodes)
}

fn item_kind(kind: &ItemKind) -> Node {
    match kind {
        ItemKind::Import(import) => import_node("import", import),
        ItemKind::Export(import) => import_node("export", import),
        ItemKind::Type(decl) => list("type", vec![maybe_name(&decl.name), ty(&decl.ty)]),
        ItemKind::Schema(decl) => schema(decl),
        ItemKind::Fn(decl) => function(decl),
        ItemKind::Let(decl) => let_node(decl),
        ItemKind::Input(decl) => {
            let mut nodes = vec![maybe_name(&decl.name), ty(&decl.ty)];
            nodes.extend(decl.default.as_ref().map(expr));
            list("input", nodes)
        }
        ItemKind::Test(decl) => list("test", vec![quoted(&decl.name), body(&decl.body)]),
        ItemKind::Declare(decl) => {
            let mut nodes: Vec<Node> = decl.late.iter().map(|_| leaf("late")).collect();
            nodes.extend([name(&decl.name), ty(&decl.ty)]);
            nodes.extend(decl.value.as_ref().map(expr));
            list("declare", nodes)
        }
        ItemKind::Set(set) => list("set", vec![path(&set.path), expr(&set.value)]),
        ItemKind::Append(set) => list("append", vec![path(&set.path), expr(&set.value)]),
        ItemKind::Refine(refine) => {
            let mut nodes = vec![path(&refine.path)];
            nodes.extend(refine.ty.as_ref().map(ty));
            nodes.push(body(&refine.body));
            list("refine", nodes)
        }
        ItemKind::Delete(target) => list("delete", vec![path(target)]),
        ItemKind::Spread(value) => list("spread", vec![expr(value)]),
        ItemKind::If(decl) => {
            let mut nodes = vec![expr(&decl.cond), body(&decl.then)];
            nodes.extend(decl.otherwise.as_ref().map(body));
            list("if", nodes)
        }
        ItemKind::For(decl) => list("for", with_head(&decl.head, vec![body(&decl.body)])),
        ItemKind::Each(body) => list("each", vec![self::body(body)]),
        ItemKind::Check(check) => check_node("check", check),
        ItemKind::Warn(check) => check_node("warn", check),
        ItemKind::Assert(check) => check_node("assert", check),
        ItemKind::Fails(fails) => {
            let mut nodes = vec![expr(&fails.operand)];
            nodes.extend(fails.with.as_ref().map(expr));
            list("fails", nodes)
        }
        ItemKind::Snapshot(value) => list("snapshot", vec![expr(value)]),
        ItemKind::Error { names } => list(
            "error",
            names
                .iter()
                .map(|text| if text.as_str().is_empty() { leaf("_missing_") } else { leaf(text.as_str()) })
                .collect(),
        ),
    }
}

fn import_node(head: &str, import: &Import) -> Node {
    let dots = ".".repeat(import.dots as usize);
    let parts: Vec<&str> = import.path.iter().map(|part| part.name.as_str()).collect();
    let mut nodes = vec![leaf(format!("{dots}{}", parts.join(".")))];
    match &import.binds {
        ImportBinds::Module(alias) => nodes.extend(alias.as_ref().map(|alias| list("as", vec![name(alias)]))),
        ImportBinds::Names(all) => nodes.extend(all.iter().map(|one| match &one.alias {
            Some(alias) => list("as", vec![name(&one.name), name(alias)]),
            None => name(&one.name),
        })),
    }
    list(head, nodes)
}

fn schema(decl: &SchemaDecl) -> Node {
    let mut nodes = Vec::new();
    nodes.extend(decl.abstract_.map(|_| leaf("abstract")));
    nodes.extend(decl.open.map(|_| leaf("open")));
    nodes.push(maybe_name(&decl.name));
    nodes.extend(decl.parent.as_ref().map(|parent| list("extends", vec![names(parent)])));
    nodes.push(body(&decl.body));
    list("schema", nodes)
}

fn function(decl: &FnDecl) -> Node {
    let mut nodes = vec![maybe_name(&decl.name)];
    if !decl.generics.is_empty() {
        nodes.push(list("generics", decl.generics.iter().map(generic).collect()));
    }
    nodes.push(list("params", decl.params.iter().map(param).collect()));
    nodes.extend(decl.ret.as_ref().map(|ret| list("ret", vec![ty(ret)])));
    nodes.extend(decl.body.as_ref().map(expr));
    list("fn", nodes)
}

fn generic(param: &GenericParam) -> Node {
    match &param.bound {
        Some(bound) => Node::List(vec![name(&param.name), list(":", vec![ty(bound)])]),
        None => name(&param.name),
    }
}

fn let_node(decl: &LetDecl) -> Node {
    let mut nodes = vec![maybe_name(&decl.name)];
    nodes.extend(decl.ty.as_ref().map(|t| list(":", vec![ty(t)])));
    nodes.push(expr(&decl.value));
    list("let", nodes)
}

fn check_node(head: &str, check: &CheckItem) -> Node {
    let mut nodes = vec![expr(&check.cond)];
    nodes.extend(check.message.as_ref().map(expr));
    nodes.extend(check.args.iter().map(|arg| list("=", vec![name(&arg.name), expr(&arg.value)])));
    list(head, nodes)
}

fn with_head(head: &ForHead, rest: Vec<Node>) -> Vec<Node> {
    let mut nodes = vec![names(&head.vars), expr(&head.iter)];
    nodes.extend(head.guard.as_ref().map(|guard| list("guard", vec![expr(guard)])));
    nodes.extend(rest);
    nodes
}

fn param(param: &Param) -> Node {
    if param.ty.is_none() && param.default.is_none() {
        return name(&param.name);
    }
    let mut nodes = vec![name(&param.name)];
    nodes.extend(param.ty.as_ref().map(|t| list(":", vec![ty(t)])));
    nodes.extend(param.default.as_ref().map(|value| list("=", vec![expr(value)])));
    Node::List(nodes)
}

fn body(body: &Body) -> Node {
    list("body", body.items.iter().map(item).collect())
}

fn path(path: &Path) -> Node {
    let segments: Vec<Node> = path.segments.iter().map(|segment| key(&segment.key)).collect();
    list("path", segments)
}

fn key(key: &Key) -> Node {
    match key {
        Key::Name(text) if text.as_str().is_empty() => leaf("_missing_"),
        Key::Name(text) => leaf(text.as_str()),
        Key::Str(text) => string(text),
        Key::Int(value) => leaf(value.to_string()),
        Key::Tuple(values) => list("tuple", values.iter().map(expr).collect()),
    }
}

fn string(text: &StrLit) -> Node {
    match text.plain() {
        Some(plain) => quoted(plain),
        None => list(
            "str",
            text.parts
                .iter()
                .map(|part| match part {
                    StrPart::Text(text) => quoted(text),
                    StrPart::Expr(value) => expr(value),
                })
                .collect(),
        ),
    }
}

fn expr(value: &Expr) -> Node {
    match &value.kind {
        ExprKind::Error => leaf("_hole_"),
        ExprKind::Null => leaf("null"),
        ExprKind::Bool(value) => leaf(value.to_string()),
        ExprKind::Int(value) => leaf(value.to_string()),
        ExprKind::Float(value) => leaf(format!("{value:?}")),
        ExprKind::Quantity(value) => list("quantity", vec![leaf(value.literal.as_deref().unwrap_or("?"))]),
        ExprKind::Duration(value) => list("duration", vec![leaf(format!("{}ns", value.nanos))]),
        ExprKind::Str(text) => string(text),
        ExprKind::Name(text) => leaf(text.as_str()),
        ExprKind::SelfRef => leaf("self"),
        ExprKind::Super => leaf("super"),
        ExprKind::List(elements) => list("list", elements.iter().map(element).collect()),
        ExprKind::Object(object) => list("object", object.items.iter().map(item).collect()),
        ExprKind::Derive(derive) => list("derive", vec![expr(&derive.base), body(&derive.body)]),
        ExprKind::Member(member) => {
            let head = if member.optional { "?." } else { "." };
            list(head, vec![expr(&member.recv), maybe_name(&member.name)])
        }
        ExprKind::Index(index) => {
            let mut nodes = vec![expr(&index.recv)];
            nodes.extend(index.index.iter().map(expr));
            list("index", nodes)
        }
        ExprKind::Call(call) => {
            let mut nodes = vec![expr(&call.callee)];
            nodes.extend(call.args.iter().map(arg));
            list("call", nodes)
        }
        ExprKind::Unary(UnaryOp::Not, operand) => list("!", vec![expr(operand)]),
        ExprKind::Unary(UnaryOp::Neg, operand) => list("-", vec![expr(operand)]),
        ExprKind::Binary(binary) => list(binary.op.sign(), vec![expr(&binary.left), expr(&binary.right)]),
        ExprKind::Is(is) => list("is", vec![expr(&is.value), ty(&is.ty)]),
        ExprKind::As(cast) => list("as", vec![expr(&cast.value), ty(&cast.ty)]),
        ExprKind::NonNull(value) => list("non-null", vec![expr(value)]),
        ExprKind::Range(range) => range_node(range),
        ExprKind::Lambda(lambda) => {
            list("lambda", vec![Node::List(lambda.params.iter().map(param).collect()), block(&lambda.body)])
        }
        ExprKind::If(branch) => list("if", vec![expr(&branch.cond), block(&branch.then), block(&branch.otherwise)]),
        ExprKind::Match(decl) => {
            let mut nodes = vec![expr(&decl.value)];
            nodes.extend(decl.arms.iter().map(arm));
            list("match", nodes)
        }
    }
}

fn range_node(range: &Range) -> Node {
    let head = if range.inclusive { "..=" } else { "..<" };
    list(head, vec![expr(&range.start), expr(&range.end)])
}

fn arg(arg: &Arg) -> Node {
    match &arg.name {
        Some(given) => list("=", vec![name(given), expr(&arg.value)]),
        None => expr(&arg.value),
    }
}

fn block(block: &Block) -> Node {
    if block.lets.is_empty() {
        return expr(&block.value);
    }
    let mut nodes: Vec<Node> = block.lets.iter().map(let_node).collect();
    nodes.push(expr(&block.value));
    list("block", nodes)
}

fn element(element: &Element) -> Node {
    match element {
        Element::Item(value) => expr(value),
        Element::Spread(value) => list("spread", vec![expr(value)]),
        Element::Let(decl) => let_node(decl),
        Element::If(branch) => {
            let IfElement { cond, then, otherwise, .. } = &**branch;
            let mut nodes = vec![expr(cond), list("then", then.iter().map(self::element).collect())];
            if !otherwise.is_empty() {
                nodes.push(list("else", otherwise.iter().map(self::element).collect()));
            }
            list("if-elements", nodes)
        }
        Element::For(item) => {
            list("for-elements", with_head(&item.head, item.body.iter().map(self::element).collect()))
        }
    }
}

fn arm(arm: &Arm) -> Node {
    let mut nodes: Vec<Node> = arm.patterns.iter().map(pattern).collect();
    nodes.extend(arm.guard.as_ref().map(|guard| list("guard", vec![expr(guard)])));
    nodes.push(leaf("=>"));
    nodes.push(block(&arm.body));
    list("arm", nodes)
}

fn pattern(pattern: &Pattern) -> Node {
    match &pattern.kind {
        PatternKind::Any => leaf("_"),
        PatternKind::Literal(value) => expr(value),
        PatternKind::Range(range) => range_node(range),
        PatternKind::Is(is) => list("is", vec![ty(is)]),
        PatternKind::Bind(bound) => list("bind", vec![name(bound)]),
        PatternKind::Error => leaf("_hole_"),
    }
}

fn ty(value: &TypeExpr) -> Node {
    match &value.kind {
        TypeKind::Error => leaf("_hole_"),
        TypeKind::Name(parts) => {
            let parts: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
            leaf(parts.join("."))
        }
        TypeKind::Str(text) => quoted(text),
        TypeKind::Int(value) => leaf(value.to_string()),
        TypeKind::Bool(value) => leaf(value.to_string()),
        TypeKind::Null => leaf("null"),
        TypeKind::Optional(inner) => list("?", vec![ty(inner)]),
        TypeKind::Union(all) => list("|", all.iter().map(ty).collect()),
        TypeKind::List(inner) => list("list-of", vec![ty(inner)]),
        TypeKind::Keyed(inner, keys) => list("keyed", vec![ty(inner), names(keys)]),
        TypeKind::Map(key, value) => list("map", vec![ty(key), ty(value)]),
        TypeKind::Record(fields) => {
            list("record", fields.iter().map(|(field, t)| Node::List(vec![name(field), ty(t)])).collect())
        }
        TypeKind::Fn(params, ret) => list("->", vec![Node::List(params.iter().map(ty).collect()), ty(ret)]),
        TypeKind::Where(base, cond) => list("where", vec![ty(base), expr(cond)]),
    }
}
