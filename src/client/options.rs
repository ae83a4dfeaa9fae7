//! The options of a client and of a call.

mod auth;
mod base_url;
mod environment;
mod members;
mod numbers;
mod site;

pub(super) use auth::token_fault;
pub use auth::{Auth, ClientCredentials};
pub use numbers::{LONGEST_WAIT, RateLimit, Retry};
pub use site::Scope;
pub(super) use site::read_site;

use super::header;
use super::settle::Settle;
use crate::api::Operation;
use crate::concat::Concat as _;
use crate::fields::{object, one_of, whole, wrong_type};
use crate::value::{ABORT_SIGNAL, FUNCTION, Value};
use crate::violation::{Violation, Violations, rule};
use members::{is_given, member, unknown_option};

const CLIENT_OPTIONS: [&str; 12] = [
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
    "dangerouslyAllowHttp",
];
const CALL_OPTIONS: [&str; 4] = ["signal", "timeout", "retry", "headers"];
/// The options that only some operations take; see [`check_operation`].
const WRITE_OPTIONS: [&str; 3] = ["settle", "redirects", "dryRun"];

/// The first argument of a free function.
const FIRST_ARGUMENT: &str = "the first argument must be a client or the options of one";

const TIMEOUT: u32 = 30_000;

/// A client's options, with defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientOptions {
    /// How the client authenticates.
    pub auth: Auth,
    /// The header that names the site or the account, and the ID.
    pub scope: Option<Scope>,
    /// Scheme and host, and a path if a proxy has one, without a slash at the end.
    pub base_url: String,
    /// The time limit of one attempt, in milliseconds.
    pub timeout: u32,
    /// How to repeat requests that failed.
    pub retry: Retry,
    /// The client's own rate limit; `None` for no limit.
    pub rate_limit: Option<RateLimit>,
    /// The wait before the second look after a write; `None` for no second look.
    pub settle: Option<Settle>,
}

/// A call's options. They take precedence over the client's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallOptions {
    /// The time limit of one attempt, in milliseconds.
    pub timeout: Option<u32>,
    /// How to repeat requests that failed.
    pub retry: Option<Retry>,
    /// Headers to send besides the client's own.
    pub headers: Vec<(String, String)>,
    /// The wait before the second look after a write; `None` for no second look.
    pub settle: Option<Settle>,
    /// True if the redirect lists may contain only the entries that are wanted.
    pub is_exact: bool,
    /// True if the changes are reported and not made.
    pub is_dry_run: bool,
}

impl ClientOptions {
    /// Reads the options of `createClient`, or returns all their faults.
    pub fn read(given: &Value) -> Result<Self, Vec<Violation>> {
        Self::read_as(given, "", "the options must be an object")
    }

    /// Reads the options that a free function was given in place of a client.
    pub(super) fn read_argument(given: &Value) -> Result<Self, Vec<Violation>> {
        Self::read_as(given, FIRST_ARGUMENT, FIRST_ARGUMENT)
    }

    fn read_as(given: &Value, hint: &str, wanted: &str) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        let faults = &mut violations;
        let Value::Object(members) = given else {
            faults.error("", rule::TYPE, &[wanted, ", is ", given.kind()]);
            return Err(violations.0);
        };
        for (name, value) in members.iter().filter(|(_, value)| is_given(value)) {
            if CLIENT_OPTIONS.contains(&name.as_str()) {
                check_type(name, value, faults);
            } else {
                misplaced(name, faults);
            }
        }
        let auth = auth::read(member(given, "auth"), hint, faults);
        let http_hosts = base_url::read_http_hosts(member(given, "dangerouslyAllowHttp"), faults);
        let options = Self {
            scope: site::read_scope(given, &auth, faults),
            auth,
            base_url: base_url::read(member(given, "baseUrl"), &http_hosts, faults),
            timeout: timeout(given, faults).unwrap_or(TIMEOUT),
            retry: numbers::retry(given, Retry::DEFAULT, faults).unwrap_or(Retry::DEFAULT),
            rate_limit: numbers::rate_limit(given, faults),
            settle: numbers::settle(given, Some(Settle::DEFAULT), faults),
        };
        if violations.has_error() { Err(violations.0) } else { Ok(options) }
    }
}

impl CallOptions {
    /// Reads the options of a call, or returns all their faults. `client` has what a partial `retry` leaves out.
    pub fn read(given: &Value, client: &ClientOptions) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        let options = Self::collect(given, client, &mut violations);
        if violations.has_error() { Err(violations.0) } else { Ok(options) }
    }

    /// Reads the options of an operation.
    pub(super) fn read_for(
        operation: Operation,
        given: &Value,
        client: &ClientOptions,
    ) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        check_operation(operation, given, &mut violations);
        let options = Self::collect(given, client, &mut violations);
        if violations.has_error() { Err(violations.0) } else { Ok(options) }
    }

    fn collect(given: &Value, client: &ClientOptions, faults: &mut Violations) -> Self {
        for (name, value) in object("options", given, faults).unwrap_or_default() {
            let name = name.as_str();
            if CALL_OPTIONS.contains(&name) || WRITE_OPTIONS.contains(&name) {
                check_type(name, value, faults);
            } else if CLIENT_OPTIONS.contains(&name) {
                let hint = if name == "siteId" { ": call client.forSite(siteId)" } else { "" };
                faults.error(name, rule::UNKNOWN_FIELD, &["is an option of the client, not of a call", hint]);
            } else {
                unknown_option(name, &CALL_OPTIONS, faults);
            }
        }
        Self {
            timeout: timeout(given, faults),
            retry: numbers::retry(given, client.retry, faults),
            headers: given.get("headers").map(|headers| header::read(headers, faults)).unwrap_or_default(),
            settle: numbers::settle(given, client.settle, faults),
            is_exact: given.get("redirects").and_then(Value::as_str) == Some("exact"),
            is_dry_run: given.get("dryRun") == Some(&Value::Bool(true)),
        }
    }
}

/// Reports the options that an operation does not take, although others do.
fn check_operation(operation: Operation, given: &Value, faults: &mut Violations) {
    let is_ensure = operation == Operation::Ensure;
    let is_change = matches!(operation, Operation::AllowRedirects | Operation::DisallowRedirects);
    for (name, _) in given.members() {
        let owner = match name.as_str() {
            "settle" if !is_ensure && !is_change => "allowRedirects, disallowRedirects and ensureOAuthApp",
            "redirects" | "dryRun" if !is_ensure => "ensureOAuthApp",
            _ => continue,
        };
        faults.error(name, rule::UNKNOWN_FIELD, &["is no option of ", operation.as_str(), "; it is one of ", owner]);
    }
}

/// Checks the options whose name decides their type. The others have readers of their own.
fn check_type(name: &str, value: &Value, faults: &mut Violations) {
    let (is_right, wanted) = match name {
        "fetch" | "onEvent" => (*value == Value::Foreign(FUNCTION), "a function"),
        "dangerouslyAllowBrowser" | "dryRun" => (matches!(value, Value::Bool(_)), "true or false"),
        "signal" => (*value == Value::Foreign(ABORT_SIGNAL), "an AbortSignal"),
        "redirects" => return one_of(name, value, &["include", "exact"], faults),
        _ => return,
    };
    if !is_right {
        wrong_type(name, wanted, value, faults);
    }
}

fn timeout(given: &Value, faults: &mut Violations) -> Option<u32> {
    member(given, "timeout").map(|value| whole("timeout", value, 1, LONGEST_WAIT, faults).unwrap_or(1))
}

/// Reports a name that is no option of a client.
fn misplaced(name: &str, faults: &mut Violations) {
    let group = match name {
        name if auth::MEMBERS.contains(&name) => "auth.",
        "maxRetries" | "baseDelay" | "maxDelay" => "retry.",
        "signal" | "headers" => {
            faults.error(name, rule::UNKNOWN_FIELD, &["is an option of a call, not of the client"]);
            return;
        }
        _ => return unknown_option(name, &CLIENT_OPTIONS, faults),
    };
    let path = [group, name].concat();
    let message = ["is no option of the client; give it as `", &path, "`"];
    faults.error_suggesting(name, rule::UNKNOWN_FIELD, &message, Some(&path));
}

#[cfg(test)]
mod messages;
#[cfg(test)]
mod tests;
