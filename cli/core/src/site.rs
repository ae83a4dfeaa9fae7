//! The apps of a site, as the service gave them.

use serde_json::Value;

use crate::error::{Candidate, Code, Error, Result};
use crate::library::List;

/// Returns the apps of a list.
///
/// # Errors
/// If the value is no list of apps with an ID.
pub(crate) fn apps(value: &Value) -> Result<&[Value]> {
    let apps = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if !value.is_array() || apps.iter().any(|app| id(app).is_empty()) {
        return Err(Error::new(Code::BadResponse, "the service gave apps that are no list of apps with an id"));
    }
    Ok(apps)
}

/// Returns the ID of an app.
pub(crate) fn id(app: &Value) -> &str {
    text(app, "id")
}

/// Returns the name of an app.
pub(crate) fn name(app: &Value) -> &str {
    text(app, "name")
}

fn text<'a>(app: &'a Value, field: &str) -> &'a str {
    app.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the entries of one of an app's lists.
///
/// # Errors
/// If the list is no list of texts.
pub(crate) fn entries(app: &Value, list: List) -> Result<Vec<String>> {
    let elements = match app.get(list.field()) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(elements)) => elements.iter().map(|element| element.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    };
    elements.ok_or_else(|| {
        let message = format!("the service gave the app {} whose {} is no list of texts", id(app), list.field());
        Error::new(Code::BadResponse, message)
    })
}

/// Returns an app as the candidate of an error.
pub(crate) fn candidate(app: &Value) -> Candidate {
    Candidate { id: id(app).to_owned(), name: name(app).to_owned() }
}

/// The largest number of apps that a message lists.
const MAX_LISTED: usize = 10;

/// Returns the apps for a message: `Shop (ID), Admin (ID)`.
pub(crate) fn describe<'a>(apps: impl IntoIterator<Item = &'a Value>) -> String {
    let all: Vec<String> = apps.into_iter().map(|app| format!("{} ({})", name(app), id(app))).collect();
    let listed: Vec<&str> = all.iter().take(MAX_LISTED).map(String::as_str).collect();
    let more = all.len().saturating_sub(listed.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", listed.join(", "))
}
