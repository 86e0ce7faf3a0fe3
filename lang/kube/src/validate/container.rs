//! Single containers: image, ports, environment, mounts, probes.

use forge_base::{Code, suggest};

use super::syntax;
use super::{Found, quantity, title, union};
use crate::resource::{Data, Resource};

/// Checks one container of a pod.
pub(super) fn check<'a>(
    resource: &Resource<'a>,
    spec: &'a Data<'a>,
    container: &'a Data<'a>,
    found: &mut Vec<Found<'a>>,
) {
    let cx = Cx { resource, container, name: container.text("name").unwrap_or("") };
    cx.image(found);
    cx.ports(found);
    cx.env(found);
    cx.mounts(spec, found);
    cx.probes(found);
    quantity::resources(resource, container, cx.name, found);
}

struct Cx<'c, 'a> {
    resource: &'c Resource<'a>,
    container: &'a Data<'a>,
    name: &'a str,
}

impl<'a> Cx<'_, 'a> {
    /// `container `app` of Deployment `web``.
    fn title(&self) -> String {
        format!("container `{}` of {}", super::short(self.name), title(self.resource))
    }

    fn image(&self, found: &mut Vec<Found<'a>>) {
        if matches!(self.container.text("image"), None | Some("")) {
            let at = self.container.get("image").unwrap_or(self.container);
            let headline = format!("{} has no image", self.title());
            found.push(Found::error(Code::BAD_CONTAINER, headline, at, "`image` is not set"));
        }
    }

    fn ports(&self, found: &mut Vec<Found<'a>>) {
        let ports = self.container.list("ports");
        for (place, port) in ports.iter().enumerate() {
            if let Some(at) = port.get("containerPort")
                && let Some(wrong) = at.as_int().and_then(syntax::port_number)
            {
                let headline = format!("{} has a port that cannot be", self.title());
                found.push(Found::error(Code::BAD_CONTAINER, headline, at, format!("the number {wrong}")));
            }
            let Some(at) = port.get("name") else { continue };
            let Some(name) = at.as_str() else { continue };
            if let Some(wrong) = syntax::port_name(name) {
                found.push(super::bad_port_name(name, at, wrong));
            }
            let same = |other: &&Data<'a>| other.text("name") == Some(name);
            if let Some(first) = ports[..place].iter().find(same).and_then(|first| first.get("name")) {
                let headline = format!("{} has two ports named `{name}`", self.title());
                found.push(Found::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first"));
            }
        }
        self.port_numbers(found);
    }

    fn port_numbers(&self, found: &mut Vec<Found<'a>>) {
        let ports = self.container.list("ports");
        let key = |port: &Data<'a>| {
            let number = port.get("containerPort")?.as_int()?;
            Some((
                number,
                port.text("protocol").unwrap_or("TCP"),
                port.text("hostIP"),
                port.get("hostPort").and_then(Data::as_int),
            ))
        };
        for (place, port) in ports.iter().enumerate() {
            let Some((number, protocol, ..)) = key(port) else { continue };
            if let Some(first) = ports[..place].iter().find(|other| key(other) == key(port)) {
                let headline = format!("{} has port {number}/{protocol} twice", self.title());
                found.push(
                    Found::warning(Code::DUPLICATE_PART, headline, port, "the second")
                        .also(first, "the first")
                        .note("a server-side apply refuses it"),
                );
            }
        }
    }

    fn env(&self, found: &mut Vec<Found<'a>>) {
        let env = self.container.list("env");
        for (place, var) in env.iter().enumerate() {
            let name = var.text("name").unwrap_or("");
            let wrong = if name.is_empty() {
                Some("a variable needs a name")
            } else if name.contains('=') {
                Some("a name may not hold `=`")
            } else {
                None
            };
            if let Some(wrong) = wrong {
                let headline = format!("{} has a variable that cannot be", self.title());
                found.push(Found::error(Code::BAD_PART_NAME, headline, var.get("name").unwrap_or(var), wrong));
            }
            if let Some(first) = env[..place].iter().find(|other| other.text("name") == Some(name)) {
                let headline = format!("{} sets `{name}` twice", self.title());
                found.push(
                    Found::warning(Code::DUPLICATE_PART, headline, var, "this one is used")
                        .also(first, "this one is not"),
                );
            }
            self.env_source(var, name, found);
        }
        for from in self.container.list("envFrom") {
            let whose = || format!("an `envFrom` of {}", self.title());
            union::one_of(from, whose, &["configMapRef", "secretRef"], found);
        }
    }

    fn env_source(&self, var: &'a Data<'a>, name: &str, found: &mut Vec<Found<'a>>) {
        let Some(source) = var.get("valueFrom") else { return };
        if let Some(at) = var.get("value")
            && at.as_str() != Some("")
        {
            let headline = format!("variable `{name}` has both `value` and `valueFrom`");
            found.push(Found::error(Code::ONE_OF, headline, at, "one of both").also(source, "and the other"));
        }
        const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
        union::one_of(source, || format!("`valueFrom` of variable `{name}`"), &SOURCES, found);
    }

    fn mounts(&self, spec: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
        let mounts = self.container.list("volumeMounts");
        for (place, mount) in mounts.iter().enumerate() {
            if let Some(at) = mount.get("name")
                && let Some(name) = at.as_str()
            {
                self.mounted_volume(spec, at, name, found);
            }
            let Some(path) = mount.get("mountPath").and_then(Data::as_str) else { continue };
            let same = |other: &&Data<'a>| other.text("mountPath") == Some(path);
            if let Some(first) = mounts[..place].iter().find(same) {
                let headline = format!("{} mounts two volumes at `{path}`", self.title());
                found.push(Found::error(Code::DUPLICATE_PART, headline, mount, "the second").also(first, "the first"));
            }
        }
    }

    fn mounted_volume(&self, spec: &'a Data<'a>, at: &'a Data<'a>, name: &str, found: &mut Vec<Found<'a>>) {
        let claims: &[Data<'a>] = match self.resource.kind {
            "StatefulSet" => self.resource.get("spec").map_or(&[], |spec| spec.list("volumeClaimTemplates")),
            _ => &[],
        };
        let claims = claims.iter().filter_map(|claim| claim.at(&["metadata", "name"])?.as_str());
        let volumes: Vec<&str> =
            spec.list("volumes").iter().filter_map(|volume| volume.text("name")).chain(claims).collect();
        if !volumes.contains(&name) {
            let headline = format!("{} mounts `{name}`, which is no volume of its pod", self.title());
            let finding = Found::error(Code::UNKNOWN_VOLUME, headline, at, "no volume has this name");
            let finding = match spec.get("volumes") {
                Some(all) => finding.also(all, "the volumes"),
                None => finding.note("the pod has no volumes"),
            };
            found.push(finding.did_you_mean(suggest::nearest(name, volumes)));
        }
    }

    fn probes(&self, found: &mut Vec<Found<'a>>) {
        const PROBES: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];
        const HOOKS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "sleep"];
        for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let Some(probe) = self.container.get(kind) else { continue };
            let whose = || format!("the `{kind}` of {}", self.title());
            union::one_of(probe, whose, &PROBES, found);
            self.handler(probe, kind, found);
            self.probe_numbers(probe, kind, found);
        }
        let Some(lifecycle) = self.container.get("lifecycle") else { return };
        for kind in ["postStart", "preStop"] {
            let Some(hook) = lifecycle.get(kind) else { continue };
            union::one_of(hook, || format!("the `{kind}` of {}", self.title()), &HOOKS, found);
            self.handler(hook, kind, found);
        }
    }

    fn handler(&self, handler: &'a Data<'a>, kind: &str, found: &mut Vec<Found<'a>>) {
        for way in ["httpGet", "tcpSocket"] {
            let Some(at) = handler.get(way).and_then(|way| way.get("port")) else { continue };
            match at {
                Data::Int(number) => {
                    if let Some(wrong) = syntax::port_number(*number) {
                        let headline = format!("the `{kind}` of {} asks a port that cannot be", self.title());
                        found.push(Found::error(Code::BAD_CONTAINER, headline, at, format!("the number {wrong}")));
                    }
                }
                Data::Str(name) => self.named_port(at, name, kind, found),
                _ => {}
            }
        }
    }

    fn named_port(&self, at: &'a Data<'a>, name: &str, kind: &str, found: &mut Vec<Found<'a>>) {
        if let Some(wrong) = syntax::port_name(name) {
            found.push(super::bad_port_name(name, at, wrong));
            return;
        }
        if syntax::is_placeholder(name) {
            return;
        }
        let names: Vec<&str> = self.container.list("ports").iter().filter_map(|port| port.text("name")).collect();
        if !names.contains(&name) {
            let headline = format!("the `{kind}` of {} asks port `{name}`", self.title());
            let finding =
                Found::warning(Code::UNKNOWN_PORT_NAME, headline, at, "the container has no port of this name");
            let finding = match self.container.get("ports") {
                Some(ports) => finding.also(ports, "its ports"),
                None => finding.note("the container names no ports"),
            };
            found.push(finding.did_you_mean(suggest::nearest(name, names)));
        }
    }

    fn probe_numbers(&self, probe: &'a Data<'a>, kind: &str, found: &mut Vec<Found<'a>>) {
        const NUMBERS: [&str; 5] =
            ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];
        for number in NUMBERS {
            let Some(at) = probe.get(number) else { continue };
            if at.as_int().is_some_and(|number| number < 0) {
                let headline = format!("the `{kind}` of {} has a negative `{number}`", self.title());
                found.push(Found::error(Code::BAD_CONTAINER, headline, at, "must not be below 0"));
            }
        }
        if kind != "readinessProbe"
            && let Some(at) = probe.get("successThreshold")
            && at.as_int().is_some_and(|number| number > 1)
        {
            let headline = format!("the `{kind}` of {} wants several successes", self.title());
            found.push(Found::error(
                Code::BAD_CONTAINER,
                headline,
                at,
                "must be 1; only a `readinessProbe` may want more",
            ));
        }
    }
}
