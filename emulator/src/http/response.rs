//! Responses.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use crate::host::port::Host;
use crate::host::random::random_bytes;
use crate::http::error::ApiError;
use crate::http::json;
use crate::http::request::Request;

/// The content type of JSON.
pub(crate) const JSON: &str = "application/json";
/// The ASCII characters that a `Location` header cannot hold.
const NOT_IN_LOCATION: &AsciiSet = &CONTROLS.add(b' ');

/// The response to a [`crate::Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Lower-case names and their values.
    pub headers: BTreeMap<String, String>,
    /// The body. That of the API is always JSON.
    pub body: String,
    /// The reason of a refusal or of an injected fault, for logs: it is not sent. That of an outcome contains no credential.
    pub reason: Option<String>,
}

impl Response {
    /// Returns a response with a body.
    pub(crate) fn new(status: u16, content_type: &str, body: String) -> Self {
        Self { status, body, ..Self::none() }.with_header("content-type", content_type)
    }

    /// Returns a response with a JSON body.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        Self::new(status, JSON, json::write(body))
    }

    /// Returns a redirect. As in browsers, the URL's characters that a header cannot hold are percent-encoded.
    pub(crate) fn redirect(url: &str) -> Self {
        let location = utf8_percent_encode(url, NOT_IN_LOCATION).to_string();
        Self { status: 302, ..Self::none() }.with_header("location", location).with_header("cache-control", "no-store")
    }

    /// Makes a redirect after a posted form a 303, so that the browser does not post the form again (RFC 9700 §4.12).
    pub(crate) fn after_form(mut self, request: &Request<'_>) -> Self {
        if self.status == 302 && request.method == "POST" {
            self.status = 303;
        }
        self
    }

    /// Returns the empty response that stands for no response.
    pub(crate) fn none() -> Self {
        Self { status: 0, headers: BTreeMap::new(), body: String::new(), reason: None }
    }

    /// Sets a header, whose name is in lower case.
    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    /// Sets the header `content-length`, except for a status without content (RFC 9110 §8.6).
    pub(crate) fn with_content_length(self) -> Self {
        if matches!(self.status, 0 | 204 | 304) {
            return self;
        }
        let length = self.body.len().to_string();
        self.with_header("content-length", length)
    }

    /// Sets the reason of a refusal.
    pub(crate) fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Sets the header `x-wix-request-id` to a new ID in the service's form: the time in seconds, and a random number.
    pub(crate) fn with_request_id(self, host: &mut dyn Host) -> Self {
        let id = format!("{}.{}", host.now() / 1_000, u64::from_be_bytes(random_bytes(host)));
        self.with_header("x-wix-request-id", id)
    }
}

impl From<ApiError> for Response {
    fn from(error: ApiError) -> Self {
        let header = error.header;
        let reason = error.message().to_owned();
        let response = Self::json(error.status, &error.body()).with_reason(reason);
        match header {
            Some(header) => response.with_header(header.name(), header.value()),
            None => response,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_length_is_the_number_of_bytes() {
        for (status, body, length) in
            [(200, "\u{e9}", Some("2")), (404, "", Some("0")), (204, "", None), (304, "", None)]
        {
            let response = Response { status, body: body.to_owned(), ..Response::none() }.with_content_length();
            assert_eq!(response.headers.get("content-length").map(String::as_str), length, "{status}");
        }
    }

    #[test]
    fn a_redirect_percent_encodes_what_a_header_cannot_hold() {
        let location = Response::redirect("https://a.example/\u{e9} \r\n%20?x=\"<>#y").headers["location"].clone();
        assert_eq!(location, "https://a.example/%C3%A9%20%0D%0A%20?x=\"<>#y");
    }
}
