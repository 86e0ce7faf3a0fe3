//! `forgec eval`.

use clap::ValueEnum;
use forge_driver::Session;
use forge_driver::pipeline::{self, EvalOptions, Outcome};

use crate::args::{EvaluationArgs, GlobalOptions};
use crate::progress::Progress;

/// Arguments of `eval`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// File, folder or module path
    target: Option<String>,
    /// Print this expression instead of all fields; with a target in its scope
    #[arg(short, long, value_name = "EXPR", allow_hyphen_values = true)]
    expr: Option<String>,
    /// How values are written
    #[arg(short, long, value_enum, default_value_t = Notation::Yaml)]
    output: Notation,
    #[command(flatten)]
    evaluation: EvaluationArgs,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Notation {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("evaluating");
        let options = EvalOptions {
            target: self.target.clone(),
            expr: self.expr.clone(),
            notation: match self.output {
                Notation::Yaml => pipeline::Notation::Yaml,
                Notation::Json => pipeline::Notation::Json,
            },
            inputs: self.evaluation.inputs.clone(),
            limits: self.evaluation.limits(global),
        };
        pipeline::eval(session, &options)
    }
}
