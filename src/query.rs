//! Checking a query for apps: its filter, sort and paging.
//!
//! Source: the API reference for Query OAuth Apps. Only `id` can be filtered on, not the name or a URL.

use crate::app::OAuthAppId;
use crate::fields::{element_path, list, member_path, object, one_of, string, unknown_field, whole};
use crate::value::Value;
use crate::violation::{Violation, Violations, rule};

/// The most criteria that a sort takes.
pub const MAX_SORT: usize = 3;
/// The fields that a sort takes.
pub const SORT_FIELDS: &[&str] = &["createdDate", "name"];
/// The directions that a sort takes.
pub const SORT_ORDERS: &[&str] = &["ASC", "DESC"];
/// The largest page that cursor paging gives.
pub const MAX_CURSOR_LIMIT: u32 = 100;

/// The values that a member of a query may hold.
enum Kind {
    Filter,
    Sort,
    /// An object with these members.
    Object(&'static [Member]),
    /// A whole number in a range.
    Whole(u32, u32),
    /// One of these names.
    OneOf(&'static [&'static str]),
    Cursor,
}

type Member = (&'static str, Kind);

const QUERY: &[Member] = &[
    ("filter", Kind::Filter),
    ("sort", Kind::Sort),
    ("paging", Kind::Object(PAGING)),
    ("cursorPaging", Kind::Object(CURSOR_PAGING)),
];
const CRITERION: &[Member] = &[("fieldName", Kind::OneOf(SORT_FIELDS)), ("order", Kind::OneOf(SORT_ORDERS))];
// The API does not document how large a page may be; the service reports a limit that is too large.
const PAGING: &[Member] = &[("limit", Kind::Whole(1, u32::MAX)), ("offset", Kind::Whole(0, u32::MAX))];
const CURSOR_PAGING: &[Member] = &[("limit", Kind::Whole(1, MAX_CURSOR_LIMIT)), ("cursor", Kind::Cursor)];

/// A valid query. Only [`OAuthAppQuery::read`] and [`OAuthAppQuery::all`] make one.
#[derive(Debug, Clone, PartialEq)]
pub struct OAuthAppQuery(Value);

impl OAuthAppQuery {
    /// Checks a query.
    ///
    /// # Errors
    /// Every violation.
    pub fn read(given: &Value) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        members("", given, QUERY, &mut violations);
        contradictions(given, &mut violations);
        if violations.has_error() { Err(violations.0) } else { Ok(Self(given.clone())) }
    }

    /// Returns the query that finds every app.
    pub fn all() -> Self {
        Self(Value::Object(Vec::new()))
    }

    /// Returns the query as a request carries it.
    pub fn to_value(&self) -> Value {
        self.0.clone()
    }
}

/// Reports on the members of the object at a path.
fn members(path: &str, given: &Value, known: &[Member], violations: &mut Violations) {
    for (name, value) in object(path, given, violations).unwrap_or_default() {
        let path = member_path(path, name);
        let Some((_, kind)) = known.iter().find(|(known, _)| known == name) else {
            unknown_field(&path, &mut known.iter().map(|(name, _)| *name), violations);
            continue;
        };
        match kind {
            Kind::Filter => filter(value, violations),
            Kind::Sort => sort(value, violations),
            Kind::Object(known) => members(&path, value, known, violations),
            Kind::Whole(least, most) => drop(whole(&path, value, *least, *most, violations)),
            Kind::OneOf(names) => one_of(&path, value, names, violations),
            Kind::Cursor => {
                if string(&path, value, violations) == Some("") {
                    violations.error(&path, rule::OUT_OF_RANGE, &["is empty; leave it out for the first page"]);
                }
            }
        }
    }
}

fn filter(value: &Value, violations: &mut Violations) {
    for (name, value) in object("filter", value, violations).unwrap_or_default() {
        let path = member_path("filter", name);
        match value {
            _ if name != "id" => {
                let message = "cannot be filtered on, only id can; list the apps and compare them";
                violations.error(&path, rule::UNKNOWN_FIELD, &[message]);
            }
            Value::Object(members) => {
                if members.is_empty() {
                    violations.error(&path, rule::REQUIRED_FIELD, &["has no operator; the API takes $eq"]);
                }
                for (operator, value) in members {
                    let path = member_path(&path, operator);
                    if operator == "$eq" {
                        id(path, value, violations);
                    } else {
                        violations.error(&path, rule::UNKNOWN_VALUE, &["is not an operator of the API; use $eq"]);
                    }
                }
            }
            value => id(path, value, violations),
        }
    }
}

fn id(path: String, value: &Value, violations: &mut Violations) {
    if let Err(violation) = OAuthAppId::read(value) {
        violations.0.push(Violation { field: path, ..violation });
    }
}

fn sort(value: &Value, violations: &mut Violations) {
    for (at, criterion) in list("sort", value, MAX_SORT, violations).unwrap_or_default().iter().enumerate() {
        let path = element_path("sort", at);
        members(&path, criterion, CRITERION, violations);
        if matches!(criterion, Value::Object(_)) && criterion.get("fieldName").is_none() {
            let path = member_path(&path, "fieldName");
            violations.error(&path, rule::REQUIRED_FIELD, &["is required: createdDate or name"]);
        }
    }
}

/// Reports parts that exclude each other. A cursor contains the filter and the sort that it was made with.
fn contradictions(given: &Value, violations: &mut Violations) {
    let Some(cursor_paging) = given.get("cursorPaging") else { return };
    if given.get("paging").is_some() {
        violations.error("paging", rule::CONFLICT, &["excludes cursorPaging; give only one"]);
    }
    if cursor_paging.get("cursor").is_some() {
        for part in ["filter", "sort"] {
            if given.get(part).is_some() {
                violations.error(part, rule::CONFLICT, &["is contained in the cursor; leave it out"]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
