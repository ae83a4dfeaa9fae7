//! The page of apps that a query selects, and the cursors of its neighbours.

use std::cmp::Ordering;
use std::slice;
use std::sync::Arc;

use serde::Serialize;

use crate::apps::query::{Cursor, Direction, PageStart, Query};
use crate::store::app::App;
use crate::store::order::{SortKey, compare};
use crate::store::sorted_apps::SortedApps;

/// A page of apps, with the paging metadata of the response.
#[derive(Debug)]
pub(crate) struct AppPage<'a> {
    pub(crate) apps: Vec<&'a App>,
    pub(crate) metadata: PagingMetadata,
}

/// The paging metadata of a response, which depends on the kind of paging.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub(crate) enum PagingMetadata {
    Offset { count: usize, offset: usize, total: usize, too_many_to_count: bool, has_next: bool },
    Cursor { count: usize, cursors: Cursors, has_next: bool },
}

/// The cursors of the neighbours of a page. A page without a neighbour on a side has no cursor for it.
#[derive(Debug, Serialize)]
pub(crate) struct Cursors {
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
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
    let (count, total) = (page.len(), selected.len());
    let metadata = if let PageStart::Offset(offset) = query.start {
        PagingMetadata::Offset { count, offset, total, too_many_to_count: false, has_next }
    } else {
        let cursor = |direction, app: &Arc<App>| {
            Cursor { selection: selection.clone(), direction, key: app.sort_key().clone() }.encode()
        };
        let next = page.last().filter(|_| has_next).map(|last| cursor(Direction::Next, last));
        let prev = page.first().filter(|_| from > 0).map(|first| cursor(Direction::Previous, first));
        PagingMetadata::Cursor { count, cursors: Cursors { next, prev }, has_next }
    };
    AppPage { apps: page.iter().map(Arc::as_ref).collect(), metadata }
}
