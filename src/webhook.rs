//! Webhooks: events that the service posts as signed tokens (RFC 7515, RFC 7519).
//!
//! The facade decodes a token and verifies it with RS256, whatever algorithm the token names. It reports facts one by one in the
//! order of [`RULES`], and stops at the first one that [`fault`] refuses.

use crate::api::{Code, Error};
use crate::text::{after, excerpt, fill, find, strip, until};
use crate::value::Value;

/// The letter of a refusal, which decides the code and the status of the error.
macro_rules! refusal {
    (method) => {
        'm'
    };
    (too_long) => {
        'l'
    };
    // A wrong option, after which the service is to send the webhook again.
    (option) => {
        'o'
    };
    (signature) => {
        's'
    };
    (time) => {
        't'
    };
    (content) => {
        'c'
    };
}

/// Rules as texts: the letter of the refusal, what the fact must be, and its name. A table of structures takes 150 to 430 bytes
/// more of the gzipped client (`npm run build`).
macro_rules! rules {
    ($($refusal:ident $field:literal $wanted:literal)+) => {
        [$(concat!(refusal!($refusal), $wanted, "\n", $field)),+]
    };
}

/// The rules, in the order in which the facade reports the facts. It knows the index of the first rule of the request, the body,
/// the key and the token.
///
/// The words of a message are its rule: `at least` and `at most` bound a number, `text` is text that is not empty, `digits` is
/// text of digits, `an event` is one of [`EVENTS`], and other words are the fact itself, up to a colon.
const RULES: [&str; 22] = rules! {
    method "method" "\"POST\""

    content "body" "\"string\": the text of the request"
    too_long "body.length" "at most 2097152"
    content "body" "\"token\": three base64url parts"

    option "publicKey" "\"public RSASSA-PKCS1-v1_5 SHA-256 verify\": an RSA key as PEM or CryptoKey"
    option "publicKey.modulusLength" "at least 2048"

    signature "header.alg" "\"RS256\""
    signature "header.crit" "undefined: no extension is supported"
    signature "signature" "true: by publicKey, of the body as it arrived"
    option "tolerance" "at least 0 milliseconds"
    option "now" "at least 0: a Date or milliseconds since 1970"
    content "claims.iat" "at least 0 seconds"
    time "claims.iat" "at most 0 milliseconds beyond `tolerance`: check the clock"
    time "claims.iat" "at most 60000 milliseconds after `now`: check the clock"
    time "claims.nbf" "at most 60000 milliseconds after `now`: check the clock"
    time "claims.exp" "at least 1 milliseconds after `now`: check the clock"
    content "claims.data.eventType" "an event of OAuth apps"
    content "claims.data.instanceId" "text"
    content "claims.data.data.id" "text"
    content "claims.data.data.entityId" "text"
    content "claims.data.data.eventTime" "text"
    content "claims.data.data.entityEventSequence" "digits"
};

/// The events: the type, the type again as entity and slug, and the JavaScript type of the app.
const EVENTS: [&str; 3] = [
    "\"wix.headless.v1.o_auth_app_created wix.headless.v1.o_auth_app_created object\"",
    "\"wix.headless.v1.o_auth_app_updated wix.headless.v1.o_auth_app_updated object\"",
    "\"wix.headless.v1.o_auth_app_deleted wix.headless.v1.o_auth_app_deleted undefined\"",
];

/// Returns the error of a fact that breaks its rule.
///
/// A fact is a number, a text in quotes, or JSON of another value. If it is a number, `fact` is empty; else `number` is NaN.
/// The rules of the times are for a number of seconds since 1970. `now`, since 1970, and `tolerance` are in milliseconds.
pub fn fault<C>(rule: usize, fact: &str, mut number: f64, now: f64, tolerance: f64) -> Option<Box<Error<C>>> {
    let rule = *RULES.get(rule)?;
    let wanted = after(rule, 1);
    let refusal = char::from(*rule.as_bytes().first()?);
    if refusal == refusal!(time) {
        number = number * 1_000.0 - now;
        if find(wanted, "beyond").is_some() {
            number = -number - tolerance;
        }
    }
    let is_text = fact.len() > 2 && fact.as_bytes().first() == Some(&b'"');
    let is_valid = if let Some(bound) = strip(wanted, "at least ") {
        number >= whole_number(bound)
    } else if let Some(bound) = strip(wanted, "at most ") {
        number <= whole_number(bound)
    } else if wanted.starts_with("text") {
        is_text
    } else if wanted.starts_with("digits") {
        is_text && fact.bytes().filter(|byte| !byte.is_ascii_digit()).count() == 2
    } else if wanted.starts_with("an event") {
        EVENTS.contains(&fact)
    } else {
        // The words go on after a colon, or end.
        strip(wanted, fact).is_some_and(|rest| matches!(rest.as_bytes(), [b':' | b'\n', ..]))
    };
    if is_valid {
        return None;
    }
    let (code, status) = match refusal {
        refusal!(method) => (Code::InvalidArgument, 405),
        refusal!(too_long) => (Code::InvalidArgument, 413),
        refusal!(option) => (Code::InvalidArgument, 500),
        refusal!(signature) => (Code::InvalidSignature, 401),
        refusal!(time) => (Code::Expired, 401),
        _ => (Code::InvalidArgument, 401),
    };
    let mut fact = excerpt(fact);
    if fact.is_empty() {
        fact = Value::Number(number.trunc()).to_json();
    }
    let (wanted, field) = until(wanted, "\n");
    let mut error = Error::refused(code, "readWebhook", Vec::new());
    error.message = fill("{} is {}, must be {}", &[after(field, 1), &fact, wanted]);
    error.status = Some(status);
    Some(error)
}

/// Returns the number at the beginning of a text.
fn whole_number(text: &str) -> f64 {
    let mut number = 0.0;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            break;
        }
        number = number * 10.0 + f64::from(byte & 15);
    }
    number
}

#[cfg(test)]
mod tests;
