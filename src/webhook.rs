//! Webhooks: events that the service posts as signed tokens (RFC 7515, RFC 7519).
//!
//! The host decodes a token and verifies it with RS256, whatever algorithm the token names. It reports the facts that it
//! found, and [`fault`] decides what they mean.

use crate::api::{Code, Error};
use crate::concat::concat;
use crate::text::{after, all, excerpt, fill, until};
use crate::value::Value;
use crate::violation::{Violation, rule};

/// The longest body: more than an app takes whose every field is full.
const MAX_LENGTH: f64 = 2_097_152.0;
/// How far the clock of the service may be ahead, in milliseconds.
const MAX_SKEW: f64 = 60_000.0;
/// The beginning of the types of the events.
const EVENT: &str = "wix.headless.v1.o_auth_app_";

/// A test of a fact.
#[derive(Clone, Copy)]
enum Test {
    /// Text that is what it must be, up to the colon before the explanation.
    Equal,
    /// Text that is not empty.
    Text,
    /// Digits.
    Digits,
    /// A number that is not negative.
    Positive,
    /// The type of an event; its type again, of entity and slug; and the JavaScript type of its app.
    Event,
    /// A length that is not too great.
    Length,
    /// A number of bits that is great enough (RFC 7518 §3.3).
    Bits,
    /// The milliseconds by which an age exceeds the tolerance.
    Age,
    /// The milliseconds until a time, or not a number if there is none.
    Ahead,
    /// The milliseconds since a time, or not a number if there is none.
    Over,
}

/// The kind of a refusal.
#[derive(Clone, Copy)]
enum Refusal {
    Method,
    Length,
    /// An option is wrong, and the service is to send the webhook again.
    Option,
    Signature,
    Time,
    Content,
}

/// The facts, in the order in which `webhook.ts` reports them. The text is the name of the fact and what it must be.
const FACTS: [(Test, Refusal, &str); 25] = [
    (Test::Equal, Refusal::Method, "method POST"),
    (Test::Equal, Refusal::Content, "body string: the text of the request"),
    (Test::Length, Refusal::Length, "body.length at most 2097152"),
    (
        Test::Equal,
        Refusal::Option,
        "publicKey public RSASSA-PKCS1-v1_5 SHA-256 verify: the RSA key of the webhooks, as PEM or CryptoKey",
    ),
    (Test::Bits, Refusal::Option, "publicKey.modulusLength at least 2048"),
    (Test::Positive, Refusal::Option, "tolerance a number of milliseconds"),
    (Test::Positive, Refusal::Option, "now a Date or milliseconds since 1970"),
    (Test::Equal, Refusal::Content, "header object: JSON with each member once"),
    (Test::Equal, Refusal::Signature, "header.alg RS256"),
    (Test::Equal, Refusal::Signature, "header.crit undefined: no extension is supported"),
    (Test::Equal, Refusal::Content, "body token: three parts in base64url with dots between them"),
    (
        Test::Equal,
        Refusal::Signature,
        "signature true: verified by publicKey. Compare the key, and pass the body as it arrived",
    ),
    (Test::Equal, Refusal::Content, "claims object: JSON with each member once"),
    (Test::Positive, Refusal::Content, "claims.iat a number of seconds"),
    (Test::Age, Refusal::Time, "claims.iat at most 0 milliseconds beyond `tolerance`: check the clock"),
    (Test::Ahead, Refusal::Time, "claims.iat at most 60000 milliseconds after `now`. Check the clock"),
    (Test::Ahead, Refusal::Time, "claims.nbf at most 60000 milliseconds after `now`. Check the clock"),
    (Test::Over, Refusal::Time, "claims.exp less than 0 milliseconds before `now`. Check the clock"),
    (Test::Equal, Refusal::Content, "claims.data object: JSON with each member once"),
    (Test::Equal, Refusal::Content, "claims.data.data object: JSON with each member once"),
    (Test::Event, Refusal::Content, "claims.data.eventType an event of OAuth apps, as entityFqdn and slug"),
    (Test::Text, Refusal::Content, "claims.data.data.id text"),
    (Test::Text, Refusal::Content, "claims.data.data.entityId text"),
    (Test::Text, Refusal::Content, "claims.data.instanceId text"),
    (Test::Digits, Refusal::Content, "claims.data.data.entityEventSequence digits"),
];

/// Returns the first fault of some facts. `first` is the index of the first one.
pub fn fault<C>(first: usize, facts: &Value) -> Option<Box<Error<C>>> {
    for ((test, refusal, rule), fact) in FACTS.iter().skip(first).zip(facts.elements()) {
        let (field, wanted) = until(rule, " ");
        let wanted = after(wanted, 1);
        let text = fact.as_str().unwrap_or_default();
        let number = if let Value::Number(number) = fact { *number } else { f64::NAN };
        let is_valid = match test {
            Test::Equal => text == until(wanted, ":").0,
            Test::Text => !text.is_empty(),
            Test::Digits => !text.is_empty() && all(text, |byte| byte.is_ascii_digit()),
            Test::Positive => number >= 0.0,
            Test::Event => is_event(text),
            Test::Length => number <= MAX_LENGTH,
            Test::Bits => number >= 2048.0,
            Test::Age => number <= 0.0,
            Test::Ahead => number.is_nan() || number <= MAX_SKEW,
            Test::Over => number.is_nan() || number < 0.0,
        };
        if !is_valid {
            let (code, status) = match refusal {
                Refusal::Method => (Code::InvalidArgument, 405),
                Refusal::Length => (Code::InvalidArgument, 413),
                Refusal::Option => (Code::InvalidArgument, 500),
                Refusal::Signature => (Code::InvalidSignature, 401),
                Refusal::Time => (Code::Expired, 401),
                Refusal::Content => (Code::InvalidArgument, 401),
            };
            let fact = match fact {
                Value::String(text) => excerpt(text),
                Value::Number(_) => fact.to_json(),
                _ => fact.kind().to_owned(),
            };
            let message = fill("is {}, must be {}", &[&fact, wanted]);
            let mut error = Error::refused(code, "readWebhook", vec![Violation::error(field, rule::FORMAT, message)]);
            error.status = Some(status);
            return Some(error);
        }
    }
    None
}

fn is_event(fact: &str) -> bool {
    for (slug, app) in [("created", "object"), ("updated", "object"), ("deleted", "undefined")] {
        if fact == concat(&[EVENT, slug, " ", EVENT, slug, " ", app]) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
