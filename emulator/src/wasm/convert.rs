//! JavaScript's values as the crate's, and back. A request and its outcome cross
//! as one text each, and other large values as JSON: one text costs less than many members.

use std::collections::BTreeMap;
use std::fmt::Write;

use js_sys::{Array, Error, JSON, Object, Reflect, TypeError, Uint8Array};
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::{Outcome, Request, Response};

/// Reads the request that a host hands over. The head holds the method, the URL, and the name and the value of each
/// header, separated by NUL, which HTTP allows in none of them. The body is text or bytes.
pub(super) fn request_from_js(head: &str, body: &JsValue) -> Result<Request, JsValue> {
    let mut parts = head.split('\0').map(str::to_owned);
    let method = parts.next().unwrap_or_default();
    let url = parts.next().unwrap_or_default();
    let mut headers = BTreeMap::new();
    while let Some((name, value)) = parts.next().zip(parts.next()) {
        headers.insert(name, value);
    }
    let body = if body.is_null() || body.is_undefined() {
        None
    } else if let Some(bytes) = body.dyn_ref::<Uint8Array>() {
        Some(bytes.to_vec())
    } else {
        let text = body.as_string();
        Some(text.ok_or_else(|| type_error(&"request.body: must be a text or bytes"))?.into_bytes())
    };
    Ok(Request { method, url, headers, body })
}

/// Writes an outcome in the form of an HTTP response: a line with the delay, the kind and the status as a JSON array, a line
/// for each header, an empty line, and the body. No header value holds a line feed.
pub(super) fn outcome_to_js(outcome: &Outcome) -> String {
    // The separators of a header, and more than the first line takes.
    const MARGIN: usize = 48;
    let Outcome { delay, response: Response { status, headers, body }, .. } = outcome;
    let head = headers.iter().map(|(name, value)| name.len().saturating_add(value.len()).saturating_add(MARGIN));
    let mut text = String::with_capacity(head.fold(body.len().saturating_add(MARGIN), usize::saturating_add));
    // Writing to a string cannot fail.
    let _ = writeln!(text, r#"[{delay},"{}",{status}]"#, outcome.kind());
    for (name, value) in headers {
        text.extend([name, ":", value, "\n"]);
    }
    text.push('\n');
    text.push_str(body);
    text
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
