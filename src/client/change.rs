//! What an app is to be like, and what has to be sent for it. No network.

use super::merge::Problem;
use crate::api::Json;
use crate::app::{LEGACY_DOMAINS, MAX_REDIRECTS, OAuthAppPatch, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::same::{self, EntryKind, Storage};
use crate::value::Value;

/// The lists that are merged rather than replaced, with the kind of their entries.
pub(super) const LISTS: [(&str, EntryKind); 3] =
    [(REDIRECT_URIS, EntryKind::Uri), (REDIRECT_DOMAINS, EntryKind::Domain), (LEGACY_DOMAINS, EntryKind::Domain)];

/// What one list of an app is to be like.
#[derive(Debug, Clone)]
pub(super) struct ListChange {
    /// The name of the field.
    pub(super) field: &'static str,
    /// What the caller calls it.
    pub(super) name: &'static str,
    pub(super) kind: EntryKind,
    /// The entries that it is to hold.
    pub(super) add: Vec<String>,
    /// The entries that it is not to hold.
    pub(super) remove: Vec<String>,
    /// Whether it is to hold nothing else.
    pub(super) is_exact: bool,
}

/// What an app is to be like.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) lists: Vec<ListChange>,
    /// The other fields; `null` clears one.
    pub(super) fields: Vec<(String, Value)>,
}

impl Change {
    /// One that replaces those of the lists.
    pub(super) fn replacing(replaces: impl Fn(&str) -> bool) -> Self {
        let mut change = Self::default();
        for (field, kind) in LISTS {
            if replaces(field) {
                change.lists.push(ListChange { field, name: field, kind, add: vec![], remove: vec![], is_exact: true });
            }
        }
        change
    }
}

/// What has to be done to an app, or was.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The entries that were added and removed, by what the caller calls their list.
    lists: Vec<(&'static str, Vec<String>, Vec<String>)>,
    /// The names of the fields that change.
    pub(super) changed: Vec<String>,
}

impl Done {
    /// `{added: {uris, domains}, removed: {uris, domains}}`
    pub(super) fn to_value(&self, names: [&'static str; 2]) -> Value {
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        for name in names {
            let (mut all_added, mut all_removed): (&[String], &[String]) = (&[], &[]);
            for (_, more_added, more_removed) in self.lists.iter().filter(|(list, ..)| *list == name) {
                (all_added, all_removed) = (more_added, more_removed);
            }
            added.push((name, strings(all_added)));
            removed.push((name, strings(all_removed)));
        }
        Value::from(vec![("added", Value::from(added)), ("removed", Value::from(removed))])
    }

    /// Whether a list changes.
    pub(super) fn has_list(&self) -> bool {
        !self.lists.is_empty()
    }

    /// Adds what was done after that.
    pub(super) fn note(&mut self, more: Done) {
        for (name, added, removed) in more.lists {
            if let Some((_, all_added, all_removed)) = self.lists.iter_mut().find(|(list, ..)| *list == name) {
                add_missing(all_added, &added);
                add_missing(all_removed, &removed);
            } else {
                self.lists.push((name, added, removed));
            }
        }
        add_missing(&mut self.changed, &more.changed);
    }
}

impl ListChange {
    /// The entries to add and to remove, and the list as it is then.
    fn plan(&self, before: &[String], storage: Storage) -> [Vec<String>; 3] {
        let (mut added, mut removed, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for held in before {
            let is_unwanted = self.has(&self.remove, for_removal(storage), held)
                || (self.is_exact && !self.has(&self.add, storage, held));
            add_missing(if is_unwanted { &mut removed } else { &mut after }, std::slice::from_ref(held));
        }
        for entry in &self.add {
            if !self.has(&after, storage, entry) {
                added.push(entry.clone());
                after.push(entry.clone());
            }
        }
        [added, removed, after]
    }

    /// Whether the list, after an update, holds the entries, perhaps in a form that the service gave them, and nothing
    /// of what it is not to hold.
    fn is_met(&self, held: &[String], storage: Storage) -> bool {
        let has = |entry: &String| self.has(held, for_removal(storage), entry);
        self.add.iter().all(has) && !self.remove.iter().any(has)
    }

    /// Leaves to a later change what that one changes.
    fn give_way(&mut self, later: &ListChange) {
        for list in [&mut self.add, &mut self.remove] {
            list.retain(|entry| {
                !later.is_exact
                    && !later.has(&later.add, Storage::NormalForm, entry)
                    && !later.has(&later.remove, Storage::NormalForm, entry)
            });
        }
    }

    /// Whether the entry is one of those.
    #[inline(never)]
    fn has(&self, entries: &[String], storage: Storage, entry: &str) -> bool {
        entries.iter().any(|other| same::is_same_entry(self.kind, storage, other, entry))
    }
}

/// A URI that is to go away goes in either form, unless the service is known to keep them apart.
fn for_removal(storage: Storage) -> Storage {
    if storage == Storage::Unknown { Storage::NormalForm } else { storage }
}

impl Change {
    /// The patch that makes the app so, empty where it is; and what it does. `is_same_name` compares names.
    pub(super) fn plan<J: Json>(
        &self,
        app: &J,
        storage: Storage,
        is_same_name: impl Fn(&str, &str) -> bool,
    ) -> Result<(OAuthAppPatch, Done), Problem> {
        let (mut patch, mut done) = (Vec::new(), Done::default());
        for list in &self.lists {
            let before = entries(app, list.field).ok_or(Problem::NoList(list.field))?;
            let [added, removed, after] = list.plan(&before, storage);
            if added.is_empty() && removed.is_empty() {
                continue;
            }
            if after.len() > MAX_REDIRECTS && !added.is_empty() {
                return Err(Problem::Full { name: list.name, count: after.len(), present: before });
            }
            patch.push((list.field.to_owned(), strings(&after)));
            done.lists.push((list.name, added, removed));
        }
        for (name, value) in &self.fields {
            let held = app.get(name).map_or(Value::Null, |value| value.to_value());
            let is_kept = match (value, &held) {
                (Value::String(wanted), Value::String(held)) if name == "name" => is_same_name(wanted, held),
                _ => is_same(value, &held),
            };
            if !is_kept {
                patch.push((name.clone(), value.clone()));
            }
        }
        done.changed = patch.iter().map(|(name, _)| name.clone()).collect();
        Ok((OAuthAppPatch(patch), done))
    }

    /// Whether the lists of an app that was updated are as they are to be.
    pub(super) fn is_met<J: Json>(&self, app: &J, storage: Storage) -> bool {
        self.lists.iter().all(|list| list.is_met(&entries(app, list.field).unwrap_or_default(), storage))
    }

    /// Leaves what is to be looked after once it was written: the entries that were to come and those that went. What
    /// another writer adds to a list that was made exact, and what becomes of other fields, is not ours to undo.
    pub(super) fn narrow(&mut self, done: &Done) {
        for list in &mut self.lists {
            list.is_exact = false;
            if let Some((.., removed)) = done.lists.iter().find(|(name, ..)| *name == list.name) {
                add_missing(&mut list.remove, removed);
            }
        }
        self.fields.clear();
    }

    /// Whether nothing is left to look after.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.iter().all(|list| list.add.is_empty() && list.remove.is_empty())
    }

    /// Leaves to a later change of the same app what that one changes.
    pub(super) fn give_way(&mut self, later: &Change) {
        for list in &mut self.lists {
            if let Some(other) = later.lists.iter().find(|other| other.field == list.field) {
                list.give_way(other);
            }
        }
    }

    /// Whether the app and this have an entry in common, of those that `counts`.
    pub(super) fn shares_entry<J: Json>(&self, app: &J, counts: impl Fn(EntryKind, &str) -> bool) -> bool {
        self.lists.iter().any(|list| {
            let held = entries(app, list.field).unwrap_or_default();
            list.add.iter().any(|entry| counts(list.kind, entry) && list.has(&held, Storage::NormalForm, entry))
        })
    }
}

/// How the service stores redirect URIs, by those that it holds.
pub(super) fn storage_of<J: Json>(app: &J, known: Storage) -> Storage {
    let held = entries(app, REDIRECT_URIS).unwrap_or_default();
    if held.iter().any(|uri| same::normal_form(uri) != *uri) { Storage::Verbatim } else { known }
}

/// The same, by what became of some that it was sent.
pub(super) fn storage_by<J: Json>(sent: &[Value], app: &J) -> Option<Storage> {
    let held = entries(app, REDIRECT_URIS).unwrap_or_default();
    sent.iter().filter_map(Value::as_str).find_map(|sent| {
        let normal = same::normal_form(sent);
        if normal == sent {
            None
        } else if held.iter().any(|held| held == sent) {
            Some(Storage::Verbatim)
        } else {
            held.contains(&normal).then_some(Storage::NormalForm)
        }
    })
}

/// The entries of one of an app's lists; nothing where it is no list of texts.
#[inline(never)]
pub(super) fn entries<J: Json>(app: &J, list: &str) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    match app.get(list).map_or(Value::Null, |list| list.to_value()) {
        Value::Null => {}
        Value::Array(elements) => {
            for element in elements {
                let Value::String(text) = element else { return None };
                texts.push(text);
            }
        }
        _ => return None,
    }
    Some(texts)
}

/// Whether a field holds that already. An empty value equals an absent one, and an object may hold more.
fn is_same(wanted: &Value, held: &Value) -> bool {
    let is_blank = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.ends_with("_UNSPECIFIED"),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    };
    // A flag that is cleared has its default, which is true.
    let is_default = *wanted == Value::Null && *held == Value::Bool(true);
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

#[inline(never)]
fn add_missing(list: &mut Vec<String>, more: &[String]) {
    for entry in more {
        if !list.contains(entry) {
            list.push(entry.clone());
        }
    }
}

#[inline(never)]
fn strings(list: &[String]) -> Value {
    Value::Array(list.iter().map(|entry| Value::from(entry.as_str())).collect())
}
