//! A query as a request gives it: filter, sort and one of two ways of paging.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::port::{hex, unhex};
use crate::http::error::{ApiError, Bound, FieldViolation, Result, none_of};
use crate::http::json::{self, Object};
use crate::options::Options;
use crate::store::app::Key;

/// The limit where none is given.
const DEFAULT_LIMIT: u32 = 50;
/// The largest limit with cursors.
const MAX_CURSOR_LIMIT: u32 = 100;
/// The most sort fields.
const MAX_SORT: usize = 3;

/// A query that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) selection: Selection,
    pub(crate) start: Start,
    pub(crate) limit: usize,
}

/// Which apps, in which order. A cursor carries it, so that the next request need not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Selection {
    /// The one ID, where the filter names one.
    pub(crate) id: Option<String>,
    /// The order; by descending ID where it names none.
    pub(crate) sort: Vec<(SortField, SortOrder)>,
}

/// The fields to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SortField {
    CreatedDate,
    Name,
}

/// The two directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SortOrder {
    Ascending,
    Descending,
}

/// Where the page begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Start {
    /// After so many apps.
    Offset(usize),
    /// At the first app, with cursors in the answer.
    First,
    /// Next to an app.
    Beside(Direction, Key),
}

/// On which side of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    Next,
    Previous,
}

/// A place in a selection, whether or not the app that stood there is still there. It travels as one opaque word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) selection: Selection,
    pub(crate) direction: Direction,
    pub(crate) key: Key,
}

impl Cursor {
    pub(crate) fn to_word(&self) -> String {
        hex(json::write(self).as_bytes())
    }

    fn from_word(word: &str) -> Option<Self> {
        serde_json::from_slice(&unhex(word)?).ok()
    }
}

/// The query of a request; none asks for the first page of everything.
pub(crate) fn read(request: &Object, options: &Options) -> Result<Query> {
    let nothing = Object::new();
    let query = json::member(request, "query").map_or(Ok(&nothing), |query| json::object(query, "query"))?;
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
            let paging = paging.map_or(Ok(&nothing), |paging| json::object(paging, "query.paging"))?;
            let limit = limit(paging, "query.paging.limit", options.max_page_limit, &mut violations)?;
            let offset =
                number(paging, "offset", "query.paging.offset", (0, i32::MAX.unsigned_abs()), &mut violations)?;
            Query { selection, start: Start::Offset(offset.unwrap_or_default()), limit }
        }
    };
    none_of(&violations)?;
    Ok(query)
}

/// The ID that the filter names.
fn filter(query: &Object, violations: &mut Vec<FieldViolation>) -> Result<Option<String>> {
    let Some(filter) = json::member(query, "filter") else { return Ok(None) };
    let mut id = None;
    for (field, condition) in json::object(filter, "query.filter")? {
        if field != "id" {
            violations.push(FieldViolation::of_query(format!("Field '{field}' is not declared as filterable")));
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
                    violations.push(FieldViolation::of_query("Value of field 'id' is not a string".to_owned()));
                }
                _ => {
                    let description = format!("Operator '{operator}' is not supported for field 'id'");
                    violations.push(FieldViolation::of_query(description));
                }
            }
        }
    }
    Ok(id)
}

fn sort(query: &Object, violations: &mut Vec<FieldViolation>) -> Result<Vec<(SortField, SortOrder)>> {
    let Some(given) = json::member(query, "sort") else { return Ok(Vec::new()) };
    let given = json::list(given, "query.sort")?;
    if given.len() > MAX_SORT {
        violations.push(FieldViolation::bound("query.sort", Bound::MaxSize, MAX_SORT));
    }
    let mut sort = Vec::new();
    for (at, entry) in given.iter().enumerate() {
        let path = format!("query.sort[{at}]");
        let entry = json::object(entry, &path)?;
        let text = |name: &str| {
            json::member(entry, name).map(|value| json::text(value, &format!("{path}.{name}"))).transpose()
        };
        let field = match text("fieldName")? {
            // The API's reference writes the field's name in both manners.
            Some("createdDate" | "created_date") => Some(SortField::CreatedDate),
            Some("name") => Some(SortField::Name),
            Some(name) => {
                violations.push(FieldViolation::of_query(format!("Field '{name}' is not declared as sortable")));
                None
            }
            None => {
                violations.push(FieldViolation::required(format!("{path}.fieldName")));
                None
            }
        };
        let order = match text("order")? {
            None | Some("ASC") => Some(SortOrder::Ascending),
            Some("DESC") => Some(SortOrder::Descending),
            Some(_) => {
                violations.push(FieldViolation::enum_value(format!("{path}.order"), &["ASC", "DESC"]));
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
) -> Result<(Selection, Start)> {
    const PATH: &str = "query.cursorPaging.cursor";
    let Some(word) = json::member(paging, "cursor") else { return Ok((selection, Start::First)) };
    let refused = |description| FieldViolation::other(PATH, "INVALID_CURSOR", description);
    let Some(cursor) = Cursor::from_word(json::text(word, PATH)?) else {
        violations.push(refused("is not a cursor of this API"));
        return Ok((selection, Start::First));
    };
    if selection != Selection::default() {
        violations.push(refused("carries filter and sort: they cannot be sent again"));
    }
    Ok((cursor.selection, Start::Beside(cursor.direction, cursor.key)))
}

fn limit(paging: &Object, path: &str, max: u32, violations: &mut Vec<FieldViolation>) -> Result<usize> {
    let given = number(paging, "limit", path, (1, max), violations)?;
    Ok(given.unwrap_or_else(|| size(DEFAULT_LIMIT.min(max))))
}

/// The number of that name, where it is given. One outside the range is a violation.
fn number(
    paging: &Object,
    name: &str,
    path: &str,
    (min, max): (u32, u32),
    violations: &mut Vec<FieldViolation>,
) -> Result<Option<usize>> {
    let Some(value) = json::member(paging, name) else { return Ok(None) };
    let given = json::whole(value, path)?;
    if given < i64::from(min) {
        violations.push(FieldViolation::bound(path, Bound::Min, size(min)));
    } else if given > i64::from(max) {
        violations.push(FieldViolation::bound(path, Bound::Max, size(max)));
    }
    Ok(u32::try_from(given).ok().map(size))
}

/// A 32-bit count as a size.
fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
