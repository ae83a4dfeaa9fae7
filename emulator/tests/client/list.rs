//! `listOAuthApps`: every app, over all pages, on services of each kind, while others are created and deleted.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Code, Error, HttpResponse};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::Options;

use crate::json::{from_json, to_json};
use crate::network::{Network, Sent, answer, status};
use crate::sim::Task;

/// How a service describes its pages.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Paging {
    /// By cursor.
    Cursor,
    /// By offset, with these members of the paging metadata.
    Offset(&'static [&'static str]),
    /// By offset, without paging metadata.
    Bare,
}

const SERVICES: [Paging; 5] = [
    Paging::Cursor,
    Paging::Offset(&["count", "offset", "total", "hasNext"]),
    Paging::Offset(&["hasNext"]),
    Paging::Offset(&["total"]),
    Paging::Bare,
];

/// Returns a network whose service has pages of this kind.
fn service(paging: Paging) -> Rc<Network> {
    let network = Network::new(Options::default());
    network.intercept(move |network, sent| page(network, sent, paging));
    network
}

/// Returns the emulator's response to a query, as a service with pages of this kind would have sent it.
fn page(network: &Network, sent: &Sent, paging: Paging) -> HttpResponse<Value> {
    if paging == Paging::Cursor {
        return network.pass(sent);
    }
    let mut sent = sent.clone();
    // A service without cursors ignores them, and returns the first page.
    if let Some(cursor) = sent.body["query"].as_object_mut().unwrap().remove("cursorPaging") {
        sent.body["query"]["paging"] = json!({ "limit": cursor["limit"] });
    }
    let given = network.pass(&sent);
    let wix_oauth_apps::api::Body::Json(body) = &given.body else { return given };
    let mut body = to_json(body);
    match paging {
        Paging::Offset(names) => {
            body["pagingMetadata"].as_object_mut().unwrap().retain(|name, _| names.contains(&name.as_str()));
        }
        _ => drop(body.as_object_mut().unwrap().remove("pagingMetadata")),
    }
    answer(given.status, body)
}

/// Returns the IDs of the listed apps. `between` runs after each page, with the number of pages before it.
fn list(network: &Rc<Network>, query: Json, mut between: impl FnMut(usize)) -> Result<Vec<String>, Box<Error<Value>>> {
    let client = network.client(json!({}));
    let host = network.host();
    let mut listing = client.list(&from_json(query), &from_json(json!({})))?;
    let mut ids = Vec::new();
    let all = async {
        let mut pages = 0;
        while let Some(apps) = client.next_page(&host, &mut listing).await? {
            assert!(!apps.elements().is_empty());
            ids.extend(apps.elements().iter().map(|app| app.get("id").unwrap().as_str().unwrap().to_owned()));
            pages += 1;
            between(pages);
        }
        // The listing stays at its end.
        assert!(client.next_page(&host, &mut listing).await?.is_none());
        Ok(())
    };
    network.sim.run(vec![Box::pin(all) as Task<'_, Result<(), Box<Error<Value>>>>]).remove(0).expect("it settles")?;
    Ok(ids)
}

fn queries(network: &Network) -> Vec<Json> {
    network.sent.borrow().iter().map(|sent| sent.body["query"].clone()).collect()
}

/// Creates apps, and returns their IDs in the order of the service.
fn create(network: &Network, count: usize) -> Vec<String> {
    let mut ids: Vec<String> = (0..count).map(|at| network.put(json!({"name": format!("App {at}")}))).collect();
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids
}

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[test]
fn every_app_is_listed_once_with_pages_of_any_size() {
    for paging in SERVICES {
        for count in [0, 1, 2, 3, 7, 50, 99, 100, 101, 250] {
            let network = service(paging);
            let ids = create(&network, count);
            for limit in [None, Some(1), Some(2), Some(7), Some(50)] {
                let before = network.sent.borrow().len();
                let query = limit.map_or(json!({}), |limit| json!({"paging": {"limit": limit}}));
                assert_eq!(list(&network, query, |_| {}).unwrap(), ids, "{paging:?} {count} {limit:?}");
                let pages = network.sent.borrow().len() - before;
                // The listing asks again at its end, which is another request if the service does not name the end.
                assert!(pages <= 5 + 2 * count / limit.unwrap_or(100), "{paging:?} {count} {limit:?}: {pages} pages");
            }
        }
    }
}

#[test]
fn pages_follow_the_cursors_of_the_service() {
    let network = Network::new(Options::default());
    network.intercept(|_, sent| {
        let (apps, next) = match sent.body["query"]["cursorPaging"]["cursor"].as_str() {
            None => ([1, 2], json!("to-3")),
            Some("to-3") => ([3, 4], json!("to-5")),
            Some(_) => ([5, 6], json!(null)),
        };
        let apps = apps.map(|number| json!({"id": id(number)}));
        answer(
            200,
            json!({"oAuthApps": apps, "pagingMetadata": {"cursors": {"next": next}, "hasNext": !next.is_null()}}),
        )
    });
    let query = json!({"sort": [{"fieldName": "name"}], "cursorPaging": {"limit": 2}});
    assert_eq!(list(&network, query, |_| {}).unwrap(), (1..=6).map(id).collect::<Vec<_>>());
    assert_eq!(
        queries(&network),
        [
            json!({"sort": [{"fieldName": "name"}], "cursorPaging": {"limit": 2}}),
            json!({"cursorPaging": {"limit": 2, "cursor": "to-3"}}),
            json!({"cursorPaging": {"limit": 2, "cursor": "to-5"}}),
        ]
    );
}

#[test]
fn a_listing_starts_at_the_cursor_or_offset_of_the_query() {
    let network = Network::new(Options::default());
    network.intercept(|_, _| answer(200, json!({"oAuthApps": [{"id": id(1)}]})));
    list(&network, json!({"cursorPaging": {"cursor": "mine"}}), |_| {}).unwrap();
    assert_eq!(queries(&network), [json!({"cursorPaging": {"limit": 100, "cursor": "mine"}})]);

    let network = service(Paging::Cursor);
    let ids = create(&network, 10);
    assert_eq!(list(&network, json!({"paging": {"limit": 4, "offset": 3}}), |_| {}).unwrap(), ids[3..]);
    assert_eq!(queries(&network)[0], json!({"paging": {"limit": 4, "offset": 3}}));
}

#[test]
fn each_app_that_stays_is_listed_once_while_others_change() {
    // How many of the first apps are deleted, and how many are created, after each page.
    for (gone, new) in [(0, 3), (3, 0), (9, 0), (25, 0), (0, 25), (4, 2), (usize::MAX, 0)] {
        for paging in SERVICES {
            let network = service(paging);
            let kept: RefCell<BTreeSet<String>> = RefCell::new(create(&network, 100).into_iter().collect());
            let ids = list(&network, json!({"paging": {"limit": 10}}), |page| {
                for app in network.apps().iter().take(gone) {
                    let id = app["id"].as_str().unwrap();
                    network.delete(id);
                    kept.borrow_mut().remove(id);
                }
                if page <= 5 {
                    create(&network, new);
                }
            });
            let ids = ids.unwrap();
            let once: BTreeSet<&String> = ids.iter().collect();
            assert_eq!(once.len(), ids.len(), "listed twice: {paging:?} {gone} {new}");
            let lost: Vec<_> = kept.borrow().iter().filter(|id| !ids.contains(id)).cloned().collect();
            assert_eq!(lost, [""; 0], "{paging:?} {gone} {new}");
        }
    }
}

#[test]
fn each_app_that_stays_is_listed_once_during_random_changes() {
    for seed in 1..=200_u64 {
        let state = Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let below = |sides: usize| {
            state.set(state.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
            usize::try_from(state.get() >> 33).unwrap() % sides
        };
        for paging in SERVICES {
            let network = service(paging);
            let before = create(&network, below(40));
            let present = RefCell::new(before.clone());
            let gone: RefCell<BTreeSet<String>> = RefCell::default();
            let late: RefCell<BTreeSet<String>> = RefCell::default();
            let ids = list(&network, json!({"paging": {"limit": 1 + below(8)}}), |page| {
                // Changes that never end would never let a service without paging metadata end.
                for _ in 0..if page < 50 { below(4) } else { 0 } {
                    let mut present = present.borrow_mut();
                    if below(2) == 0 && !present.is_empty() {
                        let at = below(present.len());
                        let id = present.swap_remove(at);
                        network.delete(&id);
                        gone.borrow_mut().insert(id);
                    } else {
                        present.extend(create(&network, 1));
                        late.borrow_mut().extend(present.last().cloned());
                    }
                }
            })
            .unwrap();
            let once: BTreeSet<&String> = ids.iter().collect();
            assert_eq!(once.len(), ids.len(), "listed twice: seed {seed}, {paging:?}");
            let (gone, late) = (gone.borrow(), late.borrow());
            assert!(before.iter().all(|id| gone.contains(id) || once.contains(id)), "lost: seed {seed}, {paging:?}");
            assert!(ids.iter().all(|id| before.contains(id) || late.contains(id)), "unknown: seed {seed}, {paging:?}");
        }
    }
}

#[test]
fn a_service_that_repeats_its_pages_ends_the_listing() {
    let page = |next: &str| json!({"oAuthApps": [{"id": id(1)}], "pagingMetadata": {"cursors": {"next": next}, "hasNext": true}});
    let network = Network::new(Options::default());
    let same = page("same");
    network.intercept(move |_, _| answer(200, same.clone()));
    let error = list(&network, json!({}), |_| {}).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::BadResponse, "listOAuthApps"));
    // The cursors differ, the apps do not.
    let network = Network::new(Options::default());
    network.intercept(move |_, sent| answer(200, page(&sent.number.to_string())));
    assert_eq!(list(&network, json!({}), |_| {}).unwrap_err().code, Code::BadResponse);
    assert!(network.sent.borrow().len() < 200);
    // The same page for each offset.
    let network = Network::new(Options::default());
    network.intercept(|_, _| answer(200, json!({"oAuthApps": [{"id": id(1)}], "pagingMetadata": {"hasNext": true}})));
    assert_eq!(list(&network, json!({}), |_| {}).unwrap_err().code, Code::BadResponse);
}

#[test]
fn a_page_that_failed_can_be_requested_again() {
    let network = Network::new(Options::default());
    create(&network, 120);
    network.intercept(move |network, sent| if sent.number == 1 { status(403) } else { network.pass(sent) });
    let client = network.client(json!({}));
    let host = network.host();
    let mut listing = client.list(&from_json(json!({})), &from_json(json!({}))).unwrap();
    let all = async {
        for expected in [Ok(100), Err(Code::PermissionDenied), Ok(20), Ok(0)] {
            let page = client.next_page(&host, &mut listing).await;
            let found = page.map(|apps| apps.map_or(0, |apps| apps.elements().len())).map_err(|error| error.code);
            assert_eq!(found, expected);
        }
    };
    network.sim.run(vec![Box::pin(all) as Task<'_, _>]);
}

#[test]
fn a_faulty_query_or_option_is_reported_at_once() {
    let client = Network::new(Options::default()).client(json!({}));
    let error = client.list(&from_json(json!({"limit": 5})), &from_json(json!({}))).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::InvalidArgument, "listOAuthApps"));
    let error = client.list(&from_json(json!({})), &from_json(json!({"retries": 5}))).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::Config, "listOAuthApps"));
}
