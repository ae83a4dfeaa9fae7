//! JavaScript's values as the crate's, and back. What is not small crosses as JSON: one text costs less than many members.

use std::collections::BTreeMap;

use js_sys::{Array, Error, JSON, Object, Reflect, TypeError, Uint8Array};
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::{Outcome, Request};

#[wasm_bindgen]
extern "C" {
    /// A request, as a host hands it over.
    pub type JsRequest;

    #[wasm_bindgen(catch, method, getter)]
    fn method(this: &JsRequest) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, method, getter)]
    fn url(this: &JsRequest) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, method, getter)]
    fn headers(this: &JsRequest) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, method, getter)]
    fn body(this: &JsRequest) -> Result<JsValue, JsValue>;

    /// What becomes of it.
    type JsOutcome;

    #[wasm_bindgen(method, setter)]
    fn set_body(this: &JsOutcome, body: &str);
}

/// An outcome without its body, which may be long and is JSON already.
#[derive(Serialize)]
struct Head<'a> {
    delay: u64,
    kind: &'a str,
    status: u16,
    headers: &'a BTreeMap<String, String>,
}

/// The request that a host hands over; the error names the member.
pub(super) fn request_from_js(request: &JsRequest) -> Result<Request, JsValue> {
    let text = |value: JsValue, name: &str| {
        value.as_string().ok_or_else(|| type_error(&format!("request.{name}: must be a text")))
    };
    let headers = json_of(&request.headers()?)?.map(|json| serde_json::from_str(&json)).transpose();
    let headers: Option<Option<BTreeMap<_, _>>> =
        headers.map_err(|error| type_error(&format!("request.headers: {error}")))?;
    let body = request.body()?;
    let body = if body.is_null() || body.is_undefined() {
        None
    } else if let Some(bytes) = body.dyn_ref::<Uint8Array>() {
        Some(bytes.to_vec())
    } else {
        Some(text(body, "body")?.into_bytes())
    };
    Ok(Request {
        method: text(request.method()?, "method")?,
        url: text(request.url()?, "url")?,
        headers: headers.flatten().unwrap_or_default(),
        body,
    })
}

/// `{delay, kind, status, headers, body}`.
pub(super) fn outcome_to_js(outcome: &Outcome) -> Result<JsValue, JsValue> {
    let Outcome { delay, response, .. } = outcome;
    let head = Head { delay: *delay, kind: outcome.kind(), status: response.status, headers: &response.headers };
    let object = to_js(&head)?;
    object.unchecked_ref::<JsOutcome>().set_body(&response.body);
    Ok(object)
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
    let json = json_of(value)?;
    Ok(json.map_or(Ok(Value::Null), |json| serde_json::from_str(&json)).map_err(|error| to_error(&error))?)
}

/// The JSON of a value, where it is defined.
fn json_of(value: &JsValue) -> Result<Option<String>, JsValue> {
    if value.is_undefined() {
        return Ok(None);
    }
    let text = JSON::stringify(value)?.as_string();
    Ok(Some(text.ok_or_else(|| Error::new("no JSON value"))?))
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
