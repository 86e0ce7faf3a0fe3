//! `forgec doc`: prints the source of a module, or of one of its declarations, with its documentation.
//!
//! Kubernetes modules have no file: their source is generated for the version that the package names.

mod outline;

use forge_base::{Code, Diag, Name, suggest};
use forge_check::ModuleId;
use forge_kube::Version;
use forge_syntax::ast;

use crate::package;
use crate::pipeline::Outcome;
use crate::session::{Parsed, Session};

/// Options of `forgec doc`.
#[derive(Clone, Debug)]
pub struct DocOptions {
    /// The path of a module or of a folder of modules, a file, or one of them followed by a dot and the name of a declaration. Names of the
    /// prelude need no module.
    pub what: String,
    /// The output format.
    pub form: DocForm,
}

/// The output format of documentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocForm {
    /// As Forge source.
    Source,
    /// As a JSON document with names, kinds and documentation.
    Json,
}

/// What is documented.
enum Subject {
    Module(ModuleId),
    Declaration(ModuleId, Name),
    /// The paths of modules.
    Folder(Vec<String>),
}

/// Prints the source or the outline of a module or declaration.
pub fn doc(session: &mut Session, options: &DocOptions) -> Outcome {
    choose_kubernetes(session);
    let subject = match find(session, &options.what) {
        Ok(subject) => subject,
        Err(diag) => return Outcome::failed(session.files().clone(), *diag),
    };
    let (id, name) = match subject {
        Subject::Module(id) => (id, None),
        Subject::Declaration(id, name) => (id, Some(name)),
        Subject::Folder(paths) => return Outcome { output: list(&paths, options.form), ..Outcome::default() },
    };
    session.read(&[id]);
    let Some(parsed) = session.parsed(id).cloned() else {
        let diags = session.unreadable(id).into_iter().collect();
        return Outcome { files: session.files().clone(), diags, ..Outcome::default() };
    };
    let path = session.module(id).path.as_str();
    let output = match (name, options.form) {
        (None, DocForm::Source) => ended(&parsed.text),
        (None, DocForm::Json) => outline::of_module(path, &parsed),
        (Some(name), form) => match items_of(&parsed.ast, name).as_slice() {
            [] => return Outcome::failed(session.files().clone(), unknown(path, &parsed, name)),
            items if form == DocForm::Json => outline::of_declaration(path, &parsed, items),
            items => {
                let texts: Vec<String> = items.iter().map(|item| ended(source(item, &parsed))).collect();
                texts.join("\n")
            }
        },
    };
    Outcome { files: session.files().clone(), diags: parsed.diags.clone(), output, summary: None }
}

/// Selects the Kubernetes version of the package that contains the working directory.
fn choose_kubernetes(session: &mut Session) {
    session.forget_pruned();
    let cwd = session.cwd().to_path_buf();
    let root = package::root_above(&**session.world(), &cwd).unwrap_or(cwd);
    let own = session.open_package(&root);
    let version = session.packages().get(own).manifest.as_ref().and_then(|manifest| manifest.kubernetes);
    session.set_kubernetes(version.unwrap_or(Version::DEFAULT));
}

fn find(session: &mut Session, what: &str) -> Result<Subject, Box<Diag>> {
    let diag = match session.find_module(what) {
        Ok(id) => return Ok(Subject::Module(id)),
        Err(diag) => diag,
    };
    let below = session.modules_below(what);
    if !below.is_empty() {
        return Ok(Subject::Folder(below));
    }
    if let Some((module, name)) = what.rsplit_once('.')
        && !module.is_empty()
        && name != "forge"
        && let Ok(id) = session.find_module(module)
    {
        return Ok(Subject::Declaration(id, Name::new(name.trim_matches('`'))));
    }
    in_prelude(session, what).or_else(|| of_type(session, what)).ok_or_else(|| hint(session, what, diag))
}

/// A declaration of the prelude: `DnsLabel`, or a method such as `string.matches`.
fn in_prelude(session: &mut Session, what: &str) -> Option<Subject> {
    let (module, name) = match what.rsplit_once('.') {
        Some((module, name)) => (format!("std.prelude.{}", module.to_ascii_lowercase()), name),
        None => (String::from("std.prelude"), what),
    };
    let id = session.find_module(&module).ok()?;
    session.read(&[id]);
    let name = Name::new(name);
    (!items_of(&session.parsed(id)?.ast, name).is_empty()).then_some(Subject::Declaration(id, name))
}

/// The module with the methods of a builtin type, by the name of the type or of the module: `Int` or `int`.
fn of_type(session: &mut Session, what: &str) -> Option<Subject> {
    let module = format!("std.prelude.{}", what.to_ascii_lowercase());
    session.find_module(&module).ok().map(Subject::Module)
}

/// Adds help for a kind without its module, a misspelled name, or a field of a declaration.
fn hint(session: &mut Session, what: &str, diag: Box<Diag>) -> Box<Diag> {
    let modules: Vec<String> = forge_kube::kinds()
        .filter(|info| info.kind == what && info.deprecated.is_none())
        .map(|info| format!("`std.{}.{what}`", info.module))
        .collect();
    if !modules.is_empty() {
        return Box::new(diag.help(format!("add its module: {}", modules.join(" or "))));
    }
    let Some((whole, name)) = what.rsplit_once('.').filter(|(whole, _)| !whole.is_empty()) else { return diag };
    match find(session, whole) {
        Ok(Subject::Declaration(..)) => Box::new(
            diag.help(format!("only modules and declarations have documentation of their own: `forgec doc {whole}`")),
        ),
        Ok(Subject::Module(id)) => {
            session.read(&[id]);
            let path = session.module(id).path.as_str();
            session.parsed(id).map_or(diag, |parsed| Box::new(unknown(path, parsed, Name::new(name))))
        }
        _ => diag,
    }
}

fn list(paths: &[String], form: DocForm) -> String {
    match form {
        DocForm::Source => paths.iter().map(|path| format!("{path}\n")).collect(),
        DocForm::Json => outline::of_folder(paths),
    }
}

/// The items of a module that declare a name: at most one, unless the module has errors.
fn items_of(module: &ast::Module, name: Name) -> Vec<&ast::Item> {
    module.items.iter().filter(|item| outline::declared(item).is_some_and(|(known, _)| known == name)).collect()
}

/// The source of an item with its doc comment and annotations.
fn source<'p>(item: &ast::Item, parsed: &'p Parsed) -> &'p str {
    let comment = item.doc.as_ref().map(|doc| doc.span.start);
    let annotation = item.annotations.first().map(|annotation| annotation.span.start);
    let start = comment.into_iter().chain(annotation).fold(item.span.start, u32::min);
    parsed.text.get(start as usize..item.span.end as usize).unwrap_or_default()
}

fn unknown(path: &str, parsed: &Parsed, name: Name) -> Diag {
    let diag = Diag::error(Code::NO_TARGET, format!("`{path}` has no `{name}`"));
    let known: Vec<Name> = parsed.ast.items.iter().filter_map(|item| Some(outline::declared(item)?.0)).collect();
    match suggest::nearest(name.as_str(), known.iter().map(|known| known.as_str())) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None => diag.help(format!("see all that it declares with: forgec doc {path}")),
    }
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}
