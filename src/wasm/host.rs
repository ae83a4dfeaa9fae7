//! The core's [`Transport`], by `fetch` and timers.

use gloo_net::http::Method;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::convert::to_js;
use super::js::{self, Outcome};
use super::settle::Settling;
use crate::api::{Body, HEADERS, HttpResponse};
use crate::client::{Event, Failure, LONGEST_WAIT, Transport, WireRequest};
use crate::concat::join;
use crate::value::Value;

thread_local! {
    /// The names of the headers that are read, a line each.
    static WANTED: JsValue = JsValue::from_str(&join(&HEADERS, "\n"));
}

/// What JavaScript gave a client to work with; `undefined` where it gave none.
#[derive(Clone)]
pub(super) struct Means {
    /// The caller's own `fetch`, in place of the platform's.
    pub(super) fetch: JsValue,
    /// The caller's own source of access tokens.
    pub(super) get_access_token: JsValue,
    /// Whom to tell what happens.
    pub(super) on_event: Option<Function>,
}

/// The host of one call.
pub(super) struct Host {
    pub(super) means: Means,
    /// The caller's `AbortSignal`, where there is one.
    pub(super) signal: Option<JsValue>,
}

impl Transport for Host {
    type Json = JsValue;

    async fn send(&self, request: &WireRequest<'_>, timeout: u32) -> Result<HttpResponse<JsValue>, Failure<JsValue>> {
        let mut headers = String::new();
        for (name, value) in &request.headers {
            // No header holds a line break.
            headers.extend([*name, "\n", *value, "\n"]);
        }
        let body = request.body.map(Value::to_json);
        let sent = Settling::begin(|settle, number, turn| {
            let (fetch, signal) = (&self.means.fetch, &self.signal());
            let (url, method) = (&request.url, Method::as_str(request.method));
            WANTED.with(|wanted| {
                let body = body.as_deref();
                js::send(settle, number, turn, fetch, url, method, &headers, body, wanted, timeout, signal);
            });
            JsValue::UNDEFINED
        });
        let outcome = settled(sent.await)?;
        let values = outcome.headers();
        let headers = HEADERS.into_iter().zip(values.split('\n')).filter(|(_, value)| !value.is_empty());
        let json = outcome.json();
        let body =
            if json.is_undefined() { outcome.text().map_or(Body::TooLong, Body::of_text) } else { Body::Json(json) };
        Ok(HttpResponse {
            status: outcome.status(),
            headers: headers.map(|(name, value)| (name, value.to_owned())).collect(),
            body,
        })
    }

    async fn sleep(&self, milliseconds: u32) -> Option<JsValue> {
        first(&wait(Some(milliseconds.min(LONGEST_WAIT)), &self.signal()).await)
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
        js_sys::JsString::from(text).normalize("NFC").into()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn aborted(&self) -> Option<JsValue> {
        self.signal.as_ref().and_then(|signal| first(&js::reason_of(signal)))
    }

    async fn ended(&self) -> JsValue {
        first(&wait(None, &self.signal()).await).unwrap_or(JsValue::UNDEFINED)
    }

    async fn access_token(&self, timeout: u32) -> Result<JsValue, Failure<JsValue>> {
        let asked = Settling::begin(|settle, number, turn| {
            js::ask(settle, number, turn, &self.means.get_access_token, timeout, &self.signal());
            JsValue::UNDEFINED
        });
        settled(asked.await).map(|outcome| outcome.value())
    }

    fn emit(&self, event: &Event<'_>) {
        if let Some(listener) = &self.means.on_event {
            // What a listener throws is its own affair, and so is what a promise of its rejects with: the race takes it.
            if let Ok(given) = listener.call1(&JsValue::UNDEFINED, &to_js(&event.to_value()))
                && given.is_object()
            {
                drop(js::race(&Array::of2(&JsValue::UNDEFINED, &given)));
            }
        }
    }
}

impl Host {
    fn signal(&self) -> JsValue {
        self.signal.clone().unwrap_or(JsValue::UNDEFINED)
    }
}

/// What an outcome is of, by the numbers of `host.js`.
fn settled(outcome: JsValue) -> Result<Outcome, Failure<JsValue>> {
    let outcome: Outcome = outcome.unchecked_into();
    match outcome.failure() {
        None => Ok(outcome),
        Some(2) => Err(Failure::NoResponse),
        Some(3) => Err(Failure::Timeout),
        Some(4) => Err(Failure::Aborted(outcome.cause())),
        Some(5) => Err(Failure::NotSent(outcome.cause())),
        Some(6) => Err(Failure::Interrupted(outcome.cause())),
        Some(_) => Err(Failure::Network(Some(outcome.cause()))),
    }
}

async fn wait(milliseconds: Option<u32>, signal: &JsValue) -> JsValue {
    Settling::begin(|settle, number, turn| js::wait(settle, number, turn, milliseconds, signal)).await
}

/// The one element of a list.
fn first(list: &JsValue) -> Option<JsValue> {
    list.dyn_ref::<Array>().map(|list| list.get(0))
}
