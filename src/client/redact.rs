//! Keeps a credential out of an error: a service may repeat it in what it says of it.

use crate::api::Error;

const REDACTED: &str = "[redacted]";

/// The error without the credential.
pub(super) fn redacted<J>(mut error: Error<J>, credential: &str) -> Error<J> {
    redact(&mut error.message, credential);
    for violation in &mut error.violations {
        redact(&mut violation.message, credential);
    }
    error
}

/// Not `replace`: it brings in a search for substrings that costs more than the rest of this file.
fn redact(text: &mut String, credential: &str) {
    // What is shorter is no secret, and every other word holds it.
    const SHORTEST: usize = 8;
    let mut from = 0_usize;
    while credential.len() >= SHORTEST {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let Some(at) = rest.windows(credential.len()).position(|window| window == credential.as_bytes()) else {
            return;
        };
        let at = from.saturating_add(at);
        let (before, after) = text.split_at_checked(at).unwrap_or_default();
        *text = [before, REDACTED, after.get(credential.len()..).unwrap_or_default()].concat();
        from = at.saturating_add(REDACTED.len());
    }
}
