//! References from a resource to other objects.

use smol_str::SmolStr;

use super::kind::default_namespace;
use super::{access, pod};
use crate::resource::{Data, Resource};

/// A port, by number or by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum PortRef {
    Number(i64),
    Name(SmolStr),
}

/// A reference to another object.
pub(super) struct Reference<'a> {
    pub(super) group: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    /// Empty for the default namespace and for cluster-scoped objects.
    pub(super) namespace: &'a str,
    pub(super) port: Option<PortRef>,
    /// The value that contains the name.
    pub(super) at: &'a Data<'a>,
}

/// The objects that must exist for a resource to work. Optional references are left out.
pub(super) fn references<'a>(resource: &Resource<'a>) -> Vec<Reference<'a>> {
    let mut cx = ReferenceCollector { namespace: default_namespace(resource.namespace()), references: Vec::new() };
    if let Some(template) = pod::template(resource) {
        cx.pod(template.spec);
    }
    match (resource.group(), resource.kind) {
        ("", "PersistentVolumeClaim") => cx.claim(resource.data),
        ("", "ServiceAccount") => {
            resource.data.get_list("imagePullSecrets").iter().for_each(|item| cx.named("", "Secret", item, "name"));
        }
        ("apps", "StatefulSet") => {
            let Some(spec) = resource.get("spec") else { return cx.references };
            spec.get_list("volumeClaimTemplates").iter().for_each(|item| cx.claim(item));
            cx.named("", "Service", spec, "serviceName");
        }
        ("networking.k8s.io", "Ingress") => cx.ingress(resource),
        ("autoscaling", "HorizontalPodAutoscaler") => cx.scaled(resource),
        (access::GROUP, "RoleBinding" | "ClusterRoleBinding") => cx.binding(resource),
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" | "UDPRoute") => {
            cx.route(resource)
        }
        ("gateway.networking.k8s.io", "Gateway") => {
            if let Some(spec) = resource.get("spec") {
                cx.global("gateway.networking.k8s.io", "GatewayClass", spec, "gatewayClassName");
            }
        }
        ("cert-manager.io", "Certificate") => cx.issuer(resource),
        ("external-secrets.io", "ExternalSecret") => cx.store(resource),
        _ => {}
    }
    cx.references
}

struct ReferenceCollector<'a> {
    namespace: &'a str,
    references: Vec<Reference<'a>>,
}

impl<'a> ReferenceCollector<'a> {
    fn add(
        &mut self,
        (group, kind): (&'static str, &'static str),
        namespace: &'a str,
        at: Option<&'a Data<'a>>,
        port: Option<PortRef>,
    ) {
        let Some(at) = at else { return };
        let Some(name) = at.as_str() else { return };
        if !name.is_empty() && !super::syntax::is_placeholder(name) && !super::syntax::is_placeholder(namespace) {
            self.references.push(Reference { group, kind, name, namespace, port, at });
        }
    }

    /// Adds a reference within the namespace of the resource, unless it is optional.
    fn named(&mut self, group: &'static str, kind: &'static str, holder: &'a Data<'a>, key: &str) {
        if !holder.get("optional").is_some_and(Data::is_true) {
            self.add((group, kind), self.namespace, holder.get(key), None);
        }
    }

    /// Adds a reference to a cluster-scoped object.
    fn global(&mut self, group: &'static str, kind: &'static str, holder: &'a Data<'a>, key: &str) {
        self.add((group, kind), "", holder.get(key), None);
    }

    fn pod(&mut self, spec: &'a Data<'a>) {
        self.named("", "ServiceAccount", spec, "serviceAccountName");
        self.global("scheduling.k8s.io", "PriorityClass", spec, "priorityClassName");
        for secret in spec.get_list("imagePullSecrets") {
            self.named("", "Secret", secret, "name");
        }
        for volume in spec.get_list("volumes") {
            self.source(volume);
            for source in volume.get("projected").map_or(&[][..], |projected| projected.get_list("sources")) {
                self.data(source, "configMap", "secret");
            }
        }
        for container in pod::containers(spec) {
            for from in container.get_list("envFrom") {
                self.data(from, "configMapRef", "secretRef");
            }
            for source in container.get_list("env").iter().filter_map(|var| var.get("valueFrom")) {
                self.data(source, "configMapKeyRef", "secretKeyRef");
            }
        }
    }

    /// Adds references to a ConfigMap and a Secret, which are named at these keys of `holder`.
    fn data(&mut self, holder: &'a Data<'a>, config_map: &str, secret: &str) {
        for (part, kind) in [(config_map, "ConfigMap"), (secret, "Secret")] {
            if let Some(source) = holder.get(part) {
                self.named("", kind, source, "name");
            }
        }
    }

    fn source(&mut self, volume: &'a Data<'a>) {
        if let Some(holder) = volume.get("configMap") {
            self.named("", "ConfigMap", holder, "name");
        }
        if let Some(holder) = volume.get("secret") {
            self.named("", "Secret", holder, "secretName");
        }
        if let Some(holder) = volume.get("persistentVolumeClaim") {
            self.named("", "PersistentVolumeClaim", holder, "claimName");
        }
        if let Some(claim) = volume.at(&["ephemeral", "volumeClaimTemplate"]) {
            self.claim(claim);
        }
    }

    fn claim(&mut self, claim: &'a Data<'a>) {
        if let Some(spec) = claim.get("spec") {
            self.global("storage.k8s.io", "StorageClass", spec, "storageClassName");
        }
    }

    fn ingress(&mut self, resource: &Resource<'a>) {
        let Some(spec) = resource.get("spec") else { return };
        self.global("networking.k8s.io", "IngressClass", spec, "ingressClassName");
        let paths =
            spec.get_list("rules").iter().filter_map(|rule| rule.get("http")).flat_map(|http| http.get_list("paths"));
        let backends = paths.filter_map(|path| path.get("backend")).chain(spec.get("defaultBackend"));
        for service in backends.filter_map(|backend| backend.get("service")) {
            let port = service.get("port").and_then(|port| {
                let number = port.get("number").and_then(Data::as_int).filter(|number| *number != 0);
                number.map(PortRef::Number).or_else(|| Some(PortRef::Name(port.get_str("name")?.into())))
            });
            self.add(("", "Service"), self.namespace, service.get("name"), port);
        }
        // cert-manager may create the Secret of an annotated Ingress.
        let annotations = resource.data.at(&["metadata", "annotations"]).map_or(&[][..], Data::entries);
        if annotations.is_empty() {
            spec.get_list("tls").iter().for_each(|tls| self.named("", "Secret", tls, "secretName"));
        }
    }

    fn scaled(&mut self, resource: &Resource<'a>) {
        let Some(target) = resource.data.at(&["spec", "scaleTargetRef"]) else { return };
        if !target.get_str("apiVersion").is_some_and(|version| version.starts_with("apps/")) {
            return;
        }
        let kind =
            ["Deployment", "StatefulSet", "ReplicaSet"].into_iter().find(|kind| target.get_str("kind") == Some(kind));
        if let Some(kind) = kind {
            self.named("apps", kind, target, "name");
        }
    }

    fn binding(&mut self, resource: &Resource<'a>) {
        if let Some(role) = resource.get("roleRef") {
            match role.get_str("kind") {
                Some("Role") => self.named(access::GROUP, "Role", role, "name"),
                Some("ClusterRole") => self.global(access::GROUP, "ClusterRole", role, "name"),
                _ => {}
            }
        }
        for subject in resource.data.get_list("subjects") {
            if subject.get_str("kind") == Some("ServiceAccount") {
                let namespace = subject.get_str("namespace").map_or(self.namespace, default_namespace);
                self.add(("", "ServiceAccount"), namespace, subject.get("name"), None);
            }
        }
    }

    fn route(&mut self, resource: &Resource<'a>) {
        let Some(spec) = resource.get("spec") else { return };
        for parent in spec.get_list("parentRefs") {
            let is_gateway = matches!(parent.get_str("kind"), None | Some("Gateway"))
                && matches!(parent.get_str("group"), None | Some("gateway.networking.k8s.io"));
            if is_gateway {
                let namespace = parent.get_str("namespace").map_or(self.namespace, default_namespace);
                self.add(("gateway.networking.k8s.io", "Gateway"), namespace, parent.get("name"), None);
            }
        }
        for backend in spec.get_list("rules").iter().flat_map(|rule| rule.get_list("backendRefs")) {
            let is_service = matches!(backend.get_str("kind"), None | Some("Service"))
                && matches!(backend.get_str("group"), None | Some(""));
            if is_service {
                let namespace = backend.get_str("namespace").map_or(self.namespace, default_namespace);
                let port = backend.get("port").and_then(Data::as_int).map(PortRef::Number);
                self.add(("", "Service"), namespace, backend.get("name"), port);
            }
        }
    }

    fn issuer(&mut self, resource: &Resource<'a>) {
        let Some(issuer) = resource.data.at(&["spec", "issuerRef"]) else { return };
        if !matches!(issuer.get_str("group"), None | Some("cert-manager.io")) {
            return;
        }
        match issuer.get_str("kind") {
            None | Some("Issuer") => self.named("cert-manager.io", "Issuer", issuer, "name"),
            Some("ClusterIssuer") => self.global("cert-manager.io", "ClusterIssuer", issuer, "name"),
            _ => {}
        }
    }

    fn store(&mut self, resource: &Resource<'a>) {
        let Some(store) = resource.data.at(&["spec", "secretStoreRef"]) else { return };
        match store.get_str("kind") {
            None | Some("SecretStore") => self.named("external-secrets.io", "SecretStore", store, "name"),
            Some("ClusterSecretStore") => self.global("external-secrets.io", "ClusterSecretStore", store, "name"),
            _ => {}
        }
    }
}
