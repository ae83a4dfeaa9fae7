//! Redirect entries that name one client, by which apps are told apart.

use std::collections::HashMap;

use serde_json::Value;

use crate::config::ConfigApp;
use crate::error::Result;
use crate::library::{EntryKind, List, Storage, is_loopback, is_same_entry, normal_form};
use crate::site;

/// An entry of an app that names its client.
pub(crate) struct ClientEntry {
    pub(crate) list: List,
    /// The position in the list.
    pub(crate) at: usize,
    entry: String,
}

impl ClientEntry {
    /// Returns the entries of an app of the configuration, redirect URIs first.
    pub(crate) fn of_config(app: &ConfigApp) -> Vec<Self> {
        let of_list = |list: List| {
            let entries = app.fields.get(list.field()).and_then(Value::as_array).into_iter().flatten().enumerate();
            let texts = entries.filter_map(|(at, entry)| Some((at, entry.as_str()?)));
            texts
                .filter(move |(_, entry)| !app.is_ignored(list.kind(), entry))
                .filter_map(move |(at, entry)| Self::new(list, at, entry))
        };
        List::ALL.into_iter().flat_map(of_list).collect()
    }

    /// Returns the entries of an app of the site.
    pub(crate) fn of_site(app: &Value) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for list in List::ALL {
            let entries = site::entries(app, list)?;
            all.extend(entries.iter().enumerate().filter_map(|(at, entry)| Self::new(list, at, entry)));
        }
        Ok(all)
    }

    /// Returns the entry if it names one client. Many apps list the same loopback entry, and a wildcard stands for many
    /// hosts.
    fn new(list: List, at: usize, entry: &str) -> Option<Self> {
        let names_client = !entry.contains('*') && !is_loopback(list.kind(), entry);
        names_client.then(|| Self { list, at, entry: entry.to_owned() })
    }

    /// Returns a key that entries which are the same have in common.
    fn key(&self) -> (List, String) {
        let key = match self.list.kind() {
            EntryKind::Uri => normal_form(&self.entry),
            EntryKind::Domain => {
                let host = self.entry.split_once("://").map_or(self.entry.as_str(), |(_, host)| host);
                host.strip_suffix('/').unwrap_or(host).to_ascii_lowercase()
            }
        };
        (self.list, key)
    }
}

/// The entries of several apps, by what they mean.
#[derive(Default)]
pub(crate) struct ClientIndex(HashMap<(List, String), Vec<(usize, ClientEntry)>>);

impl ClientIndex {
    /// Adds the entries of an app, by its position.
    pub(crate) fn add(&mut self, app: usize, entries: Vec<ClientEntry>) {
        for entry in entries {
            self.0.entry(entry.key()).or_default().push((app, entry));
        }
    }

    /// Returns the positions of the apps that have an entry too.
    pub(crate) fn apps_with(&self, entry: &ClientEntry) -> impl Iterator<Item = usize> {
        let is_same =
            |other: &ClientEntry| is_same_entry(entry.list.kind(), Storage::NormalForm, &entry.entry, &other.entry);
        let known = self.0.get(&entry.key()).into_iter().flatten();
        known.filter(move |(_, other)| is_same(other)).map(|(app, _)| *app)
    }
}
