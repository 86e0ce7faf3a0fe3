//! Whole programs without errors.

use forge_check::ModuleId;

use crate::fixture::{module, modules};

fn accepts(text: &str) {
    let fixture = module(text);
    assert_eq!(fixture.report(), "");
}

/// A small part of the Kubernetes API.
const K8S: &str = r#"
schema ObjectMeta {
  name: String?
  namespace: String?
  labels: {String: String}?
  annotations: {String: String}?
}
schema ContainerPort { containerPort: Int, name: String?, protocol: "TCP" | "UDP" = "TCP" }
schema EnvVar { name: String, value: String? }
schema ResourceRequirements { requests: {String: Quantity}?, limits: {String: Quantity}? }
schema Container {
  name: String
  image: String?
  ports: [ContainerPort by containerPort, protocol]?
  env: [EnvVar by name]?
  resources: ResourceRequirements?
  args: [String]?
}
schema PodSpec { containers: [Container by name], serviceAccountName: String? }
schema PodTemplateSpec { metadata: ObjectMeta?, spec: PodSpec? }
schema LabelSelector { matchLabels: {String: String}? }
schema DeploymentSpec { replicas: Int?, selector: LabelSelector, template: PodTemplateSpec }
schema Deployment {
  apiVersion: "apps/v1" = "apps/v1"
  kind: "Deployment" = "Deployment"
  metadata: ObjectMeta
  spec: DeploymentSpec?
}
schema ServicePort { name: String?, port: Int, protocol: String = "TCP", targetPort: (Int | String)? }
schema ServiceSpec { selector: {String: String}?, ports: [ServicePort by port, protocol]? }
schema Service {
  apiVersion: "v1" = "v1"
  kind: "Service" = "Service"
  metadata: ObjectMeta
  spec: ServiceSpec?
}
"#;

#[test]
fn a_web_application_has_no_diagnostics() {
    let text = r#"
//! One web application for the infra cluster.
import k8s.{Deployment, Service}

type Port = Int where it in 1..=65535

/// A stateless HTTP workload with one container.
schema WebApp {
  name: DnsLabel
  image: String
  port: Port = 8080
  replicas: Int where it >= 1 = 2
  labels: {String: String} = { "app.kubernetes.io/name" = name }

  deployment: Deployment = Deployment {
    metadata { name = name, labels = labels }
    spec {
      replicas = replicas
      selector { matchLabels = labels }
      template {
        metadata { labels = labels }
        spec {
          containers {
            app = {                     // keyed list: the element whose `name` is app
              image = image
              ports = [{ containerPort = port }]
              resources {
                requests { cpu = 100m, memory = 128Mi }
                limits { memory = 256Mi }
              }
            }
          }
        }
      }
    }
  }

  service: Service = Service {
    metadata { name = name, labels = labels }
    spec { selector = labels, ports = [{ port = 80, targetPort = port }] }
  }

  check replicas < 50, "\(name) wants \(replicas) replicas; 49 is the most"
}

schema Public extends WebApp {
  host: String
  deployment.metadata.annotations { "example.org/host" = host }
}

grafana = Public {
  name = "grafana"
  host = "grafana.monosense.dev"
  image = "grafana/grafana:12.1.0"
  deployment.spec.template.spec.containers {
    app { env = [{ name = "GF_SERVER_DOMAIN", value = grafana.host }] } // refine: must be there
    proxy = { image = "envoyproxy/envoy:v1.36.0" }                        // set: a second container
  }
}
"#;
    assert_eq!(modules(&[("main", text), ("k8s", K8S)]).report(), "");
}

#[test]
fn the_benchmark_program_has_no_diagnostics() {
    let text = r#"
import k8s.{Deployment, Service}
schema Resources { cpu: String = "100m", memory: String = "128Mi" }
schema App {
  name: String where it.matches("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$") = "base"
  tag: String = "1.0.0"
  image: String where !it.isEmpty = "registry.example.com/\(name):\(tag)"
  replicas: Int where it in 1..=100 = 2
  port: Int where it in 1..=65535 = 8080
  env: {String: String} = { LOG_LEVEL = "info" }
  resources: Resources = {}
  selector: {String: String} = { "app.kubernetes.io/name" = name }
  labels: {String: String} = { ...selector, "app.kubernetes.io/part-of" = "bench", "app.kubernetes.io/version" = tag }
}
input n: Int = 4
let base = App {}
let apps: [App] = [for i in 0..<n.div(4) {
  base {
    name = "app-\(i)"
    tag = "1.\(i % 10).0"
    replicas = 1 + i % 100
    port = 8000 + i % 1000
    env { APP_INDEX = "\(i)", PEER = "http://app-\((i + 1) % n):80" }
  }
}]
fn render(a: App): [Any] = [
  Deployment {
    metadata { name = a.name, labels = a.labels }
    spec {
      replicas = a.replicas
      selector { matchLabels = a.selector }
      template {
        metadata { labels = a.labels }
        spec {
          serviceAccountName = a.name
          containers = [{ name = a.name, image = a.image, ports = [{ containerPort = a.port, name = "http" }]
            env = [for k in a.env.keys().sort() { { name = k, value = a.env[k] } }]
          }]
        }
      }
    }
  }
  Service { metadata { name = a.name }, spec { selector = a.selector, ports = [{ name = "http", port = 80, targetPort = a.port }] } }
]
out = apps.flatMap(a => render(a))
"#;
    assert_eq!(modules(&[("main", text), ("k8s", K8S)]).report(), "");
}

#[test]
fn types_of_unannotated_values_are_inferred() {
    accepts("let a = 1\nlet b = [1, 2].map(x => x + a)\nc: [Int] = b\nlet d = { x = 1, y = self.x + 1 }\ne: Int = d.y");
}

#[test]
fn ids_of_refinements_in_bodies_do_not_depend_on_what_is_checked_first() {
    let text = "
a = 1 is (Int where it > 0)
fn f(x: Int): Bool = x is (Int where it > 1 && it is (Int where it < 9))
schema S { let n: Int where it > 2 = 3, m: Int = n, fn g(): Int = n }
b = c
c = [2, 3].map(n => n is (Int where it > 4))
test \"t\" { assert f(1) is (Bool where it) }
";
    let refinements = |other: &str| {
        let fixture = modules(&[("main", text), ("other", other)]);
        assert_eq!(fixture.report(), "");
        let module = fixture.checked.program.module(ModuleId(0));
        let mut found: Vec<_> = module.local_refinements.iter().map(|(id, code)| (*id, code.text.clone())).collect();
        found.sort();
        found
    };
    let alone = refinements("x = 1");
    assert_eq!(alone.len(), 7, "{alone:?}");
    assert_eq!(refinements("import main\nx = main.c\ny = main.f(2)\nz = main.a"), alone);
}
