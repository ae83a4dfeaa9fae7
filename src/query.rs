//! A query for apps: which, in what order, and which page.
//!
//! Source: the API reference for Query OAuth Apps. Only `id` can be filtered on; there is no filter by name or by URL.

use crate::app::OAuthAppId;
use crate::validate::{element_path, list, object, one_of, string, unknown_field, wrong_type};
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

const PARTS: [&str; 4] = ["filter", "sort", "paging", "cursorPaging"];

/// What a query sends. Made by [`OAuthAppQuery::read`] alone, so that one that exists is valid.
#[derive(Debug, Clone, PartialEq)]
pub struct OAuthAppQuery(Value);

impl OAuthAppQuery {
    /// The query, or everything that is wrong with it.
    pub fn read(given: &Value) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        for (name, value) in object("", given, &mut violations).unwrap_or_default() {
            match name.as_str() {
                "filter" => filter(value, &mut violations),
                "sort" => sort(value, &mut violations),
                "paging" => paging(value, &mut violations),
                "cursorPaging" => cursor_paging(value, &mut violations),
                _ => unknown_field(name, &mut PARTS.into_iter(), &mut violations),
            }
        }
        contradictions(given, &mut violations);
        if violations.has_error() { Err(violations.0) } else { Ok(Self(given.clone())) }
    }

    /// The query that finds every app.
    pub fn all() -> Self {
        Self(Value::Object(Vec::new()))
    }

    /// The query as it stands in a request.
    pub fn to_value(&self) -> Value {
        self.0.clone()
    }
}

fn filter(value: &Value, violations: &mut Violations) {
    for (name, value) in object("filter", value, violations).unwrap_or_default() {
        if name != "id" {
            violations.error(
                &["filter.", name].concat(),
                rule::UNKNOWN_FIELD,
                &["cannot be filtered on: the API filters on id alone; list the apps and compare"],
            );
            continue;
        }
        match value {
            Value::Object(members) if members.is_empty() => {
                violations.error("filter.id", rule::REQUIRED_FIELD, &["needs an operator; the API takes $eq"]);
            }
            Value::Object(members) => {
                for (operator, value) in members {
                    let path = ["filter.id.", operator].concat();
                    if operator == "$eq" {
                        id(path, value, violations);
                    } else {
                        violations.error(
                            &path,
                            rule::UNKNOWN_VALUE,
                            &["is no operator that the API takes on id; it takes $eq"],
                        );
                    }
                }
            }
            value => id("filter.id".to_owned(), value, violations),
        }
    }
}

fn id(path: String, value: &Value, violations: &mut Violations) {
    if let Err(violation) = OAuthAppId::read(value) {
        violations.0.push(Violation { field: path, ..violation });
    }
}

fn sort(value: &Value, violations: &mut Violations) {
    let Some(criteria) = list("sort", value, MAX_SORT, violations) else { return };
    for (at, criterion) in criteria.iter().enumerate() {
        let path = element_path("sort", at);
        let Some(members) = object(&path, criterion, violations) else { continue };
        for (name, value) in members {
            let path = [&path, ".", name].concat();
            match name.as_str() {
                "fieldName" => one_of(&path, value, SORT_FIELDS, violations),
                "order" => one_of(&path, value, SORT_ORDERS, violations),
                _ => unknown_field(&path, &mut ["fieldName", "order"].into_iter(), violations),
            }
        }
        if criterion.get("fieldName").is_none() {
            violations.error(
                &[&path, ".fieldName"].concat(),
                rule::REQUIRED_FIELD,
                &["is required: createdDate or name"],
            );
        }
    }
}

fn paging(value: &Value, violations: &mut Violations) {
    for (name, value) in object("paging", value, violations).unwrap_or_default() {
        let path = ["paging.", name].concat();
        match name.as_str() {
            // How large a page may be is not documented: the service says so where it is too large.
            "limit" => drop(whole(&path, value, 1, u32::MAX, violations)),
            "offset" => drop(whole(&path, value, 0, u32::MAX, violations)),
            _ => unknown_field(&path, &mut ["limit", "offset"].into_iter(), violations),
        }
    }
}

fn cursor_paging(value: &Value, violations: &mut Violations) {
    for (name, value) in object("cursorPaging", value, violations).unwrap_or_default() {
        let path = ["cursorPaging.", name].concat();
        match name.as_str() {
            "limit" => drop(whole(&path, value, 1, MAX_CURSOR_LIMIT, violations)),
            "cursor" => {
                if string(&path, value, violations) == Some("") {
                    violations.error(&path, rule::OUT_OF_RANGE, &["is empty; leave it out for page one"]);
                }
            }
            _ => unknown_field(&path, &mut ["limit", "cursor"].into_iter(), violations),
        }
    }
}

/// A cursor carries the filter and the sort it was made with, and a page is counted in one way.
fn contradictions(given: &Value, violations: &mut Violations) {
    let Some(cursor_paging) = given.get("cursorPaging") else { return };
    if given.get("paging").is_some() {
        violations.error("paging", rule::CONFLICT, &["and cursorPaging exclude each other; give one"]);
    }
    if cursor_paging.get("cursor").is_some() {
        for part in ["filter", "sort"] {
            if given.get(part).is_some() {
                violations.error(part, rule::CONFLICT, &["is held by the cursor; leave it out"]);
            }
        }
    }
}

/// A whole number in a range; anything else is a fault.
pub(crate) fn whole(path: &str, value: &Value, least: u32, most: u32, violations: &mut Violations) -> Option<u32> {
    let Value::Number(number) = value else {
        wrong_type(path, "a number", value, violations);
        return None;
    };
    if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(number) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within a u32's range")]
        return Some(*number as u32);
    }
    let message = ["must be a whole number from ", &least.to_string(), " to ", &most.to_string()];
    violations.error(path, rule::OUT_OF_RANGE, &message);
    None
}

#[cfg(test)]
mod tests;
