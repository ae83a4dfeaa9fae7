//! Untyped input: a value as a caller gave it or the service answered it.
//!
//! [`Value`] is JSON's data model with one more case: values for which JSON has no form. A host language can pass functions,
//! symbols and objects that throw when they are read; each becomes a [`Value::Foreign`], which validation can name.

use crate::text::{after, hexadecimal};

/// A value. The members of an object keep their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as JavaScript has them.
    Number(f64),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Names and values; no name occurs twice.
    Object(Vec<(String, Value)>),
    /// A value without a JSON form, described with its article: `a function`.
    Foreign(&'static str),
}

/// The description of a function in a [`Value::Foreign`].
pub const FUNCTION: &str = "a function";
/// The description of `undefined` in a [`Value::Foreign`].
pub const UNDEFINED: &str = "undefined";
/// The description of an `AbortSignal` in a [`Value::Foreign`].
pub const ABORT_SIGNAL: &str = "an AbortSignal";

impl Value {
    /// Returns the member of that name, if the value is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        for (key, value) in self.members() {
            if key == name {
                return Some(value);
            }
        }
        None
    }

    /// Returns the members of an object, or none for any other value.
    pub fn members(&self) -> &[(String, Value)] {
        match self {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// Returns the elements of a list, or none for any other value.
    pub fn elements(&self) -> &[Value] {
        match self {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Describes the type of the value for a message: `a number`, `null`, `a list`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
            Value::Foreign(what) => what,
        }
    }
}

impl Value {
    /// Returns the value as JSON text (RFC 8259), for requests and for the binding.
    ///
    /// Values without a JSON form become `null`, and so does a number that is not a whole number below 2^64: writing
    /// fractions takes 5 KB of code, and validation lets neither into a request.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text);
        text
    }

    fn write_json(&self, text: &mut String) {
        match self {
            Value::Null | Value::Foreign(_) => text.push_str("null"),
            Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
            Value::Number(number) => write_number(*number, text),
            Value::String(string) => write_json_string(string, text),
            Value::Array(elements) => {
                text.push('[');
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    element.write_json(text);
                }
                text.push(']');
            }
            Value::Object(members) => {
                text.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    write_json_string(name, text);
                    text.push(':');
                    value.write_json(text);
                }
                text.push('}');
            }
        }
    }
}

/// Writes a whole number. `Display` for 64 bits would be used nowhere else.
fn write_number(number: f64, text: &mut String) {
    if number.fract() != 0.0 || number.abs() >= 18_446_744_073_709_551_616.0 {
        return text.push_str("null");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number below 2^64")]
    let (mut rest, mut digits) = (number.abs() as u64, [0_u8; 20]);
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        let value = (rest % 10) as u8;
        *digit = b'0'.wrapping_add(value);
        rest /= 10;
        start = start.saturating_sub(1);
        if rest == 0 {
            break;
        }
    }
    if number < 0.0 {
        text.push('-');
    }
    for digit in digits.iter().skip(start) {
        text.push(char::from(*digit));
    }
}

/// Writes a string with the escapes that RFC 8259 §7 requires.
fn write_json_string(string: &str, text: &mut String) {
    text.push('"');
    // Text without escapes is copied in one piece.
    let (mut at, mut copied) = (0_usize, 0_usize);
    for byte in string.bytes() {
        if matches!(byte, 0..=0x1F | b'"' | b'\\') {
            text.push_str(string.get(copied..at).unwrap_or_default());
            copied = at;
            if byte < b' ' {
                text.push_str("\\u");
                text.push_str(&hexadecimal(byte.into(), 4));
                copied = at.wrapping_add(1);
            } else {
                text.push('\\');
            }
        }
        at = at.wrapping_add(1);
    }
    text.push_str(after(string, copied));
    text.push('"');
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

/// Makes an object of the given members, in their order.
impl From<Vec<(&str, Value)>> for Value {
    fn from(members: Vec<(&str, Value)>) -> Self {
        let mut object = Object::default();
        for (name, value) in members {
            object.set(name, value);
        }
        object.into()
    }
}

/// An object under construction.
#[derive(Debug, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// Adds a member.
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }

    /// Adds a member that is a string.
    pub fn text(&mut self, name: &str, text: &str) {
        self.set(name, Value::from(text));
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object.0)
    }
}

#[cfg(test)]
pub(crate) mod tests;
