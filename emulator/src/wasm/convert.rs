//! Converts values of JavaScript. Large values cross as JSON, because one string is cheaper than many members.

use std::collections::BTreeMap;

use js_sys::{Array, Error, JSON, Object, Reflect, TypeError, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::http::outcome::Outcome;
use crate::http::request::Request;

/// A request without its body. The body crosses on its own, as bytes.
#[derive(Deserialize)]
struct RequestHead {
    method: String,
    url: String,
    headers: Option<BTreeMap<String, String>>,
}

/// An outcome without the body of the response, which is JSON already.
#[derive(Serialize)]
struct OutcomeHead<'a> {
    delay: u64,
    kind: &'a str,
    status: u16,
    headers: &'a BTreeMap<String, String>,
}

/// Reads a request: JSON without the body, and the body as a string or bytes. The error names the member.
pub(super) fn request_from_js(head: &str, body: &JsValue) -> Result<Request, JsValue> {
    let RequestHead { method, url, headers } = serde_json::from_str(head).map_err(|_| head_error(head))?;
    let body = if body.is_null() || body.is_undefined() {
        None
    } else if let Some(bytes) = body.dyn_ref::<Uint8Array>() {
        Some(bytes.to_vec())
    } else {
        let text = body.as_string();
        Some(text.ok_or_else(|| type_error(&"request.body: must be a string or bytes"))?.into_bytes())
    };
    Ok(Request { method, url, headers: headers.unwrap_or_default(), body })
}

/// Returns the error for an invalid head.
fn head_error(head: &str) -> JsValue {
    let head: Value = serde_json::from_str(head).unwrap_or_default();
    let is_string = |name: &&str| head.get(name).is_some_and(Value::is_string);
    match ["method", "url"].iter().find(|name| !is_string(name)) {
        Some(name) => type_error(&format!("request.{name}: must be a string")),
        None => type_error(&"request.headers: must be an object of strings"),
    }
}

/// Writes `{delay, kind, status, headers}` as JSON without a line feed, then a line feed and the body.
pub(super) fn outcome_to_js(outcome: &Outcome) -> Result<String, JsValue> {
    let Outcome { delay, response, .. } = outcome;
    let head = OutcomeHead { delay: *delay, kind: outcome.kind(), status: response.status, headers: &response.headers };
    let mut text = serde_json::to_string(&head).map_err(|error| to_error(&error))?;
    text.reserve_exact(response.body.len().saturating_add(1));
    text.push('\n');
    text.push_str(&response.body);
    Ok(text)
}

/// Reads an object of settings. A member that JSON cannot represent, such as a function or `NaN`, is an error that names it:
/// `JSON.stringify` would drop it. `Infinity` is allowed for the member `unlimited` alone.
pub(super) fn members_from_js(settings: &JsValue, root: &str, unlimited: &str) -> Result<Value, JsValue> {
    if settings.is_falsy() || !settings.is_object() || Array::is_array(settings) {
        return tree_from_js(settings);
    }
    let mut members = Map::new();
    for name in Object::keys(settings.unchecked_ref::<Object>()).iter() {
        let value = Reflect::get(settings, &name)?;
        let name = name.as_string().unwrap_or_default();
        let tree = if name == unlimited && value.as_f64() == Some(f64::INFINITY) {
            Some("always".into())
        } else {
            let is_absent = value.is_null() || value.is_undefined();
            tree_from_js(&value).ok().filter(|tree| is_absent || !tree.is_null())
        };
        let error = || type_error(&format!("{root}.{name}: must be a value that JSON can represent"));
        members.insert(name.clone(), tree.ok_or_else(error)?);
    }
    Ok(Value::Object(members))
}

/// Reads a value of any shape through JSON, which refuses cycles and a depth that would exhaust the stack.
pub(super) fn tree_from_js(value: &JsValue) -> Result<Value, JsValue> {
    if value.is_undefined() {
        return Ok(Value::Null);
    }
    let text =
        JSON::stringify(value)?.as_string().ok_or_else(|| Error::new("must be a value that JSON can represent"))?;
    Ok(serde_json::from_str(&text).map_err(|error| to_error(&error))?)
}

/// Converts a value to JavaScript.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    JSON::parse(&serde_json::to_string(value).map_err(|error| to_error(&error))?)
}

/// Converts an error to a JavaScript `Error`.
pub(super) fn to_error(error: &impl ToString) -> Error {
    Error::new(&error.to_string())
}

/// Converts an error about an argument to a JavaScript `TypeError`.
pub(super) fn type_error(error: &impl ToString) -> JsValue {
    TypeError::new(&error.to_string()).into()
}
