//! Every app, page by page, as the caller consumes them.
//!
//! A cursor names a place in the order, so that apps which come and go move nothing. Where the service counts instead,
//! they do: each page then begins with an app that was there before, and where it does not, some have gone and the page
//! is asked for further back. Nothing that stays is lost that way, and what was given once is not given again.

use super::Client;
use super::attempt::{Run, Step};
use super::options::CallOptions;
use super::transport::Transport;
use crate::api::{self, Code, Error, HttpRequest, Json, Operation};
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
    last: (Vec<String>, u32),
    /// The IDs that were given, sorted.
    seen: Vec<String>,
}

#[derive(Debug, PartialEq)]
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

    /// The query for the next page.
    #[inline(never)]
    fn page(&self) -> Value {
        let mut query = Vec::new();
        let (name, most, rest) = match &self.place {
            Place::Offset(offset) => ("paging", u32::MAX, Some(("offset", Value::Number((*offset).into())))),
            Place::Cursor(cursor) => ("cursorPaging", MAX_CURSOR_LIMIT, Some(("cursor", Value::from(cursor.as_str())))),
            Place::Start | Place::End => ("cursorPaging", MAX_CURSOR_LIMIT, None),
        };
        let mut paging = vec![("limit", Value::Number(self.limit.min(most).into()))];
        paging.extend(rest);
        if !matches!(self.place, Place::Cursor(_)) {
            query.clone_from(&self.parts);
        }
        query.push((name.to_owned(), Value::from(paging)));
        Value::Object(query)
    }

    /// Takes the page of this place in, says where to go on, and gives the apps on it that are new.
    #[inline(never)]
    fn take<J: Json>(&mut self, page: &J) -> Result<Vec<J>, &'static str> {
        let apps = page.get("oAuthApps").map(|apps| apps.elements()).unwrap_or_default();
        let length = u32::try_from(apps.len()).unwrap_or(u32::MAX);
        let ids: Vec<String> = apps.iter().map(|app| text(app, "id")).collect();
        if let Place::Offset(offset) = self.place
            && offset > self.first
            && !self.seen.is_empty()
            && ids.first().is_none_or(|id| self.seen.binary_search(id).is_err())
        {
            let back = self.limit.saturating_sub(1).max(1);
            self.place = Place::Offset(offset.saturating_sub(back).max(self.first));
            return Ok(Vec::new());
        }
        let mut fresh = Vec::new();
        for (app, id) in apps.into_iter().zip(&ids) {
            // One without an ID is not known again.
            if id.is_empty() {
                fresh.push(app);
            } else if let Err(at) = self.seen.binary_search(id) {
                self.seen.insert(at, id.clone());
                fresh.push(app);
            }
        }
        // A page that holds as many as there ever were may be followed by another one: unless it is the same page again and
        // again, from a service that does not turn them.
        let times = if ids == self.last.0 { self.last.1.saturating_add(1) } else { 0 };
        self.fullest = self.fullest.max(ids.len());
        let is_full = ids.len() > 1 && ids.len() == self.fullest && times < MOST_SAME;
        self.last = (ids, times);
        let about = About::read(page);
        // Where the service says nothing, there may be more after a new one and after a full page.
        let may_go_on = !fresh.is_empty() || is_full;
        let next = about.next.filter(|_| about.has_next != Some(false));
        let position = match (&self.place, &next) {
            (Place::Offset(offset), _) => Some(offset.saturating_add(length)),
            (Place::Cursor(cursor), Some(next)) if cursor == next => {
                return Err("the service gives a cursor that leads back to itself");
            }
            // It does not know cursors: from here on by counting.
            (Place::Start, None) if length > 0 => Some(length),
            _ => None,
        };
        self.place = match (position, next) {
            (Some(position), _) => {
                let has_more = about.has_next.unwrap_or(about.total.map_or(may_go_on, |total| position < total));
                // With one app a page, the one that joins would leave no room.
                if has_more {
                    self.limit = self.limit.max(2);
                    Place::Offset(position.saturating_sub(1))
                } else {
                    Place::End
                }
            }
            (None, Some(next)) => Place::Cursor(next),
            (None, None) => Place::End,
        };
        Ok(fresh)
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

/// A text of an app; empty where it has none.
#[inline(never)]
pub(super) fn text<J: Json>(app: &J, name: &str) -> String {
    match app.get(name).map(|member| member.to_value()) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

impl<T: Transport> Run<'_, T> {
    /// The next apps, at least one; nothing when there are no more.
    pub(super) async fn next_page(&self, listing: &mut Listing) -> Result<Option<Vec<T::Json>>, Box<Error<T::Json>>> {
        for _ in 0..MOST_FRUITLESS {
            if listing.place == Place::End {
                return Ok(None);
            }
            let request = self.request_page(listing)?;
            let step = Step { what: Operation::Query, request, read: api::query::read };
            let Some(page) = self.perform(&step).await? else { return Ok(None) };
            let apps = listing.take(&page).map_err(|fault| self.endless(fault))?;
            if !apps.is_empty() {
                return Ok(Some(apps));
            }
        }
        Err(self.endless("the service gives page after page without a new app, and says there are more"))
    }

    #[inline(never)]
    fn request_page(&self, listing: &Listing) -> Result<HttpRequest, Box<Error<T::Json>>> {
        match OAuthAppQuery::read(&listing.page()) {
            Ok(query) => Ok(api::query::request(&query)),
            Err(faults) => Err(Error::refused(Code::InvalidArgument, self.operation.as_str(), faults).into()),
        }
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
    ) -> Result<Option<Vec<J>>, Box<Error<J>>> {
        let options = listing.options.clone();
        self.run(host, Operation::List, &options, &[]).next_page(listing).await
    }
}
