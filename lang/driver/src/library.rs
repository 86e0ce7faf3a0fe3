//! The package `std`: modules that the binary carries as files, and those that Kubernetes' own schemas are.

use forge_base::Name;

use crate::embedded;

/// The path of a Kubernetes module below `std`, such as `k8s.apps.v1`, for its place in the package, `k8s/apps/v1.forge`.
pub(crate) fn kubernetes(place: &str) -> Option<String> {
    let path = place.strip_suffix(".forge")?.replace('/', ".");
    forge_kube::has_module(&path).then_some(path)
}

/// The place of a Kubernetes module in the package.
pub(crate) fn place(path: &str) -> String {
    format!("{}.forge", path.replace('.', "/"))
}

/// Whether the package has a module in this place.
pub(crate) fn has(place: &str) -> bool {
    embedded::std_file(&format!("std/{place}")).is_some() || kubernetes(place).is_some()
}

/// Whether modules lie below this folder of the package.
pub(crate) fn has_folder(folder: &str) -> bool {
    let files = format!("std/{folder}/");
    let modules = format!("{}.", folder.replace('/', "."));
    folder.is_empty()
        || embedded::std_files().any(|path| path.starts_with(&files))
        || forge_kube::modules().any(|path| path.starts_with(&modules))
}

/// The places of all modules of the package.
pub(crate) fn places() -> impl Iterator<Item = String> {
    let files = embedded::std_files().filter_map(|path| path.strip_prefix("std/")).map(str::to_owned);
    files.chain(forge_kube::modules().map(place))
}

/// Functions that make values out of data: what they give may hold any field.
const FROM_DATA: [&str; 8] =
    ["readYaml", "readYamlAll", "readJson", "readToml", "fromYaml", "fromYamlAll", "fromJson", "fromToml"];

/// Whether a program takes in data whose fields no text of it names.
pub(crate) fn takes_data() -> bool {
    FROM_DATA.into_iter().any(Name::is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_kubernetes_modules_are_found_alike() {
        assert!(has("net.forge") && has("k8s/apps/v1.forge") && !has("k8s/apps.forge") && !has("k8s/apps/v7.forge"));
        assert!(has_folder("k8s") && has_folder("k8s/apps") && has_folder("prelude") && !has_folder("k8s/ap"));
        assert!(places().all(|place| has(&place)));
        assert_eq!(kubernetes(&place("k8s.apps.v1")).as_deref(), Some("k8s.apps.v1"));
    }
}
