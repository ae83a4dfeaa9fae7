//! `checkRedirect` on arguments as a caller gives them.

use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::check::{After, check_redirect};
use crate::validate::{entries, object, one_of, string};
use crate::value::Value;
use crate::violation::{Violation, Violations};

/// The list that decides after a process.
pub fn list_of(after: After) -> &'static str {
    match after {
        After::Authentication => REDIRECT_URIS,
        After::Other => REDIRECT_DOMAINS,
    }
}

/// The process of that name.
pub fn after_of(name: &str) -> Option<After> {
    match name {
        "authentication" => Some(After::Authentication),
        "other" => Some(After::Other),
        _ => None,
    }
}

/// The verdict on a URL, or what is wrong with the arguments. Of the app the list that decides is read, and one that is
/// missing is empty.
pub fn verdict(app: &Value, url: &Value, after: &Value) -> Result<Value, Vec<Violation>> {
    let mut faults = Violations::default();
    object("app", app, &mut faults);
    let url = string("url", url, &mut faults);
    one_of("after", after, &["authentication", "other"], &mut faults);
    let after = after.as_str().and_then(after_of).unwrap_or(After::Authentication);
    let given = match app.get(list_of(after)) {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => entries(list_of(after), list, &mut faults),
    };
    let list: Vec<&str> = given.into_iter().flatten().collect();
    match url {
        Some(url) if !faults.has_error() => Ok(check_redirect(&list, &list, url, after).to_value()),
        _ => Err(faults.0),
    }
}

#[cfg(test)]
mod tests;
