//! Which lists of custom resources are keyed. Their sources do not say it, so only those are whose elements Kubernetes
//! tells apart wherever they occur, and those that the overlay names.

use crate::model::{Decl, Field, Ty};
use crate::overlay::Overlay;

/// A list that is known by its name and the fields of its elements.
struct Rule {
    list: &'static [&'static str],
    /// Fields of which the elements have at least one, beside the keys.
    needs: &'static [&'static str],
    keys: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        list: &["containers", "initContainers", "ephemeralContainers"],
        needs: &["image", "imagePullPolicy"],
        keys: &["name"],
    },
    Rule { list: &["env"], needs: &["value", "valueFrom"], keys: &["name"] },
    Rule { list: &["volumes"], needs: &["emptyDir", "hostPath", "configMap"], keys: &["name"] },
    Rule { list: &["volumeMounts"], needs: &["name"], keys: &["mountPath"] },
    Rule { list: &["volumeDevices"], needs: &["name"], keys: &["devicePath"] },
    Rule { list: &["ports"], needs: &["hostPort"], keys: &["containerPort", "protocol"] },
    Rule { list: &["ports"], needs: &["nodePort"], keys: &["port", "protocol"] },
    Rule { list: &["conditions"], needs: &["status"], keys: &["type"] },
    Rule { list: &["hostAliases"], needs: &["hostnames"], keys: &["ip"] },
    Rule { list: &["topologySpreadConstraints"], needs: &["maxSkew"], keys: &["topologyKey", "whenUnsatisfiable"] },
    Rule { list: &["resourceClaims"], needs: &["resourceClaimName"], keys: &["name"] },
];

/// Keys the lists of a module.
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
    let fits = |rule: &&Rule| {
        rule.list.contains(&field.name.as_str()) && rule.keys.iter().all(&has) && rule.needs.iter().any(&has)
    };
    RULES.iter().find(fits).map(|rule| rule.keys.iter().map(|key| (*key).to_owned()).collect())
}
