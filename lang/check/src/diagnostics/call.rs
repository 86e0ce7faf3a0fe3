//! Calls and lambdas.

use forge_base::{Code, Diag, Name, Span, suggest};
use forge_syntax::ast::{Call, Ident, Lambda, Param};

use super::list;

fn count(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("one {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// A schema that is called like a function.
pub(crate) fn schema_called(name: Name, call: &Call) -> Diag {
    let diag = Diag::error(Code::NOT_CALLABLE, format!("`{name}` is a schema: instantiate it with `{name} {{ … }}`"))
        .at(call.args_span, "schemas cannot be called");
    if call.args.is_empty() {
        return diag.fix("write braces", call.args_span, " {}");
    }
    if call.args.iter().all(|arg| arg.name.is_some()) {
        let (start, end) = (call.args_span.at_start(), call.args_span.at_end());
        let open = Span { end: start.start + 1, ..start };
        let close = Span { start: end.end.saturating_sub(1), ..end };
        let edit = |span, text: &str| forge_base::TextEdit { span, text: text.into() };
        return diag.multipart_fix("write braces", vec![edit(open, " { "), edit(close, " }")]);
    }
    diag
}

/// A call of a value that is not a function.
pub(crate) fn not_callable(shown: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_CALLABLE, format!("`{shown}` is not a function")).at(span, "this cannot be called")
}

/// A property that is called.
pub(crate) fn called_property(name: Name, args: Span) -> Diag {
    Diag::error(Code::NOT_CALLABLE, format!("`{name}` is a property, not a method"))
        .at(args, "properties are read without parentheses")
        .fix("remove the parentheses", args, "")
}

/// More arguments than parameters.
pub(crate) fn too_many_arguments(name: Name, params: usize, call: &Call) -> Diag {
    Diag::error(Code::BAD_ARGUMENTS, format!("`{name}` takes {}", count(params, "argument")))
        .at(call.args_span, format!("{} given", count(call.args.len(), "argument")))
}

/// A named argument without a parameter.
pub(crate) fn unknown_argument(name: Name, arg: Ident, params: &[&str]) -> Diag {
    let diag = Diag::error(Code::BAD_ARGUMENTS, format!("`{name}` has no parameter `{}`", arg.name));
    match suggest::nearest(arg.name.as_str(), params.iter().copied()) {
        Some(near) => {
            diag.at(arg.span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), arg.span, near)
        }
        None => diag.at(arg.span, "no such parameter"),
    }
}

/// Two arguments for one parameter.
pub(crate) fn duplicate_argument(name: Name, span: Span, earlier: Span) -> Diag {
    Diag::error(Code::BAD_ARGUMENTS, format!("argument `{name}` is given twice"))
        .at(span, "given again here")
        .label(earlier, "first given here")
}

/// Missing arguments.
pub(crate) fn missing_arguments(name: Name, missing: &[Name], args: Span) -> Diag {
    let names: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
    Diag::error(Code::BAD_ARGUMENTS, format!("this call to `{name}` lacks {}", list(&names)))
        .at(args, "not all arguments are given")
}

/// A call of a function value with the wrong arguments.
pub(crate) fn value_call_arguments(shown: &str, params: usize, named: Option<Ident>, call: &Call) -> Diag {
    match named {
        Some(name) => Diag::error(Code::BAD_ARGUMENTS, "function values take no named arguments")
            .at(name.span, "remove the name")
            .note(format!("its type is `{shown}`")),
        None => Diag::error(Code::BAD_ARGUMENTS, format!("this function takes {}", count(params, "argument")))
            .at(call.args_span, format!("{} given", count(call.args.len(), "argument")))
            .note(format!("its type is `{shown}`")),
    }
}

/// A key with the wrong number of parts.
pub(crate) fn wrong_key_count(keys: &[Name], found: usize, span: Span) -> Diag {
    let names: Vec<&str> = keys.iter().map(|name| name.as_str()).collect();
    Diag::error(Code::BAD_ARGUMENTS, format!("a key of this list has {}", count(keys.len(), "part")))
        .at(span, format!("{} given", count(found, "part")))
        .note(format!("the list is keyed by {}", list(&names)))
}

/// A type argument that violates a bound.
pub(crate) fn violates_bound(name: Name, shown: &str, allowed: &str, span: Span) -> Diag {
    Diag::error(Code::BAD_ARGUMENTS, format!("`{name}` does not work on `{shown}`")).at(span, "this call").note(allowed)
}

/// A lambda with the wrong number of parameters.
pub(crate) fn lambda_params(shown: &str, wanted: usize, lambda: &Lambda, span: Span) -> Diag {
    Diag::error(Code::BAD_ARGUMENTS, format!("expected a function with {}", count(wanted, "parameter")))
        .at(span, format!("this one takes {}", count(lambda.params.len(), "parameter")))
        .note(format!("`{shown}` is expected"))
}

/// A lambda whose parameter types cannot be inferred; reported at the first of them.
pub(crate) fn lambda_needs_types(param: &Param, params: &[Param]) -> Diag {
    let all: Vec<String> = params
        .iter()
        .map(|param| {
            if param.ty.is_some() { format!("{}: …", param.name.name) } else { format!("{}: Type", param.name.name) }
        })
        .collect();
    Diag::error(Code::NEEDS_ANNOTATION, format!("the type of `{}` cannot be inferred", param.name.name))
        .at(param.name.span, "nothing determines its type")
        .help(format!("write its type: `({}) => …`", all.join(", ")))
}

/// A generic function used as a value, whose type arguments cannot be inferred.
pub(crate) fn generic_value(name: Name, span: Span) -> Diag {
    Diag::error(Code::NEEDS_ANNOTATION, format!("the types of `{name}` cannot be inferred here"))
        .at(span, "generic function used as a value")
        .help(format!("write a lambda that calls it: `x => {name}(x)`"))
}

/// A method of a built-in type for a different receiver.
pub(crate) fn wrong_receiver(name: Name, own: &str, wanted: &str, span: Span) -> Diag {
    Diag::error(Code::UNKNOWN_MEMBER, format!("`{own}` has no method `{name}`"))
        .at(span, format!("`{name}` is a method of `{wanted}`"))
}

/// `super.name(…)` in a schema without a parent.
pub(crate) fn no_parent(keyword: Span) -> Diag {
    Diag::error(Code::NO_SUPER, "a schema without a parent has no `super`").at(keyword, "there is no inherited method")
}

/// `super.name(…)` where the parent has no such method.
pub(crate) fn no_super_method(parent: Name, name: Ident) -> Diag {
    Diag::error(Code::UNKNOWN_MEMBER, format!("`{parent}` has no method `{}`", name.name))
        .at(name.span, "no such inherited method")
}

/// `super.name(…)` of an abstract method.
pub(crate) fn abstract_super_method(parent: Name, name: Ident) -> Diag {
    Diag::error(Code::ABSTRACT_METHOD, format!("`{}` of `{parent}` has no body", name.name))
        .at(name.span, "an abstract method cannot be called")
}

/// A type argument outside of the bound of its parameter.
pub(crate) fn outside_bound(function: Name, param: Name, found: &str, bound: &str, span: Span) -> Diag {
    Diag::error(Code::MISMATCH, format!("`{function}` does not take `{found}`"))
        .at(span, format!("`{param}` is `{found}` here, but must be `{bound}`"))
}
