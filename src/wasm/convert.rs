//! JavaScript's values as the core's, and back.

use js_sys::{Array, Reflect, Symbol};
use wasm_bindgen::prelude::*;

use super::js;
use crate::api::{Error, Json};
use crate::app::MAX_REDIRECTS;
use crate::concat::Concat as _;
use crate::value::{ABORT_SIGNAL, FUNCTION, UNDEFINED, Value};

/// Deeper than anything the API takes; a cyclic object ends here.
const DEEPEST: u32 = 8;
/// More than the largest draft holds (200 mappings); an object that refers to itself many times ends here.
const MOST_VALUES: u32 = 10_000;

/// What was given, read at once and once: later changes by the caller, and getters, see nothing of the call.
pub(super) fn to_value(given: &JsValue) -> Value {
    Reader { left: MOST_VALUES, keeps_undefined: false }.read(given, 0)
}

/// The options of a client: like [`to_object`], with the members that hold `undefined`, which may be unset environment
/// variables.
pub(super) fn to_client_options(given: &JsValue) -> Value {
    if given.is_undefined() {
        return Value::Object(Vec::new());
    }
    Reader { left: MOST_VALUES, keeps_undefined: true }.read(given, 0)
}

/// The same, for an argument that may be left out: then an empty object.
pub(super) fn to_object(given: &JsValue) -> Value {
    if given.is_undefined() { Value::Object(Vec::new()) } else { to_value(given) }
}

/// A call's options: like [`to_object`], with an `AbortSignal` known as one.
pub(super) fn to_call_options(given: &JsValue) -> Value {
    let mut options = to_object(given);
    if let Value::Object(members) = &mut options {
        for (_, value) in members.iter_mut().filter(|(name, _)| name == "signal") {
            if to_signal(given).is_some() {
                *value = Value::Foreign(ABORT_SIGNAL);
            }
        }
    }
    options
}

/// A call's signal, where it is one by what it can do: `instanceof` fails across realms.
pub(super) fn to_signal(options: &JsValue) -> Option<JsValue> {
    if options.is_undefined() {
        return None;
    }
    let given = own_member(options, "signal");
    let is_signal = member(&given, "aborted").as_bool().is_some() && member(&given, "addEventListener").is_function();
    is_signal.then_some(given)
}

/// A member of an object; `undefined` where there is none, or it cannot be read.
pub(super) fn member(object: &JsValue, name: &str) -> JsValue {
    // Not by trying: to throw and catch takes longer than a whole call.
    if !object.is_object() && !object.is_function() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// The same for an option: an inherited member is none, as a polluted `Object.prototype` would be read for options that
/// nobody gave.
pub(super) fn own_member(object: &JsValue, name: &str) -> JsValue {
    if js::has_own(object, name).unwrap_or(false) { member(object, name) } else { JsValue::UNDEFINED }
}

/// A plain JavaScript value of the same content, by way of JSON: the engine makes it faster than member by member.
pub(super) fn to_js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_json()).unwrap_or(JsValue::UNDEFINED)
}

/// The error as a plain object, from which the facade makes an `OAuthAppsError`.
pub(super) fn to_js_error(error: &Error<JsValue>) -> JsValue {
    let plain = to_js(&error.to_value());
    match &error.cause {
        Some(cause) => plain.with("cause", cause.clone()),
        None => plain,
    }
}

/// The A-label form of a host, as the platform's URL parser computes it.
pub(super) fn to_ascii(host: &str) -> Option<String> {
    let url = js::Url::new(&["https://", host].concat()).ok()?;
    Some(url.hostname()).filter(|hostname| !hostname.is_empty())
}

impl Json for JsValue {
    fn get(&self, name: &str) -> Option<Self> {
        Some(member(self, name)).filter(|value| !value.is_undefined())
    }

    fn is_string(&self) -> bool {
        JsValue::is_string(self)
    }

    fn is_array(&self) -> bool {
        js::is_array(self).unwrap_or(false)
    }

    fn is_object(&self) -> bool {
        JsValue::is_object(self) && !Json::is_array(self)
    }

    fn elements(&self) -> Vec<Self> {
        if Json::is_array(self) { self.unchecked_ref::<Array>().to_vec() } else { Vec::new() }
    }

    fn to_value(&self) -> Value {
        to_value(self)
    }

    fn from_value(value: &Value) -> Self {
        to_js(value)
    }

    fn with(self, name: &str, member: Self) -> Self {
        // A fresh plain object takes every member.
        drop(Reflect::set(&self, &JsValue::from_str(name), &member));
        self
    }
}

struct Reader {
    /// How many values more it reads: what refers to itself many times would never end.
    left: u32,
    /// Whether members that hold `undefined` are read; else they are absent.
    keeps_undefined: bool,
}

impl Reader {
    fn read(&mut self, given: &JsValue, depth: u32) -> Value {
        self.left = self.left.saturating_sub(1);
        // First, as most of what may be left out is.
        if given.is_undefined() {
            return Value::Foreign(UNDEFINED);
        }
        if let Some(text) = given.as_string() {
            return well_formed(given, text);
        }
        if let Some(number) = given.as_f64() {
            return if number.is_finite() { Value::Number(number) } else { Value::Foreign("not a finite number") };
        }
        if let Some(flag) = given.as_bool() {
            return Value::Bool(flag);
        }
        if given.is_null() {
            return Value::Null;
        }
        if given.is_function() {
            return Value::Foreign(FUNCTION);
        }
        if given.is_symbol() {
            return Value::Foreign("a symbol");
        }
        if given.is_bigint() {
            return Value::Foreign("a bigint");
        }
        if depth >= DEEPEST || self.left == 0 {
            return Value::Foreign("nested too deeply, or cyclic");
        }
        self.read_object(given, depth).unwrap_or(Value::Foreign("an object that throws when it is read"))
    }

    fn read_object(&mut self, given: &JsValue, depth: u32) -> Result<Value, JsValue> {
        if js::is_array(given)? {
            return self.read_array(given, depth);
        }
        let mut members = Vec::new();
        for key in js::keys(given)?.iter() {
            let Some(name) = key.as_string() else { continue };
            let value = match Reflect::get(given, &key) {
                Ok(value) if value.is_undefined() && !self.keeps_undefined => continue,
                Ok(value) => self.read(&value, depth.saturating_add(1)),
                Err(_) => Value::Foreign("a property that throws when it is read"),
            };
            members.push((name, value));
            if self.left == 0 {
                break;
            }
        }
        // A `Map`, `Headers` and their like keep what they hold elsewhere; taken for `{}` it would be lost without a word.
        if members.is_empty() && Reflect::get(given, &Symbol::to_string_tag())?.is_string() {
            return Ok(Value::Foreign("an object that is not a plain one"));
        }
        Ok(Value::Object(members))
    }

    fn read_array(&mut self, given: &JsValue, depth: u32) -> Result<Value, JsValue> {
        let length = Reflect::get(given, &JsValue::from_str("length"))?.as_f64().unwrap_or_default();
        let mut elements = Vec::with_capacity(MAX_REDIRECTS);
        let mut at = 0;
        while f64::from(at) < length && self.left > 0 {
            elements.push(match Reflect::get_u32(given, at) {
                Ok(value) => self.read(&value, depth.saturating_add(1)),
                Err(_) => Value::Foreign("an element that throws when it is read"),
            });
            at = at.saturating_add(1);
        }
        Ok(Value::Array(elements))
    }
}

/// A string with half a surrogate pair has no form in UTF-8: it would arrive as another string.
fn well_formed(given: &JsValue, text: String) -> Value {
    // Most text is ASCII, and that is seen fast. Not `contains`: it brings in a search for substrings, and 5 KB with it.
    let replaced = !text.is_ascii() && text.chars().any(|character| character == char::REPLACEMENT_CHARACTER);
    if replaced && !given.unchecked_ref::<js_sys::JsString>().is_valid_utf16() {
        return Value::Foreign("text with half a surrogate pair");
    }
    Value::String(text)
}
