//! `forgec eval`.

use clap::ValueEnum;
use forge_driver::Session;
use forge_driver::pipeline::{self, EvalOptions, Outcome};

use crate::args::{EvaluationArgs, GlobalOptions, LintArgs};
use crate::progress::Progress;

/// Arguments of `eval`.
#[derive(clap::Args, Debug)]
pub(crate) struct EvalArgs {
    /// File, folder or module path of the module
    target: Option<String>,
    /// Evaluate this expression, in the scope of the module if there is one, instead of all fields
    #[arg(short, long, value_name = "EXPR", allow_hyphen_values = true)]
    expr: Option<String>,
    /// Output format
    #[arg(short, long, value_enum, default_value_t = Notation::Yaml)]
    output: Notation,
    #[command(flatten)]
    evaluation: EvaluationArgs,
    #[command(flatten)]
    lints: LintArgs,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Notation {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

impl EvalArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("evaluating");
        let options = EvalOptions {
            target: self.target.clone(),
            expr: self.expr.clone(),
            notation: match self.output {
                Notation::Yaml => pipeline::Notation::Yaml,
                Notation::Json => pipeline::Notation::Json,
            },
            inputs: self.evaluation.inputs(),
            limits: self.evaluation.limits(global),
        };
        session.set_denied(self.lints.deny.clone());
        pipeline::eval(session, &options)
    }
}
