//! The options `siteId` and `accountId`: the header that names whose apps a call is for.

use super::auth::{Auth, header_text};
use super::environment;
use super::members::member;
use crate::app::is_guid;
use crate::client::header::{ACCOUNT_ID, SITE_ID};
use crate::value::Value;
use crate::violation::{Violation, Violations, rule};

/// The name of the header that names the site or the account of a call, and the ID.
pub type Scope = (&'static str, String);

/// The end of a message: the place where a user finds the ID of a site.
const WHERE: &str = "the site ID is the GUID in the dashboard's address: https://manage.wix.com/dashboard/<site ID>/…";

/// Reads the scope of a client. After a fault the result has no meaning.
pub(super) fn read_scope(options: &Value, auth: &Auth, faults: &mut Violations) -> Option<Scope> {
    let (site, account) = (member(options, "siteId"), member(options, "accountId"));
    match (site, account) {
        (Some(site), _) => {
            if account.is_some() {
                let message = "and siteId exclude each other; OAuth apps belong to a site, so leave accountId out";
                faults.error("accountId", rule::CONFLICT, &[message]);
            }
            return Some((SITE_ID, site_id(site, faults)));
        }
        (None, Some(account)) => return Some((ACCOUNT_ID, header_text("accountId", account, faults))),
        (None, None) => {}
    }
    // An API key covers many sites, and each call names one.
    if let Auth::ApiKey(_) = auth {
        match options.get("siteId") {
            Some(undefined) => {
                environment::is_absent("siteId", undefined, faults);
            }
            None => faults.error("siteId", rule::REQUIRED_FIELD, &["is required with an API key; ", WHERE]),
        }
    }
    None
}

/// Reads the argument of `forSite`, or returns its faults.
pub(in crate::client) fn read_site(given: &Value) -> Result<Scope, Vec<Violation>> {
    let mut faults = Violations::default();
    let scope = (SITE_ID, site_id(given, &mut faults));
    if faults.has_error() { Err(faults.0) } else { Ok(scope) }
}

/// Reads a site ID, which is a GUID. The message never contains the value: it may be a credential in the wrong place.
fn site_id(given: &Value, faults: &mut Violations) -> String {
    const PATH: &str = "siteId";
    let Value::String(text) = given else { return header_text(PATH, given, faults) };
    if is_guid(text) {
        return text.clone();
    }
    let found = guid_in(text);
    if let Some((rule, message)) = environment::fault(text) {
        faults.error_suggesting(PATH, rule, &[message], found);
        return String::new();
    }
    let is_address = text.as_bytes().contains(&b'/') || text.as_bytes().contains(&b'.');
    let fault = match found {
        Some(_) => "contains more than a GUID; use ",
        None if text.starts_with("IST.") => "is an API key; ",
        None if is_address => "is an address; ",
        None => "is no GUID; ",
    };
    faults.error_suggesting(PATH, rule::FORMAT, &[fault, found.unwrap_or(WHERE)], found);
    String::new()
}

/// Returns the site ID within a text: the GUID of a dashboard's address, or the only one of a text that is no address.
fn guid_in(text: &str) -> Option<&str> {
    let is_address = text.as_bytes().contains(&b'/');
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    (0..text.len()).find_map(|at| {
        let end = at.saturating_add(36);
        let guid = text.get(at..end).filter(|guid| is_guid(guid))?;
        let before = text.get(..at)?;
        let is_site = before.ends_with("/dashboard/") || before.ends_with("iteId=");
        let is_whole = !is_part(before.as_bytes().last()) && !is_part(text.as_bytes().get(end));
        (is_whole && (is_site || !is_address)).then_some(guid)
    })
}
