//! Webhooks: events that the service posts as signed tokens (RFC 7515, RFC 7519).
//!
//! The facade decodes a token and verifies it with RS256, whatever algorithm the token names. It reports facts, and [`fault`]
//! returns the first one that breaks its rule.

use crate::api::{Code, Error};
use crate::text::{after, all, excerpt, fill, until};
use crate::value::Value;

/// The rules of each step: of the request, its body, the key, and the token. The facade names a step by its index here, and
/// reports the facts in the order of the rules.
///
/// A rule is a line of text, which takes less space than a structure: a condition, a kind of refusal, the name of the fact,
/// and what it must be. The conditions:
///
/// - `e` equal to the JSON before the colon, `o` one of [`EVENTS`], `t` a text that is not empty, `d` a text of digits
/// - of numbers: `L` at most the longest body, `B` at least the bits of a key (RFC 7518 §3.3), `N` not negative, `A` at most
///   0, `M` at most a minute, `P` negative
///
/// The kinds of refusals: `m` method, `l` length, `o` a wrong option, after which the service is to send the webhook again,
/// `s` signature, `t` time, `c` content.
const RULES: [&str; 4] = [
    "emmethod \"POST\"",
    "ecbody \"string\": the text of the request
Llbody.length at most 2097152
ecbody \"token\": three base64url parts",
    "eopublicKey \"public RSASSA-PKCS1-v1_5 SHA-256 verify\": an RSA key as PEM or CryptoKey
BopublicKey.modulusLength at least 2048",
    "esheader.alg \"RS256\"
esheader.crit undefined: no extension is supported
essignature true: by publicKey, of the body as it arrived
Notolerance a number of milliseconds
Nonow a Date or milliseconds since 1970
Ncclaims.iat a number of seconds
Atclaims.iat at most 0 milliseconds beyond `tolerance`: check the clock
Mtclaims.iat at most 60000 milliseconds after `now`: check the clock
Mtclaims.nbf at most 60000 milliseconds after `now`: check the clock
Ptclaims.exp at most -1 milliseconds before `now`: check the clock
occlaims.data.eventType an event of OAuth apps
tcclaims.data.instanceId text
tcclaims.data.data.id text
tcclaims.data.data.entityId text
tcclaims.data.data.eventTime text
dcclaims.data.data.entityEventSequence digits",
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
        let is_valid = match condition {
            b'e' => fact == after(until(wanted, ":").0, 1),
            b'o' => EVENTS.contains(&fact),
            b'd' => is_text && all(fact, |byte| matches!(byte, b'"' | b'0'..=b'9')),
            b'L' => number <= 2_097_152.0,
            b'B' => number >= 2_048.0,
            b'N' => number >= 0.0,
            b'A' => number <= 0.0,
            b'M' => number <= 60_000.0,
            b'P' => number < 0.0,
            _ => is_text,
        };
        if !is_valid {
            let (code, status) = match refusal {
                b'm' => (Code::InvalidArgument, 405),
                b'l' => (Code::InvalidArgument, 413),
                b'o' => (Code::InvalidArgument, 500),
                b's' => (Code::InvalidSignature, 401),
                b't' => (Code::Expired, 401),
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
