//! Decides which lists of custom resources are keyed. The sources lack this information, so a list is keyed if
//! Kubernetes keys the same list in its own types, or if the overlay lists it.

use crate::model::{Decl, Field, Ty};
use crate::overlay::Overlay;

/// Recognizes a list by its name and the fields of its elements.
struct KeyRule {
    list: &'static [&'static str],
    /// The elements must have at least one of these fields in addition to the keys.
    needs: &'static [&'static str],
    keys: &'static [&'static str],
}

const RULES: &[KeyRule] = &[
    KeyRule {
        list: &["containers", "initContainers", "ephemeralContainers"],
        needs: &["image", "imagePullPolicy"],
        keys: &["name"],
    },
    KeyRule { list: &["env"], needs: &["value", "valueFrom"], keys: &["name"] },
    KeyRule { list: &["volumes"], needs: &["emptyDir", "hostPath", "configMap"], keys: &["name"] },
    KeyRule { list: &["volumeMounts"], needs: &["name"], keys: &["mountPath"] },
    KeyRule { list: &["volumeDevices"], needs: &["name"], keys: &["devicePath"] },
    KeyRule { list: &["ports"], needs: &["hostPort"], keys: &["containerPort", "protocol"] },
    KeyRule { list: &["ports"], needs: &["nodePort"], keys: &["port", "protocol"] },
    KeyRule { list: &["conditions"], needs: &["status"], keys: &["type"] },
    KeyRule { list: &["hostAliases"], needs: &["hostnames"], keys: &["ip"] },
    KeyRule { list: &["topologySpreadConstraints"], needs: &["maxSkew"], keys: &["topologyKey", "whenUnsatisfiable"] },
    KeyRule { list: &["resourceClaims"], needs: &["resourceClaimName"], keys: &["name"] },
];

/// Turns the matching lists of a module into keyed lists.
pub(super) fn apply(decls: &mut [Decl], path: &str, overlay: &Overlay) {
    let items: Vec<(String, Vec<String>)> = decls
        .iter()
        .map(|decl| (decl.name.clone(), decl.fields().iter().map(|field| field.name.clone()).collect()))
        .collect();
    for field in decls.iter_mut().flat_map(Decl::fields_mut) {
        let Ty::List(item) = &field.ty else { continue };
        let Ty::Ref(module, name) = &**item else { continue };
        let condition = ["type", "status"].map(str::to_owned);
        let of_item = if module == path {
            items.iter().find(|(known, _)| known == name).map_or(&[][..], |(_, fields)| fields)
        } else if name == "Condition" {
            &condition[..]
        } else {
            continue;
        };
        if let Some(keys) = overlay.list_keys(path, &field.name, of_item).or_else(|| rule(field, of_item)) {
            field.ty = Ty::Keyed(item.clone(), keys);
        }
    }
}

fn rule(field: &Field, of_item: &[String]) -> Option<Vec<String>> {
    let has = |name: &&str| of_item.iter().any(|known| known == name);
    let fits = |rule: &&KeyRule| {
        rule.list.contains(&field.name.as_str()) && rule.keys.iter().all(&has) && rule.needs.iter().any(&has)
    };
    RULES.iter().find(fits).map(|rule| rule.keys.iter().map(|key| (*key).to_owned()).collect())
}
