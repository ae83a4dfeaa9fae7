//! Faults of text that commonly comes from an environment variable: missing, quoted or decorated values.

use crate::value::{UNDEFINED, Value};
use crate::violation::{Violations, rule};

/// Returns the rule and the message of the fault of a text, if it has one. No message contains the text, as it may be a
/// credential.
pub(super) fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    let bare = text.trim();
    let message = match bare {
        "" => return Some((rule::OUT_OF_RANGE, "is empty: is the environment variable set?")),
        UNDEFINED => "is the text `undefined`: is the environment variable set?",
        "null" => "is the text `null`: is the environment variable set?",
        "[redacted]" => "is the text of a printed Secret; pass secret.reveal()",
        _ if bare.starts_with("[object ") => "is the text of a printed object; pass a member of it, or await a promise",
        _ if is_placeholder(bare) => "is a placeholder, not a value; was the environment variable expanded?",
        _ if has_scheme(bare) => "begins with the word `Bearer`; leave the word out, the value alone is sent",
        _ if is_quote(bare.as_bytes().first()) || is_quote(bare.as_bytes().last()) => {
            "is in quotation marks; leave them out"
        }
        _ if bare.len() < text.len() => {
            "begins or ends with white space; was it copied with a line break? Leave it out"
        }
        _ => return None,
    };
    Some((rule::FORMAT, message))
}

/// Checks whether a value is `undefined` or `null`, and reports that as a fault.
pub(super) fn is_absent(path: &str, value: &Value, faults: &mut Violations) -> bool {
    let (rule, message) = match value {
        Value::Foreign(UNDEFINED) => (rule::REQUIRED_FIELD, "is undefined: is the environment variable set?"),
        Value::Null => (rule::TYPE, "must be a string, is null: is the environment variable set?"),
        _ => return false,
    };
    faults.error(path, rule, &[message]);
    true
}

/// Checks for the notation of a variable or of a blank to fill in, in a shell, a template or a document.
fn is_placeholder(text: &str) -> bool {
    matches!(text.as_bytes(), [b'$' | b'<', ..] | [b'{', b'{', ..])
}

/// Checks for the prefix `Bearer` (RFC 6750 §2.1), within quotation marks too.
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
    fn faults_of_environment_variables_are_recognized() {
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
