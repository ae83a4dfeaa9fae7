//! Arguments of the operations: those that are refused before anything is sent, and those with a warning.

use serde_json::{Value as Json, json};

use super::{
    Code, ID, KINDS, OPERATIONS, Operation, Prepared, Script, Seen, Value, an_app, answer, by_key, call, lines, now,
    value,
};

#[test]
fn an_id_that_is_not_a_guid_never_reaches_a_path() {
    let client = by_key();
    let patch = value(json!({"name": "Shop"}));
    let texts = ["", "query", "../oauth2/token", "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11/", "%2e%2e"].map(Value::from);
    for id in texts.into_iter().chain(KINDS.map(|(value, _)| value)) {
        for operation in [Operation::Get, Operation::Update, Operation::Delete, Operation::GenerateSecret] {
            let refused: Prepared = client.call(operation, &id, &patch, &value(json!({})));
            let error = refused.unwrap_err();
            assert_eq!((error.code, error.operation), (Code::InvalidArgument, operation.as_str()), "{id:?}");
            let rule = if id.as_str().is_some() { "id FORMAT" } else { "id TYPE" };
            assert_eq!((error.attempts, lines(&error.violations)), (0, vec![rule.to_owned()]), "{id:?}");
        }
    }
}

#[test]
fn arguments_are_refused_with_every_violation_before_anything_is_sent() {
    let client = by_key();
    let rows: Vec<(Operation, &str, Value, &[&str], &str)> = vec![
        (
            Operation::Create,
            "",
            value(json!({"name": "x", "id": ID})),
            &["name OUT_OF_RANGE", "id READ_ONLY (warning)"],
            "name must have 2 to 256 characters, has 1",
        ),
        (Operation::Create, "", Value::Foreign("undefined"), &[" TYPE"], "must be an object, is undefined"),
        (
            Operation::Update,
            "x",
            value(json!({"nme": "x"})),
            &["id FORMAT", "nme UNKNOWN_FIELD -> name"],
            "id must be a GUID such as 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11: the app's ID, which is its client ID; is \"x\"; \
             nme is not a known field; did you mean name",
        ),
        (
            Operation::Update,
            ID,
            value(json!({})),
            &[" EMPTY_PATCH"],
            "the patch names no field; give at least one field to change",
        ),
        (
            Operation::Query,
            "",
            value(json!({"paging": {"limit": 0}})),
            &["paging.limit OUT_OF_RANGE"],
            "paging.limit must be a whole number from 1 to 4294967295",
        ),
        // A warning does not stop the call and is not in the message.
        (
            Operation::Create,
            "",
            value(json!({"loginUrl": "http://example.com/"})),
            &["name REQUIRED_FIELD", "loginUrl PLAIN_HTTP -> https://example.com/ (warning)"],
            "name is required, with 2 to 256 characters",
        ),
    ];
    for (operation, id, content, violations, message) in rows {
        let refused: Prepared = client.call(operation, &Value::from(id), &content, &value(json!({})));
        let error = refused.unwrap_err();
        assert_eq!((error.code, error.operation), (Code::InvalidArgument, operation.as_str()));
        assert_eq!(lines(&error.violations), violations);
        assert_eq!((error.message.as_str(), error.attempts), (message, 0));
    }
}

#[test]
fn a_warning_does_not_stop_a_write_and_is_emitted() {
    let draft = json!({"name": "Shop", "loginUrl": "http://example.com/", "allowedRedirectUris": ["https://example.com"],
            "allowedRedirectDomains": ["example.com"]});
    for (operation, line) in [(Operation::Create, "createOAuthApp"), (Operation::Update, "updateOAuthApp")] {
        let client = by_key();
        let host = Script::of([an_app()]);
        let call = client.call(operation, &Value::from(ID), &value(draft.clone()), &value(json!({}))).unwrap();
        now(client.perform(&host, call)).unwrap();
        let seen = host.seen.take();
        let [Seen::Warned(event), Seen::Sent { .. }] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((&event["type"], &event["operation"]), (&json!("warning"), &json!(line)));
        let found: Vec<&Json> = event["violations"].as_array().unwrap().iter().map(|found| &found["rule"]).collect();
        assert_eq!(found, ["PLAIN_HTTP", "NO_PATH"]);
    }
}

#[test]
fn a_call_without_a_warning_emits_none() {
    for operation in OPERATIONS {
        let client = by_key();
        let host = Script::of([answer(403, json!({}))]);
        now(client.perform(&host, call(&client, operation, &json!({})).unwrap())).unwrap_err();
        assert!(matches!(host.seen.take()[..], [Seen::Sent { .. }]), "{operation:?}");
    }
}

#[test]
fn faulty_options_of_a_call_name_the_operation() {
    for operation in OPERATIONS {
        let error = call(&by_key(), operation, &json!({"timeout": 0, "retries": 1})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::Config, operation.as_str(), 0));
        assert_eq!(lines(&error.violations), ["retries UNKNOWN_FIELD -> retry", "timeout OUT_OF_RANGE"]);
        assert!(error.message.starts_with("retries is no option; did you mean `retry`?; timeout "));
    }
}
