//! Responses that were observed in front of the live service.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A response that was observed in front of the live service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// `429 {}` without `Retry-After`, for a request that was executed nevertheless.
    Bare429,
    /// The HTML 404 of a gateway.
    Gateway404,
    /// The login page of a captive portal, with status 200.
    CaptivePortal,
    /// A 500 with `{"message":"","details":{}}`.
    EmptyError,
}

impl Preset {
    /// Every preset, with its name in JSON.
    const ALL: [(&'static str, Self); 4] = [
        ("bare429", Self::Bare429),
        ("gateway404", Self::Gateway404),
        ("captivePortal", Self::CaptivePortal),
        ("emptyError", Self::EmptyError),
    ];

    /// Returns the name in JSON.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, preset)| *preset == self).map_or("", |(name, _)| name)
    }

    /// Returns status, content type and body.
    pub(crate) fn response(self) -> (u16, &'static str, &'static str) {
        const HTML: &str = "text/html; charset=utf-8";
        match self {
            Self::Bare429 => (429, "application/json", "{}"),
            Self::Gateway404 => (
                404,
                HTML,
                "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n\
                 <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            ),
            Self::CaptivePortal => (
                200,
                HTML,
                "<!doctype html>\n<html lang=\"en\">\n<title>Welcome to our Wi-Fi</title>\n<h1>Log in to use the \
                 network</h1>\n<form method=\"post\"><button>I agree</button></form>\n</html>\n",
            ),
            Self::EmptyError => (500, "application/json", r#"{"message":"","details":{}}"#),
        }
    }
}

impl<'de> Deserialize<'de> for Preset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let preset = Self::ALL.into_iter().find(|(name, _)| value == *name);
        preset.map(|(_, preset)| preset).ok_or_else(|| {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            serde::de::Error::custom(format!("must be one of {names}, is {value}"))
        })
    }
}
