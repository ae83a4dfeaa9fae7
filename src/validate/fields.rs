//! Which fields of what was given are taken, and which are refused.
//!
//! An app as the service gave it can be sent back, for an update or as the draft of a copy: it holds its read-only fields,
//! which are left out, and perhaps fields that only the service knows, which pass. An object is such an app where it holds
//! both `id` and `createdDate`. A misspelt field is refused in any object.

use super::{check, lists, object, unknown_field};
use crate::app::{self, Field, Kind, OAuthAppId};
use crate::app_name;
use crate::names::nearest_name;
use crate::redirect::ToAscii;
use crate::value::Value;
use crate::violation::{Severity, Violation, Violations, rule};

/// What the fields are given for.
#[derive(Clone, Copy)]
pub(super) enum Purpose<'a> {
    /// A new app.
    Create,
    /// An app that is created or changed; `null` clears a field.
    Ensure,
    /// A change of the app of this ID, where that is known; `null` clears a field.
    Update(Option<&'a OAuthAppId>),
}

/// The fields that are taken, as they were given, with everything that is wrong or doubtful.
pub(super) fn take(given: &Value, purpose: Purpose<'_>, to_ascii: ToAscii<'_>) -> (Vec<(String, Value)>, Violations) {
    let mut violations = Violations::default();
    let Some(members) = object("", given, &mut violations) else { return (Vec::new(), violations) };
    let is_update = matches!(purpose, Purpose::Update(_));
    let is_app = given.get("id").is_some() && given.get("createdDate").is_some();
    if !is_update && given.get("name").is_none() {
        violations.error("name", rule::REQUIRED_FIELD, &["is required, with 2 to 256 characters"]);
    }
    let (mut taken, mut names) = (Vec::new(), 0_usize);
    for (name, value) in members {
        let Some(field) = app::field(name) else {
            let writable = || app::FIELDS.iter().filter(|field| !field.read_only).map(|field| field.name);
            if !is_app || nearest_name(name, writable()).is_some() {
                unknown_field(name, &mut writable(), &mut violations);
            } else if can_be_sent(value) {
                taken.push((name.clone(), value.clone()));
            }
            continue;
        };
        if field.read_only {
            read_only(field, value, given, purpose, &mut violations);
            continue;
        }
        names = names.saturating_add(1);
        match (value, purpose) {
            (Value::Null, Purpose::Update(_) | Purpose::Ensure) if field.name == "name" => {
                violations.error("name", rule::REQUIRED_FIELD, &["cannot be cleared, an app has a name"]);
            }
            (Value::Null, Purpose::Update(_) | Purpose::Ensure) => {}
            // A service may give a field that is not set as null.
            (Value::Null, Purpose::Create) if is_app && field.name != "name" => continue,
            (Value::String(text), _) if is_app && is_newer_name(field, text) => {}
            _ => check(field, value, to_ascii, &mut violations),
        }
        if let (Value::String(text), "name") = (value, field.name) {
            app_name::judge(text, &mut violations);
        }
        taken.push((name.clone(), value.clone()));
    }
    if is_update && names == 0 && !violations.has_error() {
        let message = "the patch names no field: an update changes exactly the fields of its patch";
        violations.error("", rule::EMPTY_PATCH, &[message]);
    }
    // Whether an app that is ensured has domains shows only once it is found.
    if !matches!(purpose, Purpose::Ensure) {
        lists::warn_of_missing(&taken, is_update, &mut violations);
    }
    (taken, violations)
}

/// A field that only the service sets: left out where it is that of the app itself, else a fault.
fn read_only(field: &Field, value: &Value, given: &Value, purpose: Purpose<'_>, violations: &mut Violations) {
    let id = given.get("id").map(OAuthAppId::read);
    match (field.name, id, purpose) {
        // Whoever ensures an app reads the ID by itself.
        ("id", _, Purpose::Ensure) => {}
        ("id", Some(Ok(id)), Purpose::Update(Some(subject))) if !id.is_same(subject) => {
            let message =
                ["is the ID of another app, and an ID cannot be changed: the update is of ", subject.as_str()];
            violations.error("id", rule::READ_ONLY, &message);
        }
        (_, Some(Ok(_)), Purpose::Update(_)) if is_well_formed(field, value) => {}
        (_, id, Purpose::Create | Purpose::Ensure) if is_well_formed(field, value) => {
            if id.is_none() || given.get("createdDate").is_none() {
                let fault =
                    Violation::error(field.name, rule::READ_ONLY, "is set by the service alone, and is left out");
                violations.0.push(Violation { severity: Severity::Warning, ..fault });
            }
        }
        _ => violations.error(field.name, rule::READ_ONLY, &["is set by the service alone; leave it out"]),
    }
}

/// Whether a read-only field holds what the service, or this library, may have given.
fn is_well_formed(field: &Field, value: &Value) -> bool {
    match field.kind {
        // The library wraps a secret, and prints it as `[redacted]`.
        Kind::Text(..) => matches!(value, Value::Object(_)) || value.as_str().is_some_and(|text| text.len() >= 10),
        Kind::Guid => OAuthAppId::read(value).is_ok(),
        _ => value.as_str().is_some_and(|text| text.as_bytes().first().is_some_and(u8::is_ascii_hexdigit)),
    }
}

/// Whether this may be a value of an enumeration that was added after this version.
fn is_newer_name(field: &Field, text: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    matches!(field.kind, Kind::OneOf(_)) && !text.is_empty() && text.bytes().all(is_name)
}

/// Whether a request carries the value exactly; see [`Value::to_json`].
fn can_be_sent(value: &Value) -> bool {
    match value {
        Value::Foreign(_) => false,
        Value::Number(number) => number.fract() == 0.0 && number.abs() < 9e15,
        Value::Array(elements) => elements.iter().all(can_be_sent),
        Value::Object(members) => members.iter().all(|(_, value)| can_be_sent(value)),
        _ => true,
    }
}
