//! Conversions between the core's values and JSON, for tests outside the crate.
#![allow(dead_code, reason = "each test uses a part")]

use serde_json::Value as Json;
use wix_oauth_apps::value::Value;

/// Returns a value as JSON. Values without a JSON form become `null`.
pub(crate) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Foreign(_) => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
        Value::Number(number) if number.fract() == 0.0 => (*number as i64).into(),
        Value::Number(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(elements) => elements.iter().map(to_json).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), to_json(value))).collect(),
    }
}

/// Returns JSON as a value.
pub(crate) fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::String(text),
        Json::Array(elements) => Value::Array(elements.into_iter().map(from_json).collect()),
        Json::Object(members) => {
            Value::Object(members.into_iter().map(|(name, json)| (name, from_json(json))).collect())
        }
    }
}
