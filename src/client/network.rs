//! Errors of a failed `fetch`: whether the request can have reached the service, and why it failed.
//!
//! Every runtime words its errors differently: Node has a code in a cause, Bun in the error itself, Deno has a sentence,
//! and a browser says nothing. `tests/network-errors.json` has the errors of real runtimes.

use crate::api::{Json, contains};
use crate::concat::{Concat as _, split};
use crate::value::Value;

/// How deep a chain of causes is followed.
const MAX_DEPTH: u32 = 8;
/// The longest excerpt of an error's text in a message.
const MAX_REASON: usize = 200;

/// Codes, or prefixes of codes, of a connection that was never made.
const CONNECT_CODES: &str = "ECONNREFUSED ConnectionRefused FailedToOpenSocket ENOTFOUND EAI_ EHOSTUNREACH ENETUNREACH \
                             EHOSTDOWN EADDRNOTAVAIL UND_ERR_CONNECT UND_ERR_PRX ERR_SOCKET_CONNECTION_TIMEOUT ERR_PROXY_";
/// Parts of the messages of a connection that was never made.
const CONNECT_TEXTS: &str = "client error (Connect)|before secure TLS connection|HTTP Tunneling";
/// Codes, or prefixes of codes, of a request that `fetch` itself refuses: for its URL, its headers or a permission.
const REFUSED_CODES: &str =
    "ERR_INVALID_URL ERR_INVALID_CHAR UND_ERR_INVALID_ARG UND_ERR_NOT_SUPPORTED ERR_ACCESS_DENIED";
/// Parts of the messages of a request that `fetch` itself refuses.
const REFUSED_TEXTS: &str = "bad port|Requests to port|unknown scheme|parse URL|nvalid URL|nvalid header|invalid value|\
                             includes credentials|net access";
/// Codes, or prefixes of codes, of a TLS handshake that fails again the next time.
const TLS_CODES: &str =
    "CERT_ ERR_TLS_ ERR_SSL_ UNABLE_TO_ SELF_SIGNED_ DEPTH_ZERO_ HOSTNAME_MISMATCH INVALID_CA EPROTO";
/// Parts of the messages of such a handshake, in a message that matches [`CONNECT_TEXTS`] too.
const TLS_TEXTS: &str = "certificate|fatal alert|corrupt message";
/// Parts of the codes of TLS errors that occur after the handshake too.
const TLS_RECORD_CODES: &str = "RECORD|DECRYPT|DECODE|EOF|INTERNAL_ERROR";
/// Prefixes of codes that say less than the message that comes with them.
const VAGUE_CODES: &str = "UND_ERR_ ERR_PROXY_";

/// The point that a request without a response has reached, as far as its error shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The request may have reached the service.
    Unknown,
    /// No connection was made, so nothing was sent.
    NotSent,
    /// A failed TLS handshake: nothing was sent, and a repetition fails too.
    NoTls,
    /// A request that `fetch` refuses: nothing was sent, and a repetition fails too.
    Refused,
}

/// An error in a chain of causes.
struct Link {
    code: String,
    message: String,
    call: String,
    host_name: String,
    address: String,
    port: String,
}

/// Reads the error that `fetch` threw. Returns whether the request can have reached the service, and the host with the
/// innermost reason, for the end of a message: ` (ENOTFOUND nope.invalid)`.
pub(super) fn read<J: Json>(thrown: Option<&J>, base_url: &str) -> (Reach, String) {
    let links = thrown.map(links).unwrap_or_default();
    let text = thrown.map_or(Value::Null, J::to_value);
    describe(&links, text.as_str().unwrap_or_default(), base_url)
}

/// Returns an error, its cause, the cause's cause, and so on; of several errors at once, the first.
fn links<J: Json>(thrown: &J) -> Vec<Link> {
    let mut links = Vec::new();
    let mut next = Some(thrown.clone());
    for _ in 0..MAX_DEPTH {
        let Some(error) = next else { break };
        links.push(Link {
            code: text(&error, "code"),
            message: text(&error, "message"),
            call: text(&error, "syscall"),
            host_name: text(&error, "hostname"),
            address: text(&error, "address"),
            port: text(&error, "port"),
        });
        let cause = error.get("cause").filter(|cause| matches!(cause.to_value(), Value::Object(_)));
        next = cause.or_else(|| error.get("errors").and_then(|errors| errors.get("0")));
    }
    links
}

/// Returns a member that is text or a number, as text.
#[inline(never)]
fn text<J: Json>(error: &J, name: &str) -> String {
    match error.get(name).map(|member| member.to_value()) {
        Some(Value::String(text)) => text,
        Some(number @ Value::Number(_)) if name == "port" => number.to_json(),
        _ => String::new(),
    }
}

fn describe(links: &[Link], thrown: &str, base_url: &str) -> (Reach, String) {
    let authority = split(base_url, b'/').get(2).copied().unwrap_or(base_url);
    let (mut reach, mut host, mut code, mut message) = (Reach::Unknown, authority.to_owned(), "", "");
    for link in links {
        if reach == Reach::Unknown {
            reach = reach_of(link);
        }
        if !link.code.is_empty() || !link.message.is_empty() {
            (code, message) = (&link.code, &link.message);
        }
        if let Some(peer) = peer(link, authority) {
            host = peer;
        }
    }
    let message = tail(if message.is_empty() { thrown } else { message });
    let parts = if code.is_empty() || (begins_with(code, VAGUE_CODES) && !message.is_empty()) {
        let colon = if message.is_empty() { "" } else { ": " };
        [host.as_str(), colon, message]
    } else {
        [code, " ", host.as_str()]
    };
    let [first, second, third] = parts;
    (reach, [" (", first, second, third, ")"].concat())
}

fn reach_of(link: &Link) -> Reach {
    let is_connect_text = has_part(&link.message, CONNECT_TEXTS);
    let is_tls = if is_connect_text {
        has_part(&link.message, TLS_TEXTS)
    } else {
        begins_with(&link.code, TLS_CODES) && !has_part(&link.code, TLS_RECORD_CODES)
    };
    // An error of reading or writing comes from a connection that was made.
    let is_connected = link.call == "read" || link.call == "write";
    if is_tls {
        Reach::NoTls
    } else if is_connect_text || link.call == "connect" || (begins_with(&link.code, CONNECT_CODES) && !is_connected) {
        Reach::NotSent
    } else if begins_with(&link.code, REFUSED_CODES) || has_part(&link.message, REFUSED_TEXTS) {
        Reach::Refused
    } else {
        Reach::Unknown
    }
}

/// Returns the host that the error names, if it is not the service's: a proxy, or an address of the host.
fn peer(link: &Link, authority: &str) -> Option<String> {
    if !link.host_name.is_empty() {
        return Some(link.host_name.clone());
    }
    let port = link.port.as_str();
    let is_own = port.is_empty() || port == "443" || port == "80" || authority.ends_with(port);
    (!is_own && !link.address.is_empty()).then(|| [&link.address, ":", port].concat())
}

/// Returns the first line of a message, without the URL and the kind of error with which Deno begins.
fn tail(message: &str) -> &str {
    let line = split(message, b'\n').first().copied().unwrap_or_default();
    let colon = line.as_bytes().windows(3).rposition(|part| part == b"): ");
    let start = colon.filter(|_| contains(line, "client error (")).map_or(0, |at| at.saturating_add(3));
    let line = line.get(start..).unwrap_or(line);
    let mut end = line.len().min(MAX_REASON);
    while !line.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    line.get(..end).unwrap_or(line)
}

fn begins_with(code: &str, prefixes: &str) -> bool {
    split(prefixes, b' ').iter().any(|prefix| code.starts_with(prefix))
}

fn has_part(text: &str, parts: &str) -> bool {
    split(parts, b'|').iter().any(|part| contains(text, part))
}

#[cfg(test)]
mod tests;
