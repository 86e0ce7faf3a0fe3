//! The value of a field that the items of a body replace.

use forge_syntax::ast::{self, ItemKind};

use crate::ids::SchemaId;
use crate::infer::body::cx::{BodyCx, BodyMode, BodyTarget};
use crate::infer::cx::InferCx;
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// The type of the value that a field has before a body sets it, and whether there may be none.
    pub(super) fn replaced(&self, id: SchemaId, index: u32, mode: BodyMode) -> Option<(Ty, bool)> {
        let schema = self.decls.schema(id);
        let field = &schema.fields[index as usize];
        let ty = field.ty.clone();
        if mode == BodyMode::Refine {
            return Some((ty, false));
        }
        let layers = layers_below(&schema.ancestors, mode);
        let is_set = layers.iter().any(|layer| self.layer_item(*layer, field.name).is_some());
        if is_set {
            return Some((ty, false));
        }
        let is_own = mode == BodyMode::Schema
            && schema.parent.is_none_or(|parent| self.decls.schema(parent).field_index(field.name).is_none());
        (!is_own).then(|| (subtype::union([ty, Ty::Null]), false))
    }

    /// Whether a layer below a body sets the field that a path begins with.
    pub(super) fn has_default(&self, body_cx: &BodyCx<'a>, first: &ast::PathSegment) -> bool {
        let (BodyTarget::Schema(id), Some(name)) = (&body_cx.target, first.key.constant()) else { return false };
        let layers = layers_below(&self.decls.schema(*id).ancestors, body_cx.mode);
        layers.iter().any(|layer| self.layer_item(*layer, name).is_some())
    }

    /// The item of a schema's body that unconditionally sets a field.
    fn layer_item(&self, id: SchemaId, name: forge_base::Name) -> Option<&'a ast::Item> {
        let item = self.decls.ast(id.module).items.get(self.decls.schema(id).item)?;
        let ItemKind::Schema(schema) = &item.kind else { return None };
        schema.body.items.iter().find(|item| match &item.kind {
            ItemKind::Declare(field) => field.name.name == name && field.value.is_some(),
            ItemKind::Set(set) | ItemKind::Append(set) => names(&set.path, name),
            ItemKind::Refine(refine) => names(&refine.path, name),
            _ => false,
        })
    }

    /// Warns if an item sets a field to the constant that it already has.
    pub(super) fn warn_unused_override(
        &mut self,
        id: SchemaId,
        name: forge_base::Name,
        value: &ast::Expr,
        mode: BodyMode,
        span: forge_base::Span,
    ) {
        let schema = self.decls.schema(id);
        let field = schema.field(name);
        // A field with a single possible value is written to discriminate the schemas of a union.
        if field.is_some_and(|field| matches!(self.unfold(&field.ty), Ty::LitStr(_) | Ty::LitInt(_) | Ty::LitBool(_))) {
            return;
        }
        let ancestors = &schema.ancestors;
        // Stating the default writes it.
        if ancestors.iter().any(|ancestor| self.decls.schema(*ancestor).annotations.omit_defaults) {
            return;
        }
        let layers = layers_below(ancestors, mode);
        let found = layers.iter().rev().find_map(|layer| Some((layer.module, self.layer_item(*layer, name)?)));
        let Some((module, item)) = found else { return };
        // What another package or a generated module sets may change with its next version, so that stating a value has a purpose.
        let is_own = |module| self.decls.module(module).source.is_written_here();
        if !is_own(module) || !is_own(self.module) {
            return;
        }
        let replaced = match &item.kind {
            ItemKind::Declare(field) => field.value.as_ref(),
            ItemKind::Set(set) if set.path.segments.len() == 1 => Some(&set.value),
            _ => None,
        };
        if let Some(replaced) = replaced.filter(|replaced| same_constant(replaced, value)) {
            self.out.lints.push(crate::diagnostics::unused_override(name, span, value.span, replaced.span));
        }
    }
}

/// The bodies of schemas below a body, in the order in which they apply; none are known for a refinement.
fn layers_below(ancestors: &[SchemaId], mode: BodyMode) -> &[SchemaId] {
    match mode {
        BodyMode::Refine => &[],
        BodyMode::Literal => ancestors,
        BodyMode::Schema => ancestors.split_last().map_or(&[], |(_, parents)| parents),
    }
}

/// Whether two expressions are the same constant.
fn same_constant(a: &ast::Expr, b: &ast::Expr) -> bool {
    use ast::ExprKind as Kind;
    match (&a.kind, &b.kind) {
        (Kind::Str(a), Kind::Str(b)) => a.plain().is_some() && a.plain() == b.plain(),
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(_), Kind::Bool(_))
        | (Kind::Int(_), Kind::Int(_))
        | (Kind::Float(_), Kind::Float(_))
        | (Kind::Quantity(_), Kind::Quantity(_))
        | (Kind::Duration(_), Kind::Duration(_)) => a.kind == b.kind,
        _ => false,
    }
}

fn names(path: &ast::Path, name: forge_base::Name) -> bool {
    path.segments.first().and_then(|segment| segment.key.constant()) == Some(name)
}
