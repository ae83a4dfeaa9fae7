//! Reading JSON as a gateway in front of typed messages does: `null` is as good as absent, a member that the message
//! does not have is skipped, and a value of another type ends the reading with a message alone.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::http::error::{ApiError, Result};
use crate::http::request::Request;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The value as an object.
pub(crate) fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Object> {
    value.as_object().ok_or_else(|| wrong_type(path, "an object"))
}

/// The value as a list.
pub(crate) fn list<'a>(value: &'a Value, path: &str) -> Result<&'a [Value]> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| wrong_type(path, "a list"))
}

/// The value as text.
pub(crate) fn text<'a>(value: &'a Value, path: &str) -> Result<&'a str> {
    value.as_str().ok_or_else(|| wrong_type(path, "a string"))
}

/// The value as `true` or `false`.
pub(crate) fn flag(value: &Value, path: &str) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong_type(path, "a boolean"))
}

/// The value as a whole number; `50.0` is one, as it is in JavaScript.
pub(crate) fn whole(value: &Value, path: &str) -> Result<i64> {
    let from_float =
        || value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0);
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within the range of exact integers")]
    let number = value.as_i64().or_else(|| from_float().map(|number| number as i64));
    number.ok_or_else(|| wrong_type(path, "a whole number"))
}

/// The member of that name, unless it is `null`.
pub(crate) fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// The body of a request that takes one. A content type need not be said; one that is said must be JSON's.
pub(crate) fn read(request: &Request) -> Result<Object> {
    let content_type = request.header("content-type").unwrap_or("application/json");
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let has_body = request.body.as_ref().is_some_and(|body| !body.is_empty());
    if has_body && !media_type.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::plain(415, "Unsupported Media Type"));
    }
    body(request.body.as_deref())
}

/// The names of a JSON object's members, repeated ones included; empty for any other text.
pub(crate) fn names(bytes: &[u8]) -> Vec<String> {
    serde_json::from_slice(bytes).map(|Names(names)| names).unwrap_or_default()
}

/// The names of an object's members, in their order.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Names;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> std::result::Result<Names, M::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = members.next_entry()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// The body of a request. An empty one is an empty message.
pub(crate) fn body(bytes: Option<&[u8]>) -> Result<Object> {
    let bytes = bytes.unwrap_or_default();
    if bytes.is_empty() {
        return Ok(Object::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(wrong_type("", "an object")),
        Err(error) => Err(ApiError::plain(400, format!("Malformed JSON: {error}"))),
    }
}

/// The text of a body.
pub(crate) fn write(value: &impl Serialize) -> String {
    // Only maps with keys that are no strings fail to be written, and no answer holds one.
    serde_json::to_string(value).unwrap_or_default()
}

/// A value of another type than the message has.
pub(crate) fn wrong_type(path: &str, expected: &str) -> ApiError {
    let separator = if path.is_empty() { "" } else { ": " };
    ApiError::plain(400, format!("{path}{separator}Expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_is_an_object_or_nothing() {
        assert_eq!(body(None), Ok(Object::new()));
        assert_eq!(body(Some(b"")), Ok(Object::new()));
        assert_eq!(body(Some(br#"{"a":1}"#)).unwrap().len(), 1);
        for text in ["[]", "1", "null", r#""{}""#] {
            assert_eq!(
                body(Some(text.as_bytes())).unwrap_err().body(),
                json!({ "message": "Expected an object" }),
                "{text}"
            );
        }
        for text in ["{", " ", "{a:1}", "{}{}", "\u{feff}{}", r#"{"a":"\ud800"}"#, "NaN", &"[".repeat(100_000)] {
            let body = body(Some(text.as_bytes())).unwrap_err().body();
            assert!(body["message"].as_str().unwrap().starts_with("Malformed JSON: "), "{body}");
        }
        assert!(body(Some(b"{\"a\":\"\xff\"}")).is_err());
    }

    #[test]
    fn whole_numbers() {
        for (value, number) in
            [(json!(5), Some(5)), (json!(5.0), Some(5)), (json!(-1), Some(-1)), (json!(1e9), Some(1_000_000_000))]
        {
            assert_eq!(whole(&value, "a").ok(), number);
        }
        for value in [json!(5.5), json!(u64::MAX), json!(1e300), json!("5"), json!(null), json!(true)] {
            assert_eq!(whole(&value, "a.b").unwrap_err(), ApiError::plain(400, "a.b: Expected a whole number"));
        }
    }
}
