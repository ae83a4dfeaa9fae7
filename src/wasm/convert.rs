//! JavaScript's values as the core's, and back.

use js_sys::Set;
use wasm_bindgen::prelude::*;

use super::js::{self, Options};
use crate::api::{Error, Json};
use crate::text::split;
use crate::value::{ABORT_SIGNAL, FUNCTION, UNDEFINED, Value};

/// The values that JSON has no form for, in the order of `values.js`.
const FOREIGN: [&str; 12] = [
    UNDEFINED,
    FUNCTION,
    "not a finite number",
    "a symbol",
    "a bigint",
    "nested too deeply, or cyclic",
    "an object that throws when it is read",
    "a property that throws when it is read",
    "an element that throws when it is read",
    "an object that is not a plain one",
    "text with half a surrogate pair",
    ABORT_SIGNAL,
];

/// Reads a value at once, so that later changes by the caller do not affect the call.
pub(super) fn to_value(given: &JsValue) -> Value {
    // Most values are absent or text.
    if given.is_undefined() {
        return Value::Foreign(UNDEFINED);
    }
    match given.as_string() {
        Some(text) if !may_be_broken(&text) => Value::String(text),
        _ => read(&js::flatten(given)),
    }
}

/// Reads a value that may be left out; then it is an empty object.
pub(super) fn to_object(given: &JsValue) -> Value {
    if given.is_undefined() { Value::Object(Vec::new()) } else { to_value(given) }
}

/// Reads the options of a client, with the members that hold `undefined`, which may be unset environment variables.
pub(super) fn to_client_options(given: &JsValue) -> (Value, Options) {
    let options = js::read_options(given, true);
    (read(&options.flat()), options)
}

/// Reads the options of a call, and returns them with the signal among them.
pub(super) fn to_call_options(given: &JsValue) -> (Value, JsValue) {
    if given.is_undefined() {
        return (Value::Object(Vec::new()), JsValue::UNDEFINED);
    }
    let options = js::read_options(given, false);
    (read(&options.flat()), options.signal())
}

/// Checks whether a text may have had half a surrogate pair, which has no form in UTF-8 and was replaced.
fn may_be_broken(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|character| character == char::REPLACEMENT_CHARACTER)
}

/// Reads the flat form of a value, which `values.js` describes.
pub(super) fn read(flat: &str) -> Value {
    Reader { rest: flat }.value()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Value {
        match self.byte() {
            b't' => Value::Bool(true),
            b'f' => Value::Bool(false),
            b's' => Value::String(self.text()),
            b'n' => Value::Number(f64::from_bits((u64::from(self.number()) << 32) | u64::from(self.number()))),
            b'x' => {
                let kind = usize::from(self.byte().wrapping_sub(b'a'));
                Value::Foreign(FOREIGN.get(kind).copied().unwrap_or_default())
            }
            b'[' => {
                let mut elements = Vec::new();
                while !self.is_end() {
                    elements.push(self.value());
                }
                Value::Array(elements)
            }
            b'{' => {
                let mut members = Vec::new();
                while !self.is_end() {
                    members.push((self.text(), self.value()));
                }
                Value::Object(members)
            }
            _ => Value::Null,
        }
    }

    /// Checks for the end of a list or an object, and passes it.
    fn is_end(&mut self) -> bool {
        let is_end = matches!(self.rest.as_bytes().first(), None | Some(b']' | b'}'));
        if is_end {
            self.byte();
        }
        is_end
    }

    fn byte(&mut self) -> u8 {
        let byte = self.rest.as_bytes().first().copied().unwrap_or_default();
        self.rest = self.rest.get(1..).unwrap_or_default();
        byte
    }

    /// Reads a number and the colon after it.
    fn number(&mut self) -> u32 {
        let mut number = 0_u32;
        loop {
            match self.byte() {
                digit @ b'0'..=b'9' => number = number.wrapping_mul(10).wrapping_add(u32::from(digit & 15)),
                _ => return number,
            }
        }
    }

    /// Reads a text after its length in UTF-16 code units.
    fn text(&mut self) -> String {
        let length = usize::try_from(self.number()).unwrap_or(usize::MAX);
        let (mut units, mut end) = (0_usize, 0_usize);
        for byte in self.rest.bytes() {
            // A character begins with a byte of another form than the rest of its bytes.
            let is_first = byte & 0xC0 != 0x80;
            if is_first && units >= length {
                break;
            }
            // A character of four bytes is two units.
            units = units.wrapping_add(usize::from(is_first)).wrapping_add(usize::from(byte >= 0xF0));
            end = end.wrapping_add(1);
        }
        let (text, rest) = split(self.rest, end);
        self.rest = rest;
        text.to_owned()
    }
}

/// Returns a plain JavaScript value, by way of JSON: the engine makes that faster than member by member.
pub(super) fn to_js(value: &Value) -> JsValue {
    js::parse_json(&value.to_json())
}

/// Returns the error as a plain object, from which the facade makes an `OAuthAppsError`.
pub(super) fn to_js_error(error: &Error<JsValue>) -> JsValue {
    let plain = to_js(&error.to_value());
    match &error.cause {
        Some(cause) => plain.with("cause", cause.clone()),
        None => plain,
    }
}

/// Returns the A-label form of a host, as the platform's URL parser computes it.
pub(super) fn to_ascii(host: &str) -> Option<String> {
    js::to_ascii(host)
}

impl Json for JsValue {
    type Ids = Set;

    fn get(&self, name: &str) -> Option<Self> {
        Some(js::member(self, name)).filter(|member| !member.is_undefined())
    }

    fn text(&self, name: &str) -> Option<String> {
        js::text_of(self, name)
    }

    fn has_text(&self, name: &str) -> bool {
        js::has_text(self, name)
    }

    fn app(&self) -> Option<Self> {
        js::app_of(self)
    }

    fn length(&self) -> Option<u32> {
        js::length_of(self)
    }

    fn take_new(&self, ids: &mut Set, overlaps: bool) -> Option<Self> {
        Some(js::take_new(self, ids, overlaps)).filter(|apps| !apps.is_undefined())
    }

    fn to_value(&self) -> Value {
        to_value(self)
    }

    fn from_value(value: &Value) -> Self {
        to_js(value)
    }

    fn with(self, name: &str, member: Self) -> Self {
        js::set_member(&self, name, &member);
        self
    }
}
