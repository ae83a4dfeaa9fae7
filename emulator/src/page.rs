//! One page of a site's apps, and how to go on from it.

use std::cmp::Ordering;
use std::ops::Bound;

use serde_json::{Value, json};

use crate::json::Object;
use crate::query::{Cursor, Direction, Query, Selection, SortField, SortOrder, Start};
use crate::store::{App, Apps, Key};

/// Apps, and what the answer says about paging.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) apps: Vec<&'a Object>,
    pub(crate) metadata: Value,
}

/// The page that a query asks for.
pub(crate) fn page<'a>(apps: &'a Apps, query: &Query) -> Page<'a> {
    let ordered = Ordered::of(apps, &query.selection);
    let found: Vec<&App> = match &query.start {
        Start::Offset(offset) => ordered.all().skip(*offset).take(query.limit).collect(),
        Start::First => ordered.all().take(query.limit).collect(),
        Start::Beside(Direction::Next, key) => ordered.after(key).take(query.limit).collect(),
        Start::Beside(Direction::Previous, key) => {
            let mut nearest_first: Vec<_> = ordered.before(key).take(query.limit).collect();
            nearest_first.reverse();
            nearest_first
        }
    };
    let (first, last) = (found.first().map(|app| app.key()), found.last().map(|app| app.key()));
    let has_next = last.is_some_and(|last| ordered.after(last).next().is_some());
    let metadata = if let Start::Offset(offset) = query.start {
        json!({
            "count": found.len(), "offset": offset, "total": ordered.len(), "tooManyToCount": false, "hasNext": has_next,
        })
    } else {
        let word =
            |direction, key: &Key| Cursor { selection: query.selection.clone(), direction, key: key.clone() }.to_word();
        let mut cursors = Object::new();
        if let Some(last) = last.filter(|_| has_next) {
            cursors.insert("next".to_owned(), json!(word(Direction::Next, last)));
        }
        if let Some(first) = first.filter(|first| ordered.before(first).next().is_some()) {
            cursors.insert("prev".to_owned(), json!(word(Direction::Previous, first)));
        }
        json!({ "count": found.len(), "cursors": cursors, "hasNext": has_next })
    };
    Page { apps: found.into_iter().map(App::entity).collect(), metadata }
}

/// The selected apps in their order.
enum Ordered<'a> {
    /// All of them, by descending ID: the order they are stored in, backwards. Nothing is copied for it, so that a page
    /// costs the same however many there are.
    ById(&'a Apps),
    /// Sorted for this query.
    Sorted(Vec<&'a App>, Vec<(SortField, SortOrder)>),
}

type Walk<'w, 'a> = Box<dyn Iterator<Item = &'a App> + 'w>;

impl<'a> Ordered<'a> {
    fn of(apps: &'a Apps, selection: &Selection) -> Self {
        if let Some(id) = &selection.id {
            return Self::Sorted(apps.get(id).into_iter().collect(), Vec::new());
        }
        if selection.sort.is_empty() {
            return Self::ById(apps);
        }
        let mut sorted: Vec<_> = apps.values().collect();
        sorted.sort_unstable_by(|a, b| compare(&selection.sort, a.key(), b.key()));
        Self::Sorted(sorted, selection.sort.clone())
    }

    fn len(&self) -> usize {
        match self {
            Self::ById(apps) => apps.len(),
            Self::Sorted(apps, _) => apps.len(),
        }
    }

    fn all(&self) -> Walk<'_, 'a> {
        match self {
            Self::ById(apps) => Box::new(apps.values().rev()),
            Self::Sorted(apps, _) => Box::new(apps.iter().copied()),
        }
    }

    /// Those that follow a place, the nearest first.
    fn after(&self, key: &Key) -> Walk<'_, 'a> {
        match self {
            Self::ById(apps) => {
                let below = (Bound::Unbounded, Bound::Excluded(key.id.as_str()));
                Box::new(apps.range::<str, _>(below).rev().map(|(_, app)| app))
            }
            Self::Sorted(apps, sort) => {
                let at = apps.partition_point(|app| compare(sort, app.key(), key) != Ordering::Greater);
                Box::new(apps.iter().copied().skip(at))
            }
        }
    }

    /// Those that precede a place, the nearest first.
    fn before(&self, key: &Key) -> Walk<'_, 'a> {
        match self {
            Self::ById(apps) => {
                let above = (Bound::Excluded(key.id.as_str()), Bound::Unbounded);
                Box::new(apps.range::<str, _>(above).map(|(_, app)| app))
            }
            Self::Sorted(apps, sort) => {
                let at = apps.partition_point(|app| compare(sort, app.key(), key) == Ordering::Less);
                Box::new(apps.iter().copied().take(at).rev())
            }
        }
    }
}

/// Which of two places comes first: by the sort's fields, then by descending ID. Text is compared by code points.
fn compare(sort: &[(SortField, SortOrder)], a: &Key, b: &Key) -> Ordering {
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
