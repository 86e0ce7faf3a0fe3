//! Compares quantities with those of Kubernetes, using `kubectl set resources --local`, which needs no cluster.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use forge_base::Quantity;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: b}]}\n";

/// The output of Kubernetes for each quantity, in order. `None` if kubectl is not installed.
fn kubernetes(texts: &[String]) -> Option<Vec<String>> {
    let limits: Vec<String> = texts.iter().enumerate().map(|(at, text)| format!("r{at}={text}")).collect();
    let mut kubectl = Command::new("kubectl")
        .args(["set", "resources", "--local", "-f", "-", "-o", "json"])
        .arg(format!("--limits={}", limits.join(",")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    kubectl.stdin.take().expect("it is piped").write_all(POD.as_bytes()).expect("kubectl reads");
    let output = kubectl.wait_with_output().expect("kubectl ends");
    assert!(output.status.success(), "kubectl refuses one of {texts:?}");
    let pod: serde_json::Value = serde_json::from_slice(&output.stdout).expect("kubectl writes JSON");
    let limits = pod["spec"]["containers"][0]["resources"]["limits"].clone();
    let limits: BTreeMap<String, String> = serde_json::from_value(limits).expect("limits are texts");
    Some((0..texts.len()).map(|at| limits[&format!("r{at}")].clone()).collect())
}

/// Quantities whose mantissa Kubernetes changes; it prints all others as they were written.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    let suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi", "e3", "e-3", "e6", "e-6"];
    let numbers = [
        "1", "7", "10", "100", "999", "1000", "1001", "1023", "1024", "1025", "1500", "1536", "2048", "3000", "4000",
        "0.1", "0.5", "0.25", "1.5", "1.1", "2.50", "0.001", "0.0001", "1023.5", "10.24", "-1", "-1000", "-1.5",
        "-0.3", "-2048",
    ];
    for suffix in suffixes {
        texts.extend(numbers.iter().map(|number| format!("{number}{suffix}")));
    }
    let odd = [
        "0",
        "0Gi",
        "0.0",
        "0.0000000001",
        "-0.0000000001",
        "1.0000000001",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775806.5",
        "-9223372036854775807",
        "7Ei",
        "7.999Ei",
        "9E",
        "8191Pi",
        "1.23456789Gi",
        "1.234567891234Gi",
        "123456789012345678n",
        "1234567890123456789u",
        "0.000001k",
        "0.0009765625Ki",
        "1048576Ki",
        "1125899906842624",
    ];
    texts.extend(odd.iter().map(|text| (*text).to_owned()));
    texts
}

#[test]
fn canonical_quantities_are_those_of_kubernetes() {
    let texts = texts();
    let Some(theirs) = kubernetes(&texts) else {
        eprintln!("SKIPPED: there is no kubectl to compare quantities with");
        return;
    };
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (text, theirs) in texts.iter().zip(&theirs) {
        let ours = Quantity::parse(text).map(|quantity| quantity.canonical());
        compared += 1;
        if ours.as_ref() != Ok(theirs) {
            wrong.push(format!("{text}: {theirs}, not {ours:?}"));
        }
        assert_eq!(Quantity::parse(text), Quantity::parse(theirs), "the value of {text}");
    }
    assert!(compared >= 500, "only {compared} quantities were compared");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}
