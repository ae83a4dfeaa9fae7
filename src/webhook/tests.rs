use super::fault;
use crate::api::{Code, Error};
use crate::value::Value;

const METHOD: usize = 0;
const BODY: usize = 1;
const KEY: usize = 3;
const TOKEN: usize = 5;

/// The facts of a valid token, with their names.
fn token() -> Vec<(&'static str, Value)> {
    let event = "wix.headless.v1.o_auth_app_created wix.headless.v1.o_auth_app_created object";
    vec![
        ("tolerance", Value::Number(3_600_000.0)),
        ("now", Value::Number(1_767_225_600_000.0)),
        ("header", "object".into()),
        ("alg", "RS256".into()),
        ("crit", "undefined".into()),
        ("parts", "token".into()),
        ("signature", "true".into()),
        ("claims", "object".into()),
        ("iat", Value::Number(1_767_225_600.0)),
        ("age", Value::Number(-3_600_000.0)),
        ("ahead", Value::Number(0.0)),
        ("nbf", Value::Foreign("not a finite number")),
        ("exp", Value::Foreign("not a finite number")),
        ("data", "object".into()),
        ("event", "object".into()),
        ("eventType", event.into()),
        ("id", "an ID".into()),
        ("entityId", "an ID".into()),
        ("instanceId", "an ID".into()),
        ("sequence", "7".into()),
    ]
}

fn check(first: usize, facts: Vec<Value>) -> Option<Box<Error<()>>> {
    fault(first, &Value::Array(facts))
}

/// Returns the fault of a token in which some facts are others.
fn fault_with(changes: &[(&str, Value)]) -> Option<Box<Error<()>>> {
    let mut facts = token();
    for (name, value) in changes {
        let fact = facts.iter_mut().find(|(known, _)| known == name);
        fact.expect("a fact of that name").1 = value.clone();
    }
    check(TOKEN, facts.into_iter().map(|(_, value)| value).collect())
}

#[track_caller]
fn assert_fault(fault: Option<Box<Error<()>>>, code: Code, status: u16, message: &str) {
    let fault = fault.expect("a fault");
    assert_eq!((fault.code, fault.status, fault.operation), (code, Some(status), "readWebhook"));
    assert!(fault.message.starts_with(message), "{}", fault.message);
    assert_eq!(fault.violations.len(), 1);
}

#[test]
fn accepts_a_valid_token() {
    assert!(fault_with(&[]).is_none());
    for (name, kind) in [("created", "object"), ("updated", "object"), ("deleted", "undefined")] {
        let event = format!("wix.headless.v1.o_auth_app_{name} wix.headless.v1.o_auth_app_{name} {kind}");
        assert!(fault_with(&[("eventType", event.as_str().into())]).is_none(), "{event}");
    }
}

#[test]
fn takes_no_algorithm_from_the_token() {
    for algorithm in ["none", "HS256", "RS512", "rs256", ""] {
        let message = format!("header.alg is {algorithm}, must be RS256");
        let fault = fault_with(&[("alg", algorithm.into()), ("signature", "false".into())]);
        assert_fault(fault, Code::InvalidSignature, 401, &message);
    }
    let missing = fault_with(&[("alg", Value::Foreign("undefined"))]);
    assert_fault(missing, Code::InvalidSignature, 401, "header.alg is undefined");
    let extended = fault_with(&[("crit", "object".into())]);
    assert_fault(extended, Code::InvalidSignature, 401, "header.crit is object, must be undefined");
}

#[test]
fn a_wrong_signature_comes_before_the_faults_of_the_claims() {
    let fault = fault_with(&[("signature", "false".into()), ("claims", "undefined".into()), ("id", Value::Null)]);
    assert_fault(fault, Code::InvalidSignature, 401, "signature is false, must be true: verified by publicKey");
}

#[test]
fn names_the_part_that_is_not_a_token_or_json() {
    let parts = fault_with(&[("parts", "text".into()), ("signature", "false".into())]);
    assert_fault(parts, Code::InvalidArgument, 401, "body is text, must be token: three parts in base64url");
    for (name, field) in
        [("header", "header"), ("claims", "claims"), ("data", "claims.data"), ("event", "claims.data.data")]
    {
        let message = format!("{field} is undefined, must be object: JSON with each member once");
        assert_fault(fault_with(&[(name, "undefined".into())]), Code::InvalidArgument, 401, &message);
    }
}

#[test]
fn bounds_the_times() {
    for (name, least_wrong, field) in [
        ("age", 1.0, "claims.iat"),
        ("ahead", 60_001.0, "claims.iat"),
        ("nbf", 60_001.0, "claims.nbf"),
        ("exp", 0.0, "claims.exp"),
    ] {
        let fault = fault_with(&[(name, Value::Number(least_wrong))]);
        assert_fault(fault, Code::Expired, 401, &format!("{field} is {least_wrong}, must be"));
        assert!(fault_with(&[(name, Value::Number(least_wrong - 1.0))]).is_none(), "{name}");
    }
    for name in ["now", "tolerance"] {
        for value in [Value::Number(-1.0), Value::Foreign("not a finite number")] {
            assert_fault(fault_with(&[(name, value)]), Code::InvalidArgument, 500, &format!("{name} is "));
        }
    }
    let missing = fault_with(&[("iat", Value::Foreign("undefined"))]);
    assert_fault(missing, Code::InvalidArgument, 401, "claims.iat is undefined, must be a number of seconds");
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
        let fault = fault_with(&[("eventType", event.as_str().into())]);
        assert_fault(fault, Code::InvalidArgument, 401, "claims.data.eventType is ");
    }
}

#[test]
fn requires_the_members_of_an_event() {
    for (name, field) in [
        ("id", "claims.data.data.id"),
        ("entityId", "claims.data.data.entityId"),
        ("instanceId", "claims.data.instanceId"),
        ("sequence", "claims.data.data.entityEventSequence"),
    ] {
        for value in [Value::Foreign("undefined"), Value::Null, Value::Number(1.0), "".into()] {
            assert_fault(fault_with(&[(name, value)]), Code::InvalidArgument, 401, &format!("{field} is "));
        }
    }
    for sequence in ["-1", "1.5", " 1", "1e3", "x"] {
        let fault = fault_with(&[("sequence", sequence.into())]);
        assert_fault(fault, Code::InvalidArgument, 401, "claims.data.data.entityEventSequence is ");
    }
}

#[test]
fn refuses_requests_by_method_type_and_length() {
    assert!(check(METHOD, vec!["POST".into()]).is_none());
    assert_fault(check(METHOD, vec!["GET".into()]), Code::InvalidArgument, 405, "method is GET, must be POST");
    assert!(check(BODY, vec!["string".into(), Value::Number(2_097_152.0)]).is_none());
    let long = check(BODY, vec!["string".into(), Value::Number(2_097_153.0)]);
    assert_fault(long, Code::InvalidArgument, 413, "body.length is 2097153, must be at most 2097152");
    let object = check(BODY, vec!["object".into(), Value::Foreign("undefined")]);
    assert_fault(object, Code::InvalidArgument, 401, "body is object, must be string");
}

#[test]
fn accepts_only_keys_for_rs256_of_2048_bits() {
    let rs256 = "public RSASSA-PKCS1-v1_5 SHA-256 verify";
    assert!(check(KEY, vec![rs256.into(), Value::Number(2048.0)]).is_none());
    for key in ["private RSASSA-PKCS1-v1_5 SHA-256 verify", "public RSA-PSS SHA-256 verify", "undefined"] {
        let fault = check(KEY, vec![key.into(), Value::Number(4096.0)]);
        assert_fault(fault, Code::InvalidArgument, 500, "publicKey is ");
    }
    let short = check(KEY, vec![rs256.into(), Value::Number(1024.0)]);
    assert_fault(short, Code::InvalidArgument, 500, "publicKey.modulusLength is 1024, must be at least 2048");
}

#[test]
fn the_message_shortens_what_the_token_says() {
    let fault = fault_with(&[("alg", "x".repeat(1_000).as_str().into())]).expect("a fault");
    assert!(fault.message.len() < 100, "{}", fault.message);
}
