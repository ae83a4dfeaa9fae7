//! The options of a client and of a call: every option known, every value of use, none contradicting another.

use super::secret::Secret;
use super::settle::Settle;
use crate::names::nearest_name;
use crate::query::whole;
use crate::redirect::grammar::{self, HostKind};
use crate::validate::{object, one_of, string, wrong_type};
use crate::value::{ABORT_SIGNAL, FUNCTION, Value};
use crate::violation::{Violation, Violations, rule};

/// Where the API lives unless told otherwise.
const BASE_URL: &str = "https://www.wixapis.com";
/// The longest wait that a host's timer takes, in milliseconds; a longer one would end at once.
pub const LONGEST_WAIT: u32 = 2_147_483_647;

const CLIENT_OPTIONS: [&str; 11] = [
    "auth",
    "siteId",
    "accountId",
    "baseUrl",
    "fetch",
    "timeout",
    "retry",
    "rateLimit",
    "onEvent",
    "settle",
    "dangerouslyAllowBrowser",
];
const CALL_OPTIONS: [&str; 4] = ["signal", "timeout", "retry", "headers"];
/// The options that some operations take besides; see [`check_options`](super::settle::check_options).
const WRITE_OPTIONS: [&str; 3] = ["settle", "redirects", "dryRun"];
const REDIRECTS: [&str; 2] = ["include", "exact"];
const AUTH_FORMS: &str = "one of {apiKey}, {clientId, clientSecret}, {accessToken}, {getAccessToken}";
/// The headers that the client itself sets; RFC 9110 §5.1 compares their names without regard to case.
const OWN_HEADERS: [&str; 4] = ["authorization", "content-type", SITE_ID, ACCOUNT_ID];
const SITE_ID: &str = "wix-site-id";
const ACCOUNT_ID: &str = "wix-account-id";

/// How the client authenticates.
#[derive(Debug, Clone, PartialEq)]
pub enum Auth {
    /// An API key, sent as it is.
    ApiKey(Secret),
    /// An access token, sent as it is.
    AccessToken(Secret),
    /// A token that the host's callback gives for each request.
    Callback,
    /// A client's own ID and secret, for which a token is minted.
    ClientCredentials(ClientCredentials),
}

/// RFC 6749 §4.4.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientCredentials {
    /// The OAuth app's ID.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// The app instance, for apps that have them.
    pub instance_id: Option<String>,
}

/// How to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How often after the first attempt.
    pub max_retries: u32,
    /// The first wait's upper bound, in milliseconds; it doubles with each further one.
    pub base_delay: u32,
    /// The longest wait, in milliseconds.
    pub max_delay: u32,
}

/// How many requests may start in how long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many.
    pub requests: u32,
    /// In so many milliseconds.
    pub per: u32,
}

/// A client's options, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientOptions {
    /// How the client authenticates.
    pub auth: Auth,
    /// The header that names the site or the account, and the ID.
    pub scope: Option<(&'static str, String)>,
    /// Scheme and host, and a path where a proxy has one, without a slash at the end.
    pub base_url: String,
    /// Milliseconds for one attempt.
    pub timeout: u32,
    /// How to try again.
    pub retry: Retry,
    /// How fast to go; nothing for as fast as the caller does.
    pub rate_limit: Option<RateLimit>,
    /// How long to wait before looking again after a write; nothing for not looking again.
    pub settle: Option<Settle>,
}

/// A call's options: what it sets stands before the client's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallOptions {
    /// Milliseconds for one attempt.
    pub timeout: Option<u32>,
    /// How to try again.
    pub retry: Option<Retry>,
    /// Headers to send besides the client's own.
    pub headers: Vec<(String, String)>,
    /// How long to wait before looking again after a write; nothing for not looking again.
    pub settle: Option<Settle>,
    /// Whether the redirect lists are to hold nothing but what is wanted.
    pub is_exact: bool,
    /// Whether to say what would be done, and do nothing.
    pub is_dry_run: bool,
}

const NO_RETRY: Retry = Retry { max_retries: 0, base_delay: 0, max_delay: 0 };
const RETRY: Retry = Retry { max_retries: 2, base_delay: 500, max_delay: 60_000 };
const RATE_LIMIT: RateLimit = RateLimit { requests: 200, per: 60_000 };
const TIMEOUT: u32 = 30_000;

impl ClientOptions {
    /// The options, or everything that is wrong with them.
    pub fn read(given: &Value) -> Result<Self, Vec<Violation>> {
        let mut faults = Violations::default();
        for (name, value) in object("", given, &mut faults).unwrap_or_default() {
            match name.as_str() {
                "fetch" | "onEvent" => function(name, value, &mut faults),
                "dangerouslyAllowBrowser" if !matches!(value, Value::Bool(_)) => {
                    wrong_type(name, "true or false", value, &mut faults);
                }
                name if CLIENT_OPTIONS.contains(&name) => {}
                _ => unknown_option(name, &CLIENT_OPTIONS, &mut faults),
            }
        }
        let options = Self {
            auth: auth(given.get("auth"), &mut faults),
            scope: scope(given, &mut faults),
            base_url: base_url(given.get("baseUrl"), &mut faults),
            timeout: timeout(given, &mut faults).unwrap_or(TIMEOUT),
            retry: retry(given, RETRY, &mut faults).unwrap_or(RETRY),
            rate_limit: rate_limit(given, &mut faults),
            settle: settle(given, Some(Settle::DEFAULT), &mut faults),
        };
        if faults.has_error() { Err(faults.0) } else { Ok(options) }
    }
}

impl CallOptions {
    /// The options, or everything that is wrong with them. `client` gives what a partial `retry` leaves out.
    pub fn read(given: &Value, client: &ClientOptions) -> Result<Self, Vec<Violation>> {
        let mut faults = Violations::default();
        let mut headers = Vec::new();
        for (name, value) in object("options", given, &mut faults).unwrap_or_default() {
            match name.as_str() {
                "signal" if *value != Value::Foreign(ABORT_SIGNAL) => {
                    wrong_type("signal", "an AbortSignal", value, &mut faults);
                }
                "headers" => headers = extra_headers(value, &mut faults),
                "redirects" => one_of(name, value, &REDIRECTS, &mut faults),
                "dryRun" if !matches!(value, Value::Bool(_)) => {
                    wrong_type(name, "true or false", value, &mut faults);
                }
                name if CALL_OPTIONS.contains(&name) || WRITE_OPTIONS.contains(&name) => {}
                _ => unknown_option(name, &CALL_OPTIONS, &mut faults),
            }
        }
        let options = Self {
            timeout: timeout(given, &mut faults),
            retry: retry(given, client.retry, &mut faults),
            headers,
            settle: settle(given, client.settle, &mut faults),
            is_exact: given.get("redirects").and_then(Value::as_str) == Some("exact"),
            is_dry_run: given.get("dryRun") == Some(&Value::Bool(true)),
        };
        if faults.has_error() { Err(faults.0) } else { Ok(options) }
    }
}

fn auth(given: Option<&Value>, faults: &mut Violations) -> Auth {
    let missing = |faults: &mut Violations| faults.error("auth", rule::REQUIRED_FIELD, &["is required: ", AUTH_FORMS]);
    // What stands where the options are refused anyway.
    let refused = Auth::Callback;
    let Some(given) = given else {
        missing(faults);
        return refused;
    };
    let Some(members) = object("auth", given, faults) else { return refused };
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        [] => {
            missing(faults);
            refused
        }
        ["apiKey"] => Auth::ApiKey(credential(given, "apiKey", faults)),
        ["accessToken"] => Auth::AccessToken(credential(given, "accessToken", faults)),
        ["getAccessToken"] => {
            function("auth.getAccessToken", given.get("getAccessToken").unwrap_or(&Value::Null), faults);
            Auth::Callback
        }
        names if names.iter().all(|name| ["clientId", "clientSecret", "instanceId"].contains(name)) => {
            Auth::ClientCredentials(ClientCredentials {
                client_id: member(given, "clientId", faults),
                client_secret: credential(given, "clientSecret", faults),
                instance_id: given.get("instanceId").map(|_| member(given, "instanceId", faults)),
            })
        }
        names => {
            contradiction("auth", names, faults);
            refused
        }
    }
}

/// Members of `auth` that no form has, or that belong to two.
fn contradiction(path: &str, names: &[&str], faults: &mut Violations) {
    const KNOWN: [&str; 6] = ["apiKey", "clientId", "clientSecret", "instanceId", "accessToken", "getAccessToken"];
    if let Some(unknown) = names.iter().find(|name| !KNOWN.contains(name)) {
        unknown_option(&[path, ".", unknown].concat(), &KNOWN, faults);
    } else {
        let message = ["holds ", &names.join(" and "), ", which contradict; give ", AUTH_FORMS];
        faults.error(path, rule::CONFLICT, &message);
    }
}

/// A required text of `auth` that can stand in a header.
fn member(auth: &Value, name: &str, faults: &mut Violations) -> String {
    let path = ["auth.", name].concat();
    match auth.get(name) {
        None => {
            faults.error(&path, rule::REQUIRED_FIELD, &["is required"]);
            String::new()
        }
        Some(value) => header_value(&path, value, faults),
    }
}

fn credential(auth: &Value, name: &str, faults: &mut Violations) -> Secret {
    Secret::new(member(auth, name, faults))
}

/// Text that can stand in a header: RFC 9110 §5.5, and not empty. The message never holds the value.
fn header_value(path: &str, value: &Value, faults: &mut Violations) -> String {
    let Some(text) = string(path, value, faults) else { return String::new() };
    if text.is_empty() {
        faults.error(path, rule::OUT_OF_RANGE, &["is empty"]);
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "holds white space, a control or a non-ASCII character, which no header takes; \
                       was it copied with a line break?";
        faults.error(path, rule::FORMAT, &[message]);
    }
    text.to_owned()
}

fn scope(given: &Value, faults: &mut Violations) -> Option<(&'static str, String)> {
    let site = given.get("siteId").map(|value| (SITE_ID, header_value("siteId", value, faults)));
    let account = given.get("accountId").map(|value| (ACCOUNT_ID, header_value("accountId", value, faults)));
    if site.is_some() && account.is_some() {
        faults.error(
            "accountId",
            rule::CONFLICT,
            &["and siteId exclude each other: a call is for a site or for an account, and OAuth apps belong to a site"],
        );
    }
    site.or(account)
}

/// An https URL, or an http one of this machine: plain http would show the credential to everybody on the way.
fn base_url(given: Option<&Value>, faults: &mut Violations) -> String {
    let Some(value) = given else { return BASE_URL.to_owned() };
    let Some(text) = string("baseUrl", value, faults) else { return String::new() };
    let mut refuse = |message: &str| faults.error("baseUrl", rule::FORMAT, &[message]);
    match grammar::parse(text) {
        Err(refusal) => refuse(refusal.reason.message()),
        Ok(url) if url.host_kind == HostKind::Wildcard => refuse("must name one host, without a *"),
        Ok(url) if url.query.is_some() => refuse("holds a query; give scheme, host and, for a proxy, a path"),
        Ok(url) if url.is_web() && (url.is_secure() || url.is_loopback()) => {}
        Ok(url) if url.is_web() => refuse(
            "is plain http to another machine, which would show the credential to everybody on the way; use https",
        ),
        Ok(_) => refuse("must be an https URL"),
    }
    text.trim_end_matches('/').to_owned()
}

fn timeout(given: &Value, faults: &mut Violations) -> Option<u32> {
    given.get("timeout").map(|value| number("timeout", value, 1, LONGEST_WAIT, faults))
}

/// `false`, or an object whose absent members are as in `standard`.
fn retry(given: &Value, standard: Retry, faults: &mut Violations) -> Option<Retry> {
    let given = given.get("retry")?;
    if *given == Value::Bool(false) {
        return Some(NO_RETRY);
    }
    let mut retry = standard;
    for (name, value) in object("retry", given, faults)? {
        let path = ["retry.", name].concat();
        match name.as_str() {
            "maxRetries" => retry.max_retries = number(&path, value, 0, 100, faults),
            "baseDelay" => retry.base_delay = number(&path, value, 0, LONGEST_WAIT, faults),
            "maxDelay" => retry.max_delay = number(&path, value, 0, LONGEST_WAIT, faults),
            _ => unknown_option(&path, &["maxRetries", "baseDelay", "maxDelay"], faults),
        }
    }
    Some(retry)
}

fn settle(given: &Value, standard: Option<Settle>, faults: &mut Violations) -> Option<Settle> {
    given.get("settle").map_or(standard, |given| Settle::read(given, standard, faults))
}

fn rate_limit(given: &Value, faults: &mut Violations) -> Option<RateLimit> {
    let Some(given) = given.get("rateLimit") else { return Some(RATE_LIMIT) };
    if *given == Value::Bool(false) {
        return None;
    }
    for (name, _) in object("rateLimit", given, faults)? {
        if !["requests", "per"].contains(&name.as_str()) {
            unknown_option(&["rateLimit.", name].concat(), &["requests", "per"], faults);
        }
    }
    let mut required = |name: &str, most: u32| {
        let path = ["rateLimit.", name].concat();
        let Some(value) = given.get(name) else {
            faults.error(&path, rule::REQUIRED_FIELD, &["is required"]);
            return 1;
        };
        number(&path, value, 1, most, faults)
    };
    Some(RateLimit { requests: required("requests", 1_000_000), per: required("per", LONGEST_WAIT) })
}

/// RFC 9110 §5.1 and §5.5; not the headers that the client sets from its own options.
fn extra_headers(value: &Value, faults: &mut Violations) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in object("headers", value, faults).unwrap_or_default() {
        let path = ["headers.", name].concat();
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            faults.error(&path, rule::FORMAT, &["is no name that a header can have"]);
        } else if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            let message = "is set by the client from its own options (auth, siteId, accountId)";
            faults.error(&path, rule::CONFLICT, &[message]);
        } else if let Some(text) = string(&path, value, faults) {
            if text.bytes().all(|byte| byte == b' ' || byte == b'\t' || byte.is_ascii_graphic()) {
                headers.push((name.clone(), text.to_owned()));
            } else {
                faults.error(&path, rule::FORMAT, &["holds a character that no header takes"]);
            }
        }
    }
    headers
}

fn number(path: &str, value: &Value, least: u32, most: u32, faults: &mut Violations) -> u32 {
    whole(path, value, least, most, faults).unwrap_or(least)
}

fn function(path: &str, value: &Value, faults: &mut Violations) {
    if *value != Value::Foreign(FUNCTION) {
        wrong_type(path, "a function", value, faults);
    }
}

fn unknown_option(path: &str, names: &[&str], faults: &mut Violations) {
    let meant = nearest_name(path, names.iter().copied());
    faults.error_suggesting(path, rule::UNKNOWN_FIELD, &["is no option; known are ", &names.join(", ")], meant);
}

#[cfg(test)]
mod tests;
