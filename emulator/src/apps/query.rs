//! A query: a filter, an order, and paging by offset or by cursor.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::error::{ApiError, Bound, FieldViolation, Result, ensure_valid};
use crate::http::json::{self, Object};
use crate::options::Options;
use crate::store::order::{SortField, SortKey, SortOrder};

/// The limit of a query that has none.
const DEFAULT_LIMIT: u32 = 50;
/// The largest limit of cursor paging.
const MAX_CURSOR_LIMIT: u32 = 100;
/// The largest number of sort fields.
const MAX_SORT_FIELDS: usize = 3;

/// A valid query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) selection: Selection,
    pub(crate) start: PageStart,
    pub(crate) limit: usize,
}

/// The filter and the order of a query. A cursor contains them, so that the next request does not repeat them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Selection {
    /// The ID that the filter names, if any.
    pub(crate) id: Option<String>,
    /// The fields to sort by. Without any, apps are sorted by descending ID.
    pub(crate) sort: Vec<(SortField, SortOrder)>,
}

/// The start of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PageStart {
    /// The app after a number of apps. The response has no cursors.
    Offset(usize),
    /// The first app.
    First,
    /// The neighbour of the app with a key.
    Cursor(Direction, SortKey),
}

/// A side of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    Next,
    Previous,
}

/// A position in a selection. It stays valid after the app of the key was deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) selection: Selection,
    pub(crate) direction: Direction,
    pub(crate) key: SortKey,
}

impl Cursor {
    /// Writes the cursor as an opaque text.
    pub(crate) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(json::write(self))
    }

    fn decode(text: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

/// Reads the query of a request. A request without one gets the first page of every app.
pub(crate) fn read(message: &Object, options: &Options) -> Result<Query> {
    let empty = Object::new();
    let query = json::object_member(message, "query", "query")?.unwrap_or(&empty);
    let mut violations = Vec::new();
    let selection = Selection { id: filter(query, &mut violations)?, sort: sort(query, &mut violations)? };
    let query = match (json::member(query, "paging"), json::member(query, "cursorPaging")) {
        (Some(_), Some(_)) => {
            return Err(ApiError::plain(400, "query: Expected only one of paging and cursorPaging"));
        }
        (None, Some(paging)) => {
            let paging = json::object(paging, "query.cursorPaging")?;
            let limit = limit(paging, "query.cursorPaging.limit", MAX_CURSOR_LIMIT, &mut violations)?;
            let (selection, start) = from_cursor(paging, selection, &mut violations)?;
            Query { selection, start, limit }
        }
        (paging, None) => {
            let paging = paging.map_or(Ok(&empty), |paging| json::object(paging, "query.paging"))?;
            let limit = limit(paging, "query.paging.limit", options.max_page_limit, &mut violations)?;
            let range = (0, i32::MAX.unsigned_abs());
            let offset = number(paging, "offset", "query.paging.offset", range, &mut violations)?;
            Query { selection, start: PageStart::Offset(offset.unwrap_or_default()), limit }
        }
    };
    ensure_valid(&violations)?;
    Ok(query)
}

/// Reads the filter, which can only name one ID.
fn filter(query: &Object, violations: &mut Vec<FieldViolation>) -> Result<Option<String>> {
    let Some(filter) = json::object_member(query, "filter", "query.filter")? else { return Ok(None) };
    let mut id = None;
    for (field, condition) in filter {
        if field != "id" {
            violations.push(FieldViolation::query(format!("Field '{field}' is not declared as filterable")));
            continue;
        }
        let operators: Vec<(&str, &Value)> = match condition {
            Value::Object(operators) => operators.iter().map(|(name, value)| (name.as_str(), value)).collect(),
            value => vec![("$eq", value)],
        };
        for (operator, value) in operators {
            match (operator, value) {
                ("$eq", Value::String(wanted)) => id = Some(wanted.clone()),
                ("$eq", _) => {
                    violations.push(FieldViolation::query("Value of field 'id' is not a string".to_owned()));
                }
                _ => {
                    let description = format!("Operator '{operator}' is not supported for field 'id'");
                    violations.push(FieldViolation::query(description));
                }
            }
        }
    }
    Ok(id)
}

fn sort(query: &Object, violations: &mut Vec<FieldViolation>) -> Result<Vec<(SortField, SortOrder)>> {
    let Some(entries) = json::member(query, "sort") else { return Ok(Vec::new()) };
    let entries = json::list(entries, "query.sort")?;
    if entries.len() > MAX_SORT_FIELDS {
        violations.push(FieldViolation::bound("query.sort", Bound::MaxSize, MAX_SORT_FIELDS));
    }
    let mut sort = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let entry = json::object(entry, format_args!("query.sort[{at}]"))?;
        let text = |name: &str| json::text_member(entry, name, format_args!("query.sort[{at}].{name}"));
        let field = match text("fieldName")? {
            // The API's reference uses both spellings.
            Some("createdDate" | "created_date") => Some(SortField::CreatedDate),
            Some("name") => Some(SortField::Name),
            Some(name) => {
                violations.push(FieldViolation::query(format!("Field '{name}' is not declared as sortable")));
                None
            }
            None => {
                violations.push(FieldViolation::required(format!("query.sort[{at}].fieldName")));
                None
            }
        };
        let order = match text("order")? {
            None | Some("ASC") => Some(SortOrder::Ascending),
            Some("DESC") => Some(SortOrder::Descending),
            Some(_) => {
                violations.push(FieldViolation::enum_value(format!("query.sort[{at}].order"), &["ASC", "DESC"]));
                None
            }
        };
        sort.extend(field.zip(order));
    }
    Ok(sort)
}

fn from_cursor(
    paging: &Object,
    selection: Selection,
    violations: &mut Vec<FieldViolation>,
) -> Result<(Selection, PageStart)> {
    const PATH: &str = "query.cursorPaging.cursor";
    let Some(text) = json::text_member(paging, "cursor", PATH)? else { return Ok((selection, PageStart::First)) };
    let invalid = |description| FieldViolation::other(PATH, "INVALID_CURSOR", description);
    let Some(cursor) = Cursor::decode(text) else {
        violations.push(invalid("is not a cursor of this API"));
        return Ok((selection, PageStart::First));
    };
    if selection != Selection::default() {
        violations.push(invalid("carries filter and sort: they cannot be sent again"));
    }
    Ok((cursor.selection, PageStart::Cursor(cursor.direction, cursor.key)))
}

fn limit(paging: &Object, path: &str, max: u32, violations: &mut Vec<FieldViolation>) -> Result<usize> {
    let limit = number(paging, "limit", path, (1, max), violations)?;
    Ok(limit.unwrap_or_else(|| size(DEFAULT_LIMIT.min(max))))
}

/// Reads a number, if it is present. A number out of range is a violation.
fn number(
    paging: &Object,
    name: &str,
    path: &str,
    (min, max): (u32, u32),
    violations: &mut Vec<FieldViolation>,
) -> Result<Option<usize>> {
    let Some(value) = json::member(paging, name) else { return Ok(None) };
    let number = json::whole_number(value, path)?;
    if number < i64::from(min) {
        violations.push(FieldViolation::bound(path, Bound::Min, size(min)));
    } else if number > i64::from(max) {
        violations.push(FieldViolation::bound(path, Bound::Max, size(max)));
    }
    Ok(u32::try_from(number).ok().map(size))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
