//! The listing of every app, over all pages, while others are created and deleted.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::service::{Apps, Net, Sent, status};
use super::sim::Task;
use super::{answer, value};
use crate::api::{Code, Error};
use crate::client::Client;
use crate::value::Value;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn some_apps(count: usize) -> Rc<RefCell<Apps>> {
    Apps::of((0..count).map(|number| json!({"id": id(number), "name": "Shop"})))
}

fn client() -> Client<Value> {
    Client::new(&value(json!({"auth": {"apiKey": "key"}, "siteId": super::SITE, "rateLimit": false})), None).unwrap()
}

/// Returns the IDs of the listed apps; `between` runs after each page with a new app.
fn list(net: &Rc<Net>, query: Json, mut between: impl FnMut(usize)) -> Result<Vec<String>, Box<Error<Value>>> {
    let client = client();
    let host = net.host();
    let mut listing = client.list(&value(query), &value(json!({})))?;
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
    net.sim.run(vec![Box::pin(all) as Task<'_, Result<(), Box<Error<Value>>>>]).remove(0).expect("it settles")?;
    Ok(ids)
}

fn queries(net: &Net) -> Vec<Json> {
    net.sent.borrow().iter().map(|sent| sent.body["query"].clone()).collect()
}

fn by_offset(apps: &Rc<RefCell<Apps>>) -> Rc<Net> {
    let apps = Rc::clone(apps);
    Net::new(move |sent: &Sent| apps.borrow_mut().answer(sent))
}

#[test]
fn pages_follow_the_cursors_of_the_service() {
    let net = Net::new(|sent: &Sent| {
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
    assert_eq!(list(&net, query, |_| {}).unwrap(), (1..=6).map(id).collect::<Vec<_>>());
    assert_eq!(
        queries(&net),
        [
            json!({"sort": [{"fieldName": "name"}], "cursorPaging": {"limit": 2}}),
            json!({"cursorPaging": {"limit": 2, "cursor": "to-3"}}),
            json!({"cursorPaging": {"limit": 2, "cursor": "to-5"}}),
        ]
    );
}

#[test]
fn a_listing_starts_at_the_cursor_or_offset_of_the_query() {
    let net = Net::new(|_: &Sent| answer(200, json!({"oAuthApps": [{"id": id(1)}]})));
    list(&net, json!({"cursorPaging": {"cursor": "mine"}}), |_| {}).unwrap();
    assert_eq!(queries(&net), [json!({"cursorPaging": {"limit": 100, "cursor": "mine"}})]);

    let apps = some_apps(10);
    let net = by_offset(&apps);
    assert_eq!(
        list(&net, json!({"paging": {"limit": 4, "offset": 3}}), |_| {}).unwrap(),
        (3..10).map(id).collect::<Vec<_>>()
    );
    assert_eq!(queries(&net)[0], json!({"paging": {"limit": 4, "offset": 3}}));
}

#[test]
fn pages_follow_offsets_without_cursors() {
    for count in [0, 1, 49, 50, 51, 99, 100, 250] {
        for query in [json!({}), json!({"paging": {"limit": 7}}), json!({"paging": {"limit": 1}})] {
            let apps = some_apps(count);
            let net = by_offset(&apps);
            let ids = list(&net, query.clone(), |_| {}).unwrap();
            assert_eq!(ids, (0..count).map(id).collect::<Vec<_>>(), "{query}");
        }
    }
}

#[test]
fn a_service_without_paging_metadata_is_read_to_the_end() {
    let apps = some_apps(120);
    let net = Net::new(move |sent: &Sent| {
        let answered = apps.borrow_mut().answer(sent);
        let crate::api::Body::Json(page) = answered.body else { panic!() };
        answer(200, json!({"oAuthApps": serde_json::to_value(page.get("oAuthApps").unwrap()).unwrap()}))
    });
    assert_eq!(list(&net, json!({}), |_| {}).unwrap().len(), 120);
    for count in 0..3 {
        let apps: Vec<Json> = (0..count).map(|number| json!({"id": id(number)})).collect();
        let net = Net::new(move |_: &Sent| answer(200, json!({"oAuthApps": apps})));
        assert_eq!(list(&net, json!({}), |_| {}).unwrap().len(), count);
        assert!(net.sent.borrow().len() <= 10, "{count}");
    }
}

#[test]
fn each_app_that_stays_is_listed_once_while_others_change() {
    // How many of the first apps are deleted, and how many are created before them, after each page.
    for (gone, new) in [(0, 3), (3, 0), (9, 0), (25, 0), (0, 25), (4, 2)] {
        let apps = some_apps(100);
        let net = by_offset(&apps);
        let kept: RefCell<Vec<String>> = RefCell::new((0..100).map(id).collect());
        let ids = list(&net, json!({"paging": {"limit": 10}}), |page| {
            let mut apps = apps.borrow_mut();
            for app in apps.apps.drain(..gone.min(50)) {
                kept.borrow_mut().retain(|id| app["id"] != *id);
            }
            if page <= 5 {
                (0..new).for_each(|at| apps.apps.insert(0, json!({"id": id(1_000 + page * 100 + at)})));
            }
        });
        let ids = ids.unwrap();
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "given twice: {gone} {new}");
        let lost: Vec<_> = kept.borrow().iter().filter(|id| !ids.contains(id)).cloned().collect();
        assert_eq!(lost, [""; 0], "{gone} {new}");
    }
}

#[test]
fn a_service_that_repeats_its_pages_ends_the_listing() {
    let page = |next: &str| json!({"oAuthApps": [{"id": id(1)}], "pagingMetadata": {"cursors": {"next": next}, "hasNext": true}});
    let same = page("same");
    let net = Net::new(move |_: &Sent| answer(200, same.clone()));
    let error = list(&net, json!({}), |_| {}).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::BadResponse, "listOAuthApps"));
    // The cursors differ, the apps do not.
    let count = std::cell::Cell::new(0);
    let net = Net::new(move |_: &Sent| {
        count.set(count.get() + 1);
        answer(200, page(&count.get().to_string()))
    });
    assert_eq!(list(&net, json!({}), |_| {}).unwrap_err().code, Code::BadResponse);
    assert!(net.sent.borrow().len() < 200);
    // The same page for each offset.
    let net =
        Net::new(|_: &Sent| answer(200, json!({"oAuthApps": [{"id": id(1)}], "pagingMetadata": {"hasNext": true}})));
    assert_eq!(list(&net, json!({}), |_| {}).unwrap_err().code, Code::BadResponse);
}

#[test]
fn a_page_that_failed_can_be_requested_again() {
    let apps = some_apps(120);
    let fails = std::cell::Cell::new(0);
    let net = Net::new(move |sent: &Sent| {
        fails.set(fails.get() + 1);
        if fails.get() == 2 { status(403) } else { apps.borrow_mut().answer(sent) }
    });
    let client = client();
    let host = net.host();
    let mut listing = client.list(&value(json!({})), &value(json!({}))).unwrap();
    let mut given = 0;
    let all = async {
        for expected in [Ok(50), Err(Code::PermissionDenied), Ok(69), Ok(1)] {
            let page = client.next_page(&host, &mut listing).await;
            let found = page.map(|apps| apps.map_or(0, |apps| apps.elements().len())).map_err(|error| error.code);
            given += found.unwrap_or_default();
            // With offsets it requests the largest page.
            assert_eq!(found.is_ok(), expected.is_ok());
        }
    };
    net.sim.run(vec![Box::pin(all) as Task<'_, _>]);
    assert_eq!(given, 120);
}

#[test]
fn a_faulty_query_or_option_is_reported_at_once() {
    let client = client();
    let error = client.list(&value(json!({"limit": 5})), &value(json!({}))).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::InvalidArgument, "listOAuthApps"));
    let error = client.list(&value(json!({})), &value(json!({"retries": 5}))).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::Config, "listOAuthApps"));
}
