//! `ensureOAuthApp`: one app, however many times it is wanted.

use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Code, Error, Operation};
use wix_oauth_apps_emulator::Options;

use crate::network::{Network, domain, lines, uri};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Returns the app that most tests want.
fn wanted() -> Json {
    json!({"name": "Shop", "allowedRedirectUris": [uri(1)], "allowedRedirectDomains": [domain(1)]})
}

fn with(mut wanted: Json, name: &str, value: impl Into<Json>) -> Json {
    wanted[name] = value.into();
    wanted
}

fn ensure(network: &Rc<Network>, wanted: Json) -> Result<Json, Box<Error<wix_oauth_apps::value::Value>>> {
    network.perform(&network.client(json!({})), Operation::Ensure, "", wanted)
}

fn writes(network: &Network) -> usize {
    network.creates() + network.count("PATCH") + network.count("DELETE")
}

#[test]
fn an_app_is_created_once_and_then_found() {
    let (network, [_]) =
        Network::with(Options::default(), [json!({"name": "Another", "allowedRedirectUris": [uri(9)]})]);
    let given = ensure(&network, with(wanted(), "description", "New")).unwrap();
    assert_eq!((&given["created"], &given["changed"]), (&json!(true), &json!([])));
    assert_eq!((&given["oAuthApp"]["name"], &given["oAuthApp"]["description"]), (&json!("Shop"), &json!("New")));
    // The secret is only in the response to the create, which is not the last one.
    assert!(given["oAuthApp"]["secret"].is_string(), "{given}");
    let before = network.lines().len();
    let again = ensure(&network, wanted()).unwrap();
    assert_eq!((&again["created"], &again["changed"]), (&json!(false), &json!([])));
    assert_eq!(again["oAuthApp"]["id"], given["oAuthApp"]["id"]);
    // The app is as wanted, so one listing is enough.
    assert_eq!((network.apps().len(), &network.lines()[before..]), (2, &["POST /query".to_owned()][..]));
}

#[test]
fn an_unknown_id_and_other_names_and_entries_match_nothing() {
    let (network, _) = Network::with(
        Options::default(),
        [
            json!({"name": "shop", "allowedRedirectUris": [format!("{}/", uri(1))], "allowedRedirectDomains": [domain(2)]}),
            json!({"name": "Shop 2", "allowedRedirectUris": [uri(2)]}),
        ],
    );
    let given = ensure(&network, with(wanted(), "id", NOBODY)).unwrap();
    assert_eq!(given["created"], true);
    assert_ne!(given["oAuthApp"]["id"], NOBODY);
    assert_eq!(network.apps().len(), 3);
    assert_eq!(network.lines()[..3], [format!("GET /{NOBODY}"), "POST /query".to_owned(), "POST ".to_owned()]);
}

#[test]
fn the_id_takes_precedence_over_the_name_and_the_name_over_an_entry() {
    let by_id = json!({"name": "Elsewhere"});
    let by_uri = json!({"name": "Elsewhere too", "allowedRedirectUris": [uri(0), uri(1)]});
    let by_domain = json!({"name": "Elsewhere again", "allowedRedirectDomains": [domain(0), domain(1)]});
    let by_name = json!({"name": "Shop"});
    for (drafts, id, found, by) in [
        ([&by_id, &by_uri, &by_name], Some(0), 0, "id"),
        ([&by_id, &by_uri, &by_name], Some(9), 2, "name"),
        ([&by_name, &by_uri, &by_id], None, 0, "name"),
        ([&by_id, &by_uri, &by_id], None, 1, "redirect"),
        ([&by_id, &by_domain, &by_id], None, 1, "redirect"),
    ] {
        let (network, ids) = Network::with(Options::default(), drafts.map(Clone::clone));
        let wanted = match id {
            Some(at) => with(wanted(), "id", ids.get(at).map_or(NOBODY, String::as_str)),
            None => wanted(),
        };
        let given = ensure(&network, wanted).unwrap();
        assert_eq!((&given["oAuthApp"]["id"], &given["created"]), (&json!(ids[found]), &json!(false)), "{by}");
        assert_eq!(given["matchedBy"], by);
        // An app that was found by an entry keeps its name.
        assert_eq!(given["oAuthApp"]["name"] == "Shop", by != "redirect");
    }
}

#[test]
fn a_domain_is_found_in_any_form() {
    let draft = json!({"name": "Other", "allowedRedirectDomains": [domain(0), domain(1)]});
    let (network, [id]) = Network::with(Options::default(), [draft]);
    let wanted = json!({"name": "Shop", "allowedRedirectDomains": [format!("https://{}", domain(1))]});
    let given = ensure(&network, wanted).unwrap();
    assert_eq!((&given["oAuthApp"]["id"], &given["changed"]), (&json!(id), &json!([])));
}

#[test]
fn an_app_is_found_on_each_page() {
    let network = Network::new(Options::default());
    let mut ids: Vec<String> = (0..130).map(|at| network.put(json!({"name": format!("App {at}")}))).collect();
    // The order is by descending ID, so that this one is on the second page.
    ids.sort();
    network.write(&ids[0], json!({"name": "Shop"}));
    let given = ensure(&network, json!({"name": "Shop"})).unwrap();
    assert_eq!((&given["oAuthApp"]["id"], &given["created"]), (&json!(ids[0]), &json!(false)));
    assert!(network.count("POST /query") >= 2);
    assert_eq!(network.apps().len(), 130);
}

#[test]
fn an_app_that_is_found_is_changed_as_wanted_and_loses_nothing() {
    let draft = json!({
        "name": "Shop", "description": "Kept", "technology": "VUE", "loginUrl": "https://example.com/login",
        "allowedRedirectUris": [uri(0), uri(1)], "allowedRedirectDomains": [domain(0)],
    });
    let (network, [id]) = Network::with(Options::default(), [draft]);
    let wanted = json!({
        "id": id, "name": "Shop", "description": "Kept", "technology": "REACT", "loginUrl": "https://example.com/login",
        "allowedRedirectUris": [uri(1), uri(2)], "allowedRedirectDomains": [domain(1)],
        "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED", "redirectUrlWixPages": "", "wixPagesDomainsMappings": [],
    });
    let given = ensure(&network, wanted.clone()).unwrap();
    assert_eq!(given["changed"], json!(["allowedRedirectUris", "allowedRedirectDomains", "technology"]));
    let app = network.app(&id);
    assert_eq!(given["oAuthApp"], app);
    assert_eq!(app["allowedRedirectUris"], json!([uri(0), uri(1), uri(2)]));
    assert_eq!(app["allowedRedirectDomains"], json!([domain(0), domain(1)]));
    assert_eq!((&app["technology"], &app["description"]), (&json!("REACT"), &json!("Kept")));
    assert_eq!(network.count("PATCH"), 1);
    // With an ID and without a difference, one get is enough.
    let before = network.lines().len();
    assert_eq!(ensure(&network, wanted).unwrap()["changed"], json!([]));
    assert_eq!(network.lines()[before..], [format!("GET /{id}")]);
}

#[test]
fn mappings_are_equal_in_any_order_of_their_members() {
    let mappings = json!([{"destination": "b", "origin": "a"}]);
    let (network, _) =
        Network::with(Options::default(), [json!({"name": "Shop", "wixPagesDomainsMappings": mappings})]);
    let mapping = |destination: &str| json!({"name": "Shop", "wixPagesDomainsMappings": [{"origin": "a", "destination": destination}]});
    assert_eq!(ensure(&network, mapping("b")).unwrap()["changed"], json!([]));
    assert_eq!(ensure(&network, mapping("c")).unwrap()["changed"], json!(["wixPagesDomainsMappings"]));
}

#[test]
fn several_matches_are_a_conflict_that_lists_them() {
    let named = json!({"name": "Shop"});
    for (drafts, matching, words) in [
        (
            [
                json!({"name": "App A", "allowedRedirectUris": [uri(1)]}),
                json!({"name": "App B", "allowedRedirectDomains": [domain(1)]}),
                json!({"name": "Another"}),
            ],
            2,
            "2 apps share a redirect entry with it, of which ",
        ),
        ([named.clone(), named.clone(), named.clone()], 3, "3 apps have this name, of which "),
    ] {
        let (network, ids) = Network::with(Options::default(), drafts);
        for wanted in [wanted(), with(wanted(), "id", NOBODY)] {
            let error = ensure(&network, wanted).unwrap_err();
            assert_eq!((error.code, error.operation), (Code::Conflict, "ensureOAuthApp"));
            assert!(
                error.message.starts_with(words) && error.message.contains(" is the oldest: "),
                "{}",
                error.message
            );
            for id in &ids[..matching] {
                assert!(error.message.contains(id), "{}", error.message);
            }
        }
        assert_eq!((writes(&network), network.apps().len()), (0, 3));
        // The remedy that the message names.
        assert_eq!(ensure(&network, with(wanted(), "id", &*ids[1])).unwrap()["oAuthApp"]["id"], ids[1]);
    }
}

#[test]
fn a_common_entry_decides_between_apps_of_the_same_name() {
    let (network, ids) = Network::with(
        Options::default(),
        [
            json!({"name": "Shop"}),
            json!({"name": "Shop", "allowedRedirectUris": [uri(1)]}),
            json!({"name": "Other", "allowedRedirectUris": [uri(1)]}),
        ],
    );
    assert_eq!(ensure(&network, wanted()).unwrap()["oAuthApp"]["id"], ids[1]);
}

#[test]
fn simultaneous_calls_create_one_app() {
    let network = Network::new(Options::default());
    let calls = (0..5).map(|at| with(wanted(), "allowedRedirectUris", json!([uri("all"), uri(at)])));
    let outcomes =
        network.perform_all(&network.client(json!({})), calls.map(|call| (Operation::Ensure, "", call)).collect());
    let created: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().unwrap()["created"].clone()).collect();
    assert_eq!(created, [true, false, false, false, false]);
    assert_eq!((network.creates(), network.apps().len()), (1, 1));
    assert_eq!(network.apps()[0]["allowedRedirectUris"].as_array().unwrap().len(), 6);
    // Another app is not the same.
    let calls = ["One", "Two"].map(|name| (Operation::Ensure, "", json!({ "name": name })));
    network.perform_all(&network.client(json!({})), calls.into());
    assert_eq!(network.apps().len(), 3);
}

#[test]
fn simultaneous_changes_of_the_lists_lose_nothing() {
    let (network, [id]) = Network::with(Options::default(), [json!({"name": "Shop"})]);
    let calls = vec![
        (Operation::AllowRedirects, &*id, json!({"uris": [uri(5)]})),
        (Operation::Ensure, "", wanted()),
        (Operation::AllowRedirects, &*id, json!({"uris": [uri(6)], "domains": [domain(6)]})),
        (Operation::Ensure, "", json!({"name": "Shop", "allowedRedirectUris": [uri(7)]})),
    ];
    let outcomes = network.perform_all(&network.client(json!({})), calls);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let app = network.app(&id);
    for (list, entries) in [
        ("allowedRedirectUris", vec![uri(1), uri(5), uri(6), uri(7)]),
        ("allowedRedirectDomains", vec![domain(1), domain(6)]),
    ] {
        let mut held: Vec<&str> = app[list].as_array().unwrap().iter().map(|entry| entry.as_str().unwrap()).collect();
        held.sort_unstable();
        assert_eq!(held, entries);
    }
}

#[test]
fn a_list_that_another_writer_overwrites_is_merged_again() {
    let (network, [id]) = Network::with(Options::default(), [json!({"name": "Shop"})]);
    let (first, written) = (Cell::new(true), id.clone());
    network.intercept(move |network, sent| {
        let answer = network.pass(sent);
        if sent.line.starts_with("PATCH") && first.take() {
            network.write(&written, json!({"allowedRedirectUris": [uri("other")]}));
        }
        answer
    });
    ensure(&network, wanted()).unwrap();
    assert_eq!(network.app(&id)["allowedRedirectUris"], json!([uri("other"), uri(1)]));
}

#[test]
fn all_faults_are_reported_at_once_including_the_id() {
    let network = Network::new(Options::default());
    let many: Vec<String> = (0..21).map(uri).collect();
    for (wanted, expected) in [
        (json!({"id": "x", "nme": "Shop"}), vec!["id FORMAT", "name REQUIRED_FIELD", "nme UNKNOWN_FIELD -> name"]),
        (json!({"name": "Shop", "createdDate": "x"}), vec!["createdDate READ_ONLY"]),
        (json!({"name": "Shop", "secret": "s"}), vec!["secret READ_ONLY"]),
        (json!({"name": "x"}), vec!["name OUT_OF_RANGE"]),
        (json!({"name": "Shop", "allowedRedirectUris": many}), vec!["allowedRedirectUris[20] OUT_OF_RANGE"]),
        (json!("Shop"), vec![" TYPE"]),
    ] {
        let error = ensure(&network, wanted).unwrap_err();
        assert_eq!((error.code, error.operation), (Code::InvalidArgument, "ensureOAuthApp"));
        assert_eq!(lines(&error.violations), expected);
    }
    assert!(network.lines().is_empty());
}

#[test]
fn a_list_that_would_be_too_long_is_refused_under_the_name_of_the_field() {
    let held: Vec<String> = (0..18).map(uri).collect();
    let (network, _) = Network::with(Options::default(), [json!({"name": "Shop", "allowedRedirectUris": held})]);
    let entries = json!([uri(0), uri(97), uri(98), uri(99)]);
    let error =
        ensure(&network, json!({"name": "Shop", "description": "New", "allowedRedirectUris": entries})).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::InvalidArgument, "ensureOAuthApp"));
    assert_eq!(lines(&error.violations), ["allowedRedirectUris OUT_OF_RANGE"]);
    assert!(held.iter().all(|entry| error.message.contains(entry)), "{}", error.message);
    assert_eq!(writes(&network), 0);
}
