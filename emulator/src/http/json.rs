//! Reads the members of JSON messages as a gateway in front of typed messages does: `null` counts as absent, unknown
//! members are skipped, and a value of the wrong type is refused at once, with a message alone.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::error::{ApiError, Result};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Reads a value as an object.
pub(crate) fn object(value: &Value, path: impl Display) -> Result<&Object> {
    value.as_object().ok_or_else(|| wrong_type(path, "an object"))
}

/// Reads a value as a list.
pub(crate) fn list(value: &Value, path: impl Display) -> Result<&[Value]> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| wrong_type(path, "a list"))
}

/// Reads a value as a string.
pub(crate) fn text(value: &Value, path: impl Display) -> Result<&str> {
    value.as_str().ok_or_else(|| wrong_type(path, "a string"))
}

/// Reads a value as a boolean.
pub(crate) fn boolean(value: &Value, path: impl Display) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong_type(path, "a boolean"))
}

/// Reads a value as a whole number. `50.0` is one, as in JavaScript.
pub(crate) fn whole_number(value: &Value, path: impl Display) -> Result<i64> {
    let from_float =
        || value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0);
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within the range of exact integers")]
    let number = value.as_i64().or_else(|| from_float().map(|number| number as i64));
    number.ok_or_else(|| wrong_type(path, "a whole number"))
}

/// Returns the member of that name, unless it is `null`.
pub(crate) fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// Returns the string member of that name, unless it is `null`.
pub(crate) fn text_member<'a>(object: &'a Object, name: &str, path: impl Display) -> Result<Option<&'a str>> {
    member(object, name).map(|value| text(value, path)).transpose()
}

/// Returns the object member of that name, unless it is `null`.
pub(crate) fn object_member<'a>(object: &'a Object, name: &str, path: impl Display) -> Result<Option<&'a Object>> {
    member(object, name).map(|value| self::object(value, path)).transpose()
}

/// Writes a value as JSON.
pub(crate) fn write(value: &impl Serialize) -> String {
    // Only maps whose keys are not strings cannot be written, and no response contains one.
    serde_json::to_string(value).unwrap_or_default()
}

/// Returns the error for a value that does not have the type of its member.
pub(crate) fn wrong_type(path: impl Display, expected: &str) -> ApiError {
    let path = path.to_string();
    let separator = if path.is_empty() { "" } else { ": " };
    ApiError::plain(400, format!("{path}{separator}Expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_are_read_and_others_are_refused() {
        for (value, number) in
            [(json!(5), Some(5)), (json!(5.0), Some(5)), (json!(-1), Some(-1)), (json!(1e9), Some(1_000_000_000))]
        {
            assert_eq!(whole_number(&value, "a").ok(), number);
        }
        for value in [json!(5.5), json!(u64::MAX), json!(1e300), json!("5"), json!(null), json!(true)] {
            assert_eq!(whole_number(&value, "a.b").unwrap_err(), ApiError::plain(400, "a.b: Expected a whole number"));
        }
    }
}
