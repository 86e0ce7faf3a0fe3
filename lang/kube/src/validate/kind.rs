//! What the rules know of kinds by themselves: scope and the form of names. The only place that says so.

use crate::resource::Resource;

/// Where objects of a kind live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster itself.
    Cluster,
}

/// What the name of an object must look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NameForm {
    /// `dns_label`
    Label,
    /// `dns_1035_label`, since Kubernetes 1.35 perhaps `dns_label`
    Service,
    /// `dns_subdomain`
    Subdomain,
    /// `path_segment`
    Segment,
}

/// What is known of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Its API group; empty for the core group.
    pub(crate) group: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Where its objects live.
    pub(crate) scope: Scope,
    /// What they may be called.
    pub(crate) form: NameForm,
    /// Whether every API server has it.
    pub(crate) is_builtin: bool,
}

macro_rules! kinds {
    ($($group:literal $origin:ident: $($name:ident $scope:ident $form:ident),*;)*) => {
        const KINDS: &[Kind] = &[$($(Kind {
            group: $group,
            name: stringify!($name),
            scope: Scope::$scope,
            form: NameForm::$form,
            is_builtin: $origin,
        }),*),*];
    };
}

#[allow(non_upper_case_globals, reason = "they read as words in the table")]
const builtin: bool = true;
#[allow(non_upper_case_globals, reason = "they read as words in the table")]
const custom: bool = false;

kinds! {
    "" builtin: Namespace Cluster Label, Node Cluster Subdomain, PersistentVolume Cluster Subdomain,
        ConfigMap Namespaced Subdomain, Secret Namespaced Subdomain, Service Namespaced Service,
        ServiceAccount Namespaced Subdomain, Pod Namespaced Subdomain, PodTemplate Namespaced Subdomain,
        ReplicationController Namespaced Subdomain, PersistentVolumeClaim Namespaced Subdomain,
        ResourceQuota Namespaced Subdomain, LimitRange Namespaced Subdomain, Endpoints Namespaced Segment,
        Event Namespaced Segment;
    "apps" builtin: Deployment Namespaced Subdomain, StatefulSet Namespaced Subdomain, DaemonSet Namespaced Subdomain,
        ReplicaSet Namespaced Subdomain, ControllerRevision Namespaced Segment;
    "batch" builtin: Job Namespaced Subdomain, CronJob Namespaced Subdomain;
    "autoscaling" builtin: HorizontalPodAutoscaler Namespaced Segment;
    "policy" builtin: PodDisruptionBudget Namespaced Segment;
    "networking.k8s.io" builtin: Ingress Namespaced Subdomain, NetworkPolicy Namespaced Subdomain,
        IngressClass Cluster Subdomain, IPAddress Cluster Segment, ServiceCIDR Cluster Segment;
    "rbac.authorization.k8s.io" builtin: Role Namespaced Segment, RoleBinding Namespaced Segment,
        ClusterRole Cluster Segment, ClusterRoleBinding Cluster Segment;
    "scheduling.k8s.io" builtin: PriorityClass Cluster Subdomain;
    "storage.k8s.io" builtin: StorageClass Cluster Subdomain, CSIDriver Cluster Segment, CSINode Cluster Segment,
        VolumeAttachment Cluster Segment, CSIStorageCapacity Namespaced Segment, VolumeAttributesClass Cluster Segment;
    "admissionregistration.k8s.io" builtin: ValidatingWebhookConfiguration Cluster Segment,
        MutatingWebhookConfiguration Cluster Segment, ValidatingAdmissionPolicy Cluster Segment,
        ValidatingAdmissionPolicyBinding Cluster Segment, MutatingAdmissionPolicy Cluster Segment,
        MutatingAdmissionPolicyBinding Cluster Segment;
    "apiextensions.k8s.io" builtin: CustomResourceDefinition Cluster Subdomain;
    "apiregistration.k8s.io" builtin: APIService Cluster Segment;
    "coordination.k8s.io" builtin: Lease Namespaced Segment;
    "discovery.k8s.io" builtin: EndpointSlice Namespaced Segment;
    "node.k8s.io" builtin: RuntimeClass Cluster Subdomain;
    "flowcontrol.apiserver.k8s.io" builtin: FlowSchema Cluster Segment, PriorityLevelConfiguration Cluster Segment;
    "certificates.k8s.io" builtin: CertificateSigningRequest Cluster Segment, ClusterTrustBundle Cluster Segment;
    "resource.k8s.io" builtin: DeviceClass Cluster Segment, ResourceSlice Cluster Segment,
        ResourceClaim Namespaced Segment, ResourceClaimTemplate Namespaced Segment;
    "gateway.networking.k8s.io" custom: GatewayClass Cluster Subdomain, Gateway Namespaced Subdomain,
        HTTPRoute Namespaced Subdomain, GRPCRoute Namespaced Subdomain, TLSRoute Namespaced Subdomain,
        TCPRoute Namespaced Subdomain, UDPRoute Namespaced Subdomain, ReferenceGrant Namespaced Subdomain;
    "cert-manager.io" custom: ClusterIssuer Cluster Subdomain, Issuer Namespaced Subdomain,
        Certificate Namespaced Subdomain;
    "external-secrets.io" custom: ClusterSecretStore Cluster Subdomain, ClusterExternalSecret Cluster Subdomain,
        SecretStore Namespaced Subdomain, ExternalSecret Namespaced Subdomain;
    "cilium.io" custom: CiliumClusterwideNetworkPolicy Cluster Subdomain, CiliumLoadBalancerIPPool Cluster Subdomain,
        CiliumBGPClusterConfig Cluster Subdomain, CiliumBGPPeerConfig Cluster Subdomain,
        CiliumBGPAdvertisement Cluster Subdomain, CiliumL2AnnouncementPolicy Cluster Subdomain,
        CiliumNetworkPolicy Namespaced Subdomain;
}

/// What is known of a resource's kind.
pub(crate) fn kind(group: &str, name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name && kind.group == group)
}

/// Whether a group belongs to Kubernetes itself.
pub(crate) fn is_builtin_group(group: &str) -> bool {
    KINDS.iter().any(|kind| kind.is_builtin && kind.group == group)
}

/// Whether it is written for a tool that reads files, and never sent to an API server.
pub(crate) fn is_file_only(resource: &Resource<'_>) -> bool {
    let group = resource.group();
    let tools = ["kustomize.config.k8s.io", "kubeadm.k8s.io", "kind.x-k8s.io", "audit.k8s.io", "k3d.io"];
    tools.contains(&group) || group.contains(".config.") || resource.kind == "List"
}
