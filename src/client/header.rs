//! Header names and values: RFC 9110 §5.1 and §5.5.

use crate::concat::Concat as _;
use crate::fields::{object, string};
use crate::value::Value;
use crate::violation::{Violations, rule};

/// The header that names the site of a call.
pub(super) const SITE_ID: &str = "wix-site-id";
/// The header that names the account of a call.
pub(super) const ACCOUNT_ID: &str = "wix-account-id";
/// The headers that the client sets itself.
const OWN: [&str; 4] = ["authorization", "content-type", SITE_ID, ACCOUNT_ID];

/// Checks whether a text can be the value of a header of the client's own: not empty, printable ASCII and spaces.
pub(super) fn is_value(text: &str) -> bool {
    !text.is_empty() && has_only(text, |byte| byte.is_ascii_graphic() || byte == b' ')
}

/// Checks whether a text is a credential or an ID: not empty, printable ASCII without spaces.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && has_only(text, |byte| byte.is_ascii_graphic())
}

/// Reads a text of digits as a number; a number that is too large is cut.
pub(super) fn digits(text: &str) -> Option<u64> {
    let mut number = 0_u64;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number.saturating_mul(10).saturating_add(u64::from(byte & 15));
    }
    (!text.is_empty()).then_some(number)
}

/// Reads the headers that a caller adds to a call.
pub(super) fn read(given: &Value, faults: &mut Violations) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in object("headers", given, faults).unwrap_or_default() {
        let path = ["headers.", name].concat();
        if !is_name(name) {
            faults.error(&path, rule::FORMAT, &["is not a valid header name"]);
        } else if OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            let message = "is set by the client from its own options (auth, siteId, accountId)";
            faults.error(&path, rule::CONFLICT, &[message]);
        } else if let Some(text) = string(&path, value, faults) {
            if has_only(text, |byte| byte.is_ascii_graphic() || byte == b' ' || byte == b'\t') {
                headers.push((name.clone(), text.to_owned()));
            } else {
                faults.error(&path, rule::FORMAT, &["contains a character that a header cannot carry"]);
            }
        }
    }
    headers
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && has_only(name, |byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Checks every byte of a text. A function pointer, so that the loop is compiled once.
#[inline(never)]
fn has_only(text: &str, is_allowed: fn(u8) -> bool) -> bool {
    text.bytes().all(is_allowed)
}
