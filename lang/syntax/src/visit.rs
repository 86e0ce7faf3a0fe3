//! Walks over the tree. Override what matters and call the `walk_` function of the same name to go on inside.

use crate::ast::*;

/// Sees the nodes of a tree in the order of the text.
pub trait Visitor {
    /// An item of a module or body.
    fn visit_item(&mut self, item: &Item) {
        walk_item(self, item);
    }
    /// The braces of an item or object.
    fn visit_body(&mut self, body: &Body) {
        walk_body(self, body);
    }
    /// An expression.
    fn visit_expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }
    /// A type.
    fn visit_type(&mut self, ty: &TypeExpr) {
        walk_type(self, ty);
    }
    /// A pattern of a `match` arm.
    fn visit_pattern(&mut self, pattern: &Pattern) {
        walk_pattern(self, pattern);
    }
    /// The left side of an item.
    fn visit_path(&mut self, path: &Path) {
        walk_path(self, path);
    }
    /// A name that is declared, or the name after a dot.
    fn visit_ident(&mut self, ident: &Ident) {
        let _ = ident;
    }
}

/// Visits all items of a module.
pub fn walk_module<V: Visitor + ?Sized>(v: &mut V, module: &Module) {
    module.items.iter().for_each(|item| v.visit_item(item));
}

/// Visits the items of a body.
pub fn walk_body<V: Visitor + ?Sized>(v: &mut V, body: &Body) {
    body.items.iter().for_each(|item| v.visit_item(item));
}

/// Visits what an item holds.
pub fn walk_item<V: Visitor + ?Sized>(v: &mut V, item: &Item) {
    for annotation in &item.annotations {
        v.visit_ident(&annotation.name);
        walk_args(v, &annotation.args);
    }
    match &item.kind {
        ItemKind::Import(import) | ItemKind::Export(import) => walk_import(v, import),
        ItemKind::Type(decl) => {
            walk_name(v, &decl.name);
            v.visit_type(&decl.ty);
        }
        ItemKind::Schema(decl) => {
            walk_name(v, &decl.name);
            decl.parent.iter().flatten().for_each(|part| v.visit_ident(part));
            v.visit_body(&decl.body);
        }
        ItemKind::Fn(decl) => walk_fn(v, decl),
        ItemKind::Let(decl) => walk_let(v, decl),
        ItemKind::Input(decl) => {
            walk_name(v, &decl.name);
            v.visit_type(&decl.ty);
            decl.default.iter().for_each(|value| v.visit_expr(value));
        }
        ItemKind::Test(decl) => v.visit_body(&decl.body),
        ItemKind::Declare(decl) => {
            v.visit_ident(&decl.name);
            v.visit_type(&decl.ty);
            decl.value.iter().for_each(|value| v.visit_expr(value));
        }
        ItemKind::Set(set) | ItemKind::Append(set) => {
            v.visit_path(&set.path);
            v.visit_expr(&set.value);
        }
        ItemKind::Refine(refine) => {
            v.visit_path(&refine.path);
            refine.ty.iter().for_each(|ty| v.visit_type(ty));
            v.visit_body(&refine.body);
        }
        ItemKind::Delete(path) => v.visit_path(path),
        ItemKind::Spread(value) | ItemKind::Snapshot(value) => v.visit_expr(value),
        ItemKind::If(branch) => {
            v.visit_expr(&branch.cond);
            v.visit_body(&branch.then);
            branch.otherwise.iter().for_each(|body| v.visit_body(body));
        }
        ItemKind::For(decl) => {
            walk_head(v, &decl.head);
            v.visit_body(&decl.body);
        }
        ItemKind::Each(body) => v.visit_body(body),
        ItemKind::Check(check) | ItemKind::Warn(check) | ItemKind::Assert(check) => {
            v.visit_expr(&check.cond);
            check.message.iter().for_each(|message| v.visit_expr(message));
            check.args.iter().for_each(|arg| v.visit_expr(&arg.value));
        }
        ItemKind::Fails(fails) => {
            v.visit_expr(&fails.operand);
            fails.with.iter().for_each(|with| v.visit_expr(with));
        }
        ItemKind::Error { .. } => {}
    }
}

fn walk_import<V: Visitor + ?Sized>(v: &mut V, import: &Import) {
    import.path.iter().for_each(|part| v.visit_ident(part));
    match &import.binds {
        ImportBinds::Module(alias) => walk_name(v, alias),
        ImportBinds::Names(names) => {
            for name in names {
                v.visit_ident(&name.name);
                walk_name(v, &name.alias);
            }
        }
    }
}

fn walk_name<V: Visitor + ?Sized>(v: &mut V, name: &Option<Ident>) {
    name.iter().for_each(|name| v.visit_ident(name));
}

fn walk_fn<V: Visitor + ?Sized>(v: &mut V, decl: &FnDecl) {
    walk_name(v, &decl.name);
    for generic in &decl.generics {
        v.visit_ident(&generic.name);
        generic.bound.iter().for_each(|bound| v.visit_type(bound));
    }
    walk_params(v, &decl.params);
    decl.ret.iter().for_each(|ty| v.visit_type(ty));
    decl.body.iter().for_each(|body| v.visit_expr(body));
}

fn walk_let<V: Visitor + ?Sized>(v: &mut V, decl: &LetDecl) {
    walk_name(v, &decl.name);
    decl.ty.iter().for_each(|ty| v.visit_type(ty));
    v.visit_expr(&decl.value);
}

fn walk_params<V: Visitor + ?Sized>(v: &mut V, params: &[Param]) {
    for param in params {
        v.visit_ident(&param.name);
        param.ty.iter().for_each(|ty| v.visit_type(ty));
        param.default.iter().for_each(|value| v.visit_expr(value));
    }
}

fn walk_args<V: Visitor + ?Sized>(v: &mut V, args: &[Arg]) {
    for arg in args {
        walk_name(v, &arg.name);
        v.visit_expr(&arg.value);
    }
}

fn walk_head<V: Visitor + ?Sized>(v: &mut V, head: &ForHead) {
    head.vars.iter().for_each(|var| v.visit_ident(var));
    v.visit_expr(&head.iter);
    head.guard.iter().for_each(|guard| v.visit_expr(guard));
}

fn walk_block<V: Visitor + ?Sized>(v: &mut V, block: &Block) {
    block.lets.iter().for_each(|decl| walk_let(v, decl));
    v.visit_expr(&block.value);
}

fn walk_string<V: Visitor + ?Sized>(v: &mut V, text: &StrLit) {
    for part in &text.parts {
        if let StrPart::Expr(value) = part {
            v.visit_expr(value);
        }
    }
}

/// Visits the expressions in the keys of a path.
pub fn walk_path<V: Visitor + ?Sized>(v: &mut V, path: &Path) {
    for segment in &path.segments {
        match &segment.key {
            Key::Name(_) | Key::Int(_) => {}
            Key::Str(text) => walk_string(v, text),
            Key::Tuple(values) => values.iter().for_each(|value| v.visit_expr(value)),
        }
    }
}

/// Visits what an expression holds.
pub fn walk_expr<V: Visitor + ?Sized>(v: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Error | ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) => {}
        ExprKind::Quantity(_) | ExprKind::Duration(_) | ExprKind::Name(_) | ExprKind::SelfRef | ExprKind::Super => {}
        ExprKind::Str(text) => walk_string(v, text),
        ExprKind::List(elements) => elements.iter().for_each(|element| walk_element(v, element)),
        ExprKind::Object(body) => v.visit_body(body),
        ExprKind::Derive(derive) => {
            v.visit_expr(&derive.base);
            v.visit_body(&derive.body);
        }
        ExprKind::Member(member) => {
            v.visit_expr(&member.recv);
            walk_name(v, &member.name);
        }
        ExprKind::Index(index) => {
            v.visit_expr(&index.recv);
            index.index.iter().for_each(|key| v.visit_expr(key));
        }
        ExprKind::Call(call) => {
            v.visit_expr(&call.callee);
            walk_args(v, &call.args);
        }
        ExprKind::Unary(_, operand) => v.visit_expr(operand),
        ExprKind::Binary(binary) => {
            v.visit_expr(&binary.left);
            v.visit_expr(&binary.right);
        }
        ExprKind::Is(is) => {
            v.visit_expr(&is.value);
            v.visit_type(&is.ty);
        }
        ExprKind::As(cast) => {
            v.visit_expr(&cast.value);
            v.visit_type(&cast.ty);
        }
        ExprKind::NonNull(value) => v.visit_expr(value),
        ExprKind::Range(range) => {
            v.visit_expr(&range.start);
            v.visit_expr(&range.end);
        }
        ExprKind::Lambda(lambda) => {
            walk_params(v, &lambda.params);
            walk_block(v, &lambda.body);
        }
        ExprKind::If(branch) => {
            v.visit_expr(&branch.cond);
            walk_block(v, &branch.then);
            walk_block(v, &branch.otherwise);
        }
        ExprKind::Match(decl) => {
            v.visit_expr(&decl.value);
            for arm in &decl.arms {
                arm.patterns.iter().for_each(|pattern| v.visit_pattern(pattern));
                arm.guard.iter().for_each(|guard| v.visit_expr(guard));
                walk_block(v, &arm.body);
            }
        }
    }
}

/// Visits what an element of a list holds.
pub fn walk_element<V: Visitor + ?Sized>(v: &mut V, element: &Element) {
    match element {
        Element::Item(value) | Element::Spread(value) => v.visit_expr(value),
        Element::Let(decl) => walk_let(v, decl),
        Element::If(branch) => {
            v.visit_expr(&branch.cond);
            branch.then.iter().chain(&branch.otherwise).for_each(|element| walk_element(v, element));
        }
        Element::For(item) => {
            walk_head(v, &item.head);
            item.body.iter().for_each(|element| walk_element(v, element));
        }
    }
}

/// Visits what a pattern holds.
pub fn walk_pattern<V: Visitor + ?Sized>(v: &mut V, pattern: &Pattern) {
    match &pattern.kind {
        PatternKind::Any | PatternKind::Error => {}
        PatternKind::Literal(value) => v.visit_expr(value),
        PatternKind::Range(range) => {
            v.visit_expr(&range.start);
            v.visit_expr(&range.end);
        }
        PatternKind::Is(ty) => v.visit_type(ty),
        PatternKind::Bind(name) => v.visit_ident(name),
    }
}

/// Visits what a type holds.
pub fn walk_type<V: Visitor + ?Sized>(v: &mut V, ty: &TypeExpr) {
    match &ty.kind {
        TypeKind::Error | TypeKind::Str(_) | TypeKind::Int(_) | TypeKind::Bool(_) | TypeKind::Null => {}
        TypeKind::Name(parts) => parts.iter().for_each(|part| v.visit_ident(part)),
        TypeKind::Optional(inner) | TypeKind::List(inner) => v.visit_type(inner),
        TypeKind::Union(all) => all.iter().for_each(|ty| v.visit_type(ty)),
        TypeKind::Keyed(inner, keys) => {
            v.visit_type(inner);
            keys.iter().for_each(|key| v.visit_ident(key));
        }
        TypeKind::Map(key, value) => {
            v.visit_type(key);
            v.visit_type(value);
        }
        TypeKind::Record(fields) => {
            for (name, ty) in fields {
                v.visit_ident(name);
                v.visit_type(ty);
            }
        }
        TypeKind::Fn(params, ret) => {
            params.iter().for_each(|param| v.visit_type(param));
            v.visit_type(ret);
        }
        TypeKind::Where(base, cond) => {
            v.visit_type(base);
            v.visit_expr(cond);
        }
    }
}
