//! Webhooks: events that the service posts as signed tokens (RFC 7515, RFC 7519).
//!
//! The facade decodes a token and verifies it with RS256, whatever algorithm the token names. It reports facts, and [`fault`]
//! returns the first one that breaks its rule.

use crate::api::{Code, Error};
use crate::text::{after, all, excerpt, fill, until};
use crate::value::Value;

/// The letter of a condition: what a fact must be. A capital is for a fact that is a number.
macro_rules! condition {
    // The JSON before the colon in what the rule wants.
    (equal) => {
        'e'
    };
    // One of `EVENTS`.
    (event) => {
        'o'
    };
    // Not empty.
    (text) => {
        't'
    };
    (digits) => {
        'd'
    };
    // At most the longest body.
    (short) => {
        'L'
    };
    // At least the bits of a key (RFC 7518 §3.3).
    (strong) => {
        'B'
    };
    (not_negative) => {
        'N'
    };
    (negative) => {
        'P'
    };
    (at_most_zero) => {
        'A'
    };
    (at_most_a_minute) => {
        'M'
    };
}

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

/// Rules as one text, a line each: the letters of the condition and the refusal, the name of the fact, and what it must be.
/// A table of structures takes 150 to 430 bytes more of the gzipped client (`npm run build`).
macro_rules! rules {
    ($($condition:ident $refusal:ident $field:literal $wanted:literal)+) => {
        concat!($(condition!($condition), refusal!($refusal), $field, " ", $wanted, "\n"),+)
    };
}

/// The rules of each step: of the request, its body, the key, and the token. The facade names a step by its index here, and
/// reports the facts in the order of the rules.
const RULES: [&str; 4] = [
    rules! {
        equal method "method" "\"POST\""
    },
    rules! {
        equal content "body" "\"string\": the text of the request"
        short too_long "body.length" "at most 2097152"
        equal content "body" "\"token\": three base64url parts"
    },
    rules! {
        equal option "publicKey" "\"public RSASSA-PKCS1-v1_5 SHA-256 verify\": an RSA key as PEM or CryptoKey"
        strong option "publicKey.modulusLength" "at least 2048"
    },
    rules! {
        equal signature "header.alg" "\"RS256\""
        equal signature "header.crit" "undefined: no extension is supported"
        equal signature "signature" "true: by publicKey, of the body as it arrived"
        not_negative option "tolerance" "a number of milliseconds"
        not_negative option "now" "a Date or milliseconds since 1970"
        not_negative content "claims.iat" "a number of seconds"
        at_most_zero time "claims.iat" "at most 0 milliseconds beyond `tolerance`: check the clock"
        at_most_a_minute time "claims.iat" "at most 60000 milliseconds after `now`: check the clock"
        at_most_a_minute time "claims.nbf" "at most 60000 milliseconds after `now`: check the clock"
        negative time "claims.exp" "at most -1 milliseconds before `now`: check the clock"
        event content "claims.data.eventType" "an event of OAuth apps"
        text content "claims.data.instanceId" "text"
        text content "claims.data.data.id" "text"
        text content "claims.data.data.entityId" "text"
        text content "claims.data.data.eventTime" "text"
        digits content "claims.data.data.entityEventSequence" "digits"
    },
];

/// The events: the type, the type again as entity and slug, and the JavaScript type of the app.
const EVENTS: [&str; 3] = [
    "\"wix.headless.v1.o_auth_app_created wix.headless.v1.o_auth_app_created object\"",
    "\"wix.headless.v1.o_auth_app_updated wix.headless.v1.o_auth_app_updated object\"",
    "\"wix.headless.v1.o_auth_app_deleted wix.headless.v1.o_auth_app_deleted undefined\"",
];

/// Returns the fault of the first fact that breaks its rule. Rules without a fact are not checked.
///
/// `facts` has a line of JSON for each fact that is not a number; JSON has no line breaks in its texts. The numbers are in
/// milliseconds (`tolerance`, `now`) and in seconds (the claims). For a body or a key, the first number is its length.
pub fn fault<C>(
    step: usize,
    mut facts: &str,
    [tolerance, now, issued, not_before, expires]: [f64; 5],
) -> Option<Box<Error<C>>> {
    let after_now = |seconds: f64| seconds * 1_000.0 - now;
    let ahead = after_now(issued);
    let numbers = [tolerance, now, issued, -ahead - tolerance, ahead, after_now(not_before), -after_now(expires)];
    let mut numbers = numbers.iter();
    let mut rules = *RULES.get(step)?;
    loop {
        let (rule, rest) = until(rules, "\n");
        rules = after(rest, 1);
        let &[condition, refusal, ..] = rule.as_bytes() else { return None };
        let (field, wanted) = until(after(rule, 2), " ");
        let (mut fact, mut number) = ("", 0.0);
        if condition.is_ascii_uppercase() {
            number = *numbers.next()?;
        } else if facts.is_empty() {
            return None;
        } else {
            (fact, facts) = until(facts, "\n");
            facts = after(facts, 1);
        }
        let is_text = fact.len() > 2 && fact.as_bytes().first() == Some(&b'"');
        let is_valid = match char::from(condition) {
            condition!(equal) => fact == after(until(wanted, ":").0, 1),
            condition!(event) => EVENTS.contains(&fact),
            condition!(digits) => is_text && all(fact, |byte| matches!(byte, b'"' | b'0'..=b'9')),
            condition!(short) => number <= 2_097_152.0,
            condition!(strong) => number >= 2_048.0,
            condition!(not_negative) => number >= 0.0,
            condition!(negative) => number < 0.0,
            condition!(at_most_zero) => number <= 0.0,
            condition!(at_most_a_minute) => number <= 60_000.0,
            _ => is_text,
        };
        if !is_valid {
            let (code, status) = match char::from(refusal) {
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
            let mut error = Error::refused(code, "readWebhook", Vec::new());
            error.message = fill("{} is {}, must be{}", &[field, &fact, wanted]);
            error.status = Some(status);
            return Some(error);
        }
    }
}

#[cfg(test)]
mod tests;
