//! Counts the contents of the modules, so that a change in the format of the generated sources does not go unnoticed.

use std::collections::BTreeMap;

use forge_base::FileId;
use forge_kube::{Scope, Selection, Version, has_module, kind, kinds, modules, render};
use forge_syntax::ast::{Item, ItemKind, TypeExpr, TypeKind};

/// The contents of some modules.
#[derive(Default, PartialEq, Debug)]
struct Counts {
    schemas: usize,
    fields: usize,
    keyed: usize,
    keyed_by_several: usize,
    open_enums: usize,
    closed_enums: usize,
    /// Closed sets of strings that also take placeholders.
    enforced_enums: usize,
    free: usize,
    deprecated: usize,
    unavailable: usize,
}

fn items(path: &str, version: Version) -> Vec<Item> {
    render(path, version, FileId(0), Selection::Whole).expect("a listed module").ast.items
}

fn count(prefix: &str, version: Version) -> Counts {
    let mut counts = Counts::default();
    for item in modules().filter(|path| path.starts_with(prefix)).flat_map(|path| items(path, version)) {
        counts.annotations(&item);
        let ItemKind::Schema(schema) = item.kind else { continue };
        counts.schemas += 1;
        for field in schema.body.items {
            counts.annotations(&field);
            if let ItemKind::Declare(declared) = field.kind {
                counts.fields += 1;
                counts.ty(&declared.ty);
            }
        }
    }
    counts
}

impl Counts {
    fn annotations(&mut self, item: &Item) {
        let count = |name| item.annotations.iter().filter(|known| known.name.name.as_str() == name).count();
        self.deprecated += count("deprecated");
        self.unavailable += count("unavailable");
    }

    fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Map(_, inner) => self.ty(inner),
            TypeKind::Keyed(inner, keys) => {
                self.keyed += 1;
                self.keyed_by_several += usize::from(keys.len() > 1);
                self.ty(inner);
            }
            TypeKind::Union(members) if matches!(members[0].kind, TypeKind::Str(_)) => {
                let other = members.iter().find_map(|member| match &member.kind {
                    TypeKind::Name(path) => path.last(),
                    _ => None,
                });
                *match other {
                    Some(name) if name.name.as_str() == "Placeholder" => &mut self.enforced_enums,
                    Some(_) => &mut self.open_enums,
                    None => &mut self.closed_enums,
                } += 1;
            }
            TypeKind::Name(path) if path.last().is_some_and(|last| last.name.as_str() == "Any") => self.free += 1,
            _ => {}
        }
    }
}

/// The source of a field's type.
fn field(path: &str, schema: &str, field: &str) -> String {
    let rendered = render(path, Version::DEFAULT, FileId(0), Selection::Whole).expect("a listed module");
    for item in rendered.ast.items {
        let ItemKind::Schema(declared) = item.kind else { continue };
        if declared.name.is_none_or(|name| name.name.as_str() != schema) {
            continue;
        }
        for item in declared.body.items {
            if let ItemKind::Declare(known) = item.kind
                && known.name.name.as_str() == field
            {
                return rendered.source[known.ty.span.range()].to_owned();
            }
        }
    }
    format!("{path}.{schema}.{field} does not exist")
}

#[test]
fn each_version_has_its_kinds() {
    let of = |version| kinds().filter(|kind| kind.module.starts_with("k8s.") && kind.is_in(version)).count();
    let counts: Vec<usize> = Version::all().map(of).collect();
    assert_eq!(counts, [91, 93, 93, 98, 103]);
}

#[test]
fn kubernetes_has_its_schemas_fields_and_keys() {
    let expected = Counts {
        schemas: 813,
        fields: 3271,
        keyed: 124,
        keyed_by_several: 10,
        open_enums: 16,
        closed_enums: 0,
        enforced_enums: 145,
        free: 13,
        deprecated: 47,
        unavailable: 274,
    };
    assert_eq!(count("k8s.", Version::DEFAULT), expected);
}

#[test]
fn custom_resources_have_their_schemas_fields_and_keys() {
    let expected = Counts {
        schemas: 5461,
        fields: 27834,
        keyed: 515,
        keyed_by_several: 50,
        open_enums: 0,
        closed_enums: 791,
        enforced_enums: 0,
        free: 397,
        deprecated: 381,
        unavailable: 0,
    };
    assert_eq!(count("crds.", Version::DEFAULT), expected);
}

#[test]
fn every_family_has_its_kinds() {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in kinds().filter(|kind| kind.module.starts_with("crds.")) {
        *found.entry(kind.group).or_default() += 1;
    }
    let expected = [
        ("acme.cert-manager.io", 2),
        ("argoproj.io", 6),
        ("ceph.rook.io", 19),
        ("cert-manager.io", 4),
        ("cilium.io", 33),
        ("core.strimzi.io", 1),
        ("external-secrets.io", 13),
        ("gateway.networking.k8s.io", 22),
        ("generators.external-secrets.io", 14),
        ("grafana.integreatly.org", 11),
        ("helm.toolkit.fluxcd.io", 3),
        ("image.toolkit.fluxcd.io", 9),
        ("k8s.keycloak.org", 4),
        ("kafka.strimzi.io", 23),
        ("kueue.x-k8s.io", 23),
        ("kustomize.config.k8s.io", 2),
        ("kustomize.toolkit.fluxcd.io", 3),
        ("kyverno.io", 28),
        ("longhorn.io", 23),
        ("metallb.io", 9),
        ("minio.min.io", 1),
        ("monitoring.coreos.com", 11),
        ("notification.toolkit.fluxcd.io", 9),
        ("operator.victoriametrics.com", 24),
        ("policies.kyverno.io", 9),
        ("postgresql.cnpg.io", 4),
        ("ray.io", 6),
        ("source.toolkit.fluxcd.io", 14),
        ("trust.cert-manager.io", 1),
        ("volsync.backube", 2),
    ];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn modules_have_the_conventional_names() {
    for path in [
        "k8s.core.v1",
        "k8s.apps.v1",
        "k8s.batch.v1",
        "k8s.networking.v1",
        "k8s.rbac.v1",
        "k8s.meta.v1",
        "k8s.policy.v1",
        "k8s.storage.v1",
        "k8s.autoscaling.v2",
        "k8s.apiextensions.v1",
        "k8s.apiregistration.v1",
        "k8s.admissionregistration.v1",
        "crds.cert_manager.v1",
        "crds.flux.source.v1",
        "crds.flux.helm.v2",
        "crds.flux.kustomize.v1",
        "crds.argo_cd.v1alpha1",
        "crds.external_secrets.v1",
        "crds.gateway.v1",
        "crds.cilium.v2",
        "crds.cilium.v2alpha1",
        "crds.rook.v1",
        "crds.cnpg.v1",
        "crds.victoria_metrics.v1beta1",
        "crds.prometheus.v1",
        "crds.kustomize.config.v1beta1",
    ] {
        assert!(has_module(path), "{path}");
    }
    assert!(!has_module("k8s.core") && !has_module("k8s.core.v2") && !has_module(""));
}

#[test]
fn types_are_those_that_manifests_need() {
    let expected = [
        ("k8s.core.v1", "Container", "ports", "[ContainerPort by containerPort, protocol]?"),
        ("k8s.core.v1", "PodSpec", "containers", "[Container by name]"),
        ("k8s.core.v1", "ServiceSpec", "ports", "[ServicePort by port, protocol]?"),
        ("k8s.core.v1", "ServicePort", "protocol", r#""SCTP" | "TCP" | "UDP" | "" | meta.Placeholder"#),
        ("k8s.core.v1", "ServicePort", "targetPort", "(Int | String)?"),
        ("k8s.core.v1", "ResourceRequirements", "limits", "{String: Quantity}?"),
        ("k8s.core.v1", "Secret", "data", "{String: meta.SecretBytes}?"),
        (
            "k8s.core.v1",
            "PodSpec",
            "topologySpreadConstraints",
            "[TopologySpreadConstraint by topologyKey, whenUnsatisfiable]?",
        ),
        ("k8s.meta.v1", "ObjectMeta", "labels", "{LabelKey: LabelValue}?"),
        ("k8s.apps.v1", "DeploymentSpec", "template", "core.PodTemplateSpec"),
        ("crds.cert_manager.v1", "CertificateSpec", "secretName", "String"),
        ("crds.cert_manager.v1", "CertificateSpecPrivateKey", "algorithm", r#"("RSA" | "ECDSA" | "Ed25519")?"#),
        ("crds.gateway.v1", "HTTPRouteRequestRedirect", "statusCode", "(301 | 302 | 303 | 307 | 308)?"),
        ("crds.flux.helm.v2", "HelmReleaseSpec", "values", "Any?"),
        ("crds.cilium.v2", "CiliumIdentity", "security-labels", "{String: String}"),
        ("crds.argo_cd.v1alpha1", "Application", "operation", "{String: Any}?"),
    ];
    for (path, schema, name, ty) in expected {
        assert_eq!(field(path, schema, name), ty, "{path}.{schema}.{name}");
    }
}

#[test]
fn kinds_are_found_by_what_resources_say() {
    let deployment = kind("apps/v1", "Deployment").expect("a kind");
    assert_eq!(
        (deployment.plural, deployment.scope, deployment.module),
        ("deployments", Scope::Namespaced, "k8s.apps.v1")
    );
    let namespace = kind("v1", "Namespace").expect("a kind");
    assert_eq!((namespace.group, namespace.scope), ("", Scope::Cluster));
    let issuer = kind("cert-manager.io/v1", "ClusterIssuer").expect("a kind");
    assert_eq!((issuer.plural, issuer.scope), ("clusterissuers", Scope::Cluster));
    assert_eq!(kind("kustomize.config.k8s.io/v1beta1", "Kustomization").map(|kind| kind.scope), Some(Scope::Local));
    assert_eq!(kind("policy/v1", "Eviction").map(|kind| kind.scope), Some(Scope::Subresource));
    assert!(kind("v1", "Endpoints").expect("a kind").deprecated.is_some());
    assert_eq!(kind("apps/v1beta1", "Deployment"), None);
    assert_eq!(kind("v1", "Deployment"), None);
}

#[test]
fn what_a_version_lacks_is_declared_and_marked() {
    let text = |version| render("k8s.resource.v1", version, FileId(0), Selection::Whole).expect("a module").source;
    let head = "schema ResourceClaim extends meta.Resource {";
    let marked = format!("@unavailable(\"since Kubernetes 1.34\")\n{head}");
    assert!(text(Version::OLDEST).contains(&marked));
    assert!(text(Version::DEFAULT).contains(head) && !text(Version::DEFAULT).contains(&marked));
}

/// The rows of the module table in the reference.
fn rows() -> Vec<String> {
    modules()
        .map(|path| {
            let of_module: Vec<_> = kinds().filter(|kind| kind.module == path).collect();
            let names: Vec<&str> = of_module.iter().map(|kind| kind.kind).collect();
            let version = of_module.first().map_or(String::new(), |kind| format!("`{}`", kind.api_version));
            format!("| `std.{path}` | {version} | {} |", names.join(", "))
        })
        .collect()
}

#[test]
fn the_reference_lists_all_modules() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/14-kubernetes.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `std.")).collect();
    let mut rows = rows();
    rows.sort_by_key(|row| row.starts_with("| `std.crds."));
    assert!(listed == rows, "the table must be\n{}", rows.join("\n"));
}
