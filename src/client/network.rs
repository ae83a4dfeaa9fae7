//! What the error of a failed `fetch` says: whether the request can have reached the service, and why it failed.
//!
//! Every runtime words its errors differently: Node has a code in a cause, Bun in the error itself, Deno has a sentence,
//! and a browser says nothing. `tests/network-errors.json` holds the errors of real runtimes.

use crate::api::{Json, contains};
use crate::concat::Concat as _;

/// How deep a chain of causes is followed.
const MAX_DEPTH: u32 = 8;
/// How much of an error's text goes into a message.
const MAX_REASON: usize = 200;

/// The error belongs to a connection that was never made. Codes, or how they begin.
const CONNECT_CODES: &str = "ECONNREFUSED ConnectionRefused FailedToOpenSocket ENOTFOUND EAI_ EHOSTUNREACH ENETUNREACH \
                             EHOSTDOWN EADDRNOTAVAIL UND_ERR_CONNECT UND_ERR_PRX ERR_SOCKET_CONNECTION_TIMEOUT ERR_PROXY_";
/// The same, by parts of the message.
const CONNECT_TEXTS: &str = "client error (Connect)|before secure TLS connection|HTTP Tunneling";
/// `fetch` itself refuses the request: its URL, its headers, or for want of a permission. Codes, or how they begin.
const REFUSED_CODES: &str =
    "ERR_INVALID_URL ERR_INVALID_CHAR UND_ERR_INVALID_ARG UND_ERR_NOT_SUPPORTED ERR_ACCESS_DENIED";
/// The same, by parts of the message.
const REFUSED_TEXTS: &str = "bad port|Requests to port|unknown scheme|parse URL|nvalid URL|nvalid header|invalid value|\
                             includes credentials|net access";
/// The error belongs to a TLS handshake that fails again the next time.
const TLS_CODES: &str =
    "CERT_ ERR_TLS_ ERR_SSL_ UNABLE_TO_ SELF_SIGNED_ DEPTH_ZERO_ HOSTNAME_MISMATCH INVALID_CA EPROTO";
/// The same, by parts of a message that is one of [`CONNECT_TEXTS`] too.
const TLS_TEXTS: &str = "certificate|fatal alert|corrupt message";
/// TLS errors that occur after the handshake too.
const TLS_RECORD_CODES: &str = "RECORD|DECRYPT|DECODE|EOF|INTERNAL_ERROR";
/// Codes that say less than the message that comes with them.
const VAGUE_CODES: &str = "UND_ERR_ ERR_PROXY_";

/// What is known of a request that got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// It may have reached the service.
    Unknown,
    /// No connection was made, so nothing was sent.
    NotSent,
    /// Nothing was sent, and nothing will be: the TLS handshake fails.
    NoTls,
    /// Nothing was sent, and nothing will be: `fetch` refuses the request.
    Refused,
}

/// Tells from what `fetch` threw whether the request can have reached the service.
pub(super) fn reach<J: Json>(thrown: &J) -> Reach {
    let mut reach = Reach::Unknown;
    walk(thrown, &mut |link| {
        if reach == Reach::Unknown {
            reach = reach_of(link);
        }
    });
    reach
}

fn reach_of<J: Json>(link: &J) -> Reach {
    let (code, message, call) = (text(link, "code"), text(link, "message"), text(link, "syscall"));
    let is_connect_text = has_part(&message, CONNECT_TEXTS);
    let is_tls = if is_connect_text {
        has_part(&message, TLS_TEXTS)
    } else {
        begins_with(&code, TLS_CODES) && !has_part(&code, TLS_RECORD_CODES)
    };
    // An error of reading or writing comes from a connection that was made.
    let is_connected = call == "read" || call == "write";
    if is_tls {
        Reach::NoTls
    } else if is_connect_text || call == "connect" || (begins_with(&code, CONNECT_CODES) && !is_connected) {
        Reach::NotSent
    } else if begins_with(&code, REFUSED_CODES) || has_part(&message, REFUSED_TEXTS) {
        Reach::Refused
    } else {
        Reach::Unknown
    }
}

/// The host and the innermost reason, for the end of a message: `(ENOTFOUND nope.invalid)`.
pub(super) fn reason<J: Json>(thrown: Option<&J>, base_url: &str) -> String {
    let mut pieces = 0;
    let mut authority = base_url;
    any(base_url, b'/', &mut |piece| {
        authority = piece;
        pieces = i32::wrapping_add(pieces, 1);
        pieces == 3
    });
    let (mut host, mut code, mut message) = (authority.to_owned(), String::new(), String::new());
    if let Some(thrown) = thrown {
        walk(thrown, &mut |link| {
            let (new_code, new_message) = (text(link, "code"), text(link, "message"));
            if !new_code.is_empty() || !new_message.is_empty() {
                (code, message) = (new_code, new_message);
            }
            if let Some(peer) = peer(link, authority) {
                host = peer;
            }
        });
        if message.is_empty() {
            thrown.to_value().as_str().unwrap_or_default().clone_into(&mut message);
        }
    }
    let message = tail(&message);
    if code.is_empty() || (begins_with(&code, VAGUE_CODES) && !message.is_empty()) {
        let colon = if message.is_empty() { "" } else { ": " };
        [" (", &host, colon, message, ")"].concat()
    } else {
        [" (", &code, " ", &host, ")"].concat()
    }
}

/// The host that the error names, where that is another one: a proxy.
fn peer<J: Json>(link: &J, authority: &str) -> Option<String> {
    let (name, port) = (text(link, "hostname"), text(link, "port"));
    if !name.is_empty() {
        return Some(name);
    }
    let is_own = port.is_empty() || port == "443" || port == "80" || authority.ends_with(&port);
    Some(text(link, "address"))
        .filter(|address| !is_own && !address.is_empty())
        .map(|address| [&address, ":", &port].concat())
}

/// The first line of a message, without the URL and the kind of error with which Deno begins.
fn tail(message: &str) -> &str {
    let mut line = message;
    any(message, b'\n', &mut |first| {
        line = first;
        true
    });
    let colon = line.as_bytes().windows(3).rposition(|part| part == b"): ");
    let start = colon.filter(|_| contains(line, "client error (")).map_or(0, |at| at.saturating_add(3));
    shortened(line.get(start..).unwrap_or(line), MAX_REASON)
}

/// The beginning of a text, at most so many bytes.
fn shortened(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or(text)
}

/// Visits an error, its cause, the cause's cause, and so on; of several errors at once, the first.
fn walk<J: Json>(thrown: &J, visit: &mut dyn FnMut(&J)) {
    let mut next = Some(thrown.clone());
    for _ in 0..MAX_DEPTH {
        let Some(link) = next else { return };
        visit(&link);
        let cause = link.get("cause").filter(J::is_object);
        next = cause.or_else(|| link.get("errors").and_then(|errors| errors.elements().into_iter().next()));
    }
}

/// A member that is text or a number.
fn text<J: Json>(link: &J, name: &str) -> String {
    match link.get(name).map(|member| member.to_value()) {
        Some(crate::value::Value::String(text)) => text,
        Some(number @ crate::value::Value::Number(_)) if name == "port" => number.to_json(),
        _ => String::new(),
    }
}

fn begins_with(code: &str, beginnings: &str) -> bool {
    any(beginnings, b' ', &mut |beginning| code.starts_with(beginning))
}

fn has_part(text: &str, parts: &str) -> bool {
    any(parts, b'|', &mut |part| contains(text, part))
}

/// Whether the test holds for one of the pieces of a text. Not `str::split`, which is compiled anew for each use.
fn any<'a>(text: &'a str, separator: u8, is_it: &mut dyn FnMut(&'a str) -> bool) -> bool {
    let mut start = 0_usize;
    for at in 0..=text.len() {
        if text.as_bytes().get(at).is_none_or(|byte| *byte == separator) {
            if is_it(text.get(start..at).unwrap_or_default()) {
                return true;
            }
            start = at.saturating_add(1);
        }
    }
    false
}

#[cfg(test)]
mod tests;
