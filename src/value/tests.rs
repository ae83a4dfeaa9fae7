//! JSON in, JSON out, and what stands in for what JSON has no form for.

use serde_json::json;

use super::{FUNCTION, Value};

/// JSON as a [`Value`], for the tables of the other tests.
pub(crate) fn value(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

/// An object of the given members, which need not be JSON.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).into())
}

/// One value of each kind, with the words by which a message names it.
pub(crate) const KINDS: [(Value, &str); 8] = [
    (Value::Null, "null"),
    (Value::Bool(true), "a boolean"),
    (Value::Number(7.0), "a number"),
    (Value::String(String::new()), "a string"),
    (Value::Array(Vec::new()), "a list"),
    (Value::Object(Vec::new()), "an object"),
    (Value::Foreign(FUNCTION), "a function"),
    (Value::Foreign("undefined"), "undefined"),
];

#[test]
fn each_kind_has_a_name() {
    for (value, name) in KINDS {
        assert_eq!(value.kind(), name);
    }
}

#[test]
fn json_survives_the_round_trip_in_its_order() {
    for json in [
        json!(null),
        json!(true),
        json!(""),
        json!("a\u{0}\"\\\u{e9}\u{1F600}"),
        json!([]),
        json!({}),
        json!({"z": 1, "a": {"m": [null, false, "x", {"": []}]}, "b": -1.5}),
    ] {
        assert_eq!(serde_json::to_string(&value(json.clone())).unwrap(), json.to_string());
    }
}

#[test]
fn numbers_are_written_as_javascript_writes_them() {
    for (number, written) in [
        (0.0, "0"),
        (-0.0, "0"),
        (50.0, "50"),
        (-3.0, "-3"),
        (0.5, "0.5"),
        (9_007_199_254_740_991.0, "9007199254740991"),
        (1e300, "1e+300"),
        (f64::NAN, "null"),
        (f64::INFINITY, "null"),
    ] {
        assert_eq!(serde_json::to_string(&Value::Number(number)).unwrap(), written);
    }
}

#[test]
fn what_json_has_no_form_for_is_written_as_null() {
    let given = object([("onClick", Value::Foreign(FUNCTION))]);
    assert_eq!(serde_json::to_string(&given).unwrap(), r#"{"onClick":null}"#);
}

#[test]
fn reading_what_is_not_there_gives_nothing() {
    let object = object([("a", Value::Null)]);
    assert_eq!(object.get("a"), Some(&Value::Null));
    assert_eq!(object.get("b"), None);
    for (value, _) in KINDS {
        assert_eq!(value.get("a"), None);
        assert!(value.members().is_empty());
        assert!(value.elements().is_empty());
    }
}

#[test]
fn json_text_is_what_serde_writes() {
    for value in [
        json!(null),
        json!({"a": [], "b": {}, "c": [true, false, null, 0, -7, 4_294_967_295_u32], "d": {"e": [[1], ["x"]]}}),
        json!("\" \\ / \u{0} \u{8} \t \n \r \u{1f} \u{7f} \u{2028} é 😀"),
        json!({"quo\"te": "x"}),
    ] {
        let text = super::tests::value(value.clone()).to_json();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value, "{text}");
    }
}
