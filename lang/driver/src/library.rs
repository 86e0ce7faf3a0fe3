//! The package `std`: modules that are embedded as files, and modules that are generated from the Kubernetes schemas.

use crate::embedded;
use crate::pruned::MentionedNames;

/// The module path below `std`, such as `k8s.apps.v1`, of the Kubernetes module in `k8s/apps/v1.forge`.
pub(crate) fn kubernetes(source_path: &str) -> Option<String> {
    let path = source_path.strip_suffix(".forge")?.replace('/', ".");
    forge_kube::has_module(&path).then_some(path)
}

/// The path in the package of a Kubernetes module's file.
pub(crate) fn source_path(path: &str) -> String {
    format!("{}.forge", path.replace('.', "/"))
}

/// Whether the package has a module in this file.
pub(crate) fn has(source_path: &str) -> bool {
    embedded::std_file(&format!("std/{source_path}")).is_some() || kubernetes(source_path).is_some()
}

/// Whether this folder of the package contains modules.
pub(crate) fn has_folder(folder: &str) -> bool {
    let files = format!("std/{folder}/");
    let modules = format!("{}.", folder.replace('/', "."));
    folder.is_empty()
        || embedded::std_files().any(|path| path.starts_with(&files))
        || forge_kube::modules().any(|path| path.starts_with(&modules))
}

/// The paths in the package of all modules' files.
pub(crate) fn source_paths() -> impl Iterator<Item = String> {
    let files = embedded::std_files().filter_map(|path| path.strip_prefix("std/")).map(str::to_owned);
    files.chain(forge_kube::modules().map(source_path))
}

/// Functions and keywords that create values from data, which may contain any field.
const DATA_READERS: [&str; 9] =
    ["as", "readYaml", "readYamlAll", "readJson", "readToml", "fromYaml", "fromYamlAll", "fromJson", "fromToml"];

/// Whether a program may read data with fields that its sources do not mention.
pub(crate) fn reads_data(names: &MentionedNames) -> bool {
    DATA_READERS.into_iter().any(|function| names.contains(function))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_kubernetes_modules_are_found_alike() {
        assert!(has("net.forge") && has("k8s/apps/v1.forge") && !has("k8s/apps.forge") && !has("k8s/apps/v7.forge"));
        assert!(has_folder("k8s") && has_folder("k8s/apps") && has_folder("prelude") && !has_folder("k8s/ap"));
        assert!(source_paths().all(|path| has(&path)));
        assert_eq!(kubernetes(&source_path("k8s.apps.v1")).as_deref(), Some("k8s.apps.v1"));
    }
}
