//! Finds the literals that are checked on their own, and reports the missing fields of each, once.

use forge_base::{Code, Diag, Name, Span, TextEdit};
use forge_syntax::ast::BinaryOp;
use forge_syntax::write::{field_name, is_plain_name, string_literal};

use super::{KnownValue, RequiredPath, SchemaBodies, missing, missing_in_changes, value_state};
use crate::decl::Decls;
use crate::hir::{Arm, Body, BodyItem, BodyItemKind, Elem, Expr, ExprKind, For, Key, Shape, StrPart};
use crate::ids::SchemaId;

/// The number of missing fields that get a label.
const SHOWN: usize = 3;

/// Reports the literals in an expression that lack required fields. `bodies` must know the schemas of all modules.
pub(crate) fn check_expr(decls: &Decls, bodies: &SchemaBodies<'_>, expr: &Expr, diags: &mut Vec<Diag>) {
    LiteralVisitor { decls, bodies, diags }.root(expr);
}

/// The same for the body of a schema and its checks, where the defaults themselves may be incomplete.
pub(crate) fn check_schema_body(decls: &Decls, bodies: &SchemaBodies<'_>, body: &Body, diags: &mut Vec<Diag>) {
    LiteralVisitor { decls, bodies, diags }.body(body);
}

struct LiteralVisitor<'a> {
    decls: &'a Decls,
    bodies: &'a SchemaBodies<'a>,
    diags: &'a mut Vec<Diag>,
}

impl LiteralVisitor<'_> {
    /// An expression whose value must be complete.
    fn root(&mut self, expr: &Expr) {
        match value_state(expr, None, &KnownValue::Unset) {
            KnownValue::Made(Shape::Schema(id), layers) => {
                let found = missing(self.decls, self.bodies, id, &layers);
                self.report(Some(id), expr, layers[layers.len() - 1], found);
            }
            KnownValue::Made(_, layers) | KnownValue::Complete(layers) if !layers.is_empty() => {
                let found = missing_in_changes(self.decls, self.bodies, &layers);
                self.report(None, expr, layers[layers.len() - 1], found);
            }
            _ => {}
        }
        self.parts(expr);
    }

    fn report(&mut self, schema: Option<SchemaId>, expr: &Expr, last: &Body, found: Vec<RequiredPath>) {
        if !found.is_empty() && !crate::limit::is_full(self.diags) {
            self.diags.push(diag(self.decls, schema, expr.span, last, &found));
        }
    }

    /// The value of an item: a literal has been checked with the enclosing literal.
    fn item_value(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Coerce { value, .. } => self.item_value(value),
            ExprKind::Derive { base, body, .. } => {
                self.base(base);
                self.body(body);
            }
            ExprKind::KeyedList { items, .. } => items.iter().for_each(|item| match item {
                Elem::Item(value) => self.item_value(value),
                other => self.elem(other),
            }),
            _ => self.parts_or_root(expr),
        }
    }

    /// The base of a refinement: literals in it are checked with that refinement, or by the evaluator.
    fn base(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Binary { op: BinaryOp::Coalesce, left, right } => {
                self.root(left);
                self.base(right);
            }
            ExprKind::If { cond, then, otherwise } => {
                self.root(cond);
                self.base(then);
                self.base(otherwise);
            }
            ExprKind::Match { value, arms } => {
                self.root(value);
                for arm in arms {
                    arm.guard.iter().for_each(|guard| self.root(guard));
                    self.base(&arm.value);
                }
            }
            ExprKind::Block { lets, value } => {
                lets.iter().for_each(|decl| self.root(&decl.value));
                self.base(value);
            }
            _ => self.item_value(expr),
        }
    }

    fn parts_or_root(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Object { body, .. } => self.body(body),
            _ => self.root(expr),
        }
    }

    fn body(&mut self, body: &Body) {
        body.lets.iter().for_each(|decl| self.root(&decl.value));
        body.items.iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &BodyItem) {
        match &item.kind {
            BodyItemKind::Set { key, value, .. } => {
                self.key(key);
                self.item_value(value);
            }
            BodyItemKind::Refine { key, body, .. } => {
                self.key(key);
                self.body(body);
            }
            BodyItemKind::Append { key, value } => {
                self.key(key);
                self.root(value);
            }
            BodyItemKind::Delete { key } => self.key(key),
            BodyItemKind::Each { body } => self.body(body),
            BodyItemKind::Spread { value } => self.root(value),
            BodyItemKind::If { cond, then, otherwise, .. } => {
                self.root(cond);
                then.iter().chain(otherwise).for_each(|item| self.item(item));
            }
            BodyItemKind::For { head, lets, items } => {
                self.head(head);
                lets.iter().for_each(|decl| self.root(&decl.value));
                items.iter().for_each(|item| self.item(item));
            }
        }
    }

    fn key(&mut self, key: &Key) {
        match key {
            Key::Computed(expr) => self.root(expr),
            Key::Tuple(parts) => parts.iter().for_each(|part| self.root(part)),
            Key::Field(..) | Key::Name(_) | Key::Int(_) => {}
        }
    }

    fn head(&mut self, head: &For) {
        self.root(&head.iter);
        head.guard.iter().for_each(|guard| self.root(guard));
    }

    fn elem(&mut self, elem: &Elem) {
        match elem {
            Elem::Item(expr) | Elem::Spread(expr) => self.root(expr),
            Elem::Let(decl) => self.root(&decl.value),
            Elem::If { cond, then, otherwise } => {
                self.root(cond);
                then.iter().chain(otherwise).for_each(|elem| self.elem(elem));
            }
            Elem::For { head, body } => {
                self.head(head);
                body.iter().for_each(|elem| self.elem(elem));
            }
        }
    }

    fn arm(&mut self, arm: &Arm) {
        arm.guard.iter().for_each(|guard| self.root(guard));
        self.root(&arm.value);
    }

    /// Visits the parts of an expression that has been checked itself.
    fn parts(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Error
            | ExprKind::Const(_)
            | ExprKind::Local { .. }
            | ExprKind::This { .. }
            | ExprKind::Global(_)
            | ExprKind::Fn(_) => {}
            ExprKind::Object { body, .. } => self.body(body),
            ExprKind::Derive { base, body, .. } => {
                self.base(base);
                self.body(body);
            }
            ExprKind::Coerce { value, .. } => self.parts(value),
            ExprKind::List(items) | ExprKind::KeyedList { items, .. } => items.iter().for_each(|elem| self.elem(elem)),
            ExprKind::Block { lets, value } => {
                lets.iter().for_each(|decl| self.root(&decl.value));
                self.root(value);
            }
            ExprKind::Match { value, arms } => {
                self.root(value);
                arms.iter().for_each(|arm| self.arm(arm));
            }
            ExprKind::Lambda(function) => {
                function.params.iter().filter_map(|param| param.default.as_ref()).for_each(|expr| self.root(expr));
                function.body.iter().for_each(|body| self.root(body));
            }
            _ => self.operands(expr),
        }
    }

    fn operands(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::BoundMethod { recv, .. } | ExprKind::Field { recv, .. } | ExprKind::Entry { recv, .. } => {
                self.root(recv);
            }
            ExprKind::Call { args, .. } => args.iter().flatten().for_each(|arg| self.root(arg)),
            ExprKind::CallMethod { recv, args, .. } | ExprKind::CallSuper { recv, args, .. } => {
                self.root(recv);
                args.iter().flatten().for_each(|arg| self.root(arg));
            }
            ExprKind::CallValue { callee, args } => {
                self.root(callee);
                args.iter().for_each(|arg| self.root(arg));
            }
            ExprKind::CallBuiltin { args, .. } => args.iter().for_each(|arg| self.root(arg)),
            ExprKind::Index { recv, index } => {
                self.root(recv);
                index.iter().for_each(|part| self.root(part));
            }
            ExprKind::Str(parts) => parts.iter().for_each(|part| match part {
                StrPart::Expr(expr) => self.root(expr),
                StrPart::Text(_) => {}
            }),
            ExprKind::Not(value)
            | ExprKind::Neg(value)
            | ExprKind::NonNull(value)
            | ExprKind::Convert { value, .. }
            | ExprKind::Is { value, .. } => self.root(value),
            ExprKind::Binary { op: BinaryOp::Coalesce, left, right } => {
                self.root(left);
                self.item_value(right);
            }
            ExprKind::Binary { left, right, .. } | ExprKind::Range { start: left, end: right, .. } => {
                self.root(left);
                self.root(right);
            }
            ExprKind::If { cond, then, otherwise } => [cond, then, otherwise].iter().for_each(|part| self.root(part)),
            _ => {}
        }
    }
}

fn diag(decls: &Decls, schema: Option<SchemaId>, span: Span, body: &Body, found: &[RequiredPath]) -> Diag {
    let what = schema.map_or("this value", |id| decls.schema(id).name.as_str());
    let what = if schema.is_some() { format!("`{what}`") } else { String::from(what) };
    let paths: Vec<String> = found.iter().map(|path| show_path(&path.names)).collect();
    let listed = paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    let headline = match found {
        _ if listed.len() <= 50 => format!("{what} lacks {listed}"),
        [_] => format!("{what} lacks a required field"),
        _ => format!("{what} lacks {} required fields", found.len()),
    };
    let mut diag = Diag::error(Code::MISSING_FIELD, headline).at(span, format!("nothing sets {listed}"));
    for (path, shown) in found.iter().zip(&paths).take(SHOWN) {
        diag = diag.label(path.declared, format!("`{shown}` is required"));
    }
    if let Some(rekeyed) = found.iter().find_map(|path| path.rekeyed.as_ref()) {
        let (field, key) = (rekeyed.field, string_literal(&rekeyed.value));
        return diag
            .note(format!(
                "the elements of this list are known by `{field}`, and the key `{}` is set as that",
                rekeyed.key
            ))
            .help(format!("the key is `{field}`: write `{key} = {{ … }}`"));
    }
    match insertions(decls, body, found) {
        Some(edits) => diag.maybe_multipart_fix("add the missing fields", edits),
        None => diag,
    }
}

/// The edits that add the missing paths, each in the innermost literal that sets the start of its path.
fn insertions(decls: &Decls, body: &Body, found: &[RequiredPath]) -> Option<Vec<TextEdit>> {
    let mut points: Vec<(Span, Vec<String>)> = Vec::new();
    for path in found {
        let (point, names) = match insert_point(decls, body, &path.names) {
            InsertPoint::At(point, names) => (point, names),
            InsertPoint::Nowhere => (body, path.names.as_slice()),
            InsertPoint::Unknown => return None,
        };
        let shown = show_path(names);
        match points.iter_mut().find(|(span, _)| *span == point.span) {
            Some((_, paths)) => paths.push(shown),
            None => points.push((point.span, vec![shown])),
        }
    }
    points.iter().map(|(point, paths)| insertion(decls, *point, paths)).collect()
}

/// The literal that a path must be added to.
enum InsertPoint<'b, 'n> {
    /// A literal, and the rest of the path in it.
    At(&'b Body, &'n [Name]),
    /// No literal sets the start of the path.
    Nowhere,
    /// Something other than a literal sets it.
    Unknown,
}

/// A field that a body sets cannot be refined in the same body, so the path is added to the literal that is set.
fn insert_point<'b, 'n>(decls: &Decls, body: &'b Body, names: &'n [Name]) -> InsertPoint<'b, 'n> {
    let [first, rest @ ..] = names else { return InsertPoint::Nowhere };
    if rest.is_empty() {
        return InsertPoint::Nowhere;
    }
    for item in &body.items {
        let point = match &item.kind {
            BodyItemKind::Refine { key, body, .. } if is_named(key, *first) => match insert_point(decls, body, rest) {
                // A path such as `spec.replicas = 2` has no braces to add to.
                InsertPoint::Nowhere if has_braces(decls, body.span) => InsertPoint::At(body, rest),
                point => point,
            },
            BodyItemKind::Set { key, value, .. } if is_named(key, *first) => match literal(value) {
                Some(inner) => match insert_point(decls, inner, rest) {
                    InsertPoint::Nowhere => InsertPoint::At(inner, rest),
                    point => point,
                },
                None => InsertPoint::Unknown,
            },
            _ => InsertPoint::Nowhere,
        };
        if !matches!(point, InsertPoint::Nowhere) {
            return point;
        }
    }
    InsertPoint::Nowhere
}

fn literal(value: &Expr) -> Option<&Body> {
    match &value.kind {
        ExprKind::Coerce { value, .. } => literal(value),
        ExprKind::Object { body, .. } => Some(body),
        _ => None,
    }
}

fn is_named(key: &Key, name: Name) -> bool {
    match key {
        Key::Field(_, field) => *field == name,
        Key::Name(text) => **text == *name.as_str(),
        _ => false,
    }
}

/// The source of a body up to its closing brace; bodies that were desugared from a path have no braces.
fn inside(decls: &Decls, body: Span) -> Option<&str> {
    let source = decls.modules.iter().flatten().map(|module| &module.source).find(|source| source.file == body.file)?;
    source.text.get(body.range())?.strip_suffix('}')
}

fn has_braces(decls: &Decls, body: Span) -> bool {
    inside(decls, body).is_some_and(|text| text.starts_with('{'))
}

/// The edit that adds the missing paths before the closing brace of a literal. Items of a list cannot be reached by a path.
fn insertion(decls: &Decls, body: Span, paths: &[String]) -> Option<TextEdit> {
    let inside = inside(decls, body)?;
    if paths.iter().any(|path| path.contains(['[', '…'])) {
        return None;
    }
    let items: Vec<String> = paths.iter().map(|path| format!("{path} = ")).collect();
    let (at, text) = match inside.rfind('\n') {
        Some(line) if inside[line..].trim().is_empty() => {
            let indent = &inside[line + 1..];
            let lines: String = items.iter().map(|item| format!("{indent}  {item}\n")).collect();
            (line + 1, lines)
        }
        _ => {
            let at = inside.trim_end().len();
            let before = if inside[..at].ends_with(['{', ',']) { " " } else { ", " };
            let after = if at == inside.len() { " " } else { "" };
            (at, format!("{before}{}{after}", items.join(", ").trim_end()))
        }
    };
    let at = body.start + at as u32;
    Some(TextEdit { span: Span { start: at, end: at, ..body }, text })
}

/// A path as it is written in a body: `spec.containers.app.image`.
fn show_path(names: &[Name]) -> String {
    let mut text = String::new();
    for name in names {
        let name = name.as_str();
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || name.starts_with(['(', '[', '…']);
        let dot = if text.is_empty() || name.starts_with('[') { "" } else { "." };
        text.push_str(dot);
        match is_plain {
            true if is_plain_name(name) => text.push_str(&field_name(name)),
            true => text.push_str(name),
            false => text.push_str(&string_literal(name)),
        }
    }
    text
}
