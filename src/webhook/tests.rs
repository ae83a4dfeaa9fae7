use super::{EVENTS, RULES, fault};
use crate::api::{Code, Error};

// The first rules of each step, as in `pkg-template/src/webhook.ts`.
const METHOD: usize = 0;
const BODY: usize = 1;
const KEY: usize = 4;
const TOKEN: usize = 6;

/// The facts of a valid token in the order of the rules; the empty ones are numbers.
const FACTS: [&str; 16] = [
    r#""RS256""#,
    "undefined",
    "true",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    r#""wix.headless.v1.o_auth_app_created wix.headless.v1.o_auth_app_created object""#,
    r#""an instance""#,
    r#""an ID""#,
    r#""an app""#,
    r#""2026-01-01T00:00:00Z""#,
    r#""7""#,
];

const HOUR: f64 = 3_600_000.0;
const NOW: f64 = 1_767_225_600_000.0;

/// Returns the fault of a fact that is not a number.
fn check(rule: usize, fact: &str) -> Option<Box<Error<()>>> {
    fault(rule, fact, f64::NAN, NOW, HOUR)
}

/// Returns the fault of a number.
fn check_number(rule: usize, number: f64) -> Option<Box<Error<()>>> {
    fault(rule, "", number, NOW, HOUR)
}

#[track_caller]
fn assert_fault(fault: Option<Box<Error<()>>>, code: Code, status: u16, message: &str) {
    let fault = fault.expect("a fault");
    assert_eq!((fault.code, fault.status, fault.operation), (code, Some(status), "readWebhook"));
    assert!(fault.message.starts_with(message), "{}", fault.message);
}

#[test]
fn accepts_the_facts_of_a_valid_token() {
    assert_eq!(RULES.len(), TOKEN + FACTS.len());
    for (at, fact) in FACTS.iter().enumerate().filter(|(_, fact)| !fact.is_empty()) {
        assert!(check(TOKEN + at, fact).is_none(), "{fact}");
    }
    for event in EVENTS {
        assert!(check(TOKEN + 10, event).is_none(), "{event}");
    }
}

#[test]
fn a_rule_refuses_the_facts_of_the_others() {
    for (rule, words) in RULES.iter().enumerate() {
        for fact in ["", "null", "undefinedly", "\"", "{}", "[object Object]"] {
            assert!(check(rule, fact).is_some(), "{words}: {fact}");
        }
        assert!(words.contains("beyond") || check_number(rule, f64::INFINITY).is_none() == words.contains("at least"));
    }
    assert!(check(RULES.len(), "").is_none());
}

#[test]
fn takes_no_algorithm_from_the_token() {
    for algorithm in
        [r#""none""#, r#""HS256""#, r#""RS512""#, r#""rs256""#, r#""""#, "undefined", "null", r#"["RS256"]"#, "RS256"]
    {
        let message = format!("header.alg is {algorithm}, must be \"RS256\"");
        assert_fault(check(TOKEN, algorithm), Code::InvalidSignature, 401, &message);
    }
    for (fact, start) in
        [(r#""RS256": x"#, r#""RS256": x"#), (r#""RS25"#, r#""RS25"#), ("\"RS256\"\nheader.alg", "\"RS256\"header.alg")]
    {
        assert_fault(check(TOKEN, fact), Code::InvalidSignature, 401, &format!("header.alg is {start}, must be"));
    }
    let extended = check(TOKEN + 1, r#"["b64"]"#);
    assert_fault(extended, Code::InvalidSignature, 401, r#"header.crit is ["b64"], must be undefined: no extension"#);
    let forged = check(TOKEN + 2, "false");
    assert_fault(forged, Code::InvalidSignature, 401, "signature is false, must be true: by publicKey");
}

#[test]
fn bounds_the_times() {
    let seconds = NOW / 1_000.0;
    for (at, code, status, right, wrong, message) in [
        (3, Code::InvalidArgument, 500, 0.0, -1.0, "tolerance is -1, must be at least 0 milliseconds"),
        (4, Code::InvalidArgument, 500, 0.0, -1.0, "now is -1, must be at least 0: a Date or milliseconds since 1970"),
        (5, Code::InvalidArgument, 401, 0.0, -1.0, "claims.iat is -1, must be at least 0 seconds"),
        (
            6,
            Code::Expired,
            401,
            seconds - 3_600.0,
            seconds - 3_601.0,
            "claims.iat is 1000, must be at most 0 milliseconds beyond",
        ),
        (
            7,
            Code::Expired,
            401,
            seconds + 60.0,
            seconds + 61.0,
            "claims.iat is 61000, must be at most 60000 milliseconds after",
        ),
        (
            8,
            Code::Expired,
            401,
            seconds + 60.0,
            seconds + 61.0,
            "claims.nbf is 61000, must be at most 60000 milliseconds after",
        ),
        (9, Code::Expired, 401, seconds + 1.0, seconds, "claims.exp is 0, must be at least 1 milliseconds after `now`"),
    ] {
        assert!(check_number(TOKEN + at, right).is_none(), "{message}");
        assert_fault(check_number(TOKEN + at, wrong), code, status, message);
        let (field, _) = message.split_once(' ').expect("a field");
        assert_fault(check_number(TOKEN + at, f64::NAN), code, status, &format!("{field} is null, must be at"));
        assert_fault(check(TOKEN + at, r#""soon""#), code, status, &format!("{field} is \"soon\", must be at"));
    }
}

#[test]
fn refuses_events_of_others_and_events_that_contradict_themselves() {
    let prefix = "wix.headless.v1.o_auth_app_";
    for event in [
        "wix.stores.v1.product_created wix.stores.v1.product_created object".to_owned(),
        format!("{prefix}created {prefix}deleted object"),
        format!("{prefix}created {prefix}created undefined"),
        format!("{prefix}deleted {prefix}deleted object"),
        format!("{prefix}renamed {prefix}renamed object"),
        "undefined undefined_undefined undefined".to_owned(),
    ] {
        let fault = check(TOKEN + 10, &format!("\"{event}\""));
        assert_fault(fault, Code::InvalidArgument, 401, "claims.data.eventType is ");
    }
}

#[test]
fn requires_the_members_of_an_event() {
    for (at, field) in [
        (11, "claims.data.instanceId"),
        (12, "claims.data.data.id"),
        (13, "claims.data.data.entityId"),
        (14, "claims.data.data.eventTime"),
        (15, "claims.data.data.entityEventSequence"),
    ] {
        for value in ["undefined", "null", "{}", r#"["1"]"#, r#""""#] {
            let message = format!("{field} is {value}, must be");
            assert_fault(check(TOKEN + at, value), Code::InvalidArgument, 401, &message);
        }
        assert_fault(check_number(TOKEN + at, 1.0), Code::InvalidArgument, 401, &format!("{field} is 1, must be"));
    }
    for sequence in ["-1", "1.5", " 1", "1e3", "x", "1\"2", "\"", "\"\"", "1\n"] {
        let fault = check(TOKEN + 15, &format!("\"{sequence}\""));
        assert_fault(fault, Code::InvalidArgument, 401, "claims.data.data.entityEventSequence is ");
    }
}

#[test]
fn refuses_requests_by_method_type_length_and_form() {
    assert!(check(METHOD, r#""POST""#).is_none());
    let method = check(METHOD, r#""GET""#);
    assert_fault(method, Code::InvalidArgument, 405, r#"method is "GET", must be "POST""#);
    assert!(check(BODY, r#""string""#).is_none());
    let object = check(BODY, r#""object""#);
    assert_fault(object, Code::InvalidArgument, 401, r#"body is "object", must be "string": the text"#);
    assert!(check_number(BODY + 1, 2_097_152.0).is_none());
    let long = check_number(BODY + 1, 2_097_153.0);
    assert_fault(long, Code::InvalidArgument, 413, "body.length is 2097153, must be at most 2097152");
    assert!(check(BODY + 2, r#""token""#).is_none());
    let garbage = check(BODY + 2, r#""text""#);
    assert_fault(garbage, Code::InvalidArgument, 401, r#"body is "text", must be "token": three base64url"#);
}

#[test]
fn accepts_only_keys_for_rs256_of_2048_bits() {
    assert!(check(KEY, r#""public RSASSA-PKCS1-v1_5 SHA-256 verify""#).is_none());
    for key in [r#""private RSASSA-PKCS1-v1_5 SHA-256 verify""#, r#""public RSA-PSS SHA-256 verify""#, "undefined"] {
        assert_fault(check(KEY, key), Code::InvalidArgument, 500, "publicKey is ");
    }
    assert!(check_number(KEY + 1, 2_048.0).is_none());
    let short = check_number(KEY + 1, 1_024.0);
    assert_fault(short, Code::InvalidArgument, 500, "publicKey.modulusLength is 1024, must be at least 2048");
    // The status of a failure.
    assert_fault(check_number(KEY, 0.0), Code::InvalidArgument, 500, "publicKey is 0");
}

#[test]
fn the_message_shortens_what_the_token_says() {
    let event = format!("\"{}\"", "x".repeat(1_000));
    let fault = check(TOKEN + 10, &event).expect("a fault");
    assert!(fault.message.len() < 150, "{}", fault.message);
}
