//! The core's [`Transport`], by `fetch`.

use std::future::pending;

use gloo_net::http::Method;
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::convert::{member, to_js};
use super::deadline::{Deadline, reason};
use super::js::{self, Signal};
use crate::api::{Body, HttpResponse, headers_of_interest};
use crate::client::{Event, Failure, LONGEST_WAIT, Transport, WireRequest};

/// What JavaScript gave a client to work with.
#[derive(Clone)]
pub(super) struct Means {
    /// The caller's own `fetch`; the platform's where there is none.
    pub(super) fetch: Option<Function>,
    /// The caller's own source of access tokens.
    pub(super) get_access_token: Option<Function>,
    /// Whom to tell what happens.
    pub(super) on_event: Option<Function>,
}

/// The host of one call.
pub(super) struct Host {
    pub(super) means: Means,
    pub(super) signal: Option<Signal>,
}

impl Transport for Host {
    type Json = JsValue;

    async fn send(&self, request: &WireRequest<'_>, timeout: u32) -> Result<HttpResponse<JsValue>, Failure<JsValue>> {
        let deadline = Deadline::start(Some(timeout), self.signal.as_ref());
        let init = init(request, &deadline).map_err(|cause| Failure::Network(Some(cause)))?;
        let started = match &self.means.fetch {
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init),
            None => js::global_fetch(&request.url, &init),
        };
        let candidate = started.map_err(|cause| Failure::Network(Some(cause)))?;
        let response = deadline.race(candidate).await?;
        let (status, headers) = head(&response).ok_or(Failure::NoResponse)?;
        let text: Function = member(&response, "text").dyn_into().map_err(|_| Failure::NoResponse)?;
        let text = text.call0(&response).map_err(|cause| Failure::Network(Some(cause)))?;
        let text = deadline.race(text).await?;
        Ok(HttpResponse { status, headers, body: body(&text).ok_or(Failure::NoResponse)? })
    }

    async fn sleep(&self, milliseconds: u32) -> Option<JsValue> {
        Deadline::start(Some(milliseconds.min(LONGEST_WAIT)), self.signal.as_ref()).wait().await
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a strange clock is cut to 1970")]
    fn now(&self) -> u64 {
        js_sys::Date::now() as u64
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and below 2^53")]
    fn date(&self, text: &str) -> Option<u64> {
        Some(js_sys::Date::parse(text)).filter(|date| *date >= 0.0).map(|date| date as u64)
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn aborted(&self) -> Option<JsValue> {
        self.signal.as_ref().and_then(reason)
    }

    async fn ended(&self) -> JsValue {
        match &self.signal {
            Some(signal) => Deadline::start(None, Some(signal)).wait().await.unwrap_or(JsValue::UNDEFINED),
            None => pending().await,
        }
    }

    async fn access_token(&self, timeout: u32) -> Result<JsValue, Failure<JsValue>> {
        let Some(callback) = &self.means.get_access_token else { return Err(Failure::Network(None)) };
        let deadline = Deadline::start(Some(timeout), self.signal.as_ref());
        let context = Object::new();
        drop(Reflect::set(&context, &JsValue::from_str("signal"), &deadline.signal()));
        let token = callback.call1(&JsValue::UNDEFINED, &context).map_err(|cause| Failure::Network(Some(cause)))?;
        deadline.race(token).await
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

/// `fetch`'s second argument. A plain object: building a `Request` costs more than the rest of a call.
fn init(request: &WireRequest<'_>, deadline: &Deadline) -> Result<JsValue, JsValue> {
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &JsValue::from_str(value))?;
    }
    let init = Object::new();
    set(&init, "method", &JsValue::from_str(Method::as_str(request.method)))?;
    set(&init, "headers", &headers)?;
    if let Some(body) = &request.body {
        set(&init, "body", JSON::stringify(&to_js(body))?.as_ref())?;
    }
    // A redirect is never followed: it would carry the credential to a place nobody named.
    set(&init, "redirect", &JsValue::from_str("manual"))?;
    set(&init, "signal", &deadline.signal())?;
    Ok(init.into())
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), JsValue> {
    Reflect::set(object, &JsValue::from_str(name), value).map(drop)
}

/// Status and headers of what `fetch` gave, where it is a response by what it can do: `instanceof` fails across realms.
/// Each is read once, and where it throws that is caught: what was tried before could do otherwise later.
fn head(given: &JsValue) -> Option<(u16, Vec<(&'static str, String)>)> {
    let status = member(given, "status").as_f64().filter(|status| (0.0..=999.0).contains(status))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a u16's range")]
    let status = status as u16;
    let headers = member(given, "headers");
    let get: Function = member(&headers, "get").dyn_into().ok()?;
    let mut read = Vec::new();
    for name in headers_of_interest(status) {
        let value = get.call1(&headers, &JsValue::from_str(name)).ok()?;
        match value.as_string() {
            Some(value) => read.push((*name, value)),
            None if value.is_null() || value.is_undefined() => {}
            None => return None,
        }
    }
    Some((status, read))
}

/// The body as the host's own parser reads it; nothing where it is not even text.
fn body(text: &JsValue) -> Option<Body<JsValue>> {
    if !text.is_string() {
        return None;
    }
    Some(match js::parse_json(text) {
        Ok(parsed) => Body::Json(parsed),
        Err(_) => match text.as_string() {
            Some(other) if !other.trim().is_empty() => Body::Other(other),
            _ => Body::Empty,
        },
    })
}
