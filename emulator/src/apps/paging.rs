//! One page of a site's apps, and how to go on from it.

use std::cmp::Ordering;
use std::slice;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::apps::query::{Cursor, Direction, Query, Start};
use crate::http::json::Object;
use crate::store::app::{App, Key};
use crate::store::sorted_apps::{Apps, compare};

/// Apps, and what the answer says about paging.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) apps: Vec<&'a App>,
    pub(crate) metadata: Value,
}

/// The page that a query asks for.
pub(crate) fn page<'a>(apps: &'a mut Apps, query: &Query) -> Page<'a> {
    let selection = &query.selection;
    let found = match &selection.id {
        Some(id) => apps.get(id).map(slice::from_ref).unwrap_or_default(),
        None => apps.sorted(&selection.sort),
    };
    let count_before = |key: &Key, unless: Ordering| {
        found.partition_point(|app| compare(&selection.sort, app.key(), key).then(unless) == Ordering::Less)
    };
    let (from, to) = match &query.start {
        Start::First => (0, query.limit),
        Start::Offset(offset) => (*offset, offset.saturating_add(query.limit)),
        Start::Beside(Direction::Next, key) => {
            let from = count_before(key, Ordering::Less);
            (from, from.saturating_add(query.limit))
        }
        Start::Beside(Direction::Previous, key) => {
            let to = count_before(key, Ordering::Equal);
            (to.saturating_sub(query.limit), to)
        }
    };
    let shown = found.get(from..to.min(found.len())).unwrap_or_default();
    let has_next = !shown.is_empty() && to < found.len();
    let metadata = if let Start::Offset(offset) = query.start {
        json!({
            "count": shown.len(), "offset": offset, "total": found.len(), "tooManyToCount": false, "hasNext": has_next,
        })
    } else {
        let word = |direction, app: &App| {
            json!(Cursor { selection: selection.clone(), direction, key: app.key().clone() }.to_word())
        };
        let next = shown.last().filter(|_| has_next).map(|last| ("next", word(Direction::Next, last)));
        let prev = shown.first().filter(|_| from > 0).map(|first| ("prev", word(Direction::Previous, first)));
        let cursors: Object = next.into_iter().chain(prev).map(|(name, word)| (name.to_owned(), word)).collect();
        json!({ "count": shown.len(), "cursors": cursors, "hasNext": has_next })
    };
    Page { apps: shown.iter().map(Arc::as_ref).collect(), metadata }
}
