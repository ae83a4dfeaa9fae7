//! Faults to order: which requests they meet, how often, and what then becomes of those.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::http::outcome::Failure;
use crate::http::request::Request;
use crate::settings;

/// The longest latency: timers take no more milliseconds than that.
pub(crate) const MAX_LATENCY: u32 = i32::MAX.unsigned_abs();

/// A fault. It answers with a status, or fails without an answer, or only delays; in JSON, its names are in camel case and
/// all may be left out but one of `status`, `error` and `latency`.
///
/// ```
/// use wix_oauth_apps_emulator::{Failure, Fault, Times};
///
/// let busy_at_first = Fault { times: Times::Count(2), ..Fault::status(503) };
/// let lost_answer = Fault { method: Some("POST".into()), take_effect: Some(true), ..Fault::error(Failure::Reset) };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    /// The method of the requests it meets, in any case; every method unless given.
    pub method: Option<String>,
    /// The path of the requests it meets, without the query; each `*` in it stands for any text, even none. Every path
    /// unless given.
    pub path: Option<String>,
    /// How many requests it meets.
    pub times: Times,
    /// How many requests that it could meet pass before.
    pub after: u32,
    /// Whether the request is carried out before it fails: not, unless given. Always so where an answer is broken off.
    pub take_effect: Option<bool>,
    /// How many milliseconds the host waits, on top of [`crate::Options::latency`].
    pub latency: u32,
    /// The status to answer with: 200 to 599.
    pub status: Option<u16>,
    /// The headers of that answer, beside and before the service's own.
    pub headers: BTreeMap<String, String>,
    /// The body of that answer: a text as it is, anything else as JSON; the service's error shape unless given.
    pub body: Option<Value>,
    /// How it fails without an answer.
    pub error: Option<Failure>,
    /// A response that was seen in front of the live service, in place of `status`, `headers` and `body`.
    pub preset: Option<Preset>,
}

/// A response that was seen in front of the live service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// `429 {}` without `Retry-After`, to a request that was carried out nevertheless.
    Bare429,
    /// The HTML 404 of a gateway.
    Gateway404,
    /// The login page of a captive portal, with status 200.
    CaptivePortal,
    /// A 500 with `{"message":"","details":{}}`.
    EmptyError,
}

impl Preset {
    /// Every preset, by its name in JSON.
    const ALL: [(&'static str, Self); 4] = [
        ("bare429", Self::Bare429),
        ("gateway404", Self::Gateway404),
        ("captivePortal", Self::CaptivePortal),
        ("emptyError", Self::EmptyError),
    ];

    /// Status, content type and body.
    fn response(self) -> (u16, &'static str, &'static str) {
        const HTML: &str = "text/html; charset=utf-8";
        match self {
            Self::Bare429 => (429, "application/json", "{}"),
            Self::Gateway404 => (
                404,
                HTML,
                "<html>\r\n<head><title>404 Not Member</title></head>\r\n<body>\r\n<center><h1>404 Not Member</h1></center>\r\n\
                 <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            ),
            Self::CaptivePortal => (
                200,
                HTML,
                "<!doctype html>\n<html lang=\"en\">\n<title>Welcome to our Wi-Fi</title>\n<h1>RequestLog in to use the \
                 network</h1>\n<form method=\"post\"><button>I agree</button></form>\n</html>\n",
            ),
            Self::EmptyError => (500, "application/json", r#"{"message":"","details":{}}"#),
        }
    }
}

impl<'de> Deserialize<'de> for Preset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Value::deserialize(deserializer)?;
        let known = Self::ALL.into_iter().find(|(name, _)| given == *name);
        known.map(|(_, preset)| preset).ok_or_else(|| {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            serde::de::Error::custom(format!("must be one of {names}, is {given}"))
        })
    }
}

/// How many requests a fault meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// So many; one unless given.
    Count(u32),
    /// All of them, until the emulator is reset.
    Always,
}

/// A fault that cannot be used; the text names the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

impl Default for Times {
    fn default() -> Self {
        Self::Count(1)
    }
}

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(word) if word == "always" => Ok(Self::Always),
            value => {
                let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
                count.map(Self::Count).ok_or_else(|| serde::de::Error::custom("must be a whole number or 'always'"))
            }
        }
    }
}

impl Fault {
    /// One answer of this status, with the service's error shape.
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// One answer of a preset.
    pub fn preset(preset: Preset) -> Self {
        Self { preset: Some(preset), ..Self::default() }
    }

    /// One request that fails without an answer.
    pub fn error(error: Failure) -> Self {
        Self { error: Some(error), ..Self::default() }
    }

    /// One answer that comes so many milliseconds later.
    pub fn latency(milliseconds: u32) -> Self {
        Self { latency: milliseconds, ..Self::default() }
    }

    /// The fault that a JSON value holds.
    pub fn from_json(value: Value) -> Result<Self, FaultError> {
        let fault: Self = settings::read(value, "fault").map_err(FaultError)?;
        fault.check()?;
        Ok(fault)
    }

    /// Whether the members can be used together.
    pub(crate) fn check(&self) -> Result<(), FaultError> {
        match self.problem() {
            Some(problem) => Err(FaultError(format!("fault{problem}"))),
            None => Ok(()),
        }
    }

    fn problem(&self) -> Option<&'static str> {
        let begins_with_slash = |path: &String| path.starts_with(['/', '*']) && !path.contains(['?', '#']);
        let has_body = self.body.as_ref().is_some_and(|body| body.as_str() != Some(""));
        let problems = [
            (
                self.status.is_none() && self.error.is_none() && self.preset.is_none() && self.latency == 0,
                ": needs a status, an error, a preset or a latency",
            ),
            (
                self.preset.is_some() && (self.status.is_some() || self.error.is_some()),
                ".preset: cannot stand beside a status or an error",
            ),
            (self.status.is_some() && self.error.is_some(), ".error: cannot stand beside a status"),
            (!self.status.is_none_or(|status| (200..=599).contains(&status)), ".status: must be from 200 to 599"),
            (self.status.is_none() && self.body.is_some(), ".body: needs a status"),
            (self.status.is_none() && !self.headers.is_empty(), ".headers: needs a status"),
            (self.is_bodiless() && has_body, ".body: must be left out, as this status has none"),
            (
                !self.headers.iter().all(|(name, value)| is_token(name) && is_field_value(value)),
                ".headers: must be names and values that a header can carry",
            ),
            (!self.method.iter().all(|method| is_token(method)), ".method: must be a method, such as POST"),
            (!self.path.iter().all(begins_with_slash), ".path: must begin with / or *, and hold no query"),
            (self.times == Times::Count(0), ".times: must be at least 1"),
            (self.latency > MAX_LATENCY, ".latency: must be at most 2147483647"),
            (self.take_effect.is_some() && !self.fails(), ".takeEffect: needs a status, an error or a preset"),
            (
                self.take_effect == Some(true) && self.error == Some(Failure::Refused),
                ".takeEffect: cannot be where nobody listens",
            ),
            (
                self.take_effect == Some(false) && self.error.is_some_and(Failure::breaks_off),
                ".takeEffect: must be, as the answer that is broken off is the request's own",
            ),
        ];
        problems.into_iter().find_map(|(is_there, problem)| is_there.then_some(problem))
    }

    /// Whether it does more than delay.
    pub(crate) fn fails(&self) -> bool {
        self.status.is_some() || self.error.is_some() || self.preset.is_some()
    }

    /// Whether the request is carried out nevertheless.
    pub(crate) fn takes_effect(&self) -> bool {
        let by_default = || self.preset == Some(Preset::Bare429) || self.error.is_some_and(Failure::breaks_off);
        self.take_effect.unwrap_or_else(by_default)
    }

    /// The same fault with status, headers and body in place of its preset.
    pub(crate) fn expanded(self) -> Self {
        let Some(preset) = self.preset else { return self };
        let (status, content_type, body) = preset.response();
        let headers = BTreeMap::from([("content-type".to_owned(), content_type.to_owned())]);
        Self { status: Some(status), headers, body: Some(Value::String(body.to_owned())), preset: None, ..self }
    }

    /// Whether the status it answers with is one of those that have no body.
    pub(crate) fn is_bodiless(&self) -> bool {
        matches!(self.status, Some(204 | 205 | 304))
    }

    pub(crate) fn matches(&self, request: &Request) -> bool {
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && self.path.as_ref().is_none_or(|pattern| fits(pattern, request.path()))
    }
}

/// Whether the text is as the pattern says, in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The first place that fits leaves the most to what follows.
    for part in middle.split('*') {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

/// Whether the text is a token, as methods and header names are (RFC 9110, 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn is_field_value(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
