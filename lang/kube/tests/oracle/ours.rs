//! Our side: the declarations in the rendered modules of a version.

use std::collections::BTreeSet;

use forge_base::FileId;
use forge_kube::{Selection, Version, kinds, modules, render};
use forge_syntax::ast::{Annotation, ItemKind, TypeExpr, TypeKind};

use crate::values::Values;
use crate::{Field, Fields, Schemas};

/// The built-in schemas, and the kinds among them as `apps/v1 Deployment`.
pub(crate) fn read(version: Version) -> (Schemas, BTreeSet<String>) {
    let (mut schemas, mut kinds) = (Schemas::new(), BTreeSet::new());
    for path in modules().filter(|path| path.starts_with("k8s.")) {
        let rendered = render(path, version, FileId(0), Selection::Whole).expect("a listed module");
        for item in rendered.ast.items {
            let ItemKind::Schema(schema) = item.kind else { continue };
            let name = schema.name.expect("schemas have names").name.to_string();
            if is_unavailable(&item.annotations) || name == "Resource" {
                continue;
            }
            let mut fields = Fields::new();
            for field in schema.body.items {
                let ItemKind::Declare(declared) = field.kind else { continue };
                if !is_unavailable(&field.annotations) {
                    let required = !matches!(declared.ty.kind, TypeKind::Optional(_)) && declared.value.is_none();
                    fields.insert(declared.name.name.to_string(), Field { ty: shape(&declared.ty), required });
                }
            }
            if schema.parent.is_some() {
                let constant = |name: &str| fields.get(name).map(|field| field.ty.clone()).expect("a kind has it");
                kinds.insert(format!("{} {}", constant("apiVersion"), constant("kind")));
            }
            if schema.parent.is_some() {
                fields.retain(|name, _| name != "apiVersion" && name != "kind");
            }
            schemas.insert((path.to_owned(), name), fields);
        }
    }
    (schemas, kinds)
}

fn is_unavailable(annotations: &[Annotation]) -> bool {
    annotations.iter().any(|annotation| annotation.name.name.as_str() == "unavailable")
}

/// A type in the common form, without refinements and known values.
fn shape(ty: &TypeExpr) -> String {
    match &ty.kind {
        TypeKind::Optional(inner) => shape(inner),
        TypeKind::List(item) => format!("[{}]", shape(item)),
        TypeKind::Keyed(item, keys) => {
            let mut keys: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
            keys.sort_unstable();
            format!("[{} by {}]", shape(item), keys.join(", "))
        }
        TypeKind::Map(_, value) => format!("{{{}}}", shape(value)),
        TypeKind::Str(text) => text.to_string(),
        TypeKind::Union(members) => match members.last().map(|last| &last.kind) {
            Some(TypeKind::Name(name)) if name.last().is_some_and(|last| named(last.name.as_str()) == "string") => {
                let numbers = members.iter().any(|member| shape(member) == "integer");
                if numbers { "IntOrString" } else { "string" }.to_owned()
            }
            _ => members.iter().map(shape).collect::<Vec<_>>().join(" | "),
        },
        TypeKind::Name(path) => named(path.last().expect("a name").name.as_str()).to_owned(),
        other => format!("{other:?}"),
    }
}

fn named(name: &str) -> &str {
    match name {
        "String" | "DnsLabel" | "DnsName" | "PortName" | "ObjectName" | "Base64" | "LabelKey" | "LabelValue"
        | "SecretText" | "SecretBytes" | "Placeholder" => "string",
        "Int" | "PortNumber" | "Count" => "integer",
        "Float" => "number",
        "Bool" => "boolean",
        other => other,
    }
}

/// The known values of fields, by group, version, schema and field in the format of the other side.
pub(crate) fn values(version: Version) -> Values {
    let mut values = Values::new();
    for path in modules().filter(|path| path.starts_with("k8s.")) {
        let rendered = render(path, version, FileId(0), Selection::Whole).expect("a listed module");
        let group = kinds().find(|kind| kind.module == path).map_or("v1", |kind| kind.api_version);
        for item in rendered.ast.items {
            let ItemKind::Schema(schema) = item.kind else { continue };
            let name = schema.name.expect("schemas have names").name;
            for field in schema.body.items {
                let ItemKind::Declare(declared) = field.kind else { continue };
                let known = literals(&declared.ty);
                if known.len() > 1 {
                    values.insert(format!("{group}/{name}.{}", declared.name.name), known);
                }
            }
        }
    }
    values
}

fn literals(ty: &TypeExpr) -> BTreeSet<String> {
    match &ty.kind {
        TypeKind::Optional(inner) | TypeKind::List(inner) => literals(inner),
        TypeKind::Union(members) => members
            .iter()
            .filter_map(|member| match &member.kind {
                TypeKind::Str(text) => Some(text.to_string()),
                _ => None,
            })
            .collect(),
        _ => BTreeSet::new(),
    }
}
