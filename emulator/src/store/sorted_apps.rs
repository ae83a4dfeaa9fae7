//! The apps of one site: by ID, and in every order that was asked for. An order is sorted once and kept sorted, so that a
//! page costs the same however many apps there are.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::apps::query::{SortField, SortOrder};
use crate::store::app::{App, Key};

/// An order: its fields, each once. There are 13, the one without fields among them.
type Order = Vec<(SortField, SortOrder)>;

/// The apps of one site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Apps {
    by_id: BTreeMap<String, Arc<App>>,
    in_order: Vec<(Order, Vec<Arc<App>>)>,
}

impl Apps {
    /// The app of this ID.
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<App>> {
        self.by_id.get(id)
    }

    /// Every app, by ascending ID.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &App> {
        self.by_id.values().map(Arc::as_ref)
    }

    /// Every app, in the order that the fields say; those that are equal, by descending ID.
    pub(crate) fn sorted(&mut self, sort: &[(SortField, SortOrder)]) -> &[Arc<App>] {
        let mut order = Order::new();
        for (field, direction) in sort {
            // A field that stands there again has nothing left to decide.
            if !order.iter().any(|(known, _)| known == field) {
                order.push((*field, *direction));
            }
        }
        let at = self.in_order.iter().position(|(known, _)| *known == order).unwrap_or_else(|| {
            let mut apps: Vec<_> = self.by_id.values().cloned().collect();
            apps.sort_unstable_by(|a, b| compare(&order, a.key(), b.key()));
            self.in_order.push((order, apps));
            self.in_order.len().saturating_sub(1)
        });
        self.in_order.get(at).map(|(_, apps)| apps.as_slice()).unwrap_or_default()
    }

    /// Adds an app, or replaces the one of its ID.
    pub(crate) fn put(&mut self, app: App) {
        let app = Arc::new(app);
        let replaced = self.by_id.insert(app.id().to_owned(), Arc::clone(&app));
        for (order, apps) in &mut self.in_order {
            if let Some(replaced) = &replaced {
                take_out(order, apps, replaced);
            }
            let (Ok(at) | Err(at)) = place(order, apps, app.key());
            apps.insert(at, Arc::clone(&app));
        }
    }

    /// Removes the app of this ID; false where there was none.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let Some(removed) = self.by_id.remove(id) else { return false };
        for (order, apps) in &mut self.in_order {
            take_out(order, apps, &removed);
        }
        true
    }
}

fn take_out(order: &Order, apps: &mut Vec<Arc<App>>, app: &App) {
    if let Ok(at) = place(order, apps, app.key()) {
        apps.remove(at);
    }
}

/// Where the app with this key stands, or would.
fn place(order: &Order, apps: &[Arc<App>], key: &Key) -> Result<usize, usize> {
    apps.binary_search_by(|app| compare(order, app.key(), key))
}

/// Which of two places comes first: by the sort's fields, then by descending ID. Text is compared by code points.
pub(crate) fn compare(sort: &[(SortField, SortOrder)], a: &Key, b: &Key) -> Ordering {
    let by_fields = sort.iter().map(|(field, order)| {
        let ascending = match field {
            SortField::CreatedDate => a.created_date.cmp(&b.created_date),
            SortField::Name => a.name.cmp(&b.name),
        };
        match order {
            SortOrder::Ascending => ascending,
            SortOrder::Descending => ascending.reverse(),
        }
    });
    by_fields.fold(Ordering::Equal, Ordering::then).then_with(|| b.id.cmp(&a.id))
}
