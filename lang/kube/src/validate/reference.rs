//! Which other objects a resource needs.

use smol_str::SmolStr;

use super::facts::default_namespace;
use super::{access, pod};
use crate::resource::{Data, Resource};

/// A port that is meant by number or by name.
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
    /// Empty for the default namespace, and for what is in none.
    pub(super) namespace: &'a str,
    pub(super) port: Option<PortRef>,
    /// What names it.
    pub(super) at: &'a Data<'a>,
}

/// Everything that a resource needs to be there. What is marked as optional is left out.
pub(super) fn references<'a>(resource: &Resource<'a>) -> Vec<Reference<'a>> {
    let mut cx = Cx { namespace: default_namespace(resource.namespace()), found: Vec::new() };
    if let Some(template) = pod::template(resource) {
        cx.pod(template.spec);
    }
    match (resource.group(), resource.kind) {
        ("", "PersistentVolumeClaim") => cx.claim(resource.data),
        ("", "ServiceAccount") => {
            resource.data.list("imagePullSecrets").iter().for_each(|item| cx.named("", "Secret", item, "name"));
        }
        ("apps", "StatefulSet") => {
            let Some(spec) = resource.get("spec") else { return cx.found };
            spec.list("volumeClaimTemplates").iter().for_each(|item| cx.claim(item));
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
    cx.found
}

struct Cx<'a> {
    namespace: &'a str,
    found: Vec<Reference<'a>>,
}

impl<'a> Cx<'a> {
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
            self.found.push(Reference { group, kind, name, namespace, port, at });
        }
    }

    /// A reference into the same namespace, unless it is optional.
    fn named(&mut self, group: &'static str, kind: &'static str, holder: &'a Data<'a>, key: &str) {
        if !holder.get("optional").is_some_and(Data::is_true) {
            self.add((group, kind), self.namespace, holder.get(key), None);
        }
    }

    /// A reference to what is in no namespace.
    fn global(&mut self, group: &'static str, kind: &'static str, holder: &'a Data<'a>, key: &str) {
        self.add((group, kind), "", holder.get(key), None);
    }

    fn pod(&mut self, spec: &'a Data<'a>) {
        self.named("", "ServiceAccount", spec, "serviceAccountName");
        self.global("scheduling.k8s.io", "PriorityClass", spec, "priorityClassName");
        for secret in spec.list("imagePullSecrets") {
            self.named("", "Secret", secret, "name");
        }
        for volume in spec.list("volumes") {
            self.source(volume);
            for source in volume.get("projected").map_or(&[][..], |projected| projected.list("sources")) {
                self.data(source, "configMap", "secret");
            }
        }
        for container in pod::containers(spec) {
            for from in container.list("envFrom") {
                self.data(from, "configMapRef", "secretRef");
            }
            for source in container.list("env").iter().filter_map(|var| var.get("valueFrom")) {
                self.data(source, "configMapKeyRef", "secretKeyRef");
            }
        }
    }

    /// What is taken out of a ConfigMap or a Secret, each named by a part of `holder`.
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
        let paths = spec.list("rules").iter().filter_map(|rule| rule.get("http")).flat_map(|http| http.list("paths"));
        let backends = paths.filter_map(|path| path.get("backend")).chain(spec.get("defaultBackend"));
        for service in backends.filter_map(|backend| backend.get("service")) {
            let port = service.get("port").and_then(|port| {
                let number = port.get("number").and_then(Data::as_int).filter(|number| *number != 0);
                number.map(PortRef::Number).or_else(|| Some(PortRef::Name(port.text("name")?.into())))
            });
            self.add(("", "Service"), self.namespace, service.get("name"), port);
        }
        // A certificate may be made for an Ingress that asks for it with annotations.
        let annotations = resource.data.at(&["metadata", "annotations"]).map_or(&[][..], Data::entries);
        if annotations.is_empty() {
            spec.list("tls").iter().for_each(|tls| self.named("", "Secret", tls, "secretName"));
        }
    }

    fn scaled(&mut self, resource: &Resource<'a>) {
        let Some(target) = resource.data.at(&["spec", "scaleTargetRef"]) else { return };
        if !target.text("apiVersion").is_some_and(|version| version.starts_with("apps/")) {
            return;
        }
        let kind =
            ["Deployment", "StatefulSet", "ReplicaSet"].into_iter().find(|kind| target.text("kind") == Some(kind));
        if let Some(kind) = kind {
            self.named("apps", kind, target, "name");
        }
    }

    fn binding(&mut self, resource: &Resource<'a>) {
        if let Some(role) = resource.get("roleRef") {
            match role.text("kind") {
                Some("Role") => self.named(access::GROUP, "Role", role, "name"),
                Some("ClusterRole") => self.global(access::GROUP, "ClusterRole", role, "name"),
                _ => {}
            }
        }
        for subject in resource.data.list("subjects") {
            if subject.text("kind") == Some("ServiceAccount") {
                let namespace = subject.text("namespace").map_or(self.namespace, default_namespace);
                self.add(("", "ServiceAccount"), namespace, subject.get("name"), None);
            }
        }
    }

    fn route(&mut self, resource: &Resource<'a>) {
        let Some(spec) = resource.get("spec") else { return };
        for parent in spec.list("parentRefs") {
            let is_gateway = matches!(parent.text("kind"), None | Some("Gateway"))
                && matches!(parent.text("group"), None | Some("gateway.networking.k8s.io"));
            if is_gateway {
                let namespace = parent.text("namespace").map_or(self.namespace, default_namespace);
                self.add(("gateway.networking.k8s.io", "Gateway"), namespace, parent.get("name"), None);
            }
        }
        for backend in spec.list("rules").iter().flat_map(|rule| rule.list("backendRefs")) {
            let is_service = matches!(backend.text("kind"), None | Some("Service"))
                && matches!(backend.text("group"), None | Some(""));
            if is_service {
                let namespace = backend.text("namespace").map_or(self.namespace, default_namespace);
                let port = backend.get("port").and_then(Data::as_int).map(PortRef::Number);
                self.add(("", "Service"), namespace, backend.get("name"), port);
            }
        }
    }

    fn issuer(&mut self, resource: &Resource<'a>) {
        let Some(issuer) = resource.data.at(&["spec", "issuerRef"]) else { return };
        if !matches!(issuer.text("group"), None | Some("cert-manager.io")) {
            return;
        }
        match issuer.text("kind") {
            None | Some("Issuer") => self.named("cert-manager.io", "Issuer", issuer, "name"),
            Some("ClusterIssuer") => self.global("cert-manager.io", "ClusterIssuer", issuer, "name"),
            _ => {}
        }
    }

    fn store(&mut self, resource: &Resource<'a>) {
        let Some(store) = resource.data.at(&["spec", "secretStoreRef"]) else { return };
        match store.text("kind") {
            None | Some("SecretStore") => self.named("external-secrets.io", "SecretStore", store, "name"),
            Some("ClusterSecretStore") => self.global("external-secrets.io", "ClusterSecretStore", store, "name"),
            _ => {}
        }
    }
}
