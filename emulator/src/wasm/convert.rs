//! JavaScript's values as the crate's, and back. What is not small crosses as JSON: one text costs less than many members.

use std::collections::BTreeMap;

use js_sys::{Array, Error, JSON, Object, Reflect, TypeError, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::{Outcome, Request};

/// A request without its body, which may be long and is bytes.
#[derive(Deserialize)]
struct RequestHead {
    method: String,
    url: String,
    headers: Option<BTreeMap<String, String>>,
}

/// An outcome without its body, which may be long and is JSON already.
#[derive(Serialize)]
struct OutcomeHead<'a> {
    delay: u64,
    kind: &'a str,
    status: u16,
    headers: &'a BTreeMap<String, String>,
}

/// The request that a host hands over: JSON without the body, and the body as text or bytes. The error names the member.
pub(super) fn request_from_js(head: &str, body: &JsValue) -> Result<Request, JsValue> {
    let RequestHead { method, url, headers } = serde_json::from_str(head).map_err(|_| head_fault(head))?;
    let body = if body.is_null() || body.is_undefined() {
        None
    } else if let Some(bytes) = body.dyn_ref::<Uint8Array>() {
        Some(bytes.to_vec())
    } else {
        let text = body.as_string();
        Some(text.ok_or_else(|| type_error(&"request.body: must be a text or bytes"))?.into_bytes())
    };
    Ok(Request { method, url, headers: headers.unwrap_or_default(), body })
}

fn head_fault(head: &str) -> JsValue {
    let head: Value = serde_json::from_str(head).unwrap_or_default();
    let is_text = |name: &&str| head.get(name).is_some_and(Value::is_string);
    match ["method", "url"].iter().find(|name| !is_text(name)) {
        Some(name) => type_error(&format!("request.{name}: must be a text")),
        None => type_error(&"request.headers: must be an object of texts"),
    }
}

/// `{delay, kind, status, headers}` as JSON, a line feed, which is in no JSON written here, and the body as it is.
pub(super) fn outcome_to_js(outcome: &Outcome) -> Result<String, JsValue> {
    let Outcome { delay, response, .. } = outcome;
    let head = OutcomeHead { delay: *delay, kind: outcome.kind(), status: response.status, headers: &response.headers };
    let mut text = serde_json::to_string(&head).map_err(|error| to_error(&error))?;
    text.reserve_exact(response.body.len().saturating_add(1));
    text.push('\n');
    text.push_str(&response.body);
    Ok(text)
}

/// The members of settings as JSON, one by one, so that none is lost on the way: JSON knows no functions, and of numbers
/// only finite ones. The one member that may be endless is `endless`.
pub(super) fn members_from_js(settings: &JsValue, what: &str, endless: &str) -> Result<Value, JsValue> {
    if settings.is_falsy() || !settings.is_object() || Array::is_array(settings) {
        return tree_from_js(settings);
    }
    let mut members = Map::new();
    for name in Object::keys(settings.unchecked_ref::<Object>()).iter() {
        let value = Reflect::get(settings, &name)?;
        let name = name.as_string().unwrap_or_default();
        let tree = if name == endless && value.as_f64() == Some(f64::INFINITY) {
            Some("always".into())
        } else {
            let is_nothing = value.is_null() || value.is_undefined();
            tree_from_js(&value).ok().filter(|tree| is_nothing || !tree.is_null())
        };
        let fault = || type_error(&format!("{what}.{name}: must be something that JSON can hold"));
        members.insert(name.clone(), tree.ok_or_else(fault)?);
    }
    Ok(Value::Object(members))
}

/// A value of any shape, by way of its text: a cycle, and a depth that would exhaust the stack, are refused on the way.
pub(super) fn tree_from_js(value: &JsValue) -> Result<Value, JsValue> {
    if value.is_undefined() {
        return Ok(Value::Null);
    }
    let text = JSON::stringify(value)?.as_string().ok_or_else(|| Error::new("no JSON value"))?;
    Ok(serde_json::from_str(&text).map_err(|error| to_error(&error))?)
}

/// A value as JavaScript has it.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    JSON::parse(&serde_json::to_string(value).map_err(|error| to_error(&error))?)
}

/// An error with the text of one of ours.
pub(super) fn to_error(error: &impl ToString) -> Error {
    Error::new(&error.to_string())
}

/// What JavaScript throws where an argument cannot be used.
pub(super) fn type_error(error: &impl ToString) -> JsValue {
    TypeError::new(&error.to_string()).into()
}
