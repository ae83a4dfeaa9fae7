//! The functions about previews.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Text, arguments};
use crate::error::{Code, Error, Result};
use crate::library::Platform;
use crate::pattern::Pattern;
use crate::preview::{self, DEFAULT_CALLBACK, Kept};

#[derive(Deserialize)]
struct PreviewArguments {
    app: Option<Value>,
    url: String,
    callback: Option<String>,
    evict: Option<String>,
}

impl PreviewArguments {
    fn callback(&self) -> &str {
        self.callback.as_deref().unwrap_or(DEFAULT_CALLBACK)
    }

    fn app(&self) -> &Value {
        self.app.as_ref().unwrap_or(&Value::Null)
    }
}

/// Returns the entries of a preview, without a look at the app.
///
/// `{url, callback?}` → `{uris, domains}`
pub fn preview_entries(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let given: PreviewArguments = arguments(text)?;
    Ok(json!(preview::entries(&given.url, given.callback(), platform)?))
}

/// Returns the entries to add, and to evict, for a preview.
///
/// `{app, url, callback?, evict?: pattern}` → `{add: {uris, domains}, remove: {uris, domains}, left: []}`
///
/// Removals go first. Fails with `CONFLICT` if a list is full.
pub fn preview_add(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let given: PreviewArguments = arguments(text)?;
    let evict = given.evict.as_deref().map(Pattern::parse_previews).transpose()?;
    Ok(json!(preview::add(given.app(), &given.url, given.callback(), evict.as_ref(), platform)?))
}

/// Returns the entries to remove with a preview.
///
/// `{app, url, callback?}` → `{add, remove, left}`
///
/// `left` are the redirect URIs of that host whose path is not the callback.
pub fn preview_remove(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let given: PreviewArguments = arguments(text)?;
    Ok(json!(preview::remove(given.app(), &given.url, given.callback(), platform)?))
}

#[derive(Deserialize)]
struct PruneArguments {
    app: Value,
    pattern: String,
    keep: Option<Vec<String>>,
    gone: Option<Vec<String>>,
}

/// Returns the hosts of the previews of an app, for a look-up of those that are gone.
///
/// `{app, pattern}` → `[host]`
pub fn preview_hosts(text: &str, _: &Platform<'_>) -> Result<Value> {
    let PruneArguments { app, pattern, .. } = arguments(text)?;
    Ok(json!(preview::hosts(&app, &Pattern::parse_previews(&pattern)?)?))
}

/// Returns the entries of the previews that do not stay.
///
/// `{app, pattern, keep: hosts}` or `{app, pattern, gone: hosts}` → `{add, remove, left}`
pub fn preview_prune(text: &str, _: &Platform<'_>) -> Result<Value> {
    let PruneArguments { app, pattern, keep, gone } = arguments(text)?;
    let kept = match (&keep, &gone) {
        (Some(hosts), None) => Kept::Hosts(hosts),
        (None, Some(hosts)) => Kept::AllBut(hosts),
        _ => return Err(Error::new(Code::InvalidArgument, "preview prune takes either --keep or --gone")),
    };
    Ok(json!(preview::prune(&app, &Pattern::parse_previews(&pattern)?, kept)?))
}

/// Returns the hosts of a keep list.
///
/// `{text}` → `[host]`
pub fn keep_list(text: &str, _: &Platform<'_>) -> Result<Value> {
    let Text { text } = arguments(text)?;
    Ok(json!(preview::keep_list(&text)?))
}

/// Checks the pattern of previews, before anything is sent.
///
/// `{pattern}` → `null`
pub fn check_pattern(text: &str, _: &Platform<'_>) -> Result<Value> {
    #[derive(Deserialize)]
    struct PatternArguments {
        pattern: String,
    }
    let PatternArguments { pattern } = arguments(text)?;
    Pattern::parse_previews(&pattern).map(|_| Value::Null)
}
