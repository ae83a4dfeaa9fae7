//! The ID of an app, and the schema compared with the API reference.

use super::{FIELDS, OAuthAppId, field, is_guid};
use crate::value::Value;
use crate::value::tests::KINDS;

#[test]
fn only_a_guid_is_an_id() {
    for (text, is_id) in [
        ("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", true),
        ("13F5E2AB-8E4F-4A0B-9C64-0D2C1C0E8F11", true),
        ("00000000-0000-0000-0000-000000000000", true),
        ("", false),
        ("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f1", false),
        ("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f111", false),
        ("13f5e2ab8e4f4a0b9c640d2c1c0e8f11", false),
        ("{13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11}", false),
        (" 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", false),
        ("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11\n", false),
        ("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8fg1", false),
        ("13f5e2ab_8e4f_4a0b_9c64_0d2c1c0e8f11", false),
        ("13f5e2ab-8e4f-4a0b-9c64/../../secrets", false),
        // 36 bytes, and no byte of a longer character may pass for a digit.
        ("13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f\u{e9}", false),
        ("query", false),
    ] {
        assert_eq!(is_guid(text), is_id, "{text:?}");
        let read = OAuthAppId::read(&Value::from(text));
        assert_eq!(read.as_ref().map(OAuthAppId::as_str).ok(), is_id.then_some(text), "{text:?}");
        if let Err(violation) = read {
            assert_eq!((violation.field.as_str(), &*violation.rule), ("id", "FORMAT"), "{text:?}");
        }
    }
}

#[test]
fn the_message_names_the_type_of_a_wrong_id() {
    for (content, kind) in KINDS.into_iter().filter(|(_, kind)| *kind != "a string") {
        let violation = OAuthAppId::read(&content).unwrap_err();
        assert_eq!((violation.field.as_str(), &*violation.rule), ("id", "TYPE"));
        assert_eq!(violation.message, format!("must be a string, is {kind}"));
    }
}

#[test]
fn the_schema_names_every_field_of_the_api_once() {
    let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    assert_eq!(
        names,
        [
            "id",
            "createdDate",
            "name",
            "description",
            "secret",
            "loginUrl",
            "allowedRedirectUris",
            "allowedRedirectDomains",
            "allowedDomains",
            "origin",
            "allowSecretGeneration",
            "logoutUrl",
            "applicationType",
            "technology",
            "wixPagesDomainsMappings",
            "redirectUrlWixPages",
        ]
    );
    let read_only: Vec<&str> = FIELDS.iter().filter(|field| field.read_only).map(|field| field.name).collect();
    assert_eq!(read_only, ["id", "createdDate", "secret"]);
    assert_eq!(field("Name"), None);
}
