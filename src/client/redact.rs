//! Removes credentials from texts of the service, which may repeat them.

use std::borrow::Cow;

use crate::api::Error;

const REDACTED: &str = "[redacted]";
/// Shorter strings are not secrets, and would match ordinary words.
const MIN_SECRET: usize = 8;

/// Removes the secrets from every text of an error that comes from the service.
pub(super) fn redact_error<J>(error: &mut Error<J>, secrets: &[&str]) {
    redact(&mut error.message, secrets);
    if let Some(id) = &mut error.request_id {
        redact(id, secrets);
    }
    for violation in &mut error.violations {
        redact(&mut violation.field, secrets);
        redact(&mut violation.message, secrets);
        if let Cow::Owned(rule) = &mut violation.rule {
            redact(rule, secrets);
        }
        if let Some(suggestion) = &mut violation.suggestion {
            redact(suggestion, secrets);
        }
    }
}

/// Replaces each occurrence of a secret, also percent-encoded (RFC 3986 §2.1) or escaped as in JSON (RFC 8259 §7), and the
/// beginning of a secret at the end of the text.
pub(super) fn redact(text: &mut String, secrets: &[&str]) {
    let mut redacted = String::new();
    let (mut at, mut copied) = (0_usize, 0_usize);
    while at < text.len() {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let length = secrets.iter().map(|secret| matched(rest, token_of(secret))).max().unwrap_or_default();
        if length == 0 {
            at = at.saturating_add(1);
            continue;
        }
        redacted.push_str(text.get(copied..at).unwrap_or_default());
        redacted.push_str(REDACTED);
        at = at.saturating_add(length);
        copied = at;
    }
    if copied > 0 {
        redacted.push_str(text.get(copied..).unwrap_or_default());
        *text = redacted;
    }
}

/// Returns the credential without its scheme, as a service may repeat either.
fn token_of(credential: &str) -> &[u8] {
    match credential.split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer ") => token.trim_ascii().as_bytes(),
        _ => credential.as_bytes(),
    }
}

/// Returns how many bytes at the start of a text are the secret; 0 if the text does not start with it.
fn matched(text: &[u8], secret: &[u8]) -> usize {
    if secret.len() < MIN_SECRET {
        return 0;
    }
    let mut at = 0_usize;
    for (count, byte) in secret.iter().enumerate() {
        // JSON within JSON escapes the escape.
        while *byte != b'\\' && text.get(at) == Some(&b'\\') {
            at = at.saturating_add(1);
        }
        let length = match text.get(at..).unwrap_or_default() {
            [] | [b'%'] | [b'%', _] if count >= MIN_SECRET => return text.len(),
            [same, ..] if same == byte => 1,
            [b'%', hex @ ..] if is_hex(hex, *byte) => 3,
            [b'u', b'0', b'0', hex @ ..] if is_hex(hex, *byte) => 5,
            _ => return 0,
        };
        at = at.saturating_add(length);
    }
    at
}

/// Checks whether the digits begin with the byte in hexadecimal form.
fn is_hex(digits: &[u8], byte: u8) -> bool {
    let digit = |value: u8| value.wrapping_add(if value < 10 { b'0' } else { b'a' - 10 });
    matches!(digits, [high, low, ..] if (high | 32, low | 32) == (digit(byte >> 4) | 32, digit(byte & 15) | 32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Code, Error};
    use crate::value::Value;
    use crate::violation::{Severity, Violation};

    const SECRET: &str = "IST.a/b+c=\"d\\e";

    fn redacted(text: &str) -> String {
        let mut text = text.to_owned();
        redact(&mut text, &[SECRET, "Bearer other-token"]);
        text
    }

    #[test]
    fn every_form_of_a_secret_is_removed() {
        for (text, expected) in [
            ("", ""),
            ("nothing", "nothing"),
            (SECRET, "[redacted]"),
            ("é IST.a/b+c=\"d\\e é", "é [redacted] é"),
            ("IST.a/b+c=\"d\\eIST.a/b+c=\"d\\e", "[redacted][redacted]"),
            ("Bearer IST.a/b+c=\"d\\e!", "Bearer [redacted]!"),
            ("?key=IST.a%2Fb%2bc%3D%22d%5Ce&x", "?key=[redacted]&x"),
            ("%49%53%54%2E%61%2F%62%2B%63%3D%22%64%5C%65", "[redacted]"),
            (r#"{"key":"IST.a\/b+c=\"d\\e"}"#, r#"{"key":"[redacted]"}"#),
            (r"IST.a\u002fb\u002Bc=\u0022d\\e", "[redacted]"),
            ("IISIST.a/b+c=\"d\\e", "IIS[redacted]"),
            ("Bearer other-token and other-token", "Bearer [redacted] and [redacted]"),
            ("other-toke", "[redacted]"),
            ("IST.a%2Fb%2bc%3", "[redacted]"),
            ("other-t", "other-t"),
            ("other-toke and more", "other-toke and more"),
            ("100 %49", "100 %49"),
            ("\\", "\\"),
        ] {
            assert_eq!(redacted(text), expected, "{text}");
        }
    }

    #[test]
    fn a_short_text_is_no_secret() {
        let mut text = "the key of the tests".to_owned();
        redact(&mut text, &["the key", "", "Bearer the key", "Bearer "]);
        assert_eq!(text, "the key of the tests");
    }

    #[test]
    fn every_text_of_an_error_is_redacted() {
        let text = || format!("x {SECRET} x");
        let violation = Violation {
            field: text(),
            rule: Cow::Owned(text()),
            severity: Severity::Error,
            message: text(),
            suggestion: Some(text()),
        };
        let mut error: Error<Value> = Error {
            request_id: Some(text()),
            violations: vec![violation],
            ..Error::new(Code::BadResponse, "getOAuthApp", text())
        };
        redact_error(&mut error, &[SECRET]);
        let shown = format!("{error:?}");
        assert_eq!(shown.matches(REDACTED).count(), 6, "{shown}");
        assert!(!shown.contains("IST."), "{shown}");
    }

    #[test]
    fn redaction_takes_linear_time() {
        let echo = format!("{SECRET} ");
        let mut text = echo.repeat(200_000);
        let start = std::time::Instant::now();
        redact(&mut text, &[SECRET]);
        assert_eq!(text, "[redacted] ".repeat(200_000));
        // Quadratic time takes minutes.
        assert!(start.elapsed().as_secs() < 10);
    }
}
