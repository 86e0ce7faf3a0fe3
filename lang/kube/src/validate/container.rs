//! Containers: image, ports, environment, volume mounts, probes.

use forge_base::{Code, suggest};

use super::headline::{shorten, title};
use super::port::bad_port_name;
use super::syntax;
use super::violation::{Violation, Violations};
use super::{quantity, union};
use crate::resource::{Data, Resource};

/// Checks one container of a pod.
pub(super) fn check<'a>(
    resource: &Resource<'a>,
    spec: &'a Data<'a>,
    container: &'a Data<'a>,
    violations: &mut Violations<'a>,
) {
    let cx = ContainerCx { resource, container, name: container.get_str("name").unwrap_or("") };
    cx.image(violations);
    cx.ports(violations);
    cx.env(violations);
    cx.mounts(spec, violations);
    cx.probes(violations);
    quantity::resources(resource, container, cx.name, violations);
}

struct ContainerCx<'c, 'a> {
    resource: &'c Resource<'a>,
    container: &'a Data<'a>,
    name: &'a str,
}

impl<'a> ContainerCx<'_, 'a> {
    /// `container `app` of Deployment `web``.
    fn title(&self) -> String {
        format!("container `{}` of {}", shorten(self.name), title(self.resource))
    }

    fn image(&self, violations: &mut Violations<'a>) {
        if matches!(self.container.get_str("image"), None | Some("")) {
            let at = self.container.get("image").unwrap_or(self.container);
            let headline = format!("{} has no image", self.title());
            violations.push(Violation::error(Code::BAD_CONTAINER, headline, at, "`image` is not set"));
        }
    }

    fn ports(&self, violations: &mut Violations<'a>) {
        let ports = self.container.get_list("ports");
        for (index, port) in ports.iter().enumerate() {
            if let Some(at) = port.get("containerPort")
                && let Some(problem) = at.as_int().and_then(syntax::port_number)
            {
                let headline = format!("{} has an invalid port", self.title());
                violations.push(Violation::error(Code::BAD_CONTAINER, headline, at, format!("the number {problem}")));
            }
            let Some(at) = port.get("name") else { continue };
            let Some(name) = at.as_str() else { continue };
            if let Some(problem) = syntax::port_name(name) {
                violations.push(bad_port_name(name, at, problem));
            }
            let same = |other: &&Data<'a>| other.get_str("name") == Some(name);
            if let Some(first) = ports[..index].iter().find(same).and_then(|first| first.get("name")) {
                let headline = format!("{} has two ports named `{name}`", self.title());
                violations
                    .push(Violation::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first"));
            }
        }
        self.port_numbers(violations);
    }

    fn port_numbers(&self, violations: &mut Violations<'a>) {
        let ports = self.container.get_list("ports");
        let key = |port: &Data<'a>| {
            let number = port.get("containerPort")?.as_int()?;
            Some((
                number,
                port.get_str("protocol").unwrap_or("TCP"),
                port.get_str("hostIP"),
                port.get("hostPort").and_then(Data::as_int),
            ))
        };
        for (index, port) in ports.iter().enumerate() {
            let Some((number, protocol, ..)) = key(port) else { continue };
            if let Some(first) = ports[..index].iter().find(|other| key(other) == key(port)) {
                let headline = format!("{} has port {number}/{protocol} twice", self.title());
                violations.push(
                    Violation::warning(Code::DUPLICATE_PART, headline, port, "the second")
                        .also(first, "the first")
                        .note("server-side apply rejects it"),
                );
            }
        }
    }

    fn env(&self, violations: &mut Violations<'a>) {
        let env = self.container.get_list("env");
        for (index, var) in env.iter().enumerate() {
            let name = var.get_str("name").unwrap_or("");
            let problem = if name.is_empty() {
                Some("an environment variable needs a name")
            } else if name.contains('=') {
                Some("a name must not contain `=`")
            } else {
                None
            };
            if let Some(problem) = problem {
                let headline = format!("{} has an invalid environment variable", self.title());
                violations.push(Violation::error(
                    Code::BAD_PART_NAME,
                    headline,
                    var.get("name").unwrap_or(var),
                    problem,
                ));
            }
            if let Some(first) = env[..index].iter().find(|other| other.get_str("name") == Some(name)) {
                let headline = format!("{} sets `{name}` twice", self.title());
                violations.push(
                    Violation::warning(Code::DUPLICATE_PART, headline, var, "this one takes effect")
                        .also(first, "this one is ignored"),
                );
            }
            self.env_source(var, name, violations);
        }
        for from in self.container.get_list("envFrom") {
            let owner = || format!("an `envFrom` of {}", self.title());
            union::one_of(from, owner, &["configMapRef", "secretRef"], violations);
        }
    }

    fn env_source(&self, var: &'a Data<'a>, name: &str, violations: &mut Violations<'a>) {
        let Some(source) = var.get("valueFrom") else { return };
        if let Some(at) = var.get("value")
            && at.as_str() != Some("")
        {
            let headline = format!("variable `{name}` has both `value` and `valueFrom`");
            violations.push(Violation::error(Code::ONE_OF, headline, at, "one of both").also(source, "and the other"));
        }
        const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
        union::one_of(source, || format!("`valueFrom` of variable `{name}`"), &SOURCES, violations);
    }

    fn mounts(&self, spec: &'a Data<'a>, violations: &mut Violations<'a>) {
        let mounts = self.container.get_list("volumeMounts");
        for (index, mount) in mounts.iter().enumerate() {
            if let Some(at) = mount.get("name")
                && let Some(name) = at.as_str()
            {
                self.mounted_volume(spec, at, name, violations);
            }
            let Some(path) = mount.get("mountPath").and_then(Data::as_str) else { continue };
            let same = |other: &&Data<'a>| other.get_str("mountPath") == Some(path);
            if let Some(first) = mounts[..index].iter().find(same) {
                let headline = format!("{} mounts two volumes at `{path}`", self.title());
                violations.push(
                    Violation::error(Code::DUPLICATE_PART, headline, mount, "the second").also(first, "the first"),
                );
            }
        }
    }

    fn mounted_volume(&self, spec: &'a Data<'a>, at: &'a Data<'a>, name: &str, violations: &mut Violations<'a>) {
        let claims: &[Data<'a>] = match self.resource.kind {
            "StatefulSet" => self.resource.get("spec").map_or(&[], |spec| spec.get_list("volumeClaimTemplates")),
            _ => &[],
        };
        let claims = claims.iter().filter_map(|claim| claim.at(&["metadata", "name"])?.as_str());
        let volumes: Vec<&str> =
            spec.get_list("volumes").iter().filter_map(|volume| volume.get_str("name")).chain(claims).collect();
        if !volumes.contains(&name) {
            let headline = format!("{} mounts `{name}`, which is not a volume of its pod", self.title());
            let violation = Violation::error(Code::UNKNOWN_VOLUME, headline, at, "no volume has this name");
            let violation = match spec.get("volumes") {
                Some(all) => violation.also(all, "the volumes"),
                None => violation.note("the pod has no volumes"),
            };
            violations.push(violation.did_you_mean(suggest::nearest(name, volumes)));
        }
    }

    fn probes(&self, violations: &mut Violations<'a>) {
        const PROBES: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];
        const HOOKS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "sleep"];
        for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let Some(probe) = self.container.get(kind) else { continue };
            let owner = || format!("the `{kind}` of {}", self.title());
            union::one_of(probe, owner, &PROBES, violations);
            self.handler(probe, kind, violations);
            self.probe_numbers(probe, kind, violations);
        }
        let Some(lifecycle) = self.container.get("lifecycle") else { return };
        for kind in ["postStart", "preStop"] {
            let Some(hook) = lifecycle.get(kind) else { continue };
            union::one_of(hook, || format!("the `{kind}` of {}", self.title()), &HOOKS, violations);
            self.handler(hook, kind, violations);
        }
    }

    fn handler(&self, handler: &'a Data<'a>, kind: &str, violations: &mut Violations<'a>) {
        for way in ["httpGet", "tcpSocket"] {
            let Some(at) = handler.get(way).and_then(|way| way.get("port")) else { continue };
            match at {
                Data::Int(number) => {
                    if let Some(problem) = syntax::port_number(*number) {
                        let headline = format!("the `{kind}` of {} has an invalid port", self.title());
                        violations.push(Violation::error(
                            Code::BAD_CONTAINER,
                            headline,
                            at,
                            format!("the number {problem}"),
                        ));
                    }
                }
                Data::Str(name) => self.named_port(at, name, kind, violations),
                _ => {}
            }
        }
    }

    fn named_port(&self, at: &'a Data<'a>, name: &str, kind: &str, violations: &mut Violations<'a>) {
        if let Some(problem) = syntax::port_name(name) {
            violations.push(bad_port_name(name, at, problem));
            return;
        }
        if syntax::is_placeholder(name) {
            return;
        }
        let names: Vec<&str> =
            self.container.get_list("ports").iter().filter_map(|port| port.get_str("name")).collect();
        if !names.contains(&name) {
            let headline = format!("the `{kind}` of {} refers to unknown port `{name}`", self.title());
            let violation =
                Violation::warning(Code::UNKNOWN_PORT_NAME, headline, at, "the container has no port of this name");
            let violation = match self.container.get("ports") {
                Some(ports) => violation.also(ports, "its ports"),
                None => violation.note("the container has no named ports"),
            };
            violations.push(violation.did_you_mean(suggest::nearest(name, names)));
        }
    }

    fn probe_numbers(&self, probe: &'a Data<'a>, kind: &str, violations: &mut Violations<'a>) {
        const NUMBERS: [&str; 5] =
            ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];
        for number in NUMBERS {
            let Some(at) = probe.get(number) else { continue };
            if at.as_int().is_some_and(|number| number < 0) {
                let headline = format!("the `{kind}` of {} has a negative `{number}`", self.title());
                violations.push(Violation::error(Code::BAD_CONTAINER, headline, at, "must not be negative"));
            }
        }
        if kind != "readinessProbe"
            && let Some(at) = probe.get("successThreshold")
            && at.as_int().is_some_and(|number| number > 1)
        {
            let headline = format!("the `{kind}` of {} has a `successThreshold` above 1", self.title());
            violations.push(Violation::error(
                Code::BAD_CONTAINER,
                headline,
                at,
                "must be 1; only a `readinessProbe` may require more",
            ));
        }
    }
}
