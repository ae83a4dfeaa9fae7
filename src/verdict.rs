//! `checkRedirect` on arguments as a caller gives them.

use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::check::{After, check_redirect};
use crate::validate::{entries, object, one_of, string};
use crate::value::Value;
use crate::violation::{Violation, Violations};

/// The values of `after`.
const AFTER: [&str; 2] = ["authentication", "other"];

/// The verdict on a URL, or what is wrong with the arguments. Of the app its two redirect lists are read, and one that
/// is missing is empty.
pub fn verdict(app: &Value, url: &Value, after: &Value) -> Result<Value, Vec<Violation>> {
    let mut faults = Violations::default();
    object("app", app, &mut faults);
    let mut list = |name: &str| match app.get(name) {
        None | Some(Value::Null) => Vec::new(),
        Some(value) => entries(name, value, &mut faults),
    };
    let lists = [list(REDIRECT_URIS), list(REDIRECT_DOMAINS)];
    let [uris, domains] = lists.map(|list| list.into_iter().flatten().collect::<Vec<_>>());
    let url = string("url", url, &mut faults);
    one_of("after", after, &AFTER, &mut faults);
    match url {
        Some(url) if !faults.has_error() => {
            let after = if after.as_str() == Some("other") { After::Other } else { After::Authentication };
            Ok(check_redirect(&uris, &domains, url, after).to_value())
        }
        _ => Err(faults.0),
    }
}

#[cfg(test)]
mod tests;
