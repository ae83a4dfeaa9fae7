//! The options of a client and of a call: every option known, every value of use, none contradicting another.

use super::environment;
use super::secret::Secret;
use super::settle::Settle;
use crate::app::is_guid;
use crate::concat::{Concat as _, join};
use crate::fields::{element_path, object, one_of, string, whole, wrong_type};
use crate::names::nearest_name;
use crate::redirect::grammar::{self, HostKind};
use crate::value::{ABORT_SIGNAL, FUNCTION, UNDEFINED, Value};
use crate::violation::{Violation, Violations, rule};

/// Where the API lives unless told otherwise.
const BASE_URL: &str = "https://www.wixapis.com";
/// The longest wait that a host's timer takes, in milliseconds; a longer one would end at once.
pub const LONGEST_WAIT: u32 = 2_147_483_647;

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
const AUTH: [&str; 6] = ["apiKey", "accessToken", "getAccessToken", "clientId", "clientSecret", "instanceId"];
/// The options that some operations take besides; see [`check_options`](super::settle::check_options).
const WRITE_OPTIONS: [&str; 3] = ["settle", "redirects", "dryRun"];
const REDIRECTS: [&str; 2] = ["include", "exact"];
const AUTH_FORMS: &str = "one of {apiKey}, {clientId, clientSecret}, {accessToken}, {getAccessToken}";
/// The headers that the client itself sets; RFC 9110 §5.1 compares their names without regard to case.
const OWN_HEADERS: [&str; 4] = ["authorization", "content-type", SITE_ID, ACCOUNT_ID];
const SITE_ID: &str = "wix-site-id";
const ACCOUNT_ID: &str = "wix-account-id";

/// What a free function takes first.
const FIRST_ARGUMENT: &str = "the first argument must be a client or the options of one";

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

/// The name of the header that says whose apps a call is for, and the ID of the site or the account.
pub type Scope = (&'static str, String);

/// A client's options, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientOptions {
    /// How the client authenticates.
    pub auth: Auth,
    /// The header that names the site or the account, and the ID.
    pub scope: Option<Scope>,
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
        Self::read_as(given, false)
    }

    /// The same. `is_argument`: a free function was given them, which takes a client as well.
    pub(super) fn read_as(given: &Value, is_argument: bool) -> Result<Self, Vec<Violation>> {
        let mut faults = Violations::default();
        let Value::Object(members) = given else {
            let what = if is_argument { FIRST_ARGUMENT } else { "the options must be an object" };
            faults.error("", rule::TYPE, &[what, ", is ", given.kind()]);
            return Err(faults.0);
        };
        for (name, value) in members.iter().filter(|(_, value)| is_given(value)) {
            match name.as_str() {
                "fetch" | "onEvent" => function(name, value, &mut faults),
                "dangerouslyAllowBrowser" if !matches!(value, Value::Bool(_)) => {
                    wrong_type(name, "true or false", value, &mut faults);
                }
                name if CLIENT_OPTIONS.contains(&name) => {}
                name => misplaced(name, &mut faults),
            }
        }
        let auth = auth(member(given, "auth"), is_argument, &mut faults);
        let http_hosts = http_hosts(member(given, "dangerouslyAllowHttp"), &mut faults);
        let options = Self {
            scope: scope(given, &auth, &mut faults),
            auth,
            base_url: base_url(member(given, "baseUrl"), &http_hosts, &mut faults),
            timeout: timeout(given, &mut faults).unwrap_or(TIMEOUT),
            retry: retry(given, RETRY, &mut faults).unwrap_or(RETRY),
            rate_limit: rate_limit(given, &mut faults),
            settle: settle(given, Some(Settle::DEFAULT), &mut faults),
        };
        if faults.has_error() { Err(faults.0) } else { Ok(options) }
    }
}

/// The scope of a site, or what is wrong with its ID.
pub(super) fn site(given: &Value) -> Result<Scope, Vec<Violation>> {
    let mut faults = Violations::default();
    let scope = (SITE_ID, site_id(given, &mut faults));
    if faults.has_error() { Err(faults.0) } else { Ok(scope) }
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
                name if CLIENT_OPTIONS.contains(&name) => {
                    let hint = if name == "siteId" { ": call client.forSite(siteId)" } else { "" };
                    faults.error(name, rule::UNKNOWN_FIELD, &["is an option of the client, not of a call", hint]);
                }
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

/// Whether a value says something: an optional member that holds `undefined` is not given.
pub(super) fn is_given(value: &Value) -> bool {
    *value != Value::Foreign(UNDEFINED)
}

/// The member of that name, where it is given.
fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| is_given(value))
}

fn auth(given: Option<&Value>, is_argument: bool, faults: &mut Violations) -> Auth {
    let mut missing = || {
        let hint = if is_argument { ["; ", FIRST_ARGUMENT].concat() } else { String::new() };
        faults.error("auth", rule::REQUIRED_FIELD, &["is required: ", AUTH_FORMS, &hint]);
        // In place of the form, where the options are refused anyway.
        Auth::Callback
    };
    let Some(given) = given else { return missing() };
    let Value::Object(members) = given else {
        wrong_type("auth", AUTH_FORMS, given, faults);
        return Auth::Callback;
    };
    // A form's member that holds `undefined` is absent where another form is given, and else the form's fault.
    let is_any_given = members.iter().any(|(_, value)| is_given(value));
    let mut names = Vec::new();
    for (name, value) in members {
        if if is_any_given { is_given(value) } else { name != "instanceId" } {
            names.push(name.as_str());
        }
    }
    match names.as_slice() {
        [] => missing(),
        ["apiKey"] => Auth::ApiKey(credential(given, "apiKey", faults)),
        ["accessToken"] => Auth::AccessToken(credential(given, "accessToken", faults)),
        ["getAccessToken"] => {
            function("auth.getAccessToken", given.get("getAccessToken").unwrap_or(&Value::Null), faults);
            Auth::Callback
        }
        names if names.iter().all(|name| ["clientId", "clientSecret", "instanceId"].contains(name)) => {
            Auth::ClientCredentials(ClientCredentials {
                client_id: text(given, "clientId", faults),
                client_secret: credential(given, "clientSecret", faults),
                instance_id: member(given, "instanceId").map(|_| text(given, "instanceId", faults)),
            })
        }
        names => {
            contradiction(given, names, faults);
            Auth::Callback
        }
    }
}

/// Members of `auth` that no form has, or that belong to two.
fn contradiction(auth: &Value, names: &[&str], faults: &mut Violations) {
    if let Some(unknown) = names.iter().find(|name| !AUTH.contains(name)) {
        unknown_option(&["auth.", unknown].concat(), &AUTH, faults);
    } else if names.iter().all(|name| !auth.get(name).is_some_and(is_given)) {
        for name in names {
            text(auth, name, faults);
        }
    } else {
        let message = ["holds ", &join(names, " and "), ", which contradict; give ", AUTH_FORMS];
        faults.error("auth", rule::CONFLICT, &message);
    }
}

/// A required text of `auth` that can stand in a header.
fn text(auth: &Value, name: &str, faults: &mut Violations) -> String {
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
    Secret::new(text(auth, name, faults))
}

/// Text that can stand in a header: RFC 9110 §5.5, and not empty. The message never holds the value.
fn header_value(path: &str, value: &Value, faults: &mut Violations) -> String {
    if environment::is_absent(path, value, faults) {
        return String::new();
    }
    let Some(text) = value.as_str() else {
        let hint = if matches!(value, Value::Object(_)) { "; of a Secret, pass secret.reveal()" } else { "" };
        faults.error(path, rule::TYPE, &["must be a string, is ", value.kind(), hint]);
        return String::new();
    };
    if let Some((rule, message)) = environment::fault(text) {
        faults.error(path, rule, &[message]);
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "holds white space, a control or a non-ASCII character, which no header takes; \
                       was it copied with a line break?";
        faults.error(path, rule::FORMAT, &[message]);
    }
    text.to_owned()
}

fn scope(given: &Value, auth: &Auth, faults: &mut Violations) -> Option<Scope> {
    let (site, account) = (member(given, "siteId"), member(given, "accountId"));
    if site.is_some() && account.is_some() {
        faults.error(
            "accountId",
            rule::CONFLICT,
            &["and siteId exclude each other: a call is for a site or for an account, and OAuth apps belong to a site; \
               leave accountId out"],
        );
    }
    if let Some(site) = site {
        Some((SITE_ID, site_id(site, faults)))
    } else if let Some(account) = account {
        Some((ACCOUNT_ID, header_value("accountId", account, faults)))
    } else if let Auth::ApiKey(_) = auth {
        // An API key covers many sites, and each call names one.
        match given.get("siteId") {
            Some(undefined) => drop(environment::is_absent("siteId", undefined, faults)),
            None => faults.error("siteId", rule::REQUIRED_FIELD, &["is required with an API key; ", WHERE]),
        }
        None
    } else {
        None
    }
}

/// Where a user finds the ID of a site.
const WHERE: &str = "the site ID is the GUID in the dashboard's address: https://manage.wix.com/dashboard/<site ID>/…";

/// A GUID. The message never holds the value: it may be a credential that was given in the wrong place.
fn site_id(given: &Value, faults: &mut Violations) -> String {
    const PATH: &str = "siteId";
    if let Value::String(text) = given
        && is_guid(text)
    {
        return text.clone();
    }
    let Value::String(text) = given else { return header_value(PATH, given, faults) };
    let found = guid_in(text);
    if let Some((rule, message)) = environment::fault(text) {
        faults.error_suggesting(PATH, rule, &[message], found);
        return String::new();
    }
    let is_address = text.bytes().any(|byte| byte == b'/' || byte == b'.');
    let what = match found {
        Some(_) => "holds more than a GUID",
        None if text.starts_with("IST.") => "is an API key",
        None if is_address => "is an address",
        None => "is no GUID",
    };
    faults.error_suggesting(PATH, rule::FORMAT, &[what, "; ", WHERE], found);
    String::new()
}

/// The site ID within a text: the GUID of a dashboard's address, or the only one of a text that is no address.
fn guid_in(text: &str) -> Option<&str> {
    let is_address = text.bytes().any(|byte| byte == b'/');
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

/// The host names to which plain `http` is allowed.
fn http_hosts<'a>(given: Option<&'a Value>, faults: &mut Violations) -> Vec<&'a str> {
    const NAME: &str = "dangerouslyAllowHttp";
    let Some(given) = given else { return Vec::new() };
    if !matches!(given, Value::Array(_)) {
        wrong_type(NAME, "a list of host names such as ['wix-emulator']", given, faults);
    }
    let mut hosts = Vec::new();
    for (at, host) in given.elements().iter().enumerate() {
        let path = element_path(NAME, at);
        let Some(text) = string(&path, host, faults) else { continue };
        // Of what may be a URL, the host and the port.
        let scheme = text.as_bytes().windows(3).position(|window| window == b"://");
        let rest = text.get(scheme.map_or(0, |at| at.saturating_add(3))..).unwrap_or_default();
        let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
        let meant = grammar::parse_authority(rest.get(..end).unwrap_or_default());
        let meant = meant.ok().filter(|authority| authority.host_kind != HostKind::Wildcard).map(|meant| meant.host);
        if meant == Some(text) {
            hosts.push(text);
        } else {
            let message = "must be a host name alone, without scheme, port, path or *";
            faults.error_suggesting(&path, rule::FORMAT, &[message], meant);
        }
    }
    hosts
}

/// An https URL, or an http one of this machine or of a host that the caller names: plain http shows the credential to
/// everybody on the way.
fn base_url(given: Option<&Value>, http_hosts: &[&str], faults: &mut Violations) -> String {
    let Some(value) = given else { return BASE_URL.to_owned() };
    let Some(text) = string("baseUrl", value, faults) else { return String::new() };
    let mut refuse = |message: &[&str]| faults.error("baseUrl", rule::FORMAT, message);
    let is_allowed = |host: Option<&str>| {
        http_hosts.iter().any(|allowed| host.is_some_and(|host| host.eq_ignore_ascii_case(allowed)))
    };
    match grammar::parse(text) {
        Err(refusal) => match environment::fault(text) {
            Some((_, message)) => refuse(&[message]),
            None => refuse(&[&refusal.message(text)]),
        },
        Ok(url) if url.host_kind == HostKind::Wildcard => refuse(&["must name one host, without a *"]),
        Ok(url) if url.query.is_some() => refuse(&["holds a query; give scheme, host and, for a proxy, a path"]),
        Ok(url) if url.is_web() && (url.is_secure() || url.is_loopback() || is_allowed(url.host)) => {}
        Ok(url) if url.is_web() => refuse(&[
            "is plain http to another machine, which would show the credential to everybody on the way; use https, or, \
             in a network of your own, dangerouslyAllowHttp: ['",
            url.host.unwrap_or_default(),
            "']",
        ]),
        Ok(_) => refuse(&["must be an https URL"]),
    }
    text.trim_end_matches('/').to_owned()
}

fn timeout(given: &Value, faults: &mut Violations) -> Option<u32> {
    member(given, "timeout").map(|value| number("timeout", value, 1, LONGEST_WAIT, faults))
}

/// `false`, or an object whose absent members are as in `standard`.
fn retry(given: &Value, standard: Retry, faults: &mut Violations) -> Option<Retry> {
    let given = member(given, "retry")?;
    if *given == Value::Bool(false) {
        return Some(NO_RETRY);
    }
    let mut retry = standard;
    for (name, value) in object("retry", given, faults)?.iter().filter(|(_, value)| is_given(value)) {
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
    member(given, "settle").map_or(standard, |given| Settle::read(given, standard, faults))
}

fn rate_limit(given: &Value, faults: &mut Violations) -> Option<RateLimit> {
    let Some(given) = member(given, "rateLimit") else { return Some(RATE_LIMIT) };
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
        let Some(value) = member(given, name) else {
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

/// A name that no option of a client has.
fn misplaced(name: &str, faults: &mut Violations) {
    let within = match name {
        name if AUTH.contains(&name) => ["auth.", name].concat(),
        "maxRetries" | "baseDelay" | "maxDelay" => ["retry.", name].concat(),
        "signal" | "headers" => {
            faults.error(name, rule::UNKNOWN_FIELD, &["is an option of a call, not of the client"]);
            return;
        }
        _ => return unknown_option(name, &CLIENT_OPTIONS, faults),
    };
    let message = ["is no option of the client; give it as `", &within, "`"];
    faults.error_suggesting(name, rule::UNKNOWN_FIELD, &message, Some(&within));
}

fn unknown_option(path: &str, names: &[&str], faults: &mut Violations) {
    let meant = nearest_name(path, &mut names.iter().copied());
    match meant {
        Some(name) => {
            let message = ["is no option; did you mean `", name, "`?"];
            faults.error_suggesting(path, rule::UNKNOWN_FIELD, &message, meant);
        }
        None => faults.error(path, rule::UNKNOWN_FIELD, &["is no option; known are ", &join(names, ", ")]),
    }
}

#[cfg(test)]
mod messages;
#[cfg(test)]
mod tests;
