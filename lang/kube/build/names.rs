//! Maps API groups to module names.

/// An API group of custom resources, with the crate that describes it and its module path below `std.crds`.
pub(crate) struct Family {
    pub(crate) krate: &'static str,
    pub(crate) group: &'static str,
    pub(crate) module: &'static str,
    /// Whether the license permits copying the documentation.
    pub(crate) docs: bool,
}

const fn family(krate: &'static str, group: &'static str, module: &'static str) -> Family {
    Family { krate, group, module, docs: true }
}

/// A family without documentation: that of VolSync and the MinIO operator is under the AGPL.
const fn bare(krate: &'static str, group: &'static str, module: &'static str) -> Family {
    Family { krate, group, module, docs: false }
}

/// All families, sorted by module.
pub(crate) const FAMILIES: &[Family] = &[
    family("kcr_acme_cert_manager_io", "acme.cert-manager.io", "acme"),
    family("kcr_argoproj_io", "argoproj.io", "argo_cd"),
    family("kcr_cert_manager_io", "cert-manager.io", "cert_manager"),
    family("kcr_cilium_io", "cilium.io", "cilium"),
    family("kcr_postgresql_cnpg_io", "postgresql.cnpg.io", "cnpg"),
    family("kcr_external_secrets_io", "external-secrets.io", "external_secrets"),
    family("kcr_helm_toolkit_fluxcd_io", "helm.toolkit.fluxcd.io", "flux.helm"),
    family("kcr_image_toolkit_fluxcd_io", "image.toolkit.fluxcd.io", "flux.image"),
    family("kcr_kustomize_toolkit_fluxcd_io", "kustomize.toolkit.fluxcd.io", "flux.kustomize"),
    family("kcr_notification_toolkit_fluxcd_io", "notification.toolkit.fluxcd.io", "flux.notification"),
    family("kcr_source_toolkit_fluxcd_io", "source.toolkit.fluxcd.io", "flux.source"),
    family("kcr_gateway_networking_k8s_io", "gateway.networking.k8s.io", "gateway"),
    family("kcr_generators_external_secrets_io", "generators.external-secrets.io", "external_secrets.generators"),
    family("kcr_grafana_integreatly_org", "grafana.integreatly.org", "grafana"),
    family("kcr_k8s_keycloak_org", "k8s.keycloak.org", "keycloak"),
    family("kcr_kueue_x_k8s_io", "kueue.x-k8s.io", "kueue"),
    family("kcr_kyverno_io", "kyverno.io", "kyverno"),
    family("kcr_policies_kyverno_io", "policies.kyverno.io", "kyverno.policies"),
    family("kcr_longhorn_io", "longhorn.io", "longhorn"),
    family("kcr_metallb_io", "metallb.io", "metallb"),
    bare("kcr_minio_min_io", "minio.min.io", "minio"),
    family("kcr_monitoring_coreos_com", "monitoring.coreos.com", "prometheus"),
    family("kcr_ray_io", "ray.io", "ray"),
    family("kcr_ceph_rook_io", "ceph.rook.io", "rook"),
    family("kcr_kafka_strimzi_io", "kafka.strimzi.io", "strimzi"),
    family("kcr_trust_cert_manager_io", "trust.cert-manager.io", "trust_manager"),
    family("kcr_operator_victoriametrics_com", "operator.victoriametrics.com", "victoria_metrics"),
    bare("kcr_volsync_backube", "volsync.backube", "volsync"),
];

/// The module of a built-in type. `segments` are the segments of its Rust module path, last to first.
///
/// The last two are always group and version: `api::apps::v1`, `apimachinery::pkg::apis::meta::v1`.
pub(crate) fn core_module<'a>(mut segments: impl Iterator<Item = &'a str>) -> String {
    let (version, group) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    format!("k8s.{group}.{version}")
}
