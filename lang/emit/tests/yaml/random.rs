//! Random values: strings of the characters that matter, in random shapes. Every run generates the same values.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};

/// Some random maps.
pub(crate) fn values(count: usize) -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec((text(), value()), 1..4);
    (0..count)
        .map(|_| {
            let entries = strategy.new_tree(&mut runner).expect("nothing is filtered out").current();
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        })
        .collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[-:?#&*!|>'\"%@`{}\\[\\], \n\tab0]{0,12}",
        4 => "[0-9eExobXOB_.+:yYnN-]{1,9}",
        1 => "[-+]?[0-9]{1,4}[-:._][0-9]{1,2}([-:.eT][0-9]{1,2}){0,3}",
        2 => "[ab \n\t]{0,20}",
        1 => "[ \n\t\r\u{0}-\u{1F}\u{7F}-\u{A0}\u{2028}\u{2029}\u{FEFF}\u{FFFE}é日😀a]{0,12}",
        1 => "[a-z]([-a-z0-9./]{0,30}[a-z0-9])?",
        1 => any::<String>(),
        1 => ("[a\"\\\\é\u{1}]{1,4}", 200_usize..700).prop_map(|(piece, count)| piece.repeat(count)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        1 => prop::num::f64::NORMAL.prop_map(Value::from),
        12 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}
