//! Apps as the service returned them, sent back as an update or as the draft of a copy.

use serde_json::{Value as Json, json};

use super::lines;
use crate::app::{OAuthAppId, OAuthAppPatch};
use crate::validate::{Purpose, draft, fields, violations_of_draft, violations_of_patch};
use crate::value::Value;
use crate::value::tests::{object, value};
use crate::violation::Violation;

/// Fields with the warnings on them, or every violation.
type Read<T> = Result<(T, Vec<Violation>), Vec<Violation>>;

fn read(given: &Value, purpose: Purpose<'_>) -> Read<Vec<(String, Value)>> {
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    fields(given, purpose, None, &mut faults, &mut warnings).map(|fields| (fields, warnings)).ok_or(faults)
}

fn patch_of(id: &OAuthAppId, given: &Value) -> Read<OAuthAppPatch> {
    read(given, Purpose::Update(Some(id))).map(|(fields, warnings)| (OAuthAppPatch(fields), warnings))
}

fn wanted(given: &Value) -> Read<Vec<(String, Value)>> {
    read(given, Purpose::Ensure)
}

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";

/// Returns an app as a get gives it, with an unknown field.
fn app(changes: &Json) -> Value {
    let mut app = json!({
        "id": ID, "createdDate": "2026-03-01T12:00:00.000Z", "name": "Shop", "description": "Our shop",
        "secret": "[redacted]", "loginUrl": "", "logoutUrl": "", "allowedRedirectUris": ["https://shop.example.com/cb"],
        "allowedRedirectDomains": ["shop.example.com"], "allowedDomains": [], "origin": "other",
        "allowSecretGeneration": true, "applicationType": "WEB_APP", "technology": "SVELTE_KIT",
        "wixPagesDomainsMappings": [], "redirectUrlWixPages": "https://shop.example.com",
        "extendedFields": {"namespaces": {"@shop": {"tier": 3}}},
    });
    app.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    value(app)
}

fn id() -> OAuthAppId {
    OAuthAppId::read(&Value::from(ID)).unwrap()
}

fn errors(found: Vec<Violation>) -> Vec<String> {
    lines(&found.into_iter().filter(Violation::is_error).collect::<Vec<_>>())
}

#[test]
fn an_update_takes_the_app_and_sends_its_writable_fields() {
    let (patch, warnings) = patch_of(&id(), &app(&json!({"name": "New name"}))).unwrap();
    assert_eq!(lines(&warnings), [""; 0]);
    let names: Vec<&str> = patch.paths().collect();
    assert_eq!(names.len(), 13);
    for name in ["id", "createdDate", "secret", "extendedFields"] {
        assert!(!names.contains(&name), "{name} is not in the mask");
    }
    let sent = serde_json::to_value(patch.to_value(&id())).unwrap();
    assert_eq!(sent["extendedFields"]["namespaces"]["@shop"]["tier"], 3.0);
    assert_eq!((&sent["id"], &sent["name"], &sent["secret"]), (&json!(ID), &json!("New name"), &Json::Null));
}

#[test]
fn a_copy_takes_the_app_without_the_read_only_fields() {
    for changes in [json!({}), json!({"description": null, "loginUrl": null, "secret": {}})] {
        let (draft, warnings) = draft(&app(&changes), None).unwrap();
        assert_eq!(lines(&warnings), [""; 0]);
        for name in ["id", "createdDate", "secret"] {
            assert_eq!(draft.to_value().get(name), None);
        }
        assert!(draft.members().iter().all(|(_, value)| *value != Value::Null));
        assert!(draft.to_value().get("extendedFields").is_some());
    }
}

#[test]
fn a_misspelt_field_is_refused_in_an_app_too() {
    for (name, meant) in [
        ("redirectUris", "allowedRedirectUris"),
        ("allowedRedirectUri", "allowedRedirectUris"),
        ("Name", "name"),
        ("title", "name"),
        ("tecnology", "technology"),
        ("logoutURL", "logoutUrl"),
    ] {
        let given = app(&json!({name: "x"}));
        let expected = [format!("{name} UNKNOWN_FIELD -> {meant}")];
        assert_eq!(errors(patch_of(&id(), &given).unwrap_err()), expected);
        assert_eq!(errors(draft(&given, None).unwrap_err()), expected);
        assert_eq!(errors(wanted(&given).unwrap_err()), expected);
    }
}

#[test]
fn read_only_fields_of_another_app_are_refused() {
    let other = "00000000-0000-4000-8000-000000000000";
    let found = patch_of(&id(), &app(&json!({"id": other}))).unwrap_err();
    assert_eq!(errors(found.clone()), ["id READ_ONLY"]);
    assert!(found[0].message.contains(ID), "{}", found[0].message);
    // An ID is the same in any case.
    assert!(patch_of(&id(), &app(&json!({"id": ID.to_uppercase()}))).is_ok());
    for (given, expected) in [
        (json!({"id": "x", "name": "Shop"}), "id READ_ONLY"),
        (json!({"id": null, "name": "Shop"}), "id READ_ONLY"),
        (json!({"createdDate": 5, "name": "Shop"}), "createdDate READ_ONLY"),
        (json!({"secret": "s", "name": "Shop"}), "secret READ_ONLY"),
        (json!({"id": ID, "createdDate": 5, "name": "Shop"}), "createdDate READ_ONLY"),
        (json!({"id": ID, "createdDate": "yesterday", "name": "Shop"}), "createdDate READ_ONLY"),
        (json!({"id": ID, "secret": 5, "name": "Shop"}), "secret READ_ONLY"),
    ] {
        assert_eq!(errors(patch_of(&id(), &value(given.clone())).unwrap_err()), [expected], "{given}");
        assert_eq!(errors(violations_of_patch(&value(given.clone()), None).0), [expected], "{given}");
        assert_eq!(errors(violations_of_draft(&value(given.clone()), None).0), [expected], "{given}");
    }
    // A draft with an ID that is not a whole app is probably a mistake.
    for (name, content) in [("id", ID), ("createdDate", "2026-03-01T12:00:00.000Z"), ("secret", "[redacted]")] {
        let given = value(json!({name: content, "name": "Shop"}));
        assert_eq!(lines(&violations_of_draft(&given, None).0), [format!("{name} READ_ONLY (warning)")]);
        if name != "id" {
            assert_eq!(errors(violations_of_patch(&given, None).0), [format!("{name} READ_ONLY")]);
        }
    }
    // An update of nothing but the ID changes nothing.
    let found = patch_of(&id(), &value(json!({"id": ID}))).unwrap_err();
    assert_eq!(lines(&found), [" EMPTY_PATCH"]);
}

#[test]
fn values_that_a_request_cannot_carry_exactly_are_left_out() {
    let odd = [
        ("half", Value::Number(0.5)),
        ("nested", Value::Array(vec![object([("deep", Value::Foreign("nested too deeply, or cyclic"))])])),
    ];
    for (name, content) in odd {
        let mut members = app(&json!({})).members().to_vec();
        members.push((name.to_owned(), content));
        let (patch, _) = patch_of(&id(), &Value::Object(members)).unwrap();
        assert_eq!(patch.to_value(&id()).get(name), None);
    }
}

#[test]
fn null_clears_a_field_of_a_wanted_app_but_never_the_name() {
    let (fields, _) =
        wanted(&value(json!({"name": "Shop", "description": null, "allowedRedirectUris": null}))).unwrap();
    assert_eq!(fields.len(), 3);
    assert_eq!(errors(wanted(&value(json!({"name": null}))).unwrap_err()), ["name REQUIRED_FIELD"]);
    assert_eq!(
        errors(wanted(&value(json!({"name": "Shop", "nme": null}))).unwrap_err()),
        ["nme UNKNOWN_FIELD -> name"]
    );
    assert_eq!(
        errors(draft(&value(json!({"name": "Shop", "description": null})), None).unwrap_err()),
        ["description TYPE"]
    );
}
