//! Their side: the definitions in `kubernetes-validate`.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use forge_kube::Version;
use serde_json::Value;

use crate::{Field, Fields, Schemas};

/// The pinned version, which covers Kubernetes 1.25 to 1.37.
const PACKAGE: &str = "kubernetes-validate==1.37.0";

/// The unpacked package.
pub(crate) struct Package {
    folder: PathBuf,
}

impl Package {
    /// Installs the package once, in a virtual environment below the target folder.
    pub(crate) fn install() -> io::Result<Package> {
        static LOCK: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _lock = LOCK.lock().map_err(|_| io::Error::other("the other test failed"))?;
        let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubernetes-validate");
        if find(&environment).is_err() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
            let python = environment.join("bin/python");
            run(Command::new(python).args(["-m", "pip", "install", "--quiet", "--no-deps", PACKAGE]))?;
        }
        Ok(Package { folder: find(&environment)? })
    }

    fn definitions(&self, version: Version) -> serde_json::Map<String, Value> {
        let path = self.folder.join(format!("v{version}.0-local/_definitions.json"));
        let text = std::fs::read_to_string(&path).expect("the package has all versions");
        let mut value: Value = serde_json::from_str(&text).expect("the package holds JSON");
        match value["$defs"].take() {
            Value::Object(definitions) => definitions,
            other => unreachable!("definitions are an object, not {other}"),
        }
    }

    /// All schemas with fields.
    pub(crate) fn schemas(&self, version: Version) -> Schemas {
        let definitions = self.definitions(version);
        definitions.iter().filter_map(|(name, schema)| Some((module_and_name(name)?, fields(schema)))).collect()
    }

    /// All kinds except list kinds, as `apps/v1 Deployment`.
    pub(crate) fn kinds(&self, version: Version) -> BTreeSet<String> {
        let mut kinds = BTreeSet::new();
        for (name, schema) in self.definitions(version) {
            let Some((module, _)) = module_and_name(&name) else { continue };
            // Types such as `DeleteOptions` and `Status` belong to every group.
            let Some([of]) = schema["x-kubernetes-group-version-kind"].as_array().map(Vec::as_slice) else { continue };
            let text = |key: &str| of[key].as_str().unwrap_or_default().to_owned();
            let (group, kind) = (text("group"), text("kind"));
            if kind.ends_with("List") && schema["properties"]["items"].is_object() || module == "k8s.meta.v1" {
                continue;
            }
            let prefix = if group.is_empty() { String::new() } else { format!("{group}/") };
            kinds.insert(format!("{prefix}{} {kind}", text("version")));
        }
        kinds
    }
}

fn find(environment: &Path) -> io::Result<PathBuf> {
    let inner = "site-packages/kubernetes_validate/kubernetes-json-schema";
    for entry in environment.join("lib").read_dir()? {
        let folder = entry?.path().join(inner);
        if folder.is_dir() {
            return Ok(folder);
        }
    }
    Err(io::Error::other("the package is not installed"))
}

/// Runs a command and returns its standard output.
pub(crate) fn run(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    let error = || io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned());
    if output.status.success() { Ok(String::from_utf8_lossy(&output.stdout).into_owned()) } else { Err(error()) }
}

/// The module and name for a definition such as `io.k8s.api.apps.v1.Deployment`.
fn module_and_name(definition: &str) -> Option<(String, String)> {
    let mut parts = definition.rsplit('.');
    let (name, version, group) = (parts.next()?, parts.next()?, parts.next()?);
    Some((format!("k8s.{group}.{version}"), name.to_owned()))
}

fn fields(schema: &Value) -> Fields {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let is_kind = schema["x-kubernetes-group-version-kind"].as_array().is_some_and(|of| of.len() == 1);
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .filter(|(name, _)| !(is_kind && matches!(name.as_str(), "apiVersion" | "kind")))
        .map(|(name, property)| {
            let required = required.iter().any(|known| known == name);
            (name.clone(), Field { ty: shape(property), required })
        })
        .collect()
}

/// A type in the common form.
fn shape(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit(['/', '.']).next().unwrap_or_default();
        return match name {
            "JSONSchemaPropsOrArray" => "JSONSchemaProps | [JSONSchemaProps]".to_owned(),
            "JSONSchemaPropsOrBool" => "JSONSchemaProps | boolean".to_owned(),
            "JSONSchemaPropsOrStringArray" => "JSONSchemaProps | [string]".to_owned(),
            "FieldsV1" => "{Any}".to_owned(),
            "RawExtension" | "JSON" => "Any".to_owned(),
            other => other.to_owned(),
        };
    }
    let is = |name: &str| match &schema["type"] {
        Value::Array(names) => names.iter().any(|known| known == name),
        one => one == name,
    };
    if is("array") {
        let item = shape(&schema["items"]);
        let keys = schema["x-kubernetes-list-map-keys"].as_array().cloned().unwrap_or_default();
        let mut keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
        keys.sort_unstable();
        if let (true, Some(key)) = (keys.is_empty(), schema["x-kubernetes-patch-merge-key"].as_str()) {
            keys.push(key);
        }
        let by = if keys.is_empty() { String::new() } else { format!(" by {}", keys.join(", ")) };
        return format!("[{item}{by}]");
    }
    if is("object") {
        let values = &schema["additionalProperties"];
        return if values.is_object() { format!("{{{}}}", shape(values)) } else { "Any".to_owned() };
    }
    let simple = ["string", "integer", "number", "boolean"].into_iter().find(|name| is(name));
    simple.unwrap_or("Any").to_owned()
}
