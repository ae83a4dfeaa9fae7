//! Converts values of JavaScript. A request and its outcome cross as one text each, and other large values as JSON, because
//! one string is cheaper than many members.

use std::fmt::Write;

use js_sys::{Array, Error, JSON, Object, Reflect, TypeError};
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::http::json;
use crate::http::outcome::Outcome;
use crate::http::response::Response;

/// Writes an outcome in the form of an HTTP response: a line with the delay, the kind, the status and the reason, if
/// there is one, as a JSON array, a line for each header, an empty line, and the body. Header values contain no line feed.
pub(super) fn outcome_to_js(outcome: &Outcome) -> String {
    // Longer than the separators of a header, and than the first line.
    const MARGIN: usize = 48;
    let Outcome { delay, response: Response { status, headers, body, reason }, .. } = outcome;
    let head = headers.iter().map(|(name, value)| name.len().saturating_add(value.len()).saturating_add(MARGIN));
    let mut text = String::with_capacity(head.fold(body.len().saturating_add(MARGIN), usize::saturating_add));
    // Writing to a string cannot fail.
    let _ = write!(text, r#"[{delay},"{}",{status}"#, outcome.kind());
    if let Some(reason) = reason {
        let _ = write!(text, ",{}", json::write(reason));
    }
    text.push_str("]\n");
    for (name, value) in headers {
        text.extend([name, ":", value, "\n"]);
    }
    text.push('\n');
    text.push_str(body);
    text
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
