//! `forgec eval`: prints the fields of a module, or one expression in its scope.

use std::sync::Arc;

use forge_base::{Code, Diag, FileId, Name, Span};
use forge_check::{GlobalId, ModuleId, Source, SourcePackage};
use forge_syntax::ast::{self, Ident, Item, ItemKind, LetDecl};

use crate::evaluate::{Content, EvalContext};
use crate::input::{InputSource, read_inputs};
use crate::load::Loaded;
use crate::pipeline::prepare::{Prepared, Request, evaluate};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

/// The output format of values.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Notation {
    /// YAML.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

/// Options of `forgec eval`.
#[derive(Clone, Debug)]
pub struct EvalOptions {
    /// A file, folder or module path; optional for an expression.
    pub target: Option<String>,
    /// An expression; by default all fields are printed.
    pub expr: Option<String>,
    /// The output format.
    pub notation: Notation,
    /// Inputs.
    pub inputs: Vec<InputSource>,
    /// Limits.
    pub limits: Limits,
}

/// Evaluates a module or an expression and prints the result.
pub fn eval(session: &mut Session, options: &EvalOptions) -> Outcome {
    match &options.expr {
        Some(expr) => eval_expr(session, expr, options),
        None => eval_module(session, options),
    }
}

fn eval_module(session: &mut Session, options: &EvalOptions) -> Outcome {
    let target = options.target.as_deref().unwrap_or(".");
    let request = Request { target, inputs: &options.inputs, limits: &options.limits };
    let fields = |session: &Session, prepared: &Prepared| {
        finish(&prepared.eval_context(session.world()), Content::Fields, options.notation)
    };
    match evaluate(session, &request, fields) {
        Ok((prepared, diags, output)) => prepared.outcome(session, diags, output),
        Err(outcome) => *outcome,
    }
}

fn finish(cx: &EvalContext, content: Content, notation: Notation) -> (Vec<Diag>, String) {
    let diags = cx.check_inputs();
    if !diags.is_empty() {
        return (diags, String::new());
    }
    let (output, diags) = cx.show(content, notation);
    (diags, output.unwrap_or_default())
}

/// Adds the expression to the module as a `let`, so that it has the module's scope.
fn eval_expr(session: &mut Session, expr: &str, options: &EvalOptions) -> Outcome {
    // The default target is the folder's `main.forge`, as for all commands, but an expression does not need one.
    let has_main = session.world().is_file(&session.cwd().join("main.forge"));
    let target = options.target.as_deref().or(has_main.then_some("."));
    let targets = match target.map(|target| session.find_module(target)) {
        None => Vec::new(),
        Some(Ok(id)) => vec![id],
        Some(Err(diag)) => return Outcome::failed(session.files().clone(), *diag),
    };
    let mut loaded = session.load(&targets);
    let file = loaded.files.add("<expression>", expr);
    let (tree, syntax) = forge_syntax::parse_expr(file, expr);
    let has_errors = syntax.iter().any(Diag::is_error);
    let outcome = |session: &Session, loaded: Loaded, diags, output| {
        Outcome { files: loaded.files, output, ..Outcome::default() }.with_diags(session, diags)
    };
    if has_errors {
        return outcome(session, loaded, syntax, String::new());
    }
    let module = append(&mut loaded, file, tree, expr);
    let checked = loaded.check();
    // The user did not write the added `let`, so it is not reported as unused.
    let is_relevant = |diag: &Diag| diag.code != Code::UNUSED_LET || diag.span().is_none_or(|span| span.file != file);
    let mut diags: Vec<Diag> = checked.diags.into_iter().filter(is_relevant).collect();
    let Some(Some(found)) = checked.program.modules.get(module.0 as usize) else {
        return outcome(session, loaded, diags, String::new());
    };
    if diags.iter().any(Diag::is_error) || found.globals.is_empty() {
        return outcome(session, loaded, diags, String::new());
    }
    let id = GlobalId { module, index: found.globals.len() as u32 - 1 };
    let inputs = match read_inputs(session, &checked.program, found, &options.inputs) {
        Ok(inputs) => inputs,
        Err(wrong) => {
            diags.extend(wrong);
            return outcome(session, loaded, diags, String::new());
        }
    };
    let cx = EvalContext::new(&checked.program, &loaded, session.world(), &inputs, &options.limits);
    let (more, output) = finish(&cx, Content::Global(id), options.notation);
    diags.extend(more);
    outcome(session, loaded, diags, output)
}

/// Adds the expression as a `let` to the target, or to a new module if there is no target.
fn append(loaded: &mut Loaded, file: FileId, value: ast::Expr, text: &str) -> ModuleId {
    let span = Span::new(file, 0, text.len());
    let name = Some(Ident { name: Name::new("(expression)"), span });
    let kind = ItemKind::Let(LetDecl { name, ty: None, value });
    let item = Item { kind, doc: None, annotations: Vec::new(), span };
    if let [id] = loaded.targets[..]
        && let Some(source) = loaded.sources.iter_mut().find(|source| source.id == id)
    {
        let mut module = ast::Module::clone(&source.ast);
        module.items.push(item);
        source.ast = Arc::new(module);
        let target_file = source.file;
        if let Some(root) = loaded.roots.get(&target_file).cloned() {
            loaded.roots.insert(file, root);
        }
        return id;
    }
    let id = ModuleId(loaded.sources.iter().map(|source| source.id.0 + 1).max().unwrap_or(0));
    loaded.sources.push(Source {
        id,
        path: Name::new("expression"),
        file,
        text: text.into(),
        ast: Arc::new(ast::Module { file, doc: None, items: vec![item], span }),
        has_syntax_errors: false,
        imports: Vec::new(),
        package: SourcePackage::Built,
    });
    loaded.targets = vec![id];
    loaded.roots.insert(file, loaded.cwd.clone());
    id
}
