//! Fingerprints of the site's apps, by which a plan knows whether the site has changed.
//!
//! Every app counts by its ID and name. An app of the file counts by its other fields too, without
//! `allowSecretGeneration` (which a new secret changes) and without the entries that others manage: those that match
//! `ignore`, and with `redirects: include` those that the file does not have. An app that is to be deleted counts by
//! every field. The order of entries does not count.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::identity::Match;
use crate::config::{Config, ConfigApp};
use crate::error::Result;
use crate::library::{List, Storage, is_same_entry, writable_fields};
use crate::site;

/// An app of the site when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct AppState {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) fingerprint: String,
}

/// Returns the state of every app of the site.
pub(super) fn of_site(config: &Config, apps: &[Value], found: &[Option<(usize, Match)>]) -> Result<Vec<AppState>> {
    let state_of = |(at, app): (usize, &Value)| {
        let position = found.iter().position(|found| found.is_some_and(|(taken, _)| taken == at));
        let wanted = position.and_then(|position| config.apps.get(position));
        let is_counted = wanted.is_some() || config.deletes_unlisted;
        let mut counted = vec![json!(site::id(app)), json!(site::name(app))];
        if is_counted {
            for field in writable_fields() {
                counted.push(part(app, field, wanted)?);
            }
        }
        Ok(AppState {
            id: site::id(app).to_owned(),
            name: site::name(app).to_owned(),
            fingerprint: hash(&Value::Array(counted).to_string()),
        })
    };
    apps.iter().enumerate().map(state_of).collect()
}

/// Returns the part of a field that counts.
fn part(app: &Value, field: &str, wanted: Option<&ConfigApp>) -> Result<Value> {
    let is_named = wanted.is_some_and(|wanted| wanted.fields.contains_key(field));
    if field == "allowSecretGeneration" && !is_named {
        return Ok(Value::Null);
    }
    let Some(list) = List::named(field) else {
        return Ok(canonical(app.get(field).unwrap_or(&Value::Null)));
    };
    let mut entries = site::entries(app, list)?;
    if let Some(wanted) = wanted {
        let named = wanted.entries(list);
        let is_ours = |entry: &String| {
            !wanted.keeps_others
                || named.as_ref().is_none_or(|named| {
                    named.iter().any(|named| is_same_entry(list.kind(), Storage::NormalForm, named, entry))
                })
        };
        entries.retain(|entry| is_ours(entry) && !wanted.is_ignored(list.kind(), entry));
    }
    entries.sort_unstable();
    entries.dedup();
    Ok(json!(entries))
}

/// Returns a value with the members of objects in the order of their names, and without empty values.
fn canonical(value: &Value) -> Value {
    match value {
        Value::String(text) if text.is_empty() => Value::Null,
        Value::Array(elements) => Value::Array(elements.iter().map(canonical).collect()),
        Value::Object(members) => {
            let sorted: BTreeMap<&String, Value> =
                members.iter().map(|(name, member)| (name, canonical(member))).collect();
            json!(sorted)
        }
        _ => value.clone(),
    }
}

/// Returns the fingerprint of a site.
pub(super) fn fingerprint(site_id: Option<&str>, state: &[AppState]) -> String {
    let mut parts: Vec<(&str, &str)> = state.iter().map(|app| (app.id.as_str(), app.fingerprint.as_str())).collect();
    parts.sort_unstable();
    hash(&json!([site_id, parts]).to_string())
}

/// Returns the SHA-256 of a text in hexadecimal digits.
pub(crate) fn hash(text: &str) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
