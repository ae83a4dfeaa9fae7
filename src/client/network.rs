//! What the error of a failed `fetch` says: whether the request can have reached the service, and why it failed.
//!
//! Every runtime words its errors differently: Node has a code in a cause, Bun in the error itself, Deno has a sentence,
//! and a browser says nothing. `tests/network-errors.json` holds the errors of real runtimes.

use crate::api::{Json, contains};

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
    let authority = base_url.split('/').nth(2).unwrap_or(base_url);
    let (mut host, mut code, mut message) = (authority.to_owned(), String::new(), String::new());
    if let Some(thrown) = thrown {
        walk(thrown, &mut |link| {
            let (new_code, new_message) = (text(link, "code"), text(link, "message"));
            if !new_code.is_empty() || !new_message.is_empty() {
                (code, message) = (new_code, new_message);
            }
            host = peer(link, base_url, authority).unwrap_or_else(|| host.clone());
        });
        if message.is_empty() {
            message = thrown.to_value().as_str().unwrap_or_default().to_owned();
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
fn peer<J: Json>(link: &J, base_url: &str, authority: &str) -> Option<String> {
    let (name, address, port) = (text(link, "hostname"), text(link, "address"), text(link, "port"));
    if !name.is_empty() {
        return Some(name);
    }
    let standard = if base_url.starts_with("https:") { "443" } else { "80" };
    let own =
        authority.rsplit(':').next().filter(|own| own.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(standard);
    (!address.is_empty() && !port.is_empty() && port != own).then(|| [&address, ":", &port].concat())
}

/// The first line of a message, without the URL and the kind of error with which Deno begins.
fn tail(message: &str) -> &str {
    let line = message.split('\n').next().unwrap_or_default();
    let colon = line.as_bytes().windows(3).rposition(|part| part == b"): ");
    let start = colon.filter(|_| contains(line, "client error (")).map_or(0, |at| at.saturating_add(3));
    shortened(line.get(start..).unwrap_or(line), MAX_REASON)
}

/// The beginning of a text, at most so many bytes.
pub(super) fn shortened(text: &str, length: usize) -> &str {
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
        let cause = link.get("cause").filter(|cause| cause.is_object());
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
    !code.is_empty() && beginnings.split(' ').any(|beginning| code.starts_with(beginning))
}

fn has_part(text: &str, parts: &str) -> bool {
    !text.is_empty() && parts.split('|').any(|part| contains(text, part))
}

#[cfg(test)]
mod tests;
