//! Reading typed fields from untyped input. Each reader reports a value of another type, and returns what it can use.

use crate::concat::{Concat as _, join};
use crate::names::nearest_name;
use crate::text::{excerpt, fill, is_same};
use crate::value::Value;
use crate::violation::{Violations, rule};

/// Returns the members of an object.
pub(crate) fn object<'a>(path: &str, value: &'a Value, violations: &mut Violations) -> Option<&'a [(String, Value)]> {
    if let Value::Object(members) = value {
        return Some(members);
    }
    wrong_type(path, "an object", value, violations);
    None
}

/// Returns the elements of a list, and reports a list with more than `most` of them.
pub(crate) fn list<'a>(path: &str, value: &'a Value, most: usize, violations: &mut Violations) -> Option<&'a [Value]> {
    let Value::Array(elements) = value else {
        wrong_type(path, "a list", value, violations);
        return None;
    };
    if elements.len() > most {
        let message = fill("takes at most {} entries, has {}", &[&most.to_string(), &elements.len().to_string()]);
        violations.error(path, rule::OUT_OF_RANGE, &[&message]);
    }
    Some(elements)
}

/// Returns the strings of a list with at most `most` elements; `None` for an element that is not a string.
pub(crate) fn strings<'a>(
    path: &str,
    value: &'a Value,
    most: usize,
    violations: &mut Violations,
) -> Vec<Option<&'a str>> {
    let elements = list(path, value, most, violations).unwrap_or_default();
    let mut strings = Vec::with_capacity(elements.len());
    for (at, element) in elements.iter().enumerate() {
        // For twenty entries, making every path takes as long as reading the entries.
        if element.as_str().is_none() {
            wrong_type(&element_path(path, at), "a string", element, violations);
        }
        strings.push(element.as_str());
    }
    strings
}

/// Returns the text of a string.
pub(crate) fn string<'a>(path: &str, value: &'a Value, violations: &mut Violations) -> Option<&'a str> {
    let text = value.as_str();
    if text.is_none() {
        wrong_type(path, "a string", value, violations);
    }
    text
}

/// Reports a string whose number of characters is out of range. Characters are Unicode scalar values, so that a limit is
/// the same for every script.
pub(crate) fn length(path: &str, value: &Value, least: usize, most: usize, violations: &mut Violations) {
    let Some(text) = string(path, value, violations) else { return };
    let mut length = 0_usize;
    for byte in text.bytes() {
        // The first byte of a character is not of this form, and all others are.
        length = length.wrapping_add(usize::from(byte & 0xC0 != 0x80));
    }
    if length < least || length > most {
        let (least, most, length) = (least.to_string(), most.to_string(), length.to_string());
        let message = fill("must have {} to {} characters, has {}", &[&least, &most, &length]);
        violations.error(path, rule::OUT_OF_RANGE, &[&message]);
    }
}

/// Reports a value that is not `true` or `false`.
pub(crate) fn flag(path: &str, value: &Value, violations: &mut Violations) {
    if !matches!(value, Value::Bool(_)) {
        wrong_type(path, "true or false", value, violations);
    }
}

/// Reports a value that is not one of some names, with the name that differs only in case.
pub(crate) fn one_of(path: &str, value: &Value, names: &[&str], violations: &mut Violations) {
    let Some(text) = string(path, value, violations) else { return };
    let mut meant = None;
    for name in names {
        if *name == text {
            return;
        }
        if is_same(name, text) {
            meant = Some(*name);
        }
    }
    let message = fill("must be one of {}, is \"{}\"", &[&join(names, ", "), &excerpt(text)]);
    violations.error_suggesting(path, rule::UNKNOWN_VALUE, &[&message], meant);
}

/// Returns a whole number in a range.
pub(crate) fn whole(path: &str, value: &Value, least: u32, most: u32, violations: &mut Violations) -> Option<u32> {
    let Value::Number(number) = value else {
        wrong_type(path, "a number", value, violations);
        return None;
    };
    if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(number) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within a u32's range")]
        return Some(*number as u32);
    }
    let message = fill("must be a whole number from {} to {}", &[&least.to_string(), &most.to_string()]);
    violations.error(path, rule::OUT_OF_RANGE, &[&message]);
    None
}

/// Reports an unknown member, with the known name that is nearest.
pub(crate) fn unknown_field(path: &str, names: &mut dyn Iterator<Item = &str>, violations: &mut Violations) {
    unknown(path, nearest_name(path, names), violations);
}

/// Reports an unknown member, with the known name that was meant.
pub(crate) fn unknown(path: &str, meant: Option<&str>, violations: &mut Violations) {
    let question = if meant.is_some() { "; did you mean " } else { "" };
    let message = ["is not a known field", question, meant.unwrap_or_default()];
    violations.error_suggesting(path, rule::UNKNOWN_FIELD, &message, meant);
}

/// Reports a value of the wrong type.
pub(crate) fn wrong_type(path: &str, wanted: &str, value: &Value, violations: &mut Violations) {
    violations.error(path, rule::TYPE, &[&fill("must be {}, is {}", &[wanted, value.kind()])]);
}

/// Returns the path of an element of a list: `allowedRedirectUris[3]`.
pub(crate) fn element_path(path: &str, at: usize) -> String {
    fill("{}[{}]", &[path, &at.to_string()])
}

/// Returns the path of a member of an object: `paging.limit`.
pub(crate) fn member_path(path: &str, name: &str) -> String {
    [path, if path.is_empty() { "" } else { "." }, name].concat()
}
