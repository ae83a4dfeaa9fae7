//! The calls of the client library that make a change.

use serde_json::{Map, Value, json};

use super::difference::FieldChange;
use super::{Action, Change};
use crate::config::{Config, ConfigApp};
use crate::library::{List, MAX_REDIRECTS, Platform, patch_faults};

/// Returns the draft of an app that is created: the fields of the file that are not cleared, without the entries that
/// others manage.
pub(super) fn draft(wanted: &ConfigApp) -> Map<String, Value> {
    let fields = wanted.fields.iter().filter(|(_, value)| !value.is_null());
    fields
        .map(|(field, value)| {
            let entries = List::named(field).and_then(|list| wanted.entries(list));
            (field.clone(), entries.map_or_else(|| value.clone(), |entries| json!(entries)))
        })
        .collect()
}

/// Returns `{app, calls}`: the position in the file, and the calls in their order, each `{call, …}` with its
/// arguments.
pub(super) fn step(change: &Change, config: &Config, platform: &Platform<'_>) -> Value {
    let calls = match change.action {
        Action::Create => {
            let draft = change.app.and_then(|at| config.apps.get(at)).map(draft).unwrap_or_default();
            vec![json!({ "call": "createOAuthApp", "draft": draft })]
        }
        Action::Update => update(change, platform),
        Action::Delete => vec![json!({ "call": "deleteOAuthApp", "id": change.id })],
    };
    json!({ "app": change.app, "calls": calls })
}

/// Returns one update with the whole lists. The library refuses a list that holds an entry against the rules, even if the
/// site had it before; such a list is changed entry by entry.
fn update(change: &Change, platform: &Platform<'_>) -> Vec<Value> {
    let patch_of = |field: &FieldChange| Map::from_iter([(field.field.clone(), field.after.clone())]);
    let is_refused = |field: &&FieldChange| {
        field.list().is_some_and(|list| List::REDIRECTS.contains(&list))
            && patch_faults(&patch_of(field), platform).iter().any(|fault| !fault.is_warning)
    };
    let (by_entry, whole): (Vec<_>, Vec<_>) = change.fields.iter().partition(is_refused);
    let patch: Map<String, Value> = whole.into_iter().flat_map(patch_of).collect();
    let mut calls = Vec::new();
    if !patch.is_empty() {
        calls.push(json!({ "call": "updateOAuthApp", "id": change.id, "patch": patch }));
    }
    let entries = |of: fn(&FieldChange) -> &Vec<String>| {
        let of_list = |list: List| {
            by_entry.iter().find(|field| field.list() == Some(list)).map(|field| of(field).clone()).unwrap_or_default()
        };
        let [uris, domains] = List::REDIRECTS.map(of_list);
        (!uris.is_empty() || !domains.is_empty()).then(|| json!({ "uris": uris, "domains": domains }))
    };
    let call = |name: &str, entries: Value| json!({ "call": name, "id": change.id, "entries": entries });
    let allow = entries(|field| &field.added).map(|entries| call("allowRedirects", entries));
    let disallow = entries(|field| &field.removed).map(|entries| call("disallowRedirects", entries));
    // New entries come first, so that a login keeps working meanwhile, unless there is no room for both.
    let overflows = by_entry.iter().any(|field| {
        let before = field.before.as_array().map_or(0, Vec::len);
        before.saturating_add(field.added.len()) > MAX_REDIRECTS
    });
    if overflows {
        calls.extend(disallow.into_iter().chain(allow));
    } else {
        calls.extend(allow.into_iter().chain(disallow));
    }
    calls
}
