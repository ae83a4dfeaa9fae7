//! Every app, page by page, as the caller consumes them.
//!
//! A cursor names a place in the order, so that apps which come and go move nothing. Where the service counts instead,
//! they do: each page then begins with an app that was there before, and where it does not, some have gone and the page
//! is asked for further back. Nothing that stays is lost that way, and what was given once is not given again.

use super::Client;
use super::attempt::{Run, Step};
use super::options::CallOptions;
use super::transport::Transport;
use crate::api::{self, Code, Error, Json, Operation};
use crate::query::{MAX_CURSOR_LIMIT, OAuthAppQuery};
use crate::value::Value;

/// After so many pages in a row that hold nothing new, the service does not go on.
const MOST_FRUITLESS: u32 = 100;
/// After the same page so often again, the service does not turn its pages. A few times that is chance: as many apps were
/// created before it as it goes on.
const MOST_SAME: u32 = 8;

/// Where a listing is.
#[derive(Debug)]
pub struct Listing {
    pub(super) options: CallOptions,
    /// The query's filter and sort.
    parts: Vec<(String, Value)>,
    limit: u32,
    place: Place,
    /// The offset that it began at, before which it does not go back.
    first: u32,
    /// How many apps the fullest page so far held.
    fullest: usize,
    /// The IDs on the last page, and how often in a row it has been the same page.
    last: (Vec<Option<String>>, u32),
    /// The IDs that were given, sorted.
    seen: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Place {
    Start,
    Cursor(String),
    Offset(u32),
    End,
}

impl Listing {
    /// A listing of what the query finds, from the query's own offset or cursor on.
    pub(super) fn new(query: &OAuthAppQuery, options: CallOptions) -> Self {
        let query = query.to_value();
        let number = |part: &str, name: &str| match query.get(part).and_then(|part| part.get(name)) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the query was checked")]
            Some(Value::Number(number)) => Some(*number as u32),
            _ => None,
        };
        let cursor = query.get("cursorPaging").and_then(|paging| paging.get("cursor")).and_then(Value::as_str);
        let offset = number("paging", "offset");
        let place = match (cursor, offset) {
            (Some(cursor), _) => Place::Cursor(cursor.to_owned()),
            (None, Some(offset)) => Place::Offset(offset),
            (None, None) => Place::Start,
        };
        let limit = number("paging", "limit").or_else(|| number("cursorPaging", "limit"));
        let parts = query.members().iter().filter(|(name, _)| name == "filter" || name == "sort").cloned();
        Self {
            options,
            parts: parts.collect(),
            limit: limit.unwrap_or(MAX_CURSOR_LIMIT),
            place,
            first: offset.unwrap_or_default(),
            fullest: 0,
            last: (Vec::new(), 0),
            seen: Vec::new(),
        }
    }

    /// The query for a page.
    fn page(&self, place: &Place) -> Value {
        let mut query = if matches!(place, Place::Cursor(_)) { Vec::new() } else { self.parts.clone() };
        let number = |number: u32| Value::Number(number.into());
        let cursor_limit = number(self.limit.min(MAX_CURSOR_LIMIT));
        query.push(match place {
            Place::Offset(offset) => {
                ("paging".to_owned(), Value::from(vec![("limit", number(self.limit)), ("offset", number(*offset))]))
            }
            Place::Cursor(cursor) => (
                "cursorPaging".to_owned(),
                Value::from(vec![("limit", cursor_limit), ("cursor", Value::from(cursor.as_str()))]),
            ),
            Place::Start | Place::End => ("cursorPaging".to_owned(), Value::from(vec![("limit", cursor_limit)])),
        });
        Value::Object(query)
    }

    /// Whether the app was given before; if not, it counts as given from now on.
    fn is_new<J: Json>(&mut self, app: &J) -> bool {
        let Some(id) = app_id(app) else { return true };
        match self.seen.binary_search(&id) {
            Ok(_) => false,
            Err(at) => {
                self.seen.insert(at, id);
                true
            }
        }
    }

    fn has_seen<J: Json>(&self, app: &J) -> bool {
        app_id(app).is_some_and(|id| self.seen.binary_search(&id).is_ok())
    }

    /// Whether a page holds as many as there ever were, so that there may be more after it: unless it is the same page
    /// again and again, from a service that does not turn them.
    fn is_full<J: Json>(&mut self, apps: &[J]) -> bool {
        let ids: Vec<_> = apps.iter().map(app_id).collect();
        let times = if ids == self.last.0 { self.last.1.saturating_add(1) } else { 0 };
        self.fullest = self.fullest.max(ids.len());
        let is_full = ids.len() > 1 && ids.len() == self.fullest && times < MOST_SAME;
        self.last = (ids, times);
        is_full
    }

    /// Takes a page of that place in, says where to go on, and gives the apps on it that are new.
    fn take<J: Json>(&mut self, place: &Place, page: &J) -> Result<Vec<J>, &'static str> {
        let apps = page.get("oAuthApps").map(|apps| apps.elements()).unwrap_or_default();
        let length = u32::try_from(apps.len()).unwrap_or(u32::MAX);
        if let Place::Offset(offset) = place
            && *offset > self.first
            && !self.seen.is_empty()
            && !apps.first().is_some_and(|app| self.has_seen(app))
        {
            let back = self.limit.saturating_sub(1).max(1);
            self.place = Place::Offset(offset.saturating_sub(back).max(self.first));
            return Ok(Vec::new());
        }
        let is_full = self.is_full(&apps);
        let apps: Vec<J> = apps.into_iter().filter(|app| self.is_new(app)).collect();
        let about = About::read(page);
        // Where the service says nothing, there may be more after a new one and after a full page.
        let may_go_on = !apps.is_empty() || is_full;
        let has_more =
            |position: u32| about.has_next.unwrap_or_else(|| about.total.map_or(may_go_on, |total| position < total));
        let by_offset = |position: u32| {
            if has_more(position) { Place::Offset(position.saturating_sub(1)) } else { Place::End }
        };
        self.place = match (place, &about.next) {
            (Place::Offset(offset), _) => by_offset(offset.saturating_add(length)),
            (Place::Cursor(cursor), Some(next)) if cursor == next && about.has_next != Some(false) => {
                return Err("the service gives a cursor that leads back to itself");
            }
            (_, Some(next)) if about.has_next != Some(false) => Place::Cursor(next.clone()),
            // It does not know cursors: from here on by counting.
            (Place::Start, _) if length > 0 => by_offset(length),
            _ => Place::End,
        };
        // With one app a page, the one that joins would leave no room.
        if matches!(self.place, Place::Offset(_)) {
            self.limit = self.limit.max(2);
        }
        Ok(apps)
    }
}

/// What a page says of itself, as far as the service says it.
struct About {
    has_next: Option<bool>,
    total: Option<u32>,
    next: Option<String>,
}

impl About {
    fn read<J: Json>(page: &J) -> Self {
        let about = page.get("pagingMetadata").map_or(Value::Null, |about| about.to_value());
        let next = about.get("cursors").and_then(|cursors| cursors.get("next")).and_then(Value::as_str);
        Self {
            has_next: match about.get("hasNext") {
                Some(Value::Bool(flag)) => Some(*flag),
                _ => None,
            },
            total: match about.get("total") {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what does not fit is cut")]
                Some(Value::Number(total)) => Some(*total as u32),
                _ => None,
            },
            next: next.filter(|next| !next.is_empty()).map(str::to_owned),
        }
    }
}

fn app_id<J: Json>(app: &J) -> Option<String> {
    app.get("id").and_then(|id| id.to_value().as_str().map(str::to_owned))
}

impl<T: Transport> Run<'_, T> {
    /// The next apps, at least one; nothing when there are no more.
    pub(super) async fn next_page(&self, listing: &mut Listing) -> Result<Option<Vec<T::Json>>, Box<Error<T::Json>>> {
        for _ in 0..MOST_FRUITLESS {
            if listing.place == Place::End {
                return Ok(None);
            }
            let place = listing.place.clone();
            let query = OAuthAppQuery::read(&listing.page(&place));
            let query =
                query.map_err(|faults| Error::refused(Code::InvalidArgument, self.operation.as_str(), faults))?;
            let step = Step { what: Operation::Query, request: api::query::request(&query), read: api::query::read };
            let Some(page) = self.perform(&step).await? else { return Ok(None) };
            let apps = listing.take(&place, &page).map_err(|fault| self.endless(fault))?;
            if !apps.is_empty() {
                return Ok(Some(apps));
            }
        }
        Err(self.endless("the service gives page after page without a new app, and says there are more"))
    }

    fn endless(&self, fault: &str) -> Box<Error<T::Json>> {
        self.error(Code::BadResponse, fault).after(1)
    }
}

impl<J: Json> Client<J> {
    /// The next apps of a listing, at least one; nothing when there are no more. A page that failed can be asked for
    /// again.
    pub async fn next_page<T: Transport<Json = J>>(
        &self,
        host: &T,
        listing: &mut Listing,
    ) -> Result<Option<Vec<J>>, Error<J>> {
        let options = listing.options.clone();
        self.run(host, Operation::List, &options, &[]).next_page(listing).await.map_err(|error| *error)
    }
}
