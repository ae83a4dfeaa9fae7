//! Selecting the fields that are sent.
//!
//! An app as the service returned it can be sent back, as an update or as the draft of a copy. It holds read-only fields,
//! which are left out, and perhaps fields that this version does not know, which are passed on. An object counts as such
//! an app if it has both `id` and `createdDate`. A misspelt field is refused in any object.

use super::content::check;
use super::lists;
use crate::app::{self, Field, Kind, OAuthAppId};
use crate::app_name;
use crate::fields::{object, unknown};
use crate::names::nearest_name;
use crate::redirect::ToAscii;
use crate::text::all;
use crate::value::Value;
use crate::violation::{Violations, rule};

/// The operation that the fields are for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// A new app.
    Create,
    /// An app that is created or changed; `null` clears a field.
    Ensure,
    /// A change of the app of this ID, if that is known; `null` clears a field.
    Update(Option<&'a OAuthAppId>),
}

/// Returns the fields to send, unchanged, with the errors and warnings on them.
pub(super) fn take(given: &Value, purpose: Purpose<'_>, to_ascii: ToAscii<'_>) -> (Vec<(String, Value)>, Violations) {
    let mut violations = Violations::default();
    let Some(members) = object("", given, &mut violations) else { return (Vec::new(), violations) };
    let is_update = matches!(purpose, Purpose::Update(_));
    let can_clear = !matches!(purpose, Purpose::Create);
    let is_app = given.get("id").is_some() && given.get("createdDate").is_some();
    if !is_update && given.get("name").is_none() {
        violations.error("name", rule::REQUIRED_FIELD, &["is required, with 2 to 256 characters"]);
    }
    let (mut taken, mut is_empty) = (Vec::new(), true);
    for (name, value) in members {
        let Some(field) = app::field(name) else {
            let mut writable = app::FIELDS.iter().filter(|field| !field.read_only).map(|field| field.name);
            let meant = nearest_name(name, &mut writable);
            if !is_app || meant.is_some() {
                unknown(name, meant, &mut violations);
            } else if can_be_sent(value) {
                taken.push((name.clone(), value.clone()));
            }
            continue;
        };
        if field.read_only {
            read_only(field, value, given, purpose, &mut violations);
            continue;
        }
        is_empty = false;
        match value {
            Value::Null if can_clear && field.name == "name" => {
                violations.error("name", rule::REQUIRED_FIELD, &["cannot be cleared; give a name"]);
            }
            Value::Null if can_clear => {}
            // The service may return a field that is not set as null.
            Value::Null if is_app && field.name != "name" => continue,
            Value::String(text) if is_app && is_newer_name(field, text) => {}
            _ => check(field, value, to_ascii, &mut violations),
        }
        if let (Value::String(text), "name") = (value, field.name) {
            app_name::judge(text, &mut violations);
        }
        taken.push((name.clone(), value.clone()));
    }
    if is_update && is_empty && !violations.has_error() {
        violations.error("", rule::EMPTY_PATCH, &["the patch names no field; give at least one field to change"]);
    }
    // An ensure does not know yet whether the app has domains.
    if !matches!(purpose, Purpose::Ensure) {
        lists::warn_of_missing(&taken, is_update, &mut violations);
    }
    (taken, violations)
}

/// Checks a field that only the service sets. It is left out if it is the app's own, and an error otherwise.
fn read_only(field: &Field, value: &Value, given: &Value, purpose: Purpose<'_>, violations: &mut Violations) {
    let id = given.get("id").map(OAuthAppId::read);
    match (id, purpose) {
        // An ensure reads the ID itself.
        (_, Purpose::Ensure) if field.name == "id" => {}
        (Some(Ok(id)), Purpose::Update(Some(subject))) if field.name == "id" && !id.is_same(subject) => {
            let message = ["is another app's ID, and an ID cannot be changed; the update is of ", subject.as_str()];
            violations.error("id", rule::READ_ONLY, &message);
        }
        (Some(Ok(_)), Purpose::Update(_)) if is_well_formed(field, value) => {}
        (id, Purpose::Create | Purpose::Ensure) if is_well_formed(field, value) => {
            if id.is_none() || given.get("createdDate").is_none() {
                violations.warn(field.name, rule::READ_ONLY, &["is set by the service only, and is left out"]);
            }
        }
        _ => violations.error(field.name, rule::READ_ONLY, &["is set by the service only; leave it out"]),
    }
}

/// Returns whether a read-only field has a value that the service, or this library, may have given.
fn is_well_formed(field: &Field, value: &Value) -> bool {
    match field.kind {
        // The library wraps a secret, and prints it as `[redacted]`.
        Kind::Text(..) => matches!(value, Value::Object(_)) || value.as_str().is_some_and(|text| text.len() >= 10),
        Kind::Guid => OAuthAppId::read(value).is_ok(),
        _ => value.as_str().is_some_and(|text| text.as_bytes().first().is_some_and(u8::is_ascii_hexdigit)),
    }
}

/// Returns whether the value may be a name that was added to an enumeration after this version.
fn is_newer_name(field: &Field, text: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    matches!(field.kind, Kind::OneOf(_)) && !text.is_empty() && all(text, is_name)
}

/// Returns whether a request carries the value exactly; see [`Value::to_json`].
fn can_be_sent(value: &Value) -> bool {
    match value {
        Value::Foreign(_) => false,
        Value::Number(number) => number.fract() == 0.0 && number.abs() < 9e15,
        Value::Array(elements) => elements.iter().all(can_be_sent),
        Value::Object(members) => members.iter().all(|(_, value)| can_be_sent(value)),
        _ => true,
    }
}
