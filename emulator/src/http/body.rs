//! The body of a request, parsed once: for the endpoint that reads it, and then for the log.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::http::error::{ApiError, Result};
use crate::http::json::{Object, wrong_type};
use crate::http::request::Request;

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Body<'a> {
    /// The request has no body.
    Absent,
    /// A JSON value.
    Json {
        value: Value,
        /// The first name that the object at the top has more than once.
        repeated_name: Option<String>,
    },
    /// Bytes that are not JSON, and the parser's error. An empty body is one of these.
    Other { bytes: &'a [u8], error: serde_json::Error },
}

impl<'a> Body<'a> {
    /// Parses the body of a request.
    pub(crate) fn parse(request: &Request<'a>) -> Self {
        let Some(bytes) = request.body else { return Self::Absent };
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let parsed = if first == Some(&b'{') {
            serde_json::from_slice(bytes)
                .map(|Members { object, repeated_name }| (Value::Object(object), repeated_name))
        } else {
            serde_json::from_slice(bytes).map(|value| (value, None))
        };
        match parsed {
            Ok((value, repeated_name)) => Self::Json { value, repeated_name },
            Err(error) => Self::Other { bytes, error },
        }
    }

    /// Returns the JSON object in the body. An absent or empty body is an empty object.
    pub(crate) fn object(&self) -> Result<Cow<'_, Object>> {
        match self {
            Self::Absent | Self::Other { bytes: [], .. } => Ok(Cow::Owned(Object::new())),
            Self::Json { value: Value::Object(object), .. } => Ok(Cow::Borrowed(object)),
            Self::Json { .. } => Err(wrong_type("", "an object")),
            Self::Other { error, .. } => Err(ApiError::plain(400, format!("Malformed JSON: {error}"))),
        }
    }

    /// Returns the JSON object in the body of a request, whose content type must be JSON's or absent.
    pub(crate) fn message(&self, request: &Request<'_>) -> Result<Cow<'_, Object>> {
        let is_json = request.media_type().is_none_or(|media_type| media_type.eq_ignore_ascii_case("application/json"));
        if !is_json && !matches!(self, Self::Absent | Self::Other { bytes: [], .. }) {
            return Err(ApiError::plain(415, "Unsupported Media Type"));
        }
        self.object()
    }
}

/// An object, with the first name that occurs in it more than once. Of two equal names, the last value counts.
struct Members {
    object: Object,
    repeated_name: Option<String>,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut access: M) -> std::result::Result<Members, M::Error> {
                let mut members = Members { object: Object::new(), repeated_name: None };
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if members.repeated_name.is_none() && members.object.contains_key(&name) {
                        members.repeated_name = Some(name.clone());
                    }
                    members.object.insert(name, value);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(body: Option<&[u8]>) -> Request<'_> {
        Request { method: "POST", url: "/", headers: Vec::new(), body }
    }

    fn object(body: Option<&[u8]>) -> std::result::Result<Object, Value> {
        Body::parse(&request(body)).object().map(Cow::into_owned).map_err(ApiError::body)
    }

    #[test]
    fn a_message_is_an_object_or_an_empty_body() {
        assert_eq!(object(None), Ok(Object::new()));
        assert_eq!(object(Some(b"")), Ok(Object::new()));
        assert_eq!(object(Some(br#" {"a":1}"#)).unwrap().len(), 1);
        for text in ["[]", "1", "null", r#""{}""#] {
            assert_eq!(object(Some(text.as_bytes())), Err(json!({ "message": "Expected an object" })), "{text}");
        }
        for text in ["{", " ", "{a:1}", "{}{}", "\u{feff}{}", r#"{"a":"\ud800"}"#, "NaN", &"[".repeat(100_000)] {
            let body = object(Some(text.as_bytes())).unwrap_err();
            assert!(body["message"].as_str().unwrap().starts_with("Malformed JSON: "), "{body}");
        }
        assert!(object(Some(b"{\"a\":\"\xff\"}")).is_err());
        assert!(object(Some(format!("{}{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000)).as_bytes())).is_err());
    }

    #[test]
    fn the_first_repeated_name_is_found() {
        for (text, expected) in [
            (r#"{"a":1,"b":2}"#, None),
            (r#"{"a":1,"b":2,"b":3,"a":4}"#, Some("b")),
            (r#"{"a":{"b":1,"b":2}}"#, None),
            (r#"[{"a":1,"a":2}]"#, None),
        ] {
            let request = request(Some(text.as_bytes()));
            let Body::Json { repeated_name, .. } = Body::parse(&request) else { panic!("{text} is not JSON") };
            assert_eq!(repeated_name.as_deref(), expected, "{text}");
        }
        assert_eq!(object(Some(br#"{"a":1,"a":2}"#)).unwrap()["a"], 2);
    }
}
