//! Changes of redirect lists beside another writer.

use std::cell::Cell;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::Code;

use super::{ALLOW, DISALLOW, both, change, many, shop, shop_with, uris};
use crate::network::{Network, Reply, domain, status, thrown, uri};

/// Has another writer write the list after each of the first updates.
fn add_writer(network: &Network, times: usize, id: &str, list: Json) {
    let (left, id) = (Cell::new(times), id.to_owned());
    network.intercept(move |network, sent| {
        let answer = network.pass(sent);
        if sent.line.starts_with("PATCH") && left.get() > 0 {
            left.set(left.get() - 1);
            network.write(&id, json!({ "allowedRedirectUris": list }));
        }
        answer
    });
}

#[test]
fn an_overwritten_update_is_merged_again() {
    for times in 0..=4 {
        let (network, id) = shop(&[uri(1)]);
        add_writer(&network, times, &id, json!([uri(1), uri(7)]));
        let given = change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap();
        let held = if times == 0 { json!([uri(1), uri(2)]) } else { json!([uri(1), uri(7), uri(2)]) };
        assert_eq!(uris(&network, &id), held);
        assert_eq!((&given["oAuthApp"]["allowedRedirectUris"], &given["added"]), (&held, &both(json!([uri(2)]))));

        let (network, id) = shop(&[uri(1), uri(2)]);
        add_writer(&network, times, &id, json!([uri(1), uri(2), uri(7)]));
        let given = change(&network, DISALLOW, &id, json!({"uris": [uri(2)]})).unwrap();
        assert_eq!(given["removed"], both(json!([uri(2)])));
        assert_eq!(uris(&network, &id), if times == 0 { json!([uri(1)]) } else { json!([uri(1), uri(7)]) });
    }
}

#[test]
fn a_change_that_is_lost_after_it_was_read_back_is_written_again() {
    let writing =
        json!({"allowedRedirectUris": [uri("old"), uri("theirs")], "allowedRedirectDomains": [domain("old")]});
    for (operation, entries) in [
        (ALLOW, json!({"uris": [uri(1)]})),
        (ALLOW, json!({"domains": [domain(1)]})),
        (DISALLOW, json!({"uris": [uri("old")]})),
    ] {
        let (network, id) = shop(&[uri("old")]);
        let (writing, written) = (writing.clone(), id.clone());
        network.intercept(move |network, sent| {
            if sent.number == 3 {
                network.write(&written, writing.clone());
            }
            network.pass(sent)
        });
        let given = change(&network, operation, &id, entries.clone()).unwrap();
        let methods = network.lines().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(methods, ["GET", "PATCH", "GET", "GET", "PATCH", "GET", "GET"]);
        let app = network.app(&id);
        assert_eq!(given["oAuthApp"], app);
        let has = |list: &str, entry: &Json| app[list].as_array().unwrap().contains(entry);
        for (name, list) in [("uris", "allowedRedirectUris"), ("domains", "allowedRedirectDomains")] {
            for entry in entries[name].as_array().into_iter().flatten() {
                assert_eq!(has(list, entry), operation == ALLOW, "{entry}");
            }
        }
        assert!(has("allowedRedirectUris", &json!(uri("theirs"))));
    }
}

#[test]
fn a_writer_that_never_stops_is_a_conflict() {
    let (network, id) = shop(&[uri(1)]);
    add_writer(&network, usize::MAX, &id, json!([uri(1)]));
    let error = change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap_err();
    assert_eq!((error.code, error.operation, error.attempts), (Code::Conflict, "allowRedirects", 8));
    assert!(error.message.contains("another writer"), "{}", error.message);
    assert_eq!(network.count("PATCH"), 8);
    assert_eq!(uris(&network, &id), json!([uri(1)]));
}

#[test]
fn a_writer_that_fills_the_list_is_reported_with_its_content() {
    let (network, id) = shop(&[uri("old")]);
    add_writer(&network, usize::MAX, &id, json!(many(20)));
    let error = change(&network, ALLOW, &id, json!({"uris": [uri("new")]})).unwrap_err();
    assert_eq!(error.code, Code::InvalidArgument);
    assert!(error.message.contains(&uri(19)), "{}", error.message);
    assert_eq!(uris(&network, &id), json!(many(20)));
}

#[test]
fn a_writer_that_deletes_the_app_is_reported_as_not_found() {
    let (network, id) = shop(&[]);
    let deleted = id.clone();
    network.intercept(move |network, sent| {
        let answer = network.pass(sent);
        if sent.line.starts_with("PATCH") {
            network.delete(&deleted);
        }
        answer
    });
    let error = change(&network, ALLOW, &id, json!({"uris": [uri(1)]})).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::NotFound, "allowRedirects"));
}

#[test]
fn a_service_that_stores_another_form_is_not_another_writer() {
    let (network, id) = shop_with(json!({"normalizeRedirects": true}), &[]);
    let given = change(&network, ALLOW, &id, json!({"uris": ["HTTPS://Shop.example.com:443"]})).unwrap();
    assert_eq!(given["oAuthApp"]["allowedRedirectUris"], json!(["https://shop.example.com/"]));
    assert_eq!(network.lines().len(), 4);
}

#[test]
fn the_app_is_read_again_before_an_update_is_repeated() {
    type Fail = fn() -> Reply;
    let fails: [Fail; 4] =
        [|| status(503).into(), || thrown("ECONNRESET").into(), || Reply::Never, || status(429).into()];
    for fail in fails {
        for takes_effect in [false, true] {
            let (network, id) = shop(&[uri(1)]);
            let (first, written) = (Cell::new(true), id.clone());
            network.intercept(move |network, sent| {
                if sent.line.starts_with("PATCH") && first.take() {
                    if takes_effect {
                        network.pass(sent);
                    }
                    // During the wait another writer adds an entry.
                    let mut list = network.app(&written)["allowedRedirectUris"].clone();
                    list.as_array_mut().unwrap().push(json!(uri(7)));
                    network.write(&written, json!({ "allowedRedirectUris": list }));
                    return fail();
                }
                network.pass(sent).into()
            });
            let given = change(&network, ALLOW, &id, json!({"uris": [uri(2)]})).unwrap();
            let mut held = uris(&network, &id).as_array().unwrap().clone();
            held.sort_by_key(ToString::to_string);
            assert_eq!(held, [json!(uri(1)), json!(uri(2)), json!(uri(7))]);
            assert_eq!(given["added"], both(json!([uri(2)])));
            assert_eq!(network.count("PATCH"), if takes_effect { 1 } else { 2 });
        }
    }
}
