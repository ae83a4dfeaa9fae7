//! A fault: which requests it applies to, how often, and with what effect.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::faults::preset::Preset;
use crate::http::outcome::{ConnectionError, MAX_DELAY};
use crate::http::request::Request;
use crate::settings::{self, InputError};

/// A fault. It responds with a status, fails with a connection error, or only delays. In JSON, the names are in camel case;
/// one of `status`, `error`, `preset` and `latency` is required.
///
/// ```
/// use wix_oauth_apps_emulator::{ConnectionError, Fault, Times};
///
/// let busy_twice = Fault { times: Times::Count(2), ..Fault::status(503) };
/// let lost_response =
///     Fault { method: Some("POST".into()), take_effect: Some(true), ..Fault::error(ConnectionError::Reset) };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    /// The method of the requests, in any case. Default: every method.
    pub method: Option<String>,
    /// The path of the requests, without the query. Each `*` in it matches any text, including none. Default: every path.
    pub path: Option<String>,
    /// The number of requests that the fault applies to.
    pub times: Times,
    /// The number of matching requests that are spared first.
    pub after: u32,
    /// Executes the request nevertheless. Default: `false`, except for an interrupted response and `bare429`.
    pub take_effect: Option<bool>,
    /// The delay in milliseconds, which is added to [`crate::Options::latency`].
    pub latency: u32,
    /// The status of the response: 200 to 599.
    pub status: Option<u16>,
    /// The headers of that response. They replace the service's own.
    pub headers: BTreeMap<String, String>,
    /// The body of that response: a string as plain text, anything else as JSON. Default: an error of the API.
    pub body: Option<Value>,
    /// The connection error.
    pub error: Option<ConnectionError>,
    /// A response that was observed in front of the live service, instead of `status`, `headers` and `body`.
    pub preset: Option<Preset>,
}

/// The number of requests that a fault applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// A number of requests. Default: 1.
    Count(u32),
    /// Every request, until the faults are cleared or the emulator is reset.
    Always,
}

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
                count
                    .map(Self::Count)
                    .ok_or_else(|| serde::de::Error::custom(format!("must be a whole number or 'always', is {value}")))
            }
        }
    }
}

impl Fault {
    /// Returns a fault that responds once with a status and an error of the API.
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Returns a fault that responds once with a preset.
    pub fn preset(preset: Preset) -> Self {
        Self { preset: Some(preset), ..Self::default() }
    }

    /// Returns a fault that fails once with a connection error.
    pub fn error(error: ConnectionError) -> Self {
        Self { error: Some(error), ..Self::default() }
    }

    /// Returns a fault that delays one response.
    pub fn latency(milliseconds: u32) -> Self {
        Self { latency: milliseconds, ..Self::default() }
    }

    /// Reads a fault from JSON.
    pub fn from_json(value: Value) -> Result<Self, InputError> {
        let fault: Self = settings::read(value, "fault")?;
        fault.check()?;
        Ok(fault)
    }

    /// Checks the members, alone and together.
    pub(crate) fn check(&self) -> Result<(), InputError> {
        let has_valid_form = |path: &str| path.starts_with(['/', '*']) && !path.contains(['?', '#']);
        let has_body = self.body.as_ref().is_some_and(|body| body.as_str() != Some(""));
        let (status, latency) = (self.status.unwrap_or_default(), self.latency);
        let (method, path) = (self.method.as_deref().unwrap_or_default(), self.path.as_deref().unwrap_or_default());
        let rules = [
            (self.fails() || latency > 0, "", "needs a status, an error, a preset or a latency".to_owned()),
            (
                self.preset.is_none() || (self.status.is_none() && self.error.is_none()),
                ".preset",
                "cannot be combined with a status or an error".to_owned(),
            ),
            (self.status.is_none() || self.error.is_none(), ".error", "cannot be combined with a status".to_owned()),
            (
                self.status.is_none() || (200..=599).contains(&status),
                ".status",
                format!("must be from 200 to 599, is {status}"),
            ),
            (self.status.is_some() || self.body.is_none(), ".body", "needs a status".to_owned()),
            (self.status.is_some() || self.headers.is_empty(), ".headers", "needs a status".to_owned()),
            (
                !self.is_bodiless() || !has_body,
                ".body",
                format!("must be left out, because a response with status {status} has no body"),
            ),
            (
                self.headers.iter().all(|(name, value)| is_token(name) && is_field_value(value)),
                ".headers",
                "must be names and values that a header can carry".to_owned(),
            ),
            (
                self.method.is_none() || is_token(method),
                ".method",
                format!("must be a method, such as POST, is {method:?}"),
            ),
            (
                self.path.is_none() || has_valid_form(path),
                ".path",
                format!("must begin with / or *, without a query, is {path:?}"),
            ),
            (self.times != Times::Count(0), ".times", "must be at least 1, is 0".to_owned()),
            (latency <= MAX_DELAY, ".latency", format!("must be at most {MAX_DELAY}, is {latency}")),
            (
                self.take_effect.is_none() || self.fails(),
                ".takeEffect",
                "needs a status, an error or a preset".to_owned(),
            ),
            (
                self.take_effect != Some(true) || self.error != Some(ConnectionError::Refused),
                ".takeEffect",
                "must be false or left out, because a refused connection carries no request".to_owned(),
            ),
            (
                self.take_effect != Some(false) || !self.error.is_some_and(ConnectionError::interrupts_response),
                ".takeEffect",
                "must be true or left out, because the interrupted response is that of the request itself".to_owned(),
            ),
        ];
        match rules.into_iter().find(|(holds, ..)| !holds) {
            Some((_, member, reason)) => Err(InputError::new(format!("fault{member}"), reason)),
            None => Ok(()),
        }
    }

    /// Checks whether the fault does more than delay.
    pub(crate) fn fails(&self) -> bool {
        self.status.is_some() || self.error.is_some() || self.preset.is_some()
    }

    /// Checks whether the request is executed nevertheless.
    pub(crate) fn takes_effect(&self) -> bool {
        let by_default =
            || self.preset == Some(Preset::Bare429) || self.error.is_some_and(ConnectionError::interrupts_response);
        self.take_effect.unwrap_or_else(by_default)
    }

    /// Replaces the preset by its status, headers and body.
    pub(crate) fn expand_preset(self) -> Self {
        let Some(preset) = self.preset else { return self };
        let (status, content_type, body) = preset.response();
        let headers = BTreeMap::from([("content-type".to_owned(), content_type.to_owned())]);
        Self { status: Some(status), headers, body: Some(Value::String(body.to_owned())), preset: None, ..self }
    }

    /// Checks whether responses of the status have no body.
    pub(crate) fn is_bodiless(&self) -> bool {
        matches!(self.status, Some(204 | 205 | 304))
    }

    /// Checks whether the fault applies to requests like this one.
    pub(crate) fn matches(&self, request: &Request<'_>) -> bool {
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(request.method))
            && self.path.as_ref().is_none_or(|pattern| matches_pattern(pattern, request.path()))
    }
}

/// Checks whether a text matches a pattern, in which `*` matches any text.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The leftmost match of each part leaves the longest rest for the parts after it.
    for part in middle.split('*') {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

/// Checks whether the text is a token, as methods and header names are (RFC 9110 §5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Checks whether a header can carry the text.
fn is_field_value(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
