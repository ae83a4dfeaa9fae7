//! The apps of every site. They change through [`AppStore::put`] and [`AppStore::remove`] alone, each of which changes one
//! app as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::store::app::{App, record_key};
use crate::store::sorted_apps::SortedApps;

/// The apps of every site.
#[derive(Debug, Clone, Default)]
pub(crate) struct AppStore {
    sites: BTreeMap<String, SortedApps>,
    /// The keys of the records that were written or removed since they were last taken.
    changed_keys: Vec<String>,
}

impl AppStore {
    /// Returns the app of an ID, if it belongs to the site.
    pub(crate) fn app(&self, site_id: &str, id: &str) -> Option<&Arc<App>> {
        self.sites.get(site_id)?.get(id)
    }

    /// Returns the apps of a site.
    pub(crate) fn apps(&mut self, site_id: &str) -> &mut SortedApps {
        self.sites.entry(site_id.to_owned()).or_default()
    }

    /// Returns the apps of every site.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &App> {
        self.sites.values().flat_map(SortedApps::iter)
    }

    /// Returns the app of a client ID. Client IDs are unique across sites.
    pub(crate) fn find(&self, client_id: &str) -> Option<&Arc<App>> {
        self.sites.values().find_map(|apps| apps.get(client_id))
    }

    /// Adds an app, or replaces the app of the same ID.
    pub(crate) fn put(&mut self, app: App) {
        self.changed_keys.push(record_key(app.site_id(), app.id()));
        let site_id = app.site_id().to_owned();
        self.sites.entry(site_id).or_default().put(app);
    }

    /// Removes an app, if it exists.
    pub(crate) fn remove(&mut self, site_id: &str, id: &str) {
        if self.sites.get_mut(site_id).is_some_and(|apps| apps.remove(id)) {
            self.changed_keys.push(record_key(site_id, id));
        }
    }

    /// Returns the keys of the records that were written or removed since the last call.
    pub(crate) fn take_changed_keys(&mut self) -> impl Iterator<Item = String> {
        self.changed_keys.drain(..)
    }
}
