//! The core's [`Transport`], with `fetch` and timers.

use gloo_net::http::Method;
use wasm_bindgen::prelude::*;

use super::callback_future::CallbackFuture;
use super::js::{self, Outcome};
use crate::api::{Body, HEADERS, HttpResponse};
use crate::client::{Event, Failure, LONGEST_WAIT, Transport, WireRequest};
use crate::concat::split;

/// The host of one call.
pub(super) struct Host {
    /// The client's `fetch`, `getAccessToken` and `onEvent`, as members of an object.
    pub(super) callbacks: JsValue,
    /// True if there is an `onEvent`.
    pub(super) has_listener: bool,
    /// The caller's `AbortSignal`, or `undefined`.
    pub(super) signal: JsValue,
    pub(super) has_signal: bool,
}

impl Transport for Host {
    type Json = JsValue;

    fn send(
        &self,
        request: &WireRequest<'_>,
        timeout: u32,
    ) -> impl Future<Output = Result<HttpResponse<JsValue>, Failure<JsValue>>> {
        self.start(request, timeout)
    }

    fn sleep(&self, milliseconds: u32) -> impl Future<Output = Option<JsValue>> {
        self.wait(Some(milliseconds.min(LONGEST_WAIT)), reason)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a strange clock is cut to 1970")]
    fn now(&self) -> u64 {
        js_sys::Date::now() as u64
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and below 2^53")]
    fn date(&self, text: &str) -> Option<u64> {
        Some(js_sys::Date::parse(text)).filter(|date| *date >= 0.0).map(|date| date as u64)
    }

    fn normalize(&self, text: &str) -> String {
        js::normalize(text)
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn aborted(&self) -> Option<JsValue> {
        if self.has_signal { js::reason_of(&self.signal).map(|reason| reason.reason()) } else { None }
    }

    fn ended(&self) -> impl Future<Output = JsValue> {
        self.wait(None, |outcome| reason(outcome).unwrap_or(JsValue::UNDEFINED))
    }

    fn access_token(&self, timeout: u32) -> impl Future<Output = Result<JsValue, Failure<JsValue>>> {
        CallbackFuture::start(
            &|settle, slot| js::ask(settle, slot, &self.callbacks, timeout, &self.signal),
            |outcome| failure_or(outcome).map(|outcome| outcome.value()),
        )
    }

    fn emit(&self, event: &Event<'_>) {
        if self.has_listener {
            js::emit(&self.callbacks, &event.to_value().to_json());
        }
    }
}

impl Host {
    fn start(
        &self,
        request: &WireRequest<'_>,
        timeout: u32,
    ) -> CallbackFuture<Result<HttpResponse<JsValue>, Failure<JsValue>>> {
        // One text, a line for each part: no URL, no header and no JSON that the core writes contains a line break.
        let mut lines = String::from(Method::as_str(request.method));
        lines.push('\n');
        lines.push_str(&request.url);
        lines.push('\n');
        if let Some(body) = request.body {
            lines.push_str(&body.to_json());
        }
        for (name, value) in &request.headers {
            lines.push('\n');
            lines.push_str(name);
            lines.push('\n');
            lines.push_str(value);
        }
        CallbackFuture::start(
            &|settle, slot| js::send(settle, slot, &self.callbacks, &lines, timeout, &self.signal),
            |outcome| failure_or(outcome).map(|outcome| response(&outcome)),
        )
    }

    fn wait<R>(&self, milliseconds: Option<u32>, read: fn(JsValue) -> R) -> CallbackFuture<R> {
        CallbackFuture::start(&|settle, slot| js::wait(settle, slot, milliseconds, &self.signal), read)
    }
}

/// Returns the response of an outcome.
fn response(outcome: &Outcome) -> HttpResponse<JsValue> {
    let values = outcome.headers();
    let mut headers = Vec::new();
    for (name, value) in HEADERS.into_iter().zip(split(&values, b'\n')) {
        if !value.is_empty() {
            headers.push((name, value.to_owned()));
        }
    }
    let json = outcome.value();
    let body = if json.is_undefined() { outcome.text().map_or(Body::TooLong, Body::of_text) } else { Body::Json(json) };
    HttpResponse { status: outcome.status().unsigned_abs(), headers, body }
}

/// Returns the outcome, or the failure of its number in `host.js`.
fn failure_or(outcome: JsValue) -> Result<Outcome, Failure<JsValue>> {
    let outcome: Outcome = outcome.unchecked_into();
    let status = outcome.status();
    if status >= 0 {
        return Ok(outcome);
    }
    let cause = outcome.value();
    Err(match status {
        -2 => Failure::NoResponse,
        -3 => Failure::Timeout,
        -4 => Failure::Aborted(cause),
        -5 => Failure::NotSent(cause),
        -6 => Failure::Interrupted(cause),
        _ => Failure::Network(Some(cause)),
    })
}

/// Returns the reason of a signal that ended a wait.
fn reason(outcome: JsValue) -> Option<JsValue> {
    if outcome.is_undefined() { None } else { Some(outcome.unchecked_into::<js::Reason>().reason()) }
}
