//! `forgec doc`.

use forge_driver::Session;
use forge_driver::pipeline::{self, DocForm, DocOptions, Outcome};

use crate::args::{Format, GlobalOptions};

/// Arguments of `doc`.
#[derive(clap::Args, Debug)]
pub(crate) struct DocArgs {
    /// Module, folder of modules, or declaration, such as `std.k8s.apps.v1` or `std.k8s.apps.v1.Deployment`
    #[arg(value_name = "ITEM", default_value = ".")]
    what: String,
}

impl DocArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let form = if global.format == Format::Json { DocForm::Json } else { DocForm::Source };
        pipeline::doc(session, &DocOptions { what: self.what.clone(), form })
    }
}
