//! The changes to an app: what to send, and what is still missing. No network.

use crate::api::ObjectBuilder;
use crate::app::{LEGACY_DOMAINS, MAX_REDIRECTS, OAuthAppPatch, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::same::{self, EntryKind, Storage};
use crate::validate::REDIRECT_LISTS;
use crate::value::Value;

/// The lists that are merged rather than replaced, with the kind of their entries. A list is named by its index here.
pub(super) const LISTS: [(&str, EntryKind); 3] =
    [(REDIRECT_URIS, EntryKind::Uri), (REDIRECT_DOMAINS, EntryKind::Domain), (LEGACY_DOMAINS, EntryKind::Domain)];

/// The wanted content of one list.
#[derive(Debug, Clone)]
pub(super) struct ListChange {
    /// The index of the list in [`LISTS`].
    pub(super) list: usize,
    /// The entries that the list must have.
    pub(super) add: Vec<String>,
    /// The entries that the list must not have.
    pub(super) remove: Vec<String>,
    /// True if the list must have no other entries.
    pub(super) is_exact: bool,
}

/// The wanted content of an app.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) lists: Vec<ListChange>,
    /// The other fields; `null` clears one.
    pub(super) fields: Vec<(String, Value)>,
}

/// The reason why a change cannot be made.
pub(super) enum Problem {
    /// A list, by its index, would have too many entries.
    Full { list: usize, count: usize, present: String },
    /// The field of that name in the service's response is not a list of texts.
    NotAList(&'static str),
}

/// The changes that were made to an app, or that are to be made.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Changes {
    /// The entries that were added to each list, and those that were removed from it.
    lists: [(Vec<String>, Vec<String>); 3],
    /// The names of the fields that change.
    pub(super) changed: Vec<String>,
}

impl Changes {
    /// Returns `{added: {uris, domains}, removed: {uris, domains}}`.
    pub(super) fn to_value(&self) -> Value {
        let [(added_uris, removed_uris), (added_domains, removed_domains), _] = &self.lists;
        let mut changes = ObjectBuilder::default();
        changes.value("added", by_list(added_uris, added_domains));
        changes.value("removed", by_list(removed_uris, removed_domains));
        changes.build()
    }

    /// Checks whether a list changes.
    pub(super) fn has_list(&self) -> bool {
        self.lists.iter().any(|(added, removed)| !added.is_empty() || !removed.is_empty())
    }

    /// Adds changes that were made later.
    pub(super) fn append(&mut self, later: &Changes) {
        for ((added, removed), (more_added, more_removed)) in self.lists.iter_mut().zip(&later.lists) {
            add_missing(added, more_added);
            add_missing(removed, more_removed);
        }
        add_missing(&mut self.changed, &later.changed);
    }
}

fn by_list(uris: &[String], domains: &[String]) -> Value {
    let [uris_name, domains_name] = REDIRECT_LISTS;
    let mut lists = ObjectBuilder::default();
    lists.value(uris_name, strings(uris));
    lists.value(domains_name, strings(domains));
    lists.build()
}

impl ListChange {
    /// Returns the entries to add, those to remove, and the resulting list.
    fn plan(&self, before: &[&str], storage: Storage) -> [Vec<String>; 3] {
        let (mut added, mut removed, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for held in before {
            let is_unwanted = self.contains(&self.remove, for_removal(storage), held)
                || (self.is_exact && !self.contains(&self.add, storage, held));
            push_missing(if is_unwanted { &mut removed } else { &mut after }, held);
        }
        for entry in &self.add {
            if !self.contains(&after, storage, entry) {
                added.push(entry.clone());
                after.push(entry.clone());
            }
        }
        [added, removed, after]
    }

    /// Checks whether a list that was written has the wanted entries, perhaps in a form that the service gave them, and
    /// none of the unwanted ones.
    fn is_met(&self, held: &[&str], storage: Storage) -> bool {
        let storage = for_removal(storage);
        let is_held = |entry: &String| held.iter().any(|held| self.is_same(storage, held, entry));
        self.add.iter().all(is_held) && !self.remove.iter().any(is_held)
    }

    /// Removes the entries that a later change adds or removes.
    fn give_way(&mut self, later: &ListChange) {
        self.add = later.without_changed(&self.add);
        self.remove = later.without_changed(&self.remove);
    }

    /// Returns the entries that this change neither adds nor removes.
    #[inline(never)]
    fn without_changed(&self, entries: &[String]) -> Vec<String> {
        let mut kept = Vec::new();
        for entry in entries {
            if !self.is_exact
                && !self.contains(&self.add, Storage::NormalForm, entry)
                && !self.contains(&self.remove, Storage::NormalForm, entry)
            {
                kept.push(entry.clone());
            }
        }
        kept
    }

    fn field(&self) -> &'static str {
        LISTS.get(self.list).map_or("", |(field, _)| field)
    }

    fn kind(&self) -> EntryKind {
        LISTS.get(self.list).map_or(EntryKind::Uri, |(_, kind)| *kind)
    }

    fn contains(&self, entries: &[String], storage: Storage, entry: &str) -> bool {
        entries.iter().any(|other| self.is_same(storage, other, entry))
    }

    #[inline(never)]
    fn is_same(&self, storage: Storage, one: &str, other: &str) -> bool {
        same::is_same_entry(self.kind(), storage, one, other)
    }
}

/// Returns how to compare an entry that is to be removed: in either form, unless the service keeps the forms apart.
fn for_removal(storage: Storage) -> Storage {
    if storage == Storage::Unknown { Storage::NormalForm } else { storage }
}

impl Change {
    /// Returns a change that replaces the lists that an update names, or every list for a delete.
    #[inline(never)]
    pub(super) fn replacing(patch: Option<&OAuthAppPatch>) -> Self {
        let mut change = Self::default();
        for (list, (field, _)) in LISTS.iter().enumerate() {
            if patch.is_none_or(|patch| patch.0.iter().any(|(name, _)| name == field)) {
                change.lists.push(ListChange { list, add: Vec::new(), remove: Vec::new(), is_exact: true });
            }
        }
        change
    }

    /// Returns the patch that makes the change, empty if the app has it already; and what the patch changes.
    pub(super) fn plan(
        &self,
        app: &Value,
        storage: Storage,
        is_same_name: &dyn Fn(&str, &str) -> bool,
    ) -> Result<(OAuthAppPatch, Changes), Problem> {
        let (mut patch, mut changes) = (Vec::new(), Changes::default());
        for change in &self.lists {
            let field = change.field();
            let before = entries(app, field).ok_or(Problem::NotAList(field))?;
            let [added, removed, after] = change.plan(&before, storage);
            if added.is_empty() && removed.is_empty() {
                continue;
            }
            if after.len() > MAX_REDIRECTS && !added.is_empty() {
                let present = crate::concat::join(&before, ", ");
                return Err(Problem::Full { list: change.list, count: after.len(), present });
            }
            patch.push((field.to_owned(), strings(&after)));
            changes.changed.push(field.to_owned());
            if let Some(list) = changes.lists.get_mut(change.list) {
                *list = (added, removed);
            }
        }
        for (name, wanted) in &self.fields {
            let held = app.get(name).unwrap_or(&Value::Null);
            let is_kept = match (wanted, held) {
                (Value::String(wanted), Value::String(held)) if name == "name" => is_same_name(wanted, held),
                _ => is_same(wanted, held),
            };
            if !is_kept {
                patch.push((name.clone(), wanted.clone()));
                changes.changed.push(name.clone());
            }
        }
        Ok((OAuthAppPatch(patch), changes))
    }

    /// Checks whether the lists of an app that was written are as wanted.
    pub(super) fn is_met(&self, app: &Value, storage: Storage) -> bool {
        self.lists.iter().all(|list| list.is_met(&entries(app, list.field()).unwrap_or_default(), storage))
    }

    /// Reduces the change to what must be verified after it was written: the entries that were added and removed. Other
    /// writers may add entries to a list that was made exact, and may change the other fields.
    pub(super) fn narrow(&mut self, made: &Changes) {
        for list in &mut self.lists {
            list.is_exact = false;
            if let Some((_, removed)) = made.lists.get(list.list) {
                add_missing(&mut list.remove, removed);
            }
        }
        self.fields.clear();
    }

    /// Checks whether there is nothing left to make or to verify.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.iter().all(|list| list.add.is_empty() && list.remove.is_empty())
    }

    /// Removes what a later change of the same app changes.
    pub(super) fn give_way(&mut self, later: &Change) {
        for list in &mut self.lists {
            for other in &later.lists {
                if other.list == list.list {
                    list.give_way(other);
                }
            }
        }
    }

    /// Checks whether the app has one of the wanted entries for which `counts` is true.
    pub(super) fn shares_entry(&self, app: &Value, counts: &dyn Fn(EntryKind, &str) -> bool) -> bool {
        self.lists.iter().any(|list| {
            let held = entries(app, list.field()).unwrap_or_default();
            list.add.iter().any(|entry| {
                counts(list.kind(), entry) && held.iter().any(|held| list.is_same(Storage::NormalForm, held, entry))
            })
        })
    }
}

/// Returns how the service stores redirect URIs, judging by those that an app has.
pub(super) fn storage_of(app: &Value, known: Storage) -> Storage {
    let held = entries(app, REDIRECT_URIS).unwrap_or_default();
    if held.iter().any(|uri| same::normal_form(uri) != **uri) { Storage::Verbatim } else { known }
}

/// Returns how the service stores redirect URIs, judging by what became of some that were sent.
pub(super) fn storage_by(sent: &[Value], app: &Value) -> Option<Storage> {
    let held = entries(app, REDIRECT_URIS).unwrap_or_default();
    for sent in sent.iter().filter_map(Value::as_str) {
        let normal = same::normal_form(sent);
        if normal == sent {
            continue;
        }
        if held.contains(&sent) {
            return Some(Storage::Verbatim);
        }
        if held.contains(&normal.as_str()) {
            return Some(Storage::NormalForm);
        }
    }
    None
}

/// Returns the entries of one of an app's lists; `None` if it is not a list of texts.
#[inline(never)]
pub(super) fn entries<'a>(app: &'a Value, list: &str) -> Option<Vec<&'a str>> {
    let mut texts = Vec::new();
    match app.get(list) {
        None | Some(Value::Null) => {}
        Some(Value::Array(elements)) => {
            for element in elements {
                texts.push(element.as_str()?);
            }
        }
        Some(_) => return None,
    }
    Some(texts)
}

/// Checks whether a field has the wanted value already. An empty value equals an absent one, and an object may have
/// members more.
fn is_same(wanted: &Value, held: &Value) -> bool {
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

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.ends_with("_UNSPECIFIED"),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    }
}

fn add_missing(list: &mut Vec<String>, more: &[String]) {
    for entry in more {
        push_missing(list, entry);
    }
}

#[inline(never)]
fn push_missing(list: &mut Vec<String>, entry: &str) {
    if !list.iter().any(|known| known == entry) {
        list.push(entry.to_owned());
    }
}

#[inline(never)]
pub(super) fn strings(list: &[String]) -> Value {
    let mut elements = Vec::new();
    for entry in list {
        elements.push(Value::from(entry.as_str()));
    }
    Value::Array(elements)
}
