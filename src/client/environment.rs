//! Text that commonly comes from an environment variable: what a missing, quoted or decorated one looks like.

use crate::value::{UNDEFINED, Value};
use crate::violation::{Violations, rule};

/// The rule and the message of what is wrong with such a text. No message holds the text, as it may be a credential.
pub(super) fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    let bare = text.trim();
    Some(match bare {
        "" => (rule::OUT_OF_RANGE, "is empty: is the environment variable set?"),
        UNDEFINED => (rule::FORMAT, "is the text `undefined`: is the environment variable set?"),
        "null" => (rule::FORMAT, "is the text `null`: is the environment variable set?"),
        "[redacted]" => (rule::FORMAT, "is the text of a printed Secret; pass secret.reveal()"),
        _ if bare.starts_with("[object ") => {
            (rule::FORMAT, "is the text of a printed object; pass a member of it, or await a promise")
        }
        _ if is_placeholder(bare) => {
            (rule::FORMAT, "is a placeholder, not a value; was the environment variable expanded?")
        }
        _ if has_scheme(bare) => {
            (rule::FORMAT, "begins with the word `Bearer`; leave the word out, the value alone is sent")
        }
        _ if is_quote(bare.as_bytes().first()) || is_quote(bare.as_bytes().last()) => {
            (rule::FORMAT, "stands in quotation marks; leave them out")
        }
        _ if bare.len() < text.len() => {
            (rule::FORMAT, "begins or ends with white space; was it copied with a line break? Leave it out")
        }
        _ => return None,
    })
}

/// Whether a value is `undefined` or `null`, which is a fault where the value is required.
pub(super) fn is_absent(path: &str, value: &Value, faults: &mut Violations) -> bool {
    let (rule, message) = match value {
        Value::Foreign(UNDEFINED) => (rule::REQUIRED_FIELD, "is undefined: is the environment variable set?"),
        Value::Null => (rule::TYPE, "must be a string, is null: is the environment variable set?"),
        _ => return false,
    };
    faults.error(path, rule, &[message]);
    true
}

/// Whether this is the notation of a variable or of a blank to fill in, in a shell, a template or a document.
fn is_placeholder(text: &str) -> bool {
    matches!(text.as_bytes(), [b'$' | b'<', ..] | [b'{', b'{', ..])
}

/// Whether this begins with `Bearer` (RFC 6750 §2.1), within quotation marks too.
fn has_scheme(text: &str) -> bool {
    let start = usize::from(is_quote(text.as_bytes().first()));
    let end = start.saturating_add(6);
    text.get(start..end).is_some_and(|word| word.eq_ignore_ascii_case("bearer"))
        && matches!(text.as_bytes().get(end), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b':'))
}

fn is_quote(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'"' | b'\'' | b'`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_environment_may_leave() {
        for (text, expected) in [
            ("", "is empty"),
            (" \n", "is empty"),
            ("undefined", "`undefined`"),
            (" null ", "`null`"),
            ("[redacted]", "secret.reveal()"),
            ("[object Promise]", "await"),
            ("[object Object]", "printed object"),
            ("$WIX_API_KEY", "placeholder"),
            ("${WIX_API_KEY}", "placeholder"),
            ("<your-api-key>", "placeholder"),
            ("{{ secrets.KEY }}", "placeholder"),
            ("Bearer IST.x", "leave the word out"),
            ("bearer\tIST.x", "leave the word out"),
            ("BEARER IST.x\n", "leave the word out"),
            ("\"Bearer IST.x\"", "leave the word out"),
            ("Bearer", "leave the word out"),
            ("Bearer: IST.x", "leave the word out"),
            ("\"IST.x\"", "quotation marks"),
            ("'IST.x", "quotation marks"),
            ("`IST.x`\n", "quotation marks"),
            ("IST.x\n", "line break"),
            ("\tIST.x", "line break"),
        ] {
            let (_, message) = fault(text).unwrap_or_else(|| panic!("{text:?} is taken"));
            assert!(message.contains(expected), "{text:?}: {message}");
        }
        for taken in ["IST.eyJ", "OauthNG.JWS.x", "Bearerless", "undefinedx", "a[object", "13f5e2ab", "x'y", "a$"] {
            assert_eq!(fault(taken), None, "{taken}");
        }
    }
}
