//! Laws of the language, tested on generated programs.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod program;
mod refinement;

use std::sync::Arc;

use forge_base::stack::with_large_stack;
use forge_driver::pipeline::{self, BuildOptions, Destination, EvalOptions, Limits, Notation, Outcome};
use forge_driver::{MemoryWorld, Session};
use program::{Order, orders, programs};
use proptest::prelude::*;
use serde_json::Value;

fn session(files: &[(&str, &str)]) -> Session {
    let world = files.iter().fold(MemoryWorld::new(), |world, (path, text)| world.with(path, *text));
    Session::new(Arc::new(world), "/p")
}

fn eval_files(files: &[(&str, &str)]) -> Result<Value, Vec<String>> {
    with_large_stack(|| {
        let options = EvalOptions {
            target: Some("main.forge".into()),
            expr: None,
            notation: Notation::Json,
            inputs: Vec::new(),
            limits: Limits::default(),
        };
        let outcome = pipeline::eval(&mut session(files), &options);
        let errors: Vec<_> = outcome.diags.iter().filter(|diag| diag.is_error()).collect();
        if errors.is_empty() {
            Ok(serde_json::from_str(&outcome.output).unwrap())
        } else {
            Err(errors.iter().map(|diag| format!("{} {}", diag.code, diag.headline)).collect())
        }
    })
}

fn eval(text: &str) -> Result<Value, Vec<String>> {
    eval_files(&[("/p/main.forge", text)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn overriding_a_field_updates_the_fields_derived_from_it(program in programs()) {
        let found = eval(&program.text(&Order::written())).unwrap();
        let set = program.set();
        for i in 0..program.fields.len() {
            prop_assert_eq!(&found["a"][format!("f{i}")], &Value::from(program.value(i, &set)), "f{}", i);
        }
    }

    #[test]
    fn the_order_of_declarations_does_not_change_values(program in programs(), order in orders()) {
        let written = program.text(&Order::written());
        let shuffled = program.text(&order);
        prop_assert_eq!(eval(&written).unwrap(), eval(&shuffled).unwrap(), "{}\n{}", written, shuffled);
    }

    #[test]
    fn splitting_a_program_into_files_does_not_change_values(program in programs()) {
        let declarations = program.declarations(&Order::written());
        let whole = eval(&declarations.join("\n")).unwrap();
        let schemas = declarations[..2].join("\n");
        let values = format!("import .schemas.{{Child}}\n{}", declarations[2..].join("\n"));
        let split = eval_files(&[("/p/main.forge", &values), ("/p/schemas.forge", &schemas)]).unwrap();
        prop_assert_eq!(whole, split);
    }

    #[test]
    fn refinements_of_different_fields_can_be_written_together(program in programs()) {
        let mut apart = program.clone();
        let mut together = program.clone();
        // Later refinements keep only the fields that no earlier one sets.
        let mut seen = std::collections::BTreeMap::new();
        for refinement in &mut apart.refinements {
            refinement.retain(|i, _| !seen.contains_key(i));
            seen.extend(refinement.iter().map(|(i, number)| (*i, *number)));
        }
        together.refinements = vec![seen];
        let (apart, together) = (apart.text(&Order::written()), together.text(&Order::written()));
        prop_assert_eq!(eval(&apart).unwrap(), eval(&together).unwrap(), "{}\n{}", apart, together);
    }

    #[test]
    fn a_field_depends_only_on_the_fields_that_it_reads(program in programs(), broken in 0usize..8, read in 0usize..8) {
        let set = program.set();
        let mut needed = vec![read];
        while let Some(other) = needed.last().filter(|i| !set.contains_key(i)).and_then(|i| program.fields[*i].uses) {
            needed.push(other);
        }
        prop_assume!(!needed.contains(&broken));
        let declarations = program.declarations(&Order::written());
        let text = format!(
            "{}\n{}\nlet {}\nlet zero = 0\nlet spoiled = a {{ f{broken} = 1 % zero }}\nx = spoiled.f{read}\n",
            declarations[0], declarations[1], declarations[2],
        );
        let found = eval(&text);
        prop_assert_eq!(found.map(|value| value["x"].clone()), Ok(Value::from(program.value(read, &set))), "{}", text);
    }
}

fn build(text: &str, jobs: usize) -> Outcome {
    let options = BuildOptions {
        target: "main.forge".into(),
        inputs: Vec::new(),
        limits: Limits { jobs, ..Limits::default() },
        destination: Destination::Stdout,
    };
    with_large_stack(|| pipeline::build(&mut session(&[("/p/main.forge", text)]), &options))
}

fn built(resources: usize, jobs: usize) -> String {
    let text = format!(
        "schema ConfigMap {{
  apiVersion: \"v1\" = \"v1\"
  kind: \"ConfigMap\" = \"ConfigMap\"
  metadata: {{ name: String }}
  data: {{String: String}}
}}
let shared = {{ a = \"1\" }}
maps = [for i in 0..<{resources} {{ ConfigMap {{ metadata = {{ name = \"m\\(i)\" }}, data = {{ ...shared, b = \"\\(i * i)\" }} }} }}]
"
    );
    let outcome = build(&text, jobs);
    assert!(outcome.diags.is_empty(), "{:?}", outcome.diags);
    outcome.output
}

#[test]
fn the_output_does_not_depend_on_the_number_of_threads() {
    for resources in [1, 31, 32, 33, 127, 128, 129, 1000] {
        let alone = built(resources, 1);
        assert_eq!(alone.matches("kind: ConfigMap").count(), resources);
        for jobs in [2, 3, 8] {
            assert!(built(resources, jobs) == alone, "{resources} resources on {jobs} threads");
        }
    }
}

#[test]
fn errors_do_not_depend_on_the_number_of_threads() {
    let text = "schema R {
  apiVersion: String = \"v1\"
  kind: String = \"R\"
  n: Int
  share: Int = 100 % n
}
all = [for i in 0..<400 { R { n = i % 7 } }]
";
    let errors = |jobs| {
        let outcome = build(text, jobs);
        assert!(outcome.output.is_empty());
        outcome.diags
    };
    let alone = errors(1);
    assert!(!alone.is_empty());
    assert_eq!(errors(2), alone);
    assert_eq!(errors(5), alone);
}

/// The value, or the code of the first error.
fn verdict(text: &str) -> Result<Value, Vec<String>> {
    eval(text)
        .map(|found| found["a"].clone())
        .map_err(|errors| errors.iter().map(|error| error.split(' ').next().unwrap_or_default().to_owned()).collect())
}

/// Whether two verdicts agree: the same value, or an error of the same kind. Of several mistakes the checker reports those that it
/// finds, and evaluation the first.
fn agree(exact: &Result<Value, Vec<String>>, wider: &Result<Value, Vec<String>>, mistakes: usize) -> bool {
    match (exact, wider) {
        (Ok(exact), Ok(wider)) => exact == wider,
        (Err(exact), Err(wider)) => mistakes > 1 || wider.iter().all(|code| exact.contains(code)),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn a_refinement_through_a_wider_type_is_that_of_the_exact_type(seed in any::<u64>()) {
        let refinement::Case { schemas, child, parent, body, parent_body } = refinement::case(seed);
        let exact = |body: &str| verdict(&format!("{schemas}let v = {child} {{}}\na = v {{ {body} }}"));
        let mistakes = (body.mistakes, parent_body.mistakes);
        let (body, parent_body) = (body.text, parent_body.text);
        let (own, inherited) = ((exact(&body), mistakes.0), (exact(&parent_body), mistakes.1));
        let check = |name: &str, (exact, mistakes): &(Result<Value, Vec<String>>, usize), program: String| {
            let wider = verdict(&format!("{schemas}{program}"));
            let holds = agree(exact, &wider, *mistakes);
            prop_assert!(holds, "{}: {:?}, but {:?}\n{}{}", name, exact, wider, schemas, program);
            Ok(())
        };
        check("Any", &own, format!(
            "schema Holder {{ spec: Any? = null }}\nlet v = Holder {{ spec = {child} {{}} }}\na = (v {{ spec {{ {body} }} }}).spec"
        ))?;
        check("parent", &inherited, format!(
            "fn change(v: {parent}): {parent} = v {{ {parent_body} }}\na = change({child} {{}})"
        ))?;
        check("map", &inherited, format!(
            "fn change(m: {{String: {parent}}}): {{String: {parent}}} = m {{ k {{ {parent_body} }} }}\na = change({{ k = {child} {{}} }})[\"k\"]"
        ))?;
        check("union", &own, format!(
            "schema Other {{ other: Int = 1 }}\nfn change(v: {child} | Other): {child} | Other = v {{ {body} }}\na = change({child} {{}})"
        ))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn data_that_is_read_back_as_its_type_is_the_same_value(seed in any::<u64>()) {
        let refinement::Case { schemas, child, body, .. } = refinement::case(seed);
        if body.mistakes > 0 {
            return Ok(());
        }
        let program = format!(
            "import std.encoding\n{schemas}let v = {child} {{}} {{ {} }}\nlet data = encoding.fromJson(encoding.toJson(v))\na = data as {child} == v",
            body.text
        );
        prop_assert_eq!(verdict(&program), Ok(Value::Bool(true)), "{}", program);
    }
}

/// A program of trees that share values, with a missing reference in each.
fn trees(count: usize) -> String {
    format!(
        "import std.output
import std.k8s.core.v1.{{ConfigMap}}
let shared = {{ for i in 0..<200 {{ \"k\\(i)\" = \"\\(i * i)\" }} }}
trees = [for t in 0..<{count} {{
  output.Tree {{ files = {{ for i in 0..<20 {{ \"t\\(t)/m\\(i).yaml\" = ConfigMap {{ metadata {{ name = \"m\\(i)\" }}, data = {{ ...shared, n = \"\\(i)\" }} }} }} }} }}
}}]
"
    )
}

#[test]
fn trees_are_the_same_for_any_number_of_threads() {
    let text = trees(12);
    let alone = build(&text, 1);
    assert_eq!(alone.diags, []);
    assert_eq!(alone.output.matches("kind: ConfigMap").count(), 240);
    for jobs in [2, 3, 16] {
        let together = build(&text, jobs);
        assert_eq!(together.diags, []);
        assert_eq!(together.output, alone.output, "{jobs} threads");
    }
}

#[test]
fn a_failing_tree_is_reported_alike_by_any_number_of_threads() {
    let text = trees(12).replace("n = \"\\(i)\"", "n = \"\\(100 / (t - 7))\"");
    let alone = build(&text, 1);
    assert!(alone.diags.iter().any(|diag| diag.is_error()), "{text}");
    for jobs in [2, 16] {
        assert_eq!(build(&text, jobs).diags, alone.diags, "{jobs} threads");
    }
}
