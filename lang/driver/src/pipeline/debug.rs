//! `forgec debug`: prints the result of a stage of the compiler, for its developers.

use forge_base::{Code, Diag};
use forge_check::hir;

use crate::load::Loaded;
use crate::pipeline::Outcome;
use crate::session::Session;

/// A stage of the compiler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// The tokens.
    Tokens,
    /// The syntax tree.
    Ast,
    /// The types of a module's declarations.
    Types,
}

/// Options of `forgec debug`.
#[derive(Clone, Debug)]
pub struct DebugOptions {
    /// The stage.
    pub stage: Stage,
    /// A file, folder or module path.
    pub target: String,
}

/// Prints the result of a stage for a module.
pub fn debug(session: &mut Session, options: &DebugOptions) -> Outcome {
    let id = match session.find_module(&options.target) {
        Ok(id) => id,
        Err(diag) => return Outcome::failed(session.files().clone(), *diag),
    };
    let loaded = session.load(&[id]);
    let Some(parsed) = session.parsed(id).cloned() else {
        return Outcome { files: loaded.files, diags: loaded.diags, ..Outcome::default() };
    };
    match options.stage {
        Stage::Tokens | Stage::Ast => {
            let again = forge_syntax::parse(parsed.file, &parsed.text);
            let output = match options.stage {
                Stage::Tokens => forge_syntax::debug_tokens(&parsed.text, &again.tokens),
                _ => forge_syntax::debug_ast(&again.module),
            };
            Outcome { files: loaded.files, diags: again.diags, output: with_newline(output), summary: None }
        }
        Stage::Types => {
            let checked = loaded.check();
            let output = match checked.program.modules.get(id.0 as usize) {
                Some(Some(module)) => show_types(&loaded, module),
                _ => String::new(),
            };
            let mut diags = checked.diags;
            if output.is_empty() && !diags.iter().any(Diag::is_error) {
                diags.push(Diag::warning(Code::NO_TARGET, "the module has no declarations"));
            }
            Outcome { files: loaded.files, diags, output, summary: None }
        }
    }
}

fn with_newline(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn show_types(loaded: &Loaded, module: &hir::Module) -> String {
    let decls = forge_check::collect(&loaded.sources, &mut Vec::new());
    let show = |ty| forge_check::display::show(&decls, ty);
    let mut lines = Vec::new();
    lines.extend(module.aliases.iter().map(|alias| format!("type {} = {}", alias.name, show(&alias.ty))));
    for schema in &module.schemas {
        lines.push(format!("schema {}", schema.name));
        lines.extend(schema.fields.iter().map(|field| format!("  {}: {}", field.name, show(&field.ty))));
    }
    for function in &module.fns {
        let params = function.params.iter().map(|param| format!("{}: {}", param.name, show(&param.ty)));
        let params = params.collect::<Vec<_>>().join(", ");
        lines.push(format!("fn {}({params}): {}", function.name, show(&function.ret)));
    }
    lines.extend(module.globals.iter().map(|global| format!("{}: {}", global.name, show(&global.ty))));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Options of [`types`].
#[derive(Clone, Debug)]
pub struct TypesOptions {
    /// A file, folder or module path.
    pub target: String,
}

/// A declared name and its type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypedName {
    /// The displayed path of its file.
    pub path: String,
    /// The line of its declaration.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The type, as hover prints it.
    pub ty: String,
}

/// The types of all names that are declared in a module and in the modules that it reaches, without the standard library.
pub fn types(session: &mut Session, options: &TypesOptions) -> Vec<TypedName> {
    let Ok(id) = session.find_module(&options.target) else { return Vec::new() };
    let loaded = session.load(&[id]);
    let checked = loaded.check();
    let decls = forge_check::collect(&loaded.sources, &mut Vec::new());
    let own = loaded.sources.iter().filter(|source| !source.is_std());
    let modules = own.filter_map(|source| checked.program.modules.get(source.id.0 as usize)?.as_deref());
    let typed = modules.flat_map(|module| module.globals.iter()).filter_map(|global| {
        let file = loaded.files.get(global.span.file)?;
        Some(TypedName {
            path: file.path.display().to_string(),
            line: file.line_column(global.span.start).line,
            name: global.name.to_string(),
            ty: forge_check::display::show(&decls, &global.ty),
        })
    });
    typed.collect()
}
