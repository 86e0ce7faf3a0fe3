//! Annotations: `@deprecated("…")`, `@since("…")`, `@unavailable("…")`, `@internal`, `@validation("rule",
//! "message")`, `@omitDefaults`, `@allow("F0412", "why")`.

use std::sync::Arc;

use forge_base::{AnyCode, Code, Diag, suggest};
use forge_syntax::ast;

/// `@deprecated`, `@since`, `@internal`, `@validation`.
#[derive(Clone, Default, Debug)]
pub struct Annotations {
    /// The advice of `@deprecated("…")`.
    pub deprecated: Option<Arc<str>>,
    /// The version of `@since("…")`.
    pub since: Option<Arc<str>>,
    /// The versions of `@unavailable("…")` that have it; the target version is not one of them.
    pub unavailable: Option<Arc<str>>,
    /// Whether `@internal` is present.
    pub internal: bool,
    /// Whether `@omitDefaults` is present: defaults are read but not written.
    pub omit_defaults: bool,
    /// Whether `@property` is present: a built-in method that is read without parentheses.
    pub is_property: bool,
    /// The CEL rules of `@validation("rule", "message")` with their messages: what must hold for the finished resource.
    pub validations: Vec<(Arc<str>, Arc<str>)>,
    /// Diagnostics suppressed by `@allow("F0412", "why")`.
    pub allowed: Vec<AnyCode>,
}

const NAMES: [&str; 7] = ["deprecated", "since", "unavailable", "internal", "validation", "allow", "omitDefaults"];

/// Reads the annotations of one item; unknown ones and wrong arguments are reported.
pub(crate) fn read_annotations(annotations: &[ast::Annotation], diags: &mut Vec<Diag>) -> Annotations {
    let mut read = Annotations::default();
    for annotation in annotations {
        read_annotation(annotation, &mut read, diags);
    }
    read
}

fn read_annotation(annotation: &ast::Annotation, annotations: &mut Annotations, diags: &mut Vec<Diag>) {
    match annotation.name.name.as_str() {
        "deprecated" => annotations.deprecated = read_strings::<1>(annotation, diags).map(|[advice]| advice),
        "since" => annotations.since = read_strings::<1>(annotation, diags).map(|[version]| version),
        "unavailable" => annotations.unavailable = read_strings::<1>(annotation, diags).map(|[versions]| versions),
        "internal" => {
            if read_strings::<0>(annotation, diags).is_some() {
                annotations.internal = true;
            }
        }
        "omitDefaults" => {
            if read_strings::<0>(annotation, diags).is_some() {
                annotations.omit_defaults = true;
            }
        }
        // For the standard library: a built-in method that is read without parentheses.
        "property" => annotations.is_property = true,
        "validation" => {
            if let Some([rule, message]) = read_strings::<2>(annotation, diags) {
                annotations.validations.push((rule, message));
            }
        }
        "allow" => {
            if let Some([code, _why]) = read_strings::<2>(annotation, diags) {
                match AnyCode::parse(&code) {
                    Some(code) => annotations.allowed.push(code),
                    None => diags.push(
                        Diag::error(Code::UNKNOWN_NAME, format!("there is no diagnostic `{code}`"))
                            .at(annotation.args[0].value.span, "codes look like `F0412`, or `NET01` of a check"),
                    ),
                }
            }
        }
        _ => diags.push(unknown(annotation)),
    }
}

fn unknown(annotation: &ast::Annotation) -> Diag {
    let name = annotation.name.name.as_str();
    let diag = Diag::error(Code::UNKNOWN_NAME, format!("unknown annotation `@{name}`"));
    match suggest::nearest(name, NAMES) {
        Some(near) => diag.at(annotation.name.span, format!("did you mean `@{near}`?")).fix(
            format!("write `@{near}`"),
            annotation.name.span,
            near,
        ),
        None => diag.at(annotation.name.span, "no such annotation").note(
            "the annotations are `@deprecated`, `@since`, `@unavailable`, `@internal`, `@omitDefaults`, `@validation` and `@allow`",
        ),
    }
}

/// The arguments, if they are exactly `N` plain strings; otherwise reports the expected form.
fn read_strings<const N: usize>(annotation: &ast::Annotation, diags: &mut Vec<Diag>) -> Option<[Arc<str>; N]> {
    let texts: Option<Vec<Arc<str>>> = annotation
        .args
        .iter()
        .map(|arg| match &arg.value.kind {
            ast::ExprKind::Str(text) if arg.name.is_none() => text.plain().map(Arc::from),
            _ => None,
        })
        .collect();
    if let Some(Ok(texts)) = texts.map(<[Arc<str>; N]>::try_from) {
        return Some(texts);
    }
    if annotation.args.iter().any(|arg| matches!(arg.value.kind, ast::ExprKind::Error)) {
        return None;
    }
    let usage = match annotation.name.name.as_str() {
        "deprecated" => "expected `@deprecated(\"use x\")`",
        "since" => "expected `@since(\"1.2\")`",
        "unavailable" => "expected `@unavailable(\"since version 2\")`",
        "internal" => "expected `@internal` without arguments",
        "omitDefaults" => "expected `@omitDefaults` without arguments",
        "validation" => "expected `@validation(\"CEL rule\", \"message\")`",
        _ => "expected `@allow(\"F0412\", \"why\")`",
    };
    diags.push(
        Diag::error(Code::BAD_ARGUMENTS, format!("wrong arguments for `@{}`", annotation.name.name))
            .at(annotation.span, usage),
    );
    None
}
