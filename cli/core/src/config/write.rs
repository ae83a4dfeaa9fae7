//! Writing a configuration from the apps of a site.

use serde_json::{Map, Value, json};

use super::interpolate::escape;
use crate::library::{List, Platform, is_list, patch_faults, writable_fields};
use crate::pattern::Pattern;

/// Returns a configuration of the apps with the fields that are set: planning it changes nothing.
pub fn export(apps: &[Value], platform: &Platform<'_>) -> Value {
    write(apps, false, platform)
}

/// Returns a configuration that restores the apps as they are: every field is named, one that is not set with `null`
/// or `[]`.
pub fn backup(apps: &[Value], platform: &Platform<'_>) -> Value {
    write(apps, true, platform)
}

fn write(apps: &[Value], is_complete: bool, platform: &Platform<'_>) -> Value {
    let apps: Vec<Value> = apps.iter().map(|app| write_app(app, is_complete, platform)).collect();
    json!({ "apps": apps })
}

fn write_app(app: &Value, is_complete: bool, platform: &Platform<'_>) -> Value {
    let mut members = Map::new();
    if let Some(id) = app.get("id").filter(|id| id.is_string()) {
        members.insert("id".to_owned(), id.clone());
    }
    for name in writable_fields() {
        // Only generating a secret changes it, which a restored configuration cannot take back.
        if name == "allowSecretGeneration" {
            continue;
        }
        match app.get(name).filter(|value| !is_unset(value)) {
            Some(value) => {
                members.insert(name.to_owned(), value.clone());
            }
            None if is_list(name) && (is_complete || List::REDIRECTS.iter().any(|list| list.field() == name)) => {
                members.insert(name.to_owned(), json!([]));
            }
            None if is_complete && name != "name" => {
                members.insert(name.to_owned(), Value::Null);
            }
            None => {}
        }
    }
    let refused = take_refused(&mut members, platform);
    if !refused.is_empty() {
        // An entry that no pattern can name stays only where the lists may hold others.
        if refused.iter().any(|entry| Pattern::parse(entry).is_err()) {
            members.insert("redirects".to_owned(), json!("include"));
        } else {
            members.insert("ignore".to_owned(), json!(refused));
        }
    }
    escape_texts(&Value::Object(members))
}

/// Takes out what the rules refuse, so that the file can be read: of a list the refused entries, which are returned,
/// and any other field as a whole.
fn take_refused(members: &mut Map<String, Value>, platform: &Platform<'_>) -> Vec<String> {
    let mut refused = Vec::new();
    let names: Vec<String> = members.keys().filter(|name| *name != "id").cloned().collect();
    for name in &names {
        if let Some(entries) =
            members.get_mut(name).filter(|_| List::named(name).is_some()).and_then(Value::as_array_mut)
        {
            let mut kept: Vec<Value> = Vec::new();
            for entry in entries.drain(..) {
                if !kept.contains(&entry) {
                    kept.push(entry);
                }
            }
            *entries = kept;
        }
        let alone = Map::from_iter([(name.clone(), members.get(name).cloned().unwrap_or_default())]);
        let faults: Vec<_> = patch_faults(&alone, platform).into_iter().filter(|fault| !fault.is_warning).collect();
        if faults.is_empty() {
            continue;
        }
        let entries = members.get_mut(name).filter(|_| List::named(name).is_some()).and_then(Value::as_array_mut);
        let Some(entries) = entries else {
            members.remove(name);
            continue;
        };
        let mut at = 0_usize;
        entries.retain(|entry| {
            let place = crate::error::Path::default().key(name).index(at);
            at = at.saturating_add(1);
            let is_refused = faults.iter().any(|fault| fault.path == place);
            refused.extend(entry.as_str().filter(|_| is_refused).map(str::to_owned));
            !is_refused
        });
    }
    refused
}

/// Checks whether a value is that of a field which was never set.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.ends_with("_UNSPECIFIED"),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    }
}

fn escape_texts(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(escape(text)),
        Value::Array(elements) => Value::Array(elements.iter().map(escape_texts).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), escape_texts(value))).collect())
        }
        _ => value.clone(),
    }
}
