//! The options `baseUrl` and `dangerouslyAllowHttp`.

use super::environment;
use crate::fields::{element_path, string, wrong_type};
use crate::redirect::grammar::{self, HostKind};
use crate::value::Value;
use crate::violation::{Violations, rule};

/// The address of the API.
const BASE_URL: &str = "https://www.wixapis.com";

/// Reads `baseUrl`: an https URL, or an http one of this machine or of a host that the caller allows, since plain http
/// shows the credential to everybody on the way. After a fault the result has no meaning.
pub(super) fn read(given: Option<&Value>, http_hosts: &[&str], faults: &mut Violations) -> String {
    let Some(value) = given else { return BASE_URL.to_owned() };
    let Some(text) = string("baseUrl", value, faults) else { return String::new() };
    let refused;
    let fault: &[&str] = match grammar::parse(text) {
        Err(refusal) => {
            let fault = environment::fault(text).map(|(_, message)| message.to_owned());
            refused = fault.unwrap_or_else(|| refusal.message(text));
            &[&refused]
        }
        Ok(url) if url.host_kind == HostKind::Wildcard => &["must name one host, without a *"],
        Ok(url) if url.query.is_some() => &["has a query; give scheme, host and, for a proxy, a path"],
        Ok(url) if !url.is_web() => &["must be an https URL"],
        Ok(url) => {
            let host = url.host.unwrap_or_default();
            if url.is_secure() || url.is_loopback() || http_hosts.iter().any(|known| host.eq_ignore_ascii_case(known)) {
                return text.trim_end_matches('/').to_owned();
            }
            &[
                "is plain http to another machine, which shows the credential to everybody on the way; use https, or, \
                 in your own network, dangerouslyAllowHttp: ['",
                host,
                "']",
            ]
        }
    };
    faults.error("baseUrl", rule::FORMAT, fault);
    String::new()
}

/// Reads `dangerouslyAllowHttp`: the host names to which plain http is allowed.
pub(super) fn read_http_hosts<'a>(given: Option<&'a Value>, faults: &mut Violations) -> Vec<&'a str> {
    const NAME: &str = "dangerouslyAllowHttp";
    let Some(given) = given else { return Vec::new() };
    if !matches!(given, Value::Array(_)) {
        wrong_type(NAME, "a list of host names such as ['wix-emulator']", given, faults);
    }
    let mut hosts = Vec::new();
    for (at, host) in given.elements().iter().enumerate() {
        let path = element_path(NAME, at);
        let Some(text) = string(&path, host, faults) else { continue };
        let meant = host_in(text);
        if meant == Some(text) {
            hosts.push(text);
            continue;
        }
        let (before, after) = if meant.is_some() { ("; use ", meant.unwrap_or_default()) } else { ("", "") };
        let message = ["must be a host name alone, without scheme, port, path or *", before, after];
        faults.error_suggesting(&path, rule::FORMAT, &message, meant);
    }
    hosts
}

/// Returns the host of a text that may be a URL.
fn host_in(text: &str) -> Option<&str> {
    let scheme = text.as_bytes().windows(3).position(|window| window == b"://");
    let rest = text.get(scheme.map_or(0, |at| at.saturating_add(3))..).unwrap_or_default();
    let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
    let authority = grammar::parse_authority(rest.get(..end).unwrap_or_default()).ok()?;
    (authority.host_kind != HostKind::Wildcard).then_some(authority.host)
}
