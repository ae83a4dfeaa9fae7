use super::{EVENTS, fault};
use crate::api::{Code, Error};

const METHOD: usize = 0;
const BODY: usize = 1;
const KEY: usize = 2;
const TOKEN: usize = 3;

const HOUR: f64 = 3_600_000.0;
const NOW: f64 = 1_767_225_600_000.0;
/// The times of valid claims: tolerance, now, `iat`, and `nbf` and `exp` if the claims have none.
const TIMES: [f64; 5] = [HOUR, NOW, NOW / 1_000.0, 0.0, f64::INFINITY];
/// The facts of a valid token.
const FACTS: [&str; 9] = [
    r#""RS256""#,
    "undefined",
    "true",
    r#""wix.headless.v1.o_auth_app_created wix.headless.v1.o_auth_app_created object""#,
    r#""an instance""#,
    r#""an ID""#,
    r#""an app""#,
    r#""2026-01-01T00:00:00Z""#,
    r#""7""#,
];

fn check(first: usize, facts: &[&str], number: f64) -> Option<Box<Error<()>>> {
    fault(first, &facts.join("\n"), [number, f64::NAN, f64::NAN, f64::NAN, f64::NAN])
}

/// Returns the fault of claims in which one fact is another.
fn fault_with(at: usize, fact: &str) -> Option<Box<Error<()>>> {
    let mut facts = FACTS;
    facts[at] = fact;
    fault(TOKEN, &facts.join("\n"), TIMES)
}

/// Returns the fault of claims in which one time is another.
fn fault_at(at: usize, time: f64) -> Option<Box<Error<()>>> {
    let mut times = TIMES;
    times[at] = time;
    fault(TOKEN, &FACTS.join("\n"), times)
}

#[track_caller]
fn assert_fault(fault: Option<Box<Error<()>>>, code: Code, status: u16, message: &str) {
    let fault = fault.expect("a fault");
    assert_eq!((fault.code, fault.status, fault.operation), (code, Some(status), "readWebhook"));
    assert!(fault.message.starts_with(message), "{}", fault.message);
}

#[test]
fn accepts_valid_claims() {
    for event in EVENTS {
        assert!(fault_with(3, event).is_none(), "{event}");
    }
}

#[test]
fn takes_no_algorithm_from_the_token() {
    for algorithm in
        [r#""none""#, r#""HS256""#, r#""RS512""#, r#""rs256""#, r#""""#, "undefined", "null", r#"["RS256"]"#]
    {
        let message = format!("header.alg is {algorithm}, must be \"RS256\"");
        assert_fault(fault_with(0, algorithm), Code::InvalidSignature, 401, &message);
    }
    let extended = fault_with(1, r#"["b64"]"#);
    assert_fault(extended, Code::InvalidSignature, 401, r#"header.crit is ["b64"], must be undefined: no extension"#);
}

#[test]
fn a_wrong_signature_comes_before_the_faults_of_the_claims() {
    assert_fault(fault_with(2, "false"), Code::InvalidSignature, 401, "signature is false, must be true: by publicKey");
    let all = fault(TOKEN, "\"RS256\"\nundefined\nfalse\nundefined\nundefined", [f64::NAN; 5]);
    assert_fault(all, Code::InvalidSignature, 401, "signature is false");
}

#[test]
fn bounds_the_times() {
    let seconds = NOW / 1_000.0;
    for (at, right, wrong, message) in [
        (2, seconds - 3_600.0, seconds - 3_601.0, "claims.iat is 1000, must be at most 0 milliseconds beyond"),
        (2, seconds + 60.0, seconds + 61.0, "claims.iat is 61000, must be at most 60000 milliseconds after"),
        (3, seconds + 60.0, seconds + 61.0, "claims.nbf is 61000, must be at most 60000 milliseconds after"),
        (4, seconds + 1.0, seconds, "claims.exp is 0, must be at most -1 milliseconds before"),
    ] {
        assert!(fault_at(at, right).is_none(), "{message}");
        assert_fault(fault_at(at, wrong), Code::Expired, 401, message);
    }
    assert_fault(fault_at(3, f64::NAN), Code::Expired, 401, "claims.nbf is null");
    assert_fault(fault_at(4, f64::NAN), Code::Expired, 401, "claims.exp is null");
    for (at, status, field) in [(0, 500, "tolerance"), (1, 500, "now"), (2, 401, "claims.iat")] {
        assert_fault(fault_at(at, -1.0), Code::InvalidArgument, status, &format!("{field} is -1, must be a"));
        assert_fault(fault_at(at, f64::NAN), Code::InvalidArgument, status, &format!("{field} is null"));
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
        let fault = fault_with(3, &format!("\"{event}\""));
        assert_fault(fault, Code::InvalidArgument, 401, "claims.data.eventType is ");
    }
}

#[test]
fn requires_the_members_of_an_event() {
    for (at, field) in [
        (4, "claims.data.instanceId"),
        (5, "claims.data.data.id"),
        (6, "claims.data.data.entityId"),
        (7, "claims.data.data.eventTime"),
        (8, "claims.data.data.entityEventSequence"),
    ] {
        for value in ["undefined", "null", "1", "{}", r#"["1"]"#, r#""""#] {
            assert_fault(fault_with(at, value), Code::InvalidArgument, 401, &format!("{field} is {value}, must be"));
        }
    }
    for sequence in ["-1", "1.5", " 1", "1e3", "x", "\\\""] {
        let fault = fault_with(8, &format!("\"{sequence}\""));
        assert_fault(fault, Code::InvalidArgument, 401, "claims.data.data.entityEventSequence is ");
    }
}

#[test]
fn refuses_requests_by_method_type_length_and_form() {
    assert!(check(METHOD, &[r#""POST""#], f64::NAN).is_none());
    let method = check(METHOD, &[r#""GET""#], f64::NAN);
    assert_fault(method, Code::InvalidArgument, 405, r#"method is "GET", must be "POST""#);
    let (text, token) = (r#""string""#, r#""token""#);
    assert!(check(BODY, &[text], 2_097_152.0).is_none());
    assert!(check(BODY, &[text, token], 2_097_152.0).is_none());
    let long = check(BODY, &[text, token], 2_097_153.0);
    assert_fault(long, Code::InvalidArgument, 413, "body.length is 2097153, must be at most 2097152");
    let object = check(BODY, &[r#""object""#, r#""text""#], f64::NAN);
    assert_fault(object, Code::InvalidArgument, 401, r#"body is "object", must be "string": the text"#);
    let garbage = check(BODY, &[text, r#""text""#], 7.0);
    assert_fault(garbage, Code::InvalidArgument, 401, r#"body is "text", must be "token": three base64url"#);
}

#[test]
fn accepts_only_keys_for_rs256_of_2048_bits() {
    let rs256 = r#""public RSASSA-PKCS1-v1_5 SHA-256 verify""#;
    assert!(check(KEY, &[rs256], 2_048.0).is_none());
    for key in [r#""private RSASSA-PKCS1-v1_5 SHA-256 verify""#, r#""public RSA-PSS SHA-256 verify""#, "undefined"] {
        assert_fault(check(KEY, &[key], 4_096.0), Code::InvalidArgument, 500, "publicKey is ");
    }
    let short = check(KEY, &[rs256], 1_024.0);
    assert_fault(short, Code::InvalidArgument, 500, "publicKey.modulusLength is 1024, must be at least 2048");
}

#[test]
fn the_message_shortens_what_the_token_says() {
    let event = format!("\"{}\"", "x".repeat(1_000));
    let fault = fault_with(3, &event).expect("a fault");
    assert!(fault.message.len() < 150, "{}", fault.message);
}
