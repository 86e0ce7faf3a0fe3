//! `forgec fix`: applies the fixes of messages that are certainly right.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Code, Diag, Files, TextEdit};

use crate::input::InputSource;
use crate::output::{Paint, replace_file, unified};
use crate::pipeline::check::{CheckOptions, check};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;
use crate::world::{OverlayWorld, normalize, shown};

/// What happens to the fixed files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FixMode {
    /// They are written.
    Write,
    /// The differences are printed.
    Preview(Paint),
}

/// Options of `forgec fix`.
#[derive(Clone, Debug)]
pub struct FixOptions {
    /// A file, folder or module path; by default the package that contains the working directory.
    pub target: Option<String>,
    /// What happens to the fixed files.
    pub mode: FixMode,
    /// Inputs of the modules that declare them.
    pub inputs: Vec<InputSource>,
    /// Limits of the evaluation of each module.
    pub limits: Limits,
}

/// How often the program is checked again: a fix may reveal further errors with fixes.
const MAX_ROUNDS: usize = 10;

/// Applies certain fixes until there are none, and reports what is left.
pub fn fix(session: &mut Session, options: &FixOptions) -> Outcome {
    let targets = match session.find_modules(options.target.as_deref()) {
        Ok(modules) => modules,
        Err(diag) => return Outcome::failed(session.files().clone(), *diag),
    };
    let fixable: BTreeSet<PathBuf> = targets.into_iter().filter_map(|id| session.module_file(id)).collect();
    let checking = CheckOptions {
        target: options.target.clone(),
        inputs: options.inputs.clone(),
        limits: options.limits.clone(),
        ..CheckOptions::default()
    };
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut applied = 0;
    let mut outcome = check(session, &checking);
    for _ in 0..MAX_ROUNDS {
        let round = Round::choose(&outcome, session.cwd(), &fixable);
        if round.count == 0 {
            break;
        }
        let mut edited = texts.clone();
        edited.extend(round.apply());
        let world = OverlayWorld::new(Arc::clone(session.world()), edited.clone());
        let mut trial = Session::new(Arc::new(world), session.cwd());
        trial.set_denied(session.denied.clone());
        let checked = check(&mut trial, &checking);
        if errors(&checked) > errors(&outcome) {
            break;
        }
        applied += round.count;
        texts = edited;
        outcome = checked;
    }
    finish(session, options.mode, texts, applied, outcome)
}

fn errors(outcome: &Outcome) -> usize {
    outcome.diags.iter().filter(|diag| diag.is_error()).count()
}

/// Writes or shows the new texts.
fn finish(
    session: &Session,
    mode: FixMode,
    texts: BTreeMap<PathBuf, String>,
    applied: usize,
    mut outcome: Outcome,
) -> Outcome {
    for (path, new) in &texts {
        let name = shown(path, session.cwd()).display().to_string();
        match mode {
            FixMode::Preview(paint) => {
                let old = session.world().read(path).unwrap_or_default();
                outcome.output.push_str(&unified(Some(&old), Some(new), &name, paint));
            }
            FixMode::Write => {
                if let Err(error) = replace_file(path, new) {
                    let headline = format!("cannot write `{name}`: {error}");
                    outcome.diags.push(Diag::error(Code::CANNOT_WRITE, headline));
                }
            }
        }
    }
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    outcome.summary = Some(match (applied, mode) {
        (0, _) => String::from("no message has a fix that is certain"),
        (_, FixMode::Write) => {
            format!("applied {} in {}", count(applied, "fix", "fixes"), count(texts.len(), "file", "files"))
        }
        (_, FixMode::Preview(_)) => {
            format!("would apply {} in {}", count(applied, "fix", "fixes"), count(texts.len(), "file", "files"))
        }
    });
    outcome
}

/// Fixes that can be applied together.
struct Round<'o> {
    files: &'o Files,
    count: usize,
    edits: BTreeMap<PathBuf, Vec<&'o TextEdit>>,
}

impl<'o> Round<'o> {
    /// The first certain fix of each message, unless it overlaps one that was chosen or changes a file that is not to be fixed.
    fn choose(outcome: &'o Outcome, cwd: &Path, fixable: &BTreeSet<PathBuf>) -> Round<'o> {
        let mut round = Round { files: &outcome.files, count: 0, edits: BTreeMap::new() };
        let mut seen: Vec<&[TextEdit]> = Vec::new();
        for diag in &outcome.diags {
            let Some(fix) = diag.fixes.iter().find(|fix| fix.certain) else { continue };
            let path = |edit: &TextEdit| {
                let file = outcome.files.get(edit.span.file)?;
                Some(normalize(&cwd.join(&file.path))).filter(|path| fixable.contains(path))
            };
            let paths: Option<Vec<PathBuf>> = fix.edits.iter().map(path).collect();
            let Some(paths) = paths else { continue };
            let is_free = |(edit, path): (&TextEdit, &PathBuf)| {
                round.edits.get(path).is_none_or(|known| known.iter().all(|other| !overlap(edit, other)))
            };
            if seen.contains(&fix.edits.as_slice()) || !fix.edits.iter().zip(&paths).all(is_free) {
                continue;
            }
            seen.push(&fix.edits);
            round.count += 1;
            for (edit, path) in fix.edits.iter().zip(paths) {
                round.edits.entry(path).or_default().push(edit);
            }
        }
        round
    }

    /// The new texts of the files.
    fn apply(&self) -> BTreeMap<PathBuf, String> {
        let apply = |(path, edits): (&PathBuf, &Vec<&TextEdit>)| {
            let mut text = self.files.get(edits.first()?.span.file)?.text.to_string();
            let mut edits = edits.clone();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            for edit in edits {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            Some((path.clone(), text))
        };
        self.edits.iter().filter_map(apply).collect()
    }
}

/// Whether the result of two edits of one file would depend on their order.
fn overlap(a: &TextEdit, b: &TextEdit) -> bool {
    a.span.start == b.span.start || (a.span.start < b.span.end && b.span.start < a.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryWorld;

    fn preview(files: &[(&str, &str)]) -> Outcome {
        let world =
            files.iter().fold(MemoryWorld::new(), |world, (path, text)| world.with(format!("/w/{path}"), *text));
        let mut session = Session::new(Arc::new(world), "/w");
        let options = FixOptions {
            target: None,
            mode: FixMode::Preview(Paint::Plain),
            inputs: Vec::new(),
            limits: Limits::default(),
        };
        fix(&mut session, &options)
    }

    const SCHEMA: &str = "schema Web { replicas: Int = 1, image: String = \"a\" }\n";

    #[test]
    fn certain_fixes_are_applied_and_their_consequences_as_well() {
        let outcome = preview(&[("main.forge", "import std.net\nimport std.text\nx = 1\n")]);
        assert_eq!(outcome.diags, [], "{outcome:?}");
        assert!(outcome.output.contains("-import std.net\n-import std.text\n"), "{}", outcome.output);
        assert_eq!(outcome.summary.as_deref(), Some("would apply 2 fixes in 1 file"));
    }

    #[test]
    fn without_certain_fixes_nothing_changes() {
        let text = format!("{SCHEMA}w = Web {{ imagee = 1 / 0 }}\n");
        let outcome = preview(&[("main.forge", &text), ("lib.forge", "x = 1\n")]);
        let left: Vec<bool> = outcome.diags.iter().map(Diag::is_error).collect();
        assert!(left.contains(&true), "{left:?}");
        if outcome.output.is_empty() {
            assert_eq!(outcome.summary.as_deref(), Some("no message has a fix that is certain"));
        }
    }

    #[test]
    fn edits_that_touch_the_same_text_are_not_applied_together() {
        let edit = |start, end| TextEdit {
            span: forge_base::Span::new(forge_base::FileId(0), start, end),
            text: String::new(),
        };
        assert!(
            overlap(&edit(1, 3), &edit(2, 4)) && overlap(&edit(1, 1), &edit(1, 1)) && overlap(&edit(1, 1), &edit(1, 2))
        );
        assert!(!overlap(&edit(1, 3), &edit(3, 4)) && !overlap(&edit(3, 4), &edit(1, 3)));
    }
}
