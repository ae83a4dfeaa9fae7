//! The page of apps that a query selects, and the cursors of its neighbours.

use std::cmp::Ordering;
use std::slice;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::apps::query::{Cursor, Direction, PageStart, Query};
use crate::http::json::Object;
use crate::store::app::App;
use crate::store::order::{SortKey, compare};
use crate::store::sorted_apps::SortedApps;

/// A page of apps, with the paging metadata of the response.
#[derive(Debug)]
pub(crate) struct AppPage<'a> {
    pub(crate) apps: Vec<&'a App>,
    pub(crate) metadata: Value,
}

/// Returns the page that a query selects.
pub(crate) fn page<'a>(apps: &'a mut SortedApps, query: &Query) -> AppPage<'a> {
    let selection = &query.selection;
    let selected = match &selection.id {
        Some(id) => apps.get(id).map(slice::from_ref).unwrap_or_default(),
        None => apps.sorted(&selection.sort),
    };
    // `if_equal` says on which side of the app with this key the page begins.
    let count_before = |key: &SortKey, if_equal: Ordering| {
        selected.partition_point(|app| compare(&selection.sort, app.sort_key(), key).then(if_equal) == Ordering::Less)
    };
    let (from, to) = match &query.start {
        PageStart::First => (0, query.limit),
        PageStart::Offset(offset) => (*offset, offset.saturating_add(query.limit)),
        PageStart::Cursor(Direction::Next, key) => {
            let from = count_before(key, Ordering::Less);
            (from, from.saturating_add(query.limit))
        }
        PageStart::Cursor(Direction::Previous, key) => {
            let to = count_before(key, Ordering::Equal);
            (to.saturating_sub(query.limit), to)
        }
    };
    let page = selected.get(from..to.min(selected.len())).unwrap_or_default();
    let has_next = !page.is_empty() && to < selected.len();
    let metadata = if let PageStart::Offset(offset) = query.start {
        json!({
            "count": page.len(), "offset": offset, "total": selected.len(), "tooManyToCount": false, "hasNext": has_next,
        })
    } else {
        let cursor = |direction, app: &App| {
            json!(Cursor { selection: selection.clone(), direction, key: app.sort_key().clone() }.encode())
        };
        let next = page.last().filter(|_| has_next).map(|last| ("next", cursor(Direction::Next, last)));
        let prev = page.first().filter(|_| from > 0).map(|first| ("prev", cursor(Direction::Previous, first)));
        let cursors: Object = next.into_iter().chain(prev).map(|(name, cursor)| (name.to_owned(), cursor)).collect();
        json!({ "count": page.len(), "cursors": cursors, "hasNext": has_next })
    };
    AppPage { apps: page.iter().map(Arc::as_ref).collect(), metadata }
}
