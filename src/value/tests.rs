//! Values as JSON text, and the helpers by which the tests of other modules write values as JSON.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Value as Json, json};

use super::{FUNCTION, Value};

/// Returns JSON as a [`Value`].
pub(crate) fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::String(text),
        Json::Array(elements) => Value::Array(elements.into_iter().map(value).collect()),
        Json::Object(members) => Value::Object(members.into_iter().map(|(name, json)| (name, value(json))).collect()),
    }
}

/// Lets the tests compare values with JSON.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null | Value::Foreign(_) => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
            Value::Number(number) if number.fract() == 0.0 => serializer.serialize_i64(*number as i64),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(elements) => {
                let mut list = serializer.serialize_seq(Some(elements.len()))?;
                elements.iter().try_for_each(|element| list.serialize_element(element))?;
                list.end()
            }
            Value::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| object.serialize_entry(name, value))?;
                object.end()
            }
        }
    }
}

/// Makes an object of members, which need not be JSON.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).into())
}

/// One value of each type, with its description in a message.
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
fn a_message_describes_each_type() {
    for (value, name) in KINDS {
        assert_eq!(value.kind(), name);
    }
}

#[test]
fn to_json_writes_whole_numbers_and_null_for_all_others() {
    for (number, written) in [
        (0.0, "0"),
        (-0.0, "0"),
        (50.0, "50"),
        (-3.0, "-3"),
        (9_007_199_254_740_991.0, "9007199254740991"),
        (0.5, "null"),
        (-1.5, "null"),
        (1e300, "null"),
        (f64::NAN, "null"),
        (f64::INFINITY, "null"),
    ] {
        assert_eq!(Value::Number(number).to_json(), written);
    }
}

#[test]
fn to_json_writes_null_for_values_without_a_json_form() {
    let given = object([("onClick", Value::Foreign(FUNCTION))]);
    assert_eq!(given.to_json(), r#"{"onClick":null}"#);
}

#[test]
fn a_missing_member_is_none() {
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
fn to_json_writes_text_that_parses_to_the_value_in_its_order() {
    for json in [
        json!(null),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!({"a": [], "b": {}, "c": [true, false, null, 0, -7, 4_294_967_295_u32], "d": {"e": [[1], ["x"]]}}),
        json!({"z": 1, "a": {"m": [null, false, "x", {"": []}]}}),
        json!("\" \\ / \u{0} \u{8} \t \n \r \u{1f} \u{7f} \u{2028} é 😀"),
        json!({"quo\"te": "x"}),
    ] {
        let text = value(json.clone()).to_json();
        let parsed: Json = serde_json::from_str(&text).unwrap();
        assert_eq!((parsed.to_string(), &parsed), (json.to_string(), &json), "{text}");
    }
}
