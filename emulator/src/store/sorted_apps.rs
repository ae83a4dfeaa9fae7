//! The apps of one site, by ID and in every order that was requested. An order is sorted once and kept sorted, so that the
//! cost of a page does not depend on the number of apps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::store::app::App;
use crate::store::order::{SortField, SortKey, SortOrder, compare};

/// An order whose fields are distinct. There are 13 of them, with the order that has no field.
type Order = Vec<(SortField, SortOrder)>;

/// The apps of one site.
#[derive(Debug, Clone, Default)]
pub(crate) struct SortedApps {
    by_id: BTreeMap<String, Arc<App>>,
    orders: Vec<(Order, Vec<Arc<App>>)>,
}

impl SortedApps {
    /// Returns the app of an ID.
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<App>> {
        self.by_id.get(id)
    }

    /// Returns every app, by ascending ID.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &App> {
        self.by_id.values().map(Arc::as_ref)
    }

    /// Returns every app in an order. Apps that are equal in its fields are sorted by descending ID.
    pub(crate) fn sorted(&mut self, sort: &[(SortField, SortOrder)]) -> &[Arc<App>] {
        let mut order = Order::new();
        for (field, direction) in sort {
            // A repeated field has no effect.
            if !order.iter().any(|(earlier, _)| earlier == field) {
                order.push((*field, *direction));
            }
        }
        let position = self.orders.iter().position(|(sorted, _)| *sorted == order).unwrap_or_else(|| {
            let mut apps: Vec<_> = self.by_id.values().cloned().collect();
            apps.sort_unstable_by(|a, b| compare(&order, a.sort_key(), b.sort_key()));
            self.orders.push((order, apps));
            self.orders.len().saturating_sub(1)
        });
        self.orders.get(position).map(|(_, apps)| apps.as_slice()).unwrap_or_default()
    }

    /// Adds an app, or replaces the app of the same ID.
    pub(crate) fn put(&mut self, app: App) {
        let app = Arc::new(app);
        let replaced = self.by_id.insert(app.id().to_owned(), Arc::clone(&app));
        for (order, apps) in &mut self.orders {
            if let Some(replaced) = &replaced {
                remove_from(apps, order, replaced);
            }
            let (Ok(at) | Err(at)) = position(apps, order, app.sort_key());
            apps.insert(at, Arc::clone(&app));
        }
    }

    /// Removes the app of an ID. Returns whether there was one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let Some(removed) = self.by_id.remove(id) else { return false };
        for (order, apps) in &mut self.orders {
            remove_from(apps, order, &removed);
        }
        true
    }
}

fn remove_from(apps: &mut Vec<Arc<App>>, order: &Order, app: &App) {
    if let Ok(at) = position(apps, order, app.sort_key()) {
        apps.remove(at);
    }
}

/// Returns the position of the app with this key, or as an error the position where it belongs.
fn position(apps: &[Arc<App>], order: &Order, key: &SortKey) -> Result<usize, usize> {
    apps.binary_search_by(|app| compare(order, app.sort_key(), key))
}
