//! Writes all modules to files in a folder: `cargo run --example dump -- FOLDER [VERSION]`.

use forge_base::FileId;
use forge_kube::{Selection, Version, modules, render};

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "kubernetes-modules".to_owned());
    let version = args.next().and_then(|text| text.parse().ok()).unwrap_or(Version::DEFAULT);
    for path in modules() {
        let file = std::path::Path::new(&folder).join(path.replace('.', "/")).with_extension("forge");
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let rendered = render(path, version, FileId(0), Selection::Whole);
        std::fs::write(file, rendered.map(|rendered| rendered.source).unwrap_or_default())?;
    }
    Ok(())
}
