use serde_json::{Value as Json, json};

use crate::validate::{violations_of_draft, violations_of_patch};
use crate::value::tests::value;

/// Returns the warnings on the lists, as `field RULE`.
fn warnings(given: &Json, is_patch: bool) -> Vec<String> {
    let check = if is_patch { violations_of_patch } else { violations_of_draft };
    let found = check(&value(given.clone()), None).0;
    let of_lists = found.iter().filter(|found| ["NO_DOMAINS", "LIST_EMPTIED"].contains(&&*found.rule));
    of_lists
        .inspect(|found| assert!(!found.is_error()))
        .map(|found| format!("{} {}", found.field, found.rule))
        .collect()
}

#[test]
fn redirect_uris_without_a_domain() {
    let (uris, domains) = (json!(["https://shop.example.com/cb"]), json!(["shop.example.com"]));
    for (given, in_draft, in_patch) in [
        (json!({ "allowedRedirectUris": uris }), true, false),
        (json!({ "allowedRedirectUris": uris, "allowedRedirectDomains": [] }), true, true),
        (json!({ "allowedRedirectUris": uris, "allowedRedirectDomains": domains }), false, false),
        (json!({ "allowedRedirectUris": [] }), false, false),
        (json!({ "allowedRedirectDomains": domains }), false, false),
        (json!({ "allowedRedirectUris": ["http://localhost:3000/cb", "http://127.0.0.9/cb"] }), false, false),
        (json!({ "allowedRedirectUris": ["com.example.app:/cb"] }), false, false),
        (json!({ "allowedRedirectUris": ["http://localhost:3000/cb", "https://shop.example.com/cb"] }), true, false),
        (json!({ "allowedRedirectUris": ["not one", 5] }), false, false),
    ] {
        for (is_patch, expected) in [(false, in_draft), (true, in_patch)] {
            let found = warnings(&given, is_patch);
            let is_told = found.contains(&"allowedRedirectDomains NO_DOMAINS".to_owned());
            assert_eq!(is_told, expected, "patch: {is_patch}, {given}: {found:?}");
        }
    }
}

#[test]
fn a_list_that_a_patch_empties() {
    for list in ["allowedRedirectUris", "allowedRedirectDomains"] {
        for nothing in [json!([]), Json::Null] {
            let given = json!({ list: nothing });
            assert_eq!(warnings(&given, true), [format!("{list} LIST_EMPTIED")]);
        }
    }
    let both = json!({ "allowedRedirectUris": null, "allowedRedirectDomains": null });
    assert_eq!(warnings(&both, true), ["allowedRedirectUris LIST_EMPTIED", "allowedRedirectDomains LIST_EMPTIED"]);
    // A draft has nothing yet that could be lost.
    assert!(warnings(&json!({ "allowedRedirectUris": [], "allowedRedirectDomains": [] }), false).is_empty());
}

#[test]
fn the_message_names_the_host_to_add() {
    let given = json!({ "name": "Shop", "allowedRedirectUris": ["https://shop.example.com/cb"] });
    let found = violations_of_draft(&value(given), None).0;
    assert!(found[0].message.ends_with("such as shop.example.com"), "{}", found[0].message);
}
