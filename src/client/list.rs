//! The listing of every app, page by page.
//!
//! A cursor is a position in the order of the apps, so apps that are created or deleted move nothing. With offsets they do:
//! each page then begins with an app of the page before it, and if it does not, apps have been deleted and the page is
//! requested again further back. No app that stays is missed that way, and none is returned twice.

use super::call::CallContext;
use super::options::CallOptions;
use super::transport::Transport;
use crate::api::{ApiRequest, Code, Error, Json};
use crate::query::{MAX_CURSOR_LIMIT, OAuthAppQuery};
use crate::value::Value;

/// How many pages in a row may have no new app before the listing fails.
const MAX_PAGES_WITHOUT_NEW: u32 = 100;
/// How many times in a row the same page may be returned before the listing ends. A few times may be chance: as many apps
/// were created before the page as it advances.
const MAX_SAME_PAGES: u32 = 8;

/// A listing that a caller consumes page by page.
pub struct Listing<J: Json> {
    pub(super) options: CallOptions,
    pub(super) pages: Pages<J>,
}

/// The position of a listing, and the apps that it has returned.
pub(super) struct Pages<J: Json> {
    /// The query's filter and sort.
    parts: Vec<(String, Value)>,
    limit: u32,
    position: Position,
    /// The offset of the first page, before which the listing does not go back.
    first_offset: u32,
    /// The number of apps on the fullest page so far.
    fullest: u32,
    /// The apps of the last page, and how many times in a row it was the same page.
    last_page: (Option<J>, u32),
    /// The IDs that were returned.
    seen: J::Texts,
}

#[derive(Debug, PartialEq)]
enum Position {
    Start,
    Cursor(String),
    Offset(u32),
    End,
}

impl<J: Json> Pages<J> {
    /// Starts a listing of the apps that a query matches, at the query's own offset or cursor.
    pub(super) fn new(query: &OAuthAppQuery) -> Self {
        let query = query.to_value();
        let cursor = query.get("cursorPaging").and_then(|paging| paging.get("cursor")).and_then(Value::as_str);
        let offset = number(query.get("paging"), "offset");
        let position = match (cursor, offset) {
            (Some(cursor), _) => Position::Cursor(cursor.to_owned()),
            (None, Some(offset)) => Position::Offset(offset),
            (None, None) => Position::Start,
        };
        let limit = number(query.get("paging"), "limit").or_else(|| number(query.get("cursorPaging"), "limit"));
        let mut parts = Vec::new();
        for name in ["filter", "sort"] {
            if let Some(part) = query.get(name) {
                parts.push((name.to_owned(), part.clone()));
            }
        }
        Self {
            parts,
            limit: limit.unwrap_or(MAX_CURSOR_LIMIT),
            position,
            first_offset: offset.unwrap_or_default(),
            fullest: 0,
            last_page: (None, 0),
            seen: J::Texts::default(),
        }
    }

    /// Returns the query for the next page.
    #[inline(never)]
    fn next_query(&self) -> Value {
        let (name, most, start) = match &self.position {
            Position::Offset(offset) => ("paging", u32::MAX, Some(("offset", Value::Number((*offset).into())))),
            Position::Cursor(cursor) => ("cursorPaging", MAX_CURSOR_LIMIT, Some(("cursor", cursor.as_str().into()))),
            Position::Start | Position::End => ("cursorPaging", MAX_CURSOR_LIMIT, None),
        };
        let mut paging = vec![("limit", Value::Number(self.limit.min(most).into()))];
        paging.extend(start);
        // A cursor contains the filter and the sort.
        let mut query = if let Position::Cursor(_) = self.position { Vec::new() } else { self.parts.clone() };
        query.push((name.to_owned(), Value::from(paging)));
        Value::Object(query)
    }

    /// Records a page and moves to the next one. Returns the list of its new apps, if it has any.
    #[inline(never)]
    fn advance(&mut self, apps: &J, metadata: &Value) -> Result<Option<J>, &'static str> {
        let count = apps.length().unwrap_or_default();
        let overlaps = matches!(self.position, Position::Offset(offset) if offset > self.first_offset);
        let fresh = apps.take_new(&mut self.seen, "id", overlaps);
        if let (None, Position::Offset(offset)) = (&fresh, &self.position) {
            let back = self.limit.saturating_sub(1).max(1);
            self.position = Position::Offset(offset.saturating_sub(back).max(self.first_offset));
            return Ok(None);
        }
        let fresh = fresh.filter(|apps| apps.length() != Some(0));
        let has_new = fresh.is_some();
        // A page with as many apps as there ever were may be followed by another one, unless it is the same page again and
        // again, from a service that ignores the offset.
        let is_same = !has_new && self.last_page.0.as_ref().is_some_and(|last| has_same_ids(last, apps));
        let repetitions = if is_same { self.last_page.1.saturating_add(1) } else { 0 };
        self.last_page = (Some(apps.clone()), repetitions);
        self.fullest = self.fullest.max(count);
        let is_full = count > 1 && count == self.fullest && repetitions < MAX_SAME_PAGES;
        self.position = self.following(count, has_new || is_full, metadata)?;
        Ok(fresh)
    }

    /// Returns the position after a page. `may_continue` tells whether there may be more apps if the service does not say.
    fn following(&mut self, count: u32, may_continue: bool, metadata: &Value) -> Result<Position, &'static str> {
        let has_next = metadata.get("hasNext").filter(|flag| matches!(flag, Value::Bool(_)));
        let has_next = has_next.map(|flag| *flag == Value::Bool(true));
        let cursor = metadata.get("cursors").and_then(|cursors| cursors.get("next")).and_then(Value::as_str);
        let cursor = cursor.filter(|cursor| !cursor.is_empty() && has_next != Some(false));
        let offset = match (&self.position, cursor) {
            (Position::Offset(offset), _) => offset.saturating_add(count),
            (Position::Cursor(last), Some(next)) if last == next => {
                return Err("the service gives a cursor that leads back to itself");
            }
            // The service does not know cursors: continue with offsets.
            (Position::Start, None) if count > 0 => count,
            (_, Some(next)) => return Ok(Position::Cursor(next.to_owned())),
            (_, None) => return Ok(Position::End),
        };
        if !has_next.unwrap_or(number(Some(metadata), "total").map_or(may_continue, |total| offset < total)) {
            return Ok(Position::End);
        }
        // With one app a page, the app that overlaps would leave no room for a new one.
        self.limit = self.limit.max(2);
        Ok(Position::Offset(offset.saturating_sub(1)))
    }
}

/// Checks whether two lists have the same apps, in whatever order.
fn has_same_ids<J: Json>(one: &J, other: &J) -> bool {
    let mut ids = J::Texts::default();
    _ = one.take_new(&mut ids, "id", false);
    one.length() == other.length()
        && other.take_new(&mut ids, "id", false).and_then(|others| others.length()) == Some(0)
}

fn number(object: Option<&Value>, name: &str) -> Option<u32> {
    match object?.get(name) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a larger number is cut")]
        Some(Value::Number(number)) => Some(*number as u32),
        _ => None,
    }
}

impl<T: Transport> CallContext<'_, T> {
    /// Returns the list of the next apps, at least one; `None` when there are no more.
    pub(super) async fn next_page(&self, pages: &mut Pages<T::Json>) -> Result<Option<T::Json>, Box<Error<T::Json>>> {
        for _ in 0..MAX_PAGES_WITHOUT_NEW {
            if pages.position == Position::End {
                return Ok(None);
            }
            let request = self.page_request(pages)?;
            let page = self.perform(&request).await?;
            if let Some(apps) = self.new_apps(pages, &page)? {
                return Ok(Some(apps));
            }
        }
        Err(self.endless("the service gives page after page without a new app, and says there are more"))
    }

    #[inline(never)]
    fn page_request(&self, pages: &Pages<T::Json>) -> Result<ApiRequest, Box<Error<T::Json>>> {
        match OAuthAppQuery::read(&pages.next_query()) {
            Ok(query) => Ok(ApiRequest::query(&query)),
            Err(faults) => Err(Error::refused(Code::InvalidArgument, self.operation.as_str(), faults)),
        }
    }

    #[inline(never)]
    fn new_apps(&self, pages: &mut Pages<T::Json>, page: &T::Json) -> Result<Option<T::Json>, Box<Error<T::Json>>> {
        let Some(apps) = page.get("oAuthApps") else { return Ok(None) };
        let metadata = page.get("pagingMetadata").map_or(Value::Null, |metadata| metadata.to_value());
        pages.advance(&apps, &metadata).map_err(|fault| self.endless(fault))
    }

    fn endless(&self, fault: &str) -> Box<Error<T::Json>> {
        self.error(Code::BadResponse, fault).after(1)
    }
}
