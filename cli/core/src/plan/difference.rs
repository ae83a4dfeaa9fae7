//! The differences between an app of the site and an app of the configuration.

use serde_json::{Value, json};

use crate::config::ConfigApp;
use crate::error::{Fault, Path, Result};
use crate::library::{List, MAX_REDIRECTS, Platform, Storage, is_same_entry, normal_form, rule};
use crate::site;

/// The change of one field.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct FieldChange {
    pub(crate) field: String,
    pub(crate) before: Value,
    /// `null` clears the field.
    pub(crate) after: Value,
    /// The entries that a redirect list gains.
    pub(crate) added: Vec<String>,
    /// The entries that a redirect list loses.
    pub(crate) removed: Vec<String>,
}

impl FieldChange {
    pub(crate) fn list(&self) -> Option<List> {
        List::named(&self.field)
    }
}

/// The way in which redirect URIs are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Before a change: the site's entry is the file's, or a normal form of it that the service may have stored. A URI
    /// with a path differs from one without.
    Before,
    /// After a change: the service may have stored any form of what it was sent.
    After,
}

/// Returns the changes that make an app of the site as the configuration says, and adds a fault for each list that
/// gets too long.
pub(crate) fn difference(
    wanted: &ConfigApp,
    app: &Value,
    comparison: Comparison,
    platform: &Platform<'_>,
    (path, faults): (&Path, &mut Vec<Fault>),
) -> Result<Vec<FieldChange>> {
    let mut changes = Vec::new();
    for (field, value) in &wanted.fields {
        let Some(list) = List::named(field) else {
            let held = app.get(field).unwrap_or(&Value::Null);
            let is_kept = match (field.as_str(), value.as_str(), held.as_str()) {
                ("name", Some(name), Some(held)) => platform.is_same_name(name, held),
                _ => is_same(value, held),
            };
            if !is_kept {
                changes.push(FieldChange {
                    field: field.clone(),
                    before: held.clone(),
                    after: value.clone(),
                    added: Vec::new(),
                    removed: Vec::new(),
                });
            }
            continue;
        };
        let before = site::entries(app, list)?;
        let change = list_change(wanted, list, &before, comparison);
        let Some(change) = change else { continue };
        let count = change.after.as_array().map_or(0, Vec::len);
        if count > MAX_REDIRECTS && !change.added.is_empty() {
            let kept: Vec<&str> =
                before.iter().filter(|entry| !change.removed.contains(entry)).map(String::as_str).collect();
            let message = format!(
                "takes at most {MAX_REDIRECTS} entries and would have {count}: {} more beside those that stay, which \
                 are {}. Remove some of them first, previews with `preview prune`",
                change.added.len(),
                kept.join(", ")
            );
            faults.push(Fault::new(path.key(field), rule::OUT_OF_RANGE, message));
        }
        changes.push(change);
    }
    Ok(changes)
}

/// Returns the change of a redirect list, in the order of the site; `None` if the entries mean the same.
fn list_change(wanted: &ConfigApp, list: List, before: &[String], comparison: Comparison) -> Option<FieldChange> {
    let kind = list.kind();
    let entries = wanted.entries(list)?;
    // `one` is the file's entry, `held` the site's.
    let is_same = |one: &str, held: &str| match comparison {
        // An entry that is not in normal form was stored byte for byte, and is compared so.
        Comparison::Before => {
            one == held || (is_normal(list, held) && is_same_entry(kind, Storage::Unknown, one, held))
        }
        Comparison::After => is_same_entry(kind, Storage::NormalForm, one, held),
    };
    let (mut added, mut removed, mut after) = (Vec::new(), Vec::new(), Vec::<String>::new());
    for held in before {
        let is_wanted = entries.iter().any(|entry| is_same(entry, held));
        let stays = is_wanted || wanted.keeps_others || wanted.is_ignored(kind, held);
        let into: &mut Vec<String> = if stays { &mut after } else { &mut removed };
        if !into.contains(held) {
            into.push(held.clone());
        }
    }
    for (at, entry) in entries.iter().enumerate() {
        // The file may have one entry in two forms; the second changes nothing, whatever is known of the service by
        // then.
        let is_repeated = |other: &&str| is_same_entry(kind, Storage::Unknown, entry, other);
        if !after.iter().any(|held| is_same(entry, held)) && !entries.iter().take(at).any(is_repeated) {
            added.push((*entry).to_owned());
        }
    }
    after.extend(added.iter().cloned());
    if added.is_empty() && removed.is_empty() {
        return None;
    }
    Some(FieldChange { field: list.field().to_owned(), before: json!(before), after: json!(after), added, removed })
}

fn is_normal(list: List, entry: &str) -> bool {
    list != List::RedirectUris || normal_form(entry) == entry
}

/// Checks whether a field holds a value already. An empty value equals an absent one, and an object may hold more.
fn is_same(wanted: &Value, held: &Value) -> bool {
    let is_blank = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.ends_with("_UNSPECIFIED"),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    };
    // A flag that is cleared has its default, which is true.
    let is_default = wanted.is_null() && *held == Value::Bool(true);
    if is_default || (is_blank(wanted) && is_blank(held)) {
        return true;
    }
    match (wanted, held) {
        (Value::Object(members), Value::Object(_)) => {
            members.iter().all(|(name, value)| is_same(value, held.get(name).unwrap_or(&Value::Null)))
        }
        (Value::Array(wanted), Value::Array(held)) => {
            wanted.len() == held.len() && wanted.iter().zip(held).all(|(wanted, held)| is_same(wanted, held))
        }
        _ => wanted == held,
    }
}

/// Returns the fields of an app that comes or goes.
pub(crate) fn whole<'a>(fields: impl Iterator<Item = (&'a str, &'a Value)>, is_created: bool) -> Vec<FieldChange> {
    let is_set = |value: &Value| !is_same(&Value::Null, value) || *value == Value::Bool(true);
    fields
        .filter(|(_, value)| is_set(value))
        .map(|(field, value)| {
            let entries = List::named(field).and(value.as_array()).map(Vec::as_slice).unwrap_or_default();
            let entries: Vec<String> = entries.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let (before, after) = if is_created { (Value::Null, value.clone()) } else { (value.clone(), Value::Null) };
            let (added, removed) = if is_created { (entries, Vec::new()) } else { (Vec::new(), entries) };
            FieldChange { field: field.to_owned(), before, after, added, removed }
        })
        .collect()
}
