//! `allowRedirects` and `disallowRedirects`: changes of redirect lists that lose no entry.

mod queue;
mod writers;

use std::rc::Rc;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Body, Code, Error, HttpResponse, Operation};
use wix_oauth_apps::client::Failure;
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::Options;

use crate::network::{Network, Reply, Sent, answer, domain, lines, status, uri};

pub(super) const ALLOW: Operation = Operation::AllowRedirects;
pub(super) const DISALLOW: Operation = Operation::DisallowRedirects;

/// Returns an emulator with an app of these redirect URIs and one domain, and the app's ID.
pub(super) fn shop(uris: &[String]) -> (Rc<Network>, String) {
    shop_with(json!({}), uris)
}

pub(super) fn shop_with(options: Json, uris: &[String]) -> (Rc<Network>, String) {
    let draft = json!({
        "name": "Shop", "description": "Kept", "allowedRedirectUris": uris, "allowedRedirectDomains": [domain("old")],
    });
    let (network, [id]) = Network::with(Options::from_json(options).unwrap(), [draft]);
    (network, id)
}

pub(super) fn change(
    network: &Rc<Network>,
    operation: Operation,
    id: &str,
    entries: Json,
) -> Result<Json, Box<Error<Value>>> {
    network.perform(&network.client(json!({"timeout": 40})), operation, id, entries)
}

/// Returns the URIs of the app, and checks that its other fields are unchanged.
pub(super) fn uris(network: &Network, id: &str) -> Json {
    let app = network.app(id);
    assert_eq!((&app["name"], &app["description"]), (&json!("Shop"), &json!("Kept")));
    app["allowedRedirectUris"].clone()
}

pub(super) fn both(list: Json) -> Json {
    json!({"uris": list, "domains": []})
}

pub(super) fn many(count: usize) -> Vec<String> {
    (0..count).map(uri).collect()
}

fn warnings(network: &Network) -> usize {
    network.events.borrow().iter().filter(|event| event["type"] == "warning").count()
}

#[test]
fn an_entry_is_added_and_none_is_lost() {
    let (network, id) = shop(&[uri("old")]);
    let given = change(&network, ALLOW, &id, json!({"uris": [uri(1), uri(1), uri("old")]})).unwrap();
    let held = json!([uri("old"), uri(1)]);
    assert_eq!(uris(&network, &id), held);
    assert_eq!((&given["added"], &given["removed"]), (&both(json!([uri(1)])), &both(json!([]))));
    assert_eq!(given["oAuthApp"], network.app(&id));
    // Only the list that changes is sent. It is read back, and verified a moment later.
    let get = || format!("GET /{id}");
    assert_eq!(network.lines(), [get(), format!("PATCH /{id}"), get(), get()]);
    let sent = network.sent.borrow();
    assert!((500..=1_600).contains(&(sent[3].at - sent[2].at)), "{sent:?}");
    assert_eq!(
        sent[1].body,
        json!({"oAuthApp": {"id": id, "allowedRedirectUris": held}, "mask": {"paths": ["allowedRedirectUris"]}})
    );
}

#[test]
fn an_entry_is_removed_and_no_other() {
    // The client would refuse to add the last one.
    let odd = "http://shop.example.com/callback".to_owned();
    let (network, id) = shop(&[uri(1), uri(2), uri(3), uri(1), odd.clone()]);
    let entries = json!({"uris": [uri(1), odd, "not there"], "domains": [domain("old")]});
    let given = change(&network, DISALLOW, &id, entries).unwrap();
    // An entry that is there twice is removed twice.
    assert_eq!(uris(&network, &id), json!([uri(2), uri(3)]));
    let removed = json!({"uris": [uri(1), odd], "domains": [domain("old")]});
    assert_eq!((&given["removed"], &given["added"]), (&removed, &both(json!([]))));
    assert_eq!(network.app(&id)["allowedRedirectDomains"], json!([]));
}

#[test]
fn entries_are_compared_byte_for_byte() {
    let (network, id) = shop(&[uri(1)]);
    let slash = format!("{}/", uri(1));
    let given = change(&network, ALLOW, &id, json!({"uris": [slash, uri(1)]})).unwrap();
    assert_eq!(given["added"], both(json!([slash])));
    assert_eq!(uris(&network, &id), json!([uri(1), slash]));
}

#[test]
fn no_update_is_sent_if_nothing_changes() {
    for (operation, entries) in [
        (ALLOW, json!({})),
        (ALLOW, json!({"uris": [], "domains": []})),
        (ALLOW, json!({"uris": [uri(1)], "domains": [domain("old")]})),
        (DISALLOW, json!({"uris": [uri(2)]})),
        (DISALLOW, json!({"domains": [domain(2)]})),
    ] {
        let (network, id) = shop(&[uri(1)]);
        let given = change(&network, operation, &id, entries).unwrap();
        assert_eq!(network.lines(), [format!("GET /{id}")]);
        assert_eq!((&given["added"], &given["removed"]), (&both(json!([])), &both(json!([]))));
    }
}

#[test]
fn an_invalid_entry_is_refused_before_anything_is_sent() {
    for (operation, entries, expected) in [
        (
            ALLOW,
            json!({"uris": [uri(1), "http://shop.example.com/cb"]}),
            vec!["uris[1] PLAIN_HTTP -> https://shop.example.com/cb"],
        ),
        (ALLOW, json!({"domains": ["vercel.app"], "uris": "x"}), vec!["domains[0] SHARED_DOMAIN", "uris TYPE"]),
        (ALLOW, json!({"URIs": []}), vec!["URIs UNKNOWN_FIELD -> uris"]),
        (DISALLOW, json!({"uris": [5]}), vec!["uris[0] TYPE"]),
        (DISALLOW, json!([]), vec!["entries TYPE"]),
    ] {
        let (network, id) = shop(&[]);
        let error = change(&network, operation, &id, entries).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::InvalidArgument, operation.as_str(), 0));
        assert_eq!(lines(&error.violations), expected);
        assert!(network.lines().is_empty());
    }
}

#[test]
fn a_doubtful_entry_is_added_with_one_warning() {
    let (network, id) = shop(&[]);
    change(&network, ALLOW, &id, json!({"uris": ["https://shop.example.com"]})).unwrap();
    assert_eq!(warnings(&network), 1);
    // An entry that is there already sends nothing and emits nothing.
    change(&network, ALLOW, &id, json!({"uris": ["https://shop.example.com"]})).unwrap();
    assert_eq!(warnings(&network), 1);
}

#[test]
fn a_list_that_would_be_too_long_is_refused_with_its_content() {
    let (network, id) = shop(&many(19));
    let error = change(&network, ALLOW, &id, json!({"uris": [uri(0), uri(20), uri(21)]})).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::InvalidArgument, "allowRedirects"));
    assert_eq!(lines(&error.violations), ["uris OUT_OF_RANGE"]);
    let start = format!("uris takes at most 20 entries and would have 21; present are {}, ", uri(0));
    assert!(error.message.starts_with(&start) && error.message.ends_with(&uri(18)), "{}", error.message);
    assert_eq!(network.lines(), [format!("GET /{id}")]);
    let error = change(&network, ALLOW, &id, json!({"uris": many(21)})).unwrap_err();
    assert_eq!((lines(&error.violations), network.count("PATCH")), (vec!["uris OUT_OF_RANGE".to_owned()], 0));
    // The twentieth fits, and another one after it is removed.
    change(&network, ALLOW, &id, json!({"uris": [uri(20)]})).unwrap();
    let error = change(&network, ALLOW, &id, json!({"uris": [uri(21)]})).unwrap_err();
    assert_eq!(error.code, Code::InvalidArgument);
    change(&network, DISALLOW, &id, json!({"uris": [uri(0)]})).unwrap();
    change(&network, ALLOW, &id, json!({"uris": [uri(21)]})).unwrap();
    assert_eq!(uris(&network, &id).as_array().unwrap().len(), 20);
    let domains: Vec<String> = (0..20).map(domain).collect();
    let error = change(&network, ALLOW, &id, json!({ "domains": domains })).unwrap_err();
    assert_eq!(lines(&error.violations), ["domains OUT_OF_RANGE"]);
    assert!(error.message.contains(&domain("old")), "{}", error.message);
}

#[test]
fn a_full_list_with_a_duplicate_has_room() {
    let mut held = many(19);
    held.push(uri(0));
    let (network, id) = shop(&held);
    change(&network, ALLOW, &id, json!({"uris": [uri(30)]})).unwrap();
    assert_eq!(uris(&network, &id).as_array().unwrap().len(), 20);
}

#[test]
fn an_update_that_fails_for_good_counts_its_attempts() {
    for (fail, code, attempts) in [(500, Code::ServerError, 3), (403, Code::PermissionDenied, 1)] {
        let (network, id) = shop(&[uri("old")]);
        network.intercept(
            move |network, sent| if sent.line.starts_with("PATCH") { status(fail) } else { network.pass(sent) },
        );
        let error = change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (code, "allowRedirects", attempts));
        assert_eq!(network.count("PATCH"), usize::try_from(attempts).unwrap());
        assert_eq!(uris(&network, &id), json!([uri("old")]));
    }
    let network = Network::new(Options::default());
    for operation in [ALLOW, DISALLOW] {
        let missing = "00000000-0000-4000-8000-000000000000";
        let error = change(&network, operation, missing, json!({"uris": [uri(2)]})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::NotFound, operation.as_str(), 1));
    }
}

#[test]
fn an_app_with_a_malformed_list_is_not_changed() {
    for list in [json!("x"), json!([5]), json!({})] {
        let (network, id) = shop(&[]);
        let app = json!({"id": id, "allowedRedirectUris": list});
        network.intercept(move |_, _| answer(200, json!({ "oAuthApp": app })));
        let error = change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap_err();
        assert_eq!((error.code, network.lines().len()), (Code::BadResponse, 1));
        assert!(error.message.contains("allowedRedirectUris"), "{}", error.message);
    }
    // An absent list is empty.
    let (network, id) = shop(&[]);
    let bare = json!({ "id": id });
    network.intercept(
        move |network, sent| {
            if sent.number == 0 { answer(200, json!({ "oAuthApp": bare })) } else { network.pass(sent) }
        },
    );
    change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap();
    assert_eq!(uris(&network, &id), json!([uri(2)]));
}

#[test]
fn a_failed_read_back_is_reported() {
    let (network, id) = shop(&[]);
    network.intercept(|network, sent| -> Reply {
        if sent.number > 1 && sent.line.starts_with("GET") {
            Failure::NoResponse.into()
        } else {
            network.pass(sent).into()
        }
    });
    let error = change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::BadResponse, "allowRedirects"));
    // A response that is no app, for any step.
    network.intercept(|_, _: &Sent| HttpResponse { body: Body::Empty, ..status(200) });
    let error = change(&network, DISALLOW, &id, json!({"uris": [uri(2)]})).unwrap_err();
    assert_eq!(error.code, Code::BadResponse);
}
